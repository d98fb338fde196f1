"""`git registry unlink`."""

from __future__ import annotations

import click

from git_registry.cli.options import push_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.sdk.linking import unlink


@verb(example="git registry unlink model/churn:v3")
@click.argument("selectors", nargs=-1, required=True, type=SELECTOR)
@push_option
def command(session: Session, selectors: tuple[str, ...]) -> None:
    """Unlink versions, in one commit; the aliases that point at them go.

    Their manifests stay in `unlinked/`: a number is never given twice, and linking the same content again
    brings the version back. No bytes in the store are touched.
    """
    with session.open() as catalog:
        finish(session, catalog, unlink(catalog, selectors))
