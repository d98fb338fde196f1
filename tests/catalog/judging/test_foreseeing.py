"""What merging a proposal would do, before anybody does it."""

from __future__ import annotations

import pytest
from tests.hooks.hostile import COMMITTER

from git_registry.catalog.judging.foreseeing import Foreseen
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import InvalidDocument


@pytest.fixture
def foreseen(world, catalog):
    """Return what is said of merging a commit into the base."""

    def foresee(head):
        rules = rules_at(catalog, world.base)
        return Foreseen(catalog, rules, world.base, head, catalog.clock()).violations("user:ana")

    return foresee


def test_a_commit_that_no_server_would_take_is_told_before(world, foreseen):
    root = world.root(world.base)
    fine = world.commit(root, [world.base])
    absurd = world.commit(
        root, [world.base], b"author A <> 1 +0000\n" + COMMITTER.replace(b"179", b"9" * 9) + b"\n\n"
    )

    assert foreseen(fine) == ()
    for head in (absurd, world.commit(root, [absurd])):
        with pytest.raises(InvalidDocument, match="the commit is malformed"):
            foreseen(head)
