"""A commit looks the same whether its steps are on a chain or beyond it."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.index.test_laws import catalog
from tests.index.world import OPERATIONS, World
from tests.repeating import times

from git_registry.index.opening import ask
from git_registry.index.search.finding import Question, find
from git_registry.index.search.row import THINGS
from git_registry.index.storage.file import FILE
from git_registry.model.filters import COLLECTION, REGISTRY, VERSION, parse

FIELDS = {"registry": REGISTRY, "collection": COLLECTION, "version": VERSION}
ALL = {"$or": [{"created_at": "2026-01-01"}, {"updated_at": "2026-01-01"}, {"alias": "none"}, {}]}
"""It passes everything, and mentions what is read for nothing else."""
MENTIONED = {
    "registry": {"$or": ALL["$or"][:2] + ALL["$or"][3:]},
    "collection": ALL,
    "version": {"$or": [{"linked_at": "2026-01-01"}, *ALL["$or"]]},
}

CHANGES = (
    *("link", "link", "link", "unlink", "purge", "replace_the_only_file", "delete", "rename"),
    *("promote", "note", "note", "oddity", "nothing"),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(CHANGES), st.integers(0, 600), st.integers(0, 600)), min_size=1, max_size=12
)


def rows(moment):
    """Return all that a search can tell, but for the numbers that paths have in one file or another."""
    found = {}
    for kind in THINGS:
        question = Question(kind=kind, filter=parse(MENTIONED[kind], FIELDS[kind]))
        found[kind] = [asdict(row) | {"place": None} for row in find(moment, question).rows]
    return moment.line.end, found


def beyond_and_on(path, before, after, fork):
    """Return what is seen of some steps beyond the chain of main, and what if main is there itself."""
    world = World(path, remote=False)
    run(world, before)
    line = world.line(world.tip())
    world.set("side", line[min(fork, len(line) - 1)])
    world.current = "side"
    run(world, after)
    world.current = "main"
    if world.tip("side") in world.line(world.tip()):
        OPERATIONS["nothing"](world, 0, 0)
        world.set("side", world.commit(dict(world.files[world.tip("side")]), (world.tip("side"),), "side"))
    with catalog(path, "main") as here:
        ask(here, rows, contents=True)
    with catalog(path, "main", world.tip("side")) as there:
        assert ask(there, lambda moment: moment.line.end > moment.line.position)
        beyond = ask(there, rows, contents=True)
    (path / ".git" / FILE).unlink()
    world.set("main", world.tip("side"))
    with catalog(path, "main") as here:
        assert ask(here, lambda moment: moment.line.end == moment.line.position)
        return beyond, ask(here, rows, contents=True)


def run(world, operations):
    for name, one, two in operations:
        OPERATIONS[name](world, one, two)


@pytest.mark.slow
@settings(max_examples=times(30, 60), deadline=None)
@given(before=STEPS, after=STEPS, fork=st.integers(0, 4))
@example(  # notes that are taken away
    before=[("link", 0, 0), ("note", 0, 0)], after=[("purge", 0, 0), ("nothing", 0, 0)], fork=0
)
@example(  # a collection that is removed and made again
    before=[("link", 0, 0)], after=[("delete", 0, 0), ("nothing", 0, 0), ("link", 0, 0)], fork=0
)
@example(  # a collection that is edited beyond
    before=[("link", 0, 0)], after=[("rename", 0, 1), ("link", 0, 0), ("nothing", 0, 0)], fork=0
)
@example(  # what ends later on the chain itself
    before=[("link", 0, 0), ("note", 0, 0), ("nothing", 0, 0), ("purge", 0, 0)],
    after=[("nothing", 0, 0), ("link", 1, 9), ("nothing", 0, 0), ("nothing", 1, 0)],
    fork=2,
)
def test_rows_beyond_a_chain_are_those_on_it(before, after, fork):
    with tempfile.TemporaryDirectory() as place:
        beyond, on = beyond_and_on(Path(place) / "acme", before, after, fork)

    assert beyond == on
