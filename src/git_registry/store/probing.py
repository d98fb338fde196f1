"""Is a blob where it is said to be, and is it what it is said to be? Answered without keeping its bytes.

What is asked and what is answered can be pickled, so that another process or machine may do the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import RegistryError, StoreError
from git_registry.model.digest import Digest
from git_registry.store.failures import translating
from git_registry.store.filesystem import connect
from git_registry.store.hashing import Sum, consume
from git_registry.store.location import local_path, protocol
from git_registry.store.progress import Progress, silent
from git_registry.store.reference import present_identity
from git_registry.store.streams import enough, is_absent, opened_uri, require_regular

HASHED = ("sha256", "md5")
"""Digests that follow from the bytes; any other is a word of the store that holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is said of a blob.

    Attributes:
        digest: how it is known.
        size: in bytes, if that is said.
        uri: where it is.
        seen: how large its store just said it is; None if it was not asked.
    """

    digest: Digest
    size: int | None
    uri: str
    seen: int | None = None

    @property
    def is_hashed(self) -> bool:
        """Can it be held against the bytes?"""
        return self.digest.algorithm in HASHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What was found.

    Attributes:
        wrong: how the claim is false; empty if it is true.
        read: how many bytes were read and hashed.
        unsaid: what nobody tells, so that it could not be compared; empty if there is nothing.
    """

    claim: Claim
    wrong: str = ""
    read: int = 0
    unsaid: str = ""


def probe(claims: Sequence[Claim], *, progress: Progress = silent) -> tuple[Probed, ...]:
    """Read and hash each blob; one known by its store's word alone is compared by that word."""
    return tuple(_asked(one, lambda claim: _by_bytes(claim, progress)) for one in claims)


def probe_sizes(claims: Sequence[Claim], *, progress: Progress = silent) -> tuple[Probed, ...]:  # noqa: ARG001
    """Look whether each blob is there and how large it is; read none."""
    return tuple(_asked(one, _by_size) for one in claims)


def size_problem(expected: int | None, found: int) -> str:
    """Return how a size differs from what was said; empty if it does not, or nothing was said."""
    return "" if expected in (None, found) else f"size {found} instead of {expected}"


def _asked(claim: Claim, ask: Callable[[Claim], Probed]) -> Probed:
    try:
        return ask(claim) if claim.is_hashed else _by_identity(claim)
    except RegistryError as error:
        absent = isinstance(error, StoreError) and is_absent(error)
        return Probed(claim=claim, wrong="missing" if absent else f"not reachable: {error.message}")


def _by_bytes(claim: Claim, progress: Progress) -> Probed:
    also = claim.digest.algorithm if not claim.digest.is_content else ""
    with opened_uri(claim.uri, None, claim.seen) as chunks:
        total = consume(enough(chunks, claim.size), lambda chunk: progress.advance(len(chunk)), also=also)
    wrong = _length_problem(claim, total.size) or _digest_problem(claim, total)
    return Probed(claim=claim, wrong=wrong, read=total.size)


def _length_problem(claim: Claim, read: int) -> str:
    if claim.size is None or read <= claim.size:
        return size_problem(claim.size, read)
    # Reading stopped there, so that what was read is not how large it is.
    return _by_size(claim).wrong or f"more than {claim.size} bytes"


def _digest_problem(claim: Claim, total: Sum) -> str:
    found = next(one for one in total.digests if one.algorithm == claim.digest.algorithm)
    return "" if found == claim.digest else f"digest {found} instead of {claim.digest}"


def _by_identity(claim: Claim) -> Probed:
    if claim.digest.is_address:
        return Probed(claim=claim, unsaid="content")
    found = present_identity(claim.uri, claim.digest.algorithm)
    if found == claim.digest:
        return Probed(claim=claim)
    told = str(found) if found else f"no {claim.digest.algorithm}"
    return Probed(claim=claim, wrong=f"digest {told} instead of {claim.digest}")


def _by_size(claim: Claim) -> Probed:
    found = _size(claim.uri)
    if found is None:
        return Probed(claim=claim, unsaid="size")
    return Probed(claim=claim, wrong=size_problem(claim.size, found))


def _size(uri: str) -> int | None:
    with translating(uri):
        if protocol(uri) == "file":
            status = Path(local_path(uri)).stat()
            require_regular(status, uri)
            return status.st_size
        remote = connect(uri)
        said = remote.patiently(lambda: remote.fs.info(remote.path(uri))).get("size")
    return said if isinstance(said, int) else None
