"""`git registry history`."""

from __future__ import annotations

import click

from git_registry.cli.answers.history import answer
from git_registry.cli.options import at_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session


@verb(
    example="git registry history model/churn --since 2026-03-01\n"
    "git registry history model/churn --alias production\n"
    "git registry history --event alias,version-unlinked --by ada --json"
)
@click.argument("selector", type=SELECTOR, required=False)
@click.option(
    "--alias",
    metavar="NAME",
    help="A row for each version that an alias of the collection was; without one, events of such aliases.",
)
@click.option("--since", metavar="DATE", help="Only what was committed then or later.")
@click.option("--until", metavar="DATE", help="Only what was committed then or before; a day counts whole.")
@click.option(
    "--by",
    metavar="WHO",
    help="Only by whom: a part of a name or address, of who made, committed, proposed or approved it.",
)
@click.option(
    "--event",
    multiple=True,
    metavar="KIND",
    help="Only this kind of event, such as alias-moved, or alias for all of an alias; several with commas.",
)
@click.option("--limit", metavar="N", help="So many at most.")
@click.option("--reverse", is_flag=True, help="The oldest first.")
@at_option
def command(
    session: Session,
    *,
    selector: str | None,
    event: tuple[str, ...],
    reverse: bool,
    **given: str | None,
) -> None:
    """Tell what happened, who did it and when, newest first.

    SELECTOR is a registry, a collection, a version or an alias, which may be gone by now, or a project or
    something in one; without one it is the whole organization but its projects. A collection has its history
    from before it was renamed. --json prints one event a line. A DATE is YYYY-MM-DD or YYYY-MM-DD HH:MM:SS,
    UTC unless a zone such as +01:00 follows; the time that counts is the committer's. Rows are in the order
    of the commits, whatever their dates say.
    """
    answer(session, selector, event=",".join(event) if event else None, reverse=reverse, **given)
