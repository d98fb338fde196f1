"""No question walks through a table that grows, on a chain and beyond it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from tests.index.test_laws import catalog
from tests.index.world import OPERATIONS, PLACES, PROJECT, VERSIONS, World

from git_registry.index.events.history import Wanted, recorded
from git_registry.index.events.sources import Subject
from git_registry.index.events.steps import hidden, steps
from git_registry.index.events.stretches import files
from git_registry.index.events.terms import departures
from git_registry.index.lineage.known import Lineage
from git_registry.index.lineage.spots import Branch, Spots
from git_registry.index.opening import ask
from git_registry.index.search.finding import Question, find
from git_registry.index.search.row import THINGS
from git_registry.model.filters import VERSION, Order, parse
from git_registry.model.layout import Kind
from git_registry.model.lineage.nodes import Run, Version

PLACE, ID = PLACES[0], VERSIONS[0]
THEN = datetime(2026, 1, 1, 0, 0, 5, tzinfo=UTC)

FILTERS = (
    *({}, {"alias": "latest"}, {"alias": "production"}, {"version": "v0"}, {"number": 1}, {"id": ID}),
    *({"tag": "eu"}, {"size": {"$gt": 0}}, {"metrics.auc": {"$gte": 0.5}}, {"created_at": "2026-01-01"}),
    *({"collection": "churn"}, {"linked_at": {"$gt": "2026-01-01"}}, {"updated_at": {"$gt": "2026-01-01"}}),
)


def searching(where=None, **question):
    asked = Question(filter=parse(where or {}, VERSION), **question)
    return lambda moment: find(moment, asked)


def telling(path="", version="", alias="", **wanted):
    subject = Subject(path=path, version=version, alias=alias)
    return lambda moment: recorded(moment, Wanted(subject=subject, **wanted))


def lineage(node):
    def run(moment):
        branches = [Branch("fish", f"refs/heads/{PROJECT}", "")]
        known = Lineage.over(Spots.at(moment, branches), "acme")
        return known.upstream(node), known.downstream(node), known.describe(node)

    return run


QUESTIONS = {
    **{f"versions {one}": searching(kind="version", where=one) for one in FILTERS},
    "versions, a few": searching(kind="version", limit=10),
    "versions of a collection": searching(kind="version", within=(PLACE,), limit=1),
    "how many versions": lambda moment: moment.tally(PLACE),
    "versions by words": searching(kind="version", words=("churn",)),
    "versions within": searching(kind="version", within=("model/*",)),
    "versions by a metric": searching(kind="version", order=Order("metrics.auc", True), limit=2),
    "versions by a date": searching(kind="version", order=Order("updated_at", True), limit=2),
    **{f"{one} by words": searching(kind=one, words=("churn",)) for one in THINGS},
    **{
        f"{one} by {field}": searching(kind=one, order=Order(field, False))
        for one in THINGS[:2]
        for field in ("created_at", "updated_at", "alias")
    },
    "history": telling(),
    "history, a few": telling(limit=10),
    "history since": telling(since=THEN, until=THEN, limit=10),
    "history of a registry": telling("model", limit=10),
    "history of a collection": telling(PLACE, limit=10),
    "history of a version": telling(PLACE, ID, limit=10),
    "history of an alias": telling(PLACE, "", "production", limit=10),
    "when files stood": lambda moment: files(moment, PLACE, Kind.ALIAS, "production"),
    "some steps": lambda moment: steps(moment, [0, 3, 12]),
    "where an alias went": lambda moment: departures(moment, PLACE, "production"),
    "an alias in a registry": telling("model", "", "production", limit=10),
    "numbers": lambda moment: moment.numbers(PLACE),
    "a version's number": lambda moment: moment.numbered(PLACE, ID),
    "a number's version": lambda moment: moment.with_number(PLACE, 0),
    "the highest number": lambda moment: moment.highest(PLACE),
    "the latest": lambda moment: moment.latest(PLACE),
    "the commit at a date": lambda moment: moment.commit_at(int(THEN.timestamp())),
    "what a date hides": lambda moment: hidden(moment, steps(moment, [0])[0], int(THEN.timestamp())),
    "the date": lambda moment: moment.date(),
    "the first date": lambda moment: moment.began(),
    "is it published": lambda moment: moment.is_published("0" * 40),
    **{
        f"lineage of {node.label}": lineage(node)
        for node in (Version(PLACE, ID), Version("projects/fish/net", ID), Run("fish", "r1"))
    },
}

_SMALL = {"place", "person", "chain", "field", "counter", "project", "json_each"}
"""Tables that have few rows."""

_TO_BE_MERGED = ("now_", "ever_", "project_")
"""Views: their two halves are told of in lines of their own."""

_A_FEW = re.compile(r" LIMIT |now_entry_by_since")
"""What need not be read to its end; so it must not be sorted first."""

_WHOLE_LINE = re.compile(r"\(chain=\?( AND position[<>]\?)*\)$")


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    """Catalogs of a commit on a chain, and of one beyond it, in a clone with a project."""
    world = World(tmp_path_factory.mktemp("plans"), remote=False)
    for turn in range(12):
        for name in ("link", "promote", "note"):
            OPERATIONS[name](world, turn, turn * 9 + (turn % 5 == 0))  # none is moved to another directory
    OPERATIONS["branch"](world, 0, 0)
    for name, one, two in (("link", 2, 81), ("note", 0, 1), ("purge", 0, 0), ("link", 1, 7)):
        OPERATIONS[name](world, one, two)
    side = world.tip()
    OPERATIONS["project"](world, 0, 0)
    OPERATIONS["link"](world, 0, 0)
    with catalog(world.path, PROJECT) as project:
        ask(project, lambda moment: None, contents=True)
    found = {"on a chain": catalog(world.path, "main"), "beyond it": catalog(world.path, "main", side)}
    yield found
    for one in found.values():
        one.close()


def plans(asked, question):
    """Return (statement, its plan) of each thing a question asks the tables."""
    statements = []

    def traced(moment):
        moment.connection.set_trace_callback(statements.append)
        question(moment)
        moment.connection.set_trace_callback(None)
        return [
            (one, [row[3] for row in moment.rows(f"EXPLAIN QUERY PLAN {one}")])
            for one in dict.fromkeys(statements)
            if one.startswith("SELECT")
        ]

    return ask(asked, traced, contents=True)


def walks(statement, plan):
    """Return the lines of a plan that sort what need not be read, or read all there is of a line."""
    a_few = _A_FEW.search(statement)
    # To sort what one step did is nothing: `FOR RIGHT PART OF`.
    found = [line for line in plan if a_few and line.endswith("TEMP B-TREE FOR ORDER BY")]
    if a_few and not found:
        return []  # walks in order, and stops
    tables = {short: table for table, short in re.findall(r"(\w+) AS (\w+)", statement)}
    for line in plan:
        step = re.match(r"(SCAN|SEARCH) (?:\w+\.)?(\w+)(.*)", line)
        table = step and tables.get(step[2], step[2])
        if table and table not in _SMALL and not table.startswith(_TO_BE_MERGED):
            found += [line] if step[1] == "SCAN" or _WHOLE_LINE.search(step[3]) else []
    return found


@pytest.mark.parametrize("where", ["on a chain", "beyond it"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_reads_what_it_need_not(acme, name, where):
    made = plans(acme[where], QUESTIONS[name])

    assert made
    for statement, plan in made:
        assert walks(statement, plan) == [], (statement, plan)


def test_a_plan_that_is_bad_is_seen(acme):
    def bad(moment):
        moment.rows("SELECT blob FROM main.entry WHERE mode = 1")
        moment.rows("SELECT name FROM temp.now_entry ORDER BY since DESC LIMIT 10")
        moment.rows("SELECT max(position) FROM temp.now_event WHERE name = 'x'")

    assert all(walks(*one) for one in plans(acme["on a chain"], bad))
    assert all(walks(*one) for one in plans(acme["beyond it"], bad))
