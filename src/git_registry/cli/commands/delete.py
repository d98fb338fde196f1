"""`git registry delete`."""

from __future__ import annotations

import sys

import click

from git_registry.cli.options import push_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.errors import UsageError
from git_registry.sdk.managing import delete


@verb(example="git registry delete model/churn")
@click.argument("selector", type=SELECTOR)
@click.option("--yes", is_flag=True, help="Don't ask.")
@push_option
def command(session: Session, selector: str, yes: bool) -> None:  # noqa: FBT001
    """Delete a collection, or a registry that has none.

    Manifests and notes stay in `unlinked/`, so that numbers are never given twice; no bytes in the store are
    touched. `git revert` brings the collection back.
    """
    if not yes:
        _ask(session, selector)
    with session.open() as catalog:
        finish(session, catalog, delete(catalog, selector))


def _ask(session: Session, selector: str) -> None:
    if session.output.json or not (sys.stdin.isatty() and session.output.is_terminal):
        raise UsageError("nobody is there to be asked", where=selector, hint="pass --yes if it is meant")
    click.confirm(f"Delete {selector}?", abort=True)
