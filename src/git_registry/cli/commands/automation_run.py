"""`git registry automation run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from git_registry.cli.log_lines import LogLines
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import NetworkError, UsageError
from git_registry.wording.sizes import counted

if TYPE_CHECKING:
    from git_registry.cli.shapes import Shape
    from git_registry.sdk.ci.pushes import Push
    from git_registry.sdk.dispatching import Dispatched


@verb(
    name="run",
    example="git registry automation run\ngit registry automation run --stay 900\n"
    "git registry automation run --from 4be1f00d\ngit registry automation run --pipeline",
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
@click.option(
    "--log",
    is_flag=True,
    help="Print lines for a log, with time and commit; none if there was nothing to do.",
)
@click.option(
    "--pipeline", is_flag=True, help="Answer the push that started this pipeline of GitHub or GitLab."
)
@click.option("--base", metavar="REV", help="Answer one push: what was there before it.")
@click.option("--head", metavar="REV", help="What was pushed; HEAD if only --base is given.")
def command(
    session: Session,
    *,
    stay: float,
    since: str,
    skip: bool,
    log: bool,
    pipeline: bool,
    base: str | None,
    head: str | None,
) -> None:
    """Send what follows from what happened on the default branch, and what else is due.

    A server's hook starts it after each push; a timer may, too. It goes on where it was left: what happened
    before it ran for the first time is not answered. With --pipeline, or --base, it answers one push, tries
    for a minute, keeps nothing, and ends with exit code 7 if anything was not delivered.
    """
    if head is not None and base is None:
        raise UsageError("from where the branch moved is not said", hint="--base REV")
    if sum((bool(since), skip, pipeline, base is not None)) > 1:
        raise UsageError("of --from, --skip, --pipeline and --base only one says what is answered")
    if log and (pipeline or base is not None):
        raise UsageError("--log is of use where no push is answered by itself: without --pipeline and --base")
    if pipeline or base is not None:
        _answer_push(session, base, head or "HEAD")
    elif log:
        _log(session, stay, since, skip=skip)
    else:
        _tell(session, _go_on(session, stay, since, skip=skip))


def _go_on(session: Session, stay: float, since: str, *, skip: bool) -> Dispatched:
    from git_registry.sdk import delivering, dispatching

    with session.open() as catalog:
        delivering.require_place(catalog)
        begin = dispatching.answering(catalog).tip() or "" if skip else since
        if isinstance(session.output, LogLines):
            session.output.tip = catalog.tip() or ""
        return dispatching.dispatch(catalog, stay=stay, since=begin)


def _log(session: Session, stay: float, since: str, *, skip: bool) -> None:
    session.output = LogLines(json=session.output.json)
    done = _go_on(session, stay, since, skip=skip)
    if done.new or done.sent:
        _tell(session, done)


def _tell(session: Session, done: Dispatched) -> None:
    if session.output.json:
        session.output.document(_shape(done))
        return
    session.output.line(
        f"Queued {done.new}, sent {counted(done.sent, 'time')}: delivered {done.delivered}, "
        f"to be tried again {done.failed}, given up {done.dead}"
    )
    for one in done.paused:
        path = one.automation.removesuffix(".yaml")
        session.output.note(f"Paused {path}: {one.why}; `git registry automation resume {path}` goes on")


def _shape(done: Dispatched) -> Shape:
    return {
        "new": done.new,
        "sent": done.sent,
        "delivered": done.delivered,
        "failed": done.failed,
        "dead": done.dead,
        "paused": [
            {"automation": one.automation.removesuffix(".yaml"), "why": one.why} for one in done.paused
        ],
    }


def _answer_push(session: Session, base: str | None, head: str) -> None:
    from git_registry.cli.answers import automations as answers
    from git_registry.sdk.ci.dispatching import dispatch_range
    from git_registry.sdk.ci.pushes import Push, push
    from git_registry.sdk.delivering import Delivery

    with session.open() as catalog:
        moved: Push = push(catalog.environ) if base is None else Push(before=base, after=head)
        sent = dispatch_range(catalog, moved.before, moved.after)
    made = [Delivery(queued=one.delivery, tries=one.tries) for one in sent]
    if session.output.json:
        session.output.document([answers.delivery_shape(one) for one in made])
    elif made:
        session.output.table(answers.DELIVERIES, [answers.delivery_row(one, session.now) for one in made])
    else:
        session.output.note("Nothing follows from this push")
    if any(one.problem for one in sent):
        click.get_current_context().exit(NetworkError.exit_code)
