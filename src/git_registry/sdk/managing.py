"""Creating, editing and deleting registries and collections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.registry import Registry
from git_registry.model.edits import collection as edits
from git_registry.model.edits import project as projects
from git_registry.model.edits.change import Edit
from git_registry.model.names import TAG, TYPE, Rule
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import selecting, targeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What describes a registry or collection. None leaves a part as it is, an empty text removes it."""

    title: str | None = None
    description: str | None = None
    card: bytes | None = None


def create_registry(catalog: Catalog, name: str, about: Description, types: Sequence[str] = ()) -> Outcome:
    """Create a registry that accepts these artifact types; none means any."""
    _check(TYPE, types)
    registry = Registry(title=about.title, description=about.description, types=tuple(dict.fromkeys(types)))
    steps: list[Edit] = [partial(edits.create_registry, name=name, registry=registry), *_card(name, about)]
    there = selecting.registries(catalog)
    return commit(there, Transaction(edits=steps, message=f"Create the registry {name}"))


def create_collection(
    catalog: Catalog,
    target: str,
    about: Description,
    *,
    artifact_type: str | None = None,
    tags: Sequence[str] = (),
) -> Outcome:
    """Create a collection for artifacts of one type; by default the only one its registry accepts."""
    _check(TYPE, [artifact_type] if artifact_type else [])
    _check(TAG, tags)
    there, selector = targeting.target(catalog, target)
    path = selector.path
    collection = Collection(
        type=artifact_type or only_type(there.now(), selector.registry),
        title=about.title,
        description=about.description,
        tags=tuple(dict.fromkeys(tags)),
    )
    steps: list[Edit] = [
        partial(edits.create_collection, path=path, collection=collection),
        *_card(path, about),
    ]
    return commit(there, Transaction(edits=steps, message=f"Create the collection {path}"))


def _check(rule: Rule, texts: Sequence[str]) -> None:
    for text in texts:
        rule.check(text)


def only_type(now: Snapshot, registry: str) -> str:
    """Return the one artifact type a registry accepts.

    Raises:
        UsageError: it accepts several, or any.
    """
    types = now.registry(registry).types
    if len(types) != 1:
        accepted = f"the registry {registry} accepts {', '.join(types) or 'any type'}"
        raise UsageError(f"of which type are the artifacts? {accepted}", hint="pass --type")
    return types[0]


def edit(
    catalog: Catalog,
    selector: str,
    about: Description,
    *,
    add_types: Sequence[str] = (),
) -> Outcome:
    """Describe a registry, collection, project or artifact anew, and let a registry accept further types."""
    _check(TYPE, add_types)
    there, parsed = selecting.place(catalog, selector)
    if parsed.names_version:
        raise UsageError(
            f"{selector} is a version; its manifest never changes", hint="`git registry annotate` adds notes"
        )
    steps: list[Edit]
    if parsed.project and parsed.collection is None:
        steps = _described(parsed.registry, about, add_types)
    elif parsed.collection is None:
        name, title, description = parsed.registry, about.title, about.description
        steps = [
            partial(edits.edit_registry, name=name, title=title, description=description, add_types=add_types)
        ]
    elif add_types:
        raise UsageError(f"{selector} is a collection; its type never changes")
    else:
        path = selecting.collection(there, parsed)
        steps = [partial(edits.edit_collection, path=path, title=about.title, description=about.description)]
    steps += _card(parsed.path, about)
    return commit(there, Transaction(edits=steps, message=f"Describe {parsed.path}"))


def _described(project: str, about: Description, add_types: Sequence[str]) -> list[Edit]:
    if about.title is not None or add_types:
        raise UsageError(f"{project} is a project: it has neither a title nor types, but a description")
    if about.description is None:
        return []
    return [partial(projects.describe, project=project, description=about.description)]


def _card(subject: str, about: Description) -> list[Edit]:
    card = about.card
    return [] if card is None else [partial(edits.edit_card, subject=subject, card=card)]


def delete(catalog: Catalog, selector: str) -> Outcome:
    """Delete a collection or an artifact, whose versions stay in `unlinked/`, or an empty registry."""
    there, parsed = selecting.place(catalog, selector)
    if parsed.names_version:
        raise UsageError(f"{selector} is a version", hint=f"`git registry unlink {selector}`")
    if parsed.project and parsed.collection is None:
        raise UsageError(
            f"{selector} is a project: all of it is one branch",
            hint=f"`git push origin --delete {selector}` takes it away for everybody",
        )
    if parsed.collection is None:
        edit: Edit = partial(edits.delete_registry, name=parsed.registry)
    else:
        edit = partial(edits.delete_collection, path=selecting.collection(there, parsed))
    return commit(there, Transaction(edits=[edit], message=f"Delete {parsed.path}"))
