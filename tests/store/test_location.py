"""Which URIs are acceptable, and what lies under what."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import InvalidDocument
from git_registry.store.location import absolute, check_uri, is_under, join, protocol


@pytest.mark.parametrize(
    "uri",
    [
        "s3://bucket/key",
        "s3://bucket/a key with spaces & ümläuts",
        "s3://bucket/key?versionId=abc",
        "gs://bucket",
        "abfs://container@account.dfs.core.windows.net/path",
        "sftp://me@host:22/path",
        "https://host:8443/file?download=1",
        "https://[::1]/file".replace("::1", "fe80:0:0:0:0:0:0:1"),
        "file:///abs/path",
        "memory://x",
        "s3://bucket/monkey=banana",
        "s3://bucket/user:me@home/x",
    ],
)
def test_acceptable(uri):
    assert check_uri(uri) == uri


SECRET = "hunter2"


REFUSED = [
    ("simplecache::s3://bucket/key", "chained"),
    ("zip://a.txt::s3://bucket/key.zip", "chained"),
    (f"https://me:{SECRET}@host/x", "credential"),
    (f"https://{SECRET}@host/x", "credential"),
    (f"s3://key:{SECRET}@bucket/x", "credential"),
    (f"sftp://me:{SECRET}@host/x", "credential"),
    (f"https://me:{SECRET}/more@host/x", "credential"),
    (f"https://host/x?X-Amz-Signature={SECRET}", "credential"),
    (f"https://host/x?a=1&sig={SECRET}", "credential"),
    (f"https://host/x?a=1;token={SECRET}", "credential"),
    (f"https://host/x?%74oken={SECRET}", "credential"),
    (f"https://host/x?AWSAccessKeyId={SECRET}", "credential"),
    (f"https://host/x#access_token={SECRET}", "credential"),
    (f"s3://bucket/x?secret_key={SECRET}", "credential"),
    ("s3://bucket/a\nb", "control"),
    ("s3://bucket/a%0ab", "control"),
    ("s3://bucket/a\\b", "backslash"),
    ("s3://bucket/../other", "'..'"),
    ("s3://bucket/%2e%2e/other", "'..'"),
    ("s3://bucket/%252e%252E/other", "'..'"),
    ("s3://bucket/..%2fother", "'..'"),
    ("/just/a/path", "scheme"),
    ("S3://bucket/key", "scheme"),
    ("local:///etc/passwd", "wrapper"),
    ("reference:///etc/passwd", "wrapper"),
    ("file://relative/path", "absolute"),
    ("s3://", "names no place"),
    ("", "scheme"),
]


@pytest.mark.parametrize(("uri", "why"), REFUSED)
def test_refused_without_repeating_a_secret(uri, why):
    with pytest.raises(InvalidDocument) as refused:
        check_uri(uri)

    assert why in refused.value.message
    assert SECRET not in f"{refused.value} {refused.value.hint}"


@pytest.mark.parametrize(
    ("uri", "prefix", "answer"),
    [
        ("s3://b/raw/x", "s3://b/raw", True),
        ("s3://b/raw/x", "s3://b/raw/", True),
        ("s3://b/raw", "s3://b/raw", True),
        ("s3://b/raw/", "s3://b/raw", True),
        ("s3://b/raw2/x", "s3://b/raw", False),
        ("s3://b2/raw/x", "s3://b", False),
        ("s3://b/x", "s3://b", True),
        ("gs://b/raw/x", "s3://b/raw", False),
        ("s3://b/raw/../x", "s3://b/raw", False),
        ("s3://b/raw/%2e%2e/x", "s3://b/raw", False),
        ("s3://b/raw/%252e%252e/x", "s3://b/raw", False),
        ("s3://b/raw\\..\\x", "s3://b/raw", False),
        ("simplecache::s3://b/raw/x", "simplecache::s3://b/raw", False),
        ("file:///etc/passwd", "file:///", True),
        ("file:///data2/x", "file:///data", False),
        ("/data/x", "/data", False),
    ],
)
def test_whole_parts_count(uri, prefix, answer):
    assert is_under(uri, prefix) is answer


part = st.text(
    st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="/\\%?#;&=@:"), min_size=1
).filter(lambda text: text not in (".", ".."))


@given(st.lists(part, min_size=1, max_size=4), st.lists(part, min_size=1, max_size=4))
def test_what_is_joined_below_is_under_and_nothing_beside_it_is(above, below):
    prefix = join("s3://bucket", *above)
    uri = join(prefix, *below)

    assert is_under(uri, prefix)
    assert is_under(uri, prefix + "/")
    assert not is_under(prefix + below[0], prefix)
    assert not is_under(prefix, uri)
    assert not is_under(join(prefix, "..", *below), prefix)
    assert check_uri(uri) == uri


def test_a_plain_path_becomes_a_file_uri(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert absolute("store") == f"file://{Path.cwd()}/store"
    assert absolute("a/../b") == f"file://{Path.cwd()}/b"
    assert absolute("/srv/blobs") == "file:///srv/blobs"
    assert absolute("s3://b/x") == "s3://b/x"
    with pytest.raises(InvalidDocument):
        absolute("S3://b/x")


def test_protocol_and_join():
    assert protocol("s3://b/x") == "s3"
    assert join("s3://b/", "sha256", "ab") == "s3://b/sha256/ab"
    assert join("file:///", "x") == "file:///x"
    with pytest.raises(InvalidDocument):
        protocol("no-scheme")
