"""The steps that recorded runs first."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from git_registry.index.batches import asked
from git_registry.index.events.renames import parts
from git_registry.index.events.steps import Step, steps
from git_registry.index.moment import Moment
from git_registry.model.events import RunRecorded

_FIRST = (
    "SELECT name, position FROM (SELECT name, min(position) AS position"
    " FROM {part}.event INDEXED BY event_above WHERE chain = ? AND above = ? AND position <= ? AND kind = ?"
    " GROUP BY name) WHERE name IN ({{names}})"
)


def recorded_first(moment: Moment, project: str, runs: Collection[str]) -> Mapping[str, Step]:
    """Return the steps that brought some runs of a project, by their ids; nothing of those not there yet."""
    place = moment.place(project)
    if place is None or not runs:
        return {}
    came: dict[str, int] = {}
    for part, last in parts(moment):
        query = _FIRST.format(part=part)
        found = asked(moment, query, runs, moment.line.on.id, place, last, RunRecorded.kind)
        came = dict(found) | came
    known = steps(moment, set(came.values()))
    return {run: known[position] for run, position in came.items() if position in known}
