"""Gates, one by one: what lets a protected alias point at a version, and what doesn't."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.model.memory import snapshot
from tests.policy.acme import (
    ACCESS,
    CHURN,
    FILES,
    ORGANIZATION,
    A,
    B,
    C,
    alias_at,
    files_of,
    judge,
    linked,
    manifest,
    pointing,
    rules,
)

from git_registry.errors import UsageError
from git_registry.model import events as e
from git_registry.model.digest import Digest
from git_registry.model.documents.access import Approvals, Gate, Protection
from git_registry.model.documents.manifest import FileList
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.organization import Identity
from git_registry.policy.case import Case
from git_registry.policy.evaluate import evaluate
from git_registry.policy.evidence import Approval, Known
from git_registry.policy.gates import Move, conditions, outcome

NAN, INF = float("nan"), float("inf")

BEFORE = files_of(
    FILES,
    {
        linked(A): manifest("aa", metrics={"auc": 0.8}),
        linked(B): manifest("bb", metrics={"auc": 0.9}, metadata={"framework": "xgboost"}),
        alias_at("production"): pointing(A),
        alias_at("staging"): pointing(B),
    },
)
MOVED = e.AliasMoved(path=CHURN, alias="production", before=A, after=B)


def notes_of(version):
    return linked(version).replace(".yaml", ".notes.yaml")


def gated(*gates, alias="production"):
    return rules(access=replace(ACCESS, protected_aliases={alias: Protection(gates=gates)}))


def through(*gates, event=MOVED, before=None, after=None, who="user:alice", ruling=None, **known):
    """Return what gates say of a move: "" if they let it pass."""
    was = files_of(BEFORE, before or {})
    now = files_of(was, {alias_at(event.alias): pointing(event.after), **(after or {})})
    verdict = judge(ruling or gated(*gates), event, who, before=was, after=now, **known)
    assert all(one.event == event for one in verdict.violations)
    return "; ".join(f"{one.rule}: {one.message}" for one in verdict.violations)


def test_without_gates_the_role_is_all():
    assert through() == ""


def test_all_gates_have_to_be_passed_and_each_that_is_not_is_told():
    said = through(Gate(holds="staging"), Gate(metrics={"auc": {"$gt": 1}}), Gate(content="sha256"))

    assert said == (
        'gate metrics: production may point at bbbbbbbb only if metrics are {"auc": {"$gt": 1}}; auc is 0.9'
    )


def test_gates_are_those_of_the_alias_whatever_its_case():
    event = e.AliasAdded(path=CHURN, alias="Production", after=A)

    assert "holds" not in through(Gate(holds="staging"), event=replace(event, after=B))
    assert through(Gate(holds="staging"), event=event).startswith("gate holds: Production may point at")


@pytest.mark.parametrize("order", [("Production", "production"), ("production", "Production")])
def test_an_alias_protected_twice_goes_through_the_gates_of_both(order):
    gates = {"Production": (), "production": (Gate(holds="dev"),)}
    twice = {name: Protection(gates=gates[name]) for name in order}

    assert through(ruling=rules(access=replace(ACCESS, protected_aliases=twice))).startswith("gate holds")


def test_an_alias_without_protection_goes_through_no_gate():
    assert through(Gate(signed=True), event=e.AliasAdded(path=CHURN, alias="eu", after=A)) == ""


# an alias that goes

REMOVED = e.AliasRemoved(path=CHURN, alias="production", before=A)
GONE = files_of(BEFORE, {alias_at("production"): None})


def removing(*gates, event=REMOVED, ruling=None, after=GONE, **known):
    verdict = judge(ruling or gated(*gates), event, "user:alice", before=BEFORE, after=after, **known)
    return "; ".join(map(str, verdict.violations))


@pytest.mark.parametrize(
    "gate",
    [
        Gate(holds="staging"),
        Gate(metrics={"auc": {"$gte": 2}}),
        Gate(metadata={"reviewed": True}),
        Gate(content="sha256"),
    ],
)
def test_an_alias_that_goes_has_no_version_to_ask_anything_of(gate):
    assert removing(gate) == ""


def test_an_alias_that_goes_takes_the_approvals_that_moving_it_takes():
    assert removing(asking()) == (
        "model/churn: production may be removed only if 1 approval by admin of model; nobody approved"
    )
    assert removing(asking(), given=approved("user:lea", event=REMOVED)) == ""
    assert removing(asking(), given=approved("user:lea")) != ""  # of something else
    assert removing(asking(), forge=True) == ""


def test_an_alias_that_goes_takes_the_signature_that_moving_it_takes():
    assert removing(ruling=signing(), key="SHA256:alice") == ""
    assert removing(ruling=signing()).startswith("model/churn: production may be removed only if the commit")


def test_a_gate_that_is_not_understood_lets_no_alias_go_either():
    assert "a gate that this version does not know" in removing(Gate(holds="staging", extra={"moon": "full"}))


def test_who_unlinks_a_version_or_deletes_a_collection_removes_its_aliases():
    unlinked = [e.VersionUnlinked(path=CHURN, version=A, before="1" * 40), REMOVED]
    deleted = [*unlinked, e.CollectionDeleted(path=CHURN, before="model")]

    for happened in (unlinked, deleted):
        verdict = judge(gated(asking()), happened, "user:alice", before=BEFORE, after=GONE)
        assert [(one.rule, one.event) for one in verdict.violations] == [("gate approvals", REMOVED)]
        assert verdict.word == "needs approval"


# holds


def test_holds_asks_where_the_other_alias_was_before_the_step():
    assert through(Gate(holds="staging")) == ""
    assert through(Gate(holds="staging"), before={alias_at("staging"): pointing(A)}).startswith(
        "gate holds: production may point at bbbbbbbb only if staging points at it before, or production "
        "did just before; staging points at aaaaaaaa"
    )


def test_holds_is_not_met_by_what_the_same_step_sets():
    both = through(
        Gate(holds="staging"),
        before={alias_at("staging"): None},
        after={alias_at("staging"): pointing(B)},
    )

    assert both.endswith("; staging points at nothing")


def test_holds_lets_an_alias_back_to_where_it_just_was():
    back = {(CHURN, "production"): B}

    assert through(Gate(holds="staging"), before={alias_at("staging"): None}, held_before=back) == ""
    assert through(
        Gate(holds="staging"), before={alias_at("staging"): None}, held_before={(CHURN, "production"): C}
    )


@pytest.mark.parametrize(
    ("staging", "found", "names"),
    [(A, "production pointed at bbbbbbbb just before", B), (B, "staging points at bbbbbbbb", B)],
)
def test_holds_tells_what_it_was_met_by(staging, found, names):
    before = files_of(BEFORE, {alias_at("staging"): pointing(staging)})
    after = files_of(before, {alias_at("production"): pointing(B)})
    known = Known(principal="user:alice", held_before={(CHURN, "production"): B})
    case = Case(before=snapshot(before), after=snapshot(after), rules=gated(), evidence=known)
    move = Move(case=case, event=MOVED, collection=CHURN, was=CHURN, alias="production", pointed=A, version=B)

    told = outcome(Gate(holds="staging"), move)

    assert (told.passed, told.found, told.versions) == (True, found, (names,))


def test_a_new_alias_is_no_way_back():
    added = e.AliasAdded(path=CHURN, alias="production", after=B)
    gone = {alias_at("staging"): None, alias_at("production"): None}

    assert through(
        Gate(holds="staging"), event=added, before=gone, held_before={(CHURN, "production"): B}
    ).startswith("gate holds")


def test_holds_cannot_be_judged_if_the_other_alias_cannot_be_read():
    assert "the gate holds can be judged" in through(Gate(holds="staging"), before={alias_at("staging"): "?"})


# metrics and metadata


@pytest.mark.parametrize(
    ("asked", "metrics", "passes"),
    [
        ({"auc": {"$gte": 0.9}}, {"auc": 0.9}, True),
        ({"auc": {"$gte": 0.9}}, {"auc": 0.89}, False),
        ({"auc": {"$gte": 0.9}}, {}, False),
        ({"auc": {"$gte": 0.9}}, {"auc": NAN}, False),
        ({"auc": {"$gte": 0.9}}, {"auc": INF}, False),
        ({"loss": {"$lt": 1}}, {"loss": -INF}, False),
        ({"loss": {"$not": {"$gt": 1}}}, {"loss": NAN}, False),
        ({"loss": {"$ne": 1}}, {"loss": NAN}, False),
        ({"auc": {"$exists": True}}, {"auc": NAN}, False),
        ({"auc": {"$gte": 0.9}, "loss": {"$lt": 1}}, {"auc": 0.95, "loss": 2}, False),
        ({"$or": [{"auc": {"$gte": 0.9}}, {"f1": {"$gte": 0.9}}]}, {"f1": 0.9}, True),
        ({"$or": [{"auc": {"$gte": 0.9}}, {"f1": {"$gte": 0.9}}]}, {"f1": 0.9, "auc": INF}, False),
        ({"val.auc": {"$gte": 0.9}}, {"val.auc": 0.9}, True),
        ({"val.auc": {"$gte": 0.9}}, {"val.auc": INF}, False),
        ({"auc": {"$above": 0.9}}, {"auc": 1}, False),
        ({"$where": "1"}, {"auc": 1}, False),
        ({"auc": {"$gte": "much"}}, {"auc": 1}, False),
    ],
)
def test_metrics(asked, metrics, passes):
    found = through(Gate(metrics=asked), after={linked(B): manifest("bb", metrics=metrics)})

    assert (found == "") == passes


def test_notes_win_over_the_manifest_and_are_read_after_the_step():
    gate = Gate(metrics={"auc": {"$gte": 0.95}})

    assert "auc is 0.9" in through(gate)
    assert through(gate, after={notes_of(B): Notes(metrics={"auc": 0.97})}) == ""
    assert "auc is 0.1" in through(
        Gate(metrics={"auc": {"$gte": 0.9}}), before={notes_of(B): Notes(metrics={"auc": 0.1})}
    )
    assert "auc is nan" in through(
        Gate(metrics={"auc": {"$gte": 0.9}}), after={notes_of(B): Notes(metrics={"auc": NAN})}
    )


@pytest.mark.parametrize(
    ("asked", "metadata", "passes"),
    [
        ({"framework": "xgboost"}, {"framework": "xgboost"}, True),
        ({"framework": "xgboost"}, {"framework": "torch"}, False),
        ({"framework": {"$in": ["torch", "jax"]}}, {"framework": "jax"}, True),
        ({"data.rows": {"$gte": 100}}, {"data": {"rows": 100}}, True),
        ({"data.rows": {"$gte": 100}}, {"data": {"rows": INF}}, False),
        ({"folds.0": {"$gt": 1}}, {"folds": [INF, 2]}, False),
        ({"folds.1": {"$gt": 1}}, {"folds": [INF, 2]}, True),
        ({"folds": {"$gt": 1}}, {"folds": [INF, 2]}, False),
        ({"runs.auc": {"$gt": 0.5}}, {"runs": [{"auc": 0.9}, {"auc": NAN}]}, False),
        ({"a.b.c": {"$gt": 0}}, {"a.b": {"c": INF}}, False),
        ({"a.b.c": {"$gt": 0}}, {"a": {"b.c": 1}}, True),
        ({"reviewed": True}, {"reviewed": 1}, False),
        ({"reviewed": True}, {}, False),
    ],
)
def test_metadata(asked, metadata, passes):
    found = through(Gate(metadata=asked), after={linked(B): manifest("bb", metadata=metadata)})

    assert (found == "") == passes


@pytest.mark.parametrize(
    ("name", "facts", "said"),
    [
        ("eval.auc", {"eval.auc": 0.95, "eval": {"auc": 0.2}}, "eval.auc is there more than once: 0.2, 0.95"),
        ("eval.auc", {"eval": [{"auc": 0.95}, {"auc": 0.2}]}, "eval.auc is there more than once: 0.95, 0.2"),
        ("eval.auc", {"eval.auc": 0.2, "eval": "none"}, "eval.auc is 0.2"),
    ],
)
def test_what_is_shown_is_what_is_judged(name, facts, said):
    gate = Gate(metadata={name: {"$gte": 0.9}})

    assert through(gate, after={linked(B): manifest("bb", metadata=facts)}).endswith(f"; {said}")
    (first, one), *rest = facts.items()
    parted = {linked(B): manifest("bb", metadata={first: one}), notes_of(B): Notes(metadata=dict(rest))}
    assert through(gate, after=parted).endswith(f"; {said}")


def test_a_value_beside_a_key_of_the_same_beginning_hides_nothing():
    facts = {"loss": 0.3, "loss.val": 0.4}

    for asked in ({"loss.val": {"$exists": False}}, {"loss.val": None}, {"loss.val": {"$lt": 0.4}}):
        assert through(Gate(metrics=asked), after={linked(B): manifest("bb", metrics=facts)}).endswith(
            "; loss.val is 0.4"
        )
    both = Gate(metrics={"loss": 0.3, "loss.val": 0.4})
    assert through(both, after={linked(B): manifest("bb", metrics=facts)}) == ""


def test_what_cannot_be_read_lets_nothing_pass():
    gate = Gate(metrics={"auc": {"$gte": 0}})

    assert "the gate metrics can be judged" in through(gate, after={linked(B): "no manifest"})
    assert "version bbbbbbbb is not linked" in through(gate, after={linked(B): None})
    assert "the gate metrics can be judged" in through(gate, after={notes_of(B): "no notes"})


@pytest.mark.parametrize(
    ("gate", "where"),
    [
        (Gate(metrics={"auc": {"$above": 1}}), "metrics"),
        (Gate(metrics={"auc": {"$gte": "much"}}), "metrics"),
        (Gate(metadata={"$where": "1"}), "metadata"),
    ],
)
def test_conditions_that_cannot_be_read_are_told_when_they_are_written(gate, where):
    with pytest.raises(UsageError) as told:
        conditions(gate)

    assert told.value.where.startswith(where)


# content

LIST = {"uri": "s3://acme-ml/list", "digest": Digest.parse(f"sha256:{'1' * 64}"), "count": 101}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (manifest("bb"), ""),
        (manifest("bb", digest="etag:abc"), "1 known otherwise, such as 'model.bin'"),
        (manifest("bb", digest="md5:" + "0" * 32), "1 known otherwise, such as 'model.bin'"),
        (replace(manifest("bb"), files=None, file_list=FileList(**LIST, content="sha256")), ""),
        (
            replace(manifest("bb"), files=None, file_list=FileList(**LIST)),
            "its file list does not say that all files are",
        ),
    ],
)
def test_content(made, said):
    found = through(Gate(content="sha256"), after={linked(B): made})

    assert found == (
        f"gate content: production may point at bbbbbbbb only if every file is known by its sha256; {said}"
        if said
        else ""
    )


# signed

KEYS = {
    "user:alice": Identity(ssh=("SHA256:alice",)),
    "user:mia": Identity(ssh=("SHA256:mia",)),
    "user:lea": Identity(ssh=("SHA256:lea", "SHA256:both")),
    "service:train": Identity(ssh=("SHA256:train", "SHA256:both")),
}


def signing(**organization):
    gates = {"production": Protection(gates=(Gate(signed=True),))}
    return rules(
        access=replace(ACCESS, protected_aliases=gates),
        organization=replace(ORGANIZATION, identities=KEYS, **organization),
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("SHA256:alice", ""),
        ("SHA256:lea", ""),
        ("SHA256:mia", "it is signed by user:mia"),
        ("SHA256:train", "it is signed by service:train"),
        ("SHA256:stranger", "it is signed by SHA256:stranger, whose key that is nobody says"),
        ("SHA256:both", "it is signed by SHA256:both, whose key that is nobody says"),
        (None, "the commit has no good signature by an ssh key"),
    ],
)
def test_signed(key, said):
    found = through(ruling=signing(), key=key)

    assert found == (
        "gate signed: production may move only if the commit is signed by an admin of model; " + said
        if said
        else ""
    )


# approvals


def approved(*names, event=MOVED, after=None, owners=("user:mia",)):
    left = pointing(event.after) if event.after else None
    seen = snapshot(files_of(BEFORE, {alias_at(event.alias): left, **(after or {})}))
    return tuple(
        Approval(principal=one, events=frozenset({event}), after=seen, owners=frozenset(owners))
        for one in names
    )


def asking(**asked):
    return Gate(approvals=Approvals(**asked))


@pytest.mark.parametrize(
    ("asked", "by", "passes"),
    [
        ({}, ["user:lea"], True),
        ({}, [], False),
        ({}, ["user:mia"], False),  # a member's does not count
        ({"role": "member"}, ["user:mia"], True),
        ({"role": "member"}, ["user:vera"], False),
        ({"count": 2}, ["user:lea"], False),
        ({"count": 2}, ["user:lea", "user:lea"], False),  # nobody counts twice
        ({"count": 2}, ["user:lea", "user:oda"], True),
        ({}, ["service:train"], False),
        ({"role": "viewer"}, ["github:mallory"], False),
        ({"role": "viewer"}, ["team:nlp"], False),
    ],
)
def test_approvals_count_by_role_and_person(asked, by, passes):
    assert (through(asking(**asked), given=approved(*by)) == "") == passes


@pytest.mark.parametrize(
    ("by", "who", "owners", "passes"),
    [
        ("user:lea", "user:alice", ["user:mia"], True),
        ("user:alice", "user:alice", ["user:mia"], False),  # who pushes
        ("user:lea", "user:alice", ["user:lea"], False),  # whose proposal it is
        ("user:lea", "user:alice", ["user:lea", "user:mia"], False),
        ("user:lea", "user:alice", [], False),  # nobody can say whose it is
    ],
)
def test_not_author(by, who, owners, passes):
    given = approved(by, owners=owners)

    assert (through(asking(not_author=True), who=who, given=given) == "") == passes
    assert through(asking(), who=who, given=given) == ""


def test_an_approval_that_is_missing_says_who_could_give_it_and_can_be_lifted():
    now = files_of(BEFORE, {alias_at("production"): pointing(B)})
    ruling = rules(
        access=replace(
            ACCESS, protected_aliases={"production": Protection(gates=(asking(count=2, role="member"),))}
        ),
        organization=ORGANIZATION,
    )

    verdict = judge(ruling, MOVED, "user:alice", before=BEFORE, after=now, given=approved("user:zoe"))

    (one,) = verdict.violations
    assert verdict.word == "needs approval"
    assert one.message.endswith("only if 2 approvals by member of model; user:zoe has not that role")
    assert "user:mia" in one.able
    assert (one.more, one.given) == (2, ())

    given = approved("user:mia")
    (one,) = judge(ruling, MOVED, "user:alice", before=BEFORE, after=now, given=given).violations
    assert one.message == "production may move only if 2 approvals by member of model; approved by user:mia"
    assert (one.more, one.given) == (1, ("user:mia",))
    assert "user:mia" not in one.able, "nobody approves twice"


@pytest.mark.parametrize(
    ("path", "then", "what"),
    [
        (notes_of(B), Notes(tags=("eu",)), "the version's notes are others"),
        (linked(B), manifest("bb", metrics={"auc": 0.91}), "the version is another"),
    ],
)
def test_an_approval_of_a_version_that_is_another_by_now_says_so(path, then, what):
    given = approved("user:lea", after={path: then})

    assert through(asking(), given=given).endswith(
        f"; user:lea approved it, and {what} by now: it is to be proposed again"
    )
    assert through(asking(), given=(*given, *approved("user:oda"))) == ""


class Unasked(Known):
    """Evidence whose approvals nobody may ask for."""

    def approvals(self):
        raise AssertionError("nobody counts what is left to the forge")


def test_what_is_left_to_the_forge_is_not_counted():
    evidence = Unasked(principal="user:alice", forge=True)
    now = snapshot(files_of(BEFORE, {alias_at("production"): pointing(B)}))

    assert evaluate(gated(asking()), [MOVED], snapshot(BEFORE), now, evidence).is_allowed


def test_a_forge_that_asks_for_approvals_itself_lifts_that_gate_and_no_other():
    assert through(asking(count=3), forge=True) == ""
    assert through(asking(count=3), Gate(signed=True), forge=True).startswith("gate signed")


# gates that nobody here knows


@pytest.mark.parametrize(
    "gate",
    [
        Gate(),
        Gate(signed=False),
        Gate(extra={"moon": "full"}),
        Gate(holds="staging", extra={"moon": "full"}),
        Gate(holds="staging", signed=True),  # only one of them would be judged
    ],
)
def test_a_gate_that_is_not_understood_lets_nothing_pass(gate):
    assert through(gate).endswith("only if a gate that this version does not know")


# a collection that comes from another registry


THERE = "dataset/churn"
RENAMED = e.CollectionRenamed(path=THERE, before=CHURN, after=THERE)


def renamed(there=(), here=(), aliases=("production",), **known):
    """Return what is said of a renaming from a registry whose production has gates to one that has others."""
    files = {path: one for path, one in BEFORE.items() if not path.startswith(CHURN)}
    moved = {f"{THERE}{path.removeprefix(CHURN)}": one for path, one in BEFORE.items() if CHURN in path}
    for alias in {"production"} - set(aliases):
        del moved[alias_at(alias, THERE)]
    gates = {"production": Protection(gates=tuple(there)), "staging": Protection()}
    ruling = rules(
        {"dataset/access.yaml": replace(ACCESS, protected_aliases=gates)},
        access=replace(ACCESS, protected_aliases={"production": Protection(gates=tuple(here))}),
    )
    return judge(ruling, RENAMED, "user:alice", before=BEFORE, after={**files, **moved}, **known).violations


def test_a_renamed_collection_goes_through_the_gates_of_where_it_comes_to():
    (one,) = renamed(there=[Gate(holds="staging")])

    assert (one.rule, one.path, one.event) == ("gate holds", THERE, RENAMED)


@pytest.mark.parametrize("aliases", [["production"], []])
def test_a_collection_that_leaves_a_registry_takes_what_removing_its_aliases_there_takes(aliases):
    assert renamed(here=[Gate(holds="staging")], aliases=aliases) == ()

    (one,) = renamed(here=[asking()], aliases=aliases)

    assert str(one).startswith("model/churn: production may be removed only if 1 approval by admin of model")


def test_within_a_registry_a_renamed_collection_keeps_what_it_has():
    left = e.CollectionRenamed(path="model/left", before=CHURN, after="model/left")

    assert judge(gated(Gate(signed=True)), left, "user:alice", before=BEFORE).is_allowed
