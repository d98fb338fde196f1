"""Which blobs the versions of the organization say there are, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, RegistryError, StoreError
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.sdk.blobs import Blobs, blobs
from git_registry.sdk.scoping import Scope, collections, versions
from git_registry.sdk.views import named, place_of
from git_registry.store.location import is_under
from git_registry.store.probing import Claim, probe_sizes, size_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is to be said of one file of one version.

    Attributes:
        version: a selector for it, `model/churn:v3`.
        id: the version's.
        path: as its file list calls it; empty for the list itself.
        uri: where it should be.
        problem: what is wrong: "missing", "size 12 instead of 13"; or by what a weak one is known.
    """

    version: str
    id: str
    path: str
    uri: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A version that lists a blob, and under which path."""

    version: str
    id: str
    path: str

    def finding(self, uri: str, problem: str) -> Finding:
        """Return what is to be said of the blob, as this version has it."""
        return Finding(version=self.version, id=self.id, path=self.path, uri=uri, problem=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """All claims, each once, and what is known about them before any blob is looked at.

    Attributes:
        holders: who makes each claim.
        wrong: the claims that are false as the store's own list of its blobs shows.
        findings: what is wrong with whole file lists and with the store.
        versions: how many were looked at.
        not_checked: what was left out, in sentences.
    """

    holders: dict[Claim, list[Holder]] = field(default_factory=dict)
    wrong: dict[Claim, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    versions: int = 0
    not_checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Version:
    """A linked or unlinked version; its manifest is None if it can't be read."""

    shown: str
    id: str
    where: str
    manifest: Manifest | None


def claimed(catalog: Catalog, within: Scope, *, unlinked: bool) -> Claimed:
    """Return what versions claim; those that were unlinked only if asked for.

    Args:
        catalog: the clone, seen from the branch that is looked at.
        within: what is looked at.
        unlinked: look at unlinked versions too.

    Raises:
        NotFound: there is no organization.
    """
    there = [*_linked(catalog, within), *(_unlinked(catalog, within) if unlinked else ())]
    found = Claimed(
        versions=len(there),
        not_checked=(*_unreadable(there), *(() if unlinked else _left_out(catalog, within))),
    )
    where = blobs(catalog)
    files = [file for one in there for file in _files(where, one, found)]
    sizes = _sizes(where, [entry for _, entry in files], found)
    for holder, entry in files:
        claim, wrong = _claim(where, entry, sizes)
        found.holders.setdefault(claim, []).append(holder)
        if wrong:
            found.wrong[claim] = wrong
    return found


def located(where: Blobs, entries: Sequence[FileEntry]) -> list[tuple[Claim, str]]:
    """Return what each file's entry claims, and how that is false as far as the store's own list shows it."""
    noted = Claimed()
    sizes = _sizes(where, entries, noted)
    why = next((one.problem for one in noted.findings), "")
    found = [_claim(where, entry, sizes) for entry in entries]
    return [(claim, why if wrong == _UNREACHABLE else wrong) for claim, wrong in found]


def _linked(catalog: Catalog, within: Scope) -> Iterator[_Version]:
    now = catalog.now()
    for view in versions(catalog, within):
        where = now.find(place_of(view.collection), view.id)
        assert where is not None
        yield _Version(view.path, view.id, where, view.manifest)


def _unlinked(catalog: Catalog, within: Scope) -> Iterator[_Version]:
    now = catalog.now()
    for identifier, where, collection in _retired(catalog, within):
        try:
            manifest = now.manifest(where)
        except InvalidDocument:
            manifest = None
        yield _Version(f"{named(catalog, collection)}@{identifier[:8]}", identifier, where, manifest)


def _retired(catalog: Catalog, within: Scope) -> Iterator[tuple[str, str, str]]:
    if within.version is None:
        for path in collections(catalog, within):
            for identifier, where in sorted(catalog.now().versions(path, unlinked=True).items()):
                yield identifier, where, path


def _left_out(catalog: Catalog, within: Scope) -> Iterator[str]:
    count = sum(1 for _ in _retired(catalog, within))
    if count:
        yield f"{count:,} unlinked version{'s' if count > 1 else ''} (--unlinked looks at them too)"


def _unreadable(there: Sequence[_Version]) -> Iterator[str]:
    for one in there:
        if one.manifest is None:
            yield f"the blobs of {one.shown}: its manifest can't be read"


def _files(where: Blobs, one: _Version, found: Claimed) -> Iterator[tuple[Holder, FileEntry]]:
    """Yield a version's files; note what is wrong with its list as a whole."""
    if one.manifest is None:
        return
    try:
        entries = where.entries(one.manifest, one.where)
    except RegistryError as error:
        listed = one.manifest.file_list.uri if one.manifest.file_list else one.where
        whole = Holder(version=one.shown, id=one.id, path="")
        found.findings.append(whole.finding(listed, f"its file list: {error.message}"))
        return
    _check_content(one, entries, found)
    for entry in entries:
        yield Holder(version=one.shown, id=one.id, path=entry.path), entry


def _check_content(one: _Version, entries: Sequence[FileEntry], found: Claimed) -> None:
    """Note that a manifest says of its list what doesn't hold: gates take its word, and read no list."""
    listed = one.manifest.file_list if one.manifest else None
    if listed is None or listed.content is None:
        return
    otherwise = [entry.path for entry in entries if not entry.digest.is_content]
    if otherwise:
        whole = Holder(version=one.shown, id=one.id, path="")
        said = f"says that every file is known by its {listed.content}; {len(otherwise)} known otherwise"
        found.findings.append(whole.finding(listed.uri, f"{said}, such as {otherwise[0]!r}"))


def _sizes(where: Blobs, entries: Sequence[FileEntry], found: Claimed) -> Mapping[Digest, int] | None:
    """Return how large each blob in the store is; None, and a finding, if it can't be asked."""
    wanted = {one.digest for one in entries if one.digest.is_content}
    if not wanted:
        return {}
    try:
        return where.store.sizes(wanted)
    except StoreError as error:
        nobody = Holder(version="", id="", path="")
        found.findings.append(nobody.finding(where.store.uri, f"not reachable: {error.message}"))
        return None


_UNREACHABLE = "not reachable: the store is not"


def _claim(where: Blobs, entry: FileEntry, sizes: Mapping[Digest, int] | None) -> tuple[Claim, str]:
    """Return what is claimed, at the place where a download would look, and how it is false if that shows."""
    if entry.digest.is_content and sizes is None and is_under(entry.uri, where.organization.store):
        return Claim(digest=entry.digest, size=entry.size, uri=entry.uri), _UNREACHABLE
    if entry.digest.is_content and sizes and entry.digest in sizes:
        seen = sizes[entry.digest]
        place = where.store.uri_of(entry.digest)
        claim = Claim(digest=entry.digest, size=entry.size, uri=place, seen=seen)
        return claim, size_problem(entry.size, seen)
    claim = Claim(digest=entry.digest, size=entry.size, uri=entry.uri)
    if entry.digest.is_content and entry.uri == where.store.uri_of(entry.digest):
        # In a directory there may be something that is no blob; looking at it tells what.
        return claim, probe_sizes([claim])[0].wrong if where.store.is_local else "missing"
    return claim, _forbidden(where, entry)


def _forbidden(where: Blobs, entry: FileEntry) -> str:
    try:
        where.allowed(entry.uri)
    except RegistryError as refusal:
        also = "missing in the store, and " if entry.digest.is_content else ""
        return f"{also}not reachable: {refusal.message}"
    return ""
