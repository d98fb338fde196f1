"""Whatever happened to a repository, the index says what a walk over its whole history says."""

from __future__ import annotations

import functools
import itertools
import shutil
import subprocess
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.index import naive
from tests.index.world import OPERATIONS, PROJECT, World
from tests.model.remembered import number

from git_registry.catalog.catalog import Catalog
from git_registry.index.chains import happenings
from git_registry.index.kinds import KINDS, READ, form, is_spread
from git_registry.index.opening import ask
from git_registry.index.search.place_rows import Places, collections, registries
from git_registry.index.search.version_rows import Versions
from git_registry.index.storage.file import FILE
from git_registry.model import layout
from git_registry.model.diff import examine
from git_registry.model.layout import Kind
from git_registry.model.snapshot import REGULAR, Snapshot
from git_registry.repository.repository import Repository

FREQUENT = (
    *("link", "link", "link", "note", "note", "unlink", "delete", "rename"),
    *("branch", "switch", "switch", "merge", "push", "reset", "amend"),
)
SEARCH = "search"
"""The operation that reads contents. A look does not: what is not read must stay known as such."""
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*OPERATIONS, *FREQUENT, *[SEARCH] * 3]), st.integers(0, 600), st.integers(0, 600)
    ),
    min_size=16,
    max_size=26,
)
TOGETHER = 3
"""Operations between two looks."""

lawful = functools.partial(
    settings, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def catalog(path, branch, commit=None):
    said = []
    made = Catalog(
        repository=Repository.open(path),
        branch=branch,
        commit=commit,
        clock=lambda: datetime(2026, 1, 1, tzinfo=UTC),
        notify=said.append,
    )
    made.said = said
    return made


class Walk:
    """Naive answers, each pair of trees compared once."""

    def __init__(self, world):
        self.catalog = catalog(world.path, "main")
        self._world = world
        self._steps = {}

    def step(self, commit):
        """Return a step's arrival and events."""
        if commit not in self._steps:
            parent = next(iter(self._world.parents[commit]), None)
            arrival = naive._arrival(self.catalog, commit, parent)
            before = Snapshot(self.catalog.tree(parent)) if parent else None
            events = examine(before, Snapshot(self.catalog.tree(commit))).events
            self._steps[commit] = arrival, events
        return self._steps[commit]

    def answers(self, commit, published):
        """Return everything about the organization at a commit, as `everything` does."""
        line = self._world.line(commit)[::-1]
        steps = [self.step(one) for one in line]
        entries = set(self._entries(self.catalog.tree(commit), ""))
        known = number(arrival for arrival, _ in steps)
        linked = {(place, name) for place, kind, name, *_ in entries if kind == KINDS[Kind.VERSION]}
        return {
            "numbers": {place: dict(sorted(found.items())) for place, found in known.items() if found},
            "latest": {place: _latest(found, place, linked) for place, found in known.items() if found},
            "tallies": _tallies(linked),
            "entries": entries,
            "events": [(one, event) for one, (_, events) in zip(line, steps) for event in events],
            "line": line,
            "published": [one for one in line if published is None or one in published],
        }

    def reused(self, commit):
        """Return the places a collection was renamed to after all that had been there was purged."""
        arrivals = [self.step(one)[0] for one in self._world.line(commit)[::-1]]
        return {
            place
            for at, arrival in enumerate(arrivals)
            for place in arrival.renames
            if place in number(arrivals[:at])
        }

    def _entries(self, tree, directory):
        for name, entry in tree.entries(directory).items():
            path = f"{directory}/{name}" if directory else name
            identity = layout.identify(path)
            if entry.is_directory:
                yield from self._entries(tree, path)
            elif identity.kind is not Kind.OUTSIDE:
                spread = is_spread(identity, path)
                yield identity.subject, KINDS[identity.kind], identity.name, spread, entry.mode, entry.id


def _latest(numbers, place, linked):
    there = {one.number: version for version, one in numbers.items() if (place, version) in linked}
    return there[max(there)] if there else None


def _tallies(linked):
    return dict(Counter(path for place, _ in linked for path in (place, place.partition("/")[0])))


def everything(moment):
    """Return what an index knows."""
    places = [path for (path,) in moment.rows("SELECT path FROM place")]
    numbers = {place: dict(sorted(found.items())) for place in places if (found := moment.numbers(place))}
    line = [commit for (commit,) in moment.rows("SELECT commit_id FROM temp.now_step ORDER BY position")]
    entries = moment.rows(
        "SELECT path, kind, name, spread, mode, blob FROM temp.now_entry JOIN place ON place.id = place"
    )
    events = moment.rows(
        "SELECT commit_id, kind, detail FROM temp.now_event AS e JOIN temp.now_step AS s"
        " ON s.position = e.position AND s.chain = e.chain ORDER BY e.position, ordinal"
    )
    require_consistent(moment, numbers)
    assert len(entries) == len(set(entries))
    return {
        "numbers": numbers,
        "latest": {place: moment.latest(place) for place in numbers},
        "tallies": {place: count for place in places if (count := moment.tally(place))},
        "entries": set(entries),
        "events": [(commit, happenings.event(kind, detail)) for commit, kind, detail in events],
        "line": line,
        "published": [commit for commit in line if moment.is_published(commit)],
    }


def unread(moment):
    """Return the files whose content the index does not have."""
    return moment.rows(
        f"SELECT e.name, e.blob FROM temp.now_entry AS e WHERE e.mode = {REGULAR}"
        f" AND e.kind IN ({', '.join(str(KINDS[kind]) for kind in READ)}) AND NOT EXISTS"
        f" (SELECT 1 FROM main.content AS c WHERE c.blob = e.blob AND c.form = {form('e.kind')})"
    )


def rows(moment):
    """Return all that a search knows of all there is."""
    places = collections(moment)
    versions = Versions(moment, {row.place: row.path for row in places})
    for facts, there in (
        (Places(moment), [one.row for one in registries(moment)]),
        (Places(moment), [one.row for one in places]),
        (versions, list(versions.newest())),
    ):
        for part in facts.parts:
            facts.read(there, part)
        yield from ((row.kind, row.path, row.id, row.facts, row.words, row.problem) for row in there)


def found(moment):
    """Return what a search finds, by path and id."""
    return sorted(rows(moment), key=lambda row: row[:3])


def require_consistent(moment, numbers):
    """Assert that one number looked up is one of all."""
    for place, found in numbers.items():
        assert all(moment.numbered(place, version) == one for version, one in found.items())
        holders = {}
        for version, one in found.items():
            holders.setdefault(one.number, []).append(version)
        for wanted in range(moment.highest(place) + 2):
            assert moment.with_number(place, wanted) in holders.get(wanted, [None])


class Watch:
    """Looks at a repository again and again, with one index file and one catalog that stay."""

    def __init__(self, world):
        self.world = world
        self.walk = Walk(world)
        self.lasting = catalog(world.path, "main")

        self.seen = None

    def close(self):
        self.lasting.close()
        self.walk.catalog.close()

    def search(self, one):
        """Have contents read on some branch, and assert that all are."""
        branch = self.world.branches[one % len(self.world.branches)]
        with catalog(self.world.path, branch) as now:
            assert ask(now, unread, contents=True) == [], branch

    def search_everywhere(self):
        """Have contents read wherever somebody may stand."""
        for one in range(len(self.world.branches)):
            self.search(one)

    def look(self, most=None):
        """Compare all there is, or of the commits the latest few."""
        self._holds(self.lasting, self.world.tip("main"), "main")
        for branch in self.world.branches:
            with catalog(self.world.path, branch) as now:
                self._holds(now, self.world.tip(branch), branch)
        for commit in list(self.world.files)[-most if most else 0 :]:
            branch = self._of(commit)
            with catalog(self.world.path, branch, commit) as then:
                self._holds(then, commit, branch)
        self._holds(self.lasting, self.world.tip("main"), "main")
        self._stay(self.world.tip("main"))

    def _stay(self, tip):
        """Assert that no number changed if history only grew, and that none was given twice."""
        found = ask(self.lasting, everything)["numbers"]
        reused = self.walk.reused(tip)
        numbers = {place: known for place, known in found.items() if place not in reused}
        for known in numbers.values():
            assert sorted(one.number for one in known.values()) == list(range(len(known)))
        if self.seen and self.seen[0] in self.world.line(tip):
            kept = {place: known for place, known in self.seen[1].items() if place not in reused}
            assert all(numbers[place].items() >= known.items() for place, known in kept.items())
        self.seen = tip, numbers

    def _of(self, commit):
        root = self.world.line(commit)[-1]
        return PROJECT if "fish/project.yaml" in self.world.files[root] else "main"

    def _holds(self, asked, commit, branch):
        expected = self.walk.answers(commit, self._published(branch))
        answers = ask(asked, everything)
        for what in expected:
            assert answers[what] == expected[what], (what, branch, commit)

    def _published(self, branch):
        """Return the commits whose numbers are permanent; None for all."""
        if not self.world.remote:
            return None
        return self.world.line(self.world.published(branch if branch == PROJECT else "main"))

    def look_anew(self):
        """Look with no index, and with none on disk to look at again."""
        (self.world.path / ".git" / FILE).unlink(missing_ok=True)
        self.look()

    def look_in_a_clone(self):
        """Look at what a fresh clone has checked out."""
        there = self.world.path.with_name("clone")
        shutil.rmtree(there, ignore_errors=True)
        git("clone", "-q", self.world.path, there)
        for branch in set(self.world.branches) - {PROJECT}:
            commit = self.world.tip(branch)
            git("-C", there, "checkout", "-q", "--detach", "--no-recurse-submodules", commit)
            with catalog(there, None) as fresh, catalog(self.world.path, "main", commit) as here:
                answers = ask(fresh, everything), ask(here, everything)
                for what in set(answers[0]) - {"published"}:
                    assert answers[0][what] == answers[1][what], what
        self._look_on_a_chain(there)

    def _look_on_a_chain(self, there):
        """Assert that a search finds beyond a chain what it finds of the same commit on one."""
        git("-C", there, "remote", "remove", "origin")
        git("-C", there, "symbolic-ref", "HEAD", "refs/heads/main")
        for branch in set(self.world.branches) - {PROJECT}:
            commit = self.world.tip(branch)
            git("-C", there, "update-ref", "refs/heads/main", commit)
            with catalog(there, "main") as on, catalog(self.world.path, "main", commit) as beyond:
                assert ask(beyond, found, contents=True) == ask(on, found, contents=True), branch


def git(*words):
    subprocess.run(["git", *map(str, words)], check=True, capture_output=True)


def run(world, operations, looked):
    for at, (name, one, two) in enumerate(operations, 1):
        if name == SEARCH:
            looked.search(one)
        else:
            OPERATIONS[name](world, one, two)
        if at % TOGETHER == 0:
            looked.look(most=TOGETHER)


@pytest.fixture(scope="module")
def rooms():
    """Yield directories, each gone when its example is over."""
    with tempfile.TemporaryDirectory() as place:
        yield map(Path(place).joinpath, map(str, itertools.count()))


def require_law(rooms, operations, remote):
    room = next(rooms)
    world = World(room / "acme", remote)
    looked = Watch(world)
    try:
        run(world, operations, looked)
        looked.look()
        looked.search_everywhere()
        looked.look_anew()
        looked.look_in_a_clone()
    finally:
        looked.close()
        shutil.rmtree(room)


@pytest.mark.slow
@lawful(max_examples=12)
@given(operations=STEPS, remote=st.booleans())
def test_the_index_equals_a_walk_over_the_whole_history(rooms, operations, remote):
    require_law(rooms, operations, remote)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@lawful(max_examples=400)
@given(operations=STEPS, remote=st.booleans())
def test_the_index_equals_a_walk_over_the_whole_history_every_time(rooms, operations, remote):
    require_law(rooms, operations, remote)
