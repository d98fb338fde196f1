"""`git registry create`."""

from __future__ import annotations

import click

from git_registry.cli import values
from git_registry.cli.options import push_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.errors import UsageError
from git_registry.sdk.managing import Description, create_collection, create_registry


@verb(
    example="git registry create evaluation --type table --title Evaluations\n"
    "git registry create model/churn --tag tabular --description 'Who will leave.'"
)
@click.argument("target", type=SELECTOR)
@click.option(
    "--type", "types", multiple=True, help="An artifact type: those a registry accepts, the collection's."
)
@click.option("--tag", "tags", multiple=True, help="A collection's tag.")
@click.option("--title", help="What it is called in prose.")
@click.option("--description", help="What it is for, in a sentence.")
@click.option("--card", metavar="FILE", help="Its README.md.")
@push_option
def command(
    session: Session,
    target: str,
    types: tuple[str, ...],
    tags: tuple[str, ...],
    title: str | None,
    description: str | None,
    card: str | None,
) -> None:
    """Create a registry, REGISTRY, or a collection, REGISTRY/COLLECTION.

    A registry without --type accepts artifacts of any type; types may be added later, not removed. A
    collection holds artifacts of one type: by default the only one its registry accepts.
    """
    about = Description(title=title, description=description, card=values.content(card) if card else None)
    is_collection = "/" in target.strip("/")
    if is_collection and len(types) > 1:
        raise UsageError("a collection holds artifacts of one type", where="--type")
    if tags and not is_collection:
        raise UsageError("only collections and versions have tags", where="--tag")
    with session.open() as catalog:
        if is_collection:
            artifact_type = types[0] if types else None
            outcome = create_collection(catalog, target, about, artifact_type=artifact_type, tags=tags)
        else:
            outcome = create_registry(catalog, target.strip("/"), about, types)
        finish(session, catalog, outcome)
