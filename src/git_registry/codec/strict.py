"""Strict YAML: text → tree, refusing everything a registry document has no use for (DESIGN §3.1).

Anchors, aliases, tags, merge keys, complex and repeated keys, several documents, directives and tabs are
mistakes. The parser's events are taken one by one and nothing is constructed, so
a bomb is refused at its first alias, and 100,000 open brackets at the seventeenth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeAlias

from git_registry.codec.scalars import text_problem
from git_registry.codec.text import Unreadable, line_at
from git_registry.codec.tree import (
    MAX_DEPTH,
    MAX_NODES,
    Listing,
    Mapping,
    Mistake,
    Node,
    Refused,
    Scalar,
    Tree,
)

Event: TypeAlias = Any
"""A `yaml.Event`. The stubs let every mark be None; from a parser none is."""

_MERGE_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_TAB = ("a tab", "indent with spaces; in text write \\t, in double quotes")
_MOST_MISTAKES = 100


class _Parser(Protocol):
    def get_event(self) -> Event | None: ...


def parse_yaml(text: str) -> Tree:
    """Return what `text` says, whatever form it is in.

    Raises:
        Unreadable: it is not YAML, too deep, or has too many parts.
    """
    return _Builder(text).document()


def events(text: str) -> Iterator[Event]:
    """Yield the parser's events for `text`.

    Raises:
        Unreadable: it is not YAML.
    """
    # Imported at the first use: canonical documents are read without it (`codec.shortcut`).
    import yaml

    try:
        get_event = _parser(text).get_event
        while (event := get_event()) is not None:
            yield event
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise _syntax_error(text, error) from None


def _parser(text: str) -> _Parser:
    try:
        from yaml._yaml import CParser
    except ImportError:  # PyYAML was built without libyaml: eight times slower, same answers
        from yaml import BaseLoader

        return BaseLoader(text)
    return CParser(text)


class _Builder:
    """Turns the events of one text into a tree, and remembers what is wrong with it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.events = events(text)
        self.mistakes: list[Mistake] = []
        self.nodes = 0

    def document(self) -> Tree:
        root: Node | None = None
        for event in self.events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                if root is not None:
                    raise Unreadable(_line(event), "more than one document in the file")
                self._refuse_directives(event)
            elif name in _BUILD:
                root = _BUILD[name](self, event, 1)
        if root is None:
            raise Unreadable(1, "the document is empty")
        if "\t" in self.text:
            self.mistake(line_at(self.text, self.text.index("\t")), *_TAB)
        return Tree(root, tuple(self.mistakes))

    def mistake(self, line: int, message: str, hint: str = "") -> None:
        if len(self.mistakes) < _MOST_MISTAKES:
            self.mistakes.append(Mistake(line, message, hint))

    def _refuse_directives(self, event: Event) -> None:
        # The pure Python parser skips a directive it does not know, so look at the text.
        if any(line.startswith("%") for line in self.text[: event.end_mark.index].splitlines()):
            self.mistake(_line(event), "directives such as %YAML are not allowed", "remove the % line")

    def _node(self, event: Event, depth: int) -> Node:
        return _BUILD[type(event).__name__](self, event, depth)

    def _enter(self, event: Event, depth: int) -> int:
        """Count one more node and return its line."""
        line = _line(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise Unreadable(line, f"more than {MAX_NODES:,} values in one document")
        if depth > MAX_DEPTH:
            raise Unreadable(line, f"nested deeper than {MAX_DEPTH} levels")
        if event.anchor is not None:
            self.mistake(line, f"anchors are not allowed: &{event.anchor}", "write the value out")
        # The tag `!` on a scalar is dropped by the parsers, but not from the text.
        if getattr(event, "tag", None) is not None or self.text.startswith("!", event.start_mark.index):
            self.mistake(line, "tags such as !!str are not allowed", "quote what is text")
        return line

    def _alias(self, event: Event, _depth: int) -> Refused:
        line = _line(event)
        self.mistake(line, f"aliases are not allowed: *{event.anchor}", "write the value out, or quote it")
        return Refused(line)

    def _scalar(self, event: Event, _depth: int) -> Node:
        line = self._enter(event, depth=1)
        text: str = event.value
        problem = text_problem(text)
        if problem:
            self.mistake(line, problem)
            return Refused(line)
        return Scalar(text, not event.style, line)

    def _list(self, event: Event, depth: int) -> Listing:
        line = self._enter(event, depth)
        items: list[Node] = []
        for inner in self.events:
            if type(inner).__name__ == "SequenceEndEvent":
                break
            items.append(self._node(inner, depth + 1))
        return Listing(items, line)

    def _mapping(self, event: Event, depth: int) -> Mapping:
        line = self._enter(event, depth)
        pairs: dict[str, tuple[Scalar, Node]] = {}
        for inner in self.events:
            if type(inner).__name__ == "MappingEndEvent":
                break
            key = self._node(inner, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if isinstance(key, Scalar):
                self._add(pairs, key, value)
            elif not isinstance(key, Refused):
                self.mistake(key.line, f"{key.what} as a key", "a key is text")
        return Mapping(pairs, line)

    def _add(self, pairs: dict[str, tuple[Scalar, Node]], key: Scalar, value: Node) -> None:
        if key.plain and key.text == "<<":
            self.mistake(key.line, "merge keys << are not allowed", "write the fields out")
        elif key.text in pairs:
            first = pairs[key.text][0].line
            self.mistake(key.line, f"the key {key.text!r} is repeated; it stands in line {first} already")
        else:
            pairs[key.text] = (key, value)


# By name, so that this module can be imported without PyYAML.
_BUILD: dict[str, Callable[..., Node]] = {
    "AliasEvent": _Builder._alias,
    "ScalarEvent": _Builder._scalar,
    "SequenceStartEvent": _Builder._list,
    "MappingStartEvent": _Builder._mapping,
}


def _line(event: Event) -> int:
    line: int = event.start_mark.line
    return line + 1


def _syntax_error(text: str, error: Exception) -> Unreadable:
    conflict = _MERGE_CONFLICT.search(text)
    if conflict:
        line = line_at(text, conflict.start())
        return Unreadable(line, "Git's merge conflict markers are still in the file", "resolve the conflict")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    line = mark.line + 1 if mark else 1
    if "cannot start any token" in problem and "\t" in text:
        return Unreadable(line, *_TAB)
    hint = "quote text that holds ': '" if "mapping values are not allowed" in problem else ""
    return Unreadable(line, f"not valid YAML: {problem}", hint)
