"""Letters that nobody sees, or that do something to what follows them: they are told, not shown."""

from __future__ import annotations

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""They show as nothing, though Unicode calls them none of its blanks: a name of these is no name."""


def seen(text: str, apart: str = "") -> str:
    """Return a text in which every letter shows; what does not is told by its escape in Python.

    What is `apart` is left as it is.
    """
    if text.isprintable() and (text.isascii() or _BLANK.isdisjoint(text)):
        return text
    return "".join(letter if letter in apart or _is_seen(letter) else _told(letter) for letter in text)


def _is_seen(letter: str) -> bool:
    return letter.isprintable() and letter not in _BLANK


def _told(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")
