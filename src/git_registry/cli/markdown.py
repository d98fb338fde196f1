"""Text that somebody else wrote, in Markdown that others trust: it shows what it is, and does nothing.

A forge tells Ana of `@ana`, hides what stands between arrows, and a letter may turn the reading direction of
what follows. None of that is a stranger's to do in a comment of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from git_registry.wording.letters import seen
from git_registry.wording.sizes import counted

LONGEST = 300
"""Letters of a text that are shown."""

LONGEST_DECISIVE = 5_000
"""Letters of a text that somebody decides by: they are as much as there is room for."""

_ACTIVE = re.compile(
    r"(?P<addressed>[@#!](?=\w)|:(?=//)|(?<=[Ww]{3})(?=\.)|(?<=[Gg][HhLl])(?=-\d))|(?P<tag><)"
    r"|[|`*\[\]~\\$]|&(?=[#\w])|%(?=[\w\"'])|\^(?=\w)|(?<![^\W_])_|_(?![^\W_])|^[-+=>/#]|(?<=^\d)[.)]"
)
"""What a Markdown reader, or a forge after it, takes for more than a letter."""

_APART = "&#8203;"
"""A space of no width: forges look for mentions, issues and addresses after escapes are read."""


def plain(text: str, longest: int = LONGEST) -> str:
    """Return a text that shows as it is, on one line, in a table's cell too; of a long one the beginning."""
    shown = _printed(text)
    shown = shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
    return _ACTIVE.sub(_inactive, shown)


def cut(texts: Iterable[str], longest: int = LONGEST) -> int:
    """Return of how many texts `plain` leaves out the end."""
    return sum(len(_printed(one)) > longest for one in texts)


def _printed(text: str) -> str:
    return seen(text.replace("\n", " ").replace("\t", " "))


def _inactive(found: re.Match[str]) -> str:
    if found["addressed"] is not None:
        return f"{found[0]}{_APART}"
    return "&lt;" if found["tag"] else f"\\{found[0]}"


def left(*, rows: int, ends: int, noun: str = "row") -> str:
    """Return how much of a table there was no room for; empty if it is all there."""
    said = [counted(rows, noun)] if rows else []
    return " and ".join(said + ([f"the end of {counted(ends, 'cell')}"] if ends else []))
