"""`git registry automation`: create, edit, enable, disable and remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from git_registry.cli.automation_names import AUTOMATION
from git_registry.cli.options import push_option, rewrite_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session

F = TypeVar("F", bound=Callable[..., Any])

_AUTOMATION = click.argument("automation", type=AUTOMATION)

_SAID = (
    click.option(
        "--on", "events", multiple=True, metavar="EVENT", help="It starts from this; may be repeated."
    ),
    click.option("--where", multiple=True, metavar="CLAUSE", help="And if this holds: 'metrics.auc >= 0.9'."),
    click.option("--match", metavar="JSON|@FILE", help="The same in MongoDB's words."),
    click.option(
        "--webhook", metavar="URL|SECRET", help="Send a request there; the secret is one that is the URL."
    ),
    click.option("--slack", metavar="SECRET", help="Tell a channel; the secret is its incoming webhook."),
    click.option("--github", metavar="OWNER/REPOSITORY", help="Start a workflow, by repository_dispatch."),
    click.option("--gitlab", metavar="PROJECT", help="Start a pipeline."),
    click.option("--command", metavar="NAME", help="Run a command that the server's admin allows."),
    click.option("--secret", metavar="SECRET", help="The name of the key that a webhook is signed by."),
    click.option(
        "--previous-secret",
        metavar="SECRET",
        help="The key before it, while a receiver may have that.",
    ),
    click.option("--token", metavar="SECRET", help="The name of the token for a webhook, GitHub or GitLab."),
    click.option("--ref", metavar="REF", help="The branch or Git tag that GitLab's pipeline runs on."),
    click.option(
        "--body", metavar="JSON|@FILE", help="What a webhook sends instead of our event: a template."
    ),
    click.option("--cloudevents", is_flag=True, help="A webhook sends our event as a CloudEvent."),
    click.option("--description", help="What it is for, in a sentence."),
)
"""What an automation says, as options."""


def _said(function: F) -> F:
    """Give a command those options."""
    for option in reversed(_SAID):
        function = option(function)
    return function


@verb(
    name="create",
    example="git registry automation create model/churn deploy --on alias-moved --where 'alias = production' "
    "--webhook https://deploy.acme.example/hook --secret REG_WH_DEPLOY\n"
    "git registry automation create model tell --on version-linked --slack REG_WH_SLACK\n"
    "git registry automation create model tell-teams --on version-linked --webhook REG_WH_TEAMS\n"
    "git registry automation create model/churn deploy --file deploy.yaml --replace",
)
@click.argument("place", type=SELECTOR)
@click.argument("name")
@_said
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


@verb(
    name="edit",
    example="git registry automation edit deploy --where 'alias = production' --where 'metrics.auc >= 0.9'\n"
    "git registry automation edit tell --slack REG_WH_TEAM --propose",
)
@_AUTOMATION
@_said
@rewrite_option
@push_option
def edit(
    session: Session,
    automation: str,
    **options: Any,  # noqa: ANN401 - click has checked them
) -> None:
    """Let an automation start from something else, ask for something else, or do something else.

    What is not named stays. What it starts from, what it asks for and what it does are each said whole: the
    secret of a webhook together with its URL.
    """
    from git_registry.cli.automating import Typed
    from git_registry.cli.writing import finish
    from git_registry.errors import InvalidDocument
    from git_registry.sdk import automating

    said = Typed(**options)
    with session.open() as catalog:
        seen = automating.automation(catalog, automation)
        if seen.document is None:
            raise InvalidDocument(seen.problem, hint="`create --replace` says all of it anew")
        new = said.over(seen.document)
        finish(session, catalog, automating.change(catalog, seen.path, seen=seen.document, document=new))


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


COMMANDS = (create, edit, enable, disable, remove)
