"""The digest of an artifact, against the coreutils that anybody has."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import InvalidDocument
from git_registry.model import digest as module
from git_registry.model.digest import Digest, ListDigest, check_path, check_paths, list_digest, nested

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

FILES = {
    "no files": {},
    "one": {"model.ubj": b"\x00\x01"},
    "empty file": {"empty": b""},
    "nested": {"a/b/c.txt": b"c", "a/b.txt": b"b", "a.txt": b"a", "a-b/x": b"x"},
    "odd names": {
        " leading and trailing ": b"1",
        "*?[x]": b"2",
        "größe": b"3",
        "漢字/🦆": b"4",
        "-n": b"5",
        "quote'\"`$(x)": b"6",
        "a  b": b"7",
        "#": b"8",
        "\u200bzero width": b"9",
        "\ufe0f": b"10",
        "~": b"11",
    },
    "sorted by bytes": {"B": b"1", "a": b"2", "Z/é": b"3", "Z0": b"4"},
}


@pytest.mark.skipif(
    shutil.which("sha256sum") is None
    or "GNU" not in subprocess.run(["find", "--version"], capture_output=True, text=True).stdout,
    reason="needs GNU find and coreutils",
)
@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
def test_coreutils_agree(files, tmp_path):
    for path, content in files.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    command = r"find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0r sha256sum -- | sha256sum"
    theirs = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert (
        list_digest((path, Digest.of(c), "") for path, c in files.items()).value == theirs.stdout.split()[0]
    )


def test_no_files_have_the_digest_of_the_empty_text():
    assert list_digest([]).value == EMPTY == Digest.of(b"").value


def test_a_file_known_otherwise_counts_with_its_uri():
    weak = Digest("etag", 'a b"%')

    lines = b"etag:a%20b%22%25 s3://raw/x  x\n" + EMPTY.encode() + b"  y\n"

    assert list_digest([("y", Digest.of(b""), "s3://any"), ("x", weak, "s3://raw/x")]) == Digest.of(lines)


@given(st.dictionaries(st.text(min_size=1), st.binary()), st.randoms())
def test_the_order_of_a_list_does_not_count(files, random):
    files = {path: content for path, content in files.items() if _valid(path)}
    shuffled = list(files.items())
    random.shuffle(shuffled)

    assert list_digest((p, Digest.of(c), "") for p, c in shuffled) == list_digest(
        (p, Digest.of(c), "") for p, c in files.items()
    )


@given(
    st.dictionaries(st.sampled_from(["a", "a/b", "a-b", "é", "\uff5e", "\U0001f98a"]), st.text(min_size=1))
)
def test_a_list_in_order_has_its_digest_as_it_comes(values):
    files = [(path, Digest("etag", value), "s3://raw/x") for path, value in values.items()]
    lines = ListDigest()
    for one in sorted(files, key=lambda file: file[0].encode()):
        lines.add(*one)

    assert lines.digest == list_digest(files)


@given(st.lists(st.sampled_from([*"aZ0._-/", "é", "\\", "..", ".git", "x" * 256, "\n"])).map("".join))
def test_what_is_called_harmless_at_a_glance_is_so_at_a_closer_look(path):
    assert module._path_problem(path) == module._odd_path_problem(path)


def _valid(path):
    try:
        check_path(path)
    except InvalidDocument:
        return False
    return True


LONGEST = "/".join(["x" * 63] * 16)


@pytest.mark.parametrize("path", ["a", "a/b", ".hidden", "...", "a b", "größe", LONGEST, "-", "a.", "C:"])
def test_paths_a_file_list_may_hold(path):
    assert check_path(path) == path


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "between 1 and"),
        *(
            (f"a{chr(code)}b", "in another order")
            for code in (*range(0x2028, 0x202F), *range(0x2066, 0x206A))
        ),
        ("x" * 1025, "between 1 and"),
        ("a/" + "x" * 256, "more than 255"),
        ("a/.git/config", "a part '.git'"),
        (".GIT", "a part '.git'"),
        ("é" * 513, "between 1 and"),
        ("/etc/passwd", "absolute"),
        ("a/../b", "'..'"),
        ("..", "'..'"),
        ("./a", "'.'"),
        ("a//b", "empty"),
        ("a/", "empty"),
        ("a\\b", "backslash"),
        ("a\nb", "control"),
        ("a\x00b", "control"),
        ("a\x85b", "control"),
        (unicodedata.normalize("NFD", "größe"), "NFC"),
        ("\udcff", "UTF-8"),
    ],
)
def test_paths_it_may_not(path, problem):
    with pytest.raises(InvalidDocument, match=problem) as refused:
        check_path(path)

    assert repr(path) in refused.value.message


@pytest.mark.parametrize(
    "text", [f"sha256:{EMPTY}", "md5:0", "crc32c:AAAAAA==", 'etag:"x"', "stat:1-2", "etag:a:b", "uri:x://y/z"]
)
def test_a_digest_reads_as_it_is_written(text):
    digest = Digest.parse(text)

    assert str(digest) == text
    assert digest.is_content is text.startswith("sha256:")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sha256",
        "sha256:",
        EMPTY,
        "sha1:aa",
        f"sha256:{EMPTY.upper()}",
        f"sha256:{EMPTY}0",
        f"sha256:{EMPTY}\n",
        ":x",
    ],
)
def test_no_digest(text):
    with pytest.raises(InvalidDocument):
        Digest.parse(text)


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map("/".join), unique=True))
def test_a_file_below_another_is_found(paths):
    pairs = {(one, other) for one in paths for other in paths if other.startswith(f"{one}/")}

    found = nested(paths)

    assert found in pairs if pairs else found is None


def test_names_that_begin_alike_are_not_nested():
    check_paths(["a", "a-b", "ab/c", "A/b"])
    with pytest.raises(InvalidDocument, match="'a/b' is a file, and 'a/b/c/d' would be in it"):
        check_paths(["a/b/c/d", "a-b", "a/b"])
