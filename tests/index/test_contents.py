"""The contents of files are read once, all of them, and of none is it forgotten that it was not."""

import pytest
from tests.index.test_laws import everything

from git_registry.index.opening import ask
from git_registry.index.search.finding import Question, find

VERSIONS = Question(kind="version")


def search(desk):
    """Return (text of its problem, size) of each version, the newest first."""
    rows = desk(ask, lambda moment: find(moment, VERSIONS), contents=True).rows
    return [(row.problem, row.facts.get("size")) for row in rows]


def look(desk):
    """Ask the index, but not for what files say."""
    return desk(ask, everything)


def test_what_is_read_beyond_the_chain_says_nothing_of_the_chain(desk, git):
    desk.link("one")
    git(desk.path, "branch", "side")
    search(desk)
    for text in ("four", "seven", "eleven"):
        desk.link(text)
    look(desk)
    git(desk.path, "switch", "-q", "side")
    desk.link("twelve")
    assert search(desk) == [("", 6), ("", 3)]

    git(desk.path, "switch", "-q", "main")

    assert search(desk) == [("", 6), ("", 5), ("", 4), ("", 3)]


@pytest.fixture
def lost(desk, git):
    """Link two, and lose the manifest of the first; return where it was, and what it was."""
    desk.link("one")
    desk.link("four")
    blob = git(desk.path, "rev-parse", f"HEAD:model/churn/versions/{desk(first)}.yaml")
    file = desk.path / ".git/objects" / blob[:2] / blob[2:]
    content = file.read_bytes()
    file.unlink()
    return file, content


def first(catalog):
    return ask(catalog, lambda moment: moment.with_number("model/churn", 0))


def test_what_is_not_here_is_asked_for_again(desk, lost):
    file, content = lost
    missing = "its content is not in this repository"

    found = search(desk)
    file.write_bytes(content)

    assert [(problem.partition(": ")[2], size) for problem, size in found] == [("", 4), (missing, None)]
    assert search(desk) == [("", 4), ("", 3)]


def test_what_comes_after_what_is_not_here_is_read(desk, lost):
    file, content = lost
    search(desk)
    desk.link("seven")

    assert [size for _, size in search(desk)] == [5, 4, None]
    file.write_bytes(content)
    assert [size for _, size in search(desk)] == [5, 4, 3]


def test_what_is_too_large_is_looked_at_once(desk, git):
    desk.link("one")
    path = desk.path / f"model/churn/versions/{desk(first)}.notes.yaml"
    path.write_text("format: 1\ndescription: " + "x" * 300_000)
    git(desk.path, "add", path)
    git(desk.path, "commit", "-q", "-m", "Write a lot")

    ((problem, size),) = search(desk)

    assert (problem.partition(": ")[2], size) == ("larger than 256 KiB", 3)
    assert desk(ask, lambda moment: moment.rows("SELECT position - read FROM chain")) == [(0,)]
