"""The directory of an export: what is not its own stays as it is, and nothing half-written is left."""

from __future__ import annotations

import json

import pytest
from tests.web.export.conftest import tree

from git_registry.errors import Conflict, InvalidDocument, RegistryError, UsageError
from git_registry.repository import locks
from git_registry.web.export import folder
from git_registry.web.export.folder import Published
from git_registry.web.export.record import RECORD, Record


def publish(place, **files):
    """Export these files, `_` for `/` in a name."""
    with folder.opened(place) as there:
        named = {name.replace("_", "/"): body for name, body in files.items()}
        laid = [there.lay(path, body.encode()) for path, body in named.items()]
        return there.publish(Record("1", "c0ffee", {one.path: one.digest for one in laid}))


def pages(place):
    return {path: body for path, body in tree(place).items() if not path.startswith(".git-registry")}


@pytest.fixture
def place(tmp_path):
    return tmp_path / "pages"


def test_what_is_no_more_is_removed_with_its_directories(place):
    publish(place, index="1", model_churn_v0="1", model_churn_v1="1")

    done = publish(place, index="2", model_churn_v1="1")

    assert done == Published(written=1, unchanged=1, removed=1)
    assert pages(place) == {"index": b"2", "model/churn/v1": b"1"}
    publish(place, index="2")
    assert not (place / "model").exists()


def test_what_no_export_wrote_stays(place):
    publish(place, index="1", model_churn="1")
    (place / "CNAME").write_text("registry.example.org")
    (place / "model/mine.txt").write_text("mine")

    publish(place, index="1")

    assert pages(place) == {"index": b"1", "CNAME": b"registry.example.org", "model/mine.txt": b"mine"}


def test_what_somebody_edited_is_written_again(place):
    publish(place, index="1", other="1")
    (place / "index").write_text("2")

    assert publish(place, index="1", other="1").written == 1
    assert pages(place)["index"] == b"1"


def test_a_directory_of_something_else_is_refused(place):
    place.mkdir()
    (place / "thesis.tex").write_text("x")

    with pytest.raises(UsageError, match="not empty, and no export wrote to it"):
        publish(place, index="1")
    assert tree(place) == {"thesis.tex": b"x"}


def test_a_file_is_no_directory(place):
    place.write_text("x")

    with pytest.raises(UsageError, match="this is no directory"):
        publish(place, index="1")


def test_a_file_gives_way_to_a_directory_and_back(place):
    publish(place, model="1")
    publish(place, model_churn="1")
    publish(place, model="1")

    assert pages(place) == {"model": b"1"}


@pytest.mark.parametrize("before", [{}, {"model_churn": "1", "model_other": "1"}])
def test_no_link_is_followed(place, tmp_path, before):
    outside = tmp_path / "outside"
    outside.mkdir()
    publish(place, index="1", **before)
    if before:
        (outside / "other").write_text("not ours")
        (place / "model").rename(tmp_path / "elsewhere")
    (place / "model").symlink_to(outside)

    with pytest.raises(RegistryError, match="in the way"):
        publish(place, index="2", model_churn="2")

    assert pages(place)["index"] == b"1"
    publish(place, index="2")
    assert tree(outside) == ({"other": b"not ours"} if before else {})


def test_a_link_in_the_place_of_a_page_is_replaced(place, tmp_path):
    publish(place, index="1")
    (tmp_path / "precious").write_text("1")
    (place / "index").unlink()
    (place / "index").symlink_to(tmp_path / "precious")

    publish(place, index="1")

    assert not (place / "index").is_symlink()
    publish(place, index="2")
    assert (tmp_path / "precious").read_text() == "1"


@pytest.mark.parametrize("killed_at", range(6))
def test_whatever_kills_an_export_the_next_one_mends_it(place, tmp_path, monkeypatch, killed_at):
    publish(place, index="1", model_churn="1", model_gone="1")
    _die_at(monkeypatch, killed_at)
    with pytest.raises(KeyboardInterrupt):
        publish(place, index="2", model_new="2", other="2")
    monkeypatch.undo()

    publish(place, index="3", model_churn="1")

    publish(tmp_path / "fresh", index="3", model_churn="1")
    assert tree(place) == tree(tmp_path / "fresh")


def _die_at(monkeypatch, step):
    """Let the process die before the renaming or removing of that number."""
    left = [step]

    def mortal(function):
        def called(*args, **options):
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            return function(*args, **options)

        return called

    for name in ("replace", "unlink"):
        monkeypatch.setattr(folder.Path, name, mortal(getattr(folder.Path, name)))


def test_two_exports_at_once_do_not_mix(place, monkeypatch):
    publish(place, index="1")
    monkeypatch.setattr(folder, "_PATIENCE", 0.0)

    with locks.taken(place / ".git-registry-export.lock"), pytest.raises(Conflict):
        publish(place, index="2")

    assert pages(place) == {"index": b"1"}


@pytest.mark.parametrize(
    "record",
    [
        "[]",
        "{",
        '{"format": 1}',
        '{"format": 2, "version": "9", "commit": "", "files": {}}',
        json.dumps({"format": 1, "version": "1", "commit": "", "files": {"../precious": ""}}),
        json.dumps({"format": 1, "version": "1", "commit": "", "files": {"/etc/passwd": ""}}),
        json.dumps({"format": 1, "version": "1", "commit": "", "files": {".git/config": ""}}),
        "[" * 100_000,
    ],
)
def test_a_record_that_cannot_be_believed_removes_nothing(place, record):
    publish(place, index="1")
    (place.parent / "precious").write_text("1")
    (place / RECORD).write_text(record)

    with pytest.raises(InvalidDocument):
        publish(place)

    assert pages(place) == {"index": b"1"}
    assert (place.parent / "precious").exists()
