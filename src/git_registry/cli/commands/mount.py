"""`git registry mount`: list, trust, forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from git_registry.cli.options import json_option, verb
from git_registry.cli.session import Session
from git_registry.sdk import mounting

if TYPE_CHECKING:
    from git_registry.cli.shapes import Shape
    from git_registry.sdk.mounting import MountView


@click.group("mount", invoke_without_command=True)
@json_option
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show the repositories that the organization mounts; trust one, or forget it.

    They stand in `repositories:` of organization.yaml, and hold what not everybody may read. One that is
    trusted and may be read is named like a part of this organization: secret/model/churn:v3. It is fetched
    when it is named, and what is written to it is published at once. Without a word, all are shown, and what
    each lets you do.
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj)


def _list(session: Session) -> None:
    with session.open() as catalog:
        views = mounting.listed(catalog)
    if session.output.json:
        session.output.document([_shape(view) for view in views])
        return
    session.output.table(["MOUNT", "URL", "TRUST", "ACCESS", "PROBLEM"], map(_row, views))
    for view in views:
        if view.hint:
            session.output.note(f"hint: {view.mount.name}: {view.hint}")


def _row(view: MountView) -> list[str]:
    one = view.mount
    return [one.name, one.shown, one.trust.value, _access(view), view.problem]


def _access(view: MountView) -> str:
    if view.readable is None:
        return ""
    return "read-write" if view.writable else "read" if view.readable else "no access"


def _shape(view: MountView) -> Shape:
    one = view.mount
    shape: Shape = {"mount": one.name, "url": one.shown, "trust": one.trust.value}
    shape |= {"readable": view.readable, "writable": view.writable, "registries": list(view.registries)}
    return shape | ({"problem": view.problem, "hint": view.hint or None} if view.problem else {})


@verb(name="trust", example="git registry mount\ngit registry mount trust secret")
@click.argument("name")
def trust(session: Session, name: str) -> None:
    """Trust the URL that a mount has now, and fetch it.

    This clone's git config remembers the URL. If the organization names another one later, it has to be
    trusted again. Only https and ssh are trusted, files of this machine only with
    `git config registry.mount.allow file`.
    """
    with session.open() as catalog:
        trusted = mounting.trust(catalog, name)
        if not session.output.json:
            session.output.line(f"Trusted {name}: {trusted.shown}")
        view = mounting.fetch(catalog, name)
    if session.output.json:
        session.output.document(_shape(view))
        return
    there = f": {', '.join(view.registries)}" if view.registries else ", and no registries are in it"
    session.output.line(f"Fetched it, {_access(view)}{there}")


@verb(name="forget", example="git registry mount forget secret")
@click.argument("name")
def forget(session: Session, name: str) -> None:
    """Trust a mount no more, and remove what was fetched of it."""
    with session.open() as catalog:
        mounting.forget(catalog, name)
    if session.output.json:
        session.output.document({"mount": name, "trust": "not trusted"})
    else:
        session.output.line(f"Forgot {name}")


command.add_command(trust)
command.add_command(forget)
