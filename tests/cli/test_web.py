"""`git registry web`: what it writes, and what it refuses before it serves anything."""

from __future__ import annotations

import pytest


@pytest.fixture
def pages(tmp_path):
    return tmp_path / "pages"


def test_an_export_says_what_it_did(acme, pages, git):
    git(acme.directory, "remote", "add", "origin", "../nobody-pushed-here.git")
    first = acme("web", "--export", pages)
    assert "on main is not published: `git registry sync` does that" in acme.err
    again = acme.json("web", "--export", pages)

    assert " written, 0 unchanged, 0 removed: " in first
    assert (again["written"], again["removed"], again["problems"]) == (0, 0, [])
    assert (pages / "index.html").is_file()


def test_a_directory_of_something_else_is_left_alone(acme, pages):
    pages.mkdir()
    (pages / "thesis.tex").write_text("x")

    error = acme.error("web", "--export", pages, code=2)

    assert error["where"] == str(pages)
    assert [one.name for one in pages.iterdir()] == ["thesis.tex"]


def test_an_export_fetches_nothing(acme, pages):
    assert (
        acme.error("web", "--export", pages, "--watch", 60, code=2)["hint"] == "`git fetch`, and export again"
    )


def test_without_a_remote_there_is_nothing_to_watch(acme):
    assert acme.error("web", "--watch", 60, code=2)["message"] == "there is no remote to fetch from"
