"""Text that somebody else wrote, in Markdown that others trust: it shows what it is, and does nothing.

A forge tells Ana of `@ana`, hides what stands between arrows, and a letter may turn the reading direction of
what follows. None of that is a stranger's to do in a comment of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from git_registry.cli.sizes import counted

_LONGEST = 300
_ACTIVE = re.compile(r"[&<>|`*_\[\]#@!~\\$^\"']|:(?=//)|(?<=[Ww])\.|^[-+=\d]")
_ADDRESSED = "@#!"
"""What makes a link of the word that follows, even where it is written as an entity."""


def plain(text: str) -> str:
    """Return a text that shows as it is, on one line, in a table's cell too."""
    shown = "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)
    shown = shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
    return _ACTIVE.sub(lambda found: _entity(found[0]), shown)


def _escaped(letter: str) -> str:
    return " " if letter in "\n\t" else letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def _entity(letter: str) -> str:
    # No word stands right behind it then: forges look for mentions after entities are read.
    apart = "&#8203;" if letter in _ADDRESSED else ""
    return f"&#{ord(letter)};{apart}"


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
