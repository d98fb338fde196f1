"""Names that collide somewhere, and names that no path should have."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.catalog.names import Names, folded, problem
from git_registry.model.snapshot import Entry

HERE = Entry(0o100644, "1" * 40)


def told(names, before, after):
    """Return what is wrong with the names of a step between two sets of paths."""
    changes = [
        *((path, HERE, None) for path in sorted(before - after)),
        *((path, None, HERE) for path in sorted(after - before)),
    ]
    return [found.where for found in names.problems(directory(before), directory(after), changes)]


def directory(paths):
    def entries(at):
        inner = (path.removeprefix(f"{at}/") for path in paths if not at or path.startswith(f"{at}/"))
        return {name.partition("/")[0]: HERE for name in inner}

    return entries


@pytest.mark.parametrize("other", ["Bert.yaml", "BERT.YAML", "\uff42ert.yaml"])
def test_what_differs_in_case_or_in_writing_collides(other):
    assert told(Names(), {"model/bert.yaml"}, {"model/bert.yaml", f"model/{other}"}) == [f"model/{other}"]


def test_directories_collide_too():
    assert told(Names(), {"model/a"}, {"model/a", "Model/b"}) == ["Model"]


def test_what_is_renamed_in_one_step_collides_with_nothing():
    assert told(Names(), {"a/Bert"}, {"a/bert"}) == []


def test_what_came_in_an_earlier_step_is_remembered_and_what_went_is_not():
    names = Names()

    assert told(names, set(), {"a/x"}) == []
    assert told(names, {"a/x"}, {"a/x", "a/X"}) == ["a/X"]
    names = Names()
    assert told(names, set(), {"a/x"}) == []
    assert told(names, {"a/x"}, {"a/y"}) == []
    assert told(names, {"a/y"}, {"a/y", "a/X"}) == []


def test_what_was_wrong_before_is_nobodys_fault_now():
    assert told(Names(), {"a/x", "a/X"}, {"a/x", "a/X", "b"}) == []


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("", "is no name"),
        (".", "is no name"),
        ("..", "is no name"),
        (".git", "is Git's own"),
        (".GIT", "is Git's own"),
        ("git~1", "is Git's own"),
        (".g\u200cit", "is Git's own"),
        ("a\\b", "has a backslash, which divides directories on Windows"),
        ("a\nb", "has a control or invisible character"),
        ("\u202egpj.exe", "has a control or invisible character"),
        ("\udcff", "is not UTF-8"),
        ("cafe\u0301", "is not in the usual Unicode form, NFC"),
        ("caf\u00e9", ""),
        ("model.yaml", ""),
    ],
)
def test_a_name_says_what_is_wrong_with_it(part, said):
    assert problem(part) == said


@given(st.text(max_size=8))
def test_whatever_passes_can_be_shown_and_stored_everywhere(part):
    if not problem(part):
        assert part.isprintable()
        assert part.encode()
        assert unicodedata.normalize("NFC", part) == part
        assert not {part.lower()} & {"", ".", "..", ".git"}


@given(st.text(max_size=8))
def test_case_and_writing_make_no_difference(name):
    assert folded(name.upper().lower()) == folded(folded(name.upper().lower()))
    assert folded(unicodedata.normalize("NFD", name)) == folded(unicodedata.normalize("NFC", name))
