"""A comparison as lines: one thing in every version, as it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from git_registry.wording.amounts import amount
from git_registry.wording.sizes import size

if TYPE_CHECKING:
    from git_registry.model.documents.manifest import FileEntry
    from git_registry.model.documents.record import Number
    from git_registry.sdk.comparing import Comparison
    from git_registry.sdk.rows import FileRow, InputRow, NumberRow, ValueRow
    from git_registry.sdk.views import VersionView

FILES = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing in every version.

    Attributes:
        kind: `metrics`, `files`, …
        name: which of its kind; empty for what there is one of.
        values: one for each version.
        against: what became of it since the first version, whose own is empty.
        differs: is it not the same in every version?
    """

    kind: str
    name: str = ""
    values: Sequence[str]
    against: Sequence[str]
    differs: bool

    @property
    def label(self) -> str:
        """Return what a person reads before it: `metrics.auc`."""
        return f"{self.kind}.{self.name}" if self.name else self.kind

    @property
    def is_file(self) -> bool:
        """Is it about one file?"""
        return self.kind == FILES and bool(self.name)


def lines(comparison: Comparison, named: Sequence[str], *, for_people: bool) -> Iterator[Line]:
    """Yield a line for everything, the same and the different.

    Args:
        comparison: what is printed.
        named: what its inputs are called.
        for_people: sizes in their units, ids cut short? Otherwise all of it, and the files' digests.
    """
    views = comparison.versions
    for kind, text in (_FOR_PEOPLE if for_people else _FACTS).items():
        values = [text(view) for view in views]
        if any(values):
            yield _line(kind, values, differs=len(set(values)) > 1)
    yield _number("size", comparison.size, size if for_people else str)
    yield _file_counts(comparison)
    yield from (_number("metrics", row, amount, name=row.name) for row in comparison.metrics)
    yield from map(_detail, comparison.metadata)
    yield from (_input(name, row) for name, row in zip(named, comparison.inputs, strict=True))
    yield from (_file(row, _bytes if for_people else _digest) for row in comparison.files.rows)


def signed(delta: Number, text: Callable[[Any], str] = amount) -> str:
    """Return a difference with its sign: `+0.012`, `-7 B`, `+0`."""
    return f"{'-' if delta < 0 else '+'}{text(abs(delta))}"


def _line(kind: str, values: Sequence[str], *, differs: bool) -> Line:
    return Line(kind=kind, values=values, against=[""] * len(values), differs=differs)


def _code(view: VersionView) -> str:
    code = view.manifest.code if view.manifest else None
    return f"{code.commit}{' (dirty)' if code.dirty else ''}" if code and code.commit else ""


def _code_for_people(view: VersionView) -> str:
    code = view.manifest.code if view.manifest else None
    if not code or not code.commit:
        return ""
    where = f" of {code.repository}" if code.repository else ""
    return f"{code.commit[:12]}{' (dirty)' if code.dirty else ''}{where}"


def _run(view: VersionView) -> str:
    run = view.manifest.run if view.manifest else None
    return f"{run.project}/{run.name or run.id}" if run else ""


_FACTS: dict[str, Callable[[VersionView], str]] = {
    "id": lambda view: view.id,
    "aliases": lambda view: ", ".join(view.aliases),
    "tags": lambda view: ", ".join(view.notes.tags),
    "type": lambda view: view.manifest.type if view.manifest else "",
    "artifact": lambda view: view.manifest.artifact if view.manifest else "",
    "created": lambda view: view.manifest.created if view.manifest else "",
    "description": lambda view: view.notes.description or "",
    "run": _run,
    "code": _code,
    "unreadable": lambda view: view.problem,
}
_FOR_PEOPLE = _FACTS | {"id": lambda view: view.id[:8], "code": _code_for_people}


def _number(kind: str, row: NumberRow, text: Callable[[Any], str], *, name: str = "") -> Line:
    return Line(
        kind=kind,
        name=name,
        values=["" if value is None else text(value) for value in row.values],
        against=["" if delta is None else signed(delta, text) for delta in row.deltas],
        differs=row.differs,
    )


def _file_counts(comparison: Comparison) -> Line:
    manifests = [view.manifest for view in comparison.versions]
    changes = [comparison.files.counts(index).items() for index in range(1, len(manifests))]
    return Line(
        kind=FILES,
        values=[str(manifest.file_count) if manifest else "" for manifest in manifests],
        against=["", *(", ".join(f"{count} {fate}" for fate, count in one if count) for one in changes)],
        differs=any(row.differs for row in comparison.files.rows),
    )


def _detail(row: ValueRow) -> Line:
    values = [amount(value) if given else "" for value, given in zip(row.values, row.given, strict=True)]
    return _fated("metadata", row.name, values, row)


def _input(name: str, row: InputRow) -> Line:
    return _fated("inputs", name, ["used" if given else "" for given in row.given], row)


def _file(row: FileRow, text: Callable[[FileEntry], str]) -> Line:
    return _fated(FILES, row.path, [text(entry) if entry else "" for entry in row.entries], row)


def _fated(kind: str, name: str, values: Sequence[str], row: ValueRow | InputRow | FileRow) -> Line:
    against = [fate or "" for fate in row.fates]
    return Line(kind=kind, name=name, values=values, against=against, differs=row.differs)


def _bytes(entry: FileEntry) -> str:
    return "of unknown size" if entry.size is None else size(entry.size)


def _digest(entry: FileEntry) -> str:
    return str(entry.digest)
