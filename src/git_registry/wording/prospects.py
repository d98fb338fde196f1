"""What becomes of a proposal, and what is to be done next about it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from git_registry.catalog.proposals import Proposal
from git_registry.review.needed import needed
from git_registry.sdk.prospects import Prospect, State

_TOLD = 10
"""Reasons that are told; of the rest, how many there are."""


def state(found: Prospect) -> str:
    """Return what would become of it, in a few words."""
    if found.state is State.WAITING:
        return f"needs {needed(found.missing)}"
    return str(found.state)


def next_lines(proposal: Proposal, found: Prospect) -> Iterator[str]:
    """Yield what is to be done next about a proposal, and what stands in its way."""
    match found.state:
        case State.READY:
            command = shlex.join(("git", "registry", "merge", proposal.name))
            yield f"{found.merger} may merge it: `{command}`"
        case State.OBJECTED:
            yield "Not to be merged yet: somebody asks for changes"
        case State.MERGED:
            yield "It is merged already"
        case State.IDLE:
            yield "There is nothing to merge: the default branch has all that it does"
        case State.UNJUDGED:
            yield "There is nothing yet that it could be merged into"
        case _:
            yield f"Not to be merged yet: it {_is(found)}"
            yield from (f"  {why}" for why in found.why[:_TOLD])
            if len(found.why) > _TOLD:
                yield f"  and {len(found.why) - _TOLD} more reasons"


def _is(found: Prospect) -> str:
    return state(found) if found.state is not State.REFUSED else "is refused"
