"""Who wrote the values that gates read, by the authors of commits: a claim, unless pushes are judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_registry.errors import RegistryError
from git_registry.model import filters
from git_registry.model.documents.access import Gate
from git_registry.model.documents.record import Value
from git_registry.model.equality import same
from git_registry.model.filters import values
from git_registry.model.layout import notes_path, version_files
from git_registry.model.snapshot import Snapshot
from git_registry.policy import identities
from git_registry.policy.explaining import Passage
from git_registry.repository import history
from git_registry.repository.history import Step
from git_registry.repository.identity import Signature
from git_registry.repository.touched import touching
from git_registry.sdk.under_review import UnderReview
from git_registry.sdk.views import VersionView

_MOST = 1_000
"""Commits that are looked through for who wrote one version's notes."""

_NOTES = ".notes.yaml"

_READING = {"metrics": filters.METRICS, "metadata": filters.METADATA}
"""The gates that read what somebody wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """One value that a gate reads.

    Attributes:
        version: whose it is.
        field: `metrics.auc`.
        value: what it says; None if nobody has written any.
        place: `manifest` or `notes`, where it stands; empty if it stands nowhere.
        commit: what wrote it there; empty if that is not known.
        author: who that commit says made it.
        principal: whose address that is, by the rules; None if nobody's, or it is not known.
        is_proposed: is that commit a part of what is reviewed?
    """

    version: VersionView
    field: str
    value: Value = None
    place: str = ""
    commit: str = ""
    author: Signature | None = None
    principal: str | None = None
    is_proposed: bool = False


def vouched(seen: UnderReview, passages: Iterable[Passage]) -> Iterator[Vouched]:
    """Yield every value that the gates of some passages read, once; all of them where a field has several."""
    done: set[tuple[str, str, str]] = set()
    for one in passages:
        view = seen.new(one.collection, one.version) if one.version else None
        for kind, field in _fields(_gates(seen, one)) if view else ():
            if view and (one.collection, view.id, field) not in done:
                done.add((one.collection, view.id, field))
                yield from _vouched(seen, view, kind, field)


def _gates(seen: UnderReview, passage: Passage) -> Sequence[Gate]:
    if passage.outcome.gate not in _READING:
        return ()
    try:
        return seen.rules.gates(passage.collection.partition("/")[0], passage.alias)
    except RegistryError:
        return ()  # which is said of the gates


def _fields(gates: Iterable[Gate]) -> Iterator[tuple[str, str]]:
    for gate in gates:
        for kind, fields in _READING.items():
            asked = getattr(gate, kind)
            try:
                wanted = filters.parse(asked, fields, where=kind) if asked else None
            except RegistryError:
                continue
            yield from ((kind, name) for name in (filters.fields_of(wanted) if wanted else ()))


def _vouched(seen: UnderReview, view: VersionView, kind: str, field: str) -> Iterator[Vouched]:
    in_notes: Mapping[str, Value] = getattr(view.notes, kind)
    in_manifest: Mapping[str, Value] = getattr(view.manifest, kind) if view.manifest else {}
    held = list(_held(kind, {**in_manifest, **in_notes}, field))
    if not held:
        yield Vouched(version=view, field=field)
    writing = _Writing(seen, view)
    for key, value in held:
        place = "notes" if key in in_notes else "manifest"
        commit = writing.noted(kind, key) if place == "notes" else writing.linked()
        author = _author(seen, commit)
        yield Vouched(
            version=view,
            field=field,
            value=value,
            place=place,
            commit=commit,
            author=author,
            principal=_principal(seen, author),
            is_proposed=bool(commit) and not history.is_ancestor(seen.catalog.repository, commit, seen.base),
        )


def _held(kind: str, facts: Mapping[str, Value], field: str) -> Iterator[tuple[str, Value]]:
    """Yield each value that a field leads to, with its key: a key may hold dots itself, so there are several.

    A gate takes more than one for none at all.
    """
    path = field.removeprefix(f"{kind}.")
    for key in facts:
        if path == key or path.startswith(f"{key}."):
            for value in values.found({kind: {key: facts[key]}}, field):
                if value is not values.MISSING:
                    yield key, value  # type: ignore[misc]  # what facts hold, which are a document's


def _author(seen: UnderReview, commit: str) -> Signature | None:
    return _step(seen, commit).author if commit else None


def _step(seen: UnderReview, commit: str) -> Step:
    return next(history.steps(seen.catalog.repository, commit, oldest_first=False, with_changes=False))


def _principal(seen: UnderReview, author: Signature | None) -> str | None:
    try:
        return identities.by_email(seen.rules.organization(), author.email) if author else None
    except RegistryError:
        return None


@dataclass(frozen=True)
class _Writing:
    """The commits that wrote one version's manifest and notes."""

    seen: UnderReview
    view: VersionView

    def linked(self) -> str:
        """Return the commit that brought the manifest, whoever merged that."""
        numbered = self.seen.known.get(self.view.collection, self.view.id)
        tip = numbered.commit if numbered else self.seen.head
        without = _step(self.seen, tip).parents[:1] if numbered else (self.seen.base,)
        paths = [one for one in self._files if not one.endswith(_NOTES)]
        found = self._touching(tip, paths, without)
        # Before its collection was renamed it lay elsewhere: then it is the step that is known.
        return found[-1][0] if found else tip

    def noted(self, kind: str, key: str) -> str:
        """Return what last gave a key of the notes the value it has; empty if it is too far back."""
        value = getattr(self.view.notes, kind)[key]
        for commit, parent in self._notings():
            said, before = (self._said(one, kind, key) for one in (commit, parent))
            if same(said, (value,)) and not same(before, (value,)):
                return commit
        return ""

    def _notings(self) -> Iterator[tuple[str, str | None]]:
        """Yield the commits that wrote notes, what is reviewed first, as far as they are asked for."""
        paths = [one for one in self._files if one.endswith(_NOTES)]
        yield from self._touching(self.seen.head, paths, (self.seen.base,))
        yield from self._touching(self.seen.base, paths)

    @property
    def _files(self) -> list[str]:
        return version_files(self.view.collection, self.view.id)

    def _touching(
        self, tip: str, paths: Sequence[str], without: Sequence[str] = ()
    ) -> list[tuple[str, str | None]]:
        return touching(self.seen.catalog.repository, tip, paths, without=without, at_most=_MOST)

    def _said(self, commit: str | None, kind: str, key: str) -> tuple[Value, ...]:
        """Return what the notes said at a commit; nothing if they didn't, or can't be read."""
        now = Snapshot(self.seen.catalog.tree(commit))
        for unlinked in (False, True):
            manifest = now.find(self.view.collection, self.view.id, unlinked=unlinked)
            if manifest is not None and now.entry(notes_path(manifest)):
                try:
                    noted: Mapping[str, Value] = getattr(now.notes(manifest), kind)
                except RegistryError:
                    return ()
                return (noted[key],) if key in noted else ()
        return ()
