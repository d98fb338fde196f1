"""The JSON contract (DESIGN §9): what `--json` prints of a version, a collection, a run, an event, an error.

A path is what a person types: in a project it begins `projects/`. What is in a project has `registry: null`,
and `project` beside it names the project; `collection` is the artifact's name. What is mounted has
`mount` besides, the name that its path begins with.

Kept by golden tests; fields are added, never renamed. A version is always `v3` here; where its number may
still change, `provisional` says so, and `@3fa94c1b` stands where it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC
from typing import TYPE_CHECKING, TypeAlias

from git_registry.model.layout import PROJECTS
from git_registry.model.plain import plain, record

if TYPE_CHECKING:
    from datetime import datetime

    from git_registry.errors import RegistryError
    from git_registry.index.events import steps
    from git_registry.index.numbers import Numbers
    from git_registry.model.documents.manifest import FileEntry
    from git_registry.model.documents.notes import Notes
    from git_registry.model.events import Event
    from git_registry.policy.verdict import Violation
    from git_registry.repository.history import Step
    from git_registry.repository.identity import Signature
    from git_registry.repository.signatures import Signed
    from git_registry.review.undoing import Undo
    from git_registry.sdk.crediting import Credit
    from git_registry.sdk.projecting import ProjectView, RunView
    from git_registry.sdk.views import CollectionView, RegistryView, VersionView

Shape: TypeAlias = dict[str, object]

_MERGED = ("metadata", "metrics")
_MANIFEST = ("artifact", "type", "size", "created", "metadata", "metrics", "source", "run", "code", "inputs")
_NOTES = ("description", "tags", "ttl", "signature")


def version(view: VersionView, files: Sequence[FileEntry] | None = None) -> Shape:
    """Return a version; its files only where a verb gives them, else how many there are."""
    shape: Shape = {
        "path": view.path,
        **_place(view.collection),
        "version": settled(view.version) if view.version else None,
        "number": view.number,
        "provisional": view.provisional,
        "id": view.id,
        "digest": str(view.manifest.digest) if view.manifest else None,
        "aliases": list(view.aliases),
    }
    if view.manifest is not None:
        known = {name: getattr(view.manifest, name) for name in _MANIFEST}
        known |= {name: {**known[name], **getattr(view.notes, name)} for name in _MERGED}
        known |= {name: getattr(view.notes, name) for name in _NOTES}
        shape |= {name: plain(value) for name, value in known.items()}
        if files is None:
            shape["file_count"] = view.manifest.file_count
        else:
            shape["files"] = [_file(one) for one in files]
        _keep_unknown(shape, {**view.manifest.extra, **view.notes.extra})
    shape["notes"] = noted(view.notes)
    return _with_problem(shape, view.problem)


def _file(entry: FileEntry) -> Shape:
    shape: Shape = {
        "path": entry.path,
        "size": entry.size,
        "digest": str(entry.digest),
        "uri": entry.uri,
    }
    _keep_unknown(shape, entry.extra)
    return shape


def noted(notes: Notes) -> list[str]:
    """Return the keys that come from the notes, `metrics.auc` for one in a mapping."""
    keys = [name for name in _NOTES if getattr(notes, name)]
    keys += [f"{name}.{key}" for name in _MERGED for key in getattr(notes, name)]
    return [*keys, *notes.extra]


def collection(view: CollectionView) -> Shape:
    """Return a collection."""
    document = view.document
    shape: Shape = {
        "path": view.path,
        **_place(view.path),
        "type": document.type if document else None,
        "title": document.title if document else None,
        "description": document.description if document else None,
        "tags": list(document.tags) if document else [],
        "aliases": {alias: settled(shown) for alias, shown in view.aliases.items()},
        "versions": view.versions,
        "latest": settled(view.latest) if view.latest else None,
    }
    if document and document.renamed_from:
        shape["renamed_from"] = document.renamed_from
    _keep_unknown(shape, document.extra if document else {})
    return _with_problem(shape, view.problem)


def registry(view: RegistryView) -> Shape:
    """Return a registry."""
    document = view.document
    shape: Shape = {
        "path": view.path,
        **_mount(view.path.rpartition("/")[0]),
        "registry": view.path.rpartition("/")[2],
        "title": document.title if document else None,
        "description": document.description if document else None,
        "types": list(document.types) if document else [],
        "collections": view.collections,
    }
    _keep_unknown(shape, document.extra if document else {})
    return _with_problem(shape, view.problem)


def project(view: ProjectView) -> Shape:
    """Return a project; `changed` is when something was last committed to it."""
    document = view.document
    shape: Shape = {
        "path": view.path,
        "project": view.name,
        "description": document.description if document else None,
        "artifacts": view.artifacts,
        "runs": view.runs,
        "changed": moment(view.changed) if view.changed else None,
    }
    _keep_unknown(shape, document.extra if document else {})
    return _with_problem(shape, view.problem)


def run(view: RunView, known: Numbers) -> Shape:
    """Return a run; `seconds` is how long it took, and each output has a `path` that selects it."""
    from git_registry.wording.naming import made

    shape: Shape = {"path": view.path, "project": view.project, "run": view.id}
    document = view.document
    if document is not None:
        said = (part.name for part in fields(document) if part.name not in ("outputs", "extra"))
        shape |= {name: plain(getattr(document, name)) for name in said}
        shape["seconds"] = view.seconds
        shape["outputs"] = [
            {"path": settled(made(one, view.project, known)), **record(one)} for one in document.outputs
        ]
        _keep_unknown(shape, document.extra)
    return _with_problem(shape, view.problem)


def event(
    happened: Event,
    step: Step | steps.Step,
    known: Numbers,
    *,
    proposal: str = "",
    signed: Signed | None = None,
    credit: Credit | None = None,
) -> Shape:
    """Return an event, with the commit it happened in; versions by their numbers."""
    from git_registry.model.events import AliasChange
    from git_registry.sdk.views import named

    path = named(known.catalog, happened.path) if happened.path else ""
    shape: Shape = {"event": happened.kind, "path": path}
    own = {part.name: getattr(happened, part.name) for part in fields(happened) if part.name != "path"}
    if isinstance(happened, AliasChange):
        own |= {name: _numbered(own[name], happened.path, known) for name in ("before", "after")}
    if "version" in own:
        own["id"] = own["version"]
        own["version"] = _numbered(own["id"], happened.path, known)
    last = {name: own.pop(name) for name in ("before", "after") if name in own}
    shape |= {name: plain(value) for name, value in (own | last).items()}
    return shape | commit(step, proposal, signed, credit)


def commit(
    step: Step | steps.Step, proposal: str, signed: Signed | None, credit: Credit | None = None
) -> Shape:
    """Return who made a step, and when; the time is its committer's, in UTC.

    `proposal` is the number of a request on a forge, or a proposal's name, such as `bob/promote-churn`.
    """
    proposer = credit.proposed_by if credit else None
    return {
        "commit": step.commit,
        "author": _person(step.author),
        "committer": _person(step.committer),
        "proposed_by": _person(proposer) if proposer else None,
        "approved_by": list(credit.approved_by) if credit else [],
        "time": moment(step.committer.at),
        "subject": step.subject,
        "signature": {"status": signed.status, "signer": signed.signer, "key": signed.key}
        if signed
        else None,
        "proposal": int(proposal) if proposal.isdecimal() else proposal or None,
    }


def _person(who: Signature) -> Shape:
    return {"name": who.name, "email": who.email}


def moment(at: datetime) -> str:
    """Return a moment as JSON has it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def error(problem: RegistryError) -> Shape:
    """Return an error; each of several mistakes in a document, too."""
    shape = _error(problem)
    several = getattr(problem, "problems", ())
    if len(several) > 1:
        shape["problems"] = [_error(one) for one in several]
    return {"error": shape}


def _error(problem: RegistryError) -> Shape:
    return {
        "kind": problem.kind,
        "message": problem.message,
        "where": problem.where,
        "hint": problem.hint,
    }


def violation(wrong: Violation) -> Shape:
    """Return why something may not be, whoever asked."""
    return {
        "rule": wrong.rule,
        "message": wrong.message,
        "path": wrong.path or None,
        "event": wrong.event.kind if wrong.event else None,
        "needed": wrong.needed or None,
        "held": wrong.held or None,
        "able": list(wrong.able),
        "hint": wrong.hint or None,
        "liftable": wrong.liftable,
    }


def settled(shown: str) -> str:
    """Return `v7` for `v7?`."""
    return shown.removesuffix("?")


def undo(found: Undo) -> Shape:
    """Return what undoes a change."""
    return {
        "commands": list(found.commands),
        "at_once": found.at_once or None,
        "remark": found.remark or None,
    }


def _place(collection_path: str) -> Shape:
    *above, place, name = collection_path.split("/")
    if above[-1:] == [PROJECTS.rstrip("/")]:
        return _mount(*above[:-1]) | {"registry": None, "project": place, "collection": name}
    return _mount(*above) | {"registry": place, "collection": name}


def _mount(name: str = "") -> Shape:
    """Return by which name a repository is mounted, if what stands in it is shown as a part of another."""
    return {"mount": name} if name else {}


def _numbered(version_id: str | None, path: str, known: Numbers) -> str | None:
    from git_registry.sdk.views import shown

    return settled(shown(known, path, version_id)) if version_id else None


def _keep_unknown(shape: Shape, extra: Mapping[str, object]) -> None:
    """Show the fields that this version of the format does not know, under their own names."""
    for name, value in extra.items():
        shape.setdefault(name, plain(value))


def _with_problem(shape: Shape, problem: str) -> Shape:
    return shape | {"problem": problem} if problem else shape
