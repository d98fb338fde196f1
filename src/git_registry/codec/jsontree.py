r"""JSON (RFC 8259) → the same tree as YAML, for lines of a file list and for metadata files.

YAML 1.2 contains JSON on paper; real YAML parsers refuse tabs between tokens and `\ud83d\ude00`, which
is how `json.dumps` writes an emoji. `NaN`, `Infinity` and `-Infinity`, as Python writes them, are understood.
"""

from __future__ import annotations

import json
from typing import Any

from git_registry.codec.scalars import text_problem
from git_registry.codec.tree import (
    MAX_DEPTH,
    MAX_NODES,
    Listing,
    Literal,
    Mapping,
    Mistake,
    Node,
    Refused,
    Scalar,
    Tree,
)

_CONSTANTS = {
    "NaN": ".nan",
    "Infinity": ".inf",
    "-Infinity": "-.inf",
    None: "null",
    True: "true",
    False: "false",
}


def parse_json(text: str, line: int = 1) -> Tree | None:
    """Return what the JSON `text` says, every part at `line`; None if it is not JSON."""
    building = _Building(line)
    try:
        root = building.node(building.decoder.decode(text))
        depth = _depth(root)
    except json.JSONDecodeError:
        return None
    except RecursionError:
        return Tree(Refused(line), (Mistake(line, f"nested deeper than {MAX_DEPTH} levels"),))
    if depth > MAX_DEPTH:
        building.mistakes.append(Mistake(line, f"nested deeper than {MAX_DEPTH} levels"))
    if building.parts > MAX_NODES:
        building.mistakes.append(Mistake(line, f"more than {MAX_NODES:,} values in one document"))
    return Tree(root, tuple(building.mistakes))


def _depth(node: Node) -> int:
    if isinstance(node, Mapping):
        return 1 + max((_depth(child) for _key, child in node.pairs.values()), default=0)
    return 1 + max(map(_depth, node.items), default=0) if isinstance(node, Listing) else 0


class _Building:
    def __init__(self, line: int) -> None:
        self.line = line
        self.parts = 0
        self.mistakes: list[Mistake] = []
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._mapping,
            parse_int=self._plain,
            parse_float=self._plain,
            parse_constant=lambda word: self._plain(_CONSTANTS[word]),
        )

    def node(self, value: Any) -> Node:  # noqa: ANN401
        self.parts += 1
        if isinstance(value, str):
            problem = text_problem(value)
            if problem:
                self.mistakes.append(Mistake(self.line, problem))
                return Refused(self.line)
            return Scalar(value, plain=False, line=self.line)
        if isinstance(value, list):
            return Listing([self.node(item) for item in value], self.line)
        return self._plain(_CONSTANTS[value]) if value is None or isinstance(value, bool) else value

    def _plain(self, text: str) -> Literal:
        return Literal(text, plain=True, line=self.line)

    def _mapping(self, pairs: list[tuple[str, Any]]) -> Mapping:
        self.parts += len(pairs)
        children: dict[str, tuple[Scalar, Node]] = {}
        for key, value in pairs:
            if key in children:
                self.mistakes.append(Mistake(self.line, f"the key {key!r} is repeated"))
            problem = text_problem(key)
            if problem:
                self.mistakes.append(Mistake(self.line, problem))
            children[key] = (Scalar(key, plain=False, line=self.line), self.node(value))
        return Mapping(children, self.line)
