"""Ten thousand small files and a large one: what the command needs for them, and that coreutils agree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.repeating import times

from .keyboard import COMMAND, Keyboard, organization

PEAK = 200_000
"""Kilobytes of memory."""
LARGE = times(300 << 20, 2 << 30)
"""Bytes."""

MEASURED = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:])
_, status, used = os.wait4(child.pid, 0)
print("peak", used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""What getrusage(2) counts begins with the parent's size, so the parent is a small process."""

FIND = "find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0r sha256sum -- | sha256sum"


def peak(desk: Keyboard, *words: object) -> int:
    """Run the command and return the most memory it had, in kilobytes."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", MEASURED, *COMMAND, *map(str, words)],
        cwd=desk.path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout.rpartition("peak ")[2])


def by_coreutils(directory: Path) -> str:
    listed = subprocess.run(["bash", "-c", FIND], cwd=directory, capture_output=True, text=True, check=True)
    return "sha256:" + listed.stdout.split()[0]


@pytest.mark.slow
def test_ten_thousand_small_files(tmp_path):
    ada = organization(tmp_path)
    origin = tmp_path / "origin"
    for directory in range(100):
        (origin / f"{directory}").mkdir(parents=True)
        for file in range(100):
            (origin / f"{directory}/{file} of ü.txt").write_bytes(b"%d %d\n" % (directory, file))

    assert peak(ada, "link", origin, "dataset/many") < PEAK

    (manifest,) = (ada.path / "dataset/many/versions").glob("*.yaml")
    assert "\nfile_list:" in manifest.read_text()
    assert manifest.stat().st_size < 2_000
    shown = ada.json("list", "dataset/many")[0]
    assert shown["digest"] == by_coreutils(origin)
    assert shown["file_count"] == 10_000
    assert peak(ada, "download", "dataset/many:v0", tmp_path / "there", "--no-cache") < PEAK
    assert by_coreutils(tmp_path / "there") == shown["digest"]
    ada.require_sound()


@pytest.mark.slow
def test_a_large_file(tmp_path):
    if shutil.disk_usage(tmp_path).free < 4 * LARGE:
        pytest.skip(f"two copies of {LARGE} bytes want four times that of free disk")
    ada = organization(tmp_path)
    origin = tmp_path / "origin"
    origin.mkdir()
    with (origin / "large.bin").open("wb") as file:
        file.truncate(LARGE - 5)
        file.seek(0, os.SEEK_END)
        file.write(b"end.\n")

    assert peak(ada, "link", origin, "dataset/large") < PEAK

    shown = ada.json("list", "dataset/large")[0]
    assert shown["size"] == LARGE
    assert shown["digest"] == by_coreutils(origin)
    assert peak(ada, "download", "dataset/large:v0", tmp_path / "there", "--no-cache") < PEAK
    # Every byte was hashed on its way; that they also arrived is seen without hashing them once more.
    same = subprocess.run(["cmp", origin / "large.bin", tmp_path / "there/large.bin"], check=False)
    assert same.returncode == 0
    ada.require_sound()
