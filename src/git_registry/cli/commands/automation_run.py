"""`git registry automation run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.cli.sizes import counted
from git_registry.errors import UsageError

if TYPE_CHECKING:
    from git_registry.sdk.dispatching import Dispatched


@verb(
    name="run",
    example="git registry automation run\ngit registry automation run --stay 900\n"
    "git registry automation run --from 4be1f00d",
)
@click.option(
    "--stay",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help="Wait so long for deliveries that are to be tried again.",
)
@click.option("--from", "since", metavar="REV", default="", help="Answer all that happened after this step.")
@click.option(
    "--skip", is_flag=True, help="Go on from the branch's tip; what happened before is not answered."
)
def command(session: Session, stay: float, since: str, skip: bool) -> None:  # noqa: FBT001
    """Send what follows from what happened on the default branch, and what else is due.

    A server's hook starts it after each push; a timer may, too. It goes on where it was left: what happened
    before it ran for the first time is not answered.
    """
    from git_registry.sdk import dispatching

    if since and skip:
        raise UsageError("--from and --skip both say where to go on; take one of them")
    with session.open() as catalog:
        begin = dispatching.answering(catalog).tip() or "" if skip else since
        done = dispatching.dispatch(catalog, stay=stay, since=begin)
    if session.output.json:
        session.output.document(_shape(done))
        return
    session.output.line(
        f"Queued {done.new}, sent {counted(done.sent, 'time')}: delivered {done.delivered}, "
        f"to be tried again {done.failed}, given up {done.dead}"
    )
    for why in done.paused:
        session.output.note(f"Paused {why}")


def _shape(done: Dispatched) -> dict[str, object]:
    return {
        "new": done.new,
        "sent": done.sent,
        "delivered": done.delivered,
        "failed": done.failed,
        "dead": done.dead,
        "paused": list(done.paused),
    }
