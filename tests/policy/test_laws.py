"""What holds of every verdict."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.model.memory import snapshot
from tests.policy.acme import (
    CHURN,
    EXAMPLES,
    FILES,
    ORGANIZATION,
    A,
    B,
    alias_at,
    files_of,
    judge,
    linked,
    manifest,
    on_production,
    pointing,
    rules,
    spelled,
)

from git_registry.model.documents.access import Access, Approvals, Gate, Protection
from git_registry.model.events import Event
from git_registry.policy import projects, roles
from git_registry.policy.evaluate import evaluate
from git_registry.policy.evidence import Approval, Known
from git_registry.policy.roles import RANK

AFTER = files_of(
    FILES,
    {
        linked(A): manifest("aa"),
        linked(B): manifest("bb"),
        alias_at("staging"): pointing(B),
        alias_at("production"): pointing(B),
    },
)
EVENTS = [
    *EXAMPLES.values(),
    *(on_production(kind) for kind in ("alias-added", "alias-moved", "alias-removed")),
    *(spelled(path) for path in ("model/access.yaml", "organization.yaml", "model/churn/collection.yaml")),
]
GATES = st.sampled_from(
    [Gate(holds="staging"), Gate(content="sha256"), Gate(signed=True), Gate(approvals=Approvals())]
)
ROLES = st.sampled_from(["restricted_viewer", "viewer", "member", "admin"])
PRINCIPALS = st.sampled_from(
    ["user:ana", "user:alice", "user:mia", "user:bob", "user:zoe", "service:train", "github:mallory", None]
)
HAPPENED = st.lists(st.sampled_from(EVENTS), max_size=4)


@st.composite
def rulings(draw):
    """Rules in which anybody may have any role."""
    named = [
        "user:alice",
        "user:mia",
        "user:bob",
        "team:nlp",
        "team:leads",
        "service:train",
        "github:mallory",
    ]
    members = draw(st.dictionaries(st.sampled_from(named), ROLES))
    protected = draw(st.dictionaries(st.sampled_from(["production", "staging"]), st.lists(GATES, max_size=2)))
    organization = replace(
        ORGANIZATION,
        admins=tuple(draw(st.sets(st.sampled_from([*named, "user:ana"])))),
        default_role=draw(ROLES | st.none()),
    )
    protections = {alias: Protection(gates=tuple(gates)) for alias, gates in protected.items()}
    return {"organization": organization, "access": Access(members=members, protected_aliases=protections)}


def known(draw_by, **fields):
    return Known(principal=draw_by, **fields)


def allowed(documents, happened, who, **evidence):
    return judge(rules(**documents), happened, who, before=AFTER, after=AFTER, **evidence)


@given(rulings(), HAPPENED, HAPPENED, PRINCIPALS)
def test_the_verdict_on_two_is_the_verdict_on_each(documents, some, more, who):
    both = allowed(documents, [*some, *more], who)

    assert both.is_allowed == (
        allowed(documents, some, who).is_allowed and allowed(documents, more, who).is_allowed
    )


@given(rulings(), st.sampled_from(EVENTS), st.sampled_from(["user:alice", "user:mia", "user:zoe"]), ROLES)
def test_who_gets_more_is_never_refused_more(documents, event, who, role):
    access = documents["access"]
    # Being listed takes the default role away, so what is raised is what somebody has.
    had = roles.held(rules(**documents), who, "model").role
    if RANK[role] < RANK[had]:
        return
    raised = {**documents, "access": replace(access, members={**access.members, who: role})}

    assert allowed(raised, [event], who).is_allowed >= allowed(documents, [event], who).is_allowed


@given(rulings(), st.sampled_from(EVENTS), PRINCIPALS)
def test_an_organization_admin_is_never_refused_what_another_may_do(documents, event, who):
    organization = replace(documents["organization"], admins=("user:ana",))
    documents = {**documents, "organization": organization}

    assert allowed(documents, [event], "user:ana").is_allowed >= allowed(documents, [event], who).is_allowed


@given(rulings(), st.sampled_from(EVENTS), PRINCIPALS)
def test_who_is_named_as_able_is(documents, event, who):
    for one in allowed(documents, [event], who).violations:
        if one.rule != "role":
            continue
        for able in one.able:
            again = [] if able.startswith("team:") else allowed(documents, [event], able).violations
            assert all(other.rule != "role" for other in again)


@given(
    rulings(), st.sampled_from(EVENTS), PRINCIPALS, st.sampled_from(["user:ana", "user:alice", "user:zoe"])
)
def test_an_approval_never_forbids_and_lends_no_more_than_who_gave_it_has(documents, event, who, by):
    given_by = Approval(
        principal=by, events=frozenset({event}), after=snapshot(AFTER), owners=frozenset({"user:mia"})
    )

    alone = allowed(documents, [event], who)
    lent = allowed(documents, [event], who, given=(given_by,))

    def without_role(verdict):
        return not any(one.rule == "role" for one in verdict.violations)

    assert lent.is_allowed >= alone.is_allowed
    assert without_role(lent) == (without_role(alone) or without_role(allowed(documents, [event], by)))


@given(rulings(), st.sampled_from(["github:mallory", None]), HAPPENED)
def test_who_is_not_known_here_changes_nothing(documents, who, happened):
    assert allowed(documents, happened, who).is_allowed == (not happened)


class Beyond(Event):
    """What a newer version tells of."""

    __slots__ = ()
    kind = "model-fused"


@given(rulings(), PRINCIPALS, st.sampled_from(["", "model", CHURN, "reports", "organization.yaml"]))
def test_an_unknown_kind_of_event_is_nobodys(documents, who, path):
    assert allowed(documents, [Beyond(path=path)], who).word == "refused"
    assert not projects.evaluate(rules(**documents), "model", [Beyond(path=path)], who).is_allowed


@given(rulings(), HAPPENED, PRINCIPALS)
def test_rules_that_cannot_be_read_allow_nothing_that_others_would_not(documents, happened, who):
    shut = allowed({**documents, "access": "not a document"}, happened, who)
    lost = allowed({**documents, "organization": "not a document"}, happened, who)

    of_model = [one for one in happened if one.path.startswith("model")]
    admin = roles.in_organization(rules(**documents), who).role
    assert shut.is_allowed <= (not of_model or bool(admin))
    assert lost.is_allowed == (not happened)


@given(rulings(), HAPPENED, PRINCIPALS)
def test_a_verdict_is_the_same_again(documents, happened, who):
    ruling, after = rules(**documents), snapshot(AFTER)

    first, again = (evaluate(ruling, happened, after, after, known(who)) for _ in range(2))

    assert first == again
