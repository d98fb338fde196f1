"""Steps are seen with the organization before and after them, and what they bring is looked at first."""

from __future__ import annotations

import pytest
from tests.flows.steps import CHURN, FIRST, SECOND, alias
from tests.hooks.hostile import BASES, DIRECTORY, FILE, LINK, SUBMODULE, parsed

from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import read_commit
from git_registry.catalog.judging.stepping import difference, stepped
from git_registry.errors import InvalidDocument, NotFound
from git_registry.repository.objects import EMPTY_TREE

THERE = {path: (FILE, text.encode()) for path, text in BASES.items()}
CANDIDATE = f"{CHURN}/aliases/candidate.yaml"


@pytest.fixture
def steps(world, catalog):
    """Return a function that makes commits of these files, one after the other, and steps through them."""

    def step(*trees, limits=None):
        limits = limits or Limits()
        commits = [read_commit(catalog.reader, world.commit(tree, [world.base]), limits) for tree in trees]
        return stepped(catalog, world.root(world.base), commits, limits)

    return step


def with_line(world, *line):
    return world.lines([*parsed(world.raw(world.root(world.base))), line])


def test_each_step_is_seen_between_what_was_and_what_is(world, steps):
    moved = {**THERE, CANDIDATE: (FILE, alias(SECOND).encode())}
    gone = {path: one for path, one in moved.items() if path != CANDIDATE}
    seen = []

    for step in steps(world.tree(moved), world.tree(gone), world.tree(gone)):
        seen.append(([path for path, _, _ in step.changes], *map(names, step.snapshots)))

    first = {"production": FIRST.id, "candidate": FIRST.id}
    second = {"production": FIRST.id, "candidate": SECOND.id}
    third = {"production": FIRST.id}
    assert seen == [([CANDIDATE], first, second), ([CANDIDATE], second, third), ([], third, third)]


def names(snapshot):
    return {name: snapshot.alias(CHURN, name) for name in snapshot.alias_names(CHURN)}


def test_many_documents_are_read_as_few_are(world, catalog):
    registries = {f"r{n}/registry.yaml": (FILE, f"format: 1\ntitle: R{n}\n".encode()) for n in range(50)}

    step = difference(catalog, EMPTY_TREE, world.tree({**THERE, **registries}), Limits())

    assert step.commit is None
    assert len(step.changes) == len(THERE) + 50
    assert {step.snapshots[1].registry(f"r{n}").title for n in range(50)} == {f"R{n}" for n in range(50)}
    assert list(step.snapshots[0].registries()) == []


@pytest.mark.parametrize("beside", [0, 30])
@pytest.mark.parametrize("path", ["model/README.md", f"{CHURN}/README.md", "x"])
def test_what_nobody_reads_has_to_be_a_file_anyway(world, catalog, steps, path, beside):
    files = {
        **THERE,
        **{f"other{n}": (FILE, str(n).encode()) for n in range(beside)},
        path: (FILE, b"marked"),
    }
    marked, inner = world.blob(b"marked"), world.tree({"a": (FILE, b"")})
    tree = replaced(world, world.tree(files), marked, inner)

    with pytest.raises(InvalidDocument, match="names an object that is no file") as refused:
        list(steps(tree))
    assert refused.value.where == path


def replaced(world, tree, old, new):
    """Return a tree in which everything of one id is of another, whatever that is."""
    lines = []
    for mode, name, one in parsed(world.raw(tree)):
        if mode == DIRECTORY:
            one = replaced(world, one, old, new)
        lines.append((mode, name, new if one == old else one))
    return world.lines(lines)


def test_a_document_that_is_no_file_can_not_be_read(world, steps):
    inner = world.tree({"a": (FILE, b"")})
    tree = replaced(world, world.root(world.base), world.blob(BASES[CANDIDATE].encode()), inner)

    (step,) = steps(tree)

    with pytest.raises(NotFound, match="is a tree, not a blob"):
        step.snapshots[1].alias(CHURN, "candidate")


@pytest.mark.parametrize("beside", [0, 30])
@pytest.mark.parametrize(("path", "most"), [("x", 50), ("model/new/collection.yaml", 256 * 1024)])
def test_a_file_is_looked_at_before_it_is_read(world, steps, path, most, beside):
    files = {**THERE, **{f"other{n}": (FILE, str(n).encode()) for n in range(beside)}}

    fits = list(steps(world.tree({**files, path: (FILE, b"x" * most)}), limits=Limits(file=50)))
    with pytest.raises(InvalidDocument, match=f"it has {most + 1} bytes; at most {most} are taken"):
        list(steps(world.tree({**files, path: (FILE, b"x" * (most + 1))}), limits=Limits(file=50)))

    assert len(fits) == 1


def test_links_and_submodules_are_changes_like_any(world, steps):
    tree = world.tree({**THERE, "link": (LINK, b"/etc/passwd"), "sub": (SUBMODULE, b"")})

    (step,) = steps(tree)

    assert [(path, was, now.mode) for path, was, now in step.changes] == [
        ("link", None, 0o120000),
        ("sub", None, 0o160000),
    ]


def test_an_object_that_is_missing_ends_it(world, steps):
    with pytest.raises(InvalidDocument, match="no file"):
        list(steps(with_line(world, FILE, b"zzz", "2" * 40)))
