"""`git registry log`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from git_registry.cli import shapes, values
from git_registry.cli.options import push_option, rewrite_option, trust_option, verb
from git_registry.cli.progress import progress
from git_registry.cli.selectors import SELECTOR
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.index.numbers import at_hand
from git_registry.sdk.linking import Request
from git_registry.sdk.logged import Logged
from git_registry.sdk.logging_files import log_files
from git_registry.sdk.views import version_view
from git_registry.wording import happened


@verb(
    example="git registry log features.parquet projects/churn/features --type dataset\n"
    "git registry log out/ projects/churn/xgb --type model --metric auc=0.93 "
    "--input projects/churn/features:latest"
)
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("target", type=SELECTOR)
@click.option("--type", "artifact_type", help="The artifact's type; needed for its first version.")
@click.option("--alias", "aliases", multiple=True, help="Point this alias at the version.")
@click.option("--tag", "tags", multiple=True, help="Give the version this tag.")
@click.option("--metric", "metrics", multiple=True, metavar="KEY=NUMBER", help="Such as auc=0.93.")
@click.option(
    "--metadata", multiple=True, metavar="KEY=VALUE|FILE", help="A value, or a YAML or JSON file of them."
)
@click.option("--description", help="What this version is, in a sentence.")
@click.option("--input", "inputs", multiple=True, metavar="SELECTOR|URI", help="What it was made from.")
@trust_option
@rewrite_option
@push_option
def command(
    session: Session,
    *,
    path: Path,
    target: str,
    artifact_type: str | None,
    aliases: tuple[str, ...],
    tags: tuple[str, ...],
    metrics: tuple[str, ...],
    metadata: tuple[str, ...],
    description: str | None,
    inputs: tuple[str, ...],
) -> None:
    """Log a file or a directory into a project, as a version of the artifact TARGET.

    TARGET is projects/PROJECT/ARTIFACT; project and artifact are made if they are not there. It is committed
    to the project's branch, whichever is checked out. `git registry link projects/…` links what is logged
    into a registry, and copies no bytes. Logging the same content again makes no new version, and still moves
    the aliases.
    """
    request = Request(
        aliases=aliases,
        tags=tags,
        description=description,
        metrics=values.metrics(metrics),
        metadata=values.metadata(metadata),
        type=artifact_type,
        inputs=inputs,
    )
    with session.open() as catalog:
        with progress("Uploading") as bar:
            done = log_files(catalog, path, target, request, progress=bar)
        finish(session, done.seen, done.outcome, about=partial(_shape, done), first=_known(done))


def _shape(done: Logged) -> Mapping[str, object]:
    return shapes.version(version_view(done.seen.now(), done.path, done.id, at_hand(done.seen)))


def _known(done: Logged) -> list[str]:
    if not done.known:
        return []
    return [f"{happened.version(done.path, done.id, at_hand(done.seen))} was logged already"]
