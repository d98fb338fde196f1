"""`git registry sync`."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.cli import shapes
from git_registry.cli.options import verb
from git_registry.cli.progress import progress
from git_registry.cli.session import Session
from git_registry.cli.writing import fail, synced_lines
from git_registry.errors import RegistryError
from git_registry.sdk.syncing import Branch, Everything, Synced, sync_everything
from git_registry.wording.sizes import counted, size


@verb(example="git registry sync")
def command(session: Session) -> None:
    """Fetch what others published, replay what is waiting here on top of it, and publish that.

    Blobs that wait here for the store are uploaded first. Besides the branch that is checked out, the default
    branch and those of projects are synced, as far as they are here.

    What disagrees with what others published is a conflict: nothing of that branch is pushed, nothing is
    overwritten, and the exit code is 6. Every branch that fails is explained, and the first decides the exit
    code.
    """
    with session.open() as catalog, progress("Uploading") as bar:
        done = sync_everything(catalog, progress=bar)
    failures = [_named(branch.name, branch.failure) for branch in done.branches if branch.failure]
    if session.output.json:
        session.output.document(_shape(done))
    else:
        for line in list(_lines(done)) or ["Up to date: nothing to fetch, nothing to publish"]:
            session.output.line(line)
    fail(session.output, failures)


def _named(branch: str, failure: RegistryError) -> RegistryError:
    """Return why a branch was not published, with the branch before where it happened."""
    failure.where = f"{branch}: {failure.where}" if failure.where else branch
    return failure


def _lines(done: Everything) -> Iterator[str]:
    """Yield what was done, and which branches are not published; why is said with the failures."""
    if done.uploaded.blobs:
        yield f"Uploaded {counted(done.uploaded.blobs, 'blob')} ({size(done.uploaded.size)})"
    for branch in done.branches:
        before = f"{branch.name}: " if branch is not done.branches[0] else ""
        for line in synced_lines(branch.synced):
            yield f"{before}{line}"
        if branch.failure:
            yield f"{branch.name}: not published"


def _shape(done: Everything) -> shapes.Shape:
    first = done.branches[0].synced if done.branches else Synced()
    return {
        **_synced(first),
        "uploaded": done.uploaded.blobs,
        "branches": [_branch(branch) for branch in done.branches],
    }


def _branch(branch: Branch) -> shapes.Shape:
    failure = shapes.error(branch.failure)["error"] if branch.failure else None
    return {"branch": branch.name, **_synced(branch.synced), "error": failure}


def _synced(synced: Synced) -> shapes.Shape:
    return {
        "fetched": synced.fetched,
        "replayed": synced.replayed,
        "pushed": synced.pushed,
        "to": synced.to,
        "notes": list(synced.notes),
    }
