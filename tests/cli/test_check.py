"""Mistakes made by hand, with file, line and field."""

from __future__ import annotations

import re

import pytest
from tests.cli.conftest import Shell


def test_nothing_wrong(churn):
    assert churn("check") == "Nothing wrong in 10 files\n"
    assert churn("check", "HEAD") == "Nothing wrong in 10 files\n"
    assert churn("check", "HEAD~1..HEAD") == "Nothing wrong in the steps HEAD~1..HEAD\n"
    assert churn.json("check") == []


def test_every_mistake_in_a_manifest(churn):
    manifest = next((churn.directory / "model/churn/versions").glob("dbf*8c.yaml"))
    text = manifest.read_text().replace("size: 7\n", "size: seven\n", 1).replace("created:", "creatd:")
    manifest.write_text(text)
    said = churn("check", code=3)
    place = manifest.relative_to(churn.directory)
    assert f"{place}:5: size: " in said
    assert f"{place}:6: creatd: unknown field 'creatd'" in said
    assert "hint: did you mean 'created'?" in said
    problems = churn("check", "--json", code=3)
    assert '"kind": "invalid-document"' in problems


def test_a_range_names_its_steps(churn, git):
    (churn.directory / "model/churn/aliases/staging.yaml").write_text(
        "format: 1\nversion: " + "0" * 32 + "\n"
    )
    git(churn.directory, "commit", "-qam", "By hand")
    commit = git(churn.directory, "rev-parse", "--short=8", "HEAD")
    assert f"{commit}:model/churn/aliases/staging.yaml: version: " in churn("check", "HEAD~1..HEAD", code=3)
    churn("check", "nope", code=5)


def requested(shell, git):
    """Have a branch on which a version is linked and promoted, and return the shell."""
    git(shell.directory, "switch", "-q", "-c", "topic")
    shell.write("../model.bin", "best weights")
    shell("link", "../model.bin", "model/churn", "--description", "<!-- @ada | `best` -->")
    shell("promote", "model/churn:latest", "--to", "production")
    return shell


def test_a_request_that_may_be_merged(churn, git, golden):
    said = requested(churn, git)("check", "--base", "main", "--head", "topic", "--actor", "ada")

    golden("check-request.pipe.txt", said)
    assert said.endswith("This request is allowed\n")


def test_a_request_that_needs_somebody_else(churn, git, golden):
    asked = ("check", "--base", "main", "--actor", "github:mallory", "--squash")

    said = requested(churn, git)(*asked, code=4)
    assert said.endswith("This request needs approval by user:ada\n")
    golden("check-request.json", re.sub('"[0-9a-f]{40}"', '"<id>"', churn(*asked, "--json", code=4)))
    churn(*asked, "--approved-by", "ada")


def test_a_comment_is_the_one_of_the_review_and_ends_as_the_check_does(churn, git):
    asked = ("--base", "main", "--actor", "github:mallory", "--squash", "--number", "7", "--markdown")

    said = requested(churn, git)("check", *asked, code=4)

    assert said == churn("review", *asked, "--no-blobs")
    assert "user:ada" in said


def test_a_comment_on_what_conflicts(churn, git):
    shell = requested(churn, git)
    git(shell.directory, "switch", "-q", "main")
    shell.write("../model.bin", "other weights")
    shell("link", "../model.bin", "model/churn", "--alias", "production")
    asked = ("--base", "main", "--head", "topic", "--actor", "ada", "--markdown")

    said = churn("check", *asked, code=6)

    assert said == churn("review", *asked)


def test_a_request_that_does_not_follow_the_format(churn, git):
    requested(churn, git)
    churn.write("model/churn/aliases/beta.yaml", "format: 1\nversion: 0\n")
    git(churn.directory, "add", "--all")
    git(churn.directory, "commit", "-qm", "By hand", env={"GIT_COMMITTER_DATE": "2026-01-01T12:00:00Z"})

    said = churn("check", "--base", "main", "--actor", "ada", code=3)
    assert "model/churn/aliases/beta.yaml" in said
    churn("check", "--base", "main", "--actor", "bob", code=4)


def test_a_request_that_conflicts(churn, git):
    requested(churn, git)
    git(churn.directory, "switch", "-q", "main")
    churn("promote", "model/churn:v0", "--to", "production")

    churn("check", "--base", "main", "--head", "topic", "--actor", "ada", code=6)
    assert "model/churn/aliases/production.yaml" in churn.err


def test_half_a_request(churn):
    assert "who merges it is not said" in churn.error("check", "--base", "main", code=2)["message"]
    assert churn.error("check", "--actor", "ada", code=2)["hint"] == "--base REV"
    churn("check", "HEAD", "--base", "main", "--actor", "ada", code=2)
    churn("check", "--base", "", "--actor", "ada", code=2)
    for words in (["--head", "topic"], ["--author", "ada"], ["--squash"], ["--markdown"]):
        error = churn.error("check", *words, code=2)
        assert (error["where"], error["hint"]) == (words[0], "--base REV")


@pytest.mark.parametrize("name", ["", "@" + "1" * 40, "user:", "github:"])
def test_a_name_that_is_missing(churn, name):
    asked = ("check", "--base", "main", "--actor", "ada")

    assert "missing a name" in churn.error(*asked, "--approved-by", name, code=2)["message"]
    if "@" not in name:
        assert (
            "missing a name" in churn.error(*asked, "--author", name, "--host", "github", code=2)["message"]
        )
        assert "missing a name" in churn.error(*asked[:3], "--actor", name, code=2)["message"]


def test_numbers_at_the_base_are_settled_in_a_bare_clone(churn, git, capsys):
    git(churn.directory, "switch", "-q", "-c", "topic")
    churn("promote", "model/churn:v0", "--to", "production")
    git(churn.directory.parent, "clone", "-q", "--bare", churn.directory, "bare.git")

    said = Shell(churn.directory.parent / "bare.git", capsys)(
        "check", "--base", "main", "--head", "topic", "--actor", "ada"
    )

    assert said.startswith("+ model/churn:production is v0 (")


def test_a_request_that_is_merged_already(churn, git):
    requested(churn, git)
    swapped = ("check", "--base", "topic", "--head", "main", "--actor", "github:mallory")

    topic = git(churn.directory, "rev-parse", "--short=8", "topic")
    assert churn(*swapped) == f"This request would change nothing: {topic} holds it already\n"
    assert churn.json(*swapped)["merged"] is True
