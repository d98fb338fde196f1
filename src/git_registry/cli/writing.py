"""How every writing command ends: publish if asked to, and say what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome
from git_registry.cli.answers import written as answers
from git_registry.cli.output import Output
from git_registry.cli.session import Session
from git_registry.errors import RegistryError
from git_registry.repository import remote
from git_registry.sdk import mounts
from git_registry.sdk.syncing import Synced, sync
from git_registry.wording.sizes import counted


def finish(
    session: Session,
    catalog: Catalog,
    outcome: Outcome,
    *,
    about: Callable[[], Mapping[str, object]] | None = None,
    first: Sequence[str] = (),
    last: Sequence[str] = (),
    instead: Sequence[str] = (),
) -> None:
    """Publish what was committed, if that is wanted, and print what happened.

    What is committed is said even if it can't be published.

    Args:
        session: the command's run.
        catalog: the clone.
        outcome: what it did.
        about: makes what JSON says of the one thing written, beside its `events`; else these are all.
        first: lines to print before the events, only as text.
        last: lines to print after them.
        instead: lines to print instead of them.
    """
    if session.proposal is not None:
        from git_registry.cli import proposing

        proposing.finish(session, catalog, outcome)
        return
    written = publish(session, catalog, outcome)
    if session.output.json:
        events = written.event_shapes()
        session.output.document({**about(), "events": events} if about else events)
    else:
        lines = instead or answers.lines(written.catalog, outcome.events)
        for line in (*first, *lines, *last) or ("Nothing to do: it is so already",):
            session.output.line(line)
        print_synced(session.output, written.synced)
    if written.failure:
        raise written.failure
    _advise(session, written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a commit.

    Attributes:
        catalog: the clone, seen from the branch it is on.
        outcome: what was committed.
        synced: what came from the remote and went there.
        failure: why it is not published, if it should be and isn't.
    """

    catalog: Catalog
    outcome: Outcome
    synced: Synced
    failure: RegistryError | None = None

    def event_shapes(self) -> list[object]:
        """Return what happened as JSON has it, with the commit that it is by now."""
        commit = self.catalog.tip() if self.synced.replayed else self.outcome.commit
        return answers.event_shapes(self.catalog, commit, self.outcome.events)


def publish(session: Session, catalog: Catalog, outcome: Outcome) -> Written:
    """Publish what was committed, if that is wanted."""
    catalog = _written(catalog, outcome)
    done = Written(catalog=catalog, outcome=outcome, synced=_published(catalog, outcome))
    if not session.wants_push(catalog):
        return done
    try:
        return replace(done, synced=sync(catalog))
    except RegistryError as failure:
        if outcome.events:
            failure.hint = f"it is committed here, not published; {failure.hint}".removesuffix("; ")
        return replace(done, failure=failure)


def _advise(session: Session, written: Written) -> None:
    """Say what the server would say to what waits here; of what is published, it said so itself."""
    if session.wants_push(written.catalog):
        return
    from git_registry.sdk.advising import advice

    said = advice(written.catalog, written.outcome)
    if said:
        session.output.note(said)


def fail(output: Output, failures: Sequence[RegistryError]) -> None:
    """Say what failed, if anything did, and end as the first of it does. JSON has said it all by now."""
    if not failures:
        return
    for one in failures[1:] if not output.json else ():
        output.error(one)
    raise failures[0]


def _published(catalog: Catalog, outcome: Outcome) -> Synced:
    """Return what a commit has published already, since it was made on the remote."""
    if not outcome.attempts:
        return Synced()
    upstream = remote.destination(catalog.repository, catalog.written_branch())
    url = catalog.repository.config(f"remote.{upstream.remote}.url") if upstream else None
    return Synced(pushed=1, to=remote.without_credentials(url or ""))


def _written(catalog: Catalog, outcome: Outcome) -> Catalog:
    """Return the clone seen from the branch that was written to: a project's, whichever is checked out.

    Or the clone of the repository that was: a mounted one.
    """
    if outcome.mount and not catalog.mount:
        catalog = mounts.opened(catalog, outcome.mount)
    if outcome.branch == catalog.branch:
        return catalog
    return catalog.seen_from(outcome.branch).reaching()


def print_synced(output: Output, synced: Synced) -> None:
    """Say what came from the remote and went there."""
    for line in synced_lines(synced):
        output.line(line)


def synced_lines(synced: Synced) -> Iterator[str]:
    """Yield what came from the remote and went there, a line each; nothing if nothing did."""
    yield from synced.notes
    if synced.fetched:
        yield f"Fetched {counted(synced.fetched, 'commit')}"
    if synced.replayed:
        yield f"Replayed {counted(synced.replayed, 'commit')} on top"
    if synced.pushed:
        yield f"Published {counted(synced.pushed, 'commit')} to {synced.to}"
