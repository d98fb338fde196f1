"""`git registry link`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from git_registry.catalog.catalog import Catalog
from git_registry.cli import shapes, values
from git_registry.cli.options import push_option, rewrite_option, trust_option, verb
from git_registry.cli.progress import progress
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.errors import NotFound, RegistryError, UsageError
from git_registry.index.numbers import at_hand
from git_registry.sdk import selecting
from git_registry.sdk.linking import (
    Linked,
    Request,
    link_files,
    link_reference,
    link_version,
    looks_like_uri,
)
from git_registry.sdk.views import version_view
from git_registry.store.location import absolute, check_uri
from git_registry.wording import happened


@verb(
    example="git registry link model.ubj model/churn --alias staging --metric auc=0.93\n"
    "git registry link s3://raw/2026-10/ dataset/events --reference\n"
    "git registry link model/churn:v3 model/approved"
)
@click.argument("source")
@click.argument("target", type=SELECTOR)
@click.option("--alias", "aliases", multiple=True, help="Point this alias at the version.")
@click.option("--tag", "tags", multiple=True, help="Give the version this tag.")
@click.option("--metric", "metrics", multiple=True, metavar="KEY=NUMBER", help="Such as auc=0.93.")
@click.option(
    "--metadata", multiple=True, metavar="KEY=VALUE|FILE", help="A value, or a YAML or JSON file of them."
)
@click.option("--type", "artifact_type", help="The artifact's type; by default the collection's.")
@click.option("--input", "inputs", multiple=True, metavar="SELECTOR|URI", help="What it was made from.")
@click.option("--description", help="What this version is, in a sentence.")
@click.option("--name", metavar="ARTIFACT", help="The artifact's name; by default the collection's.")
@click.option("--reference", is_flag=True, help="Record the data where it is, and copy nothing.")
@click.option(
    "--checksum", is_flag=True, help="Read what is referred to, so that it is known by its content."
)
@trust_option
@rewrite_option
@push_option
def command(
    session: Session,
    *,
    source: str,
    target: str,
    aliases: tuple[str, ...],
    tags: tuple[str, ...],
    metrics: tuple[str, ...],
    metadata: tuple[str, ...],
    artifact_type: str | None,
    inputs: tuple[str, ...],
    description: str | None,
    name: str | None,
    reference: bool,
    checksum: bool,
) -> None:
    """Link a file, a directory, a URI or a version into the collection TARGET.

    Files are uploaded to the organization's store first. A version of another collection is linked with the
    same digest, and no bytes are copied. A collection that isn't there is created. Linking the same content
    again makes no new version, and still moves the aliases.
    """
    if checksum and not reference:
        raise UsageError("only what is referred to needs it", where="--checksum", hint="pass --reference too")
    request = Request(
        aliases=aliases,
        tags=tags,
        description=description,
        metrics=values.metrics(metrics),
        metadata=values.metadata(metadata),
        type=artifact_type,
        inputs=inputs,
        name=name,
    )
    with session.open() as here:
        catalog = here.registries()
        if reference:
            linked = link_reference(catalog, absolute(source), target, request, checksum=checksum)
        else:
            linked = _link(session, catalog, source, target, request)
        finish(
            session,
            catalog,
            linked.outcome,
            about=partial(_shape, linked),
            first=_known(linked),
            last=[*linked.unrecorded, *_strength(linked)],
        )


def _link(session: Session, catalog: Catalog, source: str, target: str, request: Request) -> Linked:
    if looks_like_uri(source):
        check_uri(source)
        raise UsageError(
            "a URI is linked by reference: recorded where it is, not copied",
            where=source,
            hint="pass --reference; or download it, and link the file",
        )
    if os.path.lexists(source):
        if _names_version(catalog, source):
            session.output.note(f"note: {source} is a file here and a version too; the file is linked")
        with progress("Uploading") as bar:
            return link_files(catalog, Path(source), target, request, progress=bar)
    try:
        return link_version(catalog, source, target, request)
    except (NotFound, UsageError) as problem:
        if ":" in source or "@" in source:
            raise
        raise NotFound(
            "there is no such file or directory, and no version is called that",
            where=source,
            hint=problem.hint if isinstance(problem, UsageError) else "",
        ) from None


def _names_version(catalog: Catalog, text: str) -> bool:
    if ":" not in text and "@" not in text:
        return False
    try:
        there, selector = selecting.place(catalog, text)
        selecting.version(there, selector)
    except RegistryError:
        return False
    return True


def _shape(linked: Linked) -> Mapping[str, object]:
    known = at_hand(linked.seen)
    return shapes.version(version_view(linked.seen.now(), linked.collection, linked.id, known))


def _known(linked: Linked) -> list[str]:
    if not linked.known:
        return []
    known = at_hand(linked.seen)
    return [f"{happened.version(linked.collection, linked.id, known)} was linked already"]


def _strength(linked: Linked) -> list[str]:
    """Say by what weak references are known."""
    algorithms = {one.digest.algorithm for one in linked.manifest.files or () if not one.digest.is_content}
    if not linked.weak:
        return []
    known_by = f"It is known by {' and '.join(sorted(algorithms))}, not by its content"
    return [f"{known_by}: a change may go unnoticed (--checksum reads the bytes)"]
