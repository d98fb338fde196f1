"""Where models come from and what came of data, through registries and projects."""

from __future__ import annotations

import time

import pytest
from tests.sdk import recorded
from tests.sdk.recorded import by, linked, logged, manifest, record, run

from git_registry.errors import NotFound, UsageError
from git_registry.index.lineage.spots import Branch, Spots
from git_registry.index.opening import ask
from git_registry.model.documents.manifest import Code, Input, ProjectVersion
from git_registry.model.lineage.edges import Way
from git_registry.model.lineage.graph import State
from git_registry.model.lineage.nodes import Run
from git_registry.model.lineage.trace import Limits
from git_registry.sdk import linking, syncing
from git_registry.sdk.looking_back import look_back
from git_registry.sdk.tracing import lineage

from .once import once

DATA = manifest("data")
UP, DOWN = Way.UP, Way.DOWN


def told(desk, text, way, **options):
    """Return what is told in one direction, as lines `start relation end`, nearest first."""
    graph = desk(lineage, text, [way], **options)
    called = {node: one.label for node, one in graph.nodes.items()}
    return [f"{called[edge.start]} {edge.relation.value} {called[edge.end]}" for edge in graph.edges]


def states(desk, text, **options):
    """Return label → state of everything in both directions."""
    return {one.label: one.state for one in desk(lineage, text, **options).nodes.values()}


def link(desk, text, place, *inputs):
    return desk.link(text, place, inputs=[*inputs])


def test_a_model_made_of_a_data_set_and_another_made_of_that(desk):
    link(desk, "customers", "dataset/customers")
    link(desk, "weights", "model/churn", "dataset/customers:v0")
    link(desk, "distilled", "model/small", "model/churn:v0")

    assert told(desk, "model/small", UP) == [
        "model/small:v0 used model/churn:v0",
        "model/churn:v0 used dataset/customers:v0",
    ]
    assert told(desk, "dataset/customers:v0", DOWN) == [
        "model/churn:v0 used dataset/customers:v0",
        "model/small:v0 used model/churn:v0",
    ]
    assert told(desk, "model/churn:v0", UP) == ["model/churn:v0 used dataset/customers:v0"]
    assert told(desk, "dataset/customers:v0", UP) == []


def test_what_points_at_a_version_now_is_told(desk):
    link(desk, "customers", "dataset/customers")
    for text in ("one", "two"):
        desk.link(text, inputs=["dataset/customers:v0"], aliases=["staging", text])

    graph = desk(lineage, "dataset/customers")

    aliases = {one.label: one.aliases for one in graph.nodes.values()}
    assert aliases["model/churn:v0"] == ("one",)
    assert aliases["model/churn:v1"] == ("staging", "two")


@once
def projects(desk):
    """A run made features of a data set; another made a model of them, which is linked."""
    code = Code(repository="git@github.com:acme/churn.git", commit="4be1" * 10, dirty=True)
    features = manifest("features", run=by("r1"), inputs=(linked("dataset/customers", DATA),))
    source = ProjectVersion(project="churn", artifact="xgb", version=manifest("model").id)
    model = manifest("model", run=by("r2", "churn"), code=code)
    record(
        desk,
        "projects/churn",
        recorded.project_at("churn"),
        *(recorded.collection_at("churn/features"), recorded.version_at("churn/features", features)),
        *(recorded.collection_at("churn/xgb"), recorded.version_at("churn/xgb", model)),
        recorded.alias_at("churn/xgb", "best", model),
        recorded.run_at("churn", "r1", run(name="brisk", inputs=[linked("dataset/customers", DATA)])),
        recorded.run_at("churn", "r2", run(inputs=[logged("churn", "features", features)], code=code)),
    )
    record(
        desk,
        "main",
        *(recorded.collection_at("dataset/customers", "dataset"), recorded.collection_at("model/churn")),
        recorded.version_at("dataset/customers", DATA),
        recorded.version_at("model/churn", manifest("model", run=by("r2"), code=code, source=source)),
    )
    return desk


CODE = "code git@github.com:acme/churn.git@4be14be14be1"


def test_a_projects_version_linked_into_a_registry(projects):
    assert told(projects, "model/churn:v0", UP) == [
        "model/churn:v0 linked-from projects/churn/xgb:v0",
        "run churn/r2 made model/churn:v0",
        "run churn/r2 made projects/churn/xgb:v0",
        f"run churn/r2 ran {CODE}",
        "run churn/r2 used projects/churn/features:v0",
        "run churn/brisk made projects/churn/features:v0",
        "projects/churn/features:v0 used dataset/customers:v0",
        "run churn/brisk used dataset/customers:v0",
    ]
    assert states(projects, "model/churn:v0")["projects/churn/xgb:v0"] is State.LINKED
    assert states(projects, "model/churn:v0")["run churn/r2"] is State.RECORDED


def test_what_a_data_set_became_is_found_on_projects_branches(projects):
    below = told(projects, "dataset/customers", DOWN)

    assert below[-1] == "model/churn:v0 linked-from projects/churn/xgb:v0"
    assert len(below) == 7


def test_branches_are_seen_as_they_are_asked_for(projects):
    def seen(moment, *branches):
        Spots.at(moment, branches)
        return moment.rows("SELECT count(*) FROM temp.project_entry")[0][0]

    with projects.open() as catalog:
        lineage(catalog, "dataset/customers")
        churn = Branch("churn", "refs/heads/projects/churn", catalog.repository.branch("projects/churn"))
        asked = ([churn], [churn], [], [churn])
        first, again, nothing, back = ask(catalog, lambda moment: [seen(moment, *one) for one in asked])

    assert first == again == back > nothing == 0


def test_who_stays_sees_what_a_project_did_since(projects):
    with projects.open() as catalog:
        before = lineage(catalog, "dataset/customers", [DOWN])
        record(
            projects,
            "projects/churn",
            recorded.run_at("churn", "r3", run(inputs=[linked("dataset/customers", DATA)])),
        )

        after = lineage(catalog, "dataset/customers", [DOWN])

    assert set(after.nodes) - set(before.nodes) == {Run("churn", "r3")}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("projects/churn/runs/r1", "run churn/brisk"),
        ("acme/projects/churn/runs/r1", "run churn/brisk"),
        ("run:churn@r1", "run churn/brisk"),
        ("projects/churn/xgb:v0", "projects/churn/xgb:v0"),
        ("projects/churn/xgb:best", "projects/churn/xgb:v0"),
        (f"projects/churn/xgb@{manifest('model').id[:6]}", "projects/churn/xgb:v0"),
        ("projects/churn/features", "projects/churn/features:v0"),
        (f"code:{'4be1' * 10}@git%40github.com:acme/churn.git", CODE),
        (f"version:model/churn@{manifest('model').id}", "model/churn:v0"),
    ],
)
def test_whatever_has_a_name_may_be_asked_about(projects, text, label):
    graph = projects(lineage, text)

    assert graph.nodes[graph.start].label == label
    assert graph.edges


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("projects/chrun/xgb", NotFound, "did you mean churn?"),
        ("projects/other/xgb", NotFound, "its branch is projects/other"),
        ("projects/churn/xgb:v7", NotFound, "go up to v0"),
        ("projects/churn/runs/r9", NotFound, "nothing here speaks of run churn/r9"),
        ("data:s3://nowhere/", NotFound, "nothing here speaks of s3://nowhere/"),
        ("projects/churn", UsageError, "a whole project"),
        ("model", UsageError, "is a registry"),
        ("run:", UsageError, "expected a key"),
    ],
)
def test_a_name_of_nothing_says_so(projects, text, error, said):
    with pytest.raises(error) as wrong:
        projects(lineage, text)

    assert said in f"{wrong.value} {wrong.value.hint}"


def test_who_stands_on_a_projects_branch_sees_the_same(projects, git):
    from_main = told(projects, "model/churn:v0", UP)
    git(projects.path, "symbolic-ref", "HEAD", "refs/heads/projects/churn")
    git(projects.path, "config", "registry.branch", "main")

    assert told(projects, "model/churn:v0", UP) == from_main


def test_a_run_whose_branch_is_not_here_is_known_by_what_it_made(desk):
    one = manifest("weights", run=by("r7", "elsewhere"), code=Code(commit="77aa" * 10))
    record(desk, "main", recorded.collection_at("model/churn"), recorded.version_at("model/churn", one))

    assert told(desk, "projects/elsewhere/runs/r7", UP) == ["run elsewhere/r7 ran code 77aa77aa77aa"]
    assert told(desk, "projects/elsewhere/runs/r7", DOWN) == ["run elsewhere/r7 made model/churn:v0"]
    assert states(desk, "model/churn")["run elsewhere/r7"] is State.MISSING


def test_an_input_in_another_repository_one_that_never_was_and_data_where_it_lies(desk):
    inputs = (
        linked("dataset/customers", DATA, repository="other"),
        linked("dataset/customers", DATA),
        linked("dataset/customers", DATA, repository="acme", used_as="test"),
        Input(uri="s3://raw/2026-10/"),
    )
    one = manifest("weights", inputs=inputs)
    record(desk, "main", recorded.collection_at("model/churn"), recorded.version_at("model/churn", one))

    digits = DATA.id[:8]
    assert states(desk, "model/churn") == {
        "model/churn:v0": State.LINKED,
        f"other/dataset/customers@{digits}": State.ELSEWHERE,
        f"dataset/customers@{digits}": State.MISSING,
        "s3://raw/2026-10/": None,
    }
    ours = told(desk, f"version:dataset/customers@{DATA.id}", DOWN)
    assert ours == [f"model/churn:v0 used dataset/customers@{digits}"] * 2
    assert told(desk, "data:s3://raw/2026-10/", DOWN) == ["model/churn:v0 used s3://raw/2026-10/"]


def test_what_was_unlinked_has_its_lineage_still(desk):
    link(desk, "customers", "dataset/customers")
    link(desk, "weights", "model/churn", "dataset/customers:v0")
    link(desk, "distilled", "model/small", "model/churn:v0")
    identifier = desk(linking.unlink, ["model/churn:v0"]) and manifest_of(desk, "model/churn")

    for name in ("model/churn:v0", f"model/churn@{identifier[:8]}"):
        assert told(desk, name, UP) == ["model/churn:v0 used dataset/customers:v0"]
    assert told(desk, "dataset/customers", DOWN) == [
        "model/churn:v0 used dataset/customers:v0",
        "model/small:v0 used model/churn:v0",
    ]
    assert states(desk, "model/small")["model/churn:v0"] is State.UNLINKED


def manifest_of(desk, collection):
    """Return the id of the one version that was unlinked from a collection."""
    (path,) = [path for path in desk.files(f"{collection}/unlinked") if not path.endswith(".notes.yaml")]
    return path.rpartition("/")[2].removesuffix(".yaml")


def test_what_was_purged_is_named_by_those_who_used_it(desk, git):
    link(desk, "customers", "dataset/customers")
    link(desk, "weights", "model/churn", "dataset/customers:v0")
    git(desk.path, "rm", "-q", "-r", "dataset/customers/versions")
    git(desk.path, "commit", "-q", "-m", "Purge")

    assert told(desk, "dataset/customers:v0", DOWN) == ["model/churn:v0 used dataset/customers:v0"]
    assert states(desk, "model/churn")["dataset/customers:v0"] is State.PURGED


def test_a_renamed_collection_is_found_under_what_it_was_called(desk, git):
    link(desk, "customers", "dataset/customers")
    link(desk, "weights", "model/churn", "dataset/customers:v0")
    git(desk.path, "mv", "dataset/customers", "dataset/people")
    document = desk.path / "dataset/people/collection.yaml"
    document.write_text(document.read_text() + "renamed_from: dataset/customers\n")
    git(desk.path, "commit", "-q", "-a", "-m", "Rename")

    assert told(desk, "model/churn", UP) == ["model/churn:v0 used dataset/people:v0"]
    assert told(desk, "dataset/people", DOWN) == ["model/churn:v0 used dataset/people:v0"]


def test_a_circle_ends(desk):
    one, other = manifest("one"), manifest("other")
    for here, there in ((one, other), (other, one)):
        known = recorded.version_at(
            "model/churn", manifest(text(here), inputs=(linked("model/churn", there),))
        )
        record(desk, "main", recorded.collection_at("model/churn"), known)

    assert told(desk, "model/churn:v0", UP) == [
        "model/churn:v0 used model/churn:v1",
        "model/churn:v1 used model/churn:v0",
    ]


def text(one):
    return "one" if one.id == manifest("one").id else "other"


def test_a_thousand_users_of_one_data_set(desk):
    users = [manifest(f"{n}", inputs=(linked("dataset/customers", DATA),)) for n in range(1000)]
    paths = {path: one for user in users for path, one in recorded.version_at("model/churn", user).items()}
    record(desk, "main", recorded.collection_at("dataset/customers"), recorded.collection_at("model/churn"))
    record(desk, "main", recorded.version_at("dataset/customers", DATA), paths)
    desk(lineage, "dataset/customers")  # everything is read once

    began = time.perf_counter()
    whole = desk(lineage, "dataset/customers")
    took = time.perf_counter() - began

    assert len(whole.edges) == 1000
    assert took < 5, "each user costs a few queries, none of which looks through all the others"
    few = desk(lineage, "dataset/customers", limits=Limits(widest=10))
    assert list(few.left_out()) == [(few.start, DOWN, 990)]
    near = desk(lineage, "dataset/customers", limits=Limits(depth=0))
    assert list(near.left_out()) == [(near.start, DOWN, 1000)]


def test_as_of_then(projects):
    later = manifest("later", inputs=(linked("dataset/customers", DATA),))
    record(projects, "projects/churn", recorded.version_at("churn/xgb", later), later=7)
    record(projects, "main", recorded.version_at("model/churn", later), later=9)
    days = ("2026-01-05", "2026-01-09", "main~1", "main")
    then = [told_at(projects, "dataset/customers", at) for at in days]

    assert [len(below) for below in then] == [7, 8, 7, 9]
    assert "projects/churn/xgb:v1 used dataset/customers:v0" in then[1]
    assert told_at(projects, "projects/churn/xgb:v0", "2026-01-05")
    with pytest.raises(NotFound, match="no version v1"):
        told_at(projects, "projects/churn/xgb:v1", "2026-01-05")


def told_at(desk, text, date):
    def looked_back(catalog):
        look_back(catalog, date)
        graph = lineage(catalog, text)
        called = {node: one.label for node, one in graph.nodes.items()}
        return [f"{called[edge.start]} {edge.relation.value} {called[edge.end]}" for edge in graph.edges]

    return desk(looked_back)


def test_what_others_published_counts_once_it_was_fetched(projects, upstream, clone, git):
    projects(syncing.sync)
    git(projects.path, "push", "-q", "origin", "projects/churn")
    bob = clone("bob")
    assert len(told(bob, "dataset/customers", DOWN)) == 7
    later = manifest("later", inputs=(linked("dataset/customers", DATA),))
    record(projects, "projects/churn", recorded.version_at("churn/xgb", later))
    assert "projects/churn/xgb:v1? used dataset/customers:v0" in told(projects, "dataset/customers", DOWN)

    git(projects.path, "push", "-q", "origin", "projects/churn")
    git(bob.path, "branch", "-q", "projects/churn", "origin/projects/churn")
    git(bob.path, "fetch", "-q")

    # The branch here is behind; what was fetched is known all the same.
    assert "projects/churn/xgb:v1 used dataset/customers:v0" in told(bob, "dataset/customers", DOWN)
    assert told(bob, "projects/churn/xgb:v1", UP) == ["projects/churn/xgb:v1 used dataset/customers:v0"]


def test_a_branch_that_parted_from_what_was_fetched_is_said_to_have(projects, upstream, clone, git):
    projects(syncing.sync)
    git(projects.path, "push", "-q", "origin", "projects/churn")
    bob = clone("bob")
    git(bob.path, "branch", "-q", "projects/churn", "origin/projects/churn")
    for desk, text in ((bob, "mine"), (projects, "theirs")):
        user = manifest(text, inputs=(linked("dataset/customers", DATA),))
        record(desk, "projects/churn", recorded.version_at("churn/xgb", user))
    git(projects.path, "push", "-q", "origin", "projects/churn")
    git(bob.path, "fetch", "-q")

    below = told(bob, "dataset/customers", DOWN)

    assert [line for line in below if line.startswith("projects/churn/xgb")] == [
        "projects/churn/xgb:v1 used dataset/customers:v0"
    ]
    assert bob.said == [
        "projects/churn is not a continuation of what was fetched: lineage leaves out its own steps"
    ]
