"""`git registry init`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from git_registry.catalog.oneself import in_full
from git_registry.cli.options import push_option, verb
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.errors import UsageError
from git_registry.model.names import PLACE, PRINCIPAL
from git_registry.repository.identity import author
from git_registry.repository.repository import Repository
from git_registry.sdk.initialize import CORE, Setup, initialize, nothing_left, repository_for
from git_registry.store.location import absolute


@verb(example="git registry init acme --store s3://acme-ml")
@click.argument("directory", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="What the organization is called; by default like the directory.")
@click.option("--store", metavar="URI", help="Where blobs go; by default a directory beside the repository.")
@click.option("--admin", metavar="PRINCIPAL", help="Who runs it, such as user:ana; by default you.")
@push_option
def command(
    session: Session, directory: Path, name: str | None, store: str | None, admin: str | None
) -> None:
    """Create an organization in a directory or repository, new or already there.

    It begins with the registries `model` and `dataset`. A directory that is no repository becomes one; one
    inside of another repository becomes a repository of its own. Files that are there stay as they are, and
    are not committed. STORE is any fsspec URI: s3://, gs://, abfs://, or a directory. It is not contacted.
    """
    top = directory.absolute()
    if name is not None:
        PLACE.check(name)
    name = name or _name_from(top)
    setup_store = absolute(store) if store else absolute(str(top.parent / f"{name}-store"))
    if admin is not None:
        admin = PRINCIPAL.check(in_full(admin))
    with nothing_left(top):
        repository = repository_for(top)
        setup = Setup(name=name, store=setup_store, admin=admin or _you(session, repository))
        outcome = initialize(repository, setup, clock=lambda: session.now)
    session.directory = str(top)
    said = [
        f"Created the organization {setup.name} in {directory}, with the registries {' and '.join(CORE)}",
        f"Its store is {setup.store}{'' if store else ' (beside it; --store names another)'}",
        f"Its admin is {setup.admin}{'' if admin else ' (after your e-mail; --admin names another)'}",
    ]
    with session.open() as catalog:
        finish(session, catalog, outcome, instead=said)


def _name_from(directory: Path) -> str:
    """Return an organization's name like the directory's, as far as the rules for names allow."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", directory.name).strip("._-")[:128]
    if name in CORE or PLACE.problem(name):
        name = f"{name}-registry"
    problem = PLACE.problem(name)
    if problem:
        raise UsageError(f"the directory gives no name: {problem}", hint="pass --name")
    return name


def _you(session: Session, repository: Repository) -> str:
    email = author(repository, session.now).email
    you = "user:" + re.sub(r"[^A-Za-z0-9._@+-]", "-", email.partition("@")[0])[:64]
    problem = PRINCIPAL.problem(you)
    if problem:
        raise UsageError(f"your e-mail gives no principal: {problem}", hint="pass --admin user:NAME")
    return you
