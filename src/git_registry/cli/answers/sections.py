"""Sections as text for a terminal, and as Markdown that is no longer than a forge takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from git_registry.cli.columns import whole
from git_registry.cli.markdown import LONGEST, LONGEST_DECISIVE, cut, left, plain
from git_registry.cli.output import cell
from git_registry.wording.sections import Section
from git_registry.wording.sizes import counted

_LONGEST_TITLE = 120


def text(section: Section) -> Iterator[str]:
    """Yield a section's lines for a terminal or a log."""
    yield from ("", cell(section.title))
    for line in whole([section.header, *([cell(one) for one in row] for row in section.rows)]):
        yield f"  {line}"
    if section.remark:
        yield f"  {cell(section.remark)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Sections as Markdown, as many as there is room for.

    Attributes:
        rows, sections: how many were left out.
        ends: how many cells are there without their end.
    """

    lines: tuple[str, ...]
    rows: int = 0
    sections: int = 0
    ends: int = 0

    @property
    def left_out(self) -> str:
        """Return what was left out, in words; empty if all is there."""
        said = [counted(self.sections, "section")] if self.sections else []
        return " and ".join([*filter(None, [left(rows=self.rows, ends=self.ends)]), *said])


def fitted(sections: Sequence[Section], *, most: int, share: int) -> Fitted:
    """Return sections in so many bytes: each that is no detail has its share, details have what remains.

    What they leave goes to those that had not enough. A row that is too long is left out alone, so that
    nobody hides others behind it.
    """
    found: dict[int, Fitted] = {}
    for place in sorted(range(len(sections)), key=lambda place: sections[place].is_detail):
        found[place] = _fitted(sections[place], most if sections[place].is_detail else min(share, most))
        most -= _size(found[place].lines)
    for place in [place for place, one in found.items() if one.rows]:
        most += _size(found[place].lines)
        found[place] = _fitted(sections[place], most)
        most -= _size(found[place].lines)
    each = [found[place] for place in range(len(sections))]
    return Fitted(
        lines=tuple(line for one in each for line in one.lines),
        rows=sum(one.rows for one in each),
        sections=sum(one.sections for one in each),
        ends=sum(one.ends for one in each),
    )


def _fitted(section: Section, most: int) -> Fitted:
    above, rows, below = _markdown(section)
    room = most - _size([*above, *below, "", _more(len(rows))])
    kept, ends = [], 0
    for row, line in zip(section.rows, rows, strict=True):
        if _size([line]) <= room:
            kept.append(line)
            ends += cut(row, _longest(section))
            room -= _size([line])
    left_out = len(rows) - len(kept)
    if not kept:
        return Fitted(lines=(), rows=left_out, sections=1)
    more = ["", _more(left_out)] if left_out else []
    return Fitted(lines=(*above, *kept, *more, *below), rows=left_out, ends=ends)


def _markdown(section: Section) -> tuple[list[str], list[str], list[str]]:
    """Return the lines above the rows, the rows, and those below."""
    title = section.title if len(section.title) <= _LONGEST_TITLE else f"{section.title[:_LONGEST_TITLE]}…"
    above = ["", f"**{plain(title)}**", ""]
    above += [f"| {' | '.join(map(plain, section.header))} |", f"|{'---|' * len(section.header)}"]
    longest = _longest(section)
    rows = [f"| {' | '.join(plain(cell, longest) for cell in row)} |" for row in section.rows]
    return above, rows, ["", plain(section.remark)] if section.remark else []


def _longest(section: Section) -> int:
    return LONGEST_DECISIVE if section.is_decisive else LONGEST


def _more(rows: int) -> str:
    return f"and {counted(rows, 'more row')}"


def _size(lines: Iterable[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)
