"""What happened, from the index: the same as comparing every step's two trees, and found in part."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.index import naive
from tests.index.test_numbers import rename
from tests.sdk.once import once

from git_registry.index.events.history import Wanted, recorded
from git_registry.index.events.sources import Subject
from git_registry.index.opening import ask
from git_registry.model.edits.version import Addition
from git_registry.sdk import aliasing, linking, managing, noting, syncing
from git_registry.sdk.managing import Description


@pytest.fixture
def told(desk):
    """Ask a desk's index, by default that of the one desk."""

    def run(path="", *, at=None, version="", alias="", **wanted):
        asked = Wanted(subject=Subject(path=path, version=version, alias=alias), **wanted)
        return (at or desk)(lambda catalog: ask(catalog, lambda moment: recorded(moment, asked)))

    return run


def kinds(events):
    return [one.event.kind for one in events]


@once
def story(desk, git):
    """Two versions that come and go, promotions, a merge, and files people wrote."""
    desk.link("one", aliases=["staging"])
    desk.link({"a": "1", "b": "2"}, "dataset/customers", tags=["eu"])
    desk.link("two", aliases=["staging"])
    desk(noting.annotate, ["model/churn:v1"], Addition(metrics={"auc": 0.5}, description="Good"))
    git(desk.path, "switch", "-q", "-c", "side")
    desk.promote("model/churn:v0", "production")
    desk(managing.create_registry, "evaluation", Description(title="Evaluations"))
    git(desk.path, "switch", "-q", "main")
    desk(linking.unlink, ["model/churn:v1"])
    git(desk.path, "merge", "-q", "-m", "Merge pull request #12 from acme/side\n\nTwo things", "side")
    (desk.path / "notes.txt").write_text("for people\n")
    document = desk.path / "model/churn/aliases/production.yaml"
    document.write_text("# by hand\n" + document.read_text())
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "By hand (#13)")
    desk(aliasing.remove, "model/churn", ["production"])
    desk.promote("model/churn:v0", "production")
    return desk


def test_everything_is_what_a_naive_walk_finds(story, told):
    slowly = story(naive.events)

    assert [(one.commit, one.event) for one in told(newest_first=False)] == slowly
    # The newest step first, but within a step as it was told.
    steps = list(dict.fromkeys(commit for commit, _ in slowly))[::-1]
    assert [(one.commit, one.event) for one in told()] == [
        pair for step in steps for pair in slowly if pair[0] == step
    ]


SUBJECTS = {
    "model": lambda event: f"{event.path}/".startswith("model/"),
    "dataset": lambda event: f"{event.path}/".startswith("dataset/"),
    "model/churn": lambda event: f"{event.path}/".startswith("model/churn/"),
    "dataset/customers": lambda event: f"{event.path}/".startswith("dataset/customers/"),
    "evaluation": lambda event: f"{event.path}/".startswith("evaluation/"),
    "nowhere": lambda event: False,
    "nowhere/churn": lambda event: False,
}


@pytest.mark.parametrize("path", SUBJECTS)
@pytest.mark.parametrize("newest_first", [True, False])
def test_a_part_is_what_is_at_its_path_or_below(story, told, path, newest_first):
    found = told(path, newest_first=newest_first)

    assert found == [one for one in told(newest_first=newest_first) if SUBJECTS[path](one.event)]
    assert bool(found) == ("nowhere" not in path)
    for limit in range(len(found) + 2):
        assert told(path, newest_first=newest_first, limit=limit) == found[:limit]


def test_an_alias_has_its_moves_and_its_file(story, told):
    assert kinds(told("model/churn", alias="production")) == [
        *("alias-added", "alias-removed", "file-changed", "alias-added")
    ]
    assert kinds(told("model/churn", alias="staging", newest_first=False)) == [
        *("alias-added", "alias-moved", "alias-removed")
    ]
    assert told("model/churn", alias="prod") == []


def test_a_version_has_what_was_done_to_it_and_aliases_that_came_or_left(story, told):
    second = told("model/churn", kinds=frozenset({"version-unlinked"}))[0].event.version

    found = told("model/churn", version=second, newest_first=False)

    assert kinds(found) == [
        *("version-linked", "alias-moved", "version-described", "version-annotated"),
        *("version-unlinked", "alias-removed"),
    ]
    assert found[1].event.after == found[-1].event.before == second


def test_a_merge_answers_for_all_that_it_brought(story, told, git):
    merge = git(story.path, "rev-parse", ":/Merge pull request")
    brought = [one for one in told(newest_first=False) if one.commit == merge]

    assert kinds(brought) == ["registry-created", "registry-described", "alias-added"]
    assert {one.proposal for one in brought} == {"12"}
    assert {one.subject for one in brought} == {"Merge pull request #12 from acme/side"}
    assert merge not in git(story.path, "rev-list", "side").split()


@pytest.mark.parametrize(
    ("message", "proposal"),
    [
        ("Promote v3 (#12)", "12"),
        ("Merge branch 'x' into 'main'\n\nPromote v3\n\nSee merge request group/proj!45", "45"),
        ("Merge pull request 'Promote v3' (#7) from x into main\n\nPromote", "7"),
        ("Merge bob/x: Promote v3 (#7)\n\nProposed-by: user:bob", "bob/x"),
        ("Promote\n\nas discussed in (#7)", ""),
    ],
)
def test_a_proposal_is_read_from_the_message(desk, told, git, message, proposal):
    (desk.path / "file").write_text("x")
    git(desk.path, "add", "file")
    git(desk.path, "commit", "-q", "-m", message)

    (last,) = told(limit=1)

    assert (last.event.kind, last.proposal) == ("file-changed", proposal)


def test_kinds_and_people(desk, told, git):
    desk.link("one", aliases=["staging"])
    env = {"GIT_AUTHOR_NAME": "Bob Müller", "GIT_AUTHOR_EMAIL": "bob@acme.example"}
    (desk.path / "file").write_text("x")
    git(desk.path, "add", "file")
    git(desk.path, "commit", "-q", "-m", "By Bob", env=env)

    (bobs,) = told(by="MÜLLER")
    assert (bobs.author.name, bobs.committer.name) == ("Bob Müller", "Ada Lovelace")
    assert told(by="bob@acme") == told(by="bob Müller <bob@acme.example>") == [bobs]
    assert told(by="ada") == told()
    assert told(by="eve") == []
    assert kinds(told(kinds=frozenset({"alias-added", "file-changed"}), limit=2)) == [
        *("file-changed", "alias-added")
    ]
    assert kinds(told("model", kinds=frozenset({"alias-added"}), by="ada")) == ["alias-added"]


EDGE = datetime(2026, 3, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def dated(desk, git):
    """Commit a file as of some moments."""

    def run(*moments):
        for at in moments:
            (desk.path / "file").write_text(str(at))
            git(desk.path, "add", "file")
            date = f"{at.timestamp():.0f} +0100"
            git(desk.path, "commit", "-q", "-m", f"{at}", env={"GIT_COMMITTER_DATE": date})

    return run


def test_both_ends_of_a_time_are_in_it(dated, told):
    dated(EDGE - SECOND, EDGE, EDGE + SECOND)

    def between(**dates):
        found = told(kinds=frozenset({"file-changed"}), **dates)
        return [one.committer.at for one in found if one.event.path == "file"]

    assert between(since=EDGE) == [EDGE + SECOND, EDGE]
    assert between(until=EDGE) == [EDGE, EDGE - SECOND]
    assert between(since=EDGE, until=EDGE) == [EDGE]
    assert between(since=EDGE + 2 * SECOND) == []
    assert between(until=EDGE - 2 * SECOND) == []


def test_a_clock_that_was_wrong_hides_nothing(dated, told):
    future, past = EDGE + timedelta(days=9999), EDGE - timedelta(days=9999)
    dated(EDGE, future, EDGE + SECOND, past, EDGE + 2 * SECOND)

    found = told(since=EDGE, until=EDGE + 2 * SECOND)

    assert [one.committer.at for one in found] == [EDGE + 2 * SECOND, EDGE + SECOND, EDGE]
    assert [one.committer.at for one in told(until=past)] == [past]
    assert [one.committer.at for one in told(since=future)] == [future]


def test_a_renamed_collection_has_its_past(desk, told, git):
    first = desk.link("one", aliases=["staging", "old"]).id
    desk(aliasing.remove, "model/churn", ["old"])
    desk.link("two")
    rename(desk, git, "model/churn", "model/loyalty")
    desk.promote("model/loyalty:v1", "staging")
    before = ["collection-created", "version-linked", "alias-added", "alias-added", "alias-removed"]

    assert kinds(told("model/loyalty", newest_first=False)) == [
        *(*before, "version-linked", "collection-renamed", "alias-moved")
    ]
    assert kinds(told("model/churn", newest_first=False)) == [
        *(*before, "version-linked", "collection-renamed")
    ]
    assert kinds(told("model/loyalty", version=first, newest_first=False)) == [
        *("version-linked", "alias-added", "alias-added", "alias-removed"),
        *("collection-renamed", "alias-moved"),
    ]
    assert kinds(told("model/loyalty", alias="staging")) == [
        *("alias-moved", "collection-renamed", "alias-added")
    ]
    assert kinds(told("model/loyalty", alias="old")) == ["alias-removed", "alias-added"]


def test_what_came_to_a_path_after_a_rename_is_another(desk, told, git):
    desk.link("one", aliases=["staging"])
    rename(desk, git, "model/churn", "model/loyalty")
    desk.link("two", aliases=["staging"])

    def linked(path):
        return [one.subject for one in told(path, kinds=frozenset({"version-linked"}))]

    assert len(linked("model/loyalty")) == 1
    assert len(linked("model/churn")) == 2
    assert linked("model/churn")[1:] == linked("model/loyalty")


def test_a_rename_there_and_back(desk, told, git):
    desk.link("one", aliases=["staging"])
    rename(desk, git, "model/churn", "model/loyalty")
    rename(desk, git, "model/loyalty", "model/churn")

    renamed = [one.event for one in told("model/churn", alias="staging", newest_first=False)]

    assert [(one.kind, one.path) for one in renamed] == [
        ("alias-added", "model/churn"),
        ("collection-renamed", "model/loyalty"),
        ("collection-renamed", "model/churn"),
    ]


def test_what_left_a_registry_is_in_its_history(desk, told, git):
    desk.link("one")
    rename(desk, git, "model/churn", "dataset/churn")

    assert kinds(told("model", limit=1)) == kinds(told("dataset", limit=1)) == ["collection-renamed"]


def test_steps_beyond_the_chain_are_told_too(desk, upstream, told, git):
    desk.link("one", aliases=["staging"])
    desk(syncing.sync)
    assert kinds(told("model/churn", alias="staging")) == ["alias-added"]
    git(desk.path, "switch", "-q", "-c", "proposal")
    desk.link("two", aliases=["staging"])
    rename(desk, git, "model/churn", "model/loyalty")
    desk.promote("model/loyalty:v0", "staging")

    def detached(question):
        with desk.open() as catalog:
            catalog.branch = None
            return question(catalog)

    for at in (desk, detached):
        assert [(one.commit, one.event) for one in told(at=at, newest_first=False)] == at(naive.events)
        assert kinds(told("model/loyalty", at=at, alias="staging")) == [
            *("alias-moved", "collection-renamed", "alias-moved", "alias-added")
        ]
        assert kinds(told("model/loyalty", at=at, limit=2)) == ["alias-moved", "collection-renamed"]
    git(desk.path, "switch", "-q", "main")
    assert kinds(told("model/churn", alias="staging")) == ["alias-added"]
    assert told("model/loyalty") == []
