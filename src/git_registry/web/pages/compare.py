"""Versions side by side: what differs between them, or all there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from git_registry.errors import NotFound, RegistryError, UsageError
from git_registry.index.numbers import at_hand
from git_registry.sdk import comparing
from git_registry.web.addresses import COMPARE, HOME, PROJECTS, Address, of
from git_registry.web.here import require_here
from git_registry.web.page import Crumb, Page
from git_registry.wording.lines import FILES, Line, lines
from git_registry.wording.naming import input_named

if TYPE_CHECKING:
    from git_registry.sdk.comparing import Comparison
    from git_registry.sdk.rows import NumberRow
    from git_registry.web.site import Site

MOST, MOST_ROWS = 12, 500
"""Versions side by side, and rows of one kind."""

_TITLES = {"metrics": "Metrics", "metadata": "Metadata", "inputs": "Made from", FILES: "Files"}
_FACTS = "What they are"
_SEEN = ("metadata", "inputs")
"""What became of these is plain to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A version: one column."""

    path: str
    there: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One thing in one version.

    Attributes:
        became: what became of it since the first version, `+0.012`.
        way: `up` or `down`, of a number that is larger or smaller.
        is_other: is it another than in the first version?
    """

    text: str
    became: str = ""
    way: str = ""
    is_other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing in every version."""

    name: str
    cells: Sequence[Cell]
    differs: bool
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows of one kind.

    Attributes:
        more: how many rows are left out.
    """

    title: str
    rows: Sequence[Row]
    more: int


def page(site: Site) -> Page:
    """Return versions side by side; the form alone if they are too few, or can't be compared, and why."""
    asked = [one.strip() for one in site.several.get("v", ()) if one.strip()]
    is_whole = bool(site.query.get("all"))
    sides: Sequence[Side] = ()
    found: dict[str, object] = {}
    refusal: RegistryError | None = None
    try:
        if len(asked) > 1:
            sides, found = _compared(site, asked, is_whole=is_whole)
    except (NotFound, UsageError) as refused:
        refusal = refused
    return Page(
        template="compare.html",
        title="Compare versions",
        crumbs=_crumbs(sides),
        scripts=() if site.links.is_live else ("compare.js",),
        values={"asked": asked[:MOST], "is_whole": is_whole, "sides": sides, "sections": (), "problem": ""}
        | {"refusal": refusal, **found},
        problem=refusal,
    )


def _crumbs(sides: Sequence[Side]) -> Sequence[Crumb]:
    """Return the way to them, by their collection if all are of one."""
    places = {side.there.parts[:-1] for side in sides}
    collection = places.pop() if len(places) == 1 else ()
    first = Crumb("Projects", PROJECTS) if collection[:1] == PROJECTS.parts else Crumb("Registries", HOME)
    ends = range(2 if first.address == PROJECTS else 1, len(collection) + 1)
    way = [Crumb(collection[end - 1], Address(collection[:end])) for end in ends]
    return (first, *way, Crumb("Compare", COMPARE))


def _compared(
    site: Site, asked: Sequence[str], *, is_whole: bool
) -> tuple[Sequence[Side], dict[str, object]]:
    if len(asked) > MOST:
        raise UsageError(f"{len(asked)} versions don't fit side by side", hint=f"at most {MOST} do")
    for one in asked:
        require_here(site.catalog, one)
    comparison = comparing.compare(site.catalog, asked)
    sides = [Side(path=one.path, there=of(one.path)) for one in comparison.versions]
    sections = list(_sections(site, comparison, is_whole=is_whole))
    return sides, {"sections": sections, "problem": comparison.files.problem}


def _sections(site: Site, comparison: Comparison, *, is_whole: bool) -> Iterator[Section]:
    known = at_hand(site.catalog.registries())
    named = [input_named(row.input, known) for row in comparison.inputs]
    told = lines(comparison, named, for_people=True)
    numbers = {f"metrics.{row.name}": row for row in comparison.metrics}
    kept = (line for line in told if is_whole or line.differs)
    for title, some in groupby(kept, key=_title):
        rows = list(some)
        yield Section(title=title, rows=_rows(rows[:MOST_ROWS], numbers), more=max(0, len(rows) - MOST_ROWS))


def _title(line: Line) -> str:
    return _TITLES.get(line.kind, _FACTS) if line.name else _FACTS


def _rows(some: Iterable[Line], numbers: dict[str, NumberRow]) -> Sequence[Row]:
    return [_row(line, numbers.get(line.label)) for line in some]


def _row(line: Line, number: NumberRow | None) -> Row:
    ways = map(_way, number.deltas) if number else iter([""] * len(line.values))
    sides = zip(line.values, line.against, ways, strict=True)
    return Row(
        name=line.name or line.kind,
        cells=[_cell(line, text, became, way) for text, became, way in sides],
        differs=line.differs,
        is_number=number is not None,
    )


def _cell(line: Line, text: str, became: str, way: str) -> Cell:
    # Files may be others though there are as many of them, or of the same size.
    is_other = text != line.values[0] or (line.kind == FILES and became not in ("", "same", f"{text} same"))
    return Cell(
        text=text, became=became if is_other and line.kind not in _SEEN else "", way=way, is_other=is_other
    )


def _way(delta: float | None) -> str:
    return "" if not delta else "up" if delta > 0 else "down"
