"""`git registry automation`: list, show, create, enable, disable, remove, test; the rest is beside it.

A server's hook starts `run` after each push: what the others need is imported by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from git_registry.cli.automation_names import AUTOMATION
from git_registry.cli.commands import automation_deliveries, automation_run
from git_registry.cli.options import at_option, push_option, rewrite_option, verb
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
    name="create",
    example="git registry automation create model/churn deploy --on alias-moved --where 'alias = production' "
    "--webhook https://deploy.acme.example/hook --secret REG_WH_DEPLOY\n"
    "git registry automation create model tell --on version-linked --slack REG_WH_SLACK\n"
    "git registry automation create model/churn deploy --file deploy.yaml --replace",
)
@click.argument("place", type=SELECTOR)
@click.argument("name")
@click.option("--on", "events", multiple=True, metavar="EVENT", help="It starts from this; may be repeated.")
@click.option("--where", multiple=True, metavar="CLAUSE", help="And if this holds: 'metrics.auc >= 0.9'.")
@click.option("--match", metavar="JSON|@FILE", help="The same in MongoDB's words.")
@click.option("--webhook", metavar="URL", help="Send a request there.")
@click.option("--slack", metavar="SECRET", help="Tell a channel; the secret is its incoming webhook.")
@click.option("--github", metavar="OWNER/REPOSITORY", help="Start a workflow, by repository_dispatch.")
@click.option("--gitlab", metavar="PROJECT", help="Start a pipeline.")
@click.option("--command", metavar="NAME", help="Run a command that the server's admin allows.")
@click.option("--secret", metavar="SECRET", help="The name of the key that a webhook is signed by.")
@click.option("--token", metavar="SECRET", help="The name of the token for a webhook, GitHub or GitLab.")
@click.option("--ref", metavar="REF", help="The branch or Git tag that GitLab's pipeline runs on.")
@click.option("--body", metavar="JSON|@FILE", help="What a webhook sends instead of our event: a template.")
@click.option("--cloudevents", is_flag=True, help="A webhook sends our event as a CloudEvent.")
@click.option("--description", help="What it is for, in a sentence.")
@click.option("--disabled", is_flag=True, help="It starts nothing yet.")
@click.option("--file", metavar="FILE", help="A document that says all of it, and may say more.")
@click.option("--replace", is_flag=True, help="If there is one of that name, it says this from now on.")
@rewrite_option
@push_option
def create(
    session: Session,
    place: str,
    name: str,
    *,
    replace: bool,
    **options: Any,  # noqa: ANN401 - click has checked them
) -> None:
    """Create an automation in a registry or a collection.

    To change one, say all of it once more with --replace; `enable` and `disable` change that alone.

    A secret is named, as in REG_WH_DEPLOY, and never written down here; the server's admin says what it is,
    where it may be sent and for which registries.
    """
    from git_registry.cli.automating import Typed
    from git_registry.cli.writing import finish
    from git_registry.sdk import automating

    document = Typed(**options).automation()
    with session.open() as catalog:
        if replace:
            outcome = automating.put(catalog, place, name, document)
        else:
            outcome = automating.create(catalog, place, name, document)
        finish(session, catalog, outcome)


@verb(name="enable", example="git registry automation enable deploy")
@_AUTOMATION
@rewrite_option
@push_option
def enable(session: Session, automation: str) -> None:
    """Switch an automation on: it starts from what happens once that is on the default branch."""
    from git_registry.cli.writing import finish
    from git_registry.sdk import automating

    with session.open() as catalog:
        finish(session, catalog, automating.enable(catalog, automation))


@verb(name="disable", example="git registry automation disable deploy --propose -m 'The cluster moves.'")
@_AUTOMATION
@rewrite_option
@push_option
def disable(session: Session, automation: str) -> None:
    """Switch an automation off: it stays as it is, and starts nothing until it is enabled.

    What it has started by then is sent; `pause`, where the dispatcher works, holds that back.
    """
    from git_registry.cli.writing import finish
    from git_registry.sdk import automating

    with session.open() as catalog:
        finish(session, catalog, automating.disable(catalog, automation))


@verb(name="remove", example="git registry automation remove deploy")
@_AUTOMATION
@push_option
def remove(session: Session, automation: str) -> None:
    """Remove an automation; what still waits to be sent for it is given up."""
    from git_registry.cli.writing import finish
    from git_registry.sdk import automating

    with session.open() as catalog:
        finish(session, catalog, automating.remove(catalog, automation))


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

    if (step and version) or (alias and not version):
        raise UsageError("--suppose takes --alias, and no --step")
    supposed = Supposed(version=version, alias=alias) if version else None
    with session.open() as catalog:
        found = rehearsing.rehearse(catalog, automation, step=step, supposed=supposed)
    if session.output.json:
        session.output.document(answers.rehearsal_shape(found))
    else:
        for line in answers.request_lines(found.outgoing, found.delivery):
            session.output.line(line)
        session.output.note(f"Not sent; {answers.about(found)}")
        if found.problem:
            session.output.note(f"Called from here, this server would not send it: {found.problem}")
    if found.problem:
        click.get_current_context().exit(Refused.exit_code)


_VERBS = (list_, show, create, enable, disable, remove, test, automation_run.command)
for one in (*_VERBS, *automation_deliveries.COMMANDS):
    command.add_command(one)
