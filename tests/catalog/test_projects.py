"""Which projects are here, and what of each is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.repository.repository import Repository


@pytest.fixture
def open_clone():
    opened = []

    def run(path, branch="main"):
        catalog = Catalog(
            repository=Repository.open(path), branch=branch, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)
        )
        opened.append(catalog)
        return catalog

    yield run
    for catalog in opened:
        catalog.close()


@pytest.fixture
def pair(make_repository, tmp_path, git):
    """A repository with a project's branch, and a clone of it."""
    theirs = make_repository("theirs", {"organization.yaml": "x"}, "-b", "main")
    git(theirs, "branch", "projects/churn")
    git(tmp_path, "clone", "-q", theirs, tmp_path / "mine")
    return theirs, tmp_path / "mine"


def commit_on(git, path, branch):
    git(path, "switch", "-q", branch)
    git(path, "commit", "-q", "--allow-empty", "-m", "More")
    git(path, "switch", "-q", "main")
    return git(path, "rev-parse", branch)


def test_branches_that_are_here_and_that_were_fetched(pair, git, open_clone):
    _, mine = pair
    git(mine, "branch", "projects/fraud", "main")
    git(mine, "branch", "projects/no/project", "main")
    git(mine, "branch", "other", "main")

    assert projects.projects(open_clone(mine).repository) == ["churn", "fraud"]


def test_without_a_remote(make_repository, git, open_clone):
    path = make_repository("repo", {"organization.yaml": "x"}, "-b", "main")
    assert projects.projects(open_clone(path).repository) == []
    git(path, "branch", "projects/churn")

    assert projects.projects(open_clone(path).repository) == ["churn"]
    assert projects.on_project(open_clone(path), "churn").tip() == git(path, "rev-parse", "main")
    assert projects.on_project(open_clone(path), "fraud") is None


def test_whichever_holds_more_is_read(pair, git, open_clone):
    theirs, mine = pair
    fetched = git(mine, "rev-parse", "origin/projects/churn")
    assert projects.on_project(open_clone(mine), "churn").tip() == fetched

    git(mine, "branch", "projects/churn", "origin/projects/churn")
    ahead = commit_on(git, mine, "projects/churn")
    assert projects.on_project(open_clone(mine), "churn").tip() == ahead

    git(mine, "branch", "-q", "-f", "projects/churn", fetched)
    published = commit_on(git, theirs, "projects/churn")
    git(mine, "fetch", "-q")
    assert projects.on_project(open_clone(mine), "churn").tip() == published


def test_what_is_kept_open_is_shared(pair, open_clone):
    catalog = open_clone(pair[1])
    other = projects.on_project(catalog, "churn")

    assert other.reader is catalog.reader
    assert other.held is catalog.held


def test_the_registries_are_on_the_default_branch(pair, git, open_clone):
    _, mine = pair
    git(mine, "branch", "projects/churn", "origin/projects/churn")
    on_main, on_project = open_clone(mine), open_clone(mine, "projects/churn")

    assert on_main.registries() is on_main
    assert on_project.registries().branch == "main"
    assert on_project.registries().tip() == git(mine, "rev-parse", "main")
