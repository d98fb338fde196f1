"""The files of `git registry ci github` and `ci gitlab`: written, printed, or compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from git_registry.cli import shapes
from git_registry.cli.session import Session
from git_registry.errors import UsageError
from git_registry.sdk.ci import cautions, pipelines
from git_registry.sdk.ci.binding import Binding
from git_registry.sdk.ci.pipelines import Pipeline, Setup

_PRINT = "-"
_SAY_WHAT = "--install git+https://…@COMMIT, a copy of yours; or --version X, if your index has it"

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
        "--automations", is_flag=True, help="A push to the default branch sends what follows from it."
    ),
    click.option(
        "--secret",
        "secrets",
        multiple=True,
        metavar="NAME=URL,REGISTRY",
        help="A secret that automations of a registry, or of several with commas, may have sent to a URL, or "
        "to what is below it; may be repeated.",
    ),
    click.option(
        "--output",
        metavar="PATH",
        help="Where in the repository, from its top; - prints it. By default where the host looks.",
    ),
    click.option("--check", is_flag=True, help="Write nothing; say whether what is committed is the same."),
    click.option("--rewrite", is_flag=True, help="Write over a file that is somebody else's."),
)


def asking(function: Callable[..., None]) -> Callable[..., None]:
    """Have a command ask how the files shall be."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asks for."""

    host: str
    version: str | None
    install: str | None
    automations: bool
    secrets: tuple[str, ...]
    output: str | None
    check: bool
    rewrite: bool

    @property
    def prints(self) -> bool:
        """Are the files printed, and not written?"""
        return self.output == _PRINT

    def setup(self) -> Setup:
        """Return how the files shall be; raise `UsageError` if that is not said."""
        if self.check and self.prints:
            raise UsageError("--check says what differs, and --output - prints it; take one of them")
        return Setup(
            host=self.host,
            install=_installed(self.version, self.install),
            output=None if self.prints else self.output,
            automations=self.automations,
            secrets=tuple(map(Binding.of, self.secrets)),
        )


def write(session: Session, asked: Asked) -> None:
    """Write the files, or print them, or say how those that are committed differ."""
    setup = asked.setup()
    with session.open() as catalog:
        made = pipelines.made(catalog, setup)
        lacking = [*cautions.of_automations(catalog, setup)]
        if not asked.check and not asked.prints:
            pipelines.write(catalog, made, over=asked.rewrite)
    if session.output.json:
        session.output.document([_shape(setup, one) for one in made])
    else:
        for note in (*cautions.of_files(setup, made), *lacking):
            session.output.note(f"note: {note}")
        _say(session, asked, made)
    if asked.check:
        pipelines.require_current(setup, made)


def _installed(version: str | None, install: str | None) -> str:
    """Return what pip is told; raise `UsageError` if nobody says: on an index anybody may take our name."""
    if version is not None and install is not None:
        raise UsageError("--version and --install both say what is installed; take one of them")
    found = install or (f"git-registry=={version}" if version else "")
    if not found:
        raise UsageError("what the pipeline installs, and so who judges, is not said", hint=_SAY_WHAT)
    return found


def _say(session: Session, asked: Asked, made: tuple[Pipeline, ...]) -> None:
    for one in made:
        if asked.prints:
            session.output.line(
                one.text.removesuffix("\n") if one is made[0] else f"---\n{one.text}".rstrip("\n")
            )
        elif asked.check:
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
