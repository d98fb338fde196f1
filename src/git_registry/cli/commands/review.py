"""`git registry review`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from git_registry.cli.options import verb
from git_registry.cli.requesting import Options, request_options
from git_registry.cli.session import Session
from git_registry.errors import UsageError

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.sdk.reviewing import Look, Review


@verb(
    example="git registry review bob/promote-churn\ngit registry review main..HEAD\n"
    "git registry review origin/main..HEAD --host github --actor ana-gh --author bob-gh --markdown"
)
@click.argument("what", metavar="PROPOSAL|BASE..HEAD", required=False)
@request_options
@click.option("--commit", metavar="ID", help="The commit a proposal has to be at; else the exit code is 6.")
@click.option("--markdown", is_flag=True, help="Print a comment for the forge.")
@click.option("--no-blobs", is_flag=True, help="Ask no store whether the blobs are there.")
@click.option("--digests", is_flag=True, help="Read the blobs, and compare their digests.")
def command(
    session: Session,
    what: str | None,
    *,
    commit: str | None,
    markdown: bool,
    no_blobs: bool,
    digests: bool,
    **request: Any,  # noqa: ANN401
) -> None:
    """Tell what a proposal does, and what somebody who decides about it wants to know.

    What is protected comes first; then who must still approve, each gate, versions beside those whose place
    they take, who wrote the numbers that gates read, whether the blobs are there, and how to undo it all.

    It is judged as `check` does with the same options. Of a range that nobody says more of, you are the
    author, and who merges it. It ends with 0 whatever the verdict,
    a conflict too: a pipeline that shall fail asks `check`.
    """
    from git_registry.cli.answers.review_conflicts import Unmergeable
    from git_registry.cli.answers.reviewed import reviewed
    from git_registry.sdk.looked_at import remember
    from git_registry.sdk.reviewing import Look

    if no_blobs and digests:
        raise UsageError("--digests reads what --no-blobs leaves alone", where="--digests")
    options = Options(**request)
    look = Look.NONE if no_blobs else Look.DIGESTS if digests else Look.SIZES
    with session.open() as catalog:
        asked = _Asked(what, commit, options, look)
        done = reviewed(catalog, options.number, lambda: _reviewed(catalog, asked))
        # Before it is printed: who has read enough quits the pager.
        if not isinstance(done, Unmergeable) and done.summary.review.proposal:
            remember(catalog, done.summary.review.proposal)
        if session.output.json:
            session.output.document(done.shape())
        else:
            for line in done.comment() if markdown else done.lines():
                session.output.line(line)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be reviewed, and how."""

    what: str | None
    commit: str | None
    options: Options
    look: Look


def _reviewed(catalog: Catalog, asked: _Asked) -> Review:
    from git_registry.catalog.proposals import refresh
    from git_registry.sdk.reviewing import review, review_proposal

    what = asked.what
    if what is None or ".." in what:
        if asked.commit is not None:
            raise UsageError("a range names its commits itself", where="--commit")
        return review(catalog, _about(catalog, _ranged(what, asked.options)).told(), asked.look)
    _require_no_other(asked.options)
    refresh(catalog)
    return review_proposal(catalog, what, asked.look, commit=asked.commit)


def _require_no_other(options: Options) -> None:
    """Raise `UsageError` if something was said of a request: a proposal says all of it itself."""
    for name in Options.__slots__:
        if getattr(options, name):
            option = f"--{name.replace('_', '-')}"
            raise UsageError("whose a proposal is, and who approved it, refs say", where=option)


def _ranged(what: str | None, options: Options) -> Options:
    """Return the options with the range that is named, however it is.

    Raises:
        UsageError: it is named twice, or not at all.
    """
    if what is None:
        if options.base is None:
            raise UsageError("what is to be reviewed?", hint="a proposal's name, BASE..HEAD, or --base REV")
        return options
    if options.base is not None or options.head is not None:
        raise UsageError("--base and --head name the range a second time", where=what)
    base, _, head = what.partition("..")
    return replace(options, base=base, head=head.removeprefix("."))


def _about(catalog: Catalog, options: Options) -> Options:
    """Return the options of a request that is ours, where nobody says whose it is."""
    from git_registry.catalog.oneself import myself

    me = myself(catalog) if options.actor is None else None
    if me is None:
        return options
    return replace(options, actor=me, author=options.author or (me,))
