import os
import subprocess
import sys
from pathlib import Path

import pytest

import git_registry
from git_registry.errors import NotFound, Refused, UsageError
from git_registry.repository.process import Git, GitFailed
from git_registry.repository.repository import Head, Repository

SOURCE = str(Path(git_registry.__file__).parents[1])


@pytest.fixture
def repo(make_repository):
    return make_repository(files={"a.txt": "one\n", "d/b.txt": "two\n"})


def test_it_is_found_from_below(repo, git):
    repository = Repository.open(repo / "d")

    assert repository.gitdir == repository.common_dir == repo / ".git"
    assert repository.work_tree == repo
    assert not repository.is_bare
    assert repository.head() == Head("main", git(repo, "rev-parse", "HEAD"))
    assert repository.current_branch() == "main"


@pytest.mark.parametrize("inside", [".git", ".git/objects"])
def test_inside_the_git_directory_the_work_tree_is_still_known(repo, inside):
    assert Repository.open(repo / inside).work_tree == repo


def test_a_bare_repository_has_no_work_tree(tmp_path, repo, git):
    git(tmp_path, "clone", "-q", "--bare", repo, "bare.git")

    repository = Repository.open(tmp_path / "bare.git")

    assert repository.is_bare
    assert repository.head() == Head("main", git(repo, "rev-parse", "HEAD"))


def test_a_linked_worktree_has_its_own_head_and_shares_refs(tmp_path, repo, git):
    git(repo, "worktree", "add", "-q", "-b", "side", tmp_path / "linked")
    git(tmp_path / "linked", "commit", "-q", "--allow-empty", "-m", "Second")

    linked = Repository.open(tmp_path / "linked")

    assert linked.work_tree == tmp_path / "linked"
    assert linked.common_dir == repo / ".git"
    assert linked.gitdir == repo / ".git/worktrees/linked"
    assert linked.head() == Head("side", git(repo, "rev-parse", "side"))
    assert linked.ref("refs/heads/main") == git(repo, "rev-parse", "main")
    assert Repository.open(repo / ".git/worktrees/linked").work_tree == tmp_path / "linked"
    assert Repository.open(repo).head().branch == "main"


def test_a_separate_git_directory_is_followed(tmp_path, git):
    git(tmp_path, "init", "-q", "--separate-git-dir", tmp_path / "elsewhere", tmp_path / "top")

    repository = Repository.open(tmp_path / "top")

    assert (repository.gitdir, repository.work_tree) == (tmp_path / "elsewhere", tmp_path / "top")


def test_core_worktree_is_followed(tmp_path, repo, git):
    (tmp_path / "files").mkdir()
    git(repo, "config", "core.worktree", tmp_path / "files")

    assert Repository.open(repo).work_tree == tmp_path / "files"


def test_outside_of_a_repository_the_way_out_is_named(tmp_path):
    with pytest.raises(NotFound, match="is not in a Git repository") as caught:
        Repository.open(tmp_path)
    assert "git init" in caught.value.hint
    with pytest.raises(NotFound, match="is not there"):
        Repository.open(tmp_path / "nowhere")


def test_a_ceiling_ends_the_search(repo, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repo))

    with pytest.raises(NotFound):
        Repository.open(repo / "d")


def test_a_git_file_that_leads_nowhere_is_said_to(tmp_path):
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")

    with pytest.raises(NotFound, match="names no Git repository"):
        Repository.open(tmp_path)


def test_an_unborn_branch_has_no_commit(make_repository):
    repository = Repository.open(make_repository())

    assert repository.head() == Head("main", None)
    assert repository.current_branch() == "main"


def test_a_detached_head_is_no_branch_to_write_to(repo, git):
    git(repo, "checkout", "-q", "--detach")
    repository = Repository.open(repo)

    assert repository.head() == Head(None, git(repo, "rev-parse", "HEAD"))
    with pytest.raises(UsageError) as caught:
        repository.current_branch()
    assert caught.value.hint == "`git switch <branch>`"


def test_packed_refs_are_read_and_loose_ones_go_first(repo, git):
    git(repo, "branch", "x/main")
    git(repo, "branch", "a/b")
    git(repo, "pack-refs", "--all")
    first = git(repo, "rev-parse", "HEAD")
    git(repo, "commit", "-q", "--allow-empty", "-m", "Second")
    repository = Repository.open(repo)

    assert repository.ref("refs/heads/a/b") == first
    assert repository.ref("refs/heads/main") == git(repo, "rev-parse", "HEAD") != first
    assert repository.ref("refs/heads/b") is None
    assert repository.ref("refs/heads/a") is None
    assert repository.branch("x/main") == first


@pytest.mark.parametrize("name", ["main", "../HEAD", "refs/../HEAD", "refs//heads", "/etc/passwd", ""])
def test_only_full_names_of_refs_are_read(repo, name):
    if name == "main":
        assert Repository.open(repo).ref(name) is None
        return
    with pytest.raises(UsageError):
        Repository.open(repo).ref(name)


def test_sha256_is_refused_plainly(tmp_path, git):
    git(tmp_path, "init", "-q", "--object-format=sha256", "new")

    with pytest.raises(UsageError, match="sha256 object ids are not supported yet"):
        Repository.open(tmp_path / "new")


def test_reftable_is_refused_plainly(repo, git):
    git(repo, "config", "extensions.refStorage", "reftable")

    with pytest.raises(UsageError, match="refs in reftable are not supported yet"):
        Repository.open(repo)


def test_configuration_is_gits_own_view(repo, git, tmp_path, monkeypatch):
    (tmp_path / "included").write_text('[some "Thing"]\n\tValue = a\n\tvalue = b\n\tflag\n')
    git(repo, "config", "include.path", tmp_path / "included")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "from.environment")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "yes")
    repository = Repository.open(repo)

    assert repository.config("SOME.Thing.VALUE") == "b"
    assert repository.config_all("some.Thing.value") == ("a", "b")
    assert repository.config("some.thing.value") is None
    assert repository.config_bool("some.Thing.flag") is True
    assert repository.config_bool("from.environment") is True
    assert repository.config_bool("not.set") is None
    assert repository.config("user.email") == "ada@example.org"

    repository.set_config("own.key", "a value")

    assert repository.config("own.key") == git(repo, "config", "--local", "own.key") == "a value"


def test_shallow_and_partial_clones_are_known(tmp_path, repo, git):
    git(repo, "commit", "-q", "--allow-empty", "-m", "Second")
    git(repo, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--depth=1", repo.as_uri(), "shallow")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--no-checkout", repo.as_uri(), "partial")
    shallow, partial = Repository.open(tmp_path / "shallow"), Repository.open(tmp_path / "partial")

    assert (shallow.is_shallow, shallow.is_partial) == (True, False)
    assert (partial.is_shallow, partial.is_partial) == (False, True)
    missing = git(repo, "rev-parse", "HEAD:a.txt")
    with partial.reader() as reader, pytest.raises(NotFound):
        reader.blob(missing, at_most=10)


def test_an_explicit_path_is_not_redirected_by_the_environment(repo, make_repository, monkeypatch):
    other = make_repository("other", {"x": "x"})
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    repository = Repository.open(repo)

    assert repository.git("ls-files").text.split() == ["a.txt", "d/b.txt"]
    assert repository.gitdir == repo / ".git"


def test_here_means_what_git_says_it_means(repo, make_repository, monkeypatch):
    other = make_repository("other", {"x": "x"})
    monkeypatch.chdir(repo)
    assert Repository.open().gitdir == repo / ".git"

    monkeypatch.setenv("GIT_DIR", "../other/.git")
    monkeypatch.setenv("GIT_WORK_TREE", "../other")

    assert Repository.open().gitdir == Repository.open(".").gitdir == other / ".git"
    assert Repository.open().work_tree == other
    assert Repository.open().git("ls-files").text == "x"


@pytest.mark.parametrize("host", ["", "unset GIT_DIR; "], ids=["git starts it", "the host starts it"])
def test_objects_in_quarantine_are_seen_in_a_hook(host, repo, git, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", repo, "server.git")
    hook = tmp_path / "server.git/hooks/pre-receive"
    hook.write_text(
        f"#!/bin/sh\n{host}read old new ref\nPYTHONPATH={SOURCE} {sys.executable} -c '\n"
        "import sys; from git_registry.repository.repository import Repository\n"
        "reader = Repository.open_in_hook().reader()\n"
        'print("root", reader.root(sys.argv[1])); reader.close()\n' + "' $new\n"
    )
    hook.chmod(0o755)
    git(repo, "commit", "-q", "--allow-empty", "-m", "Second")

    done = subprocess.run(
        ["git", "push", tmp_path / "server.git", "main"], cwd=repo, capture_output=True, text=True, check=True
    )

    assert f"remote: root {git(repo, 'rev-parse', 'HEAD^{tree}')}" in done.stderr


def test_a_hook_that_nobody_started_is_none(repo, monkeypatch):
    monkeypatch.chdir(repo)

    with pytest.raises(UsageError, match="GIT_DIR is not set"):
        Repository.open_in_hook()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository away")
def test_somebody_elses_repository_is_for_git_to_allow(repo, git):
    os.chown(repo / ".git", 54321, 54321)

    with pytest.raises(Refused, match="dubious ownership"):
        Repository.open(repo)

    git("/", "config", "--global", "safe.directory", repo)
    try:
        assert Repository.open(repo).work_tree == repo
    finally:
        git("/", "config", "--global", "--unset", "safe.directory")


def test_git_fails_in_its_own_words(repo):
    with pytest.raises(GitFailed, match="bad revision"):
        Repository.open(repo).git("log", "nothing", "--")
    assert Repository.open(repo).git("cat-file", "-e", "nothing", check=False).code == 128


def test_without_git_the_way_out_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UsageError, match="`git` command is not installed"):
        Git().run("version")


def test_reading_a_tip_imports_nothing_heavy_and_starts_one_child(repo):
    script = """
import subprocess, sys
started = []
class Counted(subprocess.Popen):
    def __init__(self, args, **more):
        started.append(args)
        super().__init__(args, **more)
subprocess.Popen = Counted
from git_registry.repository.repository import Repository
from git_registry.repository.objects import entry_at
repository = Repository.open(sys.argv[1])
with repository.reader() as reader:
    entry = entry_at(reader, reader.root(repository.head().commit), "d/b.txt")
    assert reader.blob(entry.id, at_most=100) == b"two\\n"
assert len(started) == 1, started
heavy = {"pygit2", "cffi", "tempfile", "shutil", "asyncio", "email", "json", "yaml", "logging", "datetime"}
assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()
"""
    subprocess.run(
        [sys.executable, "-c", script, str(repo)], check=True, env={**os.environ, "PYTHONPATH": SOURCE}
    )
