"""What a merge would make, told without making it."""

import pytest

from git_registry.errors import Conflict
from git_registry.repository.merged import merged_tree
from git_registry.repository.repository import Repository


@pytest.fixture
def parted(make_repository, git):
    """Two branches from one commit, each with a file of its own and both with another line in one."""
    here = make_repository("repo", {"both": "1\n2\n3\n4\n5\n6\n7\n"})
    for name, old, new in (("main", "1\n", "one\n"), ("topic", "7\n", "seven\n")):
        git(here, "switch", "-q", "-C", name, "HEAD" if name == "main" else "main~1")
        (here / "both").write_text("1\n2\n3\n4\n5\n6\n7\n".replace(old, new))
        (here / name).write_text(name)
        git(here, "add", "--all")
        git(here, "commit", "-q", "-m", name)
    return here


def test_it_is_the_tree_that_git_merge_makes(parted, git):
    tree = merged_tree(Repository.open(parted), "main", "topic")

    git(parted, "switch", "-q", "main")
    git(parted, "merge", "-q", "--no-edit", "topic")
    assert tree == git(parted, "rev-parse", "HEAD^{tree}")
    assert tree != git(parted, "rev-parse", "topic^{tree}")


def test_a_conflict_names_the_files(parted, git):
    (parted / "both").write_text("uno\n2\n3\n4\n5\n6\n7\n")
    git(parted, "commit", "-qam", "Another first line")

    with pytest.raises(Conflict, match="conflicts in both") as caught:
        merged_tree(Repository.open(parted), git(parted, "rev-parse", "main"), "topic")

    assert caught.value.exit_code == 6


def test_what_is_checked_out_does_not_say_how_to_merge(parted, git):
    (parted / "both").write_text("uno\n2\n3\n4\n5\n6\n7\n")
    git(parted, "commit", "-qam", "Another first line")
    (parted / ".gitattributes").write_text("both merge=union\n")

    with pytest.raises(Conflict):
        merged_tree(Repository.open(parted), "main", "topic")


def test_histories_that_share_nothing(parted, git):
    git(parted, "switch", "-q", "--orphan", "other")
    git(parted, "commit", "-q", "--allow-empty", "-m", "Other")

    with pytest.raises(Conflict, match="share no history"):
        merged_tree(Repository.open(parted), "main", "other")
