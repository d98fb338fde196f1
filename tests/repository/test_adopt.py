import pytest

from git_registry.errors import Conflict
from git_registry.repository.adopt import adopt
from git_registry.repository.repository import Repository


@pytest.fixture
def repo(make_repository):
    return make_repository(files={"a": "1\n", "d/b": "2\n"})


@pytest.fixture
def ahead(repo, git, commit):
    return commit(repo, {"a": b"2\n", "d/b": None, "d": b"file\n"}, branch="ahead")


def test_a_checked_out_branch_is_brought_forward_with_its_files(repo, git, ahead):
    (repo / "mine").write_text("mine\n")

    assert adopt(Repository.open(repo), "main", lambda tip: ahead, reason="pull: Fast-forward") == ahead

    assert git(repo, "rev-parse", "HEAD") == ahead
    assert (repo / "d").read_text() == "file\n"
    assert git(repo, "status", "--porcelain") == "?? mine"
    assert git(repo, "reflog", "-1", "--format=%gs") == "pull: Fast-forward"


def test_local_edits_stop_it(repo, git, ahead):
    (repo / "a").write_text("mine\n")
    before = git(repo, "rev-parse", "HEAD")

    with pytest.raises(Conflict, match="overwritten: a"):
        adopt(Repository.open(repo), "main", lambda tip: ahead, reason="pull: Fast-forward")
    assert git(repo, "rev-parse", "HEAD") == before


def test_a_branch_may_be_made_anew(repo, git, ahead):
    adopt(Repository.open(repo), "new", lambda tip: ahead if tip is None else tip, reason="branch: Created")

    assert git(repo, "rev-parse", "new") == ahead


def test_files_of_others_may_lie_deeper_than_ours(repo, commit):
    deep = "/".join("abcdefghijkl") + "/file"
    ahead = commit(repo, {deep: b"deep\n"}, branch="ahead")

    adopt(Repository.open(repo), "main", lambda tip: ahead, reason="pull: Fast-forward")

    assert (repo / deep).read_text() == "deep\n"
