"""`git registry rollback`."""

from __future__ import annotations

import click

from git_registry.cli.options import push_option, rewrite_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.sdk import rolling_back


@verb(
    example="git registry rollback model/churn production\n"
    "git registry rollback model/churn model/spam production --propose\n"
    "git registry rollback model/churn production --to v2 --expect v4"
)
@click.argument("collections", nargs=-1, required=True, type=SELECTOR)
@click.argument("alias")
@click.option("--to", metavar="VERSION", help="Not the version it named last, but this one it named earlier.")
@click.option("--expect", metavar="VERSION", help="Move it only if this is what it names now.")
@rewrite_option
@push_option
def command(
    session: Session, collections: tuple[str, ...], alias: str, to: str | None, expect: str | None
) -> None:
    """Point an alias back at the version it named before, in one commit however many collections it is.

    Without --to that is the last other one that it named: doing it twice comes back to where it was. A gate
    that asks what holds a version lets it come back to that one, unless it named nothing in between. If
    somebody moved the alias meanwhile, nothing is overwritten and the exit code is 6.
    """
    with session.open() as catalog:
        finish(session, catalog, rolling_back.rollback(catalog, collections, alias, to=to, expect=expect))
