"""The commands that would undo a change after it is merged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import join
from typing import Any

from git_registry.model.events import Event
from git_registry.model.selector import of_version

Named = Callable[[str, str], str]
"""Gives the name of a version by collection and id: `v7`, or `@3fa94c1b` where it has no number yet."""

REVERT = "git revert -m 1 MERGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """How a change is undone.

    Attributes:
        commands: what to type, in this order; none if there is nothing to undo.
        at_once: the one command that does what several do; empty if there are not several, or none does.
        remark: what to know about them; empty if they say all.
    """

    commands: tuple[str, ...] = ()
    at_once: str = ""
    remark: str = ""


def undo(events: Sequence[Event], named: Named, merge: str = "") -> Undo:
    """Return what undoes all of some events: verbs where there are some for each of them, else a revert.

    Args:
        events: what was merged, or is to be.
        named: gives a version's name.
        merge: the commit that merged it; empty before it is merged.
    """
    created = {one.path for one in events if one.kind == "collection-created"}
    arrived = {(one.path, getattr(one, "version", "")) for one in events if one.kind == "version-linked"}
    left = [one for one in events if not _goes_with_another(one, created, arrived)]
    revert = REVERT.replace("MERGE", merge) if merge else REVERT
    if not all(one.kind in _VERBS for one in left):
        told = ("" if merge else _MERGE, _PURGES if arrived else "")
        return Undo(commands=(revert,), remark=". ".join(filter(None, told)))
    commands = tuple(_commands(left, named))
    # To revert what was linked would purge it.
    reverts = bool(merge) and len(commands) > 1 and not arrived
    return Undo(
        commands=commands,
        at_once=revert if reverts else "",
        remark=_TAKES if merge and any(getattr(one, "protected", False) for one in left) else "",
    )


_MERGE = "MERGE is the commit that the merge makes; if it has one parent, leave `-m 1` out"
_PURGES = "What it links would be gone for good, which takes an organization admin"
_TAKES = "To undo it takes what moving it takes: add --propose"


def _goes_with_another(event: Event, created: set[str], arrived: set[tuple[str, str]]) -> bool:
    """Is it undone by what undoes another: a new collection's deletion, a new version's unlinking?"""
    if event.path in created:
        return event.kind != "collection-created"
    return event.kind != "version-linked" and (event.path, getattr(event, "version", None)) in arrived


def _commands(events: Sequence[Event], named: Named) -> Iterator[str]:
    for kind, commands in _VERBS.items():
        found = [one for one in events if one.kind == kind]
        if found:
            yield from (join(("git", "registry", *words)) for words in commands(found, named))


def _rollback(events: Sequence[Any], named: Named) -> Iterator[list[str]]:
    for alias in dict.fromkeys(one.alias for one in events):
        moved = [one for one in events if one.alias == alias]
        names = {named(one.path, one.before) for one in moved}
        # Always to a version by its name: without one it goes back by a step, and steps may be more than one.
        if len(names) == 1:
            yield _typed("rollback", *(one.path for one in moved), alias, to=names.pop())
        else:
            yield from _point_again(moved, named)


def _point_again(events: Sequence[Any], named: Named) -> Iterator[list[str]]:
    for alias in dict.fromkeys(one.alias for one in events):
        gone = [one for one in events if one.alias == alias]
        yield _typed("promote", *(_selector(one.path, one.before, named) for one in gone), to=alias)


def _drop(events: Sequence[Any], _: Named) -> Iterator[list[str]]:
    for path in dict.fromkeys(one.path for one in events):
        yield _typed("alias remove", path, *(one.alias for one in events if one.path == path))


def _unlink(events: Sequence[Any], named: Named) -> Iterator[list[str]]:
    yield _typed("unlink", *(_selector(one.path, one.version, named) for one in events))


def _selector(path: str, version: str, named: Named) -> str:
    return of_version(path, named(path, version))


def _tag(verb: str) -> Callable[[Sequence[Any], Named], Iterator[list[str]]]:
    def words(events: Sequence[Any], named: Named) -> Iterator[list[str]]:
        for one in events:
            version = getattr(one, "version", None)
            yield _typed(verb, _selector(one.path, version, named) if version else one.path, one.tag)

    return words


def _grant(events: Sequence[Any], _: Named) -> Iterator[list[str]]:
    yield from (_typed("access grant", one.path, one.principal, one.before) for one in events)


def _revoke(events: Sequence[Any], _: Named) -> Iterator[list[str]]:
    yield from (_typed("access revoke", one.path, one.principal) for one in events)


def _unprotect(events: Sequence[Any], _: Named) -> Iterator[list[str]]:
    yield from (_typed("access unprotect", one.path, one.name) for one in events)


def _automate_no_more(events: Sequence[Any], _: Named) -> Iterator[list[str]]:
    yield from (_typed("automation remove", f"{one.path}/automations/{one.name}") for one in events)


def _delete(events: Sequence[Any], _: Named) -> Iterator[list[str]]:
    yield from (_typed("delete", one.path) for one in events)


def _typed(verb: str, *operands: str, to: str = "") -> list[str]:
    """Return the words of a command, `--` before operands of which one looks like an option."""
    options = ["--to", to] if to else []
    if any(one.startswith("-") for one in operands):
        return [*verb.split(), *options, "--", *operands]
    return [*verb.split(), *operands, *options]


_VERBS: Mapping[str, Callable[[Sequence[Any], Named], Iterator[list[str]]]] = {
    "automation-created": _automate_no_more,
    "protection-added": _unprotect,
    "alias-moved": _rollback,
    "alias-removed": _point_again,
    "alias-added": _drop,
    "version-linked": _unlink,
    "version-tagged": _tag("tag remove"),
    "version-untagged": _tag("tag add"),
    "collection-tagged": _tag("tag remove"),
    "collection-untagged": _tag("tag add"),
    "collection-created": _delete,
    "member-added": _revoke,
    "member-removed": _grant,
    "role-changed": _grant,
}
"""Kind of event → the words that undo some of it, in the order they are to be typed."""
