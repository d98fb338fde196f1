"""`git registry download`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from git_registry.cli import shapes
from git_registry.cli.options import at_option, trust_option, verb
from git_registry.cli.progress import progress
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.index.numbers import at_hand
from git_registry.sdk.caching import blob_cache
from git_registry.sdk.downloading import Downloaded, Wish, download
from git_registry.sdk.origin import origin
from git_registry.sdk.views import version_view
from git_registry.wording.origin import told
from git_registry.wording.sizes import counted, size


@verb(example="git registry download model/churn:production model/")
@click.argument("selector", type=SELECTOR)
@click.argument("target", required=False, type=click.Path(path_type=Path))
@click.option("--path", metavar="FILE", help="Only this file of the version; TARGET is then a file.")
@click.option("--force", is_flag=True, help="Replace files that are there; no others are touched.")
@click.option("--no-cache", is_flag=True, help="Neither use nor fill this machine's cache.")
@at_option
@trust_option
def command(
    session: Session,
    *,
    selector: str,
    target: Path | None,
    path: str | None,
    force: bool,
    no_cache: bool,
) -> None:
    """Download a version, verified.

    Every file is checked against its digest before anything stands at TARGET, by default a directory named
    like the collection. Interrupted, it leaves nothing behind.
    """
    wish = Wish(target=target, path=path, force=force)
    with session.open() as catalog:
        cache = None if no_cache else blob_cache(catalog, os.environ)
        with progress("Downloading") as bar:
            arrived = download(catalog, selector, wish, cache=cache, progress=bar)
        if session.output.json:
            session.output.document(_shape(arrived))
        else:
            _print(session, arrived)
            seen = arrived.resolved.seen
            session.output.line(told(origin(arrived.resolved), at_hand(seen.registries())))


def _print(session: Session, arrived: Downloaded) -> None:
    files = arrived.files
    ways = sorted({one.verified for one in files})
    total = sum(one.size for one in files)
    session.output.line(f"Downloaded {counted(len(files), 'file')} ({size(total)}) to {arrived.target}")
    session.output.line(f"Verified by {' and '.join(ways)}" if ways else "Nothing to verify: it has no files")


def _shape(arrived: Downloaded) -> shapes.Shape:
    """Return the version with the files that arrived, and where they are now."""
    found, seen = arrived.resolved.found, arrived.resolved.seen
    view = version_view(seen.now(), found.collection, found.id, at_hand(seen))
    files = [
        {"path": one.path, "size": one.size, "digest": str(one.sha256), "verified": one.verified}
        for one in arrived.files
    ]
    shape = shapes.version(view, ())
    return shape | {"files": files, "target": str(arrived.target)}
