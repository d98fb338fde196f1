import pytest

from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.repository.objects import EMPTY_TREE, BlobId
from git_registry.repository.repository import Repository
from git_registry.repository.writing import Writer

FILES = {f"{one}/{two}/{name}": f"{one}{two}{name}\n" for one in "abc" for two in "xyz" for name in "12"}


@pytest.fixture
def repo(make_repository):
    return make_repository(files={"top": "top\n", **FILES})


@pytest.fixture
def writer(repo):
    with Writer(Repository.open(repo)) as writer:
        yield writer


def listing(git, repo, tree):
    return dict(reversed(line.split("\t")) for line in git(repo, "ls-tree", "-r", tree).split("\n") if line)


def loose(repo):
    return {path for path in (repo / ".git/objects").rglob("*") if len(path.name) == 38}


def test_only_the_spine_above_a_change_is_rebuilt(repo, writer, git):
    base = git(repo, "rev-parse", "HEAD^{tree}")
    before = loose(repo)

    tree = writer.tree(base, {"a/x/1": b"new\n"})

    assert len(loose(repo) - before) == 4  # blob, a/x, a, root
    (repo / "a/x/1").write_text("new\n")
    git(repo, "add", "a")
    assert tree == git(repo, "write-tree")
    git(repo, "fsck", "--strict", "--no-dangling")


def test_many_changes_at_once_give_the_tree_git_gives(repo, writer, git):
    base = git(repo, "rev-parse", "HEAD^{tree}")
    kept = BlobId(git(repo, "rev-parse", "HEAD:a/x/1"))

    tree = writer.tree(
        base,
        {
            "a/x/1": None,
            "moved/here": kept,
            "b/x/1": None,
            "b/x/2": None,
            "n/e/w": b"w",
            "a-b": b"",
            "a.b": b"",
        },
    )

    git(repo, "mv", "a/x/1", "moved-here")
    git(repo, "rm", "-q", "-r", "b/x")
    (repo / "moved").mkdir()
    git(repo, "mv", "moved-here", "moved/here")
    for path, content in {"n/e/w": "w", "a-b": "", "a.b": ""}.items():
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).write_text(content)
        git(repo, "add", path)
    assert tree == git(repo, "write-tree")


def test_without_a_base_a_tree_is_made_from_nothing(repo, writer, git):
    assert listing(git, repo, writer.tree(None, {"a/b": b""})) == {
        "a/b": "100644 blob e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    }
    assert writer.tree(None, {}) == EMPTY_TREE


def test_empty_trees_vanish(repo, writer, git):
    base = git(repo, "rev-parse", "HEAD^{tree}")

    assert writer.tree(base, dict.fromkeys(["top", *FILES])) == EMPTY_TREE
    assert git(repo, "ls-tree", "--name-only", writer.tree(base, dict.fromkeys(FILES))) == "top"
    git(repo, "fsck", "--strict", "--no-dangling")


def test_what_changes_nothing_writes_nothing(repo, writer, git):
    base = git(repo, "rev-parse", "HEAD^{tree}")
    before = loose(repo)

    assert writer.tree(base, {"a/x/1": b"ax1\n", "not/there": None, "top/below": None}) == base
    assert loose(repo) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"a": b""},
        {"a/x": b""},
        {"top/below": b""},
        {"new": b"", "new/below": b""},
        {"a": None},
        {"a/x/1/2/3": b""},
    ],
    ids=str,
)
def test_a_file_and_a_directory_cannot_share_a_name(repo, writer, git, changes):
    with pytest.raises(Conflict, match="is in the way"):
        writer.tree(git(repo, "rev-parse", "HEAD^{tree}"), changes)


def test_a_file_may_take_the_place_of_a_directory_deleted_with_it(repo, writer, git):
    base = git(repo, "rev-parse", "HEAD^{tree}")

    tree = writer.tree(base, {"a/x": b"", "a/x/1": None, "a/x/2": None, "top": None, "top/now": b""})

    assert {"a/x", "top/now"} <= listing(git, repo, tree).keys()
    git(repo, "fsck", "--strict", "--no-dangling")


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "./a", "a/../b", ".git/config", "a/.GIT/x", "a\0b"])
def test_paths_no_work_tree_could_hold_are_refused(writer, path):
    with pytest.raises(UsageError):
        writer.tree(None, {path: b""})


def test_names_of_any_bytes_survive(repo, writer, git):
    tree = writer.tree(None, {'caf\udce9/\n"': b"1"})

    assert git(repo, "ls-tree", "-r", "-z", "--name-only", tree) == 'caf\udce9/\n"\0'
    assert git(repo, "ls-tree", "-r", "-z", "--name-only", writer.tree(tree, {"z": b""})).count("\0") == 2


def test_a_blob_that_is_not_stored_is_not_found(writer):
    with pytest.raises(NotFound):
        writer.tree(None, {"a": BlobId("1" * 40)})


def test_an_executable_that_is_changed_becomes_a_plain_file(repo, writer, git):
    (repo / "top").chmod(0o755)
    git(repo, "commit", "-q", "-a", "-m", "Executable")

    tree = writer.tree(git(repo, "rev-parse", "HEAD^{tree}"), {"top": b"now\n"})

    assert listing(git, repo, tree)["top"].startswith("100644")


def test_a_commit_says_who_when_and_why(repo, writer, git, ada):
    tree, parent = git(repo, "rev-parse", "HEAD^{tree}"), git(repo, "rev-parse", "HEAD")

    commit = writer.commit(
        tree=tree, parents=[parent], author=ada.author, committer=ada.committer, message="Überschrift\n\nText"
    )

    assert git(repo, "cat-file", "commit", commit) == (
        f"tree {tree}\nparent {parent}\n"
        "author Ada <ada@example.org> 1767268800 +0000\ncommitter Ada <ada@example.org> 1767268800 +0000\n"
        "\nÜberschrift\n\nText"
    )
    git(repo, "fsck", "--strict", "--no-dangling")


def test_a_commit_is_signed_as_configured(repo, git, ada, tmp_path, make_key):
    key = make_key()
    for setting, value in {
        "commit.gpgSign": "true",
        "gpg.format": "ssh",
        "user.signingKey": key,
        "gpg.ssh.allowedSignersFile": tmp_path / "allowed",
        "i18n.commitEncoding": "latin1",
    }.items():
        git(repo, "config", setting, value)
    (tmp_path / "allowed").write_text(f"ada@example.org {key.with_suffix('.pub').read_text()}")
    tree = git(repo, "rev-parse", "HEAD^{tree}")

    with Writer(Repository.open(repo)) as writer:
        commit = writer.commit(
            tree=tree, parents=[], author=ada.author, committer=ada.committer, message="Ü\n\n# kept\n"
        )

    assert git(repo, "log", "-1", "--format=%G? %GS %at", commit) == "G ada@example.org 1767268800"
    content = git(repo, "cat-file", "commit", commit)
    assert content.endswith("\n\nÜ\n\n# kept")
    assert "encoding" not in content


def test_a_signature_that_fails_is_said_in_gits_words(repo, git, ada):
    git(repo, "config", "commit.gpgSign", "true")
    git(repo, "config", "gpg.format", "ssh")
    git(repo, "config", "user.signingKey", "/nowhere/key")

    with (
        Writer(Repository.open(repo)) as writer,
        pytest.raises(UsageError, match=r"could not be signed: .*key"),
    ):
        writer.commit(tree=EMPTY_TREE, parents=[], author=ada.author, committer=ada.committer, message="x")


@pytest.fixture
def make_key(tmp_path):
    import subprocess

    def make():
        key = tmp_path / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        return key

    return make
