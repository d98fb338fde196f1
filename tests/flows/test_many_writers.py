"""Many write at once, and nothing is lost.

The writers run the command's own entry in a loop, each in one process: hundreds of starts of Python would
only measure Python.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import product

import pytest
from tests.repeating import times

from .keyboard import Keyboard, organization, problems, published

WRITERS = 8
WRITER = """
import sys
from pathlib import Path
from git_registry.cli.entry import run

clone, writer, count, *options = sys.argv[1:]
for turn in range(int(count)):
    source = Path(clone).parent / f"model-{writer}-{turn}"
    source.write_text(f"weights {writer} {turn}")
    said = ["--metadata", f"writer={writer}", "--metadata", f"turn={turn}"]
    code = run(["-C", clone, "link", str(source), "model/churn", *said, *options])
    if code:
        sys.exit(code)
"""


def all_write(desks: list[Keyboard], count: int, *options: str) -> None:
    """Let each desk link so many versions, all at the same time."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, desk.path, str(writer), str(count), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for writer, desk in enumerate(desks)
    ]
    said = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * len(desks), "".join(said)


def require_all(desk: Keyboard, count: int) -> None:
    """Assert that each writer's each version is there, with a number of its own."""
    versions = desk.json("list", "model/churn")
    linked = [(one["metadata"]["writer"], one["metadata"]["turn"]) for one in versions]
    assert sorted(linked) == list(product(range(WRITERS), range(count)))
    assert [one["version"] for one in versions] == [f"v{n}" for n in reversed(range(WRITERS * count))]
    assert len({one["id"] for one in versions}) == len(versions)
    desk.require_sound()


@pytest.mark.slow
def test_eight_processes_link_into_one_collection(tmp_path):
    ada = organization(tmp_path)

    each = times(20, 50)

    all_write([ada] * WRITERS, each)

    require_all(ada, each)
    assert ada.git("rev-list", "--count", "HEAD").strip() == str(1 + WRITERS * each)
    ada("check", "HEAD")


@pytest.mark.slow
def test_eight_clones_publish_each_version_at_once(tmp_path):
    ada = published(tmp_path)
    clones = [ada.clone(f"clone-{number}") for number in range(WRITERS)]

    each = times(2, 4)

    all_write(clones, each, "--push")

    ada("sync")
    require_all(ada, each)
    assert problems(ada.git("-C", "../upstream.git", "fsck", "--full", "--strict")) == []
    for clone in clones:
        clone("sync")
        assert clone.json("list", "model/churn") == ada.json("list", "model/churn")
        clone.require_sound()


@pytest.fixture
def two(tmp_path):
    """Two clones of one repository, with three versions of which the first is in production."""
    ada = published(tmp_path)
    for number in range(3):
        ada.write("../model.bin", f"weights {number}")
        ada("link", "../model.bin", "model/churn", *(() if number else ("--alias", "production")))
    ada("sync")
    return ada, ada.clone("bob")


def test_of_two_who_promote_the_same_alias_the_second_is_told(two):
    ada, bob = two
    ada("promote", "model/churn:v1", "--to", "production", "--push")
    there = bob.git("ls-remote", "origin", "main")

    bob("promote", "model/churn:v2", "--to", "production", "--push", code=6)

    ids = {one["version"]: one["id"] for one in ada.json("list", "model/churn")}
    for version in ("v1", "v2"):
        assert version in bob.said or f"@{ids[version][:8]}" in bob.said
    assert "model/churn:production" in bob.said
    assert bob.git("ls-remote", "origin", "main") == there
    bob.require_sound()
    ada("sync")
    assert ada.json("show", "model/churn:production")["version"] == "v1"


def test_two_who_promote_different_aliases_both_do(two):
    ada, bob = two

    ada("promote", "model/churn:v1", "--to", "production", "--push")
    bob("promote", "model/churn:v2", "--to", "staging", "--push")
    ada("sync")

    for desk in two:
        aliases = desk.json("show", "model/churn")["aliases"]
        assert aliases == {"production": "v1", "staging": "v2"}
        desk.require_sound()
