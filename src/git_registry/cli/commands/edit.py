"""`git registry edit`."""

from __future__ import annotations

import click

from git_registry.cli import values
from git_registry.cli.options import push_option, rewrite_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.errors import UsageError
from git_registry.sdk.managing import Description, edit


@verb(example="git registry edit model/churn --description 'Who will leave within 90 days.'")
@click.argument("selector", type=SELECTOR)
@click.option("--title", help="What it is called in prose.")
@click.option("--description", help="What it is for, in a sentence.")
@click.option("--card", metavar="FILE", help="Its README.md; an empty file removes it.")
@click.option(
    "--add-type", "add_types", multiple=True, metavar="TYPE", help="A type a registry shall accept too."
)
@rewrite_option
@push_option
def command(
    session: Session,
    selector: str,
    title: str | None,
    description: str | None,
    card: str | None,
    add_types: tuple[str, ...],
) -> None:
    """Describe a registry or a collection anew.

    What is not named stays; an empty text removes a field. A version's description is in its notes: see
    `annotate`.
    """
    if title is None and description is None and card is None and not add_types:
        raise UsageError(
            "what shall be edited?",
            where=selector,
            hint="pass --title, --description or --card; for a registry also --add-type",
        )
    about = Description(
        title=title, description=description, card=None if card is None else values.content(card)
    )
    with session.open() as catalog:
        outcome = edit(catalog, selector, about, add_types=add_types)
        finish(session, catalog, outcome)
