"""`git registry codeowners`."""

from __future__ import annotations

import click

from git_registry.cli.options import at_option, verb
from git_registry.cli.session import Session
from git_registry.errors import Refused
from git_registry.sdk import codeowning
from git_registry.sdk.codeowning import Codeowners
from git_registry.sdk.ownership import PLACES

_PRINT = "-"


@verb(
    example="git registry codeowners\n"
    "git registry codeowners --for gitlab --output -\n"
    "git registry codeowners --check"
)
@click.option("--for", "host", type=click.Choice(list(PLACES)), default="github", help="Which host reads it.")
@click.option(
    "--output",
    metavar="PATH",
    help="Where in the repository, from its top; - prints it. By default where there is one, else "
    ".github/CODEOWNERS for github and CODEOWNERS for others.",
)
@click.option("--check", is_flag=True, help="Write nothing; say whether the one that is committed is right.")
@click.option("--rewrite", is_flag=True, help="Write over a file that somebody wrote and did not commit.")
@at_option
def command(session: Session, host: str, output: str | None, *, check: bool, rewrite: bool) -> None:
    """Write CODEOWNERS: who may approve what is changed below each path, by their accounts on a host.

    It follows from organization.yaml and the registries' access.yaml as they are committed here: admins and
    members with accounts in `identities`, and teams that name the host's. With --check it ends with exit code
    4 if the file that is committed is another, or is not the one that the host reads.

    A second belt and a coarse one: it can't tell one change of a file from another. Hooks, or
    `git registry check` before a merge, judge what is done.
    """
    with session.open() as catalog:
        owners = codeowning.made(catalog, host, None if output == _PRINT else output)
        if not check and output != _PRINT:
            if not rewrite:
                codeowning.require_replaceable(catalog, owners)
            codeowning.write(catalog, owners)
    _say(session, owners, check=check, printing=output == _PRINT)
    if check and not owners.is_current:
        click.get_current_context().exit(Refused.exit_code)


def _say(session: Session, owners: Codeowners, *, check: bool, printing: bool) -> None:
    if session.output.json:
        session.output.document(
            {
                "for": owners.host,
                "path": owners.path,
                "lines": owners.text.splitlines(),
                "notes": list(owners.told),
                "current": owners.is_current,
                "differences": list(owners.differences),
            }
        )
        return
    for line in owners.told:
        session.output.note(f"note: {line}")
    if check:
        for line in owners.differences:
            session.output.line(line)
        if owners.is_current:
            session.output.line(f"{owners.path} is as the rules have it")
    elif printing:
        session.output.line(owners.text.removesuffix("\n"))
    elif owners.differences:
        session.output.line(f"Wrote {owners.path}; commit it")
    else:
        session.output.line(f"{owners.path} was so already")
