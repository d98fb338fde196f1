"""All there is to know about one registry, collection or version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from git_registry.cli.answers.wording import amount
from git_registry.cli.numbered import at_hand
from git_registry.cli.shapes import plain
from git_registry.cli.sizes import counted, size
from git_registry.model import layout
from git_registry.sdk import selecting, views

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.catalog.numbering import Numbers
    from git_registry.cli.session import Session
    from git_registry.model.documents.manifest import Input, Manifest
    from git_registry.model.documents.record import Record
    from git_registry.sdk.views import CollectionView, RegistryView, VersionView

Fields = Iterator[tuple[str, str]]


def answer(session: Session, selector: str) -> None:
    """Print everything about what a selector names."""
    with session.open() as catalog:
        chosen = selecting.parse(catalog.now(), selector)
        if chosen.names_version:
            _show_version(session, catalog, selector)
        elif chosen.collection is None:
            _show_registry(session, catalog, chosen.registry)
        else:
            _show_collection(session, catalog, selecting.collection(catalog.now(), chosen))


def _show_registry(session: Session, catalog: Catalog, name: str) -> None:
    view = views.registry_view(catalog.now(), name)
    card = _card(catalog, name)
    if session.output.json:
        from git_registry.cli import shapes

        session.output.document(shapes.registry(view) | {"card": card})
        return
    session.output.fields(_registry_fields(view))
    _print_card(session, card)


def _registry_fields(view: RegistryView) -> Fields:
    yield "registry", view.path
    if view.document:
        yield from _some(title=view.document.title, description=view.document.description)
        yield "types", ", ".join(view.document.types) or "any"
        yield from _values("", view.document.extra)
    yield "collections", str(view.collections)
    yield from _some(unreadable=view.problem)


def _show_collection(session: Session, catalog: Catalog, path: str) -> None:
    view = views.collection_view(catalog.now(), path, at_hand(catalog, [path]))
    card = _card(catalog, path)
    if session.output.json:
        from git_registry.cli import shapes

        session.output.document(shapes.collection(view) | {"card": card})
        return
    session.output.fields(_collection_fields(view))
    _print_card(session, card)


def _collection_fields(view: CollectionView) -> Fields:
    yield "collection", view.path
    document = view.document
    if document:
        yield "type", document.type
        yield from _some(title=document.title, description=document.description)
        yield from _some(tags=", ".join(document.tags), renamed_from=document.renamed_from)
        yield from _values("", document.extra)
    yield "versions", str(view.versions)
    yield from _some(latest=view.latest)
    for alias, version in view.aliases.items():
        yield f"aliases.{alias}", version
    yield from _some(unreadable=view.problem)


def _card(catalog: Catalog, subject: str) -> str | None:
    """Return the card of a registry or collection, None if it has none."""
    path = layout.card_path(subject)
    if catalog.now().entry(path) is None:
        return None
    return catalog.tree(catalog.tip()).content(path).decode("utf-8", "replace")


def _print_card(session: Session, card: str | None) -> None:
    if card is not None:
        session.output.line()
        session.output.line(card.rstrip("\n"))


def _show_version(session: Session, catalog: Catalog, selector: str) -> None:
    now = catalog.now()
    found = selecting.version(catalog, selecting.parse(now, selector))
    manifest = now.manifest(found.manifest)  # one version that can't be read is an error, not a row
    now.notes(found.manifest)
    inputs = [one.registry for one in manifest.inputs if one.registry and now.has_collection(one.registry)]
    known = at_hand(catalog, [found.collection, *inputs])
    view = views.version_view(now, found.collection, found.id, known)
    if session.output.json:
        from git_registry.cli import shapes

        session.output.document(shapes.version(view, manifest.files))
    else:
        session.output.fields(_version_fields(view, manifest, known))


def _version_fields(view: VersionView, manifest: Manifest, known: Numbers) -> Fields:
    notes = view.notes
    yield "version", f"{view.collection}:{view.version}" if view.version else view.path
    yield from _some(aliases=", ".join(view.aliases))
    yield "type", manifest.type
    yield "artifact", manifest.artifact
    yield "digest", str(manifest.digest)
    yield "size", f"{manifest.size} bytes"
    yield "file_count", str(manifest.file_count)
    yield "created", manifest.created
    yield from _some(description=notes.description, tags=", ".join(notes.tags))
    yield from _merged("metrics", manifest.metrics, notes.metrics)
    yield from _merged("metadata", manifest.metadata, notes.metadata)
    if notes.ttl is not None:
        yield "ttl", f"{notes.ttl} seconds from its creation"
    if notes.signature:
        yield "signature", f"{notes.signature.uri} {notes.signature.digest}"
    yield from _record("source", manifest.source)
    yield from _record("run", manifest.run)
    yield from _record("code", manifest.code)
    for one in manifest.inputs:
        yield "input", input_named(one, known)
    yield from _values("", manifest.extra)
    yield from _values("", notes.extra, mark=" (notes)")
    yield from _files(manifest)


def _merged(label: str, written: Mapping[str, object], added: Mapping[str, object]) -> Fields:
    """Yield the manifest's values and the notes', which win; where they differ both are shown."""
    for key, value in {**written, **added}.items():
        mark = ""
        if key in added:
            mark = f" (notes; the manifest says {_text(written[key])})" if key in written else " (notes)"
        yield f"{label}.{key}", _text(value) + mark


def _values(prefix: str, values: Mapping[str, object], mark: str = "") -> Fields:
    for key, value in values.items():
        yield f"{prefix}{key}", _text(value) + mark


def _text(value: object) -> str:
    return amount(plain(value))  # type: ignore[arg-type]


def _record(label: str, record: Record | None) -> Fields:
    if record is not None:
        whole = plain(record)
        assert isinstance(whole, dict)
        yield from _values(f"{label}.", whole)


def input_named(one: Input, known: Numbers) -> str:
    """Return what a version was made from, as a person names it."""
    used_as = f" as {one.used_as}" if one.used_as else ""
    elsewhere = f" in {one.repository}" if one.repository else ""
    if one.uri:
        return f"{one.uri}{f' ({one.digest})' if one.digest else ''}{used_as}"
    assert one.version
    if one.project:
        return f"projects/{one.project}/{one.artifact}@{one.version[:8]}{elsewhere}{used_as}"
    assert one.registry
    shown = views.shown(known, one.registry, one.version) if not one.repository else f"@{one.version[:8]}"
    return f"{one.registry}{shown if shown.startswith('@') else f':{shown}'}{elsewhere}{used_as}"


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


def _some(**fields: str | None) -> Fields:
    yield from ((label, text) for label, text in fields.items() if text)
