"""What may be accepted, said once more, plainly and slowly: by whole trees and by the users' names.

It knows less than the hook does and never says that a push may be; but what it refuses must be refused.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from tests.hooks.hostile import (
    CHURN_PROJECT,
    DIRECTORY,
    EXECUTABLE,
    FILE,
    LINK,
    MAIN,
    NOTHING,
    SUBMODULE,
    World,
    parsed,
)

ORG_ADMINS = {"ana", "raj"}
ADMINS = ORG_ADMINS | {"alice"}
MEMBERS = ADMINS | {"bob"}
LARGEST = 256 * 1024
PROTECTED = (b"production.yaml", b"golden.yaml")

Files = dict[tuple[bytes, ...], tuple[bytes, str]]


def wrong(world: World, who: str, wanted: list[tuple[str, str]]) -> Iterator[str]:
    """Yield why a push may not be."""
    for ref, new in wanted:
        if ref == MAIN:
            yield from _onto_main(world, who, new)
        elif ref == CHURN_PROJECT:
            yield from _onto_project(world, who, new)
        elif ref.startswith("refs/heads/proposals/"):
            if ref.split("/")[3] != who and not (new == NOTHING and who in ORG_ADMINS):
                yield f"{ref} is not {who}'s"
        elif ref.startswith("refs/approvals/"):
            if ref.split("/")[2] != who or (new != NOTHING and ref.split("/")[3] != new):
                yield f"{ref} is not {who}'s, or not what it says"
        elif ref.startswith(("refs/heads/", "refs/tags/")):
            if who not in MEMBERS:
                yield f"{who} writes to no branch or tag"
        else:
            yield f"nobody writes to {ref}"


def _onto_main(world: World, who: str, new: str) -> Iterator[str]:
    if new == world.base:
        return
    if who not in MEMBERS:
        yield f"{who} writes nothing"
    line = _line(world, new, world.base)
    if line is None:
        yield "main only goes forward"
        return
    for before, after in zip([world.base, *line], line, strict=False):
        yield from _step(who, files(world, before), files(world, after))
        yield from _readable(world, files(world, before), files(world, after))


def _onto_project(world: World, who: str, new: str) -> Iterator[str]:
    if new == world.project:
        return
    if who not in MEMBERS:
        yield f"{who} writes to no project"
    line = None if new == NOTHING else _line(world, new, world.project)
    if line is None and who not in ORG_ADMINS:
        yield "a project only goes forward"
    for one in line or ():
        for path in files(world, one):
            if path[0] != b"churn":
                yield f"{path} is outside the project"


def _line(world: World, new: str, old: str) -> list[str] | None:
    """Return the commits from old to new, each the first parent of the next; None if none lead there."""
    line: list[str] = []
    while new != old:
        if new == NOTHING or new not in world.store:
            return None
        line.append(new)
        rows = world.raw(new).split(b"\n")
        new = rows[1].removeprefix(b"parent ").decode() if rows[1].startswith(b"parent ") else NOTHING
    return line[::-1]


def files(world: World, commit: str) -> Files:
    """Return all files of a commit; of a name that is there twice, both count as wrong ones."""
    return dict(_below(world, world.root(commit), ()))


def _below(
    world: World, tree: str, at: tuple[bytes, ...]
) -> Iterator[tuple[tuple[bytes, ...], tuple[bytes, str]]]:
    seen: set[bytes] = set()
    for mode, name, one in parsed(world.raw(tree)):
        if mode == DIRECTORY and name not in seen and len(at) < 8:
            yield from _below(world, one, (*at, name))
        else:
            yield (*at, name), (b"twice" if name in seen or mode == DIRECTORY else mode, one)
        seen.add(name)


def _step(who: str, before: Files, after: Files) -> Iterator[str]:
    differ = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    for path in differ:
        # What lies in a registry's place, but is no directory, is no registry: an organization admin's.
        last, managed = path[-1], path[0] in (b"model", b"dataset") and len(path) > 1
        if path == (b"organization.yaml",) and who not in ORG_ADMINS:
            yield f"{who} changes the organization"
        if managed and path[1:] == (b"access.yaml",) and who not in ADMINS:
            yield f"{who} changes access"
        if not managed and path != (b"organization.yaml",) and who not in ORG_ADMINS:
            yield f"{who} changes {path}"
        if path[:3] == (b"model", b"churn", b"aliases") and last in PROTECTED and who not in ADMINS:
            yield f"{who} moves {last!r}"
        if b"automations" in path[:3] and managed and who not in ADMINS:
            yield f"{who} changes an automation"
        if path in after and managed and after[path][0] not in (FILE, EXECUTABLE):
            yield f"{path} has mode {after[path][0]!r}"
        if path in after and after[path][0] not in (FILE, EXECUTABLE, LINK, SUBMODULE):
            yield f"{path} has a mode that git does not write"
        yield from _manifest(who, path, before, after)
    yield from _names(path for path in differ if path in after)


def _manifest(who: str, path: tuple[bytes, ...], before: Files, after: Files) -> Iterator[str]:
    is_manifest = len(path) == 4 and path[2] in (b"versions", b"unlinked") and b".notes." not in path[3]
    if path[0] != b"model" or not is_manifest or path not in before:
        return
    if path in after:
        yield f"{path} is rewritten"
    kept = any(there == before[path] and one[-1] == path[-1] for one, there in after.items())
    if not kept and who not in ORG_ADMINS:
        yield f"{who} purges {path}"


def _names(paths: Iterator[tuple[bytes, ...]]) -> Iterator[str]:
    for path in paths:
        for part in path:
            try:
                text = part.decode("utf-8")
            except UnicodeDecodeError:
                yield f"{path} is not UTF-8"
                continue
            if text in ("", ".", "..") or text.lower() in (".git", "git~1") or "/" in text or "\\" in text:
                yield f"{path} is no path"
            if not text.isprintable():
                yield f"{path} can't be shown"


def _readable(world: World, before: Files, after: Files) -> Iterator[str]:
    for path, (mode, one) in after.items():
        ours = path[0] in (b"model", b"dataset") or path == (b"organization.yaml",)
        if before.get(path) == (mode, one) or not ours or path[-1] not in _DOCUMENTS or len(path) > 3:
            continue
        data = world.raw(one)
        if len(data) > LARGEST:
            yield f"{path} is too large"
        try:
            said = yaml.safe_load(data)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            yield f"{path} is no YAML: {error}"
            continue
        if not isinstance(said, dict) or said.get("format") != 1:
            yield f"{path} is no document"


_DOCUMENTS = (b"organization.yaml", b"registry.yaml", b"access.yaml", b"collection.yaml")
