"""The shortcut: text in canonical form → tree, line by line, without a YAML parser.

Nearly every document was written by `codec.canonical`. Reading one this way takes a third of the time,
and spares a short command the import of PyYAML. Whatever is not plainly in that form gives None, and the
parser decides; a test holds the two against each other, on documents and on mutilated ones.
"""

from __future__ import annotations

import re

from git_registry.codec.scalars import HIDDEN, LONGEST_KEY, is_plain
from git_registry.codec.tree import MAX_DEPTH, MAX_NODES, Listing, Mapping, Node, Scalar, Tree

# No NUL and no surrogates: those are mistakes, which the parser's way tells.
_STRING = r'"(?:[^"\\]|\\["\\bfnrt]|\\u(?!0000|[dD])[0-9a-fA-F]{4})*"'
_QUOTED = re.compile(_STRING)
# Words that are plain for every reader, one space apart: a subset of what `scalars.is_plain` allows, where no
# character is hidden. That was asked about the whole text: as a part of each word it takes long to compile.
_REST = r"""[^\s,\[\]{}?:"#]"""
_FIRST = rf"""(?:-(?={_REST})|[^\s,\[\]{{}}?:"#&*!|>'%@`-])"""
_TOKEN = re.compile(rf"[{{}}\[\]]|, |: |{_STRING}|{_FIRST}{_REST}*(?: {_REST}+)*")
_KNOWN = re.compile(r"([a-z_]+):(?: (.+))?")


class _NotCanonical(Exception):
    """Not in canonical form, or not surely."""


def read_canonical(text: str) -> Tree | None:
    """Return what `text` says; None if it is not plainly in canonical form."""
    if not text.endswith("\n") or _has_hidden(text):
        return None
    try:
        return Tree(_Lines(text[:-1].split("\n")).document())
    except (_NotCanonical, IndexError):
        return None


def _has_hidden(text: str) -> bool:
    """Is there a character, besides the ends of lines, that the writer would have written as an escape?"""
    content = text.replace("\n", " ")
    return not content.isprintable() and bool(re.search(HIDDEN, content))


class _Lines:
    """The lines of one text, and how far they have been read."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.next = 0
        self.parts = 1

    def document(self) -> Mapping:
        root = self._mapping("", depth=1)
        if self.next < len(self.lines) or self.parts > MAX_NODES:
            raise _NotCanonical
        return root

    def _mapping(self, indent: str, depth: int) -> Mapping:
        node = Mapping({}, self.next + 1)
        while (line := self._line_at(indent)) is not None:
            number = self.next + 1
            key, value = _split(line, number)
            if key.text in node.pairs or not _is_key(key):
                raise _NotCanonical
            self.next += 1
            self.parts += 1
            child = self._value(value, number, depth + 1) if value else self._children(indent, depth + 1)
            node.pairs[key.text] = (key, child)
        return node

    def _list(self, indent: str, depth: int) -> Listing:
        node = Listing([], self.next + 1)
        while (line := self._line_at(indent)) is not None:
            if not line.startswith("- "):
                raise _NotCanonical
            self.next += 1
            node.items.append(self._value(line[2:], self.next, depth + 1))
        return node

    def _children(self, indent: str, depth: int) -> Node:
        """Return what stands under a key that ended its line, two spaces further in."""
        inner = indent + "  "
        first = self._line_at(inner)
        if first is None or depth > MAX_DEPTH:
            raise _NotCanonical
        self.parts += 1
        return self._list(inner, depth) if first.startswith("- ") else self._mapping(inner, depth)

    def _line_at(self, indent: str) -> str | None:
        """Return the next line without this indentation; None if it belongs further out."""
        line = self.lines[self.next] if self.next < len(self.lines) else None
        if line is None or not line.startswith(indent):
            return None
        if line.startswith(" ", len(indent)):
            raise _NotCanonical
        return line[len(indent) :]

    def _value(self, text: str, line: int, depth: int) -> Node:
        if text[:1] not in ("{", "["):
            self.parts += 1
            return _scalar(text, line)
        flow = _Flow(text, line)
        node = flow.value(depth)
        if flow.next < len(flow.tokens):
            raise _NotCanonical
        self.parts += len(flow.tokens)
        return node


class _Flow:
    """The tokens of one value in flow style, and how far they have been read. IndexError at their end."""

    def __init__(self, text: str, line: int) -> None:
        self.tokens: list[str] = _TOKEN.findall(text)
        self.line = line
        self.next = 0
        if sum(map(len, self.tokens)) != len(text):
            raise _NotCanonical

    def value(self, depth: int) -> Node:
        token = self._take()
        if token not in ("{", "["):
            return self._scalar(token)
        if depth > MAX_DEPTH:
            raise _NotCanonical
        return self._mapping(depth) if token == "{" else self._list(depth)  # noqa: S105

    def _mapping(self, depth: int) -> Mapping:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        more = self._more("}", empty=True)
        while more:
            key = self._scalar(self._take())
            if self._take() != ": " or key.text in pairs or not _is_key(key):
                raise _NotCanonical
            pairs[key.text] = (key, self.value(depth + 1))
            more = self._more("}")
        return Mapping(pairs, self.line)

    def _list(self, depth: int) -> Listing:
        items: list[Node] = []
        more = self._more("]", empty=True)
        while more:
            items.append(self.value(depth + 1))
            more = self._more("]")
        return Listing(items, self.line)

    def _more(self, end: str, *, empty: bool = False) -> bool:
        """Step over the end or the comma; is there another entry?"""
        token = self.tokens[self.next]
        if empty and token != end:
            return True
        self.next += 1
        if token not in (", ", end):
            raise _NotCanonical
        return token != end

    def _take(self) -> str:
        token = self.tokens[self.next]
        self.next += 1
        return token

    def _scalar(self, token: str) -> Scalar:
        if token.startswith('"'):
            return _quoted(token, self.line)
        if token in _PUNCTUATION:
            raise _NotCanonical
        return Scalar(token, True, self.line)  # noqa: FBT003


_PUNCTUATION = frozenset({"{", "}", "[", "]", ", ", ": "})


def _split(line: str, number: int) -> tuple[Scalar, str]:
    """Return a line's key and the text behind it, which is empty where the key ends the line."""
    known = _KNOWN.fullmatch(line)
    if known:
        return Scalar(known[1], True, number), known[2] or ""  # noqa: FBT003
    quoted = _QUOTED.match(line)
    if quoted:
        key, rest = quoted[0], line[quoted.end() :]
    else:
        key, colon, rest = line.partition(": ")
        key, rest = (key, colon + rest) if colon else (line[:-1], line[-1:])
    if rest != ":" and (not rest.startswith(": ") or rest == ": "):
        raise _NotCanonical
    return _scalar(key, number), rest[2:]


def _is_key(key: Scalar) -> bool:
    return len(key.text) <= LONGEST_KEY and not (key.plain and key.text == "<<")


def _scalar(text: str, line: int) -> Scalar:
    if text.startswith('"'):
        if not _QUOTED.fullmatch(text):
            raise _NotCanonical
        return _quoted(text, line)
    if not text or not is_plain(text, inline=False):
        raise _NotCanonical
    return Scalar(text, plain=True, line=line)


def _quoted(text: str, line: int) -> Scalar:
    return Scalar(_unescaped(text) if "\\" in text else text[1:-1], plain=False, line=line)


def _unescaped(text: str) -> str:
    import json  # hardly any text has an escape

    return str(json.loads(text))
