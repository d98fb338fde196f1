"""`git registry star`."""

from __future__ import annotations

import click

from git_registry.cli.options import verb
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.sdk.starring import star, starred, unstar


@verb(example="git registry star model\ngit registry star\ngit registry star --remove model")
@click.argument("registries", nargs=-1, type=SELECTOR)
@click.option("--remove", is_flag=True, help="Star them no more.")
def command(session: Session, registries: tuple[str, ...], *, remove: bool) -> None:
    """Star registries, which then stand first in the web view; without any, list those that are starred.

    This clone's git config remembers them: they are yours, and nothing is committed.
    """
    if remove and not registries:
        raise UsageError("no registry is named", where="--remove", hint="`git registry star` lists them")
    with session.open() as catalog:
        if registries:
            done = (unstar if remove else star)(catalog, registries)
        listed = starred(catalog)
    if session.output.json:
        session.output.document(list(listed))
    elif registries:
        for name in done:
            session.output.line(f"{name} is {'no longer ' if remove else ''}starred")
    else:
        session.output.table(["REGISTRY"], ([name] for name in listed))
