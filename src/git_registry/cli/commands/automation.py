"""`git registry automation`: list, show and test; the other verbs are beside it.

A server's hook starts `run` after each push: what the others need is imported by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from git_registry.cli.automation_names import AUTOMATION
from git_registry.cli.commands import automation_deliveries, automation_documents, automation_run
from git_registry.cli.options import at_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.errors import InvalidDocument, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_registry.automation.queued import Paused
    from git_registry.catalog.catalog import Catalog

_LATEST = 5
"""Deliveries that `show` tells of."""

_AUTOMATION = click.argument("automation", type=AUTOMATION)


@click.group("automation")
def command() -> None:
    """Let something follow by itself when a model is promoted, linked, tagged …: a webhook, a pipeline.

    An automation stands in a registry or a collection: model/churn/automations/deploy. Its name alone will
    do where no other has it. It runs on the server once it is on the default branch.
    """


@verb(name="list", example="git registry automation list\ngit registry automation list model/churn")
@click.argument("place", required=False, default="", type=SELECTOR)
@at_option
def list_(session: Session, place: str) -> None:
    """List automations: what each starts from, what it asks for, and what it does."""
    from git_registry.cli.answers import automations as answers
    from git_registry.sdk import automating

    with session.open() as catalog:
        views = automating.automations(catalog, place)
        paused = {} if any(view.is_mounted for view in views) else _paused(session, catalog)
    if session.output.json:
        session.output.document([answers.shape(view, paused) for view in views])
        return
    if views:
        session.output.table(answers.HEADER, [answers.row(view, paused) for view in views])
    else:
        session.output.note("There are no automations; `git registry automation create` makes one")
    for view in views:
        if view.problem:
            session.output.note(f"{view.path} starts nothing: {view.problem}")


@verb(name="show", example="git registry automation show deploy")
@_AUTOMATION
@at_option
def show(session: Session, automation: str) -> None:
    """Show an automation, and the latest that was sent for it, where that is kept."""
    from git_registry import codec
    from git_registry.automation.queued import Health
    from git_registry.cli.answers import automations as answers
    from git_registry.sdk import automating, delivering

    with session.open() as catalog:
        view = automating.automation(catalog, automation)
        own = "" if view.is_mounted else view.path
        paused = _paused(session, catalog) if own else {}
        latest = delivering.deliveries(catalog, own, most=_LATEST) if own else []
        health = delivering.health(catalog, own) if own else Health()
    if session.output.json:
        sent = [answers.delivery_shape(one) for one in latest]
        shape = {**answers.shape(view, paused), "health": answers.health_shape(health, session.now)}
        session.output.document({**shape, "deliveries": sent})
        return
    if view.document is None:
        raise InvalidDocument(view.problem, hint="mend the file; until then it starts nothing")
    session.output.fields(answers.fields(view, paused, health, session.now))
    session.output.line()
    session.output.line(codec.encode(view.document).decode().removesuffix("\n"))
    if latest:
        session.output.line()
        session.output.table(answers.DELIVERIES, [answers.delivery_row(one, session.now) for one in latest])


def _paused(session: Session, catalog: Catalog) -> Mapping[str, Paused]:
    from git_registry.sdk import delivering

    automation_deliveries.note_stuck(session, catalog)
    return {one.automation: one for one in delivering.paused(catalog)}


@verb(
    name="test",
    example="git registry automation test deploy\ngit registry automation test deploy --step HEAD~3\n"
    "git registry automation test deploy --suppose model/churn:v3 --alias production",
)
@_AUTOMATION
@click.option("--step", metavar="REV", default="", help="Because of what happened in this commit.")
@click.option(
    "--suppose", "version", metavar="SELECTOR", help="As if what it starts from had happened to this version."
)
@click.option("--alias", default="", metavar="ALIAS", help="With --suppose: the alias that was set.")
def test(session: Session, automation: str, *, step: str, version: str | None, alias: str) -> None:
    """Show the exact request that an automation would send, and send nothing.

    It is because of the newest event that would start it, and as if it were switched on. Secrets stand there
    by their names. On a server it ends with exit code 4 if that would not let it go, and says why.
    """
    from git_registry.cli.answers import automations as answers
    from git_registry.sdk import rehearsing
    from git_registry.sdk.supposing import Supposed
    from git_registry.wording.automations import about, request_lines

    if (step and version) or (alias and not version):
        raise UsageError("--suppose takes --alias, and no --step")
    supposed = Supposed(version=version, alias=alias) if version else None
    with session.open() as catalog:
        found = rehearsing.rehearse(catalog, automation, step=step, supposed=supposed)
    if session.output.json:
        session.output.document(answers.rehearsal_shape(found))
    else:
        for line in request_lines(found.outgoing, found.delivery):
            session.output.line(line)
        session.output.note(f"Not sent; {about(found)}")
        if found.problem:
            session.output.note(f"Called from here, this server would not send it: {found.problem}")
    if found.problem:
        click.get_current_context().exit(Refused.exit_code)


_VERBS = (list_, show, *automation_documents.COMMANDS, test, automation_run.command)
for one in (*_VERBS, *automation_deliveries.COMMANDS):
    command.add_command(one)
