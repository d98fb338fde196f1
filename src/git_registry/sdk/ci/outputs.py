"""What a pipeline's later steps are told of a promotion: under gto-action's names, and a few of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields

from git_registry.errors import RegistryError
from git_registry.model.documents.collection import Collection
from git_registry.model.events import AliasChange, Event
from git_registry.model.selector import of_version
from git_registry.model.snapshot import Snapshot
from git_registry.repository.identity import Signature
from git_registry.sdk.ci.promoted import Happened, Promoted
from git_registry.sdk.crediting import NOBODY
from git_registry.sdk.views import named, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event, in text alone; what does not apply is empty.

    Attributes:
        event: what happened, such as `alias-moved`.
        name: the collection.
        stage: the alias.
        version: what the alias points at now, or which version it is about.
        before: what the alias pointed at.
        id: of `version`, as its manifest's file is called.
        path: selects `version`, whatever becomes of the alias.
        type, description: the collection's.
        commit: the step that it happened in.
        proposal: what that merged, as its message says: `bob/promote-churn`, or the number of a request.
        proposed_by: the author of what it merged, as `Bob <bob@acme.example>`.
        approved_by: who approved that, by the refs that are here, with commas between.
    """

    event: str
    name: str = ""
    stage: str = ""
    version: str = ""
    before: str = ""
    id: str = ""
    path: str = ""
    type: str = ""
    description: str = ""
    commit: str = ""
    proposal: str = ""
    proposed_by: str = ""
    approved_by: str = ""


def rows(promoted: Promoted) -> tuple[Row, ...]:
    """Return a row for each event."""
    return tuple(_row(promoted, one) for one in promoted.happened)


def outputs(found: tuple[Row, ...]) -> Mapping[str, str]:
    """Return all as texts with names: `count`, `matrix` for a job of each, and of a single one what it is."""
    only = found[0] if len(found) == 1 else Row(event="")
    matrix = json.dumps({"include": [fields_of(one) for one in found]}, separators=(",", ":"))
    return {"count": str(len(found)), **fields_of(only), "matrix": matrix}


def fields_of(row: Row) -> dict[str, str]:
    """Return a row's fields by their names, in order."""
    return {part.name: getattr(row, part.name) for part in fields(row)}


def _row(promoted: Promoted, one: Happened) -> Row:
    event, credit = one.event, promoted.credit.get(one.step.commit, NOBODY)
    was, is_, stage = _pointed(event)
    name = named(promoted.numbers.catalog, event.path) if event.path else ""
    version = _shown(promoted, event, is_)
    document = _collection(promoted.now, event.path)
    return Row(
        event=event.kind,
        name=name,
        stage=stage,
        version=version,
        before=_shown(promoted, event, was),
        id=is_,
        path=_selector(name, version),
        type=document.type if document else "",
        description=(document.description if document else None) or "",
        commit=one.step.commit,
        proposal=one.proposal,
        proposed_by=_person(credit.proposed_by) if credit.proposed_by else "",
        approved_by=",".join(credit.approved_by),
    )


def _person(who: Signature) -> str:
    return f"{who.name} <{who.email}>"


def _pointed(event: Event) -> tuple[str, str, str]:
    """Return the ids of the version before and after, and the alias; empty where there is none."""
    if isinstance(event, AliasChange):
        return event.before or "", event.after or "", event.alias
    return "", getattr(event, "version", ""), ""


def _shown(promoted: Promoted, event: Event, version: str) -> str:
    return shown(promoted.numbers, event.path, version) if version else ""


def _selector(name: str, version: str) -> str:
    return of_version(name, version) if version else ""


def _collection(now: Snapshot, path: str) -> Collection | None:
    """Return a collection's document; None if it is gone, or none, or can't be read."""
    try:
        return now.collection(path) if path.count("/") == 1 else None
    except RegistryError:
        return None
