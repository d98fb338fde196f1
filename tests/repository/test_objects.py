"""One suite for both readers."""

import os
import subprocess

import pytest

from git_registry.errors import InvalidDocument, NotFound, RegistryError
from git_registry.repository.objects import (
    EMPTY_TREE,
    TreeEntry,
    entry_at,
    format_tree,
    is_id,
    parse_tree,
)
from git_registry.repository.plumbing import PlumbingReader

FILES = {"a.txt": "one\n", "d/e/f.txt": "deep\n", "d.txt": "sorts before d/\n", "d-x": "too\n"}


@pytest.fixture
def repo(make_repository):
    return make_repository(files=FILES)


@pytest.fixture
def reader(reader_of, repo):
    with reader_of(repo / ".git") as reader:
        yield reader


def test_a_file_is_read_from_a_revision(reader, repo, git):
    commit = reader.commit("main")
    entry = entry_at(reader, reader.root(commit), "d/e/f.txt")

    assert commit == git(repo, "rev-parse", "HEAD")
    assert entry == TreeEntry("f.txt", 0o100644, git(repo, "rev-parse", "HEAD:d/e/f.txt"))
    assert entry.is_file
    assert reader.blob(entry.id, at_most=5) == b"deep\n"
    assert reader.size(entry.id) == 5


def test_trees_list_what_git_lists(reader, repo, git):
    root = reader.root(reader.commit("HEAD"))
    listed = [f"{e.mode:06o} {'tree' if e.is_tree else 'blob'} {e.id}\t{e.name}" for e in reader.tree(root)]

    assert listed == git(repo, "ls-tree", "HEAD").split("\n")


def test_what_is_stored_is_given_as_it_is(reader, repo, git):
    commit = git(repo, "rev-parse", "HEAD")
    tree = git(repo, "rev-parse", "HEAD^{tree}")

    assert reader.commit_text(commit).decode() == git(repo, "cat-file", "commit", commit) + "\n"
    assert parse_tree(reader.tree_text(tree)) == reader.tree(tree)
    assert reader.tree_text(EMPTY_TREE) == b""
    with pytest.raises(InvalidDocument, match="at most 10 are read"):
        reader.commit_text(commit, at_most=10)
    with pytest.raises(NotFound):
        reader.commit_text(tree)
    with pytest.raises(NotFound):
        reader.tree_text(commit)


@pytest.mark.parametrize("path", ["nothing", "a.txt/below", "d/e/nothing", "d/nothing/f.txt", ""])
def test_nothing_is_at_a_path_that_is_not_there(reader, path):
    assert entry_at(reader, reader.root(reader.commit("HEAD")), path) is None


def test_tags_are_peeled(reader, repo, git):
    git(repo, "tag", "-a", "-m", "It", "inner")
    git(repo, "tag", "-a", "-m", "It", "outer", "inner")

    assert reader.commit("outer") == git(repo, "rev-parse", "HEAD")
    assert reader.commit("HEAD") == reader.commit("main~0") == reader.commit(reader.commit("HEAD")[:10])


ODD = [
    *("", "nothing", "-x", "--batch", "^main", "a\nb", "main\n", "HEAD:a.txt", "HEAD^{tree}", "main@{99}"),
    *(
        "0" * 40,
        "f" * 40,
        "main^{/[}",
        "a b",
        "..",
        "main..main",
        "\udcff",
        "\0",
        "@{-1}",
        "HEAD^9",
        "\x1b[0m",
    ),
]


@pytest.mark.parametrize("revision", ODD, ids=ascii)
def test_odd_revisions_name_no_commit_and_harm_nothing(reader, revision):
    assert reader.commit(revision) is None
    assert reader.commit("main")


def test_what_is_missing_is_not_found(reader):
    for ask in (reader.root, reader.tree, reader.size, lambda it: reader.blob(it, at_most=9)):
        for missing in ("1" * 40, "main", "HEAD", "1\n2", ""):
            with pytest.raises(NotFound):
                ask(missing)
    assert reader.commit("main")


def test_an_object_of_another_kind_is_not_found(reader):
    commit = reader.commit("main")

    with pytest.raises(NotFound, match="is a commit, not a blob"):
        reader.blob(commit, at_most=10**6)
    with pytest.raises(NotFound, match="is a commit, not a tree"):
        reader.tree(commit)


def test_the_empty_tree_needs_no_object(reader):
    assert reader.tree(EMPTY_TREE) == ()


def test_a_blob_too_large_is_refused_by_its_header(reader, repo, git):
    zeros = git(repo, "hash-object", "-w", "--stdin", input=bytes(20_000_000))

    assert reader.size(zeros) == 20_000_000
    with pytest.raises(InvalidDocument, match="20000000 bytes; at most 262144"):
        reader.blob(zeros, at_most=262_144)
    assert len(reader.blob(zeros, at_most=20_000_000)) == 20_000_000


def test_replace_refs_are_ignored(reader_of, repo, git):
    good = git(repo, "rev-parse", "HEAD:a.txt")
    evil = git(repo, "hash-object", "-w", "--stdin", input="evil\n")
    git(repo, "replace", good, evil)

    with reader_of(repo / ".git") as reader:
        assert reader.blob(good, at_most=10) == b"one\n"


def test_names_of_any_bytes_are_kept(reader_of, repo, git):
    blob = git(repo, "rev-parse", "HEAD:a.txt")
    tree = git(repo, "mktree", "-z", input=f'100644 blob {blob}\tcaf\udce9\n"x\0')

    with reader_of(repo / ".git") as reader:
        assert reader.tree(tree) == (TreeEntry('caf\udce9\n"x', 0o100644, blob),)
        assert entry_at(reader, tree, 'caf\udce9\n"x').id == blob


def test_a_tree_is_formatted_as_it_was_parsed(repo, git):
    content = subprocess.run(
        ["git", "cat-file", "tree", "HEAD^{tree}"], cwd=repo, capture_output=True, check=True
    ).stdout

    assert format_tree(reversed(parse_tree(content))) == content
    with pytest.raises(InvalidDocument):
        parse_tree(content[:-1])
    with pytest.raises(InvalidDocument):
        parse_tree(b"garbage")


def test_a_reader_may_be_closed_twice(reader):
    reader.commit("main")
    reader.close()
    reader.close()


def test_one_child_answers_everything(repo):
    with PlumbingReader(repo / ".git") as reader:
        reader.tree(reader.root(reader.commit("main")))
        reader.blob(entry_at(reader, reader.root(reader.commit("main")), "a.txt").id, at_most=10)

        assert len(reader._children) == 1


def test_a_git_without_batch_command_serves_too(repo, tmp_path, monkeypatch):
    old = tmp_path / "old" / "git"
    old.parent.mkdir()
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    old.write_text(
        f'#!/bin/sh\ncase "$*" in *--batch-command*) echo usage >&2; exit 129;; esac\nexec {real} "$@"\n'
    )
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}:{os.environ['PATH']}")

    with PlumbingReader(repo / ".git") as reader:
        entry = entry_at(reader, reader.root(reader.commit("main")), "d/e/f.txt")
        assert reader.blob(entry.id, at_most=10) == b"deep\n"
        assert reader.commit("nothing") is None


def test_a_broken_repository_speaks_in_gits_words(repo):
    (repo / ".git/HEAD").unlink()

    with PlumbingReader(repo / ".git") as reader, pytest.raises(RegistryError, match="not a git repository"):
        reader.commit("main")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("0" * 40, True),
        ("9b" * 20, True),
        ("9B" * 20, False),
        ("9b" * 19, False),
        ("", False),
        ("٣" * 40, False),
    ],
)
def test_an_id_is_forty_digits_as_git_writes_them(text, whole):
    assert is_id(text) == whole
