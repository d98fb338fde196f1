"""The organization as it was: reading verbs at an older commit, or at a date (`--at`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NotFound, UsageError
from git_registry.model.dates import parse_date, typed
from git_registry.repository import history, remote
from git_registry.repository.revision import commit_named

if TYPE_CHECKING:
    from git_registry.index.events.steps import Step
    from git_registry.index.moment import Moment

_DIGITS = 10


def look_back(catalog: Catalog, at: str) -> None:
    """Let a catalog read the organization as of then; nothing can be written to it any more.

    Which moment a date means is told, and whether a clock that ran ahead hides steps from it.

    Args:
        catalog: the clone.
        at: a date, which means the last step whose largest committer date so far is not later; else a
            revision as in gitrevisions(7).

    Raises:
        NotFound: there was nothing yet at that date.
        UsageError: it is neither a date nor a revision of this clone.
    """
    date = parse_date(at)
    catalog.commit = _revision(catalog, at) if date is None else _at_date(catalog, date)
    catalog.date = date


def require_own(catalog: Catalog) -> None:
    """Check that the commit which is looked back to is one of the branch's own, or was merged into it.

    Raises:
        UsageError: it is not: there is something else at it, such as a project.
    """
    tip, commit = catalog.present_tip(), catalog.commit
    if commit and tip and not history.is_ancestor(catalog.repository, commit, tip):
        raise UsageError(
            f"{commit[:_DIGITS]} is a commit of another branch than {catalog.branch}",
            where="--at",
            hint="a date is understood on every branch",
        )


def last_date(catalog: Catalog) -> datetime:
    """Return when the last thing happened that a catalog looks at: the largest committer date so far.

    Raises:
        NotFound: nothing ever did.
    """
    from git_registry.index.opening import ask

    return datetime.fromtimestamp(ask(catalog, lambda moment: moment.date()), UTC)


def as_of(catalog: Catalog, other: Catalog) -> Catalog | None:
    """Return another branch as it was when a catalog looks back to; None if it had no steps yet.

    A commit that is one of the other branch's own is meant as it is. Else, and in another repository, its
    date decides, or the date that was given.
    """
    if catalog.commit is None or other is catalog:
        return other
    tip = other.tip()
    own = other.repository is catalog.repository
    if own and catalog.date is None and tip and history.is_ancestor(catalog.repository, catalog.commit, tip):
        return other.seen_from(other.branch, catalog.commit)
    from git_registry.index.opening import ask

    seconds = int(catalog.date.timestamp()) if catalog.date else ask(catalog, lambda moment: moment.date())
    commit = ask(other, lambda moment: moment.commit_at(seconds))
    return other.seen_from(other.branch, commit) if commit else None


def _revision(catalog: Catalog, text: str) -> str:
    found = commit_named(catalog.repository, catalog.reader, text)
    if found is None and catalog.reach is not Reach.HERE:
        # Branches that were fetched and not made here: `main~5`, or `HEAD~5` in a clone that has none at all.
        upstream = remote.destination(catalog.repository, catalog.branch or "HEAD")
        name = f"{upstream.remote}/{text}" if upstream else ""
        found = commit_named(catalog.repository, catalog.reader, name)
    if found is None:
        raise UsageError(
            f"{text!r} is neither a date nor a revision of this clone",
            where="--at",
            hint="such as 2026-03-01, '2026-03-01 18:30', v1.2 or main~5",
        )
    return found


def _at_date(catalog: Catalog, date: datetime) -> str:
    from git_registry.index.events.steps import hidden, last_until
    from git_registry.index.opening import ask  # a revision is read without the index

    seconds = int(date.timestamp())

    def read(moment: Moment) -> tuple[Step | None, int, tuple[Step, Step] | None]:
        last = last_until(moment, seconds)
        return last, moment.began(), hidden(moment, last, seconds) if last else None

    found, first, left_out = ask(catalog, read)
    if found is None:
        raise NotFound(
            f"nothing was there yet at {typed(date)}",
            where="--at",
            hint=f"the first step is of {typed(datetime.fromtimestamp(first, UTC))}",
        )
    catalog.notify(f"as of {typed(date)}: {_named(found)}")
    if left_out:
        one, by = map(_named, left_out)
        catalog.notify(f"later steps are not looked at, such as {one}, because they follow {by}")
    return found.commit


def _named(step: Step) -> str:
    return f"commit {step.commit[:_DIGITS]} of {typed(step.committer.at)}"
