"""What waits for review and what becomes of it: as rows, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from git_registry.catalog.proposals import Proposal
from git_registry.cli import shapes
from git_registry.cli.output import Output
from git_registry.sdk.prospects import Listed, Prospect
from git_registry.wording.ages import age
from git_registry.wording.prospects import state

_HEADER = ("PROPOSAL", "STATE", "APPROVED BY", "CHANGES ASKED BY", "AGE", "SUBJECT")


def print_table(output: Output, rows: Sequence[Sequence[str]]) -> None:
    """Print proposals; for people without columns in which nothing is said."""
    every = range(len(_HEADER))
    shown = [one for one in every if not output.is_terminal or any(row[one] for row in rows)]
    if rows:
        output.table([_HEADER[one] for one in shown], [[row[one] for one in shown] for row in rows])


def row(one: Listed, now: datetime) -> tuple[str, ...]:
    """Return a proposal as a row of a table."""
    return (
        one.proposal.name,
        state(one.prospect),
        " ".join(one.approvers),
        " ".join(objection.principal for objection in one.objections),
        age(now, one.at),
        one.subject,
    )


def shape(one: Listed) -> shapes.Shape:
    """Return a proposal as JSON has it."""
    return {
        **shape_of(one.proposal, one.prospect),
        "subject": one.subject,
        "time": shapes.moment(one.at),
        "mine": one.is_ours,
        "approved_by": list(one.approvers),
        "changes_requested": [{"by": other.principal, "text": other.said} for other in one.objections],
    }


def shape_of(proposal: Proposal, found: Prospect) -> shapes.Shape:
    """Return a proposal and what would become of it."""
    return {
        "proposal": proposal.name,
        "owner": proposal.owner,
        "commit": proposal.commit,
        "state": str(found.state),
        "merger": found.merger or None,
        "able": list(found.able),
        "why": list(found.why),
    }


def print_withdrawn(output: Output, proposal: Proposal, what: str) -> None:
    """Say that something we had said of a proposal is taken back."""
    if output.json:
        output.document({"proposal": proposal.name, "commit": proposal.commit, "withdrawn": what})
    else:
        output.line(f"Your {what} is taken back: {proposal.name} at {proposal.commit[:8]}")
