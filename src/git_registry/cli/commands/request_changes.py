"""`git registry request-changes`."""

from __future__ import annotations

import click

from git_registry.cli.answers import prospects
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.sdk import objecting

_ASKED = """
# What shall be changed in {}?
# Lines that begin with # are left out; nothing is said if nothing is left.
"""


@verb(example='git registry request-changes bob/promote-churn -m "say on which data auc was measured"')
@click.argument("proposal")
@click.option("-m", "--message", metavar="TEXT", help="What shall be changed; without it, an editor asks.")
@click.option(
    "--commit",
    metavar="ID",
    default="",
    help="The commit you have seen, by its whole id; by default the one reviewed here.",
)
@click.option("--withdraw", is_flag=True, help="Ask for nothing any more.")
def command(session: Session, proposal: str, message: str | None, commit: str, *, withdraw: bool) -> None:
    """Ask for changes of a proposal as you have seen it; your approval of that is taken back.

    `git registry merge` refuses a proposal while somebody asks for changes, unless --despite is said. A
    server does not: there it is approvals that count. Asking again says something else. Amending any file
    settles it; to amend the message alone does not.
    """
    if withdraw and (message is not None or commit):
        raise UsageError("what was asked of the proposal as it is now is taken back", where="--withdraw")
    with session.open() as catalog:
        if withdraw:
            found = objecting.withdraw(catalog, proposal)
            prospects.print_withdrawn(session.output, found, "request for changes")
            return
        text = message if message is not None else _written(proposal)
        done = objecting.object_to(catalog, proposal, text, commit)
    if session.output.json:
        session.output.document(
            {
                "proposal": done.proposal.name,
                "commit": done.proposal.commit,
                "by": done.by,
                "text": done.text,
                "new": done.is_changed,
            }
        )
        return
    already = "" if done.is_changed else " already"
    where = f"{done.proposal.name} at {done.proposal.commit[:8]}"
    session.output.line(f"Changes requested{already}: {where}, by {done.by}")
    if done.is_withdrawn:
        session.output.line("Your approval of it is taken back")


def _written(proposal: str) -> str:
    """Return what somebody writes in their editor; raise `UsageError` if there is none."""
    try:
        text = click.edit(_ASKED.format(proposal)) or ""
    except click.ClickException as wrong:
        raise UsageError(wrong.format_message(), hint='-m "what shall be changed"') from None
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
