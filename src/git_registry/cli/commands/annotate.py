"""`git registry annotate`."""

from __future__ import annotations

import click

from git_registry.cli import values
from git_registry.cli.options import push_option, rewrite_option, verb
from git_registry.cli.session import Session
from git_registry.cli.writing import finish
from git_registry.errors import UsageError
from git_registry.model.documents.record import Number, Value
from git_registry.model.edits.version import Addition
from git_registry.sdk import noting


@verb(example="git registry annotate model/churn:v3 fairness_gap=0.012 reviewed_by=risk")
@click.argument("words", nargs=-1, required=True, metavar="SELECTOR... [KEY=VALUE]...")
@click.option("--metric", "metrics", multiple=True, metavar="KEY=NUMBER", help="A metric.")
@click.option(
    "--metadata", multiple=True, metavar="KEY=VALUE|FILE", help="A value, or a YAML or JSON file of them."
)
@click.option("--description", help="What the version is, in a sentence.")
@rewrite_option
@push_option
def command(
    session: Session,
    *,
    words: tuple[str, ...],
    metrics: tuple[str, ...],
    metadata: tuple[str, ...],
    description: str | None,
) -> None:
    """Add metrics, metadata or a description to versions' notes, in one commit.

    KEY=VALUE is a metric if the value is a number, and metadata otherwise; `metrics.KEY=…` and
    `metadata.KEY=…` say which. Notes win over the manifest, which never changes.
    """
    selectors = [word for word in words if "=" not in word]
    measured, described = _sorted([word for word in words if "=" in word])
    addition = Addition(
        description=description,
        metrics=measured | values.metrics(metrics),
        metadata=described | values.metadata(metadata),
    )
    if not selectors:
        raise UsageError("which version?", hint="such as model/churn:v3")
    if addition == Addition():
        raise UsageError("what shall be added?", hint="such as auc=0.93, or --description TEXT")
    with session.open() as catalog:
        finish(session, catalog, noting.annotate(catalog, selectors, addition))


def _sorted(words: list[str]) -> tuple[dict[str, Number], dict[str, Value]]:
    """Return which of the values are metrics and which metadata."""
    measured: dict[str, Number] = {}
    described: dict[str, Value] = {}
    for word in words:
        key, value = values.assigned(word)
        kind, dot, rest = key.partition(".")
        if dot and kind == "metadata":
            described[rest] = value
        elif dot and kind == "metrics":
            measured[rest] = values.metric(rest, value, word)
        elif values.is_number(value):
            measured[key] = values.metric(key, value)
        else:
            described[key] = value
    return measured, described
