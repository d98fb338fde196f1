"""A pull or merge request, as options tell of it, judged and printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

from git_registry.cli.session import Session
from git_registry.errors import InvalidDocument, Refused, UsageError
from git_registry.sdk.requests import HOSTS, Judgement, Told, judgement

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was typed of a request; each is an option of the same name."""

    base: str | None
    head: str | None
    actor: str | None
    approved_by: tuple[str, ...]
    author: tuple[str, ...]
    host: str | None
    merge: bool
    squash: bool
    number: str

    def require_none(self) -> None:
        """Raise `UsageError` if any was typed: without `--base` there is no request."""
        for name in self.__slots__:
            if getattr(self, name):
                option = f"--{name.replace('_', '-')}"
                raise UsageError(
                    f"{option} is about a request; into which branch that is merged is not said",
                    where=option,
                    hint="--base REV",
                )

    def told(self) -> Told:
        """Return the request; raise `UsageError` if something is missing."""
        if not self.base:
            raise UsageError("no revision is named", where="--base", hint=_WHOLE)
        if self.actor is None:
            raise UsageError("who merges it is not said", hint=_WHOLE)
        return Told(
            base=self.base,
            head=self.head or "HEAD",
            actor=self.actor,
            approved_by=self.approved_by,
            authors=self.author,
            host=self.host or "",
            stepwise=not (self.merge or self.squash),
        )


_WHOLE = "git registry check --base origin/main --head HEAD --actor NAME"

_OPTIONS = (
    click.option(
        "--base", metavar="REV", help="Judge a request: the default branch, into which it is merged."
    ),
    click.option("--head", metavar="REV", help="What is to be merged; HEAD if nothing is said."),
    click.option(
        "--actor",
        metavar="NAME",
        help="Who merges it: user:ana, github:ana-gh, or ana; - if nobody knows yet.",
    ),
    click.option(
        "--approved-by",
        multiple=True,
        metavar="NAME[@COMMIT]",
        help="Who approved it, and the full id of the commit that they saw; may be repeated.",
    ),
    click.option(
        "--author",
        multiple=True,
        metavar="NAME",
        help="Who opened it, and everybody else who pushed to it; repeat it. It takes the role of each.",
    ),
    click.option(
        "--host", type=click.Choice(HOSTS), help="Whose account a name is that has no kind before it."
    ),
    click.option("--merge", is_flag=True, help="Every merge there makes a merge commit."),
    click.option("--squash", is_flag=True, help="Every merge there makes one commit of all."),
    click.option(
        "--number", "--proposal", metavar="NUMBER", default="", help="What the forge calls the request."
    ),
)


def request_options(function: F) -> F:
    """Give a command the options of a request, in the order of help."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), function)


def judge(session: Session, options: Options, *, markdown: bool = False) -> None:
    """Judge a request, print what is said of it, and end with the exit code that says so.

    Args:
        session: of the command.
        options: the request.
        markdown: print the comment that `review --markdown` prints, which asks no store here.
    """
    with session.open() as catalog:
        shown = _commented if markdown and not session.output.json else _told
        done = shown(session, catalog, options)
    _end(done)


def _told(session: Session, catalog: Catalog, options: Options) -> Judgement:
    from git_registry.cli.answers.verdict import Answer
    from git_registry.index.numbers import settled

    done = judgement(catalog, options.told())
    answer = Answer(done, settled(catalog.seen_from(catalog.branch, done.base)), options.number)
    if session.output.json:
        session.output.document(answer.shape())
    else:
        for line in answer.lines():
            session.output.line(line)
    return done


def _commented(session: Session, catalog: Catalog, options: Options) -> Judgement:
    from git_registry.cli.answers.review_conflicts import Unmergeable
    from git_registry.cli.answers.reviewed import reviewed
    from git_registry.sdk.reviewing import Look, review

    done = reviewed(catalog, options.number, lambda: review(catalog, options.told(), Look.NONE))
    for line in done.comment():
        session.output.line(line)
    if isinstance(done, Unmergeable):
        raise done.conflict
    return done.summary.review.judgement


def _end(done: Judgement) -> None:
    if done.found:
        code = InvalidDocument.exit_code if done.is_misshapen else Refused.exit_code
        click.get_current_context().exit(code)
