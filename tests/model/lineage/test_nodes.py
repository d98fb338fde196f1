"""A node's key: plain text, there and back, and nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import UsageError
from git_registry.model.digest import Digest
from git_registry.model.lineage.nodes import Code, Data, Run, Version, is_key, parse_key

ID = "3fa94c1be2d07788a1c0f3d2b4e59617"

KEYS = {
    f"version:model/churn@{ID}": Version("model/churn", ID),
    f"version:projects/churn/churn-xgb@{ID}": Version("projects/churn/churn-xgb", ID),
    f"version:model/churn@{ID}@acme": Version("model/churn", ID, "acme"),
    "run:churn@k3j2h1": Run("churn", "k3j2h1"),
    "code:4be1": Code("4be1"),
    "code:4be1@git%40github.com:acme/churn.git": Code("4be1", "git@github.com:acme/churn.git"),
    "data:s3://raw/2026-10/": Data("s3://raw/2026-10/"),
    "data:s3://raw/2026-10/@etag:33a6": Data("s3://raw/2026-10/", Digest("etag", "33a6")),
}


@pytest.mark.parametrize("key", KEYS)
def test_what_a_key_looks_like(key):
    assert KEYS[key].key == key
    assert parse_key(key) == KEYS[key]


DIGESTS = st.builds(Digest, st.sampled_from(["md5", "etag", "stat"]), st.text(min_size=1))
NODES = st.one_of(
    st.builds(Version, st.text(), st.text(), st.none() | st.text()),
    st.builds(Run, st.text(), st.text()),
    st.builds(Code, st.text(), st.none() | st.text()),
    st.builds(Data, st.text(), st.none() | DIGESTS),
)


@given(NODES)
def test_a_key_and_back(node):
    assert parse_key(node.key) == node
    assert is_key(node.key)
    assert node.key.isprintable()
    assert " " not in node.key


@given(NODES, NODES)
def test_two_nodes_have_two_keys(one, other):
    assert (one.key == other.key) == (one == other)


@pytest.mark.parametrize(
    "key", ["", "model/churn", "run:churn", "run:a@b@c", "version:model/churn", "data:s3://b@x", "team:a@b"]
)
def test_nobodys_key(key):
    with pytest.raises(UsageError, match="expected a key such as run:churn@k3j2h1, found"):
        parse_key(key)


def test_what_is_known_by_its_name_alone():
    labels = [node.label for node in KEYS.values()]

    assert labels == [
        "model/churn@3fa94c1b",
        "projects/churn/churn-xgb@3fa94c1b",
        "acme/model/churn@3fa94c1b",
        "run churn/k3j2h1",
        "code 4be1",
        "code git@github.com:acme/churn.git@4be1",
        "s3://raw/2026-10/",
        "s3://raw/2026-10/",
    ]


@pytest.mark.parametrize(
    "text", ["model/churn:v3", "run", "runs:k3", "projects/churn/runs/k3", "s3://raw/", ""]
)
def test_a_selector_is_no_key(text):
    assert not is_key(text)
