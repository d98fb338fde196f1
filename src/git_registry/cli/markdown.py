"""Text that somebody else wrote, in Markdown that others trust: it shows what it is, and does nothing.

A forge tells Ana of `@ana`, hides what stands between arrows, and a letter may turn the reading direction of
what follows. None of that is a stranger's to do in a comment of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from git_registry.cli.sizes import counted

_LONGEST = 300
_ACTIVE = re.compile(
    r"(?P<addressed>[@#!](?=\w)|:(?=//)|(?<=[Ww]{3})(?=\.)|(?<=[Gg][HhLl])(?=-\d))|(?P<tag><)"
    r"|[|`*\[\]~\\$]|&(?=[#\w])|%(?=[\w\"'])|\^(?=\w)|(?<![^\W_])_|_(?![^\W_])|^[-+=>/#]|(?<=^\d)[.)]"
)
"""What a Markdown reader, or a forge after it, takes for more than a letter."""

_APART = "&#8203;"
"""A space of no width: forges look for mentions, issues and addresses after escapes are read."""


def plain(text: str) -> str:
    """Return a text that shows as it is, on one line, in a table's cell too."""
    shown = "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return _ACTIVE.sub(_inactive, shown)


def _escaped(letter: str) -> str:
    return " " if letter in "\n\t" else letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def _inactive(found: re.Match[str]) -> str:
    if found["addressed"] is not None:
        return f"{found[0]}{_APART}"
    return "&lt;" if found["tag"] else f"\\{found[0]}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, most: int) -> Iterator[str]:
    """Yield the lines of a table; the header is ours, and every cell is somebody else's.

    Its rows have at most so many bytes as they are written; how many were left out is said below.
    """
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    left_out = 0
    for row in rows:
        line = f"| {' | '.join(map(plain, row))} |"
        most -= len(line.encode()) + 1
        if most < 0:
            left_out += 1
        else:
            yield line
    if left_out:
        yield from ("", f"and {counted(left_out, 'more row')}")
