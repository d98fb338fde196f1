"""Whatever moment a command is killed at, what it did is there whole or not at all.

The command and every git it started are killed together. The moments are drawn between its start-up and
its end, both measured first.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sdk.desk import Desk

from git_registry.sdk.downloading import Wish, download

from .keyboard import COMMAND, Keyboard, organization, problems, published

MOMENTS = pytest.mark.parametrize(
    "moments",
    [pytest.param(5, marks=pytest.mark.slow), pytest.param(200, marks=pytest.mark.campaign)],
)
CAMPAIGN = pytest.mark.timeout(1800)
WEIGHTS = 300_000


def moments_of(desk: Keyboard, count: int, *words: object) -> Iterator[float]:
    """Run a command once and yield so many moments at which the same kind of command may be killed."""
    began = time.perf_counter()
    desk("--version")
    started = time.perf_counter()
    desk(*words)
    ended = time.perf_counter()
    chance = random.Random(str(words[0]))
    for _ in range(count):
        yield chance.uniform(started - began, (ended - started) * 1.1)


def killed(desk: Keyboard, moment: float, *words: object) -> None:
    """Run a command in a process group of its own, and kill the group at that moment."""
    command = [*COMMAND, *map(str, words)]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=desk.path, start_new_session=True, **quiet)
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def again(desk: Keyboard, *words: object) -> None:
    """Run a command after a kill, as a person does: a lock that a killed git left is removed if it is named.

    Git leaves that to people too, for only they know that no git is running.
    """
    for _ in range(3):
        try:
            desk(*words)
        except AssertionError:
            locks = set(re.findall(r"/[^'\s]+\.lock", desk.said))
            if not locks:
                raise
            for lock in locks:
                Path(lock).unlink(missing_ok=True)  # its git may have been about to end
        else:
            return
    raise AssertionError(desk.said)


def require_whole(desk: Keyboard) -> None:
    """Assert that nothing in the repository is broken, and that every version in HEAD can be downloaded."""
    assert problems(desk.git("fsck", "--strict", "--no-dangling")) == []
    sdk = Desk(desk.path)
    for collection in {one.rpartition("/versions/")[0] for one in sdk.files() if "/versions/" in one}:
        for version in {Path(one).stem for one in sdk.files(f"{collection}/versions")}:
            target = desk.path.parent / "checked" / version
            if not target.exists():
                sdk(download, f"{collection}@{version}", Wish(target=target))


def link(desk: Keyboard, number: int, collection: str = "model/churn") -> None:
    desk("link", source(desk, number), collection)


def source(desk: Keyboard, number: int) -> Path:
    """Write three files of which some take a while."""
    place = desk.path.parent / "sources" / f"{number}"
    for file in range(3):
        desk.write(f"../sources/{number}/part-{file}.bin", f"{number} {file} " * WEIGHTS)
    return place


def aliases(desk: Keyboard, collection: str = "model/churn") -> dict[str, str]:
    return Desk(desk.path).aliases(collection)


@MOMENTS
@CAMPAIGN
def test_link(tmp_path, moments):
    ada = organization(tmp_path)
    words = ("--alias", "production", "--metric", "auc=0.9")
    for number, moment in enumerate(moments_of(ada, moments, "link", source(ada, -1), "model/churn", *words)):
        before = aliases(ada)["production"]

        killed(ada, moment, "link", source(ada, number), "model/churn", *words)

        require_whole(ada)
        again(ada, "tag", "add", "model/churn", f"after-{number}")
        ada.require_sound()
        versions = len(Desk(ada.path).files("model/churn/versions"))
        assert (aliases(ada)["production"] != before) == (versions == number + 2), moment
        again(ada, "link", source(ada, number), "model/churn", *words)
        ada.require_sound()
        assert len(Desk(ada.path).files("model/churn/versions")) == number + 2, moment
        assert aliases(ada)["production"] != before
    require_whole(ada)


@MOMENTS
@CAMPAIGN
def test_promote(tmp_path, moments):
    ada = organization(tmp_path)
    for collection in ("model/churn", "model/fraud"):
        link(ada, 0, collection)
        link(ada, 1, collection)
    both = [("model/churn:v0", "model/fraud:v0"), ("model/churn:v1", "model/fraud:v1")]
    for number, moment in enumerate(moments_of(ada, moments, "promote", *both[1], "--to", "production")):
        wanted = both[number % 2]

        killed(ada, moment, "promote", *wanted, "--to", "production")

        require_whole(ada)
        again(ada, "tag", "add", "model/churn", f"after-{number}")
        ada.require_sound()
        assert aliases(ada) == aliases(ada, "model/fraud"), moment
        again(ada, "promote", *wanted, "--to", "production")
        ada.require_sound()
        assert aliases(ada) == aliases(ada, "model/fraud")
        assert ada.json("resolve", "model/churn:production")["version"] == f"v{number % 2}"


@MOMENTS
@CAMPAIGN
def test_unlink(tmp_path, moments):
    ada = organization(tmp_path)
    link(ada, 0)
    link(ada, 1)
    ada("promote", "model/churn:v0", "--to", "kept")
    for number, moment in enumerate(moments_of(ada, moments, "unlink", "model/churn:v1")):
        again(ada, "link", source(ada, 1), "model/churn", "--alias", "production")

        killed(ada, moment, "unlink", "model/churn:v1")

        require_whole(ada)
        again(ada, "tag", "add", "model/churn", f"after-{number}")
        ada.require_sound()
        sdk = Desk(ada.path)
        there = (len(sdk.files("model/churn/versions")), len(sdk.files("model/churn/unlinked")))
        assert there in ((2, 0), (1, 1)), moment
        assert ("production" in aliases(ada)) == (there == (2, 0)), moment
        if there == (2, 0):
            again(ada, "unlink", "model/churn:v1")
            ada.require_sound()
        assert set(aliases(ada)) == {"kept"}


@MOMENTS
@CAMPAIGN
def test_download(tmp_path, moments):
    ada = organization(tmp_path)
    link(ada, 0)
    origin = source(ada, 0)
    place = tmp_path / "place"
    place.mkdir()
    words = ("download", "model/churn:v0", "--no-cache")
    for number, moment in enumerate(moments_of(ada, moments, *words, place / "first")):
        target = place / f"{number}"

        killed(ada, moment, *words, target)

        if target.exists():
            require_same(target, origin)
        else:
            ada(*words, target)
            require_same(target, origin)
        left = {one.name for one in place.iterdir()}
        assert left == {"first", *map(str, range(number + 1))} or (place / f"{number}").exists(), left
    ada(*words, place / "last")
    assert {one.name for one in place.iterdir()} == {"first", "last", *map(str, range(moments))}
    ada.require_sound()


def require_same(target: Path, origin: Path) -> None:
    files = sorted(path.name for path in origin.iterdir())
    assert sorted(path.name for path in target.iterdir()) == files
    assert all((target / name).read_bytes() == (origin / name).read_bytes() for name in files)


@MOMENTS
@CAMPAIGN
def test_sync(tmp_path, moments):
    ada = published(tmp_path)
    bob = ada.clone("bob")

    def both_work(number: int) -> None:
        again(bob, "link", bob.write("../bob.bin", f"bob {number}"), "model/churn", "--push")
        again(ada, "link", ada.write("../ada.bin", f"ada {number}"), "model/churn", "--alias", "production")

    both_work(-1)
    for number, moment in enumerate(moments_of(ada, moments, "sync")):
        both_work(number)

        killed(ada, moment, "sync")

        require_whole(ada)
        assert problems(ada.git("-C", "../upstream.git", "fsck", "--strict", "--no-dangling")) == []
        again(ada, "tag", "add", "model/churn", f"after-{number}")
        ada.require_sound()
        again(ada, "sync")
        ada.require_sound()
        assert len(Desk(ada.path).files("model/churn/versions")) == 2 * (number + 2)
        assert ada.git("rev-parse", "main") == ada.git("-C", "../upstream.git", "rev-parse", "main")
    bob("sync")
    assert bob.json("list", "model/churn") == ada.json("list", "model/churn")
