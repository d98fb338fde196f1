"""Events in words, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from git_registry.index.numbers import Numbers
from git_registry.model.events import Event
from git_registry.model.plain import plain
from git_registry.model.selector import of_version
from git_registry.sdk.views import named, shown
from git_registry.wording.amounts import amount

_THE_ORGANIZATION = "the organization"


def told(event: Event, known: Numbers) -> str:
    """Return what happened, in one line."""
    return WORDS[event.kind](event, known)


def version(path: str, identifier: str, known: Numbers) -> str:
    """Return a version as a line names it: `model/churn:v3 (@3fa94c1b)`, digits alone without a number."""
    name, path = shown(known, path, identifier), named(known.catalog, path)
    return of_version(path, name) + ("" if name.startswith("@") else f" (@{identifier[:8]})")


def _alias(event: Any, known: Numbers) -> str:  # noqa: ANN401
    before, after = (shown(known, event.path, one) if one else "" for one in (event.before, event.after))
    protected = " (protected)" if event.protected else ""
    name = f"{_path(event, known)}:{event.alias}"
    if not after:
        return f"Removed {name}, which was {before}{protected}"
    return f"{name} is {after}{f' now, was {before}' if before else ''}{protected}"


def _path(event: Any, known: Numbers) -> str:  # noqa: ANN401
    return named(known.catalog, event.path)


def _version(words: str) -> Callable[[Any, Numbers], str]:
    return lambda event, known: words.format(version(event.path, event.version, known))


def _linked(event: Any, known: Numbers) -> str:  # noqa: ANN401
    word = "Logged" if known.catalog.project else "Linked"
    return f"{word} {version(event.path, event.version, known)}"


def _created(event: Any, known: Numbers) -> str:  # noqa: ANN401
    kind = f"for artifacts of type {event.after}"
    if known.catalog.project:
        return f"Began {_path(event, known)} {kind}"
    return f"Created the collection {_path(event, known)} {kind}"


def _renamed(event: Any, known: Numbers) -> str:  # noqa: ANN401
    before, after = (named(known.catalog, one) for one in (event.before, event.after))
    return f"Renamed the collection {before} to {after}"


def _field(event: Any, known: Numbers) -> str:  # noqa: ANN401
    subject = _versioned(event, known)
    if event.field == "card":
        return f"{subject}: the card {'changed' if event.after else 'was removed'}"
    before, after = plain(event.before), plain(event.after)
    if isinstance(before, dict) and isinstance(after, dict):
        before, after = (
            {f"{event.field}.{key}": one for key, one in side.items()} for side in (before, after)
        )
    else:
        before, after = ({} if side is None else {event.field: side} for side in (before, after))
    return f"{subject}: {', '.join(_values(before, after))}"


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    parted = {name: _parted(before.get(name), value) for name, value in after.items()}
    # What came to a list and what left it stands first: however long the rest is, nobody overlooks that.
    yield from (f"{name}: {', '.join(one)}" for name, one in parted.items() if one)
    yield from (f"{name} = {amount(value)}" for name, value in after.items() if not parted[name])
    yield from (f"{name} was removed" for name in before if name not in after)


def _parted(before: Any, after: Any) -> list[str]:  # noqa: ANN401
    """Return what came to a list, and what left it; nothing where that is not all there is to say."""
    if not isinstance(before, list | tuple) or not isinstance(after, list | tuple):
        return []
    # By how they are written: `1` is not `true`, and a mapping has no place in a set.
    was, now = ({repr(one): amount(one) for one in side} for side in (before, after))
    came = [f"+ {text}" for item, text in now.items() if item not in was]
    return came + [f"- {text}" for item, text in was.items() if item not in now]


def _versioned(event: Any, known: Numbers) -> str:  # noqa: ANN401
    """Return what an event is about: a version by its number, else a path."""
    if hasattr(event, "version"):
        return f"{_path(event, known)}:{shown(known, event.path, event.version)}"
    return named(known.catalog, event.path) if event.path else _THE_ORGANIZATION


def _tagged(event: Any, known: Numbers) -> str:  # noqa: ANN401
    came = event.kind.endswith("-tagged")
    return f"{_versioned(event, known)}: {'tagged' if came else 'no longer tagged'} {event.tag}"


def _part(what: str, of: Callable[[Any], str]) -> Callable[[Any, Numbers], str]:
    """Return the words for a part of a document that came, changed or went."""

    def words(event: Any, _: Numbers) -> str:  # noqa: ANN401
        name = f"{what} {of(event)}"
        if event.after is None:
            return f"{name} was removed"
        before, after = _set(event.before), _set(event.after)
        new = {
            field: value for field, value in after.items() if field not in before or before[field] != value
        }
        was = {field: value for field, value in before.items() if field in new or field not in after}
        return f"{name}: {', '.join(_values(was, new))}" if new or was else f"{name} was added"

    return words


def _set(record: Any) -> Mapping[str, Any]:  # noqa: ANN401
    """Return what a part of a document says."""
    shape = plain(record) if record is not None else {}
    assert isinstance(shape, dict)
    return shape


def _gates(protection: Any, title: str = "gates") -> str:  # noqa: ANN401
    return _listed(title, _set(protection).get("gates", ()))


def _listed(title: str, gates: Sequence[Any]) -> str:
    return f"; {title}: {', '.join(map(amount, gates))}" if gates else ""


def _regated(before: Any, after: Any) -> str:  # noqa: ANN401
    """Return the gates that an alias has no more, and those that it has besides what it had."""
    was, now = (_set(one).get("gates", ()) for one in (before, after))
    gone = [one for one in was if repr(one) not in set(map(repr, now))]
    new = [one for one in now if repr(one) not in set(map(repr, was))]
    if not gone and not new:
        return _listed("gates", now)
    return f"{_listed('no more', gone)}{_listed('new', new)}{'' if now else '; none is left'}"


def _accepted(event: Any, known: Numbers) -> str:  # noqa: ANN401
    path, parted = _path(event, known), _parted(event.before, event.after)
    if event.after and event.before and parted:
        return f"{path} accepts other types: {', '.join(parted)}"
    return f"{path} accepts {', '.join(event.after or ()) or 'any type'}"


def _file(what: str, below: str = "") -> Callable[[Any, Numbers], str]:
    """Return the words for a file that came, changed or went; `below` is where a named one is."""

    def words(event: Any, known: Numbers) -> str:  # noqa: ANN401
        verb = "Added" if event.before is None else "Removed" if event.after is None else "Changed"
        name = named(known.catalog, event.path) + (f"/{below}{event.name}" if hasattr(event, "name") else "")
        spelling = " (spelling or place alone)" if getattr(event, "spelling", False) else ""
        return f"{verb} {what}{name}{spelling}"

    return words


WORDS: Mapping[str, Callable[[Any, Numbers], str]] = {
    "organization-changed": _field,
    "admin-added": lambda event, _: f"{event.principal} is an admin of {_THE_ORGANIZATION}",
    "admin-removed": lambda event, _: f"{event.principal} is no longer an admin of {_THE_ORGANIZATION}",
    "team-changed": _part("The team", lambda event: event.name),
    "identity-changed": _part("The identity of", lambda event: event.principal),
    "registry-created": lambda event, known: f"Created the registry {_path(event, known)}",
    "registry-deleted": lambda event, known: f"Deleted the registry {_path(event, known)}",
    "registry-described": _field,
    "types-changed": _accepted,
    "visibility-changed": lambda event, known: (
        f"{_path(event, known)}: visibility {f'= {event.after}' if event.after else 'was removed'}"
    ),
    "member-added": lambda event, known: f"{event.principal} is {event.after} in {_path(event, known)}",
    "member-removed": lambda event, known: (
        f"{event.principal} has no role of its own in {_path(event, known)} now, was {event.before}"
    ),
    "role-changed": lambda event, known: (
        f"{event.principal} is {event.after} in {_path(event, known)} now, was {event.before}"
    ),
    "protection-added": lambda event, known: (
        f"The alias {event.name} is protected in {_path(event, known)}{_gates(event.after)}"
    ),
    "protection-removed": lambda event, known: (
        f"The alias {event.name} is no longer protected in {_path(event, known)}"
        f"{_gates(event.before, 'no more')}"
    ),
    "gates-changed": lambda event, known: (
        f"The alias {event.name} has other gates in {_path(event, known)}"
        f"{_regated(event.before, event.after)}"
    ),
    "collection-created": _created,
    "collection-deleted": lambda event, known: (
        f"Deleted {'' if known.catalog.project else 'the collection '}{_path(event, known)}; "
        "its versions are in unlinked/"
    ),
    "collection-renamed": _renamed,
    "collection-described": _field,
    "collection-tagged": _tagged,
    "collection-untagged": _tagged,
    "version-linked": _linked,
    "version-unlinked": _version("Unlinked {}"),
    "version-purged": _version("Purged {}: its manifest is gone for good"),
    "version-rewritten": _version("Rewrote the manifest of {}, which is never allowed"),
    "version-described": _field,
    "version-annotated": _field,
    "version-tagged": _tagged,
    "version-untagged": _tagged,
    "alias-added": _alias,
    "alias-moved": _alias,
    "alias-removed": _alias,
    "automation-created": _file("the automation ", below="automations/"),
    "automation-changed": _file("the automation ", below="automations/"),
    "automation-deleted": _file("the automation ", below="automations/"),
    "project-changed": _file("the document of "),
    "run-recorded": _file("the run ", below="runs/"),
    "file-changed": _file(""),
}
"""Kind of event → its words."""
