"""Trees are compared as Git compares them, and those that Git would not write are refused."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hooks.hostile import DIRECTORY, EXECUTABLE, FILE, LINK, World

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.comparing import compared
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.trees import lines, read
from git_registry.errors import InvalidDocument
from git_registry.repository.objects import EMPTY_TREE
from git_registry.repository.repository import Repository

NAMES = ["a", "b", "a.b", "a-", "caf\u00e9", ":100644 0", "\n:000000 100644", "0" * 40, "x\ty", '"q"']
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(
    PATHS,
    st.tuples(st.sampled_from([FILE, EXECUTABLE, LINK]), st.sampled_from([b"", b"1", b"2"])),
    max_size=6,
)


def possible(files):
    """Leave out what another one of them is a directory to."""
    return {
        path: content
        for path, content in files.items()
        if not any(other.startswith(f"{path}/") for other in files)
    }


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return World(tmp_path_factory.mktemp("comparing") / "acme.git")


def told_by_git(world, git, before, after):
    told = git(world.path, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", before, after)
    rows = iter(told.split("\0")[:-1])
    for row, path in zip(rows, rows, strict=True):
        old, new, was, now, _ = row[1:].split(" ")
        yield (
            path,
            None if old == "000000" else (int(old, 8), was),
            None if new == "000000" else (int(new, 8), now),
        )


def plain(side):
    return None if side is None else (side.mode, side.id)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FILES.map(possible), min_size=2, max_size=4))
def test_what_differs_is_what_git_says(shared, git, steps):
    trees = [shared.tree(files) for files in steps]
    pairs = list(pairwise(trees))
    with Catalog(repository=Repository.open(shared.path), branch="main", clock=None) as catalog:
        found = compared(catalog, pairs, Limits())

        for pair in pairs:
            ours = sorted((path, plain(was), plain(now)) for path, was, now in found.changes(pair))
            assert ours == sorted(told_by_git(shared, git, *pair))


def test_many_trees_are_read_as_few_are(world, catalog):
    trees = [world.tree({"a/b": (FILE, str(n).encode())}) for n in range(30)]
    pairs = list(zip([EMPTY_TREE, *trees], trees, strict=False))

    together = compared(catalog, pairs, Limits())

    for pair in pairs:
        assert list(together.changes(pair)) == list(compared(catalog, [pair], Limits()).changes(pair))
        assert [path for path, _, _ in together.changes(pair)] == ["a/b"]


def test_directories_may_become_the_same(world, catalog):
    one = world.tree({"a/x": (FILE, b"1"), "b/x": (FILE, b"2")})
    two = world.tree({"a/x": (FILE, b"3"), "b/x": (FILE, b"3")})

    found = compared(catalog, [(one, two)], Limits())

    assert [path for path, _, _ in found.changes((one, two))] == ["a/x", "b/x"]


def test_the_same_tree_twice_is_no_difference(world, catalog):
    root = world.root(world.base)

    assert list(compared(catalog, [(root, root)], Limits()).changes((root, root))) == []


def test_each_path_counts_and_each_tree_is_read_once(world, catalog):
    tree = world.tree({"x": (FILE, b"")})
    for _ in range(7):
        tree = world.lines([(DIRECTORY, name, tree) for name in (b"a", b"b", b"c")])

    with pytest.raises(InvalidDocument, match="more than 500 files and directories change"):
        compared(catalog, [(EMPTY_TREE, tree)], Limits(entries=500))
    with pytest.raises(InvalidDocument, match="directories are nested more than 3 deep") as refused:
        compared(catalog, [(EMPTY_TREE, tree)], Limits(depth=3))
    assert refused.value.where == "a/a/a"


def spoilt(world):
    blob, inner = world.blob(b"x"), world.tree({"f": (FILE, b"")})
    plain = (FILE, b"m", blob)
    yield "twice", [plain, plain]
    yield "unsorted", [(FILE, b"z", blob), plain]
    yield "a file and a directory", [plain, (DIRECTORY, b"m", inner)]
    yield "mode with a zero", [(b"0100644", b"m", blob)]
    yield "mode of a directory with a zero", [(b"040000", b"m", inner)]
    yield "mode that is none", [(b"100664", b"m", blob)]
    yield "an empty directory", [(DIRECTORY, b"m", world.lines([]))]
    yield "no name", [(FILE, b"", blob)]
    yield "a slash in a name", [(FILE, b"a/b", blob)]


@pytest.mark.parametrize("beside", [0, 30])
@pytest.mark.parametrize("number", range(9))
def test_a_tree_that_git_would_not_write_is_refused(world, catalog, number, beside):
    how, lines = list(spoilt(world))[number]
    trees = [world.tree({"n": (FILE, str(n).encode())}) for n in range(beside)] + [world.lines(lines)]
    pairs = list(zip([world.root(world.base), *trees], trees, strict=False))

    with pytest.raises(InvalidDocument):
        compared(catalog, pairs, Limits())
    assert how


@pytest.mark.parametrize("beside", [0, 30])
def test_a_tree_that_is_cut_off_is_refused(world, catalog, beside):
    whole = world.raw(world.root(world.base))
    cut = world.write(2, whole[:-1])
    trees = [world.tree({"n": (FILE, str(n).encode())}) for n in range(beside)]

    assert len(lines(next(read(catalog, [world.root(world.base)])))) > 3
    with pytest.raises(InvalidDocument):
        [lines(text) for text in read(catalog, [*trees, cut])]
