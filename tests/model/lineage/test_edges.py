"""What a manifest and a run's document say was made from what."""

from __future__ import annotations

from dataclasses import replace

from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents import manifest as documents
from git_registry.model.documents.manifest import Input, Manifest, ProjectVersion, RunReference
from git_registry.model.documents.run import Made
from git_registry.model.documents.run import Run as RunDocument
from git_registry.model.lineage.edges import Edge, Way, edges_of_manifest, edges_of_run
from git_registry.model.lineage.nodes import Code, Data, Run, Version

from .memory import LINKED, MADE, RAN, USED

A, B = "aa" * 16, "bb" * 16
ETAG = Digest("etag", "33a6")

INPUTS = (
    Input(registry="dataset/customers", version=A, used_as="train"),
    Input(project="churn", artifact="features", version=B, repository="other"),
    Input(uri="s3://raw/", digest=ETAG),
)
CODE = documents.Code(repository="git@host:churn.git", commit="4be1", dirty=True)
MANIFEST = Manifest(
    artifact="churn-xgb",
    type="model",
    digest=list_digest([]),
    size=0,
    created="2026-11-22T20:28:34.123Z",
    files=(),
    source=ProjectVersion(project="churn", artifact="churn-xgb", version=A),
    run=RunReference(project="churn", id="k3"),
    code=CODE,
    inputs=INPUTS,
)
MADE_HERE = Version("model/churn", MANIFEST.id)
RUN, COMMIT = Run("churn", "k3"), Code("4be1", "git@host:churn.git")


def used_by(user):
    return [
        Edge(user, USED, Version("dataset/customers", A), used_as="train"),
        Edge(user, USED, Version("projects/churn/features", B, "other")),
        Edge(user, USED, Data("s3://raw/", ETAG)),
    ]


def test_a_manifest():
    assert list(edges_of_manifest("model/churn", MANIFEST)) == [
        Edge(MADE_HERE, LINKED, Version("projects/churn/churn-xgb", A)),
        Edge(RUN, MADE, MADE_HERE),
        Edge(RUN, RAN, COMMIT, dirty=True),
        *used_by(MADE_HERE),
    ]


def test_code_that_ran_in_no_run_made_it_itself():
    edges = list(edges_of_manifest("model/churn", replace(MANIFEST, run=None, source=None, inputs=())))

    assert edges == [Edge(COMMIT, MADE, MADE_HERE, dirty=True)]


def test_a_manifest_that_says_nothing():
    alone = replace(MANIFEST, run=None, source=None, inputs=(), code=None)

    assert list(edges_of_manifest("model/churn", alone)) == []


def test_a_run():
    document = RunDocument(
        state="finished",
        started="2026-11-22T19:02:11.000Z",
        code=CODE,
        inputs=INPUTS,
        outputs=(Made(artifact="churn-xgb", version=A),),
    )

    assert list(edges_of_run("churn", "k3", document)) == [
        Edge(RUN, MADE, Version("projects/churn/churn-xgb", A)),
        Edge(RUN, RAN, COMMIT, dirty=True),
        *used_by(RUN),
    ]


def test_our_own_name_is_no_other_repository():
    manifest = replace(MANIFEST, source=replace(MANIFEST.source, repository="other"))
    ends = {edge.end for edge in edges_of_manifest("model/churn", manifest, organization="other")}

    assert {Version("projects/churn/features", B), Version("projects/churn/churn-xgb", A)} <= ends


def test_which_end_was_there_first():
    used, made = Edge(RUN, USED, Data("s3://raw/")), Edge(RUN, MADE, MADE_HERE)

    assert (used.upstream, used.downstream) == (Data("s3://raw/"), RUN)
    assert (made.upstream, made.downstream) == (RUN, MADE_HERE)
    assert (made.far(Way.UP), made.near(Way.UP)) == (RUN, MADE_HERE)
    assert (made.far(Way.DOWN), made.near(Way.DOWN)) == (MADE_HERE, RUN)
