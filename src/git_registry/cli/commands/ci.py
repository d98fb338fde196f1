"""`git registry ci`: github, gitlab and event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from git_registry.cli import shapes
from git_registry.cli.commands.ci_event import event
from git_registry.cli.options import verb
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.sdk.ci import pipelines
from git_registry.sdk.ci.pipelines import Pipeline, Setup

_PRINT = "-"
_SAY_WHAT = "--install git+https://…@COMMIT, a copy of yours; or --version X, if your index has it"


@click.group("ci")
def command() -> None:
    """Let GitHub or GitLab judge requests and look at pushes, and start pipelines from promotions."""


_OPTIONS = (
    click.option(
        "--version",
        metavar="VERSION",
        help="Which git-registry pip installs, from an index of yours that has it; else --install.",
    ),
    click.option(
        "--install",
        metavar="TEXT",
        help="What pip installs: a URL, best of a copy of yours and a commit there: git+https://…@…",
    ),
    click.option(
        "--output",
        metavar="PATH",
        help="Where in the repository, from its top; - prints it. By default where the host looks.",
    ),
    click.option("--check", is_flag=True, help="Write nothing; say whether what is committed is the same."),
    click.option("--rewrite", is_flag=True, help="Write over a file that is somebody else's."),
)


def _writing(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@verb(
    name="github",
    example="git registry ci github --install git+https://github.com/acme/git-registry@0123456789abcdef\n"
    "git registry ci github --version 1.2.3 --check",
)
@_writing
def github(session: Session, **options: Any) -> None:  # noqa: ANN401
    """Write workflows: a check of each pull request, with a comment, and one of each push.

    .github/workflows/registry.yml judges what a request would merge, in a merge queue once more, and what was
    pushed to the default branch. registry-again.yml beside it runs the check again when a review comes.
    Require the check `request` in a ruleset. With --check it ends with exit code 4 if the files that are
    committed differ; give it the same options.
    """
    _write(session, "github", **options)


@verb(
    name="gitlab",
    example="git registry ci gitlab --install git+https://gitlab.com/acme/git-registry@0123456789abcdef\n"
    "git registry ci gitlab --version 1.2.3 --output registry.yml\n"
    "git registry ci gitlab --version 1.2.3 --output -",
)
@_writing
def gitlab(session: Session, **options: Any) -> None:  # noqa: ANN401
    """Write a pipeline: a check of each merge request, with a note, and one of each push.

    .gitlab-ci.yml judges what a request would merge, in a merge train once more, and what was pushed to the
    default branch. It takes the variable REGISTRY_TOKEN, a project access token, which whoever defines a job
    can read: so print it with --output -, keep it in another project, and name that in this one's settings.
    With --check it ends with exit code 4 if the file that is committed differs; give it the same options.
    """
    _write(session, "gitlab", **options)


command.add_command(github)
command.add_command(gitlab)
command.add_command(event)


def _write(
    session: Session,
    host: str,
    *,
    version: str | None,
    install: str | None,
    output: str | None,
    check: bool,
    rewrite: bool,
) -> None:
    if check and output == _PRINT:
        raise UsageError("--check says what differs, and --output - prints it; take one of them")
    setup = Setup(
        host=host,
        install=_installed(version, install),
        output=None if output == _PRINT else output,
    )
    with session.open() as catalog:
        made = pipelines.made(catalog, setup)
        if not check and output != _PRINT:
            pipelines.write(catalog, made, over=rewrite)
    _say(session, setup, made, check=check, printing=output == _PRINT)
    if check:
        pipelines.require_current(setup, made)


def _installed(version: str | None, install: str | None) -> str:
    """Return what pip is told; raise `UsageError` if nobody says: on an index anybody may take our name."""
    if version is not None and install is not None:
        raise UsageError("--version and --install both say what is installed; take one of them")
    found = install or (f"git-registry=={version}" if version else "")
    if not found:
        raise UsageError("what the pipeline installs, and so who judges, is not said", hint=_SAY_WHAT)
    return found


def _say(session: Session, setup: Setup, made: tuple[Pipeline, ...], *, check: bool, printing: bool) -> None:
    if session.output.json:
        session.output.document([_shape(setup, one) for one in made])
        return
    for note in pipelines.told(setup, made):
        session.output.note(f"note: {note}")
    for one in made:
        if printing:
            session.output.line(
                one.text.removesuffix("\n") if one is made[0] else f"---\n{one.text}".rstrip("\n")
            )
        elif check:
            _say_differences(session, one)
        elif one.differences:
            session.output.line(f"Wrote {one.path}; commit it")
        else:
            session.output.line(f"{one.path} was so already")


def _say_differences(session: Session, one: Pipeline) -> None:
    if not one.is_there:
        session.output.line(f"{one.path} is not committed")
    elif one.differences:
        session.output.line("\n".join(f"{one.path}: {line}" for line in one.differences))
    else:
        session.output.line(f"{one.path} is as it would be written")


def _shape(setup: Setup, one: Pipeline) -> shapes.Shape:
    return {
        "for": setup.host,
        "path": one.path,
        "lines": one.text.splitlines(),
        "current": not one.differences,
        "differences": list(one.differences),
    }
