"""What several commands have in common: options, and how they are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import click

from git_registry.cli.session import Session
from git_registry.errors import NotFound

F = TypeVar("F", bound=Callable[..., Any])


class Verb(click.Command):
    """A command whose help ends with an example to copy."""

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it stands, unwrapped."""
        super().format_epilog(ctx, formatter)
        with formatter.section("For example"):
            for line in self.example.splitlines():
                formatter.write(f"  {line.strip()}\n")


def verb(example: str, *, name: str | None = None) -> Callable[[Callable[..., None]], Verb]:
    """Make a function a command; it is given the session first."""

    def make(function: Callable[..., None]) -> Verb:
        return click.command(name, cls=Verb, example=example)(json_option(click.pass_obj(function)))

    return make


def _session(ctx: click.Context) -> Session | None:
    """Return the session; there is none while a shell completes a word."""
    return ctx.obj if isinstance(ctx.obj, Session) else None


def _json(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    session = _session(ctx)
    if session and wanted:
        session.output.json = True


def _push(ctx: click.Context, _option: click.Parameter, wanted: bool | None) -> None:  # noqa: FBT001
    session = _session(ctx)
    if session and wanted is not None:
        session.push = wanted


def _propose(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    session = _session(ctx)
    if session and wanted and session.proposal is None:
        session.proposal = ""


def _proposal(ctx: click.Context, _option: click.Parameter, name: str | None) -> None:
    session = _session(ctx)
    if session and name is not None:
        session.proposal = name


def _request(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    session = _session(ctx)
    if session:
        session.request = wanted


def _why(ctx: click.Context, _option: click.Parameter, text: str | None) -> None:
    session = _session(ctx)
    if session and text is not None:
        session.why = text.strip()


def _rewrite(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001
    session = _session(ctx)
    if session and wanted:
        session.rewrite = True


def _at(ctx: click.Context, _option: click.Parameter, at: str | None) -> None:
    session = _session(ctx)
    if session and at is not None:
        session.at = at


def _trust(ctx: click.Context, _option: click.Parameter, prefixes: tuple[str, ...]) -> None:
    session = _session(ctx)
    if session:
        session.trusted += prefixes


json_option = click.option(
    "--json", is_flag=True, expose_value=False, callback=_json, help="One JSON document instead of text."
)
_push_option = click.option(
    "--push/--no-push",
    default=None,
    expose_value=False,
    callback=_push,
    help="Publish at once; `registry.push` in git config is the default.",
)
_propose_option = click.option(
    "--propose",
    is_flag=True,
    expose_value=False,
    callback=_propose,
    help="Put it on a branch of its own, cut from what is published, and ask for review.",
)
_proposal_option = click.option(
    "--proposal",
    metavar="NAME",
    expose_value=False,
    callback=_proposal,
    help="The same, and what the proposal is called; by default what is done says that.",
)
request_option = click.option(
    "--request/--no-request",
    default=True,
    expose_value=False,
    callback=_request,
    help="Of what is proposed: open the pull or merge request too, where the forge has them.",
)
_why_option = click.option(
    "-m",
    "--message",
    metavar="TEXT",
    expose_value=False,
    callback=_why,
    help="Why: what the commit says below its first line. Who reviews a proposal reads it.",
)


def push_option(function: F) -> F:
    """Give a command that writes the options that say where that goes, and why."""
    placed = _propose_option(_proposal_option(request_option(_as_published(function))))
    return _push_option(_why_option(placed))


def _as_published(function: F) -> F:
    """Let a command that proposes say, of what it does not find, that it looked at what is published."""

    @wraps(function)
    def command(session: Session, *args: Any, **options: Any) -> None:  # noqa: ANN401
        try:
            function(session, *args, **options)
        except NotFound as missing:
            if session.proposal is not None:
                from git_registry.cli.proposing import remarked

                remarked(session, missing)
            raise

    return cast("F", command)


trust_option = click.option(
    "--trust-uri",
    multiple=True,
    metavar="PREFIX",
    expose_value=False,
    callback=_trust,
    help="Also read from below this URI, for this once.",
)
at_option = click.option(
    "--at",
    metavar="REV|DATE",
    expose_value=False,
    callback=_at,
    help="As of then: a revision, or a date. A day such as 2026-03-01 means its beginning in UTC; "
    "`history --until` takes all of it.",
)
rewrite_option = click.option(
    "--rewrite",
    is_flag=True,
    expose_value=False,
    callback=_rewrite,
    help="Rewrite documents even if that drops their comments.",
)
