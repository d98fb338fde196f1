"""What commits say before their messages, as Git has it; and read once."""

from __future__ import annotations

import pytest

from git_registry.catalog import headers as reading
from git_registry.catalog.headers import Header, headers

SIGNED = "gpgsig -----BEGIN SSH SIGNATURE-----\n parent of no commit\n -----END SSH SIGNATURE-----\n"
ABSENT = "0" * 39 + "1"


@pytest.fixture
def commits(desk, git):
    """A desk, and its commits: the first, one that somebody signed, and one that merges both."""
    first = git(desk.path, "rev-parse", "HEAD")
    own, _, message = git(desk.path, "cat-file", "commit", "HEAD").partition("\n\n")
    parent, signed = f"\nparent {first}\nauthor", f"\n{SIGNED}\nparent in a message\n{message}"
    text = own.replace("\nauthor", parent, 1) + signed
    second = git(desk.path, "hash-object", "-t", "commit", "-w", "--stdin", input=text)
    tree = git(desk.path, "rev-parse", "HEAD^{tree}")
    merge = git(desk.path, "commit-tree", "-m", "Both", "-p", first, "-p", second, tree)
    return desk, first, second, merge


@pytest.mark.parametrize("few", [0, 32])
def test_they_are_as_git_has_them(commits, monkeypatch, few):
    monkeypatch.setattr(reading, "FEW", few)
    desk, first, second, merge = commits
    told = {
        first: Header((), is_signed=False),
        second: Header((first,), is_signed=True),
        merge: Header((first, second), is_signed=False),
    }
    with desk.open() as catalog:
        assert headers(catalog, told) == told
        assert headers(catalog, [merge, ABSENT, first]) == {merge: told[merge], first: told[first]}


def test_a_commit_is_read_once(commits):
    desk, *every = commits
    with desk.open() as catalog:
        told = headers(catalog, every[:2])
        catalog.reader.close()
        catalog.repository = None  # nobody can be asked
        assert headers(catalog, every[:2]) == told
