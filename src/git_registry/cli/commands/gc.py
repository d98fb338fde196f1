"""`git registry gc`."""

from __future__ import annotations

import click

from git_registry.cli import shapes
from git_registry.cli.options import verb
from git_registry.cli.output import Output
from git_registry.cli.session import Session
from git_registry.cli.sizes import counted, size
from git_registry.model.dates import timestamp
from git_registry.model.layout import PROJECTS
from git_registry.sdk.expiring import Expired, Expiry, expire


@verb(example="git registry gc\ngit registry gc --apply && git registry sync")
@click.option("--apply", "applied", is_flag=True, help="Unlink them; by default they are only listed.")
def command(session: Session, *, applied: bool) -> None:
    """List the versions of projects whose time to live has run out, or unlink them.

    A version that a registry links does not expire. One that is unlinked keeps its manifest and its number,
    and logging the same content again brings it back. No bytes in the store are touched: others may name the
    same ones.
    """
    with session.open() as catalog:
        done = expire(catalog, dry_run=not applied)
    if session.output.json:
        session.output.document([_shape(one, unlinked=applied) for one in done.versions])
    else:
        _print(session.output, done, applied=applied)


def _print(output: Output, done: Expiry, *, applied: bool) -> None:
    rows = ([_selector(one), timestamp(one.since), size(one.size)] for one in done.versions)
    if done.versions:
        output.table(["VERSION", "EXPIRED", "SIZE"], rows)
    total = sum(one.size for one in done.versions)
    word = "Unlinked" if applied else "Expired:"
    output.line(f"{word} {counted(len(done.versions), 'version')} ({size(total)})")


def _selector(one: Expired) -> str:
    return f"{PROJECTS}{one.collection}@{one.id[:8]}"


def _shape(one: Expired, *, unlinked: bool) -> shapes.Shape:
    return {
        "path": _selector(one),
        "project": one.project,
        "id": one.id,
        "expired": timestamp(one.since),
        "size": one.size,
        "unlinked": unlinked,
    }
