"""What is said of a blob is held against the blob, wherever it is."""

import pickle

import pytest

from git_registry.model.digest import Digest
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
