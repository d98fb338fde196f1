"""The steps that a push would add, and commits that are none as Git makes them."""

from __future__ import annotations

import pytest
from tests.hooks.hostile import COMMITTER

from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import line, read_commit, require_sound
from git_registry.errors import InvalidDocument
from git_registry.repository.objects import EMPTY_TREE


@pytest.fixture
def after(world):
    """Return a function that makes a commit with the base's tree after other commits."""
    return lambda *parents, text=None: world.commit(world.root(world.base), parents, text)


def test_steps_are_the_first_parents_the_oldest_first(world, catalog, after):
    one = after(world.base)
    aside = after(world.base, text=b"author A <> 1 +0000\n" + COMMITTER + b"\n\nAside\n")
    two = after(one, aside)

    found = line(catalog.reader, two, world.base, Limits())

    assert [step.id for step in found.steps] == [one, two]
    assert [step.is_merge for step in found.steps] == [False, True]
    assert found.steps[1].parents == (one, aside)
    assert (found.forward, found.before) == (True, world.root(world.base))
    assert [step.committed for step in found.steps] == [1790000000, 1790000000]


def test_from_nothing_all_are_steps(world, catalog):
    found = line(catalog.reader, world.base, None, Limits())

    assert [step.id for step in found.steps] == [world.base]
    assert (found.forward, found.before) == (True, EMPTY_TREE)


def test_a_tip_that_stays_has_no_steps(world, catalog):
    found = line(catalog.reader, world.base, world.base, Limits())

    assert found.steps == ()
    assert found.forward


def test_a_foxtrot_does_not_go_forward(world, catalog, after):
    found = line(catalog.reader, after(world.project, world.base), world.base, Limits())

    assert found.steps == ()
    assert not found.forward


def test_more_steps_than_are_looked_at_are_refused(world, catalog, after):
    tip = after(after(after(world.base)))

    assert len(line(catalog.reader, tip, world.base, Limits(commits=3)).steps) == 3
    with pytest.raises(InvalidDocument, match="more than 2 commits"):
        line(catalog.reader, tip, world.base, Limits(commits=2))


def test_a_commit_says_all_of_itself(world, catalog, after):
    text = (
        b"author \xe4\xf6 <a@b> 5 -0730\n" + COMMITTER + b"\nencoding latin1\n\nm\xe4\n\ntree x\nparent y\n"
    )
    commit = read_commit(catalog.reader, after(world.base, text=text), Limits())

    assert commit.parents == (world.base,)
    assert commit.text.endswith(text)


MALFORMED = [
    b"",
    COMMITTER + b"\n\nno author",
    b"author A <a@b> 1 +0000\n\nno committer",
    b"author A <a@b>\n" + COMMITTER + b"\n\nno date",
    b"author \xff\xfe\n" + COMMITTER + b"\n\nneither mail nor date",
    b"author A a@b> 1 +0000\n" + COMMITTER + b"\n\nhalf a mail",
    b"author A <a@b> 1 +0000\ncommitter A <a@b 1790000000 +0000\n\nhalf a mail",
    b"author A <a@b> 1 +0000\n" + COMMITTER.replace(b"1790000000", b"9" * 13) + b"\n\n",
    b"author A <a@b> 1 +0000\n" + COMMITTER.replace(b"1790000000", b"-5") + b"\n\n",
    b"author A <a@b> 1 +0000\n" + COMMITTER + b"\nparent " + b"1" * 40 + b"\n\nlate",
    b"author A <a@b> 1 +0000\nauthor B <a@b> 1 +0000\n" + COMMITTER + b"\n\ntwo",
    b"author A\0<a@b> 1 +0000\n" + COMMITTER + b"\n\nNUL",
]


@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_what_git_would_not_write_is_refused(world, catalog, after, text):
    with pytest.raises(InvalidDocument, match="the commit is malformed"):
        read_commit(catalog.reader, after(world.base, text=text or b"\n"), Limits())


@pytest.fixture
def merging(world, catalog, after):
    """Return a function that looks at what a merge of commits brings."""

    def look(*others, **more):
        limits, tip = Limits(**more), after(world.base, *others)
        found = line(catalog.reader, tip, world.base, limits)
        require_sound(catalog, tip, [world.base], limits, steps=found.steps)

    return look


def test_what_a_merge_brings_is_read_as_strictly(world, after, merging):
    malformed = after(world.base, text=MALFORMED[-2])
    for others in ((malformed,), (after(malformed),), (after(world.base), malformed)):
        with pytest.raises(InvalidDocument, match="the commit is malformed"):
            merging(*others)


def test_what_was_there_before_is_not_read_again(world, catalog, after):
    malformed = after(world.base, text=MALFORMED[-2])
    merge = after(world.base, after(malformed))

    require_sound(catalog, merge, [world.base, malformed], Limits())


def test_a_merge_brings_as_many_commits_as_are_looked_at(world, after, merging):
    text = b"author B <> 1 +0000\n" + COMMITTER + b"\n\nAside\n"
    tip = world.base
    for _ in range(3):
        tip = after(tip, text=text)

    merging(tip, commits=3)
    with pytest.raises(InvalidDocument, match="its merges bring more than 2 commits"):
        merging(tip, commits=2)


def test_a_huge_commit_is_not_read(world, catalog, after):
    with pytest.raises(InvalidDocument, match="at most 200 are read"):
        read_commit(
            catalog.reader,
            after(world.base, text=b"author A <> 1 +0000\n" + COMMITTER + b"\n\n" + b"m" * 300),
            Limits(commit=200),
        )
