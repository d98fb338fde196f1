"""Bytes → text: how large a document may be, and which characters it may hold."""

from __future__ import annotations

import re

from git_registry.codec.tree import MAX_BYTES, Mistake

# Raw, not escaped. U+0085, U+2028 and U+2029 end a line in YAML 1.1 and don't in 1.2 (§5.4).
_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)"


class Unreadable(Exception):
    """No tree can be had from this text; raised inside the codec only."""

    def __init__(self, line: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.mistake = Mistake(line, message, hint)


def read_text(data: bytes) -> str:
    """Return `data` as text if its size and characters are those of a document.

    Raises:
        Unreadable: they are not.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(1, f"larger than {MAX_BYTES // 1024} KiB: {len(data)} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(data[: error.start].count(b"\n") + 1, f"not UTF-8: {error.reason}") from None
    found = None if text.replace("\n", " ").isprintable() else re.search(_FORBIDDEN, text)
    if found:
        raise Unreadable(line_at(text, found.start()), *_about_character(found[0]))
    return text


def line_at(text: str, index: int) -> int:
    """Return the number of the line that a character is in."""
    return text.count("\n", 0, index) + 1


def _about_character(character: str) -> tuple[str, str]:
    if character == "\ufeff":
        return "a byte order mark", "save the file as UTF-8 without BOM"
    if character == "\r":
        return "a carriage return without a line feed", "end lines with a line feed"
    return f"the control character U+{ord(character):04X}", "in text write it as an escape, in double quotes"
