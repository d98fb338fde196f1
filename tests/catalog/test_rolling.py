"""A tree that follows a history has what the commit's own tree has."""

import pytest

from git_registry.catalog.rolling import Documents, Rolling
from git_registry.model.snapshot import DIRECTORY, REGULAR, Entry

ONE, TWO = Entry(REGULAR, "1" * 40), Entry(REGULAR, "2" * 40)


def rolling(*paths):
    """Return a tree that holds these files."""
    empty = Rolling(Documents(None), lambda directory: {})
    return empty.after([(path, None, ONE) for path in paths])


def files(tree, directory=""):
    """Return the paths of all files, found from the top as a person would."""
    found = []
    for name, entry in tree.entries(directory).items():
        path = f"{directory}/{name}" if directory else name
        found += files(tree, path) if entry.mode == DIRECTORY else [path]
    return sorted(found)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        pytest.param(["a/b/c"], [("a/b/c", ONE, None), ("a/b/d", None, ONE)], ["a/b/d"], id="the only file"),
        pytest.param(["a/b/c"], [("a/b/c", ONE, None), ("a/d/c", None, ONE)], ["a/d/c"], id="a directory"),
        pytest.param(["a/b/c", "x"], [("a/b/c", ONE, None)], ["x"], id="directories go with their last file"),
        pytest.param(["a"], [("a", ONE, None), ("a/b", None, TWO)], ["a/b"], id="a file becomes a directory"),
        pytest.param(["a/b"], [("a", None, TWO), ("a/b", ONE, None)], ["a"], id="a directory becomes a file"),
        pytest.param(
            ["a/b/c", "a/d"], [("a/b/c", ONE, None), ("a/b", None, TWO)], ["a/b", "a/d"], id="deeper down"
        ),
    ],
)
def test_a_step(before, changes, after):
    tree = rolling(*before)

    assert files(tree.after(changes)) == sorted(after)
    assert files(tree) == sorted(before)
    assert files(tree.after(changes).settle(tree)) == sorted(after)
