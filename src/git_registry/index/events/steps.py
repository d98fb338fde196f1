"""The steps of a line: who made each of them, when, and what was said of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from git_registry.index.batches import asked
from git_registry.index.moment import Moment
from git_registry.repository.identity import Signature

_NEAR = 10_000
"""Steps that are looked at for what another one hides: nobody waits for more at each date asked for."""

_STEPS = (
    "SELECT s.position, s.commit_id, a.name, a.email, s.authored, c.name, c.email, s.committed,"
    " s.subject, s.proposal FROM {part}.step AS s"
    " CROSS JOIN main.person AS a ON a.id = s.author CROSS JOIN main.person AS c ON c.id = s.committer"
    " WHERE s.chain = ? AND s.position IN ({{names}})"
)
_POSITION = "SELECT position FROM temp.now_step WHERE commit_id = ? AND chain = ?"
_PROPOSALS = "SELECT commit_id, proposal FROM temp.now_step WHERE chain = ?"
_HIDDEN = (
    "SELECT position FROM (SELECT position, committed FROM temp.now_step WHERE chain = ? AND position > ?"
    f" ORDER BY position LIMIT {_NEAR}) WHERE committed <= ? LIMIT 1"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a line.

    Attributes:
        position: where on the line it is.
        commit, author, committer, subject: as the commit has them; times are in UTC, and a date that can't
            be read is 1970-01-01.
        proposal: the number of the pull or merge request that its message names, or the name of the proposal
            that we merged; else an empty text.
    """

    position: int
    commit: str
    author: Signature
    committer: Signature
    subject: str
    proposal: str


def steps(moment: Moment, positions: Collection[int]) -> Mapping[int, Step]:
    """Return the steps at some positions of the line."""
    on_chain = {one for one in positions if one <= moment.line.position}
    found = {}
    # Of the view, which says what is old enough, SQLite would read all that is.
    for part, some in (("main", on_chain), ("temp", set(positions) - on_chain)):
        for row in asked(moment, _STEPS.format(part=part), some, moment.line.on.id):
            found[row[0]] = _step(*row)
    return found


def _step(position: int, commit: str, *told: Any) -> Step:  # noqa: ANN401
    *people, subject, proposal = told
    return Step(
        position=position,
        commit=commit,
        author=signature(*people[:3]),
        committer=signature(*people[3:]),
        subject=subject,
        proposal=proposal,
    )


def signature(name: str, email: str, seconds: int) -> Signature:
    """Return somebody and a moment, in UTC."""
    return Signature(name, email, datetime.fromtimestamp(seconds, UTC))


def proposals(moment: Moment) -> Mapping[str, str]:
    """Return the commit of every step of the line, and which proposal its message names; see `Step`."""
    return dict(moment.rows(_PROPOSALS, moment.line.on.id))


def last_until(moment: Moment, seconds: int) -> Step | None:
    """Return the last step whose largest committer date so far is not later; None if there is none."""
    commit = moment.commit_at(seconds)
    if commit is None:
        return None
    ((position,),) = moment.rows(_POSITION, commit, moment.line.on.id)
    return steps(moment, [position])[position]


def hidden(moment: Moment, last: Step, seconds: int) -> tuple[Step, Step] | None:
    """Return a later step with a date until then, which `last_until` left out, and the one that hides it.

    A clock that ran ahead dates a step so late that whatever came after it came too late as well.
    """
    after = moment.rows(_HIDDEN, moment.line.on.id, last.position, seconds)
    if not after:
        return None
    ((position,),) = after
    found = steps(moment, [position, last.position + 1])
    return found[position], found[last.position + 1]
