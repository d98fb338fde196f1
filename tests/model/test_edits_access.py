"""Who may see a registry, and who is a member with which role, as pure steps."""

from __future__ import annotations

import pytest
from tests.model.memory import MemoryTree

from git_registry.errors import NotFound, Refused, UsageError
from git_registry.model.diff import diff
from git_registry.model.documents.access import Access, Gate, Protection
from git_registry.model.documents.registry import Registry
from git_registry.model.edits import access as edits
from git_registry.model.snapshot import Snapshot

PROTECTED = {"production": Protection()}


def registry(access=None):
    files = {"model/registry.yaml": Registry()}
    return files | ({"model/access.yaml": access} if access else {})


def events(before, changes):
    after = Snapshot(MemoryTree(before | dict(changes)))
    return [(one.kind, one.before, one.after) for one in diff(Snapshot(MemoryTree(before)), after)]


def test_a_role_is_granted_changed_and_revoked_and_the_rest_stays():
    before = registry(Access(members={"user:eve": "admin"}, protected_aliases=PROTECTED))
    now = Snapshot(MemoryTree(before))

    granted = edits.grant(now, "model", "team:nlp", "member")
    changed = edits.grant(now, "model", "user:eve", "viewer")
    revoked = edits.revoke(now, "model", "user:eve")

    assert events(before, granted) == [("member-added", None, "member")]
    assert events(before, changed) == [("role-changed", "admin", "viewer")]
    assert events(before, revoked) == [("member-removed", "admin", None)]
    assert edits.grant(now, "model", "user:eve", "admin") == {}


def test_the_first_member_begins_the_document():
    now = Snapshot(MemoryTree(registry()))

    assert edits.grant(now, "model", "user:eve", "viewer") == {
        "model/access.yaml": Access(members={"user:eve": "viewer"})
    }


def test_a_registry_becomes_restricted_and_stays_so():
    before = registry(Access(protected_aliases=PROTECTED))
    now = Snapshot(MemoryTree(before))
    restricted = edits.set_visibility(now, "model", "restricted")

    assert edits.visibility(now, "model") == "organization"
    assert edits.set_visibility(now, "model", "organization") == {}
    assert events(before, restricted) == [("visibility-changed", "organization", "restricted")]

    after = Snapshot(MemoryTree(before | dict(restricted)))
    assert edits.visibility(after, "model") == "restricted"
    assert edits.set_visibility(after, "model", "restricted") == {}
    with pytest.raises(Refused, match="model: a restricted registry stays restricted"):
        edits.set_visibility(after, "model", "organization")


@pytest.mark.parametrize(
    ("edit", "given", "error", "said"),
    [
        (edits.grant, ("model", "eve", "viewer"), UsageError, "expected a principal"),
        (edits.grant, ("model", "user:eve", "owner"), UsageError, "expected a role"),
        (edits.grant, ("nothing", "user:eve", "viewer"), NotFound, "nothing"),
        (edits.revoke, ("model", "user:eve"), NotFound, "user:eve is no member"),
        (edits.set_visibility, ("model", "public"), UsageError, "expected organization or restricted"),
        (edits.set_visibility, ("nothing", "restricted"), NotFound, "nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(edit, given, error, said):
    now = Snapshot(MemoryTree(registry(Access(members={"user:ada": "admin"}))))

    with pytest.raises(error, match=said):
        edit(now, *given)


def test_who_is_no_member_is_told_who_is():
    now = Snapshot(MemoryTree(registry(Access(members={"user:ada": "admin"}))))

    with pytest.raises(NotFound) as missing:
        edits.revoke(now, "model", "user:eve")

    assert missing.value.hint == "its members: user:ada"


def protected(now):
    return now.access("model").protected_aliases


def gates(now, alias="production"):
    return protected(now)[alias].gates


def laid(now, changes):
    return Snapshot(MemoryTree(now.tree.files | dict(changes)))


HOLDS, SIGNED = Gate(holds="staging"), Gate(signed=True)
AUC, LOSS = Gate(metrics={"auc": {"$gte": 0.9}}), Gate(metrics={"loss": {"$lt": 1}})


def test_an_alias_is_protected_and_its_gates_stand_in_the_order_of_the_document():
    now = Snapshot(MemoryTree(registry()))

    bare = laid(now, edits.protect(now, "model", "production"))
    gated = laid(bare, edits.protect(bare, "model", "production", [SIGNED, AUC, HOLDS]))

    assert gates(bare) == ()
    assert edits.protect(bare, "model", "production") == {}
    assert gates(gated) == (HOLDS, AUC, SIGNED)
    assert events(bare.tree.files, {"model/access.yaml": gated.access("model")}) == [
        ("gates-changed", Protection(), Protection(gates=(HOLDS, AUC, SIGNED)))
    ]


def test_a_gate_takes_the_place_of_its_kind_and_the_others_stay():
    before = registry(Access(protected_aliases={"production": Protection(gates=(HOLDS, AUC, SIGNED))}))
    now = Snapshot(MemoryTree(before))

    assert gates(laid(now, edits.protect(now, "model", "production", [LOSS]))) == (HOLDS, LOSS, SIGNED)
    assert gates(laid(now, edits.protect(now, "model", "production", without=["holds", "signed"]))) == (AUC,)
    assert gates(laid(now, edits.protect(now, "model", "production", [LOSS], without=["metrics"]))) == (
        HOLDS,
        LOSS,
        SIGNED,
    )
    assert edits.protect(now, "model", "production") == {}


def test_a_gate_that_a_newer_version_wrote_stays():
    moon = Gate(extra={"moon": "full"})
    now = Snapshot(MemoryTree(registry(Access(protected_aliases={"production": Protection(gates=(moon,))}))))

    assert gates(laid(now, edits.protect(now, "model", "production", [HOLDS]))) == (HOLDS, moon)


def test_a_protected_alias_is_the_same_whatever_its_case():
    now = Snapshot(MemoryTree(registry(Access(protected_aliases={"Production": Protection(gates=(HOLDS,))}))))

    assert set(protected(laid(now, edits.protect(now, "model", "production", [SIGNED])))) == {"Production"}
    assert protected(laid(now, edits.unprotect(now, "model", "production"))) == {}


def test_an_alias_that_is_not_protected_or_is_none():
    now = Snapshot(MemoryTree(registry(Access(protected_aliases=PROTECTED))))

    with pytest.raises(NotFound, match="the alias staging is not protected") as told:
        edits.unprotect(now, "model", "staging")
    assert told.value.hint == "protected are production"
    with pytest.raises(UsageError, match="'latest' is computed"):
        edits.protect(now, "model", "latest")
