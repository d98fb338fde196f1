"""Transfers keep within bounds, however many or large the files are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.repeating import times

LIMIT_MB = 200

CODE = """
import pathlib, sys
from git_registry.store.blobs import Store
from git_registry.store.download import Wanted, download
from git_registry.store.sources import collect
def peak():
    # getrusage would count what the process that started this one held.
    status = pathlib.Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024
stored = Store(sys.argv[2]).upload(collect(pathlib.Path(sys.argv[1])))
wanted = [Wanted(path=one.path, size=one.size, digest=one.digest, uri=one.uri) for one in stored]
up = peak()
download(wanted, pathlib.Path(sys.argv[3]))
print(len(stored), up, peak())
"""


@pytest.fixture
def many(tmp_path, kind):
    # The S3 server shares our two cores and takes some 10 ms a request.
    for number in range(10_000 if kind == "file" else times(500, 2_000)):
        path = tmp_path / f"many/{number % 100}/{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % number * 1000)
    return tmp_path / "many"


@pytest.fixture
def sparse(tmp_path):
    file = tmp_path / "sparse"
    with file.open("wb") as out:
        out.truncate(times(2 * LIMIT_MB, 2048) << 20)
    return file


@pytest.fixture
def large(tmp_path):
    file = tmp_path / "large"
    with file.open("wb") as out:
        out.truncate(times(LIMIT_MB, 300) << 20)
    return file


def peak(source: Path, store: str, out: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", CODE, source, store, out], check=True, capture_output=True, text=True
    )
    files, up, both = map(int, done.stdout.split())
    print(f"{files} files: {up} MB after upload, {both} MB after download")
    return both


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "kind"), [("many", "file"), ("many", "s3"), ("sparse", "file"), ("large", "s3")]
)
def test_peak_memory(request, tmp_path, source, kind):
    store = str(tmp_path / "store") if kind == "file" else request.getfixturevalue("bucket")

    assert peak(request.getfixturevalue(source), store, tmp_path / "out") < LIMIT_MB
