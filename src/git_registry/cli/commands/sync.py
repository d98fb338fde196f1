"""`git registry sync`."""

from __future__ import annotations

from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.cli.writing import print_synced
from git_registry.sdk.syncing import sync


@verb(example="git registry sync")
def command(session: Session) -> None:
    """Fetch what others published, replay what is waiting here on top of it, and publish that.

    What disagrees with what others published is a conflict: nothing is pushed, nothing is overwritten, and
    the exit code is 6.
    """
    with session.open() as catalog:
        synced = sync(catalog)
    if session.output.json:
        session.output.document(
            {
                "fetched": synced.fetched,
                "replayed": synced.replayed,
                "pushed": synced.pushed,
                "to": synced.to,
                "notes": list(synced.notes),
            }
        )
    elif not (synced.fetched or synced.replayed or synced.pushed):
        session.output.line("Up to date: nothing to fetch, nothing to publish")
    else:
        print_synced(session.output, synced)
