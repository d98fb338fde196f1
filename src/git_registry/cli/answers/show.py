"""All there is to know about one registry, collection or version; a project or a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from git_registry.cli import shapes
from git_registry.index.numbers import at_hand
from git_registry.model.plain import plain
from git_registry.sdk import listing, mounts
from git_registry.sdk.views import CollectionView, RegistryView, VersionView
from git_registry.wording.amounts import amount
from git_registry.wording.naming import input_named
from git_registry.wording.sizes import counted, size

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.cli.session import Session
    from git_registry.index.numbers import Numbers
    from git_registry.model.documents.manifest import Manifest
    from git_registry.model.documents.notes import Notes
    from git_registry.model.documents.record import Record

Fields = Iterator[tuple[str, str]]


def answer(session: Session, selector: str) -> None:
    """Print everything about what a selector names."""
    with session.open() as catalog:
        view = listing.show(catalog, selector)
        if isinstance(view, VersionView):
            _print_version(session, catalog, view)
        elif isinstance(view, RegistryView):
            card = listing.card(catalog, view.path)
            print_with_card(session, shapes.registry(view), _registry_fields(view), card)
        elif isinstance(view, CollectionView):
            card = listing.card(catalog, view.path)
            print_with_card(session, shapes.collection(view), _collection_fields(view), card)
        else:
            from git_registry.cli.answers import project  # most of what is shown is in a registry

            project.show(session, catalog, view)


def print_with_card(session: Session, shape: shapes.Shape, fields: Fields, card: str) -> None:
    """Print what something is, and its card below."""
    if session.output.json:
        session.output.document(shape | {"card": card or None})
        return
    session.output.fields(fields)
    if card:
        session.output.line()
        session.output.line(card.rstrip("\n"))


def _registry_fields(view: RegistryView) -> Fields:
    yield "registry", view.path
    if view.document:
        yield from some(title=view.document.title, description=view.document.description)
        yield "types", ", ".join(view.document.types) or "any"
        yield from values("", view.document.extra)
    yield "collections", str(view.collections)
    yield from some(unreadable=view.problem)


def _collection_fields(view: CollectionView) -> Fields:
    yield "collection", view.path
    document = view.document
    if document:
        yield "type", document.type
        yield from some(title=document.title, description=document.description)
        yield from some(tags=", ".join(document.tags), renamed_from=document.renamed_from)
        yield from values("", document.extra)
    yield "versions", str(view.versions)
    yield from some(latest=view.latest)
    for alias, version in view.aliases.items():
        yield f"aliases.{alias}", version
    yield from some(unreadable=view.problem)


def _print_version(session: Session, catalog: Catalog, view: VersionView) -> None:
    if session.output.json:
        from git_registry.sdk.listing import files

        session.output.document(shapes.version(view, files(catalog, view)))
        return
    there, _ = mounts.entered(catalog, view.collection)
    session.output.fields(_version_fields(view, at_hand(there.registries())))


def _version_fields(view: VersionView, known: Numbers) -> Fields:
    yield "version", f"{view.collection}:{view.version}" if view.version else view.path
    yield from some(aliases=", ".join(view.aliases), unreadable=view.problem)
    if view.manifest:
        yield from _manifest_fields(view.manifest, view.notes, known)


def _manifest_fields(manifest: Manifest, notes: Notes, known: Numbers) -> Fields:
    yield "type", manifest.type
    yield "artifact", manifest.artifact
    yield "digest", str(manifest.digest)
    yield "size", f"{manifest.size} bytes"
    yield "file_count", str(manifest.file_count)
    yield "created", manifest.created
    yield from some(description=notes.description, tags=", ".join(notes.tags))
    yield from _merged("metrics", manifest.metrics, notes.metrics)
    yield from _merged("metadata", manifest.metadata, notes.metadata)
    if notes.ttl is not None:
        yield "ttl", f"{notes.ttl} seconds from its creation"
    if notes.signature:
        yield "signature", f"{notes.signature.uri} {notes.signature.digest}"
    for label in ("source", "run", "code"):
        yield from record(label, getattr(manifest, label))
    for one in manifest.inputs:
        yield "input", input_named(one, known)
    yield from values("", manifest.extra)
    yield from values("", notes.extra, mark=" (notes)")
    yield from _files(manifest)


def _merged(label: str, written: Mapping[str, object], added: Mapping[str, object]) -> Fields:
    """Yield the manifest's values and the notes', which win; where they differ both are shown."""
    for key, value in {**written, **added}.items():
        mark = ""
        if key in added:
            mark = f" (notes; the manifest says {_text(written[key])})" if key in written else " (notes)"
        yield f"{label}.{key}", _text(value) + mark


def values(prefix: str, named: Mapping[str, object], mark: str = "") -> Fields:
    """Yield a field for each value, its label behind a prefix."""
    for key, value in named.items():
        yield f"{prefix}{key}", _text(value) + mark


def _text(value: object) -> str:
    return amount(plain(value))  # type: ignore[arg-type]


def record(label: str, part: Record | None) -> Fields:
    """Yield a field for each value of a part of a document."""
    if part is not None:
        whole = plain(part)
        assert isinstance(whole, dict)
        yield from values(f"{label}.", whole)


def _files(manifest: Manifest) -> Fields:
    if manifest.file_list:
        yield (
            "files",
            f"{manifest.file_list.count} in {manifest.file_list.uri}; `git registry resolve` lists them",
        )
    weak = 0
    for entry in manifest.files or ():
        weak += not entry.digest.is_content
        bytes_ = "of unknown size" if entry.size is None else size(entry.size)
        yield f"files.{entry.path}", f"{bytes_} {entry.digest} {entry.uri}"
    if weak:
        yield "weak", f"{counted(weak, 'file')} not known by their content, so they may change unnoticed"


def some(**fields: str | None) -> Fields:
    """Yield the fields that say something."""
    yield from ((label, text) for label, text in fields.items() if text)
