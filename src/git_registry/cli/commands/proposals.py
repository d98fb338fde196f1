"""`git registry proposals`."""

from __future__ import annotations

import click

from git_registry.cli.answers import prospects
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.sdk.prospects import AT_ONCE, State, listed
from git_registry.wording.sizes import counted


@verb(example="git registry proposals\ngit registry proposals --mine --all")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="What is merged, or would change nothing, as well; and judge all.",
)
@click.option("--mine", is_flag=True, help="Only your own.")
def command(session: Session, *, everything: bool, mine: bool) -> None:
    """List what waits for review, newest first: whose it is, who approved it, and what it takes to merge it.

    Whether it may be merged is told by the rules as they are now, if you merge it or its owner does.
    """
    with session.open() as catalog:
        found = listed(catalog, merged=everything, mine=mine, at_most=None if everything else AT_ONCE)
        now = catalog.clock()
    if session.output.json:
        session.output.document([prospects.shape(one) for one in found])
        return
    prospects.print_table(session.output, [prospects.row(one, now) for one in found])
    unjudged = sum(one.prospect.state is State.UNJUDGED for one in found)
    if unjudged:
        session.output.note(f"{counted(unjudged, 'proposal')} not judged: --all judges every one")
    if not found:
        session.output.note("Nothing waits for review")
