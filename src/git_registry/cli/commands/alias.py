"""`git registry alias`: add and remove."""

from __future__ import annotations

import click

from git_registry.cli.options import push_option, rewrite_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.sdk import aliasing


@click.group("alias")
def command() -> None:
    """Add and remove aliases, the movable names of versions."""


@verb(name="add", example="git registry alias add model/churn:v3 staging eu-staging")
@click.argument("selector", type=SELECTOR)
@click.argument("aliases", nargs=-1, required=True, metavar="ALIAS...")
@rewrite_option
@push_option
def add(session: Session, selector: str, aliases: tuple[str, ...]) -> None:
    """Point aliases at a version, in one commit."""
    with session.open() as catalog:
        finish(session, catalog, aliasing.add(catalog, selector, aliases))


@verb(name="remove", example="git registry alias remove model/churn eu-staging")
@click.argument("collection", type=SELECTOR)
@click.argument("aliases", nargs=-1, required=True, metavar="ALIAS...")
@rewrite_option
@push_option
def remove(session: Session, collection: str, aliases: tuple[str, ...]) -> None:
    """Take aliases away from a collection; the versions stay."""
    with session.open() as catalog:
        finish(session, catalog, aliasing.remove(catalog, collection, aliases))


command.add_command(add)
command.add_command(remove)
