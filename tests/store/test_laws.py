"""What holds for every tree of files."""

from __future__ import annotations

import tempfile
import unicodedata
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_registry.model.digest import Digest, list_digest
from git_registry.store.blobs import Store
from git_registry.store.download import download
from git_registry.store.hashing import consume
from git_registry.store.presence import Way, cheapest
from git_registry.store.sources import collect

from .conftest import read, wanted, write

REORDERING = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""What no path may hold: text after it is shown in another order, or on another line."""

name = (
    st.text(
        st.characters(blacklist_categories=("Cc", "Cs", "Cn"), blacklist_characters="/\\" + REORDERING),
        min_size=1,
        max_size=20,
    )
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(
        lambda text: (
            text not in (".", "..") and len(text.encode()) < 200 and unicodedata.is_normalized("NFC", text)
        )
    )
)
trees = st.dictionaries(
    st.lists(name, min_size=1, max_size=3).map("/".join), st.binary(max_size=300), max_size=8
).filter(lambda tree: not any(a != b and b.startswith(a + "/") for a in tree for b in tree))


@pytest.mark.parametrize("kind", ["file", "memory"])
@given(tree=trees)
@settings(max_examples=60, deadline=None)
def test_upload_then_download_gives_the_same_tree(kind, tree):
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        store = Store(str(base / "store") if kind == "file" else f"memory://{uuid.uuid4().hex}")
        write(base / "in", tree)

        stored = store.upload(collect(base / "in"))
        download([wanted(one) for one in stored], base / "out")

        assert read(base / "out") == tree
        assert {one.path: one.digest for one in stored} == {
            path: Digest.of(data) for path, data in tree.items()
        }
        assert store.missing(one.digest for one in stored) == frozenset()
        list_digest((one.path, one.digest, one.uri) for one in stored)


@given(st.lists(st.binary(max_size=1 << 19), max_size=6))
@settings(max_examples=30, deadline=None)
def test_hashing_beside_writing_sees_the_same_bytes(chunks):
    written = bytearray()

    total = consume(chunks, written.extend, also="md5")

    assert total.sha256 == Digest.of(b"".join(chunks)) == Digest.of(bytes(written))
    assert total.size == len(written)
    assert total.digests[1].algorithm == "md5"


@pytest.mark.parametrize(
    ("wanted", "shards", "in_one", "way"),
    [
        (100, 83, 0, Way.WHOLE_STORE),  # a new store: one listing
        (10_000, 256, 40, Way.WHOLE_STORE),  # some 10,000 blobs: eleven listings
        (100, 83, 4_000, Way.ASK),  # a million: 100 questions instead of 332 listings
        (10_000, 256, 4_000, Way.DIRECTORIES),  # a million: 1,024 listings instead of 10,000 questions
        (10_000, 256, 400_000, Way.ASK),
    ],
)
def test_the_fewest_requests(wanted, shards, in_one, way):
    assert cheapest(wanted, shards, in_one) is way
