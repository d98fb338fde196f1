"""What happened, when and by whom: to the organization, a registry, a collection, a version or an alias."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.headers import headers
from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.index.events.history import Recorded, Wanted, recorded
from git_registry.index.events.history import counted as events
from git_registry.index.events.recalled import recall, versions
from git_registry.index.events.sources import ALIAS_KINDS, EVERYTHING, Subject
from git_registry.index.events.steps import Step, proposals
from git_registry.index.events.terms import Departure, Term, departures, terms
from git_registry.index.moment import Moment
from git_registry.index.numbers import Numbers
from git_registry.index.opening import ask
from git_registry.model import selector as selectors
from git_registry.model.events import KINDS, AliasChange
from git_registry.model.selector import Selector
from git_registry.repository.signatures import Signed, signatures
from git_registry.sdk import mounts, projecting, selecting
from git_registry.sdk.crediting import Credit, credited
from git_registry.sdk.selecting import Place
from git_registry.sdk.views import named as by_name

S = TypeVar("S", bound=Step)

_TOGETHER = 500
"""Commits whose signatures are asked for at one go."""

_MANY = 64
"""Answers of a catalog that are remembered."""


@dataclass(frozen=True, slots=True)
class History:
    """Events with their steps, and the numbers of the versions they name."""

    events: Sequence[Recorded]
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Held:
    """What an alias named and when.

    Attributes:
        terms: one for each version, and for each time it named none.
        numbers: those of the versions.
        departures: each rename that took the alias away from its collection's path.
    """

    terms: Sequence[Term]
    numbers: Numbers
    departures: Sequence[Departure]


def history(catalog: Catalog, selected: str | None, wanted: Wanted) -> History:
    """Return what happened to what a selector names, or to everything; `wanted` says what of it.

    If that has an alias, it is what happened to aliases of this name in all that the selector names.
    Anything may be gone by now: an unlinked version, a removed alias, a deleted collection or registry.
    Who proposed or approved a step did it, too: see `crediting`.

    Raises:
        NotFound: there never was anything by that name.
        UsageError: the text is no selector.
    """
    there, asked = _asked(catalog, selected, wanted)

    def read(moment: Moment) -> History:
        found = recorded(moment, _with_credit(there, moment, asked))
        named = (pair for one in found for pair in versions(one.event))
        return History(found, recall(moment, there, named))

    return ask(there, read)


def counted(catalog: Catalog, selected: str | None, wanted: Wanted) -> int:
    """Return how many events `history` has without its offset and limit.

    Raises:
        NotFound: there never was anything by that name.
        UsageError: the text is no selector.
    """
    there, asked = _asked(catalog, selected, wanted)
    return ask(there, lambda moment: events(moment, _with_credit(there, moment, asked)))


def _asked(catalog: Catalog, selected: str | None, wanted: Wanted) -> tuple[Catalog, Wanted]:
    there, subject = about(catalog, selected)
    alias = wanted.subject.alias
    return there, replace(wanted, subject=_alias(there, subject.path, alias) if alias else subject)


def held(catalog: Catalog, selected: str, alias: str, wanted: Wanted) -> Held:
    """Return what an alias of a collection named, from when to when, and by whom.

    A term is wanted if a part of it is between `wanted`'s dates, and its beginning is by whom it says.

    Raises:
        NotFound: there never was such a collection, or such an alias.
        UsageError: the selector names something else.
    """
    there, selector = _place(catalog, selected)
    if selector.collection is None or selector.names_version:
        raise UsageError(f"only a collection has aliases; {selected!r} is none", hint="such as model/churn")
    subject = _subject(there, replace(selector, alias=alias))

    def read(moment: Moment) -> Held:
        asked = _with_credit(there, moment, wanted)
        every = terms(moment, there, subject.path, alias, last=_last(asked))
        found = [one for one in every if _is_wanted(one, asked)]
        found = (found[::-1] if wanted.newest_first else found)[: wanted.limit]
        named = ((one.collection, one.version) for one in found if one.version)
        return Held(found, recall(moment, there, named), departures(moment, subject.path, alias))

    if wanted.by:  # approvals come without a commit
        return ask(there, read)
    known = there.remembered(_Known).held
    key = (there.tip(), there.published_tip(), subject, wanted)
    if key not in known:
        if len(known) >= _MANY:
            known.clear()
        known[key] = ask(there, read)
    return known[key]


@dataclass(slots=True)
class _Known:
    """What aliases named, as it was asked for: one that moved ten thousand times takes a while to tell of."""

    held: dict[tuple[object, ...], Held] = field(default_factory=dict)


def _last(wanted: Wanted) -> int | None:
    """Return how many terms, of those that began last, have all that are wanted; None if nobody knows."""
    is_any = wanted.since is None and wanted.until is None and not wanted.by
    return wanted.limit if wanted.newest_first and is_any else None


def _is_wanted(term: Term, wanted: Wanted) -> bool:
    ends = term.until.committer.at if term.until else None
    return (
        (wanted.until is None or term.since.committer.at <= wanted.until)
        and (wanted.since is None or ends is None or ends >= wanted.since)
        and (
            term.since.commit in wanted.credited
            or any(wanted.is_by(who.name, who.email) for who in (term.since.author, term.since.committer))
        )
    )


def _with_credit(catalog: Catalog, moment: Moment, wanted: Wanted) -> Wanted:
    """Return the same, with the steps that those proposed or approved whose steps are wanted."""
    if not wanted.by:
        return wanted
    found = credited(catalog, proposals(moment))
    theirs = (commit for commit, credit in found.items() if _is_theirs(credit, wanted))
    return replace(wanted, credited=frozenset(theirs))


def _is_theirs(credit: Credit, wanted: Wanted) -> bool:
    who = credit.proposed_by
    return (who is not None and wanted.is_by(who.name, who.email)) or any(
        wanted.by.casefold() in principal.casefold() for principal in credit.approved_by
    )


def signed(catalog: Catalog, steps: Iterable[S]) -> Iterator[tuple[S, Signed | None]]:
    """Yield steps or events, each with what Git says of its commit's signature; None where there is none."""
    waiting = iter(steps)
    while some := list(islice(waiting, _TOGETHER)):
        known = headers(catalog, (one.commit for one in some))
        asked = [one.commit for one in some if one.commit not in known or known[one.commit].is_signed]
        found = signatures(catalog.repository, asked)
        yield from ((one, found.get(one.commit)) for one in some)


def about(catalog: Catalog, selected: str | None) -> tuple[Catalog, Subject]:
    """Return what a selector names, be it there or gone, and the clone seen from the branch it is on.

    None is everything, but what is in projects; and so is a mounted repository.
    """
    if selected is None:
        there = selecting.registries(catalog)
        with suppress(InvalidDocument):
            there.now().organization()  # or say that there is none
        return there, EVERYTHING
    run = selectors.parse_run(selected)
    if run:
        return _run(selecting.on_project(catalog, run[0]), *run)
    there, below = mounts.entered(catalog, selected)
    if there.mount and not below:
        return there, EVERYTHING
    there, selector = _place(catalog, selected)
    return there, _subject(there, selector)


def _run(there: Catalog, project: str, run: str) -> tuple[Catalog, Subject]:
    subject = Subject(path=project, run=run)
    if not _ever(there, subject):
        projecting.run_path(there.now(), project, run)  # says what is like it
    return there, subject


def names_collection(catalog: Catalog, selected: str | None) -> bool:
    """Does a selector name a collection, or something in one?"""
    return selected is not None and _place(catalog, selected).selector.collection is not None


def _place(catalog: Catalog, text: str) -> Place:
    """Read a selector; its registry may be gone, but then only its name is known."""
    try:
        return selecting.place(catalog, text)
    except NotFound:
        there, below = mounts.entered(selecting.registries(catalog), text)
        gone = replace(selectors.parse(below), mount=there.mount)
        if gone.project or not _ever(there, Subject(path=gone.registry)):
            raise
        return Place(there, gone)


def _subject(catalog: Catalog, selector: Selector) -> Subject:
    path = selector.path
    if not _ever(catalog, Subject(path=path)):
        selecting.collection(catalog, selector)  # says what is like it
    if selector.alias is not None:
        return _alias(catalog, path, selector.alias)
    if selector.names_version:
        return Subject(path=path, version=selecting.ever(catalog, selector))
    return Subject(path=path)


def _alias(catalog: Catalog, path: str, alias: str) -> Subject:
    subject = Subject(path=path, alias=alias)
    if _ever(catalog, subject):
        return subject
    about_any = Wanted(subject=Subject(path=path), kinds=frozenset(ALIAS_KINDS))
    changes = ask(catalog, lambda moment: recorded(moment, about_any))
    names = sorted({one.event.alias for one in changes if isinstance(one.event, AliasChange)})
    there = f"there were {', '.join(names)}" if names else "there never was any"
    raise NotFound(
        f"there never was an alias {alias!r}",
        where=by_name(catalog, path),
        hint=selecting.nearest(alias, names) or there,
    )


def _ever(catalog: Catalog, subject: Subject) -> bool:
    """Did anything ever happen to it?"""
    return bool(ask(catalog, lambda moment: recorded(moment, Wanted(subject=subject, limit=1))))


def kinds(text: str) -> frozenset[str]:
    """Return the kinds of events that are named: `alias-moved`, or `alias` for all about one, and commas.

    Raises:
        UsageError: there is no such kind.
    """
    return frozenset(kind for name in text.split(",") for kind in _kinds(name.strip()))


def _kinds(name: str) -> list[str]:
    found = [kind for kind in KINDS if kind == name or kind.startswith(f"{name}-")]
    if not found:
        about_what = dict.fromkeys(kind.rpartition("-")[0] for kind in KINDS)
        raise UsageError(
            f"there is no kind of event {name!r}",
            hint=selecting.nearest(name, [*KINDS, *about_what])
            or f"all of one begin {', '.join(about_what)}",
        )
    return found
