"""What commits say before their messages, read once: a commit never says anything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.repository import signatures

FEW = 32
"""Commits that are read one by one sooner than a child of git is started for all of them."""

_MOST = 50_000
"""Commits that are remembered at once."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a commit says of itself: what it came after, and whether somebody signed it."""

    parents: tuple[str, ...]
    is_signed: bool


def headers(catalog: Catalog, commits: Iterable[str]) -> Mapping[str, Header]:
    """Return what some commits say, full ids; those that can't be read are left out."""
    known = catalog.remembered(_Known).headers
    wanted = dict.fromkeys(commits)
    lacking = [commit for commit in wanted if commit not in known]
    if len(known) + len(lacking) > _MOST:
        known.clear()
        lacking = list(wanted)
    known.update(_few(catalog, lacking) if len(lacking) <= FEW else _many(catalog, lacking))
    return {commit: known[commit] for commit in wanted if commit in known}


def _few(catalog: Catalog, commits: Sequence[str]) -> Iterator[tuple[str, Header]]:
    for commit in commits:
        try:
            yield commit, _header(catalog.reader.commit_text(commit).partition(b"\n\n")[0])
        except RegistryError:
            continue


def _many(catalog: Catalog, commits: Sequence[str]) -> Iterator[tuple[str, Header]]:
    try:
        found = list(signatures.headers(catalog.repository, commits))
    except RegistryError:
        yield from _few(catalog, commits)
        return
    yield from ((commit, _header(told)) for commit, told in found)


def _header(told: bytes) -> Header:
    parents = (row.removeprefix(b"parent ") for row in told.split(b"\n") if row.startswith(b"parent "))
    return Header(tuple(one.decode("ascii", "replace") for one in parents), signatures.is_signed(told))


@dataclass(frozen=True, slots=True)
class _Known:
    """The headers that were read, by commit."""

    headers: dict[str, Header] = field(default_factory=dict)
