"""The index is derived: whatever becomes of its file, answers stay right."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest
from tests.flows.workers import PRELUDE, SOURCE
from tests.sdk.once import once

from git_registry.errors import RegistryError
from git_registry.index import opening
from git_registry.index.events.history import Wanted
from git_registry.index.numbers import numbers
from git_registry.index.opening import ask
from git_registry.index.storage.file import FILE
from git_registry.sdk import auditing, linking, searching
from git_registry.sdk.searching import Search

NOTICE = "the index can't be written here, so it is made in memory, and each time anew"


@once
def desk(desk):
    for text in ("one", "two", "three"):
        desk.link(text)
    desk(linking.unlink, ["model/churn:v1"])
    return desk


@pytest.fixture
def index(desk):
    """Return the path of the index, which is there."""
    read(desk)
    return desk.path / ".git" / FILE


def read(desk):
    return desk(answers)


def answers(catalog):
    known = numbers(catalog)
    return known.of("model/churn"), known.latest("model/churn"), ask(catalog, entries)


def entries(moment):
    return sorted(moment.rows("SELECT path, name, blob FROM temp.now_entry JOIN place ON place.id = place"))


def is_sound(index):
    with closing(sqlite3.connect(index)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_deleted(desk, index):
    expected = read(desk)
    index.unlink()

    assert read(desk) == expected
    assert index.exists()


def test_deleted_while_a_process_has_it_open(desk, index):
    with desk.open() as catalog:
        answers(catalog)
        index.unlink()
        desk.link("four")

        assert answers(catalog) == read(desk)
        desk.link("five")
        assert answers(catalog) == read(desk)

    assert is_sound(index)
    assert desk.said == []


def test_deleted_again_and_again_while_a_process_has_it_open(desk, index):
    with desk.open() as catalog:
        for number in range(6):
            desk.link(f"more {number}")
            index.unlink()
            assert len(answers(catalog)[0]) == 4 + number

    assert desk.said == []


def test_the_whole_directory_deleted_while_a_process_has_it_open(desk, index):
    with desk.open() as catalog:
        answers(catalog)
        shutil.rmtree(index.parent)
        desk.link("four")

        assert answers(catalog) == read(desk)


def test_a_journal_left_by_a_deleted_index(desk, index):
    with closing(sqlite3.connect(index, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size=1")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM step")
        writer.execute("INSERT INTO place(path) SELECT hex(randomblob(500)) FROM place, entry, entry AS e")
        journal = index.with_name("index.sqlite-journal").read_bytes()
        writer.execute("ROLLBACK")
    assert len(journal) > 512
    expected = read(desk)
    index.unlink()
    index.with_name("index.sqlite-journal").write_bytes(journal)

    assert read(desk) == expected
    assert is_sound(index)


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0", bytes(4096)])
def test_something_else_in_its_place(desk, index, content):
    expected = read(desk)
    index.write_bytes(content)

    assert read(desk) == expected
    assert is_sound(index)
    assert desk.said == []


def test_somebody_elses_database_in_its_place(desk, index):
    expected = read(desk)
    index.unlink()
    with closing(sqlite3.connect(index)) as other:
        other.execute("CREATE TABLE step(day)")
        other.commit()

    assert read(desk) == expected


@pytest.mark.parametrize("version", [0, 999])
def test_tables_of_another_format(desk, index, version):
    expected = read(desk)
    with closing(sqlite3.connect(index)) as other:
        other.execute("DELETE FROM number")
        other.execute(f"PRAGMA user_version={version}")
        other.commit()

    assert read(desk) == expected


def test_a_table_is_gone(desk, index):
    expected = read(desk)
    with closing(sqlite3.connect(index)) as other:
        other.execute("DROP TABLE number")
        other.commit()

    assert read(desk) == expected
    assert is_sound(index)


def test_a_draft_of_a_killed_process_goes_after_a_day(desk, index):
    dead, living = (index.with_name(f"index.sqlite.{number:016x}") for number in range(2))
    other = index.with_name("index.sqlite.notes")
    for file in (dead, living, other):
        file.write_bytes(b"")
    for file in (dead, other):
        os.utime(file, (0, 0))
    index.unlink()

    read(desk)

    assert [file.exists() for file in (dead, living, other, index)] == [False, True, True, True]


def test_a_directory_in_its_place(desk, index):
    expected = read(desk)
    index.unlink()
    index.mkdir()

    assert read(desk) == expected
    assert desk.said == [NOTICE]


def test_a_file_where_its_directory_belongs(desk, index):
    expected = read(desk)
    shutil.rmtree(index.parent)
    index.parent.write_text("")

    assert read(desk) == expected
    assert desk.said == [NOTICE]


def test_cut_off_anywhere(desk, index):
    expected, whole = read(desk), index.read_bytes()
    chance = random.Random(0)

    for length in (*range(0, 101, 20), *(chance.randrange(len(whole)) for _ in range(40))):
        index.write_bytes(whole[:length])
        assert read(desk) == expected, length
    assert is_sound(index)


def test_a_page_overwritten_anywhere(desk, index):
    """A byte that changes inside a value is nothing SQLite could notice; a page that is none is."""
    expected, whole = read(desk), index.read_bytes()
    chance = random.Random(0)

    for page in range(len(whole) // 4096):
        for damage in (bytes(4096), b"\xff" * 4096, chance.randbytes(4096)):
            index.write_bytes(whole[: page * 4096] + damage + whole[(page + 1) * 4096 :])
            assert read(desk) == expected, (page, damage[:4])


def test_broken_while_a_process_has_it_open(desk, index):
    with desk.open() as catalog:
        answers(catalog)
        index.write_bytes(b"no database" * 1000)
        desk.link("four")

        assert answers(catalog) == read(desk)


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("SELEKT 1", "near"),
        ("SELECT plase FROM main.entry", "no such column: plase"),
        ("SELECT 1 FROM main.entry INDEXED BY entry_blub", "no such index: entry_blub"),
        ("SELECT blab(1)", "no such function: blab"),
        ("INSERT INTO main.place(plase) VALUES (1)", "table .*place has no column named plase"),
    ],
)
def test_a_question_that_is_wrong_costs_nobody_the_index(desk, index, question, what):
    before = index.stat().st_ino

    with pytest.raises(RegistryError, match=f"the index can't be used: {what}") as refused:
        desk(ask, lambda moment: moment.rows(question))

    assert refused.value.exit_code == 1
    assert index.stat().st_ino == before


def test_one_catalog_is_asked_by_several_threads_in_turn(desk):
    found = []
    with desk.open() as catalog:
        expected = answers(catalog)
        for _ in range(3):
            thread = threading.Thread(target=lambda: found.append(answers(catalog)))
            thread.start()
            thread.join()

    assert found == [expected] * 3


@pytest.fixture
def bound(desk):
    """Run code with a catalog in a process to which permissions mean something; return what it prints."""
    command = [sys.executable]
    if os.getuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root may write anywhere, and there is no setpriv(1) to change that")
        powers = "-dac_override,-dac_read_search,-fowner"
        command = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}", *command]

    def run(code):
        environment = {**os.environ, "PYTHONPATH": SOURCE}
        done = subprocess.run(
            [*command, "-c", PRELUDE + code, desk.path], env=environment, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    return run


READ = """
from git_registry.index.numbers import numbers
said = []
with catalog(sys.argv[1]) as it:
    it.notify = said.append
    for number in range(2):
        print(sorted(one.number for one in numbers(it).of("model/churn").values()))
print(*said)
"""


def closed(place):
    """Take away the permission to write."""
    for path in (place, *place.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


@pytest.fixture
def reopened(desk):
    yield
    for path in ((desk.path / ".git"), *(desk.path / ".git").rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.usefixtures("reopened")
def test_who_may_not_write_reads_what_is_there(desk, index, bound):
    closed(desk.path / ".git")

    assert bound(READ) == ["[0, 1, 2]", "[0, 1, 2]", ""]


@pytest.mark.usefixtures("reopened")
def test_who_may_not_write_goes_on_in_memory_from_what_is_there(desk, index, bound):
    desk.link("four")
    closed(desk.path / ".git")

    assert bound(READ) == ["[0, 1, 2, 3]", "[0, 1, 2, 3]", ""]


@pytest.mark.usefixtures("reopened")
@pytest.mark.parametrize("content", [None, b"", b"no database" * 1000])
def test_who_may_not_write_builds_in_memory_what_is_not_there(desk, index, bound, content):
    index.unlink()
    if content is not None:
        index.write_bytes(content)
    closed(desk.path / ".git")

    assert bound(READ) == ["[0, 1, 2]", "[0, 1, 2]", NOTICE]


@pytest.mark.usefixtures("reopened")
def test_who_may_not_write_and_finds_pages_broken_builds_in_memory(desk, index, bound):
    whole = index.read_bytes()
    index.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    closed(desk.path / ".git")

    assert bound(READ) == ["[0, 1, 2]", "[0, 1, 2]", NOTICE]


def test_a_repository_several_may_write_to_has_an_index_all_may_write_to(desk, index, git):
    shutil.rmtree(index.parent)
    for path in (desk.path / ".git", desk.path / ".git/objects"):
        path.chmod(0o2775)

    read(desk)

    assert index.stat().st_mode & 0o777 == 0o664
    assert index.parent.stat().st_mode & 0o777 == 0o775


def test_a_full_disk_leads_to_memory(desk, index):
    """What a full disk does, a file that may not grow does too."""
    desk.link("four")
    with desk.open() as catalog:
        answers(catalog)
        for number in range(3):
            desk.link(f"more {number}")
        catalog.held["index"].connection.execute("PRAGMA max_page_count=1")

        assert len(answers(catalog)[0]) == 7


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event SET kind = 'alias-locked'",
        "UPDATE event SET detail = '{'",
        "UPDATE event SET detail = '[]'",
        "UPDATE content SET facts = '{'",
    ],
)
def test_rows_that_nobody_wrote(desk, index, damage):
    """SQLite takes such a file for whole."""

    def all_of_it(catalog):
        events = auditing.history(catalog, None, Wanted()).events
        found = searching.search(catalog, Search(kind="version")).rows
        return [(one.event, one.commit) for one in events], [(row.id, row.facts) for row in found]

    expected = desk(all_of_it)
    with closing(sqlite3.connect(index)) as other:
        assert other.execute(damage).rowcount
        other.commit()

    assert desk(all_of_it) == expected
    assert expected[0]
    assert expected[1]


@pytest.mark.parametrize("lock", ["IMMEDIATE", "EXCLUSIVE"])
def test_others_that_write_for_long_are_waited_for_and_told_of(desk, index, monkeypatch, lock):
    monkeypatch.setattr(opening, "AT_ONCE", 0.05)
    desk.link("four")
    expected = read(desk)
    desk.link("five")
    with closing(sqlite3.connect(index, isolation_level=None, check_same_thread=False)) as other:
        other.execute(f"BEGIN {lock}")
        told = threading.Event()
        desk.said.clear()
        waiting = desk.open()
        waiting.notify = lambda text: (desk.said.append(text), told.set())
        release = threading.Thread(target=lambda: (told.wait(30), other.execute("COMMIT")))
        release.start()
        with waiting as catalog:
            found = answers(catalog)
        release.join()

    assert desk.said == ["waiting for another process that is writing the index"]
    assert len(found[0]) == len(expected[0]) + 1


def test_patience_has_an_end(desk, index, monkeypatch):
    monkeypatch.setattr(opening, "AT_ONCE", 0.05)
    monkeypatch.setattr(opening, "PATIENCE", 0.1)
    desk.link("four")
    with closing(sqlite3.connect(index, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RegistryError, match="another process has been writing the index"):
            read(desk)
