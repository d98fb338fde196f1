"""The blob of a long file list."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.codec import decode_files, encode_files, lines_of
from git_registry.codec.filelist import _any_entry, _plain_entry
from git_registry.errors import InvalidDocument
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry

HEX = "0123456789abcdef" * 4


def entry(path, **known):
    return FileEntry(path=path, digest=Digest("sha256", HEX), uri=f"s3://b/{HEX}", **known)


def line(**fields):
    return json.dumps({"path": "a", "digest": f"sha256:{HEX}", "uri": "s3://b/x"} | fields).encode() + b"\n"


def test_an_entry_is_one_json_object_in_the_schemas_order():
    assert encode_files([entry("é.txt", size=3)]).decode() == (
        f'{{"path":"é.txt","size":3,"digest":"sha256:{HEX}","uri":"s3://b/{HEX}"}}\n'
    )


def test_entries_are_sorted_by_path_as_bytes_and_read_back():
    entries = [entry(path, size=1) for path in ("b", "a/b", "a", "é", "\U0001f98a", "\uff5e", "Z", "a.b")]

    data = encode_files(entries)

    read = list(decode_files(data))
    assert read == sorted(entries, key=lambda e: e.path.encode())
    assert list(decode_files(data.splitlines(keepends=True))) == read
    assert encode_files(read) == data


def test_a_path_may_hold_what_json_and_unicode_write_in_many_ways():
    odd = [entry("a\u3000b"), entry("c"), entry("é\U0001f98a")]

    assert list(decode_files(encode_files(odd))) == odd


@pytest.mark.parametrize("hidden", ["\u2028", "\u2029", "\u202e", "\u2066"])
def test_a_path_that_shows_otherwise_than_it_is_is_none(hidden):
    with pytest.raises(InvalidDocument, match="text shown in another order, or on another line"):
        list(decode_files(line(path=f"a{hidden}b")))


def test_what_is_not_known_is_kept():
    (read,) = decode_files(line(mode="0644", tags=["x", 1, None]))

    assert read.extra == {"mode": "0644", "tags": ["x", 1, None]}
    assert json.loads(encode_files([read])) == json.loads(line(mode="0644", tags=["x", 1, None]))


def test_no_entries_are_no_bytes():
    assert encode_files([]) == b""
    assert list(decode_files(b"")) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (line() + line(), "list.jsonl:2: the path 'a' is repeated"),
        (line(path="b") + line(), "list.jsonl:2: the path 'a' is out of order"),
        (b"\n", "list.jsonl:1: expected a file entry as one JSON object"),
        (line() + b"\n", "list.jsonl:2: expected a file entry as one JSON object"),
        (b"path: a\n", "expected a file entry as one JSON object"),
        (b"[]\n", "expected a mapping, found a list"),
        (b"7\n", "expected a mapping, found '7'"),
        (b"\xff\n", "expected a file entry as one JSON object"),
        (b"[" * 60_000, "nested deeper than 16"),
        (b"[" * 70_000, "expected a file entry as one JSON object"),
        (line(path="../x"), "list.jsonl:1: path: the path '../x' has an empty, '.' or '..' part"),
        (line(path="/x"), "is absolute"),
        (line(path="a\\b"), "path: expected a relative path"),
        (line(path="e\u0301"), "is not in Unicode's NFC form"),
        (line(path="a\ud800"), "half a character"),
        (line(path=1), "path: expected a relative path such as weights/model.ubj, found '1'"),
        (line(path=None), "path: expected a relative path such as weights/model.ubj, found 'null'"),
        (line(size=-1), "size: expected a whole number"),
        (line(size="1"), "size: expected a whole number"),
        (line(digest="sha256:abc"), "digest: a SHA-256 digest"),
        (line(uri="/etc/passwd"), "uri: expected a URI"),
        (line(more={"a": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}), "nested deeper than 16"),
        (line()[:-2] + b',"path":"b"}\n', "the key 'path' is repeated"),
    ],
)
def test_a_line_that_is_no_file_entry_is_refused(lines, says):
    with pytest.raises(InvalidDocument) as refusal:
        list(decode_files(lines, where="list.jsonl"))

    assert says in str(refusal.value)


@pytest.mark.parametrize(
    "entries",
    [
        [entry("a"), entry("a")],
        [entry("../a")],
        [entry("a", size=-1)],
        [entry("a", extra={"x": float("nan")})],
        [entry("a", extra={"x": b"bytes"})],
        [entry("a", extra={"uri": "s3://other"})],
        [entry("a", extra={"size": 3})],
        [entry("\ud800")],
    ],
)
def test_nothing_is_written_that_could_not_be_read(entries):
    with pytest.raises(InvalidDocument):
        encode_files(entries)


def test_a_long_list_is_read_as_it_arrives():
    endless = (line(path=f"{number:09}") for number in itertools.count())

    first = next(iter(decode_files(endless)))

    assert first.path == "000000000"


CHUNKS = st.lists(st.integers(1, 40), min_size=1)


@given(CHUNKS)
def test_lines_come_in_chunks_of_any_size(sizes):
    data = encode_files([entry(path, size=1) for path in ("a", "b/c", "é", "\u3000")])
    ends = itertools.accumulate(itertools.chain(sizes, [len(data)]))
    chunks, start = [], 0
    for end in ends:
        chunks.append(memoryview(data)[start:end])
        start = end

    assert list(decode_files(lines_of(chunks))) == list(decode_files(data))


def test_a_line_that_never_ends_is_not_waited_for():
    endless = itertools.repeat(b"x" * 10_000)

    with pytest.raises(InvalidDocument, match="line 1: expected a file entry"):
        list(decode_files(lines_of(endless)))


def test_the_last_line_may_lack_its_end():
    assert list(decode_files(lines_of([line()[:-1]]))) == list(decode_files(line()))
    assert list(lines_of([])) == list(lines_of([b""])) == []


TEXTS = st.text('aé/.\\" \u2028:{},0\n\t%@#?=')
PATHS = st.one_of(TEXTS, st.sampled_from(["a", "a/b.txt", ".git/x", "a//b", "x" * 1025, "../x"]))
URIS = st.one_of(
    TEXTS.map("s3://b/{}".format), st.sampled_from(["s3://b/x", "S3://b/x", "zip://x", "x", "s3://"])
)
DIGESTS = st.sampled_from(
    [f"sha256:{HEX}", "sha256:12", "etag:x", "etag:", "uri:s3://b/x", "sha1:x", "etag:\\"]
)
SIZES = st.sampled_from([0, 7, 10**18 - 1, 10**18, 2**63, -1, 1.0, "1", None, True])


@st.composite
def lines(draw):
    """A line as it is written here, and then perhaps spoilt."""
    fields = {"path": draw(PATHS), "size": draw(SIZES), "digest": draw(DIGESTS), "uri": draw(URIS)}
    left_out = draw(st.sets(st.sampled_from(["size", "size", "uri", "path"]), max_size=1))
    kept = {name: value for name, value in fields.items() if name not in left_out}
    text = json.dumps(kept, ensure_ascii=draw(st.booleans()), separators=(",", ":"))
    at, cut = draw(st.integers(0, len(text))), draw(st.integers(0, 2))
    return draw(st.sampled_from([text, text, text + "\n", text[:at] + draw(TEXTS) + text[at + cut :]]))


@given(lines())
def test_the_short_way_of_reading_a_line_says_what_the_long_one_says(text):
    short = _plain_entry(text)

    assert short is None or short == _any_entry(text, 1, "")


@given(PATHS, st.none() | st.integers(0, 10**18 - 1))
def test_the_short_way_is_the_usual_one(path, size):
    try:
        data = encode_files([entry(path, size=size)])
    except InvalidDocument:
        return
    assert "\\" in json.dumps(path, ensure_ascii=False) or _plain_entry(data.decode()) is not None
