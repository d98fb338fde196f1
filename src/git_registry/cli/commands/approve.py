"""`git registry approve`."""

from __future__ import annotations

import click

from git_registry.cli.answers import prospects, written
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.sdk import approving
from git_registry.wording.prospects import next_lines


@verb(
    example="git registry approve bob/promote-churn\n"
    "git registry approve bob/promote-churn --commit 3fa94c1be2d07788a1c0f3d2b4e596171d2c04ab"
)
@click.argument("proposal")
@click.option(
    "--commit",
    metavar="ID",
    default="",
    help="The commit you have seen, by its whole id; by default the one reviewed here.",
)
@click.option("--withdraw", is_flag=True, help="Take your approval back.")
def command(session: Session, proposal: str, commit: str, *, withdraw: bool) -> None:
    """Approve a proposal as you have seen it, where no forge keeps approvals.

    That is the commit which `git registry review` last showed in this clone, or `propose` of your own. If you
    have not reviewed it here, or it was amended since, nothing is approved and the exit code is 6. An
    approval counts for that commit and for no other; what it does is told.
    """
    if withdraw and commit:
        raise UsageError("an approval of what is proposed now is taken back", where="--commit")
    with session.open() as catalog:
        if withdraw:
            found = approving.withdraw(catalog, proposal)
            prospects.print_withdrawn(session.output, found, "approval")
            return
        done = approving.approve(catalog, proposal, commit)
        does = written.lines(catalog.proposing(), done.prospect.events)
    if session.output.json:
        session.output.document(
            {
                **prospects.shape_of(done.proposal, done.prospect),
                "by": done.by,
                "new": done.is_new,
                "does": does,
                "lacking": done.weight.lacking or None,
            }
        )
        return
    already = "" if done.is_new else " already"
    session.output.line(
        f"Approved{already}: {done.proposal.name} at {done.proposal.commit[:8]}, by {done.by}"
    )
    for line in does:
        session.output.line(f"  {line}")
    if done.is_settled:
        session.output.line("The changes you had asked for are settled")
    for line in next_lines(done.proposal, done.prospect):
        session.output.line(line)
    if done.weight.is_authors:
        session.output.note("it is your own: that does not count where a gate asks for somebody else")
    if done.weight.lacking:
        session.output.note(f"it counts for nothing that this takes: {done.weight.lacking}")
