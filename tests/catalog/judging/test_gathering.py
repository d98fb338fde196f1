"""What a repository knows of a step besides what it changes."""

from __future__ import annotations

import pytest
from tests.flows.steps import CHURN, FIRST, SECOND, alias
from tests.hooks.hostile import BASES, DIRECTORY, FILE

from git_registry.catalog.judging.approving import by_ref, owners
from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import read_commit

PRODUCTION = f"{CHURN}/aliases/production.yaml"
THERE = {path: (FILE, text.encode()) for path, text in BASES.items()}


@pytest.fixture
def moved(world):
    """Return a function that commits production as it points at a version."""

    def move(version, *parents):
        files = {**THERE, PRODUCTION: (FILE, alias(version).encode())}
        return world.commit(world.tree(files), parents or [world.base])

    return move


@pytest.fixture
def gathered(catalog):
    def gather(commit, **more):
        step = read_commit(catalog.reader, commit, Limits()) if commit else None
        now = catalog.clock()
        return Gathered(catalog=catalog, commit=step, principal="user:bob", now=now, limits=Limits(), **more)

    return gather


def approve(world, who, commit, seen=None):
    world.store.references.create(f"refs/approvals/{who}/{seen or commit}", commit, force=True)


def propose(world, name, commit):
    world.store.references.create(f"refs/heads/proposals/{name}", commit)


def test_an_approval_holds_what_its_owner_saw(world, gathered, moved):
    proposed = moved(SECOND)
    approve(world, "ana", proposed)
    propose(world, "bob/x", proposed)

    (found,) = gathered(proposed).approvals()

    assert (found.principal, found.owners) == ("user:ana", frozenset({"user:bob"}))
    assert [(one.kind, one.before, one.after) for one in found.events] == [
        ("alias-moved", FIRST.id, SECOND.id)
    ]
    assert found.after.alias(CHURN, "production") == SECOND.id


def test_a_merge_has_the_approvals_of_what_it_merges(world, gathered, moved):
    proposed = moved(SECOND)
    merge = moved(SECOND, world.base, proposed)
    approve(world, "raj", proposed)
    approve(world, "ana", merge)
    propose(world, "bob/x", proposed)
    propose(world, "bob/y", merge)

    assert {one.principal for one in gathered(merge).approvals()} == {"user:ana", "user:raj"}


def test_what_several_approved_is_looked_at_once(world, gathered, moved):
    proposed = moved(SECOND)
    for who in ("ana", "raj"):
        approve(world, who, proposed)
    propose(world, "bob/x", proposed)

    ana, raj = gathered(proposed).approvals()

    assert {ana.principal, raj.principal} == {"user:ana", "user:raj"}
    assert ana.after is raj.after


def test_what_does_not_say_whose_and_of_what_is_none(world, gathered, moved):
    proposed, other = moved(SECOND), moved(FIRST)
    approve(world, "ana", other, seen=proposed)
    approve(world, "-ana", proposed)
    approve(world, "service.ci", proposed)
    propose(world, "bob/x", proposed)

    assert [one.principal for one in gathered(proposed).approvals()] == ["service:ci"]


def test_what_nobody_proposes_any_more_has_none(world, gathered, moved):
    proposed, amended = moved(SECOND), moved(FIRST)
    approve(world, "ana", proposed)
    propose(world, "bob/x", amended)
    propose(world, "-bad/x", proposed)

    assert gathered(proposed).approvals() == ()


def test_where_refs_do_not_count_only_what_was_told_does(world, gathered, moved):
    proposed = moved(SECOND)
    approve(world, "ana", proposed)
    propose(world, "bob/x", proposed)

    assert gathered(proposed).approvals()
    assert gathered(proposed, by_refs=False).approvals() == ()
    assert gathered(None).approvals() == ()


def test_a_proposal_that_can_not_be_looked_at_is_one_that_nobody_saw(world, catalog):
    tree = world.tree({"x": (FILE, b"")})
    for _ in range(12):
        tree = world.lines([(DIRECTORY, name, tree) for name in (b"a", b"b")])
    bomb = world.commit(tree, [world.base])
    approve(world, "ana", bomb)
    propose(world, "bob/x", bomb)

    assert list(by_ref(catalog, read_commit(catalog.reader, bomb, Limits()), Limits())) == []


def test_what_an_alias_held_before_is_where_it_last_moved(world, gathered, moved):
    first = moved(SECOND)
    second = world.commit(world.root(first), [first])
    third = moved(FIRST, second)

    assert gathered(moved(SECOND, third)).previous(CHURN, "production") == SECOND.id
    assert gathered(third).previous(CHURN, "production") == FIRST.id
    assert gathered(first).previous(CHURN, "production") is None
    assert gathered(world.base).previous(CHURN, "production") is None
    assert gathered(third).previous(CHURN, "nothing") is None


def test_to_spell_an_alias_otherwise_does_not_move_it(world, gathered, moved):
    first = moved(SECOND)
    spelled = {
        **THERE,
        PRODUCTION: (FILE, f"# {alias(SECOND)}".replace("# format", "# ours\nformat").encode()),
    }
    respelled = world.commit(world.tree(spelled), [first])

    assert (
        gathered(world.commit(world.root(respelled), [respelled])).previous(CHURN, "production") == FIRST.id
    )


def test_a_renamed_collection_has_the_past_of_its_aliases(world, gathered, moved):
    def renamed(before, after, tip, *, production):
        named = BASES[f"{CHURN}/collection.yaml"] + f"renamed_from: {before}\n"
        files = {**BASES, PRODUCTION: alias(production), f"{CHURN}/collection.yaml": named}
        there = {path.replace(f"{CHURN}/", f"{after}/"): text for path, text in files.items()}
        return world.commit(world.tree({path: (FILE, text.encode()) for path, text in there.items()}), [tip])

    def previous(tip, collection):
        return gathered(world.commit(world.root(tip), [tip])).previous(collection, "production")

    leaving = renamed(CHURN, "model/leaving", moved(SECOND), production=SECOND)
    twice = renamed("model/leaving", "model/gone", leaving, production=SECOND)
    moving = renamed("model/leaving", "model/gone", leaving, production=FIRST)

    assert [previous(leaving, "model/leaving"), previous(twice, "model/gone")] == [FIRST.id, FIRST.id]
    assert previous(moving, "model/gone") == SECOND.id
    assert previous(twice, CHURN) == SECOND.id
    apart = renamed("model/other", "model/leaving", moved(SECOND), production=SECOND)
    assert previous(apart, "model/leaving") is None


def test_a_commit_without_a_signature_has_no_key(world, gathered):
    assert gathered(world.base).signing_key() is None
    assert gathered(None).signing_key() is None


def test_owners_are_those_of_the_proposals_there(world, catalog, moved):
    one = moved(SECOND)
    for name in ("bob/x", "service.ci/y", "-bad/z"):
        propose(world, name, one)
    world.store.references.create("refs/heads/other", one)

    assert owners(catalog, one) == {"user:bob", "service:ci"}
    assert owners(catalog, world.base) == frozenset()
