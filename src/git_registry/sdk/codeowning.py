"""The CODEOWNERS file that follows from the organization: made, written, held against what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import generated, selecting
from git_registry.sdk.ownership import MADE, PLACES, Ownership, spelled

_NEW = {"github": ".github/CODEOWNERS"}
_TOP = "CODEOWNERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codeowners:
    """The file as it should be.

    Attributes:
        path: where it belongs, from the top of the repository.
        told: what a person should know: who is not named, or that the host reads another file.
        differences: the lines that the file which is committed lacks, `+`, or has besides, `-`; none if it
            is as it should be.
        shadowed: another file that the host reads instead; empty if there is none.
    """

    host: str
    path: str
    text: str
    told: tuple[str, ...]
    differences: tuple[str, ...]
    shadowed: str = ""

    @property
    def is_current(self) -> bool:
        """Is the file that is committed the one that is read, and as it should be?"""
        return not self.differences and not self.shadowed


def made(catalog: Catalog, host: str, output: str | None = None) -> Codeowners:
    """Return the file that follows from the documents at the commit that is read.

    A change of an access document brings its CODEOWNERS along, so those documents count, not the ones that
    are published.

    Raises:
        UsageError: `output` is not inside of the repository.
        Refused: no organization admin has an account there, or the file would be too large.
        InvalidDocument: `organization.yaml` can't be read.
    """
    shown = selecting.registries(catalog)
    now = shown.now()
    path = _path(now, host, output)
    ownership = Ownership(rules_at(shown, shown.tip()), host)
    text = spelled(host, list(ownership.lines()))
    shadow = _shadow(now, host, path)
    return Codeowners(
        host=host,
        path=path,
        text=text,
        told=(*ownership.told, *_place_told(host, path, shadow)),
        differences=tuple(generated.differences(generated.committed(shown, path), text)),
        shadowed=shadow,
    )


def write(catalog: Catalog, owners: Codeowners) -> None:
    """Write the file into the work tree, over what is there; whoever did commits it.

    Raises:
        UsageError: there is no work tree.
    """
    generated.write(catalog, owners.path, owners.text)


def require_replaceable(catalog: Catalog, owners: Codeowners) -> None:
    """Check that nothing is lost when the file is written: what is there was made here, or is committed.

    Raises:
        Conflict: somebody wrote it by hand, or edited it, and it is nowhere else.
        UsageError: there is no work tree.
    """
    generated.require_kept(catalog, owners.path, MADE)


def _path(now: Snapshot, host: str, output: str | None) -> str:
    if output is not None:
        return generated.from_top(output)
    there = next((place for place in PLACES[host] if now.entry(place)), None)
    return there or _NEW.get(host, _TOP)


def _shadow(now: Snapshot, host: str, path: str) -> str:
    places = PLACES[host]
    before = places[: places.index(path)] if path in places else places
    return next((place for place in before if now.entry(place)), "")


def _place_told(host: str, path: str, shadow: str) -> Iterator[str]:
    if path not in PLACES[host]:
        yield f"{host} does not look at {path}, only at {', '.join(PLACES[host])}"
    if shadow:
        yield f"{host} reads {shadow} and not {path}: remove it"
