"""Trees → documents: every field is checked against the table, and every mistake is told, not the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from git_registry.codec import scalars
from git_registry.codec.problems import At, Problems
from git_registry.codec.table import (
    Count,
    Flag,
    Free,
    Hash,
    ListOf,
    MapOf,
    Measure,
    RecordOf,
    Shape,
    Text,
    fields_of,
)
from git_registry.codec.tree import FORMAT, Listing, Mapping, Mistake, Node, Refused, Scalar, Tree
from git_registry.errors import InvalidDocument
from git_registry.model.digest import Digest
from git_registry.model.documents.record import Document, Record, Value

D = TypeVar("D", bound=Document)
R = TypeVar("R", bound=Record)

_WRONG: Any = object()
"""Instead of a value that could not be had; the mistake is already told."""


class Decoding:
    """One reading of one text: whether it is strict, and what was wrong so far."""

    def __init__(self, where: str, *, strict: bool) -> None:
        self.where = where
        self.strict = strict
        self.problems = Problems()

    def document(self, kind: type[D], tree: Tree) -> D:
        """Return the document that `tree` holds.

        Raises:
            InvalidDocument: with every mistake found.
        """
        if isinstance(tree.root, Mapping):
            self._check_format(tree.root)
        self.told(tree.mistakes)
        document = self.record(kind, tree.root, None, ignored="format")
        self.problems.done()
        return document

    def told(self, mistakes: Iterable[Mistake]) -> None:
        """Take over what was already wrong with the text."""
        for mistake in mistakes:
            self.problem(mistake.line, None, mistake.message, mistake.hint)

    def problem(self, line: int, at: At, message: str, hint: str = "") -> Any:  # noqa: ANN401
        """Remember a mistake; return what stands for the value that could not be had."""
        self.problems.add(f"{self.where}:{line}" if self.where else f"line {line}", at, message, hint)
        return _WRONG

    def record(self, kind: type[R], node: Node, at: At, *, ignored: str | None = None) -> R:
        """Return the record at `node`, or a stand-in after telling what is wrong with it."""
        if not isinstance(node, Mapping):
            return self._expected("a mapping", node, at)  # type: ignore[no-any-return]
        known = fields_of(kind)
        before = self.problems.count
        values: dict[str, Any] = {}
        extra: dict[str, Value] = {}
        for name, (key, child) in node.pairs.items():
            field = known.get(name)
            if field is not None:
                values[name] = self.read(field.shape, child, (at, name))
            elif name != ignored:
                extra[name] = self._unknown(key, child, (at, name), known)
        for field in known.values():
            if field.required and field.name not in values:
                self.problem(node.line, (at, field.name), f"the field is missing: {field.shape.what}")
        if self.problems.count > before:
            return _WRONG  # type: ignore[no-any-return]
        record = kind(**values, extra=extra)
        for name, problem in record.problems():
            line = node.pairs[name][0].line if name in node.pairs else node.line
            self.problem(line, (at, name) if name else at, problem)
        return record

    def read(self, shape: Shape, node: Node, at: At) -> Any:  # noqa: ANN401
        """Return the value of this shape at `node`, or a stand-in after telling what is wrong."""
        return _READ[type(shape)](self, shape, node, at)

    def value(self, node: Node, at: At) -> Value:
        """Return what `node` means where any value may stand."""
        if isinstance(node, Scalar):
            return scalars.value_of(node.text) if node.plain else node.text
        if isinstance(node, Listing):
            return [self.value(item, (at, i)) for i, item in enumerate(node.items)]
        if isinstance(node, Mapping):
            return {name: self.value(self._keyed(pair, at), (at, name)) for name, pair in node.pairs.items()}
        return None

    def _keyed(self, pair: tuple[Scalar, Node], at: At) -> Node:
        """Return the value of a pair whose key is free, after checking that key."""
        key, value = pair
        if key.plain and not isinstance(scalars.value_of(key.text), str):
            self.problem(key.line, at, f"the key {key.text} is not text", f'write "{key.text}"')
        problem = scalars.key_problem(key.text)
        if problem:
            self.problem(key.line, at, problem)
        return value

    def _check_format(self, root: Mapping) -> None:
        if "format" not in root.pairs:
            self.problem(root.line, (None, "format"), "the field is missing", "write `format: 1` first")
            return
        node = root.pairs["format"][1]
        line, at = node.line, (None, "format")
        version = self.value(node, at)
        if not isinstance(version, int) or isinstance(version, bool) or version < FORMAT:
            self.problem(line, at, f"expected {FORMAT}", "write `format: 1` first")
        elif version > FORMAT:
            # A newer format may be anything, so nothing else in it is a mistake.
            self.problem(
                line,
                at,
                f"format {version} was written by a newer version",
                "upgrade git-registry to read it",
            )
            self.problems.done()

    def _unknown(self, key: Scalar, node: Node, at: At, known: Iterable[str]) -> Value:
        if self.strict:
            self.problem(key.line, at, f"unknown field {key.text!r}", _nearest(key.text, known))
        assert at is not None
        return self.value(self._keyed((key, node), at[0]), at)

    def _expected(self, what: str, node: Node, at: At, hint: str = "") -> Any:  # noqa: ANN401
        if isinstance(node, Refused):
            self.problems.count += 1  # it was told when the text was parsed
            return _WRONG
        found = repr(node.text[:80]) if isinstance(node, Scalar) else node.what
        return self.problem(node.line, at, f"expected {what}, found {found}", hint)

    def _text(self, shape: Text, node: Node, at: At) -> Any:  # noqa: ANN401
        if type(node) is not Scalar:
            return self._expected(shape.what, node, at)
        problem = shape.rule.problem(node.text)
        return self.problem(node.line, at, problem, shape.rule.hint(node.text)) if problem else node.text

    def _hash(self, shape: Hash, node: Node, at: At) -> Any:  # noqa: ANN401
        if type(node) is not Scalar:
            return self._expected(shape.what, node, at)
        try:
            return Digest.parse(node.text)
        except InvalidDocument as error:
            return self.problem(node.line, at, error.message, error.hint)

    def _count(self, shape: Count, node: Node, at: At) -> Any:  # noqa: ANN401
        value = self._plain(node)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        return self._expected(shape.what, node, at, _unquoted(node))

    def _flag(self, shape: Flag, node: Node, at: At) -> Any:  # noqa: ANN401
        value = self._plain(node)
        return value if isinstance(value, bool) else self._expected(shape.what, node, at, _unquoted(node))

    def _measure(self, shape: Measure, node: Node, at: At) -> Any:  # noqa: ANN401
        value = self._plain(node)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        return self._expected(shape.what, node, at, _unquoted(node))

    def _free(self, _shape: Free, node: Node, at: At) -> Any:  # noqa: ANN401
        return self.value(node, at)

    def _list(self, shape: ListOf, node: Node, at: At) -> Any:  # noqa: ANN401
        if not isinstance(node, Listing):
            return self._expected(shape.what, node, at, "write [] or leave the field out if there are none")
        return tuple([self.read(shape.item, item, (at, i)) for i, item in enumerate(node.items)])

    def _map(self, shape: MapOf, node: Node, at: At) -> Any:  # noqa: ANN401
        if not isinstance(node, Mapping):
            return self._expected(shape.what, node, at, "write {} or leave the field out if there are none")
        values = {}
        for name, (key, child) in node.pairs.items():
            if shape.key is None:
                self._keyed((key, child), at)
            else:
                self._text(shape.key, key, at)
            shown = "…" if shape.key and shape.key.rule.secret and shape.key.rule.problem(name) else name
            values[name] = self.read(shape.item, child, (at, shown))
        return values

    def _record(self, shape: RecordOf, node: Node, at: At) -> Any:  # noqa: ANN401
        return self.record(shape.record, node, at)

    @staticmethod
    def _plain(node: Node) -> Value:
        return scalars.value_of(node.text) if isinstance(node, Scalar) and node.plain else None


def _unquoted(node: Node) -> str:
    quoted_number = isinstance(node, Scalar) and not node.plain and scalars.value_of(node.text) != node.text
    return "leave the quotes out" if quoted_number else ""


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known) or 'nothing'}"


_READ: dict[type[Shape], Callable[[Decoding, Any, Node, At], Any]] = {
    Text: Decoding._text,
    Hash: Decoding._hash,
    Count: Decoding._count,
    Flag: Decoding._flag,
    Measure: Decoding._measure,
    Free: Decoding._free,
    ListOf: Decoding._list,
    MapOf: Decoding._map,
    RecordOf: Decoding._record,
}
