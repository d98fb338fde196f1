"""What is where, how it is read, and what is said when it can't be."""

import errno
import io
import os
import pickle
import threading
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest
from fsspec.callbacks import Callback
from tests.sdk.once import once
from tests.sdk.projects import log

from git_registry.errors import NotFound, Refused, StoreError, UsageError
from git_registry.integrations.failures import as_os_errors
from git_registry.integrations.reading import Reading
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk import managing
from git_registry.sdk.blobs import blobs

TREE = {"model.ubj": "0123456789", "deep/er/card.md": "# Card\n", "deep/table.csv": "x\n1\n"}


@once
def churn(desk):
    """A collection with two versions, and an alias on the first."""
    desk.link(TREE, aliases=["production"])
    desk.link({**TREE, "model.ubj": "abcdefghij"})
    return desk


# What is where


def test_the_tree_goes_from_registries_to_files(churn, opened):
    fs = opened(churn)

    assert fs.ls("", detail=False) == ["dataset", "model"]
    assert fs.ls("model", detail=False) == ["model/churn"]
    assert fs.ls("model/churn", detail=False) == [
        "model/churn:v0",
        "model/churn:v1",
        "model/churn:production",
    ]
    assert fs.ls("model/churn:v0", detail=False) == ["model/churn:v0/deep", "model/churn:v0/model.ubj"]
    assert fs.ls("model/churn:production/deep", detail=False) == [
        "model/churn:production/deep/er",
        "model/churn:production/deep/table.csv",
    ]
    assert fs.ls("model/churn:v0/model.ubj", detail=False) == ["model/churn:v0/model.ubj"]


def test_a_listing_says_what_info_says(churn, opened):
    fs = opened(churn)

    for place in (
        "",
        "model",
        "model/churn",
        "model/churn:v0",
        "model/churn:production/deep",
        "model/churn/deep",
    ):
        listed = fs.ls(place)
        assert listed
        assert [fs.info(one["name"]) for one in listed] == listed


@pytest.mark.parametrize("ask", ["info", "ls"])
@pytest.mark.parametrize("place", ["model", "model/churn", "model/churn:v0/deep", "projects/churn/features"])
def test_what_can_not_change_is_asked_of_git_once(churn, opened, ask, place, tmp_path, monkeypatch):
    log(churn, TREE, artifact="features")
    fs = opened(churn)
    first = getattr(fs, ask)(place)
    (tmp_path / "traces").mkdir()
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(tmp_path / "traces"))

    for again in (fs, pickle.loads(pickle.dumps(fs))):
        assert getattr(again, ask)(place) == first

    assert list((tmp_path / "traces").iterdir()) == []
    assert fs.ls("", detail=False) == ["dataset", "model", "projects"]
    assert list((tmp_path / "traces").iterdir()) != []  # there may be a first project any time


def test_what_is_done_to_an_answer_is_not_seen_in_the_next(churn, opened):
    fs = opened(churn)

    for ask in (fs.info, lambda path: fs.ls(path)[0]):
        for place in ("model", "model/churn", "model/churn:v0/deep"):
            found = dict(answer := ask(place))
            answer.clear()
            assert ask(place) == found


def test_of_a_file_its_size_and_digest_are_known(churn, opened):
    info = opened(churn).info("registry://model/churn:v0/model.ubj")

    assert (info["name"], info["size"], info["type"]) == ("model/churn:v0/model.ubj", 10, "file")
    assert info["digest"].startswith("sha256:84d89877")
    assert info["uri"].endswith(info["digest"].removeprefix("sha256:"))


@pytest.mark.parametrize(
    "path",
    [
        "model/churn:production/model.ubj",
        "registry://model/churn:v0/model.ubj",
        "registry:///model/churn:v0/model.ubj",
        "acme/model/churn:v0/model.ubj",
        "wandb-registry-model/churn:v0/model.ubj",
        "acme/wandb-registry-model/churn:v0/model.ubj",
        "somebody/wandb-registry-model/churn:production/model.ubj",
    ],
)
def test_a_version_may_be_named_as_anywhere(churn, opened, path):
    assert opened(churn).cat(path) == b"0123456789"


def test_a_version_may_be_named_by_its_digest(churn, opened):
    fs = opened(churn)
    digest = fs.info("model/churn:v0")["id"]

    assert fs.cat(f"model/churn@{digest[:8]}/model.ubj") == b"0123456789"


def test_a_collection_stands_for_its_latest_version(churn, opened):
    fs = opened(churn)

    assert fs.cat("model/churn/model.ubj") == b"abcdefghij"
    assert fs.cat("model/churn:latest/model.ubj") == b"abcdefghij"
    assert fs.ls("model/churn/deep", detail=False) == ["model/churn/deep/er", "model/churn/deep/table.csv"]


def test_going_down_the_tree_comes_by_each_file_of_the_latest_once(churn, opened):
    fs = opened(churn)
    files = ["model/churn/deep/er/card.md", "model/churn/deep/table.csv", "model/churn/model.ubj"]

    assert fs.find("model/churn") == files
    assert fs.find("") == files
    assert fs.find("model/churn", maxdepth=1) == ["model/churn/model.ubj"]
    assert list(fs.walk("model"))[:2] == [
        ("model", ["churn"], []),
        ("model/churn", ["deep"], ["model.ubj"]),
    ]
    assert fs.find("model/churn:v0/model.ubj") == ["model/churn:v0/model.ubj"]
    assert fs.du("model/churn:v0") == sum(map(len, TREE.values()))


def test_what_matches_a_pattern(churn, opened):
    fs = opened(churn)

    assert fs.glob("model/*") == ["model/churn"]
    assert fs.glob("model/churn:v0/*.ubj") == ["model/churn:v0/model.ubj"]
    assert fs.glob("registry://model/churn:production/**/*.md") == ["model/churn:production/deep/er/card.md"]
    assert fs.glob("model/churn:v9/*") == []


def test_projects_are_beside_the_registries(churn, opened):
    log(churn, {"a/x.txt": "one"}, artifact="features", aliases=["best"])
    log(churn, {"a/x.txt": "two"}, artifact="features")
    fs = opened(churn)

    assert fs.ls("", detail=False) == ["dataset", "model", "projects"]
    assert fs.ls("projects", detail=False) == ["projects/churn"]
    assert fs.ls("projects/churn", detail=False) == ["projects/churn/features"]
    assert fs.ls("acme/projects/churn/features", detail=False) == [
        f"acme/projects/churn/features:{name}" for name in ("v0", "v1", "best")
    ]
    assert fs.cat("projects/churn/features:best/a/x.txt") == b"one"
    assert fs.cat("projects/churn/features/a/x.txt") == b"two"


def test_a_collection_without_versions_is_an_empty_directory(desk, opened):
    desk(managing.create_collection, "model/churn", managing.Description())
    fs = opened(desk)

    assert fs.isdir("model/churn")
    assert fs.ls("model/churn") == []
    assert fs.find("model/churn") == []


def test_what_is_there_and_what_is_not(churn, opened):
    fs = opened(churn)

    for path in ("", "model", "model/churn", "model/churn:v0", "model/churn:latest", "model/churn/deep/er"):
        assert fs.exists(path)
        assert fs.isdir(path)
        assert not fs.isfile(path)
    assert fs.isfile("model/churn/model.ubj")
    for path in ABSENT:
        assert not fs.exists(path)
        assert not fs.isdir(path)
        assert not fs.isfile(path)


# What is said


ABSENT = {
    "modle": (NotFound, "did you mean model?"),
    "model/chrun": (NotFound, "did you mean model/churn?"),
    "model/churn:prod": (NotFound, "its aliases: production"),
    "model/churn:v7/model.ubj": (NotFound, "go up to v1"),
    "model/churn:/model.ubj": (UsageError, "a selector looks like"),
    "model//churn": (UsageError, ""),
    "model/churn:v0/modle.ubj": (NotFound, ""),
    "model/churn:v0/model.ubj/x": (NotFound, ""),
    "projects": (NotFound, ""),
    "projects/churn/xgb:v0/x": (NotFound, "git registry list projects"),
}


@pytest.mark.parametrize("path", ABSENT)
def test_what_is_missing_is_said_in_our_words_to_those_who_expect_an_os_error(churn, opened, path):
    ours, hint = ABSENT[path]
    fs = opened(churn)

    for ask in (fs.info, fs.ls, fs.open, fs.cat_file):
        with pytest.raises(FileNotFoundError) as raised:
            ask(path)
        assert isinstance(raised.value, ours)
        assert raised.value.errno == errno.ENOENT
        assert hint in "".join(getattr(raised.value, "__notes__", ()))


def test_an_error_travels_whole(churn, opened):
    with pytest.raises(FileNotFoundError) as raised:
        opened(churn).open("model/churn:prod/x")

    there = pickle.loads(pickle.dumps(raised.value))

    assert (type(there), str(there), there.hint) == (type(raised.value), str(raised.value), raised.value.hint)
    assert there.errno == errno.ENOENT


def test_a_directory_is_not_read_as_a_file(churn, opened):
    fs = opened(churn)

    for path in ("", "model", "model/churn", "model/churn:v0", "model/churn:v0/deep"):
        with pytest.raises(IsADirectoryError):
            fs.open(path)
        with pytest.raises(IsADirectoryError):
            fs.cat_file(path)


WRITING = {
    "open": lambda fs, path: fs.open(path, "wb"),
    "append": lambda fs, path: fs.open(path, "ab"),
    "text": lambda fs, path: fs.open(path, "w"),
    "pipe": lambda fs, path: fs.pipe(path, b"x"),
    "pipe_file": lambda fs, path: fs.pipe_file(path, b"x"),
    "put": lambda fs, path: fs.put(__file__, path),
    "put_file": lambda fs, path: fs.put_file(__file__, path),
    "upload": lambda fs, path: fs.upload(__file__, path),
    "write_text": lambda fs, path: fs.write_text(path, "x"),
    "touch": lambda fs, path: fs.touch(path),
    "rm": lambda fs, path: fs.rm(path),
    "rm_file": lambda fs, path: fs.rm_file(path),
    "delete": lambda fs, path: fs.delete(path),
    "rmdir": lambda fs, path: fs.rmdir(path),
    "mkdir": lambda fs, path: fs.mkdir(path),
    "makedirs": lambda fs, path: fs.makedirs(path, exist_ok=True),
    "mkdirs": lambda fs, path: fs.mkdirs(path),
    "cp": lambda fs, path: fs.cp("model/churn", path),
    "mv": lambda fs, path: fs.mv("model/churn", path),
    "rename": lambda fs, path: fs.rename("model/churn", path),
}


@pytest.mark.parametrize("way", WRITING)
def test_nothing_is_written(churn, opened, way):
    before = churn.log()

    with pytest.raises(PermissionError, match="can't be written to as files") as raised:
        WRITING[way](opened(churn), "model/churn:v0/model.ubj")

    assert raised.value.errno == errno.EROFS
    assert "git registry link" in raised.value.hint
    assert churn.log() == before


# Reading


def test_a_file_is_read_as_any_other(churn, opened):
    with opened(churn).open("model/churn:v0/model.ubj") as file:
        file.seek(3)
        assert file.read(4) == b"3456"
        file.seek(-2, os.SEEK_END)
        assert file.read() == b"89"
    with opened(churn).open("model/churn:v0/deep/table.csv", "r") as file:
        assert file.readlines() == ["x\n", "1\n"]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, None),
        (0, 10),
        (2, 5),
        (None, 4),
        (7, None),
        (-3, None),
        (-5, -2),
        (8, 99),
        (20, 30),
        (5, 2),
        (4, 4),
    ],
)
def test_a_part_of_a_file_is_the_slice_of_its_bytes(churn, opened, start, end):
    path, data = "model/churn:v0/model.ubj", b"0123456789"

    assert opened(churn).cat_file(path, start, end) == data[start:end]
    assert opened(churn).cat_ranges([path], [start], [end]) == [data[start:end]]


def test_many_parts_come_in_the_order_asked_for(churn, opened):
    paths = [
        "model/churn:v1/model.ubj",
        "model/churn:v9/x",
        "model/churn:v0/model.ubj",
        "model/churn:v1/model.ubj",
    ]

    first, missing, second, third = opened(churn).cat_ranges(paths, [1, 0, 2, 5], 7)

    assert (first, second, third) == (b"bcdefg", b"23456", b"fg")
    assert isinstance(missing, FileNotFoundError)
    with pytest.raises(FileNotFoundError):
        opened(churn).cat_ranges(paths, 0, 7, on_error="raise")
    with pytest.raises(ValueError, match="4 paths, 1 starts"):
        opened(churn).cat_ranges(paths, [0], 7)


def test_many_files_are_read_at_once(churn, opened):
    fs = opened(churn)

    assert fs.cat("model/churn:v0/deep/**/*.*") == {
        "model/churn:v0/deep/er/card.md": b"# Card\n",
        "model/churn:v0/deep/table.csv": b"x\n1\n",
    }
    assert fs.cat(["model/churn:v0/model.ubj"]) == {"model/churn:v0/model.ubj": b"0123456789"}


def test_a_version_is_copied_here(churn, opened, tmp_path):
    told = Callback()
    fs = opened(churn)

    fs.get("model/churn:v0", str(tmp_path / "here"), recursive=True)
    fs.get_file("model/churn:v1/model.ubj", tmp_path / "one" / "m.ubj", callback=told)
    fs.get_file("model/churn:v1/model.ubj", tmp_path / "one" / "m.ubj")
    fs.get_file("model/churn:v0/model.ubj", into := io.BytesIO())

    found = {str(p.relative_to(tmp_path / "here")): p.read_text() for p in (tmp_path / "here").rglob("*.*")}
    assert found == TREE
    assert (tmp_path / "one" / "m.ubj").read_text() == "abcdefghij"
    assert (told.size, told.value) == (10, 10)
    assert into.getvalue() == b"0123456789"


def test_a_damaged_blob_is_no_whole_file(churn, opened, tmp_path):
    fs = opened(churn)
    Path(fs.info("model/churn:v0/model.ubj")["uri"].removeprefix("file://")).write_bytes(b"9876543210")

    for whole in (
        lambda: fs.cat_file("model/churn:v0/model.ubj"),
        lambda: fs.cat_file("model/churn:v0/model.ubj", 0, 10),
        lambda: fs.get_file("model/churn:v0/model.ubj", tmp_path / "model.ubj"),
    ):
        with pytest.raises(OSError, match="damaged") as raised:
            whole()
        assert isinstance(raised.value, StoreError)
    assert not (tmp_path / "model.ubj").exists()
    # What a digest can't tell of a part is not claimed.
    assert fs.cat_file("model/churn:v0/model.ubj", 0, 3) == b"987"


def test_a_blob_of_another_size_is_not_opened(churn, opened):
    fs = opened(churn)
    Path(fs.info("model/churn:v0/model.ubj")["uri"].removeprefix("file://")).write_bytes(b"short")

    with pytest.raises(OSError, match="expected 10 bytes, found 5"):
        fs.open("model/churn:v0/model.ubj")


def test_a_blob_that_is_gone_is_an_error_of_the_store(churn, opened):
    fs = opened(churn)
    Path(fs.info("model/churn:v0/model.ubj")["uri"].removeprefix("file://")).unlink()

    assert fs.exists("model/churn:v0/model.ubj")
    for read in (fs.open, fs.cat_file, lambda path: fs.cat_ranges([path], 0, 3, on_error="raise")):
        with pytest.raises(OSError, match="it is not there") as raised:
            read("model/churn:v0/model.ubj")
        assert isinstance(raised.value, StoreError)
        assert raised.value.errno == errno.EIO


def test_other_file_systems_may_stand_on_it(churn, tmp_path):
    url = "registry://model/churn:v0/deep/table.csv"

    with fsspec.open(
        f"simplecache::{url}",
        registry={"repository": str(churn.path)},
        simplecache={"cache_storage": str(tmp_path / "kept")},
    ) as file:
        assert file.read() == b"x\n1\n"
    below = fsspec.filesystem(
        "dir", path="model/churn:v0", fs=fsspec.filesystem("registry", repository=str(churn.path))
    )
    assert below.find("") == ["deep/er/card.md", "deep/table.csv", "model.ubj"]
    assert below.cat("model.ubj") == b"0123456789"


def test_a_file_of_a_machine_is_not_read_for_a_manifest_that_asks_for_it(desk, opened, tmp_path):
    """Where a store is not a directory, `file:` in a manifest would read what its writer can't."""
    (tmp_path / "secret").write_text("hidden")
    entry = FileEntry(path="x", size=6, digest=Digest.of(b"hidden"), uri=f"file://{tmp_path}/secret")
    with desk.open() as catalog:
        rules = blobs(catalog)
    far = replace(rules, organization=replace(rules.organization, store="memory://elsewhere"))

    for refusing in (rules, far):
        with pytest.raises(PermissionError) as raised, as_os_errors():
            Reading(refusing).open(entry)
        assert isinstance(raised.value, Refused)
        assert raised.value.errno == errno.EACCES


def test_threads_share_an_instance(churn, opened):
    fs, answers = opened(churn), []
    ready = threading.Barrier(8)

    def read(number):
        ready.wait()
        answers.append(fs.cat(f"model/churn:v{number % 2}/model.ubj"))

    threads = [threading.Thread(target=read, args=[number]) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(answers) == [b"0123456789"] * 4 + [b"abcdefghij"] * 4
