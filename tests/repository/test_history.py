import subprocess

import pytest

from git_registry.errors import InvalidDocument
from git_registry.repository.changes import changed
from git_registry.repository.history import (
    apart,
    committed,
    first_parents,
    is_ancestor,
    merge_base,
    message,
    steps,
    subject,
)
from git_registry.repository.objects import EMPTY_TREE, TreeEntry, format_tree
from git_registry.repository.process import GitFailed
from git_registry.repository.repository import Repository


@pytest.fixture
def repo(make_repository):
    return make_repository(files={"a": "1\n", "d/b": "2\n"})


@pytest.fixture
def repository(repo):
    return Repository.open(repo)


def save(git, repo, files, message):
    for path, content in files.items():
        (repo / path).parent.mkdir(parents=True, exist_ok=True)
        (repo / path).write_text(content)
        git(repo, "add", path)
    git(repo, "commit", "-q", "--allow-empty", "-m", message)
    return git(repo, "rev-parse", "HEAD")


def told(repository, tip="main", **options):
    return [
        (step.subject, [change.path for change in step.changes]) for step in steps(repository, tip, **options)
    ]


def test_each_step_is_told_against_its_first_parent(repo, repository, git):
    save(git, repo, {"a": "2\n"}, "Change\nof a\n\nBody\n\nmore: yes")
    git(repo, "rm", "-q", "d/b")
    save(git, repo, {}, "Delete")

    first, second, third = steps(repository, "main")

    assert [c.path for c in first.changes] == ["a", "d/b"]
    assert first.changes[0].before is None
    assert first.parents == ()
    assert (second.subject, second.body) == ("Change of a", "Body\n\nmore: yes")
    assert second.parents == (first.commit,)
    assert second.changes[0].before == first.changes[0].after
    assert second.changes[0].after.id == git(repo, "rev-parse", "HEAD:a")
    assert second.changes[0].after.is_file
    assert third.changes[0].after is None
    assert third.author.name == "Ada Lovelace"
    assert third.committer.at.tzinfo is not None


def test_no_setting_changes_what_a_commit_says(repo, repository, git, tmp_path):
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    for name, value in {"gpg.format": "ssh", "user.signingKey": key, "commit.gpgSign": "true"}.items():
        git(repo, "config", name, value)
    commit = save(git, repo, {}, "Promote é\n\nBody")
    for name, value in {"log.showSignature": "true", "i18n.logOutputEncoding": "latin1"}.items():
        git(repo, "config", name, value)

    said = message(repository, commit)

    assert git(repo, "log", "-1", "--format=%s") != "Promote é"
    assert (said, subject(said)) == ("Promote é\n\nBody", "Promote é")


def test_what_is_no_commit_says_nothing(repo, repository, git):
    assert message(repository, git(repo, "rev-parse", "HEAD:a")) == ""
    with pytest.raises(GitFailed):
        message(repository, "0" * 40)


def test_a_merge_answers_for_all_it_brought_in(repo, repository, git):
    git(repo, "switch", "-q", "-c", "side")
    save(git, repo, {"s1": "1"}, "Side 1")
    save(git, repo, {"s2": "2"}, "Side 2")
    git(repo, "switch", "-q", "main")
    save(git, repo, {"m": "m"}, "Main")
    git(repo, "merge", "-q", "--no-ff", "-m", "Merge", "side")

    assert told(repository) == [("First", ["a", "d/b"]), ("Main", ["m"]), ("Merge", ["s1", "s2"])]
    assert told(repository, paths=["s2"]) == [("Merge", ["s2"])]
    assert merge_base(repository, "main~", "side") == git(repo, "rev-parse", "main~2")
    assert is_ancestor(repository, "side", "main")
    assert not is_ancestor(repository, "main", "side")


def test_how_far_two_lines_are_apart(repo, repository, git):
    git(repo, "switch", "-q", "-c", "side")
    save(git, repo, {"s": "1"}, "Side")
    git(repo, "switch", "-q", "main")
    save(git, repo, {"m": "1"}, "Main 1")
    save(git, repo, {"m": "2"}, "Main 2")

    side, main, fork = git(repo, "rev-parse", "side", "main", "main~2").split()
    assert apart(repository, main, side) == (2, 1)
    assert apart(repository, main, fork) == (2, 0)
    assert apart(repository, fork, main) == (0, 2)
    assert apart(repository, main, None) == (3, 0)


def test_what_two_commits_are_to_each_other_is_asked_once(repo, repository, git, monkeypatch):
    save(git, repo, {"m": "1"}, "Main")
    old, new = git(repo, "rev-parse", "main~").strip(), git(repo, "rev-parse", "main").strip()
    first = is_ancestor(repository, old, new), is_ancestor(repository, new, old), apart(repository, old, new)
    monkeypatch.setattr(Repository, "git", None)

    again = is_ancestor(repository, old, new), is_ancestor(repository, new, old), apart(repository, old, new)

    assert first == again == (True, False, (0, 1))


def test_a_name_may_mean_another_commit_next_time(repo, repository, git):
    git(repo, "switch", "-q", "-c", "side")
    save(git, repo, {"s": "1"}, "Side")
    assert not is_ancestor(repository, "side", "main")

    git(repo, "branch", "-f", "main", "side")

    assert is_ancestor(repository, "side", "main")


def test_a_foxtrot_merge_is_told_from_where_the_line_forked(repo, repository, git):
    published = save(git, repo, {"p": "p"}, "Published")
    git(repo, "switch", "-q", "-c", "mine", "main~")
    save(git, repo, {"mine": "m"}, "Mine")
    git(repo, "merge", "-q", "-m", "Pull", "main")

    assert told(repository, "mine") == [("First", ["a", "d/b"]), ("Mine", ["mine"]), ("Pull", ["p"])]
    assert told(repository, "mine", since=published) == [("Mine", ["mine"]), ("Pull", ["p"])]
    assert published not in first_parents(repository, "mine")


def test_order_and_start_can_be_chosen(repo, repository, git):
    second = save(git, repo, {"a": "2"}, "Second")
    third = save(git, repo, {}, "Third")

    assert [s for s, _ in told(repository, oldest_first=False)] == ["Third", "Second", "First"]
    assert told(repository, since=second) == [("Third", [])]
    assert told(repository, since="main") == []
    assert told(repository, with_changes=False)[1] == ("Second", [])
    assert first_parents(repository, "main", until="main~2") == [third, second]


def test_no_setting_of_the_user_changes_the_answer(repo, repository, git):
    (repo / "sub").mkdir()
    save(git, repo, {"sub/x": "x\n" * 50}, "Add")
    git(repo, "mv", "sub/x", "y")
    save(git, repo, {}, "Move")
    plain = list(steps(repository, "main"))

    (repo / "order").write_text("y\n")
    for key, value in {
        "log.showSignature": "true",
        "log.showRoot": "false",
        "log.diffMerges": "combined",
        "log.follow": "true",
        "log.date": "relative",
        "diff.renames": "copies",
        "diff.orderFile": "order",
        "diff.relative": "true",
        "diff.external": "false",
        "diff.noprefix": "true",
        "color.ui": "always",
        "core.quotePath": "true",
        "core.abbrev": "5",
        "format.pretty": "oneline",
        "i18n.logOutputEncoding": "utf-16",
    }.items():
        git(repo, "config", key, value)
    git(repo, "notes", "add", "-m", "a note", "main")

    assert list(steps(Repository.open(repo), "main")) == plain
    assert [c.path for c in plain[-1].changes] == ["sub/x", "y"]


def test_names_and_people_of_any_bytes_are_kept(repo, repository, git):
    blob = git(repo, "rev-parse", "HEAD:a")
    tree = git(repo, "mktree", "-z", input=f"100644 blob {blob}\tcaf\udce9\n:x\0")
    raw = (
        f"tree {tree}\nauthor J\udcf6rg <j@b> 1 +0000\ncommitter <> 1 +9999\n\n:100644 looks like a change\n"
    )
    commit = git(repo, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", input=raw)

    (step,) = steps(repository, commit)

    assert step.changes[0].path == "caf\udce9\n:x"
    assert step.author.name == "J\udcf6rg"
    assert step.subject == ":100644 looks like a change"


def test_paths_are_literal(repo, repository, git):
    save(git, repo, {"[a]": "x"}, "Brackets")

    assert told(repository, paths=["[a]"]) == [("Brackets", ["[a]"])]
    assert told(repository, paths=["*"]) == []
    assert told(repository, paths=[":(exclude)a"]) == []


def test_an_unknown_tip_fails_in_gits_words(repository):
    with pytest.raises(GitFailed, match="bad revision"):
        list(steps(repository, "nothing"))


def test_a_walk_may_be_left_early(repo, repository, git):
    save(git, repo, {"a": "2"}, "Second")

    assert next(steps(repository, "main")).subject == "First"


# Comparing two trees by their ids.


def test_trees_are_compared_as_git_compares_them(repo, repository, git, reader_of):
    one = git(repo, "rev-parse", "HEAD^{tree}")
    git(repo, "rm", "-q", "-r", "d", "a")
    (repo / "run").write_text("#!")
    (repo / "run").chmod(0o755)
    (repo / "link").symlink_to("run")
    save(git, repo, {"a/x": "dir now\n", "d.x": "", "d": "file now\n"}, "All else")
    git(repo, "add", ".")
    two = git(repo, "write-tree")

    with reader_of(repo / ".git") as reader:
        found = list(changed(reader, one, two))
        assert list(changed(reader, one, one)) == []
        assert list(changed(reader, None, EMPTY_TREE)) == []

    facts = {
        f"{c.before.mode if c.before else 0:06o} {c.after.mode if c.after else 0:06o} "
        f"{c.before.id if c.before else '0' * 40} {c.after.id if c.after else '0' * 40} {c.path}"
        for c in found
    }
    listed = git(repo, "diff-tree", "-r", "--raw", "--no-renames", "--no-abbrev", one, two).split("\n")
    lines = [line[1:].split() for line in listed]
    assert facts == {" ".join([*line[:4], line[5]]) for line in lines}
    assert len(found) == len(facts)


def test_a_tree_bomb_is_refused(repo, git, reader_of):
    blob = git(repo, "rev-parse", "HEAD:a")
    tree = TreeEntry("x", 0o100644, blob)
    for _ in range(7):
        rows = format_tree(TreeEntry(f"{n}", tree.mode, tree.id) for n in range(10))
        made = git(repo, "hash-object", "-t", "tree", "-w", "--stdin", input=rows)
        tree = TreeEntry("x", 0o040000, made)

    with reader_of(repo / ".git") as reader:
        with pytest.raises(InvalidDocument, match="more than 1000 entries"):
            list(changed(reader, None, tree.id, entries=1000))
        with pytest.raises(InvalidDocument, match="nested more than 6 deep"):
            list(changed(reader, None, tree.id, depth=6))


@pytest.mark.parametrize("how", ["GLOB", "NOGLOB", "ICASE", "LITERAL"])
def test_paths_are_names_whatever_the_environment_wants(repo, git, how, monkeypatch):
    save(git, repo, {"*": "2\n"}, "A star")
    monkeypatch.setenv(f"GIT_{how}_PATHSPECS", "1")

    repository = Repository.open(repo)

    assert told(repository, paths=["*"]) == [("A star", ["*"])]


def test_when_a_commit_was_made_is_read_off_it_alone(repo, repository, git, reader_of, monkeypatch):
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1767225600 -0330")
    commit = save(git, repo, {}, "Change\n\ncommitter Eve <eve@example.org> 1 +0000")
    (step,) = steps(repository, commit, since=f"{commit}~1")

    with reader_of(repo / ".git") as reader:
        assert committed(reader, commit) == step.committer.at
