"""Trees of which only the middle is taken apart say what they would say if all of them was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.catalog.judging import apart as module
from git_registry.catalog.judging.apart import apart
from git_registry.catalog.judging.trees import DIRECTORY, lines, well_formed
from git_registry.errors import InvalidDocument
from git_registry.repository.objects import EMPTY_TREE

FILE, SUBMODULE = b"100644", b"160000"
ZERO = bytes(20)

IDS = st.sampled_from(
    [ZERO, b"\1" * 20, b"100644 b\x00100644 c\x0012", b"12345678901100644 m\0", b"\0" + b"a" * 19]
)
NAMES = st.one_of(
    st.integers(0, 99).map(b"m%02d".__mod__),
    st.sampled_from([b"b", b"m", b"m-", b"m.a", b"m0", b"x m50", b"m50-", b"m50.a", b"100644 m"]),
)
LINES = st.tuples(st.sampled_from([FILE, DIRECTORY, SUBMODULE]), NAMES, IDS)
ODD = st.tuples(
    st.sampled_from([FILE, DIRECTORY, b"0100644", b"100664", b"10x", b""]),
    st.one_of(NAMES, st.sampled_from([b"", b"m/a", b"m50/a"])),
    st.one_of(IDS, st.just(bytes.fromhex(EMPTY_TREE)), st.binary(max_size=30)),
)
PLENTY = [(FILE, b"m%02d" % number, ZERO) for number in range(0, 100, 2)]


def told(tree):
    return b"".join(b"%b %b\0%b" % line for line in tree)


def ordered(tree):
    by_name = {name: (mode, name, one) for mode, name, one in tree}
    return sorted(by_name.values(), key=lambda line: line[1] + b"/" * (line[0] == DIRECTORY))


@st.composite
def changed(draw):
    """Return a tree as Git would write it, and one made from it by a few changes, good or bad."""
    before = ordered([*PLENTY, *draw(st.lists(LINES, max_size=8))])
    after = list(before)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(after)))
        after[at : at + draw(st.integers(0, 2))] = draw(st.lists(st.one_of(LINES, ODD), max_size=2))
    if draw(st.booleans()):
        after = ordered(after)
    text = told(after)
    if draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.binary(max_size=3)) + text[at + draw(st.integers(0, 30)) :]
    return told(before), text


def plainly(before, after, place):
    return well_formed(lines(before), place), well_formed(lines(after), place)


def said(how, before, after):
    try:
        was, now = how(before, after, "model")
    except InvalidDocument as problem:
        return str(problem)
    return was - now, now - was


@given(changed())
def test_what_differs_and_what_is_wrong_is_what_the_whole_trees_say(trees):
    assert said(apart, *trees) == said(plainly, *trees)


def test_of_a_long_directory_only_the_middle_is_taken_apart():
    new = (FILE, b"m51", ZERO)
    before, after = told(PLENTY), told([*PLENTY[:26], new, *PLENTY[26:]])

    fewer, more = frozenset(PLENTY[25:28]), frozenset([new, *PLENTY[25:28]])
    assert apart(before, after, "") == (fewer, more)
    assert apart(after, before, "") == (more, fewer)


@pytest.mark.parametrize("at", [0, len(PLENTY)])
def test_a_line_may_come_at_either_end(at):
    new = (FILE, b"a" if at == 0 else b"z", ZERO)
    before, after = told(PLENTY), told([*PLENTY[:at], new, *PLENTY[at:]])

    was, now = apart(before, after, "")

    assert (was - now, now - was) == (set(), {new})
    assert len(now) <= 3


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_and_a_directory_of_one_name_may_be_far_apart(turned):
    between = [(FILE, b"m-%03d" % number, ZERO) for number in range(100)]
    file, directory = (FILE, b"m", ZERO), (DIRECTORY, b"m", ZERO)
    there = [*between, directory] if turned else [file, *between]

    with pytest.raises(InvalidDocument, match="a name twice") as refused:
        apart(told(there), told([file, *between, directory]), "model")
    assert refused.value.where == "model"


def test_an_id_may_look_like_the_lines_that_follow():
    # What both end with are two lines of the one, and in the other half an id, and a line of a long name.
    ends = told([(FILE, b"z", b"12345678901" + b"100644 zc"), (FILE, b"zz", ZERO)])
    before = told(PLENTY) + ends
    after = told([*PLENTY, (SUBMODULE, b"y", ends[:20])]) + ends[20:]

    was, now = apart(before, after, "")

    assert now - was == {(SUBMODULE, b"y", ends[:20]), (FILE, b"zc100644 zz", ZERO)}
    assert said(apart, before, after) == said(plainly, before, after)


def test_a_name_may_end_like_the_line_that_follows():
    before = told([(FILE, b"m60", ZERO), (FILE, b"m62", ZERO), *PLENTY[32:]])
    after = told([(FILE, b"m64100644 m62", ZERO), *PLENTY[32:]])

    for beside in (told(PLENTY[:30]), b""):
        with pytest.raises(InvalidDocument, match="out of order"):
            apart(beside + before, beside + after, "")


def test_a_tree_that_lacks_a_byte_or_has_one_more_is_refused():
    before = told(PLENTY)

    for cut in (before[:-1], before[1:], before + b"1", before[:700] + before[701:]):
        with pytest.raises(InvalidDocument):
            apart(before, cut, "")


def test_the_names_of_a_large_step_are_not_looked_for_one_by_one(monkeypatch):
    came = [(FILE, b"n%05d" % number, ZERO) for number in range(200)]

    def searched(tree, came):
        raise AssertionError(f"{len(came)} names are looked for")

    monkeypatch.setattr(module, "_elsewhere", searched)

    was, now = apart(told(PLENTY), told([*PLENTY, *came]), "")

    assert now - was == set(came)
