"""What is checked out follows a commit, and what the user has there is never lost."""

import pytest

from git_registry.errors import Conflict
from git_registry.repository import worktree
from git_registry.repository.repository import Repository
from git_registry.repository.worktree import checked_out_elsewhere, dirty

FILES = {"a": "1\n", "d/b": "2\n", "d/c": "3\n", "other": "o\n"}


@pytest.fixture
def repo(make_repository):
    return make_repository(files=FILES)


@pytest.fixture
def repository(repo):
    return Repository.open(repo)


def status(git, repo):
    return git(repo, "status", "--porcelain", "--untracked-files=all")


def test_a_clean_work_tree_has_nothing_dirty(repository):
    assert dirty(repository, (*FILES, "new", "new/dir/file")) == ()


def staged(repo, git):
    (repo / "a").write_text("staged\n")
    git(repo, "add", "a")


def staged_but_reverted_in_the_file(repo, git):
    staged(repo, git)
    (repo / "a").write_text("1\n")


def modified(repo, git):
    (repo / "a").write_text("mine\n")


def deleted(repo, git):
    (repo / "a").unlink()


def removed_from_the_index(repo, git):
    git(repo, "rm", "-q", "--cached", "a")


def executable(repo, git):
    (repo / "a").chmod(0o755)


def a_symlink(repo, git):
    (repo / "a").unlink()
    (repo / "a").symlink_to("other")


def a_directory(repo, git):
    (repo / "a").unlink()
    (repo / "a").mkdir()


@pytest.mark.parametrize(
    "edit",
    [
        *(staged, staged_but_reverted_in_the_file, modified, deleted),
        *(removed_from_the_index, executable, a_symlink, a_directory),
    ],
)
def test_an_edited_file_is_named_and_nothing_is_written(repo, git, commit, edit):
    edit(repo, git)
    before, tip = status(git, repo), git(repo, "rev-parse", "HEAD")

    with pytest.raises(Conflict, match=r"local edits would be overwritten: a(\nhint|$)") as caught:
        commit(repo, {"a": b"ours\n", "d/b": b"ours\n"})

    assert caught.value.exit_code == 6
    assert (status(git, repo), git(repo, "rev-parse", "HEAD")) == (before, tip)
    assert (repo / "d/b").read_text() == "2\n"


def untracked(repo):
    (repo / "new").mkdir()
    (repo / "new/file").write_text("mine\n")


def ignored(repo):
    untracked(repo)
    (repo / ".git/info/exclude").write_text("new\n")


def untracked_directory(repo):
    (repo / "new/file").mkdir(parents=True)
    (repo / "new/file/inside").write_text("mine\n")


def file_for_the_directory(repo):
    (repo / "new").write_text("mine\n")


def symlink_for_the_directory(repo):
    (repo.parent / "outside").mkdir()
    (repo / "new").symlink_to(repo.parent / "outside")


def dangling_symlink(repo):
    (repo / "new").mkdir()
    (repo / "new/file").symlink_to("nowhere")


@pytest.mark.parametrize(
    "obstacle",
    [
        *(untracked, ignored, untracked_directory, file_for_the_directory),
        *(symlink_for_the_directory, dangling_symlink),
    ],
)
def test_what_is_in_the_way_of_a_new_file_is_named(repo, git, commit, obstacle):
    obstacle(repo)
    tip = git(repo, "rev-parse", "HEAD")

    with pytest.raises(Conflict, match=r"local edits would be overwritten: new/file(\nhint|$)"):
        commit(repo, {"new/file": b"ours\n"})

    assert git(repo, "rev-parse", "HEAD") == tip
    assert list((repo.parent).glob("outside/*")) == []


def test_a_symlink_for_a_tracked_directory_is_in_the_way(repo, commit, tmp_path):
    (repo / "d").rename(tmp_path / "outside")
    (repo / "d").symlink_to(tmp_path / "outside")

    with pytest.raises(Conflict, match="overwritten: d/b"):
        commit(repo, {"d/b": b"ours\n"})
    assert (tmp_path / "outside/b").read_text() == "2\n"


def test_files_follow_and_everything_else_stays_as_it_was(repo, git, commit):
    (repo / "other").write_text("mine\n")
    (repo / "loose").write_text("mine\n")
    (repo / "d/c").write_text("staged\n")
    git(repo, "add", "d/c")

    tip = commit(repo, {"a": b"changed\n", "d/b": None, "new/dir/file": b"new\n"})

    assert git(repo, "rev-parse", "HEAD") == tip
    assert status(git, repo) == "M  d/c\n M other\n?? loose"
    assert (repo / "a").read_text() == "changed\n"
    assert (repo / "new/dir/file").read_text() == "new\n"
    assert not (repo / "d/b").exists()


def test_directories_left_empty_go(repo, git, commit):
    commit(repo, {"d/b": None, "d/c": None})

    assert not (repo / "d").exists()
    assert status(git, repo) == ""


def test_a_directory_may_become_a_file_and_back(repo, git, commit):
    commit(repo, {"d": b"file\n", "d/b": None, "d/c": None})
    assert (repo / "d").read_text() == "file\n"

    commit(repo, {"d": None, "d/b": b"2\n"})
    assert (repo / "d/b").read_text() == "2\n"
    assert status(git, repo) == ""


def test_line_ends_are_gits_matter(repo, git, commit):
    commit(repo, {".gitattributes": b"*.txt text eol=crlf\n", "x.txt": b"one\ntwo\n"})
    commit(repo, {"y.txt": b"one\ntwo\n"})

    assert (repo / "y.txt").read_bytes() == b"one\r\ntwo\r\n"
    assert status(git, repo) == ""
    assert dirty(Repository.open(repo), ["x.txt", "y.txt"]) == ()


def test_names_of_any_bytes_follow(repo, git, commit):
    names = ["caf\udce9", 'q"uo\\te', "line\nbreak", "*", "[a]", ":(top)x", " space ", "-n"]
    commit(repo, {f"{name}/{name}": b"x\n" for name in names})

    assert status(git, repo) == ""
    (repo / "caf\udce9" / "caf\udce9").write_text("mine\n")
    (repo / "*/*").write_text("mine\n")
    assert dirty(Repository.open(repo), [f"{name}/{name}" for name in names]) == (
        "caf\udce9/caf\udce9",
        "*/*",
    )


def test_thousands_of_paths_at_once(repo, git, commit):
    many = {f"m/{n % 50}/{n}": b"%d\n" % n for n in range(4000)}
    commit(repo, many)
    (repo / "m/7/7").write_text("mine\n")

    with pytest.raises(Conflict, match=r"overwritten: m/7/7(\nhint|$)"):
        commit(repo, dict.fromkeys(many))
    git(repo, "checkout", "-q", "m/7/7")
    commit(repo, dict.fromkeys(many))

    assert not (repo / "m").exists()
    assert status(git, repo) == ""


def test_a_locked_index_is_waited_for_then_explained_and_made_good_by_the_next_write(
    repo, git, commit, monkeypatch
):
    monkeypatch.setattr(worktree, "TRIES", 3)
    (repo / ".git/index.lock").touch()

    with pytest.raises(Conflict, match="the commit is made, but its files") as caught:
        commit(repo, {"a": b"ours\n"})
    assert "index.lock" in caught.value.hint
    assert git(repo, "show", "HEAD:a") == "ours"

    (repo / ".git/index.lock").unlink()
    commit(repo, {"d/b": b"ours\n"})
    assert (repo / "a").read_text() == "ours\n"
    assert status(git, repo) == ""


def test_another_branch_than_the_current_touches_no_file(repo, git, commit):
    (repo / "a").write_text("mine\n")

    tip = commit(repo, {"a": b"ours\n"}, branch="side")

    assert git(repo, "rev-parse", "side") == tip
    assert status(git, repo) == " M a"


def test_a_clone_without_a_checkout_stays_without(repo, git, commit, tmp_path):
    git(tmp_path, "clone", "-q", "--no-checkout", repo, "bald")

    commit(tmp_path / "bald", {"a": b"ours\n"})

    assert [path.name for path in (tmp_path / "bald").iterdir()] == [".git"]


def test_a_branch_checked_out_in_another_worktree_is_refused(repo, repository, git, commit, tmp_path):
    git(repo, "worktree", "add", "-q", "-b", "side", tmp_path / "linked")

    with pytest.raises(Conflict, match=f"side: it is checked out in {tmp_path}/linked"):
        commit(repo, {"a": b"ours\n"}, branch="side")
    with pytest.raises(Conflict, match=f"main: it is checked out in {repo}"):
        commit(tmp_path / "linked", {"a": b"ours\n"}, branch="main")
    commit(tmp_path / "linked", {"a": b"ours\n"})

    assert (tmp_path / "linked/a").read_text() == "ours\n"
    assert status(git, tmp_path / "linked") == status(git, repo) == ""
    assert checked_out_elsewhere(repository, "main") is None


def test_a_worktree_of_a_bare_repository_is_minded(repo, git, commit, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", repo, "bare.git")
    git(tmp_path / "bare.git", "worktree", "add", "-q", "-b", "side", tmp_path / "linked")

    commit(tmp_path / "linked", {"a": b"ours\n"}, branch="main")
    with pytest.raises(Conflict, match="checked out in"):
        commit(tmp_path / "bare.git", {"a": b"ours\n"}, branch="side")
    commit(tmp_path / "linked", {"a": b"ours\n"})
    assert status(git, tmp_path / "linked") == ""


def test_what_is_untracked_in_a_directory_that_becomes_a_file_is_kept(repo, commit):
    (repo / "d/mine").write_text("mine\n")

    with pytest.raises(Conflict, match=r"overwritten: d(\nhint|$)"):
        commit(repo, {"d": b"file\n", "d/b": None, "d/c": None})
    assert (repo / "d/mine").read_text() == "mine\n"
