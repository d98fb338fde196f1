"""The index tells of lineage what reading every document tells, and no more."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sdk import recorded
from tests.sdk.desk import found
from tests.sdk.recorded import linked, logged, manifest, record, run

from git_registry.catalog import projects
from git_registry.index.lineage.known import Lineage
from git_registry.index.lineage.spots import Branch, Spots
from git_registry.index.opening import ask
from git_registry.model import layout
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import Code, Input, Manifest, ProjectVersion
from git_registry.model.documents.run import Run
from git_registry.model.layout import Kind
from git_registry.model.lineage.edges import artifact_place, edges_of_manifest, edges_of_run
from git_registry.model.lineage.graph import State
from git_registry.model.lineage.nodes import Version

REGISTRIES = ("model/churn", "dataset/customers")
PROJECTS = ("churn", "fraud")
ARTIFACTS = ("xgb", "features")
CONTENTS = [manifest(text) for text in "abcd"]

codes = st.builds(
    Code,
    repository=st.sampled_from([None, "git@github.com:acme/churn.git"]),
    commit=st.sampled_from(["4be1" * 10, "77aa" * 10]),
    dirty=st.booleans(),
)
inputs = st.one_of(
    st.builds(
        linked,
        st.sampled_from([*REGISTRIES, "model/gone"]),
        st.sampled_from(CONTENTS),
        repository=st.sampled_from([None, "acme", "other"]),
        used_as=st.sampled_from([None, "train"]),
    ),
    st.builds(
        logged,
        st.sampled_from([*PROJECTS, "gone"]),
        st.sampled_from(ARTIFACTS),
        st.sampled_from(CONTENTS),
        repository=st.sampled_from([None, "acme", "other"]),
    ),
    st.builds(
        Input,
        uri=st.sampled_from(["s3://raw/1/", "s3://raw/2/"]),
        digest=st.sampled_from([None, Digest("etag", "a@b")]),
    ),
)
some_inputs = st.lists(inputs, max_size=2).map(tuple)
sources = st.builds(
    lambda project, artifact, one: ProjectVersion(project=project, artifact=artifact, version=one.id),
    st.sampled_from(PROJECTS),
    st.sampled_from(ARTIFACTS),
    st.sampled_from(CONTENTS),
)
manifests = st.builds(
    lambda one, **parts: manifest("abcd"[CONTENTS.index(one)], **parts),
    st.sampled_from(CONTENTS),
    inputs=some_inputs,
    run=st.none() | st.builds(recorded.by, st.sampled_from(["r1", "r2"]), st.sampled_from(PROJECTS)),
    code=st.none() | codes,
    source=st.none() | sources,
)
runs = st.builds(
    run,
    inputs=some_inputs,
    outputs=st.lists(st.tuples(st.sampled_from(ARTIFACTS), st.sampled_from(CONTENTS)), max_size=2),
    code=st.none() | codes,
)


@st.composite
def files(draw, project=None):
    """Draw documents that stand in the registries or in a project, by path."""
    places = [f"{project}/{artifact}" for artifact in ARTIFACTS] if project else REGISTRIES
    drawn = {}
    for place, one in draw(st.lists(st.tuples(st.sampled_from(places), manifests), max_size=4)):
        unlinked = draw(st.booleans())
        drawn |= recorded.version_at(place, one, unlinked=unlinked)
        drawn.pop(layout.manifest_path(place, one.id, unlinked=not unlinked), None)
    if project:
        for name, one in draw(st.dictionaries(st.sampled_from(["r1", "r2"]), runs, max_size=2)).items():
            drawn |= recorded.run_at(project, name, one)
    return drawn


def naive(catalog):
    """Return the edges of every document at the tips, each read from its file."""
    listed = [(catalog, "")]
    listed += [(projects.on_project(catalog, name), name) for name in projects.projects(catalog.repository)]
    found = set()
    for seen, project in listed:
        paths = seen.repository.git("ls-tree", "-r", "--name-only", seen.tip()).text.splitlines()
        for path in paths:
            identity = layout.identify(path)
            if identity.kind in (Kind.VERSION, Kind.UNLINKED):
                place = artifact_place(project, identity.collection) if project else identity.subject
                found.update(
                    edges_of_manifest(place, seen.now().tree.document(path, Manifest), organization="acme")
                )
            if identity.kind is Kind.RUN and project:
                one = seen.now().tree.document(path, Run)
                found.update(edges_of_run(project, identity.name, one, organization="acme"))
    return found


def known(catalog, question):
    """Return what a question to the lineage over all branches gives."""
    branches = []
    for name in projects.projects(catalog.repository):
        other = projects.on_project(catalog, name)
        line = ask(other, lambda moment: moment.line, contents=True)
        branches.append(Branch(name, line.on.ref, other.tip()))
    return ask(
        catalog, lambda moment: question(Lineage.over(Spots.at(moment, branches), "acme")), contents=True
    )


def told(catalog, nodes):
    """Return the edges that are told of at either end of some nodes."""

    def both(lineage):
        above = {edge for node in nodes for edge in lineage.upstream(node)}
        below = {edge for node in nodes for edge in lineage.downstream(node)}
        return above, below

    return known(catalog, both)


numbered = itertools.count()


@pytest.fixture
def make_desk(tmp_path):
    return lambda: found(tmp_path / f"{next(numbered)}" / "acme")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_edge_is_told_at_both_its_ends_and_no_other_is(make_desk, data):
    desk = make_desk()
    for later in range(data.draw(st.integers(1, 3))):
        before = dict.fromkeys(desk.files("model") + desk.files("dataset")) if later else {}
        kept = {path: None for path in before if layout.identify(path).kind in (Kind.VERSION, Kind.UNLINKED)}
        record(desk, "main", kept, data.draw(files()), later=later)
        for project in data.draw(st.lists(st.sampled_from(PROJECTS), unique=True)):
            record(desk, f"projects/{project}", data.draw(files(project)), later=later)
        expected = desk(naive)
        nodes = {node for edge in expected for node in (edge.start, edge.end)}

        assert desk(told, nodes) == (expected, expected)


def test_a_copied_manifest_is_two_versions(desk):
    data = manifest("data")
    model = manifest("model", inputs=(linked("dataset/customers", data),))
    record(desk, "main", recorded.version_at("model/a", model))
    assert desk(downstream, Version("dataset/customers", data.id)) == [Version("model/a", model.id)]

    record(desk, "main", recorded.version_at("model/b", model))

    found = desk(downstream, Version("dataset/customers", data.id))
    assert found == [Version("model/b", model.id), Version("model/a", model.id)]


def downstream(catalog, node):
    return [edge.downstream for edge in known(catalog, lambda lineage: lineage.downstream(node))]


def test_a_manifest_under_anothers_name_says_nothing(desk):
    data = manifest("data")
    model = manifest("model", inputs=(linked("dataset/customers", data),))
    record(desk, "main", {layout.manifest_path("model/a", "0" * 32): model})

    assert desk(downstream, Version("dataset/customers", data.id)) == []


def test_a_branch_speaks_for_its_own_project_alone(desk):
    data = manifest("data")
    user = manifest("user", inputs=(linked("dataset/customers", data),))
    one = run(inputs=[linked("dataset/customers", data)])
    record(
        desk, "projects/churn", recorded.version_at("fraud/xgb", user), recorded.run_at("fraud", "r1", one)
    )
    record(desk, "projects/churn", recorded.version_at("churnish/xgb", user))
    record(desk, "main", recorded.run_at("model", "r1", one))

    assert desk(downstream, Version("dataset/customers", data.id)) == []


def test_a_project_is_told_from_one_that_only_looks_like_it(desk):
    data = manifest("data")
    user, other = (manifest(text, inputs=(linked("dataset/customers", data),)) for text in ("user", "other"))
    record(desk, "projects/churn_eu", recorded.version_at("churn-eu/xgb", other))
    record(desk, "projects/churn_eu", recorded.version_at("churn_eu/xgb", user))

    found = desk(downstream, Version("dataset/customers", data.id))
    assert found == [Version("projects/churn_eu/xgb", user.id)]


def test_a_document_that_cannot_be_read_hides_no_other(desk):
    data = manifest("data")
    user = manifest("user", inputs=(linked("dataset/customers", data),))
    broken = {
        layout.manifest_path("model/churn", "0" * 32): b"format: 1\n",
        "churn/runs/r1.yaml": b"nonsense",
    }
    record(desk, "main", recorded.version_at("model/churn", user), broken)
    record(desk, "projects/churn", broken)

    assert desk(downstream, Version("dataset/customers", data.id)) == [Version("model/churn", user.id)]
    broken_one = Version("model/churn", "0" * 32)
    assert desk(known, lambda lineage: lineage.describe(broken_one)).state is State.LINKED


def test_steps_beyond_a_chain_are_told_of_while_they_are_looked_at(desk, git):
    data = manifest("data")
    user, other = (manifest(text, inputs=(linked("dataset/customers", data),)) for text in ("user", "other"))
    record(desk, "main", recorded.version_at("model/churn", user))
    git(desk.path, "branch", "proposal")
    record(desk, "refs/heads/proposal", recorded.version_at("model/churn", other))
    git(desk.path, "symbolic-ref", "HEAD", "refs/heads/proposal")
    git(desk.path, "config", "registry.branch", "main")

    assert len(desk(downstream, Version("dataset/customers", data.id))) == 2

    git(desk.path, "symbolic-ref", "HEAD", "refs/heads/main")
    assert desk(downstream, Version("dataset/customers", data.id)) == [Version("model/churn", user.id)]
