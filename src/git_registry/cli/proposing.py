"""How a command ends that proposes what it did: where that is, and what becomes of it."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome
from git_registry.cli.answers import written
from git_registry.cli.session import Session
from git_registry.sdk import mounts


def finish(session: Session, catalog: Catalog, outcome: Outcome) -> None:
    """Say what was proposed."""
    if outcome.mount and not catalog.mount:
        catalog = mounts.opened(catalog, outcome.mount)
    name = outcome.branch.removeprefix("proposals/")
    if session.output.json:
        events = written.event_shapes(catalog, outcome.commit, outcome.events)
        session.output.document({"proposal": name, "commit": outcome.commit, "events": events})
        return
    if not outcome.events or outcome.commit is None:
        session.output.line("Nothing to propose: it is so already")
        return
    for line in written.lines(catalog, outcome.events):
        session.output.line(line)
    session.output.line(f"Proposed as {name}, at {outcome.commit[:8]}")
