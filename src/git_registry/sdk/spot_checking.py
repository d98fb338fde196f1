"""Are the blobs of a few versions there, and what is said of them? What was not looked at is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from time import monotonic
from typing import Literal

from git_registry.errors import RegistryError, StoreError
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk.claiming import located
from git_registry.sdk.under_review import UnderReview
from git_registry.sdk.views import VersionView
from git_registry.store.location import local_path, protocol
from git_registry.store.presence import FEW
from git_registry.store.probing import Claim, Probed, probe, probe_sizes

Answer = Literal["yes", "no", "not checked"]

_MOST, _SECONDS = 300, 20.0
"""Files that are asked for, and how long, unless their bytes shall be read."""

_LISTED = 200_000
"""Files of all the lists together that are kept in the store."""


class Look(Enum):
    """How closely blobs are looked at."""

    NONE = "not at all"
    SIZES = "whether they are there, and how large they are"
    DIGESTS = "all their bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found of one version's blobs.

    Attributes:
        version: whose they are.
        exists, size, digest: are all there, as large as is said, and what their digests say?
        remark: what is wrong, or why something was not checked; empty if all is said.
    """

    version: VersionView
    exists: Answer = "not checked"
    size: Answer = "not checked"
    digest: Answer = "not checked"
    remark: str = ""


def files(seen: UnderReview, view: VersionView, look: Look) -> Sequence[FileEntry] | None:
    """Return a version's files, read from the store where they are listed there and it may be asked.

    Raises:
        StoreError: they can't be read, or shall not be.
        Refused: they lie where nothing may be read.
    """
    listed = view.manifest.file_list if view.manifest else None
    if view.manifest is None or listed is None:
        return view.manifest.files if view.manifest else None
    if look is Look.NONE:
        raise StoreError("the list of its files is in the store, which was not asked", hint=_HINT)
    if view.id not in seen.lists:
        if sum(map(len, seen.lists.values())) + listed.count > _LISTED:
            raise StoreError(f"its list of {listed.count:,} files is too long for a review", hint=_HINT)
        seen.lists[view.id] = seen.blobs.entries(view.manifest, view.path)
    return seen.lists[view.id]


_HINT = "`git registry verify` looks at every blob"


class Spots:
    """The versions that are looked at in one review, and how much may be asked for them all."""

    def __init__(
        self, seen: UnderReview, look: Look, *, most: int = _MOST, seconds: float = _SECONDS
    ) -> None:
        """Begin with all that may be asked: so many files, for so long."""
        self._seen, self._look = seen, look
        self._left = most
        self._until = monotonic() + seconds

    def checked(self, view: VersionView) -> Checked:
        """Look at one version."""
        if self._look is Look.NONE:
            return Checked(version=view, remark="blobs were not to be looked at")
        try:
            self._require_store()
            entries = files(self._seen, view, self._look)
            if entries is None:
                return Checked(version=view, remark=view.problem)
            return _summed(view, len(entries), list(self._found(entries)))
        except RegistryError as problem:
            return Checked(version=view, remark=str(problem))

    def _require_store(self) -> None:
        """Check that a store on this machine is there: a pipeline elsewhere would find all of it missing."""
        uri = self._seen.blobs.organization.store
        if protocol(uri) == "file" and not Path(local_path(uri)).is_dir():
            raise StoreError("the store is not on this machine", where=uri)

    def _found(self, entries: Sequence[FileEntry]) -> Iterator[_Spot]:
        probing: Callable[[Sequence[Claim]], Sequence[Probed]] = (
            probe if self._look is Look.DIGESTS else probe_sizes
        )
        for start in range(0, len(entries), FEW):
            some = entries[start : start + FEW]
            if self._look is Look.SIZES:
                some = some[: self._left] if monotonic() < self._until else some[:0]
                self._left -= len(some)
            for entry, (claim, wrong) in zip(some, located(self._seen.blobs, some), strict=True):
                known = wrong or (claim.seen is not None and self._look is Look.SIZES)
                probed = Probed(claim=claim, wrong=wrong) if known else probing([claim])[0]
                yield _spot(entry, probed, self._look)


@dataclass(frozen=True, slots=True)
class _Spot:
    """One file."""

    exists: Answer
    size: Answer
    digest: Answer
    remark: str = ""


def _spot(entry: FileEntry, probed: Probed, look: Look) -> _Spot:
    wrong, told = probed.wrong, f"{entry.path}: {probed.wrong}"
    # What is not known by its bytes is compared by its store's word, and its size is not.
    hashed = probed.claim.is_hashed
    sized: Answer = "yes" if hashed and entry.size is not None and not probed.unsaid else "not checked"
    if wrong == "missing":
        return _Spot("no", "not checked", "not checked", told)
    if wrong.startswith(("size ", "more than ")):
        return _Spot("yes", "no", "not checked", told)
    if wrong.startswith("digest "):
        return _Spot("yes", sized, "no", told)
    if wrong:
        return _Spot("not checked", "not checked", "not checked", told)
    compared = not probed.unsaid and (look is Look.DIGESTS or not hashed)
    remark = "" if sized == "yes" else f"{entry.path}: its size could not be compared"
    return _Spot("yes", sized, "yes" if compared else "not checked", remark)


def _summed(view: VersionView, count: int, found: Sequence[_Spot]) -> Checked:
    left_out = count - len(found)
    remarks = [one.remark for one in found if one.remark]
    if left_out:
        remarks.append(f"{left_out:,} of {count:,} files were not looked at, for that would take too long")
    return Checked(
        version=view,
        exists=_all([one.exists for one in found], left_out),
        size=_all([one.size for one in found], left_out),
        digest=_all([one.digest for one in found], left_out),
        remark="; ".join(_told(remarks)),
    )


_TOLD = 3
"""Remarks on one version that are made in full."""


def _told(remarks: Sequence[str]) -> Iterator[str]:
    yield from remarks[:_TOLD]
    if len(remarks) > _TOLD:
        yield f"and {len(remarks) - _TOLD:,} more"


def _all(answers: Sequence[Answer], left_out: int) -> Answer:
    if "no" in answers:
        return "no"
    return "not checked" if left_out or "not checked" in answers else "yes"
