"""One index and many processes: some write, some read, some are killed, and no answer is wrong."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
from contextlib import closing, suppress

import pytest
from tests.index import naive
from tests.index.test_numbers import link, manifest
from tests.repeating import times
from tests.sdk.desk import found

from git_registry.index.numbers import numbers
from git_registry.index.storage.file import FILE

from .workers import finished, start

ASKING = """
from git_registry.index.numbers import numbers
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.model.edits import version as versions
from git_registry.catalog.transaction import Transaction, commit

def manifest(text):
    digest = Digest.of(text.encode())
    entry = FileEntry(path="model.bin", size=1, digest=digest, uri=f"file:///store/{digest.value}")
    return Manifest(
        artifact="churn", type="model", digest=list_digest([(entry.path, entry.digest, entry.uri)]), size=1,
        created="2026-01-01T00:00:00.000Z", files=(entry,),
    )

def link(it, text):
    edit = lambda now: versions.link(now, "model/churn", manifest(text))
    commit(it, Transaction(edits=[edit], message="Link"))
    return manifest(text).id

def taken(it):
    return sorted(one.number for one in numbers(it).of("model/churn").values())
"""

WRITER = (
    ASKING
    + """
with catalog(sys.argv[1]) as it:
    for number in itertools.count():
        made = link(it, f"{os.getpid()} {number}")
        assert numbers(it).get("model/churn", made) is not None
        print(made, flush=True)
"""
)

BRIEF_WRITER = (
    ASKING
    + """
with catalog(sys.argv[1]) as it:
    for number in range(int(sys.argv[2])):
        made = link(it, f"{os.getpid()} {number}")
        print(made, numbers(it).get("model/churn", made).number)
"""
)

READER = (
    ASKING
    + """
seen = {}
with catalog(sys.argv[1]) as it:
    while len(seen) < int(sys.argv[2]):
        if sys.argv[3] == "briefly":
            it.close()
        now = {version: one.number for version, one in numbers(it).of("model/churn").items()}
        assert sorted(now.values()) == list(range(len(now))), now
        assert now.items() >= seen.items()
        seen = now
for version, number in sorted(seen.items()):
    print(version, number)
"""
)

FIRST_READER = (
    ASKING
    + """
with catalog(sys.argv[1]) as it:
    print(len(taken(it)))
"""
)


@pytest.fixture
def desk(tmp_path):
    made = found(tmp_path / "acme")
    link(made, manifest("one"))
    return made


def numbered(desk):
    """Return id → number, which is what a walk finds."""
    known = desk(lambda catalog: numbers(catalog).of("model/churn"))
    assert known == desk(naive.numbers)["model/churn"]
    return {version: one.number for version, one in known.items()}


def require_sound(desk):
    with closing(sqlite3.connect(desk.path / ".git" / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(8, marks=pytest.mark.slow),
        pytest.param(200, marks=[pytest.mark.campaign, pytest.mark.timeout(3600)]),
    ],
)
def test_a_writer_killed_at_any_moment(desk, kills):
    chance = random.Random(0)
    for _ in range(kills):
        writer = start(WRITER, desk.path, cwd=desk.path.parent)
        made = [writer.stdout.readline().strip()]
        with suppress(subprocess.TimeoutExpired):
            writer.wait(chance.uniform(0, 0.4))
        writer.send_signal(signal.SIGKILL)
        out, err = writer.communicate()
        made += out.split()
        assert (writer.returncode, err) == (-signal.SIGKILL, "")
        known = numbered(desk)
        assert [known[one] for one in made] == sorted(known[one] for one in made)
    require_sound(desk)


@pytest.mark.slow
def test_killed_while_it_builds_the_index_of_a_long_history(desk, git):
    """What others could read already is not read again, and a half is never taken for the whole."""
    steps = "".join(
        f"commit refs/heads/main\ncommitter A <a@b> {1_800_000_000 + number} +0000\ndata 4\nStep\n"
        + ("from refs/heads/main^0\n" if number == 0 else "")
        + f"M 100644 inline model/churn/versions/{number:032x}.yaml\ndata 10\nformat: 1\n\n"
        for number in range(5_000)
    )
    git(desk.path, "fast-import", "--quiet", input=steps)
    git(desk.path, "reset", "-q", "--hard")
    index = desk.path / ".git" / FILE
    chance = random.Random(0)
    for _ in range(times(3, 6)):
        index.unlink(missing_ok=True)
        builder = start(FIRST_READER, desk.path, cwd=desk.path.parent)
        while not index.exists():
            assert builder.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            builder.wait(chance.uniform(0, 0.5))
        builder.kill()
        builder.communicate()

        assert desk(lambda catalog: numbers(catalog).highest("model/churn")) == 5_000
    require_sound(desk)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["briefly", "lasting"])
def test_eight_readers_while_two_write(desk, how):
    writers = [start(BRIEF_WRITER, desk.path, 12, cwd=desk.path.parent) for _ in range(2)]
    readers = [start(READER, desk.path, 25, how, cwd=desk.path.parent) for _ in range(8)]

    wrote = [tuple(line.split()) for out in finished(writers) for line in out.splitlines()]
    read = [[tuple(line.split()) for line in out.splitlines()] for out in finished(readers)]

    known = {(version, str(number)) for version, number in numbered(desk).items()}
    assert len(known) == 25
    assert known > set(wrote)
    assert all(set(one) == known for one in read)
    require_sound(desk)


@pytest.mark.slow
def test_eight_readers_where_there_is_no_index_yet(desk):
    for number in range(20):
        link(desk, manifest(f"more {number}"))
    (desk.path / ".git" / FILE).unlink(missing_ok=True)

    said = finished([start(FIRST_READER, desk.path, cwd=desk.path.parent) for _ in range(8)])

    assert said == ["21\n"] * 8
    left = {one.name for one in (desk.path / ".git" / FILE).parent.iterdir()}
    assert left <= {"index.sqlite", "index.sqlite-journal"}
    require_sound(desk)


@pytest.mark.slow
def test_the_index_is_deleted_again_and_again_while_others_write_and_read(desk):
    """Whoever deletes it takes the journal along, or not: nobody plays another's journal into a new file."""
    index = desk.path / ".git" / FILE
    journal = index.with_name("index.sqlite-journal")
    workers = [start(BRIEF_WRITER, desk.path, 12, cwd=desk.path.parent) for _ in range(2)]
    workers += [start(READER, desk.path, 25, how, cwd=desk.path.parent) for how in ("lasting", "briefly") * 2]
    deleted = 0
    while any(worker.poll() is None for worker in workers):
        with suppress(subprocess.TimeoutExpired):
            workers[0].wait(0.02)
        if index.exists():
            index.unlink(missing_ok=True)
            deleted += 1
            if deleted % 2:
                journal.unlink(missing_ok=True)

    said = finished(workers)

    assert deleted > 5
    known = {(version, str(number)) for version, number in numbered(desk).items()}
    assert len(known) == 25
    assert all(known >= {tuple(line.split()) for line in out.splitlines()} for out in said)
    require_sound(desk)
