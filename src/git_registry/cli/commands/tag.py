"""`git registry tag`: add and remove."""

from __future__ import annotations

import click

from git_registry.cli.options import push_option, rewrite_option, verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.sdk import noting


@click.group("tag")
def command() -> None:
    """Add and remove tags, the labels of versions and collections."""


@verb(name="add", example="git registry tag add model/churn:v3 eu 'needs review'")
@click.argument("selector", type=SELECTOR)
@click.argument("tags", nargs=-1, required=True, metavar="TAG...")
@rewrite_option
@push_option
def add(session: Session, selector: str, tags: tuple[str, ...]) -> None:
    """Tag a version or a collection."""
    with session.open() as catalog:
        finish(session, catalog, noting.tag(catalog, selector, add=tags))


@verb(name="remove", example="git registry tag remove model/churn:v3 'needs review'")
@click.argument("selector", type=SELECTOR)
@click.argument("tags", nargs=-1, required=True, metavar="TAG...")
@rewrite_option
@push_option
def remove(session: Session, selector: str, tags: tuple[str, ...]) -> None:
    """Take tags away from a version or a collection."""
    with session.open() as catalog:
        finish(session, catalog, noting.tag(catalog, selector, remove=tags))


command.add_command(add)
command.add_command(remove)
