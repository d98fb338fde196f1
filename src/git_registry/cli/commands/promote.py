"""`git registry promote`."""

from __future__ import annotations

import click

from git_registry.cli.options import push_option, rewrite_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.sdk import aliasing


@verb(
    example="git registry promote model/churn:v3 --to production\n"
    "git registry promote model/churn:staging --to production --expect v2"
)
@click.argument("selectors", nargs=-1, required=True, type=SELECTOR)
@click.option("--to", "alias", required=True, help="The alias to move.")
@click.option(
    "--expect",
    metavar="VERSION|none",
    help="Move it only if this is what it names now; none: only if there is no such alias yet.",
)
@rewrite_option
@push_option
def command(session: Session, selectors: tuple[str, ...], alias: str, expect: str | None) -> None:
    """Point an alias at a version, in one commit however many collections it is.

    Readers see all of the aliases moved or none. If somebody moved one meanwhile, nothing is overwritten and
    the exit code is 6.
    """
    with session.open() as catalog:
        finish(session, catalog, aliasing.promote(catalog, selectors, alias, expect=expect))
