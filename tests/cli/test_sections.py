"""Tables of a review: what others wrote stays in its cell, and what has no room is counted."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sdk.desk import found

from git_registry.catalog.judging.found import Found
from git_registry.catalog.objections import Objection
from git_registry.catalog.proposals import Proposal
from git_registry.cli.answers.review import MARK, MOST, Answer, _command
from git_registry.cli.answers.sections import fitted, text
from git_registry.index.numbers import Numbers
from git_registry.model.events import FileChanged
from git_registry.policy.explaining import Explained
from git_registry.policy.verdict import Violation
from git_registry.review.awaiting import Awaited
from git_registry.review.ordering import ordered
from git_registry.sdk.requests import Judgement, Told
from git_registry.sdk.reviewing import Review
from git_registry.wording.sections import Section
from git_registry.wording.summary import Summary

HOSTILE = st.text(max_size=400) | st.sampled_from(
    [
        *(
            "@ada",
            "<!-- git-registry review -->",
            "</td></table>",
            "`x`",
            "a | b",
            "# no\n\n### yes",
            "\u202e",
        ),
        *("[x](javascript:alert(1))", "`` ` ``", "\\|", "|" * 300, "@" * 300, "_" * 400, "\U0001f600" * 300),
    ]
)
BAR = re.compile(r"(?<!\\)(?:\\\\)*\|")


def bars(line):
    return len(BAR.findall(line))


def tables(lines):
    """Return each table's lines."""
    found = []
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|"):
            found += [[line]] if not before.startswith("|") else []
            found[-1] += [] if found[-1][-1] is line else [line]
    return found


def section(rows, *, title="Title", detail=False):
    return Section(title=title, header=("One", "Two"), rows=rows, is_detail=detail)


ROWS = st.lists(st.tuples(HOSTILE, HOSTILE), max_size=20)


@given(
    st.lists(st.builds(section, ROWS.filter(len), title=HOSTILE, detail=st.booleans()), max_size=6),
    st.integers(0, 20_000),
    st.integers(0, 5_000),
)
def test_it_is_no_longer_than_there_is_room_and_counts_the_rest(sections, most, share):
    done = fitted(sections, most=most, share=share)

    shown = tables(done.lines)
    assert sum(len(line.encode()) + 1 for line in done.lines) <= most
    assert sum(len(table) - 2 for table in shown) + done.rows == sum(len(one.rows) for one in sections)
    assert len(shown) + done.sections == len(sections)
    assert all({bars(line) for line in table} == {3} for table in shown)
    assert bool(done.left_out) == bool(done.rows or done.ends)
    assert done.ends == sum(len(re.findall("…(?= \\|)", line)) for table in shown for line in table[2:])


def test_nobody_hides_a_row_behind_a_long_one():
    rows = [("|" * 299, "|" * 299), ("production", "moved")]

    done = fitted([section(rows)], most=700, share=700)

    assert "| production | moved |" in done.lines
    assert done.lines[-1] == "and 1 more row"
    assert done.left_out == "1 row"


@pytest.mark.parametrize(("is_decisive", "said"), [(False, "the end of 1 cell"), (True, "")])
def test_a_cell_without_its_end_is_counted_and_may_be_long_where_somebody_decides_by_it(is_decisive, said):
    told = Section(title="x", header=("One",), rows=[("x" * 4_000,), ("y",)], is_decisive=is_decisive)

    done = fitted([told], most=10_000, share=10_000)

    assert done.left_out == said
    assert any("x" * 4_000 in line for line in done.lines) == is_decisive


def test_what_details_leave_goes_to_what_had_not_enough():
    rows = [(f"row {number}", "x" * 100) for number in range(20)]

    done = fitted([section(rows), section([("a", "b")], detail=True)], most=10_000, share=500)

    assert done.left_out == ""


def test_details_make_way():
    many = [(f"row {number}", "x" * 100) for number in range(100)]

    done = fitted(
        [section(many, title="Detail", detail=True), section([("a", "b")], title="Decisive")],
        most=1_000,
        share=500,
    )

    assert done.lines.index("**Decisive**") > done.lines.index("**Detail**")
    assert "| a | b |" in done.lines


def reviews(text):
    return st.builds(
        _review,
        texts=st.lists(text, min_size=10, max_size=10),
        events=st.lists(text.filter(len), max_size=30),
        takes=st.sampled_from(["member of model", "admin of model", ""]),
    )


def _review(texts, events, takes):
    path, message, hint, who, objector, objection, actor, name, uncounted, why = texts
    told = [Explained(event=FileChanged(path=one), takes=takes, by=who or None) for one in events]
    judgement = Judgement(
        base="1" * 40,
        head="2" * 40,
        tree="3" * 40,
        actor=actor,
        approvers=(who,),
        uncounted=(uncounted,),
        events=tuple(told),
        found=(Found(violation=Violation(rule="x", message=message, path=path, hint=hint, able=(who,))),),
    )
    return Review(
        judgement=judgement,
        told=Told(base="1" * 40, head="2" * 40, actor=actor, authors=(who,), approved_by=(objector,)),
        why=why,
        events=ordered(told),
        awaited=(Awaited(paths=(path,), message=message, who=(who,)),),
        objections=(Objection(principal=objector, text=objection),),
        proposal=Proposal(name=name, owner=who, commit="2" * 40),
    )


CODE = re.compile(r"^- `[^`]*`$")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(review=reviews(HOSTILE))
def test_a_comment_says_no_more_than_we_do(review, tmp_path_factory):
    answer = _answer(review, tmp_path_factory)
    lines, request = ("\n".join(told).split("\n") for told in (answer.comment(), answer.request()))

    assert sum(len(line.encode()) + 1 for line in lines) <= MOST
    assert lines[0] == MARK
    assert [line for line in lines if line.startswith("#")] == [lines[1]]
    assert not any(line.startswith("#") for line in request)
    said = (*lines[1:], *request)
    told = [line.replace("&#8203;", " ") for line in said if not CODE.match(line)]
    assert not any("<" in line or re.search(r"[@#!]\w", line) for line in told)
    assert all(line == "" or line.isprintable() for line in said)
    assert all(len({bars(line) for line in table}) == 1 for table in (*tables(lines), *tables(request)))
    assert all("<" not in line and "|" not in line for line in said if CODE.match(line))


@pytest.mark.parametrize("command", ["x" * 1_400, "x" * 1_600, "`" * 200, "`" * 400, "`" * 1_600])
def test_a_command_is_there_to_its_end_or_says_that_it_is_not(command):
    shown = _command(command)

    is_whole = shown.count(command[0]) >= len(command)
    assert is_whole != shown.endswith(" … (it is longer than there is room for)")
    assert len(shown.encode()) <= 1_600


_DESKS = []


def _answer(review, factory):
    if not _DESKS:
        _DESKS.append(found(factory.mktemp("desk") / "acme"))
    with _DESKS[0].open() as catalog:
        return Answer(Summary(review, Numbers(catalog, at_hand=False)))


@given(ROWS.filter(len))
def test_on_a_terminal_a_row_is_a_line(rows):
    lines = list(text(section(rows)))

    assert len(lines) == len(rows) + 3
    assert not any("\n" in line or "\x1b" in line for line in lines)
