"""`git registry hooks`: install, status and doctor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from git_registry.catalog.oneself import in_full
from git_registry.cli import shapes
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import Conflict, Refused, UsageError
from git_registry.policy.settings import FORGE, GIVEN, SIGNUP, known
from git_registry.sdk.serving.doctor import Diagnosis, diagnose
from git_registry.sdk.serving.installing import Hook, Installation, Installed
from git_registry.sdk.serving.installing import install as install_at
from git_registry.sdk.serving.layouts import ADVISING, ENFORCING, LAYOUTS, PER_REF, Wish
from git_registry.sdk.serving.settings import Believed
from git_registry.sdk.serving.status import HookStatus
from git_registry.sdk.serving.status import status as status_at

_HERE = click.argument("repository", required=False, metavar="[REPOSITORY]")
_LAYOUT = click.option(
    "--layout",
    type=click.Choice(list(LAYOUTS)),
    help="Where the host looks for hooks; by default what the repository looks like.",
)
_INTO = click.option(
    "--into",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path, file_okay=False),
    help="The host's own directory for hooks: gitolite's LOCAL_CODE, GitLab's custom_hooks_dir, or one that "
    "core.hooksPath names.",
)


@click.group("hooks")
def command() -> None:
    """Install the hooks that judge pushes, and see how they are."""


@verb(name="install", example="git registry hooks install acme.git --identity gitolite --rescue user:ana")
@_HERE
@click.option("--identity", metavar="ADAPTER", help=f"Who says who pushes: one of {known()}.")
@click.option(
    "--rescue",
    multiple=True,
    metavar="PRINCIPAL",
    help="Who may make the first push, and mend a policy that can't be read; repeat it to name all: who was "
    "named before and is not now goes. A key, SHA256:…, where only keys are known.",
)
@click.option(
    "--accounts",
    type=click.Choice([GIVEN, SIGNUP]),
    help="Who hands out the names of accounts: you, or whoever signs up; the adapter has a default.",
)
@click.option(
    "--approvals", type=click.Choice([FORGE]), help="Approvals are given in the host's own requests."
)
@_LAYOUT
@_INTO
@click.option("--update", is_flag=True, help="The host runs no pre-receive, but update.")
def install(
    session: Session,
    repository: str | None,
    identity: str | None,
    rescue: tuple[str, ...],
    accounts: str | None,
    approvals: str | None,
    layout: str | None,
    into: Path | None,
    *,
    update: bool,
) -> None:
    """Put hooks where the host of a repository looks for them, and say in its git config whom it believes.

    Run it on the server, with the Python that shall judge: the hooks name that one. In a clone it installs
    advice. No hook is replaced but an older one of ours, and no recommended setting that is there. Ends with
    exit code 6 if another hook is in the way: the line to add to it is told.
    """
    who = tuple(map(in_full, rescue))
    believed = Believed(identity=identity, accounts=accounts, rescue=who, approvals=approvals)
    wish = Wish(into=into.absolute() if into else None, hooks=PER_REF if update else ENFORCING)
    done = install_at(_place(session, repository), Installation(layout=layout, believed=believed, wish=wish))
    if session.output.json:
        session.output.document(_installed_shape(done))
    else:
        session.output.whole_table(["WHAT", "BECAME", "VALUE"], _installed_rows(done))
        for line in (*map(_addition, filter(lambda hook: hook.add, done.hooks)), *done.then):
            session.output.line(f"Next: {line}")
        for line in done.notes:
            session.output.line(f"Note: {line}")
    if not done.is_complete:
        click.get_current_context().exit(Conflict.exit_code)


@verb(name="status", example="git registry hooks status acme.git")
@_HERE
@_LAYOUT
@_INTO
def status(session: Session, repository: str | None, layout: str | None, into: Path | None) -> None:
    """Show which hooks a repository has, whether they can run, and who says who pushes."""
    found = status_at(_place(session, repository), layout, into.absolute() if into else None)
    if session.output.json:
        session.output.document(_status_shape(found))
        return
    rows = ([one.stands.name, one.stands.whose.value, str(one.stands.place)] for one in found.hooks)
    session.output.whole_table(["HOOK", "STATE", "PLACE"], rows)
    session.output.fields(_status_fields(found))


@verb(name="doctor", example="git registry hooks doctor acme.git")
@_HERE
@_LAYOUT
@_INTO
def doctor(session: Session, repository: str | None, layout: str | None, into: Path | None) -> None:
    """Look for what weakens the hooks of a server: settings, files, rules; and say what mends it.

    Changes nothing. Ends with exit code 4 if something lets pushes past the rules, or stops all of them.
    """
    found = diagnose(_place(session, repository), layout, into.absolute() if into else None)
    if session.output.json:
        session.output.document(_diagnosis_shape(found))
    else:
        for one in found.symptoms:
            session.output.line(f"{one.weight.value}: {one.about}: {one.message}; {one.why}")
            if one.mend:
                session.output.line(f"  hint: {one.mend}")
        if found.is_sound:
            session.output.line(f"Nothing weakens {found.status.repository}")
    if not found.is_sound:
        click.get_current_context().exit(Refused.exit_code)


command.add_command(install)
command.add_command(status)
command.add_command(doctor)


def _place(session: Session, repository: str | None) -> Path:
    place = repository or session.directory or "."
    if "://" in place:
        raise UsageError(
            "hooks are installed where the repository lies, not over the network",
            where=place,
            hint="run this on the server, and name the directory",
        )
    return Path(place)


def _addition(hook: Hook) -> str:
    first = "" if hook.name in ADVISING else ", as its first command"
    return f"add to {hook.place}{first}: {hook.add}"


def _installed_rows(done: Installed) -> Iterator[list[str]]:
    for hook in done.hooks:
        calls = hook.placed.name == "TAKEN" and not hook.add
        yield [hook.name, "calls ours" if calls else hook.placed.name.lower(), str(hook.place)]
    for setting in done.settings:
        was = f", was {' '.join(setting.was)}" if setting.was else ""
        yield [setting.key, f"{setting.became.value}{was}", setting.value]


def _status_fields(found: HookStatus) -> Iterator[tuple[str, str]]:
    yield "repository", str(found.repository)
    yield "layout", found.layout.name
    for python in sorted({one.stands.python for one in found.hooks if one.stands.python}):
        yield "python", python
    for one in found.hooks:
        if one.trouble:
            yield f"{one.stands.name} can't run", one.trouble
    if found.layout.name == "clone":
        yield "user", found.user or "nobody says; git config registry.user user:NAME"
    else:
        yield "identity", found.identity or "nobody says who pushes"
        by_default = "" if found.accounts else ", as the adapter has it"
        yield "accounts", f"{found.handing_out}{by_default}" if found.handing_out else "nobody hands them out"
        yield "rescue", " ".join(found.rescue) or "nobody"
        yield "approvals", found.approvals or "in the repository"


def _installed_shape(done: Installed) -> shapes.Shape:
    return {
        "layout": done.layout,
        "complete": done.is_complete,
        "hooks": [
            {"hook": one.name, "path": str(one.place), "became": one.placed.name.lower(), "add": one.add}
            for one in done.hooks
        ],
        "settings": [
            {"key": one.key, "value": one.value, "became": one.became.name.lower(), "was": list(one.was)}
            for one in done.settings
        ],
        "next": list(done.then),
        "notes": list(done.notes),
    }


def _status_shape(found: HookStatus) -> shapes.Shape:
    return {
        "repository": str(found.repository),
        "layout": found.layout.name,
        "hooks": [
            {
                "hook": one.stands.name,
                "path": str(one.stands.place),
                "state": one.stands.whose.value,
                "executable": one.stands.is_executable,
                "shared": one.stands.is_shared,
                "python": one.stands.python,
                "trouble": one.trouble,
            }
            for one in found.hooks
        ],
        "identity": found.identity,
        "accounts": found.handing_out,
        "rescue": list(found.rescue),
        "approvals": found.approvals,
        "user": found.user,
    }


def _diagnosis_shape(found: Diagnosis) -> shapes.Shape:
    return {
        "repository": str(found.status.repository),
        "layout": found.status.layout.name,
        "sound": found.is_sound,
        "symptoms": [
            {
                "about": one.about,
                "weight": one.weight.value,
                "message": one.message,
                "why": one.why,
                "mend": one.mend,
            }
            for one in found.symptoms
        ],
    }
