"""What a local path holds, and what is refused by name."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.store.sources import collect

from .conftest import write


def paths(root: Path) -> list[str]:
    return [source.path for source in collect(root)]


def test_a_directory_is_its_files_sorted_as_bytes(tmp_path):
    write(tmp_path / "d", {"b": b"", "a/z": b"", "a.txt": b"", "Z": b"", "é": b"", ".hidden": b""})

    assert paths(tmp_path / "d") == [".hidden", "Z", "a.txt", "a/z", "b", "é"]


def test_a_file_goes_by_its_own_name(tmp_path):
    write(tmp_path, {"sub/model.bin": b"x"})

    assert paths(tmp_path / "sub/model.bin") == ["model.bin"]


def test_an_empty_directory_is_an_empty_list(tmp_path):
    (tmp_path / "d/inner").mkdir(parents=True)

    assert collect(tmp_path / "d") == ()


def test_names_that_differ_in_case_are_two(tmp_path):
    write(tmp_path / "d", {"a": b"", "A": b""})

    assert paths(tmp_path / "d") == ["A", "a"]


def test_nothing_there(tmp_path):
    with pytest.raises(NotFound, match="nowhere"):
        collect(tmp_path / "nowhere")


@pytest.mark.parametrize("target", ["/etc/passwd", "file", "nowhere", "."])
def test_a_symbolic_link_is_refused_by_name(tmp_path, target):
    write(tmp_path / "d", {"file": b"x"})
    (tmp_path / "d/link").symlink_to(target)

    for path in (tmp_path / "d", tmp_path / "d/link"):
        with pytest.raises(UsageError, match="link: is a symbolic link") as refused:
            collect(path)
        assert "cp -rL" in refused.value.hint


def test_a_pipe_and_a_socket_are_refused_by_name(tmp_path, monkeypatch):
    (tmp_path / "d").mkdir()
    os.mkfifo(tmp_path / "d/pipe")
    with pytest.raises(UsageError, match="d/pipe: is a pipe"):
        collect(tmp_path / "d")

    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("sock")
        with pytest.raises(UsageError, match="sock: is a socket"):
            collect(tmp_path / "sock")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        (b"latin-\xe9", "UTF-8"),
        ("e\u0301".encode(), "NFC"),
        (b"back\\slash", "backslash"),
        (b"new\nline", "control"),
    ],
)
def test_a_name_that_no_list_may_hold_is_refused(tmp_path, name, why):
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / os.fsdecode(name)).touch()

    with pytest.raises(InvalidDocument, match=why) as refused:
        collect(tmp_path / "d")
    str(refused.value).encode()
