"""What is due to the store, noted in a file that processes share."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.model.digest import Digest
from git_registry.store.due import Due

ONE, TWO, THREE = (Digest.of(data) for data in (b"1", b"2", b"3"))


@pytest.fixture
def due(tmp_path):
    return Due(tmp_path / "registry/spool.due")


def test_what_is_noted_is_due_until_it_is_let_go(due):
    assert due.is_empty()
    assert due.digests() == frozenset()

    due.add([ONE, TWO])
    due.add([TWO])
    assert due.digests() == {ONE, TWO}
    due.remove([TWO, THREE])
    assert due.digests() == {ONE}
    due.remove([ONE])

    assert due.is_empty()


def test_a_line_that_was_cut_short_spoils_no_other(due):
    due.add([ONE])
    with due.file.open("a") as file:
        file.write(TWO.value[:40])
    due.add([THREE])

    assert due.digests() == {ONE, THREE}
    due.remove([ONE, THREE])
    assert due.is_empty()


@given(st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from([ONE, TWO, THREE])))))
def test_it_is_a_set(tmp_path_factory, steps):
    due, expected = Due(tmp_path_factory.mktemp("due") / "due"), set()
    for adds, digests in steps:
        (due.add if adds else due.remove)(digests)
        expected = expected | digests if adds else expected - digests
    assert due.digests() == expected
    assert due.is_empty() == (not expected)


BUSY = """
import pathlib, sys
from git_registry.model.digest import Digest
from git_registry.store.due import Due
due, own = Due(pathlib.Path(sys.argv[1])), [Digest.of(f"{sys.argv[2]} {n}".encode()) for n in range(40)]
for n in range(0, 40, 2):
    due.add(own[n:n + 2])
    due.remove(own[n:n + 1])
"""


def test_processes_that_note_and_let_go_at_once_lose_nothing(due):
    busy = [subprocess.Popen([sys.executable, "-c", BUSY, due.file, str(number)]) for number in range(3)]

    assert [process.wait(timeout=60) for process in busy] == [0, 0, 0]

    assert due.digests() == {Digest.of(f"{one} {n}".encode()) for one in range(3) for n in range(1, 40, 2)}
