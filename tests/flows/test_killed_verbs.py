"""Killed at any moment, a verb leaves everything as before or as after, and the next one works."""

import random
import subprocess
import time

from tests.sdk.test_downloading import contents

from git_registry.errors import Conflict
from git_registry.model.digest import Digest
from git_registry.sdk.checking import check
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.resolving import resolve

from .workers import kill, start

LINK = """
here = catalog(sys.argv[1])
here.now()
print("ready", flush=True)
linking.link_files(here, Path(sys.argv[2]), "model/churn", Request(aliases=["production"], tags=["x"]))
"""
PROMOTE = """
here = catalog(sys.argv[1])
here.now()
print("ready", flush=True)
aliasing.promote(here, [sys.argv[2]], "production")
"""
DOWNLOAD = """
here = catalog(sys.argv[1])
here.now()
print("ready", flush=True)
download(here, "model/churn", Wish(target=Path(sys.argv[2])))
"""


def killed(code, *arguments, cwd, moment, alone):
    """Run the code, and kill it this long after it was ready: alone, or with the git it started."""
    process = start(code, *arguments, cwd=cwd)
    assert process.stdout.readline() == "ready\n"
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        if alone:
            process.kill()
    if not alone and process.poll() is None:
        kill(process)
    process.communicate()


def how_long(code, *arguments, cwd):
    """Return how long it takes when nobody kills it."""
    process = start(code, *arguments, cwd=cwd)
    process.stdout.readline()
    began = time.monotonic()
    _, said = process.communicate()
    assert process.returncode == 0, said
    return time.monotonic() - began


def again(desk, verb):
    """Do what a person does next; a lock that a killed git left is removed as the hint says."""
    try:
        verb()
    except Conflict as conflict:
        if "remove" not in conflict.hint:
            raise
        for lock in desk.path.glob(".git/**/*.lock"):
            lock.unlink()
        verb()


def require_whole(desk, git):
    git(desk.path, "fsck", "--strict", "--no-dangling")
    with desk.open() as catalog:
        now = catalog.now()
        manifests = [now.manifest(path) for path in now.versions("model/churn").values()]
    stored = {path.name for path in desk.blobs}
    assert {entry.digest.value for one in manifests for entry in one.files} <= stored
    assert all(Digest.of(path.read_bytes()).value == path.name for path in desk.blobs)


def require_settled(desk, git):
    require_whole(desk, git)
    assert git(desk.path, "status", "--porcelain") == ""
    assert desk(check) == []


MOMENTS = 10


def moments(seed, longest):
    """Return moments all over the time it takes, the same ones each time, and whether git is spared."""
    chance = random.Random(seed)
    return [((n + chance.random()) / MOMENTS * longest * 1.2, n % 2 == 0) for n in range(MOMENTS)]


def large(seed):
    return {f"part-{n}": random.Random(f"{seed} {n}").randbytes(200_000).hex() for n in range(4)}


def test_link(desk, git, tmp_path):
    desk.link("one", aliases=["production"])
    longest = how_long(LINK, desk.path, desk.source(large("measured")), cwd=tmp_path)

    for number, (moment, alone) in enumerate(moments("link", longest)):
        before, count = desk.aliases(), len(desk.log())
        source = desk.source(large(number))
        killed(LINK, desk.path, source, cwd=tmp_path, moment=moment, alone=alone)

        require_whole(desk, git)
        done = len(desk.log()) > count
        assert (desk.aliases() != before) == done
        again(desk, lambda number=number: desk.link(f"next {number}"))
        require_settled(desk, git)
    assert desk.link(large(0)).manifest.file_count == 4


def test_promote(desk, git, tmp_path):
    ids = [desk.link(text, aliases=["production"]).id for text in ("one", "two")]
    longest = how_long(PROMOTE, desk.path, "model/churn:v0", cwd=tmp_path)

    for moment, alone in moments("promote", longest):
        now = ids.index(desk.aliases()["production"])
        other = f"model/churn:v{1 - now}"
        killed(PROMOTE, desk.path, other, cwd=tmp_path, moment=moment, alone=alone)

        require_whole(desk, git)
        assert desk.aliases()["production"] in ids
        again(desk, lambda other=other: desk.promote(other, "production"))
        assert desk.aliases()["production"] == ids[1 - now]
        again(desk, lambda other=other: desk.promote(other, "touched"))
        require_settled(desk, git)


def test_download(desk, tmp_path):
    files = large("download")
    desk.link(files)
    longest = how_long(DOWNLOAD, desk.path, tmp_path / "measured", cwd=tmp_path)

    for number, (moment, alone) in enumerate(moments("download", longest)):
        out = tmp_path / f"out-{number}" / "churn"
        killed(DOWNLOAD, desk.path, out, cwd=tmp_path, moment=moment, alone=alone)

        if not out.exists():
            desk(download, "model/churn", Wish(target=out))
        assert contents(out) == files
        assert [path.name for path in out.parent.iterdir()] == ["churn"]
    assert len(desk(resolve, "model/churn").files) == 4
