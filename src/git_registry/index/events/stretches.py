"""When what stood: stretches of a line, each from one position until another, which is no longer in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from git_registry.index.batches import asked
from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.model.layout import Kind
from git_registry.model.snapshot import Entry

_FILES = (
    "SELECT since, until, mode, blob FROM temp.ever_entry WHERE place = ? AND kind = ? AND name = ?"
    " ORDER BY since"
)
_SEVERAL = "SELECT name, since, until FROM temp.ever_entry WHERE place = ? AND kind = ? AND name IN ({names})"


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Positions one after the other."""

    since: int
    until: int


def files(moment: Moment, subject: str, kind: Kind, name: str = "") -> Sequence[tuple[Stretch, Entry]]:
    """Return each file that ever stood somewhere, and when, in the order they came."""
    rows = moment.rows(_FILES, moment.place(subject), KINDS[kind], name)
    return [(Stretch(since, until), Entry(mode, blob)) for since, until, mode, blob in rows]


def standing(moment: Moment, subject: str, kind: Kind, name: str = "") -> Sequence[Stretch]:
    """Return when there was any file there."""
    return joined(stretch for stretch, _ in files(moment, subject, kind, name))


def all_standing(
    moment: Moment, subject: str, kind: Kind, names: Collection[str]
) -> Mapping[str, Sequence[Stretch]]:
    """Return the same of several files, each that ever was there."""
    found: dict[str, list[Stretch]] = {}
    for name, since, until in asked(moment, _SEVERAL, names, moment.place(subject), KINDS[kind]):
        found.setdefault(name, []).append(Stretch(since, until))
    return {name: joined(stretches) for name, stretches in found.items()}


def joined(stretches: Iterable[Stretch]) -> Sequence[Stretch]:
    """Return the positions of all, in as few stretches as it takes."""
    found: list[Stretch] = []
    for one in sorted(stretches):
        if found and one.since <= found[-1].until:
            found[-1] = replace(found[-1], until=max(found[-1].until, one.until))
        else:
            found.append(one)
    return found


def common(one: Iterable[Stretch], other: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield the positions that are in both."""
    for left in one:
        for right in other:
            both = Stretch(max(left.since, right.since), min(left.until, right.until))
            if both.since < both.until:
                yield both
