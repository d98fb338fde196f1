"""What is said of a blob is held against the blob, wherever it is."""

import os
import pickle
import stat

import pytest

from git_registry.model.digest import Digest
from git_registry.store.hashing import CHUNK
from git_registry.store.probing import Claim, probe, probe_sizes


class Heard:
    def __init__(self):
        self.bytes = 0

    def start(self, total_bytes, files):
        pass

    def advance(self, count):
        self.bytes += count


@pytest.fixture
def claim(store):
    stored = store.put_bytes(b"weights")
    return Claim(digest=stored.digest, size=7, uri=stored.uri)


@pytest.mark.parametrize("ask", [probe, probe_sizes])
def test_what_is_true(claim, ask):
    (found,) = ask([claim])

    assert (found.claim, found.wrong, found.unsaid) == (claim, "", "")
    assert found.read == (7 if ask is probe else 0)
    assert pickle.loads(pickle.dumps(found)) == found


def test_who_waits_hears_of_every_byte(claim):
    heard = Heard()

    probe([claim, claim], progress=heard)

    assert heard.bytes == 14


@pytest.mark.parametrize("ask", [probe, probe_sizes])
def test_what_is_false(claim, ask):
    gone = Claim(digest=claim.digest, size=7, uri=claim.uri + "0")
    long = Claim(digest=claim.digest, size=8, uri=claim.uri)

    assert [one.wrong for one in ask([gone, long])] == ["missing", "size 7 instead of 8"]


def test_other_bytes(claim):
    other = Claim(digest=Digest.of(b"other"), size=None, uri=claim.uri)

    assert probe([other])[0].wrong == f"digest {claim.digest} instead of {other.digest}"
    assert probe_sizes([other])[0].wrong == ""


def test_md5_follows_from_the_bytes_too(claim):
    right = Digest("md5", "63f4f1e9b725370f459720575cd5f953")
    wrong = Digest("md5", "0" * 32)

    answers = probe([Claim(digest=one, size=7, uri=claim.uri) for one in (right, wrong)])

    assert [one.wrong for one in answers] == ["", f"digest {right} instead of {wrong}"]


def test_what_nothing_understands_is_out_of_reach():
    claim = Claim(digest=Digest.of(b""), size=0, uri="gopher://acme/x")

    for ask in (probe, probe_sizes):
        assert ask([claim])[0].wrong == "not reachable: nothing installed understands gopher://"


def test_a_word_the_store_never_said(tmp_path):
    (tmp_path / "x").write_text("x")
    claim = Claim(digest=Digest("etag", "1"), size=1, uri=f"file://{tmp_path}/x")

    assert probe([claim])[0].wrong == "digest no etag instead of etag:1"


@pytest.fixture
def empty(tmp_path):
    """Nothing, at a place of this machine."""
    return Claim(digest=Digest.of(b""), size=0, uri=f"file://{tmp_path}/x")


def link_to_zeros(place):
    place.symlink_to("/dev/zero")


def listen(place):
    os.mknod(place, stat.S_IFSOCK | 0o600)


@pytest.mark.parametrize("ask", [probe, probe_sizes])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, link_to_zeros, listen])
def test_a_pipe_or_device_is_not_waited_for(ask, make, empty, tmp_path):
    make(tmp_path / "x")

    assert ask([empty])[0].wrong == "not reachable: it is not a regular file"


@pytest.mark.parametrize("ask", [probe, probe_sizes])
def test_a_link_to_itself(ask, empty, tmp_path):
    (tmp_path / "x").symlink_to("x")

    assert ask([empty])[0].wrong == "not reachable: its symbolic links lead in a circle"


def test_what_is_too_long_is_not_read_to_its_end(empty, tmp_path):
    with (tmp_path / "x").open("wb") as file:
        file.truncate(1 << 33)

    (found,) = probe([empty])

    assert found.wrong == f"size {1 << 33} instead of 0"
    assert found.read <= CHUNK
