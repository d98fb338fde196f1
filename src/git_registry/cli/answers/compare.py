"""Versions side by side, or one metric over all versions of a collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from git_registry.cli import shapes
from git_registry.cli.columns import shortened
from git_registry.cli.shapes import Shape
from git_registry.index.numbers import at_hand
from git_registry.model.plain import plain
from git_registry.sdk import comparing
from git_registry.wording.lines import Line, lines
from git_registry.wording.naming import input_named
from git_registry.wording.sizes import counted

if TYPE_CHECKING:
    from git_registry.cli.output import Output
    from git_registry.cli.session import Session
    from git_registry.sdk.comparing import Comparison
    from git_registry.sdk.rows import FileRow, NumberRow
    from git_registry.sdk.views import VersionView

_SEEN = ("metadata", "inputs")
_WIDEST = 40
_MOST_FILES = 20


def answer(session: Session, selectors: Sequence[str], *, everything: bool = False) -> None:
    """Print what differs between versions, or everything about them."""
    with session.open() as catalog:
        comparison = comparing.compare(catalog, selectors)
        known = at_hand(catalog.registries())
        named = [input_named(row.input, known) for row in comparison.inputs]
    output = session.output
    if output.json:
        output.document(shape(comparison, everything=everything))
        return
    told = lines(comparison, named, for_people=output.is_terminal)
    kept = [line for line in told if everything or line.differs]
    if output.is_terminal:
        _print_for_people(output, comparison.versions, kept, everything=everything)
    else:
        output.table([], _fields(comparison.versions, kept))
    if comparison.files.problem:
        output.note(f"the files are not compared: {comparison.files.problem}")
    elif not kept:
        output.note("nothing differs; --all shows what is the same")


def _fields(versions: Sequence[VersionView], kept: Iterable[Line]) -> Iterator[list[str]]:
    """Yield rows of as many fields each: kind, name, the values, what became of it in all but the first."""
    yield ["version", "", *(view.path for view in versions), *[""] * (len(versions) - 1)]
    for line in kept:
        yield [line.kind, line.name, *line.values, *line.against[1:]]


def _print_for_people(
    output: Output, versions: Sequence[VersionView], kept: Sequence[Line], *, everything: bool
) -> None:
    header = [f"{view.collection}:{view.version}" if view.version else view.path for view in versions]
    files = [line for line in kept if line.is_file]
    shown = files if everything else files[:_MOST_FILES]
    others = (line for line in kept if not line.is_file)
    output.table(["", *header], ([line.label, *_cells(line)] for line in (*others, *shown)))
    if len(shown) < len(files):
        output.line(f"… and {counted(len(files) - len(shown), 'more file')}; --all shows them")


def _cells(line: Line) -> Iterator[str]:
    """Yield what stands in each column: the value, and what became of it where that is not plain to see."""
    for value, became in zip(line.values, line.against, strict=True):
        told = f"({became})" if became and line.kind not in _SEEN else ""
        yield shortened(" ".join([*value.split(), *told.split()]), _WIDEST)


def shape(comparison: Comparison, *, everything: bool) -> Shape:
    """Return a comparison as JSON; of the files only those that differ, unless everything is asked for."""
    files = comparison.files
    return {
        "versions": [shapes.version(view) for view in comparison.versions],
        "size": _numbers(comparison.size),
        "code": list(comparison.commits),
        "metrics": [{"name": row.name, **_numbers(row)} for row in comparison.metrics],
        "metadata": [
            {
                "name": row.name,
                "values": plain(row.values),
                "fates": list(row.fates),
                "given": list(row.given),
                "differs": row.differs,
            }
            for row in comparison.metadata
        ],
        "inputs": [
            {
                "input": plain(row.input),
                "fates": list(row.fates),
                "given": list(row.given),
                "differs": row.differs,
            }
            for row in comparison.inputs
        ],
        "files": None if files.problem else [_file(row) for row in files.rows if everything or row.differs],
        "file_counts": None
        if files.problem
        else [None, *(dict(files.counts(index)) for index in range(1, len(comparison.versions)))],
        "problem": files.problem or None,
    }


def _numbers(row: NumberRow) -> Shape:
    return {"values": plain(row.values), "deltas": list(row.deltas), "differs": row.differs}


def _file(row: FileRow) -> Shape:
    return {
        "path": row.path,
        "digests": [str(entry.digest) if entry else None for entry in row.entries],
        "sizes": [entry.size if entry else None for entry in row.entries],
        "fates": list(row.fates),
        "differs": row.differs,
    }
