"""`git registry gc`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import click

from git_registry.cli import shapes
from git_registry.cli.options import push_option, verb
from git_registry.cli.output import Output
from git_registry.cli.session import Session
from git_registry.cli.writing import Written, fail, publish, synced_lines
from git_registry.errors import RegistryError
from git_registry.model.dates import timestamp
from git_registry.model.events import AliasChange
from git_registry.model.layout import PROJECTS
from git_registry.sdk.expiring import Expired, Expiry, expire
from git_registry.wording.sizes import counted, size


@verb(example="git registry gc\ngit registry gc --apply --push")
@click.option("--apply", "applied", is_flag=True, help="Unlink them; by default they are only listed.")
@push_option
def command(session: Session, *, applied: bool) -> None:
    """List the versions of projects whose time to live has run out, or unlink them.

    A version that a registry links does not expire. One that is unlinked keeps its manifest and its number,
    and logging the same content again brings it back. No bytes in the store are touched: others may name the
    same ones. Each project gets a commit of its own: one that can't be written to keeps no other from being
    cleared.
    """
    with session.open() as catalog:
        done = expire(catalog, dry_run=not applied)
        written = {
            one.project: publish(session, catalog, one.outcome) for one in done.projects if one.outcome
        }
        failures = {one.project: one.failure for one in done.projects if one.failure}
        failures |= {name: one.failure for name, one in written.items() if one.failure}
        if session.output.json:
            session.output.document(list(_shapes(done, written, failures)))
        else:
            _print(session.output, done, written, applied=applied)
    fail(session.output, list(failures.values()))


def _print(output: Output, done: Expiry, written: Mapping[str, Written], *, applied: bool) -> None:
    gone = [one for one in done.versions if not applied or one.project in written]
    if gone:
        rows = ([_selector(one), timestamp(one.since), size(one.size)] for one in gone)
        output.table(["VERSION", "EXPIRED", "SIZE"], rows)
    word = "Unlinked" if applied else "Expired:"
    output.line(f"{word} {counted(len(gone), 'version')} ({size(sum(one.size for one in gone))})")
    for name, one in written.items():
        for line in synced_lines(one.synced):
            output.line(f"{PROJECTS}{name}: {line}")


def _selector(one: Expired) -> str:
    return f"{PROJECTS}{one.collection}@{one.id[:8]}"


def _shapes(
    done: Expiry, written: Mapping[str, Written], failures: Mapping[str, RegistryError]
) -> Iterator[shapes.Shape]:
    """Yield the versions, each with what happened to it and why its project is not cleared or published."""
    happened = {name: _happened(one) for name, one in written.items()}
    for one in done.versions:
        failure = failures.get(one.project)
        yield {
            "path": _selector(one),
            "project": one.project,
            "id": one.id,
            "expired": timestamp(one.since),
            "size": one.size,
            "unlinked": one.project in written,
            "events": happened.get(one.project, {}).get((one.collection, one.id), []),
            "error": shapes.error(failure)["error"] if failure else None,
        }


def _happened(written: Written) -> Mapping[tuple[str, str], Sequence[object]]:
    """Return the events of a commit by the version that each is about: it went, or an alias of it did."""
    found = defaultdict(list)
    for event, shape in zip(written.outcome.events, written.event_shapes(), strict=True):
        version = event.before if isinstance(event, AliasChange) else getattr(event, "version", "")
        found[event.path, version or ""].append(shape)
    return found
