"""Artifacts that several people work on, each in a clone of their own: what one saves the others find."""

from dataclasses import replace

import pytest
from tests.sdk.desk import found
from tests.sdk.projects import log

import git_registry as gr
from git_registry.catalog.catalog import Reach
from git_registry.errors import Conflict
from git_registry.repository import remote
from git_registry.repository.repository import Repository
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.workspace import Workspace
from git_registry.sdk.syncing import sync
from git_registry.store.cache import Cache


@pytest.fixture
def open_workspace(desk):
    opened = []

    def run(path, **how):
        workspace = Workspace(path=str(path), clock=desk.clock, **how)
        opened.append(workspace)
        return workspace

    yield run
    for workspace in opened:
        workspace.close()


@pytest.fixture
def pair(desk, upstream, clone, open_workspace, git):
    """The same version as two people have it."""
    done = log(desk, "weights", description="First.")
    git(desk.path, "push", "-q", "origin", "projects/churn")
    theirs = clone("theirs")
    return [
        Artifact.at_standing(
            Standing(workspace=open_workspace(path), path="projects/churn/churn-xgb", id=done.id)
        )
        for path in (desk.path, theirs.path)
    ]


def fetched(artifact):
    """Return the same version after a fetch."""
    remote.fetch(Repository.open(artifact.standing.workspace.path), "origin")
    return Artifact.at_standing(artifact.standing)


def test_what_one_saves_the_other_finds(pair, git, upstream):
    mine, theirs = pair
    mine.description = "Better."
    mine.aliases.append("best")

    mine.save()

    assert git(upstream, "log", "-1", "--format=%s", "projects/churn").startswith("Annotate churn/churn-xgb@")
    seen = fetched(theirs)
    assert (seen.description, seen.aliases) == ("Better.", ["best", "latest"])


def test_both_write_what_the_other_does_not(pair):
    mine, theirs = pair
    mine.tags.append("mine")
    theirs.metadata["theirs"] = 1
    mine.save()

    theirs.save()

    seen = fetched(mine)
    assert (seen.tags, seen.metadata) == (["mine"], {"theirs": 1})


def test_both_write_the_same_and_the_second_is_told(pair):
    mine, theirs = pair
    mine.description, theirs.description = "Mine.", "Theirs."
    mine.save()

    with pytest.raises(Conflict, match="description"):
        theirs.save()

    assert fetched(mine).description == "Mine."


def test_both_link_and_the_numbers_agree(pair, desk, git):
    mine, theirs = pair
    other = log(desk, "other")
    git(desk.path, "push", "-q", "origin", "projects/churn")
    second = Artifact.at_standing(replace(mine.standing, id=other.id))

    links = [second.link("model/churn", aliases=["production"]), theirs.link("model/churn")]

    assert [one.version for one in links] == ["v0", "v1"]
    assert fetched(links[0]).aliases == ["production"]
    assert fetched(links[1]).aliases == ["latest"]


def test_offline_a_link_waits_for_the_sync(pair, open_workspace, desk, git, upstream):
    offline = open_workspace(desk.path, reach=Reach.OFFLINE)
    before = git(upstream, "rev-parse", "main")
    link = Artifact.at_standing(replace(pair[0].standing, workspace=offline)).link("model/churn")

    assert link.name == "churn:v0"
    assert git(upstream, "rev-parse", "main") == before
    desk(sync)
    assert git(upstream, "rev-parse", "main") != before


def test_files_of_a_far_store_are_kept_near(bucket, tmp_path, git, monkeypatch):
    desk = found(tmp_path / "far", store=bucket)
    monkeypatch.setenv("GIT_REGISTRY", str(desk.path))
    artifact = Artifact("churn-xgb", "model")
    with artifact.new_file("model.bin") as file:
        file.write("weights")
    with gr.init(project="churn") as run:
        run.log_artifact(artifact)
    kept = Cache.from_environment({"GIT_REGISTRY_CACHE": str(tmp_path / "cache")})
    monkeypatch.setenv("GIT_REGISTRY_CACHE", str(tmp_path / "cache"))

    artifact.download(tmp_path / "one", skip_cache=True)
    assert not (tmp_path / "cache" / "sha256").exists()
    artifact.download(tmp_path / "two")

    assert (tmp_path / "two/model.bin").read_text() == "weights"
    (entry,) = artifact.manifest.entries.values()
    assert kept.find(entry.item.digest).read_text() == "weights"
