"""Is everything there, and is it what it was? Blobs, documents and history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from git_registry.catalog import local
from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.sdk.claiming import Claimed, Finding, claimed
from git_registry.sdk.obedience import Obedience, obedience
from git_registry.sdk.remembering import Memory, key
from git_registry.sdk.scoping import Scope, scope
from git_registry.sdk.soundness import Soundness, soundness
from git_registry.sdk.views import named
from git_registry.store.probing import Claim, Probed, probe, probe_sizes
from git_registry.store.progress import OneAtATime, Progress, silent

__all__ = ["Extent", "Finding", "Verification", "verify"]

JOBS = 8
"""Threads where no executor is given: enough to keep a remote store busy; hashing has two cores anyway."""

_BATCH_BYTES = 64 << 20
_BATCH_BLOBS = 64

Work = Callable[[Sequence[Claim]], tuple[Probed, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far a verification goes.

    Attributes:
        size_only: look whether blobs are there and how large they are; read none.
        unlinked: look at unlinked versions too.
        restart: forget what an interrupted run has verified.
        jobs: threads at once, where no executor is given.
    """

    size_only: bool = False
    unlinked: bool = False
    restart: bool = False
    jobs: int = JOBS


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found.

    Attributes:
        scope: what was looked at; empty for the whole organization.
        versions: how many.
        checked: how many blobs, each counted once however many versions share it.
        resumed: how many of these an earlier, interrupted run had verified.
        bytes: how many were read and hashed now.
        documents: how many files of the format were looked at.
        problems: every blob that is missing, can't be reached or is not what it should be, once for each
            version that has it.
        invalid: every mistake in the documents and their history.
        weak: files known by their store's word alone, which was compared; `problem` is the algorithm.
        not_checked: what was not looked at, in sentences.
        pushes: how many of the pushes that the server noted obey the policy of their time, and how many don't
            or can't be told, by that word; empty where no push log is at hand.
    """

    scope: str
    versions: int
    checked: int
    resumed: int
    bytes: int
    documents: int
    problems: tuple[Finding, ...]
    invalid: tuple[RegistryError, ...]
    weak: tuple[Finding, ...]
    not_checked: tuple[str, ...]
    pushes: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Was nothing wrong found?"""
        return not self.problems and not self.invalid


def verify(
    catalog: Catalog,
    selected: str | None = None,
    extent: Extent | None = None,
    *,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> Verification:
    """Check blobs, documents and history of the organization, or of what a selector names, a project too.

    What was read and hashed, and which pushes obey, is remembered until a run comes to its end: one that was
    interrupted goes on where it stopped.

    Args:
        catalog: the clone.
        selected: what to look at; None is everything.
        extent: how far to go; by default every linked blob is read.
        executor: does the reading, in other processes or on other machines too (`dask`, `ray`); they
            must reach the store. By default threads of this process.
        progress: who wants to know.

    Raises:
        NotFound: there is nothing by that name, or no organization.
        UsageError: the selector is none.
    """
    extent = extent or Extent()
    within = scope(catalog, selected)
    sound = soundness(within.seen, within)
    begin = Memory.anew if extent.restart else Memory.resumed
    memory = begin(_place(catalog, within), catalog.clock())
    obeyed = obedience(catalog, memory) if selected is None else Obedience()
    claims = _claims(within.seen, within, sound, unlinked=extent.unlinked)
    known = set() if extent.size_only else {one for one in claims.holders if key(one) in memory}
    if known:
        catalog.notify(_resuming(memory, len(known)))
    todo = [one for one in claims.holders if one not in claims.wrong and one not in known]
    answers = _answers(todo, extent, memory, executor=executor, progress=progress)
    if not extent.size_only:
        memory.forget()
    wrong = claims.wrong | {one.claim: one.wrong for one in answers if one.wrong}
    return Verification(
        scope=within.name,
        versions=claims.versions,
        checked=len(claims.holders),
        resumed=len(known - wrong.keys()),
        bytes=sum(one.read for one in answers),
        documents=sound.documents,
        problems=(*claims.findings, *_said(claims, wrong)),
        invalid=(*sound.problems, *obeyed.problems),
        weak=tuple(_said(claims, _weak(set(claims.holders) - wrong.keys()))),
        not_checked=(
            *(*sound.not_checked, *obeyed.not_checked),
            *(*claims.not_checked, *_unread(answers, todo, extent)),
        ),
        pushes=obeyed.counts,
    )


def _claims(catalog: Catalog, within: Scope, sound: Soundness, *, unlinked: bool) -> Claimed:
    try:
        return claimed(catalog, within, unlinked=unlinked)
    except RegistryError as broken:
        if not sound.problems:
            raise
        return Claimed(not_checked=(f"the blobs, after {broken}",))


def _place(catalog: Catalog, within: Scope) -> Path:
    """Return where a run over this scope remembers; no name in the organization begins with `_`."""
    version = within.version.id if within.version else ""
    name = named(within.seen, within.path)
    return local.directory(catalog.repository) / "verify" / name / version / "_verified.jsonl"


def _resuming(memory: Memory, count: int) -> str:
    when = f"{memory.last:%Y-%m-%d %H:%M}" if memory.last else ""
    blobs = f"{count:,} blob{'s' if count > 1 else ''}"
    return f"going on where a run stopped on {when} after {blobs} (--restart begins anew)"


def _said(claims: Claimed, about: dict[Claim, str]) -> Iterator[Finding]:
    """Yield what is to be said of claims, once for each who makes it, in the order of the versions."""
    for claim, holders in claims.holders.items():
        if claim in about:
            yield from (holder.finding(claim.uri, about[claim]) for holder in holders)


def _weak(claims: Iterable[Claim]) -> dict[Claim, str]:
    return {one: one.digest.algorithm for one in claims if not one.digest.is_content}


def _unread(answers: Iterable[Probed], todo: Sequence[Claim], extent: Extent) -> Iterator[str]:
    for one in answers:
        if one.unsaid:
            yield f"the {one.unsaid} of {one.claim.uri}, which its store does not tell"
    count = sum(one.is_hashed for one in todo)
    if extent.size_only and count:
        yield f"the bytes of {count:,} blob{'s' if count > 1 else ''} (--size-only)"


def _answers(
    todo: Sequence[Claim],
    extent: Extent,
    memory: Memory,
    *,
    executor: Executor | None,
    progress: Progress,
) -> list[Probed]:
    if extent.size_only:
        # Of what the store listed, the size is known.
        todo = [one for one in todo if one.seen is None or not one.is_hashed]
    told = _Told(progress)
    sizes = [one.size for one in todo if one.is_hashed]
    told.start(None if extent.size_only or None in sizes else sum(filter(None, sizes)), len(todo))
    ask = probe_sizes if extent.size_only else probe
    answers: list[Probed] = []
    with _workers(executor, extent.jobs, told) as workers:
        work: Work = ask if executor else partial(ask, progress=told)
        for some in _as_they_come(workers, work, _batches(todo, extent.jobs)):
            answers += some
            memory.add(key(one.claim) for one in some if one.read and not one.wrong)
            if executor:
                told.advance(sum(one.read for one in some))
    return answers


def _as_they_come(
    workers: Executor, work: Work, batches: Iterable[Sequence[Claim]]
) -> Iterator[tuple[Probed, ...]]:
    waiting = [workers.submit(work, batch) for batch in batches]
    try:
        for done in as_completed(waiting):
            yield done.result()
    finally:
        for one in waiting:
            one.cancel()


def _batches(claims: Sequence[Claim], jobs: int) -> Iterator[tuple[Claim, ...]]:
    """Many small blobs together, a large one alone: what is lost by a kill is bounded, and all have work."""
    most = max(1, min(_BATCH_BLOBS, len(claims) // (4 * jobs)))
    batch: list[Claim] = []
    room = _BATCH_BYTES
    for one in claims:
        if batch and (room < (one.size or 0) or len(batch) == most):
            yield tuple(batch)
            batch, room = [], _BATCH_BYTES
        batch.append(one)
        room -= one.size or 0
    if batch:
        yield tuple(batch)


class _Told(OneAtATime):
    """Progress of several threads, which ends them when nobody waits for their answers any more."""

    ended = False

    def advance(self, count: int) -> None:
        """Pass it on, unless it is over."""
        if self.ended:
            raise CancelledError
        super().advance(count)


@contextmanager
def _workers(given: Executor | None, jobs: int, told: _Told) -> Iterator[Executor]:
    """Give the executor that was given, or threads that end at once when this is left."""
    if given:
        yield given
        return
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    finally:
        told.ended = True
        pool.shutdown(wait=True, cancel_futures=True)
