"""Comments, which a rewrite in canonical form would drop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.codec.strict import events
from git_registry.codec.text import Unreadable, read_text
from git_registry.errors import InvalidDocument

# YAML 1.2 §6.6: a comment starts a line or follows white space. Quoted text and block text are cut
# out before this is asked; what looks like a comment there is content.
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, with its `#`, and the line it stands in."""

    line: int
    text: str


def comments(data: bytes) -> tuple[Comment, ...]:
    """Return the comments in a document.

    Raises:
        InvalidDocument: it is not YAML.
    """
    try:
        return tuple(_comments(data))
    except Unreadable as error:
        mistake = error.mistake
        raise InvalidDocument(mistake.message, where=f"line {mistake.line}", hint=mistake.hint) from None


def _comments(data: bytes) -> Iterator[Comment]:
    text = read_text(data)
    if "#" not in text:
        return
    for found in _COMMENT.finditer(_without_scalars(text)):
        yield Comment(text.count("\n", 0, found.start()) + 1, found[0].rstrip())


def _without_scalars(text: str) -> str:
    """Return `text` with every scalar blotted out, so that all `#` left over start comments."""
    kept: list[str] = []
    end = 0
    for event in events(text):
        if type(event).__name__ == "ScalarEvent":
            start = event.start_mark.index
            if event.style in ("|", ">"):  # the line of the | itself may end in a comment
                start = text.find("\n", start)
            kept += [text[end:start], _blotted(text[start : event.end_mark.index])]
            end = event.end_mark.index
    return "".join(kept) + text[end:]


def _blotted(scalar: str) -> str:
    return re.sub(r"[^\n]", "x", scalar)
