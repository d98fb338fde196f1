"""Where a version's bytes are, and whether they may be read from there (DESIGN §3.1)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from git_registry import codec
from git_registry.catalog import pending
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import InvalidDocument, Refused, StoreError
from git_registry.model import layout
from git_registry.model.digest import Digest, ListDigest, list_digest
from git_registry.model.documents.manifest import FileEntry, FileList, Manifest
from git_registry.model.documents.organization import Organization
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.guarding import guard
from git_registry.store.blobs import Store
from git_registry.store.fetch import Wanted
from git_registry.store.location import check_uri, is_under
from git_registry.store.spool import Spool, Spooled

LARGEST_LIST = 1 << 30
"""Bytes of a file list kept in the store; about five million files."""


def _passed(_path: str) -> None:
    return None


@dataclass(frozen=True)
class Blobs:
    """The organization's store, and the rules for reading from it and from elsewhere.

    Attributes:
        organization: who says where blobs are: the document at the default branch's upstream, so that
            a local change can't send readers somewhere else.
        trusted: further URI prefixes, allowed by the user for this command.
        opened: opens the store at a URI. By default blobs go there at once, and all are read from there.
    """

    organization: Organization
    trusted: tuple[str, ...] = ()
    opened: Callable[[str], Store] = Store

    @cached_property
    def store(self) -> Store:
        """Return the store new blobs go to."""
        return self.opened(self.organization.store)

    def current(self, uri: str) -> str:
        """Return where a URI leads today, by the organization's `moved` prefixes."""
        for old, new in self.organization.moved.items():
            if is_under(uri, old):
                return new.rstrip("/") + uri[len(old.rstrip("/")) :]
        return uri

    def allowed(self, uri: str) -> str:
        """Return `uri` if it may be opened.

        Raises:
            Refused: it is neither in the store nor under a prefix that is allowed.
            InvalidDocument: it is chained or carries credentials.
        """
        check_uri(uri)
        if uri.startswith("file:") and not self.organization.store.startswith("file:"):
            raise Refused("files of this machine are read only where the store is a directory", where=uri)
        if not self.is_allowed(uri):
            raise Refused(
                "the organization allows no reading from there",
                where=uri,
                hint="an org admin may add a prefix of it to `references:` in organization.yaml; "
                "`--trust-uri PREFIX` allows it for one command",
            )
        return uri

    def readable(self, digest: Digest, uri: str) -> str:
        """Return where a blob may be read: where it is said to be, today, or else in the store that holds it.

        Raises:
            Refused: the first is not allowed, and the store does not hold it.
        """
        uri = self.current(uri)
        if digest.is_content and not self.is_allowed(uri) and not self.store.missing([digest]):
            return self.store.uri_of(digest)
        return self.allowed(uri)

    def is_allowed(self, uri: str) -> bool:
        """Is it in the store or under a prefix that the organization, or the user for now, allows?"""
        prefixes = (self.organization.store, *self.organization.references, *self.trusted)
        return any(is_under(uri, prefix) for prefix in prefixes)

    def entries(self, manifest: Manifest, where: str) -> Sequence[FileEntry]:
        """Return a version's files, from the manifest or from the store, each where it leads today.

        The digest is verified.

        Raises:
            Refused: the list may not be read from where it is.
            StoreError: it can't be read, or is not what the manifest's digest names.
        """
        if manifest.file_list is not None:
            return tuple(self._listed(manifest, manifest.file_list, where))
        entries = manifest.files or ()
        _require(manifest, list_digest((one.path, one.digest, one.uri) for one in entries), where)
        return [self._today(one) for one in entries] if self.organization.moved else entries

    def entry(
        self, manifest: Manifest, path: str, where: str, passing: Callable[[str], None] = _passed
    ) -> FileEntry | None:
        """Return the file that a version's list calls `path`, where it leads today; None if there is none.

        A list in the store is read once, verified as `entries` does it, and no other line of it is kept.

        Args:
            manifest: the version's.
            path: the file.
            where: where the manifest is.
            passing: is told the path of every file in the list.

        Raises:
            Refused: the list may not be read from where it is.
            StoreError: it can't be read, or is not what the manifest's digest names.
        """
        listed = manifest.file_list
        files = self._listed(manifest, listed, where) if listed else self.entries(manifest, where)
        found = None
        for one in files:
            passing(one.path)
            if one.path == path:
                found = one  # to be believed when the last has come
        return found

    def _listed(self, manifest: Manifest, listed: FileList, where: str) -> Iterator[FileEntry]:
        """Yield the files of a list in the store; raise after the last if they are not the version's."""
        known, count = ListDigest(), 0
        for one in self._lines(listed):
            known.add(one.path, one.digest, one.uri)
            count += 1
            yield self._today(one) if self.organization.moved else one
        if count != listed.count:
            raise StoreError(f"its list has {count} files, not {listed.count}", where=where)
        _require(manifest, known.digest, where)

    def _lines(self, listed: FileList) -> Iterator[FileEntry]:
        uri = self.readable(listed.digest, listed.uri)
        chunks = self.store.stream(listed.digest, uri=uri, at_most=LARGEST_LIST)
        try:
            yield from codec.decode_files(codec.lines_of(chunks), where=listed.uri)
        except InvalidDocument:
            for _rest in chunks:
                pass  # a damaged blob is told as that, not as a list with a mistake in it
            raise

    def _today(self, entry: FileEntry) -> FileEntry:
        return replace(entry, uri=self.current(entry.uri))

    def wanted(self, entries: Sequence[FileEntry]) -> list[Wanted]:
        """Return where to read each of these `entries`; what is known by content, from the store if need be.

        Raises:
            Refused: an entry may not be read from where it is, and the store does not hold it.
        """
        elsewhere = {one.digest for one in entries if one.digest.is_content and not self.is_allowed(one.uri)}
        missing = self.store.missing(elsewhere) if elsewhere else frozenset[Digest]()
        return [
            Wanted(path=one.path, size=one.size, digest=one.digest, uri=self._place(one, elsewhere, missing))
            for one in entries
        ]

    def _place(self, entry: FileEntry, elsewhere: Container[Digest], missing: Container[Digest]) -> str:
        if entry.digest in elsewhere and entry.digest not in missing:
            return self.store.uri_of(entry.digest)
        return self.allowed(entry.uri)


def _require(manifest: Manifest, found: Digest, where: str) -> None:
    if found != manifest.digest:
        raise StoreError(f"its files have the digest {found}, not {manifest.digest}", where=where)


def blobs(catalog: Catalog) -> Blobs:
    """Return the store and its rules, as the default branch's upstream has them.

    Raises:
        NotFound: there is no organization.
    """
    return ruled(catalog, published(catalog))


def ruled(catalog: Catalog, now: Snapshot) -> Blobs:
    """Return the store and its rules, as a snapshot has them that the caller knows to be published.

    Raises:
        NotFound: there is no organization in it.
    """
    return Blobs(
        organization=now.organization(),
        trusted=catalog.trusted,
        opened=partial(_opened, catalog),
    )


def _opened(catalog: Catalog, uri: str) -> Store:
    """Return the store as far as the catalog reaches: one that is far away and out of reach has a spool."""
    far, waiting = Store(uri), pending.waiting(catalog.repository)
    if far.is_local:
        return far
    if catalog.reach is Reach.OFFLINE:
        return Spool(uri, waiting.directory, begin=partial(guard, catalog))
    return far if waiting.is_empty() else Spooled(uri, waiting.directory)


def published(catalog: Catalog) -> Snapshot:
    """Return the organization as the default branch's upstream has it; as it is here if there is none."""
    tip = catalog.published_tip()
    if tip is not None:
        there = Snapshot(catalog.tree(tip))
        if there.entry(layout.ORGANIZATION):
            return there
    return catalog.registries().present()
