"""Killed at any moment while the git it started lives on, a verb leaves all as before or as after."""

import random
import re
import subprocess
import time

from tests.repeating import times
from tests.sdk.test_downloading import contents

from git_registry.errors import Conflict
from git_registry.model.digest import Digest
from git_registry.sdk.checking import check
from git_registry.sdk.downloading import Wish, download

from .workers import start

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
MOMENTS = times(4, 8)


def killed(code, *arguments, cwd, moment):
    """Run the code, and kill its process, and no other, this long after it was ready."""
    process = start(code, *arguments, cwd=cwd)
    assert process.stdout.readline() == "ready\n"
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()


def how_long(code, *arguments, cwd):
    """Return how long it takes when nobody kills it."""
    process = start(code, *arguments, cwd=cwd)
    process.stdout.readline()
    began = time.monotonic()
    _, said = process.communicate()
    assert process.returncode == 0, said
    return time.monotonic() - began


def moments(seed, longest):
    """Return moments all over the time it takes, the same ones each time."""
    chance = random.Random(seed)
    return [(n + chance.random()) / MOMENTS * longest * 1.2 for n in range(MOMENTS)]


def large(seed):
    return {f"part-{n}": random.Random(f"{seed} {n}").randbytes(200_000).hex() for n in range(4)}


def again(desk, verb, *arguments, **options):
    """Do what a person does next: a lock that was left is removed as the hint says, as after git's own."""
    try:
        verb(*arguments, **options)
    except Conflict as conflict:
        lock = re.search(r"remove (\S+\.lock)$", conflict.hint)
        if not lock:
            raise
        (desk.path / lock[1]).unlink()
        verb(*arguments, **options)


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


def test_link(desk, git, tmp_path):
    desk.link("one", aliases=["production"])
    longest = how_long(LINK, desk.path, desk.source(large("measured")), cwd=tmp_path)

    for number, moment in enumerate(moments("link", longest)):
        before, count = desk.aliases(), len(desk.log())
        killed(LINK, desk.path, desk.source(large(number)), cwd=tmp_path, moment=moment)

        require_whole(desk, git)
        assert (desk.aliases() != before) == (len(desk.log()) > count)
        again(desk, desk.link, f"next {number}")
        require_settled(desk, git)


def test_promote(desk, git, tmp_path):
    ids = [desk.link(text, aliases=["production"]).id for text in ("one", "two")]
    longest = how_long(PROMOTE, desk.path, "model/churn:v0", cwd=tmp_path)

    for moment in moments("promote", longest):
        now = ids.index(desk.aliases()["production"])
        killed(PROMOTE, desk.path, f"model/churn:v{1 - now}", cwd=tmp_path, moment=moment)

        require_whole(desk, git)
        assert desk.aliases()["production"] in ids
        again(desk, desk.promote, f"model/churn:v{1 - now}", "production")
        assert desk.aliases()["production"] == ids[1 - now]
        require_settled(desk, git)


def test_download(desk, tmp_path):
    files = large("download")
    desk.link(files)
    longest = how_long(DOWNLOAD, desk.path, tmp_path / "measured", cwd=tmp_path)

    for number, moment in enumerate(moments("download", longest)):
        out = tmp_path / f"out-{number}" / "churn"
        killed(DOWNLOAD, desk.path, out, cwd=tmp_path, moment=moment)

        if not out.exists():
            desk(download, "model/churn", Wish(target=out))
        assert contents(out) == files
        assert [path.name for path in out.parent.iterdir()] == ["churn"]
