"""Documents committed as they are, to any branch, in one go."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta

from tests.sdk.desk import NOON

from git_registry.codec import encode
from git_registry.model import layout
from git_registry.model.dates import timestamp
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import FileEntry, Input, Manifest, RunReference
from git_registry.model.documents.project import Project
from git_registry.model.documents.run import Made, Run


def manifest(text, **parts):
    """Return the manifest of one file with this content, which no store holds."""
    digest = Digest.of(text.encode())
    entry = FileEntry(path="model.bin", size=len(text), digest=digest, uri=f"file:///store/{digest.value}")
    whole = Manifest(
        artifact="churn",
        type="model",
        digest=list_digest([(entry.path, entry.digest, entry.uri)]),
        size=len(text),
        created=timestamp(NOON),
        files=(entry,),
    )
    return replace(whole, **parts)


def run(*, inputs=(), outputs=(), **parts):
    """Return the document of a run that used these, and made (artifact, version) of its project."""
    made = tuple(Made(artifact=artifact, version=one.id) for artifact, one in outputs)
    parts = {"state": "finished", "started": timestamp(NOON), "ended": timestamp(NOON), **parts}
    return Run(inputs=tuple(inputs), outputs=made, **parts)


def by(run, project="churn"):
    """Return what a manifest says of the run that made it."""
    return RunReference(project=project, id=run)


def linked(place, one, **more):
    """Return an input: a version in a registry."""
    return Input(registry=place, version=one.id, **more)


def logged(project, artifact, one, **more):
    """Return an input: a version in a project."""
    return Input(project=project, artifact=artifact, version=one.id, **more)


def version_at(place, one, *, unlinked=False):
    """Return path and document of a version in a collection or artifact."""
    return {layout.manifest_path(place, one.id, unlinked=unlinked): one}


def collection_at(place, kind="model"):
    return {layout.collection_path(place): Collection(type=kind)}


def alias_at(place, alias, one):
    return {layout.alias_path(place, alias): Alias(version=one.id)}


def run_at(project, name, one):
    return {layout.run_path(project, name): one}


def project_at(project):
    return {layout.project_path(project): Project()}


def record(desk, branch, *files, later=0):
    """Commit to a branch, by full name or as `main`, what is given by path; None takes a file away."""
    ref = branch if branch.startswith("refs/") else f"refs/heads/{branch}"
    when = NOON + timedelta(days=later)
    head = subprocess.run(["git", "rev-parse", "-q", "--verify", ref], cwd=desk.path, capture_output=True)
    lines = [
        f"commit {ref}\ncommitter Ada Lovelace <ada@example.org> {int(when.timestamp())} +0000\n".encode(),
        b"data 6\nRecord\n",
        *([b"from " + head.stdout] if head.stdout else []),
    ]
    for path, document in (pair for some in files for pair in some.items()):
        if document is None:
            lines.append(f"D {path}\n".encode())
            continue
        data = document if isinstance(document, bytes) else encode(document)
        lines.append(f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n")
    subprocess.run(
        ["git", "fast-import", "--quiet", "--done"],
        cwd=desk.path,
        input=b"".join([*lines, b"\ndone\n"]),
        check=True,
    )
