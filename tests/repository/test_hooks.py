"""A hook is put where git looks, and what a person has put there stays."""

from __future__ import annotations

import pytest

from git_registry.repository.hooks import Placed, place_of, put
from git_registry.repository.repository import Repository

SCRIPT = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def clone(make_repository):
    return Repository.open(make_repository("clone", {"a": "1\n"}))


@pytest.fixture
def place(clone):
    return place_of(clone, "pre-push")


def test_it_is_put_once_and_git_runs_it(clone, place, git, tmp_path):
    assert put(clone, "pre-push", SCRIPT) is Placed.PUT
    assert put(clone, "pre-push", SCRIPT) is Placed.THERE

    git(tmp_path, "init", "-q", "--bare", "there.git")
    git(clone.work_tree, "push", "-q", tmp_path / "there.git", "HEAD", code=1)
    assert [path.name for path in place.parent.iterdir() if not path.suffix] == ["pre-push"]


def test_another_one_stays(clone, place):
    place.write_text("#!/bin/sh\n")

    assert put(clone, "pre-push", SCRIPT) is Placed.TAKEN

    assert place.read_text() == "#!/bin/sh\n"


def test_a_link_that_leads_to_it_is_it(clone, place, tmp_path):
    (tmp_path / "shared").write_text(SCRIPT)
    place.symlink_to(tmp_path / "shared")

    assert put(clone, "pre-push", SCRIPT) is Placed.THERE


def test_a_link_that_leads_nowhere_stays(clone, place):
    place.symlink_to("../../husky/pre-push")

    assert put(clone, "pre-push", SCRIPT) is Placed.TAKEN

    assert str(place.readlink()) == "../../husky/pre-push"
    assert [path.name for path in place.parent.iterdir() if path.suffix == ".new"] == []


def test_a_person_who_says_where_hooks_are_is_asked(clone, tmp_path):
    clone.set_config("core.hooksPath", str(tmp_path / "hooks"))

    assert put(clone, "pre-push", SCRIPT) is Placed.TAKEN

    assert not (tmp_path / "hooks").exists()
