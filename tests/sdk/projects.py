"""Logging into a project, with as little to type as a test needs."""

from __future__ import annotations

from git_registry.catalog import projects
from git_registry.sdk import logged
from git_registry.sdk.blobs import blobs
from git_registry.sdk.drafting import Draft
from git_registry.sdk.manifests import About


def log(desk, content, artifact="churn-xgb", project="churn", **what):
    """Log files with this content into a project of a desk's clone, and return what logging did."""
    source = desk.source(content)
    draft = Draft()
    if source.is_dir():
        draft.add_directory(source)
    else:
        draft.add_file(source, source.name)
    about = About(
        artifact=artifact,
        type=what.pop("type", "model"),
        metadata=what.pop("metadata", {}),
        metrics=what.pop("metrics", {}),
    )
    with desk.open() as catalog:
        there = projects.begun(catalog, project)
        return logged.log(there, logged.Log(about=about, **what), draft.stored(blobs(catalog).store))
