"""What happened, as a table or as JSON lines; and what an alias named, from when to when."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from git_registry.errors import UsageError
from git_registry.index.events.history import Recorded, Wanted
from git_registry.index.events.sources import Subject
from git_registry.model.dates import first_moment, last_moment, typed
from git_registry.sdk import auditing
from git_registry.sdk.crediting import credited
from git_registry.sdk.views import named, shown
from git_registry.wording.authors import by, signed_by
from git_registry.wording.happened import told

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.cli.output import Output
    from git_registry.cli.session import Session
    from git_registry.cli.shapes import Shape
    from git_registry.index.events.steps import Step
    from git_registry.index.events.terms import Term
    from git_registry.repository.signatures import Signed
    from git_registry.sdk.auditing import Held, History
    from git_registry.sdk.crediting import Credit

_DIGITS = 10
_LIMIT = re.compile("0*[1-9][0-9]{0,17}")
_HEADER = ("TIME", "BY", "COMMIT", "PROPOSAL", "SIGNATURE", "EVENT")
_OFTEN_EMPTY = (3, 4)
"""Columns a person is spared where nothing is in them; a script finds its fields where they always are."""
_TERM_HEADER = ("VERSION", "ID", "FROM", "TO", "BY", "COMMIT", "SUBJECT")
_NONE = "none"
"""Where an alias named no version; as `promote --expect` has it."""


def answer(
    session: Session,
    selector: str | None = None,
    *,
    alias: str | None = None,
    since: str | None = None,
    until: str | None = None,
    by: str | None = None,
    event: str | None = None,
    limit: str | None = None,
    reverse: bool = False,
) -> None:
    """Print a row for each event, or for each version that an alias of a collection named."""
    if alias == "":
        raise UsageError("--alias takes a name, found none")
    wanted = Wanted(
        subject=Subject(alias=alias or ""),
        kinds=auditing.kinds(event) if event is not None else frozenset(),
        since=first_moment(since) if since is not None else None,
        until=last_moment(until) if until is not None else None,
        by=by or "",
        newest_first=not reverse,
        limit=_limit(limit),
    )
    with session.open() as catalog:
        if selector is None or alias is None or not auditing.names_collection(catalog, selector):
            _events(session.output, auditing.history(catalog, selector, wanted))
        elif wanted.kinds:
            raise UsageError("--alias shows what the alias named, and --event events; take one of them")
        else:
            _terms(session.output, alias, auditing.held(catalog, selector, alias, wanted))


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    if not _LIMIT.fullmatch(text):
        raise UsageError(f"--limit takes a number from 1, of at most 18 digits, found {text!r}")
    return int(text)


def _events(output: Output, found: History) -> None:
    signed = auditing.signed(found.numbers.catalog, found.events)
    credit = _credited(found.numbers.catalog, found.events).get
    if output.json:
        from git_registry.cli import shapes

        output.documents(
            shapes.event(
                one.event,
                one,
                found.numbers,
                proposal=one.proposal,
                signed=signature,
                credit=credit(one.commit),
            )
            for one, signature in signed
        )
        return
    rows = (
        _row(one, credit(one.commit), signature, told(one.event, found.numbers)) for one, signature in signed
    )
    if output.is_terminal:
        _print_for_people(output, list(rows))
    else:
        output.table(_HEADER, rows)


def _credited(catalog: Catalog, steps: Iterable[Step]) -> Mapping[str, Credit]:
    return credited(catalog, {one.commit: one.proposal for one in steps})


def _row(one: Recorded, credit: Credit | None, signature: Signed | None, words: str) -> list[str]:
    proposal = f"#{one.proposal}" if one.proposal.isdecimal() else one.proposal
    return [
        *(typed(one.committer.at), by(one, credit), one.commit[:_DIGITS]),
        *(proposal, signed_by(signature), words),
    ]


def _print_for_people(output: Output, rows: Sequence[Sequence[str]]) -> None:
    shown_columns = [
        column
        for column in range(len(_HEADER))
        if column not in _OFTEN_EMPTY or any(row[column] for row in rows)
    ]
    output.table(
        [_HEADER[column] for column in shown_columns],
        ([row[column] for column in shown_columns] for row in rows),
    )


def _terms(output: Output, alias: str, found: Held) -> None:
    for left in found.departures:
        when = f"in commit {left.step.commit[:_DIGITS]} of {typed(left.step.committer.at)}"
        now = named(found.numbers.catalog, left.collection)
        command = shlex.join(("git", "registry", "history", now, "--alias", alias))
        output.note(f"{when} the collection was renamed to {now}; `{command}` tells what it named there")
    if output.json:
        output.documents(_term_shapes(alias, found))
        return
    credit = _credited(found.numbers.catalog, (term.since for term in found.terms))
    rows = [_term_row(term, found, credit.get(term.since.commit)) for term in found.terms]
    shown_columns = _fitting([_TERM_HEADER, *rows]) if output.is_terminal else len(_TERM_HEADER)
    output.table(_TERM_HEADER[:shown_columns], (row[:shown_columns] for row in rows))


def _fitting(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns a person is shown: a subject that would be cut says less than its commit."""
    from git_registry.cli.columns import fits

    return len(_TERM_HEADER) - (not fits(rows))


def _term_row(term: Term, found: Held, credit: Credit | None) -> list[str]:
    return [
        _version(term, found),
        (term.version or "")[:8],
        typed(term.since.committer.at),
        typed(term.until.committer.at) if term.until else "",
        by(term.since, credit),
        term.since.commit[:_DIGITS],
        term.since.subject,
    ]


def _version(term: Term, found: Held) -> str:
    return shown(found.numbers, term.collection, term.version) if term.version else _NONE


def _term_shapes(alias: str, found: Held) -> Iterator[Shape]:
    from git_registry.cli import shapes

    ends = [end for term in found.terms for end in (term.since, term.until) if end]
    catalog = found.numbers.catalog
    signed = {one.commit: signature for one, signature in auditing.signed(catalog, ends)}
    credit = _credited(catalog, ends)
    for term in found.terms:
        yield {
            "path": named(found.numbers.catalog, term.collection),
            "alias": alias,
            "version": shapes.settled(_version(term, found)) if term.version else None,
            "id": term.version,
            "since": _end(term.since, signed, credit),
            "until": _end(term.until, signed, credit),
        }


def _end(one: Step | None, signed: Mapping[str, Signed | None], credit: Mapping[str, Credit]) -> Shape | None:
    from git_registry.cli import shapes

    return shapes.commit(one, one.proposal, signed[one.commit], credit.get(one.commit)) if one else None
