"""Data that stays where it is, known as well as its store allows."""

from __future__ import annotations

import http.server
import threading
from datetime import UTC, datetime

import pytest

from git_registry.errors import InvalidDocument, NotFound, Refused, UsageError
from git_registry.model.digest import Digest
from git_registry.store.identity import identities, strongest
from git_registry.store.reference import at_address, describe

from .conftest import write

FILES = {"a": b"A", "deep/b": b"BB"}


def put(uri: str, files: dict[str, bytes]) -> None:
    from fsspec.core import url_to_fs

    fs, path = url_to_fs(uri)
    fs.pipe({f"{path}/{name}": data for name, data in files.items()})


def test_local_files_are_read_and_hashed(tmp_path):
    write(tmp_path / "d", FILES)

    found = describe(str(tmp_path / "d"))

    assert [(one.path, one.size, one.digest) for one in found] == [
        ("a", 1, Digest.of(b"A")),
        ("deep/b", 2, Digest.of(b"BB")),
    ]
    assert found[1].uri == f"file://{tmp_path}/d/deep/b"


def test_s3_objects_are_known_by_their_etag(bucket):
    put(f"{bucket}/raw", FILES)
    put(f"{bucket}/raw2", {"other": b""})

    for uri in (f"{bucket}/raw", f"{bucket}/raw/"):
        found = describe(uri)
        assert [(one.path, one.size, one.digest.algorithm, one.uri) for one in found] == [
            ("a", 1, "etag", f"{bucket}/raw/a"),
            ("deep/b", 2, "etag", f"{bucket}/raw/deep/b"),
        ]


def test_one_object_goes_by_its_own_name(bucket):
    put(f"{bucket}/raw", FILES)

    [one] = describe(f"{bucket}/raw/deep/b")

    assert (one.path, one.uri) == ("b", f"{bucket}/raw/deep/b")


def test_a_directory_of_one_file_of_the_same_name_is_a_directory(bucket):
    put(f"{bucket}/x", {"x": b"x"})

    [one] = describe(f"{bucket}/x")

    assert (one.path, one.uri) == ("x", f"{bucket}/x/x")


def test_objects_can_be_read_instead(bucket):
    put(f"{bucket}/raw", FILES)

    assert [one.digest for one in describe(f"{bucket}/raw", checksum=True)] == [
        Digest.of(b"A"),
        Digest.of(b"BB"),
    ]


def test_memory_is_known_by_its_stat():
    put("memory://references", FILES)

    assert {one.digest.algorithm for one in describe("memory://references")} == {"stat"}


def test_too_many_are_refused_and_not_cut_off(bucket, tmp_path):
    put(f"{bucket}/raw", FILES)
    write(tmp_path / "d", FILES)

    for uri in (f"{bucket}/raw", str(tmp_path / "d")):
        with pytest.raises(UsageError, match="there are more than 1 objects"):
            describe(uri, max_objects=1)


def test_nothing_there(bucket, tmp_path):
    for uri in (f"{bucket}/nothing", "memory://nothing-at-all", str(tmp_path / "nothing")):
        with pytest.raises(NotFound):
            describe(uri)


def test_a_name_that_no_list_may_hold(bucket):
    put(f"{bucket}/raw", {"back\\slash": b""})

    with pytest.raises(InvalidDocument, match="backslash"):
        describe(f"{bucket}/raw")


def test_a_uri_that_no_list_may_hold(bucket, tmp_path):
    put(f"{bucket}/raw", {"my data.csv": b""})
    write(tmp_path / "my data", FILES)

    for refer in (
        lambda: describe(f"{bucket}/raw"),
        lambda: describe(str(tmp_path / "my data")),
        lambda: at_address("s3://b/my data.csv", "data"),
    ):
        with pytest.raises(InvalidDocument, match="a URI with a space"):
            refer()


@pytest.fixture
def web():
    """A web server whose pages are (body, headers)."""
    pages: dict[str, tuple[bytes, dict[str, str]]] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body, headers = pages.get(self.path, (None, {}))
            self.send_response(302 if "Location" in headers else 200 if body is not None else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body or b"")

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_known_by_its_strong_etag_only(web):
    root, pages = web
    pages["/a%20b.csv"] = (b"strong", {"ETag": '"abc"'})
    pages["/weak"] = (b"weak", {"ETag": 'W/"abc"', "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"})

    [strong] = describe(f"{root}/a%20b.csv")
    [weak] = describe(f"{root}/weak")

    assert (strong.path, strong.size, strong.digest) == ("a b.csv", 6, Digest("etag", "abc"))
    assert weak.digest == Digest("stat", "4-1445412480000000000")
    with pytest.raises(NotFound):
        describe(f"{root}/nothing")


@pytest.mark.parametrize(
    "target", ["/secret", "http://localhost:{port}/secret?sig=abc", "//localhost:{port}/x"]
)
def test_a_redirect_is_not_followed(web, tmp_path, target):
    from git_registry.store.download import download

    from .conftest import wanted

    root, pages = web
    pages["/ok/a"] = (b"was here", {"ETag": '"abc"'})
    listed = [*describe(f"{root}/ok/a"), *describe(f"{root}/ok/a", checksum=True)]
    pages["/secret"] = (b"was here", {"ETag": '"abc"'})
    target = target.format(port=root.rpartition(":")[2])
    pages["/ok/a"] = (b"", {"Location": target})

    asked = [
        lambda: describe(f"{root}/ok/a"),
        *(lambda one=one: download([wanted(one)], tmp_path / "out") for one in listed),
    ]
    for ask in asked:
        with pytest.raises(Refused, match="redirects are not followed") as caught:
            ask()
        assert caught.value.where == f"{root}/ok/a"
        assert f"it leads on to {'localhost' if 'localhost' in target else '127.0.0.1'}," in str(caught.value)
        assert "sig" not in str(caught.value)
    assert not list((tmp_path / "out").glob("*"))


def test_a_page_is_downloaded_and_verified(web, tmp_path):
    from git_registry.store.download import download

    from .conftest import read, wanted

    root, pages = web
    pages["/x"] = (b"x" * 100_000, {"ETag": '"abc"'})
    listed = [*describe(f"{root}/x"), *describe(f"{root}/x", checksum=True)]
    renamed = [wanted(one) for one in listed]
    renamed[1] = type(renamed[1])(path="y", size=100_000, digest=renamed[1].digest, uri=renamed[1].uri)

    got = download(renamed, tmp_path / "out")

    assert [one.verified for one in got] == ["etag", "sha256"]
    assert read(tmp_path / "out") == {"x": b"x" * 100_000, "y": b"x" * 100_000}


@pytest.mark.parametrize(
    ("info", "digest"),
    [
        # what gcsfs, adlfs, s3fs and sftp say of an object
        (
            {"md5Hash": "XUFAKrxLKna5cZ2REBfFkg==", "crc32c": "mnG7TA==", "etag": "CL"},
            "md5:5d41402abc4b2a76b9719d911017c592",
        ),
        ({"crc32c": "mnG7TA==", "etag": "CL"}, "crc32c:mnG7TA=="),
        ({"content_settings": {"content_md5": bytearray(b"\x5d\x41")}, "etag": "0x8"}, "md5:5d41"),
        ({"content_settings": {"content_md5": None}, "etag": "0x8"}, "etag:0x8"),
        ({"ETag": '"d41d8-2"', "LastModified": datetime(2026, 1, 1, tzinfo=UTC), "size": 3}, "etag:d41d8-2"),
        ({"mtime": datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC), "size": 3}, "stat:3-1000005000"),
        ({"mtime": 1.5, "size": 3}, "stat:3-1500000000"),
        ({"updated": "2026-01-01T00:00:00.5Z", "size": 3}, "stat:3-1767225600500000000"),
    ],
)
def test_the_strongest_identity_wins(info, digest):
    assert str(strongest(info, "somewhere")) == digest


def test_no_identity_is_told():
    assert identities({"size": 3}) == {}
    with pytest.raises(Exception, match="nothing identifies"):
        strongest({"size": 3}, "somewhere")
