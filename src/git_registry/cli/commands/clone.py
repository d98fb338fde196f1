"""`git registry clone`."""

from __future__ import annotations

from pathlib import Path

import click

from git_registry.catalog.oneself import in_full
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import Conflict, NotFound
from git_registry.model.names import PRINCIPAL
from git_registry.repository import remote
from git_registry.wording.sizes import counted


@verb(example="git registry clone git@git.example.org:acme/registry.git --as user:ana")
@click.argument("url")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--as", "me", metavar="PRINCIPAL", help="Who you are in the organization, such as user:ana.")
@click.option("--depth", type=click.IntRange(min=1), help="Take only so many commits.")
def command(session: Session, url: str, directory: Path | None, me: str | None, depth: int | None) -> None:
    """Clone an organization's repository.

    As `git clone`, and `git pull` in it rebases: a merge of what others published would renumber versions.
    After a plain `git clone`, `git config pull.rebase true` does the same. --as goes to `registry.user` in
    git config; commits are in the name of `user.name` and `user.email`.
    """
    if me is not None:
        me = PRINCIPAL.check(in_full(me))
    target = directory or Path(_name_of(url))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict("there is something already", where=str(target), hint="name another directory")
    # Proposals are branches, and git-clone(1) fetches but one where it is told how deep.
    repository = remote.clone(url, target, depth=depth, options=["--no-single-branch"] if depth else [])
    repository.set_config("pull.rebase", "true")
    if me:
        repository.set_config("registry.user", me)
    session.directory = str(target.absolute())
    with session.open() as catalog:
        try:
            now = catalog.now()
            organization, registries = now.organization().name, list(now.registries())
        except NotFound as nothing:
            session.output.note(f"warning: {nothing}; {nothing.hint}")
            organization, registries = None, []
        if session.output.json:
            session.output.document(
                {"directory": str(target), "organization": organization, "commit": catalog.tip()}
            )
            return
    found = (
        f"{organization} ({counted(len(registries), 'registry', 'registries')})"
        if organization
        else remote.without_credentials(url)
    )
    session.output.line(f"Cloned {found} into {target}")


def _name_of(url: str) -> str:
    """Return the directory that git would choose."""
    last = url.rstrip("/").removesuffix("/.git").rpartition("/")[2].rpartition(":")[2]
    return last.removesuffix(".git") or "registry"
