"""`git registry automation`: deliveries, redeliver, pause and resume."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from git_registry.automation.queued import OVER, STATES
from git_registry.cli.automation_names import AUTOMATION
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.wording.sizes import counted

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog

_ID = "msg_"
_ELSEWHERE = "Nothing was queued here; look where `git registry automation run` works: on the server"


@verb(
    name="deliveries",
    example="git registry automation deliveries\ngit registry automation deliveries deploy --state dead\n"
    "git registry automation deliveries msg_nqflzf5jjgn7hncfqwch4lpf",
)
@click.argument("which", required=False, default="", type=AUTOMATION, metavar="[AUTOMATION|DELIVERY]")
@click.option("--state", type=click.Choice(STATES), default=None, help="Only these.")
@click.option("--limit", type=click.IntRange(min=1), default=100, metavar="N", help="No more than so many.")
def deliveries(session: Session, which: str, state: str | None, limit: int) -> None:
    """List what was sent and what waits, newest first; of one delivery, each try and what was answered."""
    from git_registry.cli.answers import automations as answers
    from git_registry.sdk import delivering

    if which.startswith(_ID):
        _one(session, which)
        return
    with session.open() as catalog:
        note_stuck(session, catalog)
        found = delivering.deliveries(catalog, which, state or "", most=limit)
        is_kept = delivering.is_kept(catalog)
    if session.output.json:
        session.output.document([answers.delivery_shape(one) for one in found])
    elif found:
        session.output.table(answers.DELIVERIES, [answers.delivery_row(one, session.now) for one in found])
    else:
        session.output.note("No delivery is like that" if is_kept else _ELSEWHERE)


def note_stuck(session: Session, catalog: Catalog) -> None:
    """Say so where nothing that happens is queued: what is listed is then not all there is to be."""
    from git_registry.sdk import delivering

    if why := delivering.stuck(catalog):
        session.output.note(why)


def _one(session: Session, identifier: str) -> None:
    from git_registry.cli.answers import automations as answers
    from git_registry.sdk import delivering
    from git_registry.wording.automations import request_lines

    with session.open() as catalog:
        found = delivering.delivery(catalog, identifier)
    if session.output.json:
        session.output.document(answers.delivery_shape(found, whole=True))
        return
    queued = found.queued
    session.output.fields(
        [
            ("delivery", queued.id),
            ("automation", queued.automation.removesuffix(".yaml")),
            ("event", queued.event),
            ("path", queued.path),
            ("commit", queued.commit),
            ("receiver", queued.outgoing.receiver),
            ("state", queued.state),
        ]
    )
    session.output.line()
    for line in request_lines(queued.outgoing, queued.id):
        session.output.line(line)
    if found.tries:
        session.output.line()
        session.output.table(answers.TRIES, map(answers.try_row, found.tries))


@verb(
    name="redeliver",
    example="git registry automation redeliver msg_nqflzf5jjgn7hncfqwch4lpf\n"
    "git registry automation redeliver deploy --state dead",
)
@click.argument("which", nargs=-1, required=True, type=AUTOMATION, metavar="AUTOMATION|DELIVERY...")
@click.option(
    "--state", type=click.Choice(OVER), default=None, help="All deliveries of an automation that are so."
)
def redeliver(session: Session, which: tuple[str, ...], state: str | None) -> None:
    """Queue deliveries once more, delivered or dead, under the ids they had.

    They go out as they were queued, whatever their automation says by now, when the dispatcher runs next:
    `git registry automation run` does it now.
    """
    from git_registry.sdk import delivering

    _check(which, state)
    with session.open() as catalog:
        if state:
            again = [one for name in which for one in delivering.redeliver_all(catalog, name, state)]
        else:
            again = delivering.redeliver(catalog, which)
    if session.output.json:
        session.output.document([{"id": one.id, "state": one.state} for one in again])
    else:
        session.output.line(
            f"Queued {counted(len(again), 'delivery', 'deliveries')}; `git registry automation run` sends"
        )


def _check(which: tuple[str, ...], state: str | None) -> None:
    for one in which:
        if state and one.startswith(_ID):
            raise UsageError(f"--state is about automations, and {one} is a delivery")
        if not state and not one.startswith(_ID):
            raise UsageError(
                f"which deliveries of {one} is not said", hint="--state dead for all that were given up"
            )


@verb(name="pause", example="git registry automation pause deploy --because 'the cluster moves'")
@click.argument("automation", type=AUTOMATION)
@click.option("--because", default="", metavar="TEXT", help="Why; `list` and `show` say so.")
def pause(session: Session, automation: str, because: str) -> None:
    """Send nothing of an automation until it is resumed; what it starts waits.

    It counts here, where the dispatcher works; `disable` switches one off for good, wherever it is sent from.
    """
    from git_registry.sdk import delivering

    with session.open() as catalog:
        found = delivering.pause(catalog, automation, because)
    path = found.automation.removesuffix(".yaml")
    if session.output.json:
        session.output.document({"automation": path, "paused": True, "why": found.why})
    else:
        session.output.line(f"Paused {path}: {found.why}")


@verb(name="resume", example="git registry automation resume deploy")
@click.argument("automation", type=AUTOMATION)
def resume(session: Session, automation: str) -> None:
    """Go on with an automation that is paused; what waits has all its tries again.

    It goes out as it was queued, even if the automation was changed meanwhile.
    """
    from git_registry.sdk import delivering

    with session.open() as catalog:
        path = delivering.resume(catalog, automation).removesuffix(".yaml")
    if session.output.json:
        session.output.document({"automation": path, "paused": False})
    else:
        session.output.line(f"Resumed {path}; `git registry automation run` sends what waits")


COMMANDS = (deliveries, redeliver, pause, resume)
