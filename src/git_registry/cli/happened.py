"""Events in words, a line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from git_registry.cli.answers.wording import amount
from git_registry.cli.shapes import plain
from git_registry.index.numbers import Numbers
from git_registry.model.events import Event
from git_registry.sdk.views import shown


def told(event: Event, known: Numbers) -> str:
    """Return what happened, in one line."""
    words = _WORDS.get(event.kind)
    return words(event, known) if words else f"{event.kind}: {event.path or 'the organization'}"


def version(path: str, identifier: str, known: Numbers) -> str:
    """Return a version as a line names it: `model/churn:v3 (@3fa94c1b)`, digits alone without a number."""
    name = shown(known, path, identifier)
    return f"{path}{name}" if name.startswith("@") else f"{path}:{name} (@{identifier[:8]})"


def _alias(event: Any, known: Numbers) -> str:  # noqa: ANN401
    before, after = (shown(known, event.path, one) if one else "" for one in (event.before, event.after))
    protected = " (protected)" if event.protected else ""
    name = f"{event.path}:{event.alias}"
    if not after:
        return f"Removed {name}, which was {before}{protected}"
    return f"{name} is {after}{f' now, was {before}' if before else ''}{protected}"


def _field(event: Any, known: Numbers) -> str:  # noqa: ANN401
    subject = (
        f"{event.path}:{_bare(event, known)}" if hasattr(event, "version") else event.path or "organization"
    )
    after = plain(event.after)
    if event.field == "card":
        return f"{subject}: the card {'changed' if event.after else 'was removed'}"
    if isinstance(after, dict):
        return f"{subject}: " + ", ".join(
            f"{event.field}.{key} = {amount(one)}" for key, one in after.items()
        )
    return f"{subject}: {event.field} = {amount(after)}" if after else f"{subject}: {event.field} was removed"  # type: ignore[arg-type]


def _bare(event: Any, known: Numbers) -> str:  # noqa: ANN401
    return shown(known, event.path, event.version)


def _tagged(event: Any, known: Numbers) -> str:  # noqa: ANN401
    subject = f"{event.path}:{_bare(event, known)}" if hasattr(event, "version") else event.path
    came = event.kind.endswith("-tagged")
    return f"{subject}: {'tagged' if came else 'no longer tagged'} {event.tag}"


_WORDS: Mapping[str, Callable[[Any, Numbers], str]] = {
    "registry-created": lambda event, _: f"Created the registry {event.path}",
    "registry-deleted": lambda event, _: f"Deleted the registry {event.path}",
    "registry-described": _field,
    "types-changed": lambda event, _: f"{event.path} accepts {', '.join(event.after) or 'any type'}",
    "collection-created": lambda event, _: (
        f"Created the collection {event.path} for artifacts of type {event.after}"
    ),
    "collection-deleted": lambda event, _: (
        f"Deleted the collection {event.path}; its versions are in unlinked/"
    ),
    "collection-described": _field,
    "collection-tagged": _tagged,
    "collection-untagged": _tagged,
    "version-linked": lambda event, known: f"Linked {version(event.path, event.version, known)}",
    "version-unlinked": lambda event, known: f"Unlinked {version(event.path, event.version, known)}",
    "version-described": _field,
    "version-annotated": _field,
    "version-tagged": _tagged,
    "version-untagged": _tagged,
    "alias-added": _alias,
    "alias-moved": _alias,
    "alias-removed": _alias,
    "organization-changed": _field,
}
