"""The least role of each kind of event, as the design and the README have it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product, takewhile
from pathlib import Path

import pytest
from tests.policy.acme import EXAMPLES, HOLDERS, judge, on_production, rules, spelled

from git_registry.model.events import KINDS, Event, FileChanged
from git_registry.policy.needs import LEAST

MEMBER, ADMIN, ORG_ADMIN, NEVER = "member", "admin", "organization admin", "never"

SENTENCES = {
    MEMBER: "collection created/described/tagged/untagged/deleted, "
    "version linked/unlinked/described/annotated/tagged/untagged, alias added/moved/removed, "
    "registry described",
    ADMIN: "types/visibility/role/gates changed, member/protection added/removed, collection renamed, "
    "automation created/changed/deleted",
    ORG_ADMIN: "registry created/deleted, organization/team/identity/file changed, admin added/removed, "
    "version purged",
    NEVER: "version rewritten, project changed, run recorded",
}
"""Which role what takes, as the design says it: who, or what, and what became of them."""


def kinds(sentence):
    for phrase in sentence.split(", "):
        for what, became in product(*(words.split("/") for words in phrase.split())):
            yield f"{what}-{became}"


TABLE = {kind: role for role, sentence in SENTENCES.items() for kind in kinds(sentence)}

FINER = {
    "a protected alias is added": (on_production("alias-added"), ADMIN),
    "a protected alias is moved": (on_production("alias-moved"), ADMIN),
    "a protected alias is removed": (on_production("alias-removed"), ADMIN),
    "a manifest is spelled otherwise": (spelled("model/churn/aliases/staging.yaml"), MEMBER),
    "a protected alias is spelled otherwise": (spelled("model/churn/aliases/production.yaml"), ADMIN),
    "an access document is spelled otherwise": (spelled("model/access.yaml"), ADMIN),
    "organization.yaml is spelled otherwise": (spelled("organization.yaml"), ORG_ADMIN),
    "a stray file in a collection": (FileChanged(path="model/churn/weights.bin"), ORG_ADMIN),
    "CODEOWNERS": (FileChanged(path="CODEOWNERS"), ORG_ADMIN),
    "attributes inside a registry": (FileChanged(path="model/.gitattributes"), ORG_ADMIN),
}
CASES = {kind: (EXAMPLES[kind], least) for kind, least in TABLE.items()} | FINER
ORDER = list(HOLDERS)


def test_every_kind_of_event_is_in_the_table():
    assert set(TABLE) == set(EXAMPLES) == set(KINDS) == set(LEAST)
    assert all(one.kind == kind for kind, one in EXAMPLES.items())
    assert sum(len(list(kinds(one))) for one in SENTENCES.values()) == len(TABLE)


README = Path(__file__).parents[2] / "README.md"
TOLD = {"`member`": MEMBER, "`admin`": ADMIN, "organization admin": ORG_ADMIN, "nobody": NEVER}


def test_the_readme_tells_the_same():
    _, table = README.read_text("utf-8").split("\n| least role | events |\n", 1)
    rows = [row.split("|")[1:3] for row in takewhile(bool, table.split("\n"))]
    told = {name.strip(): re.findall("`([a-z]+-[a-z]+)`", events) for name, events in rows}

    assert {kind: TOLD[name] for name, them in told.items() for kind in them} == TABLE


@pytest.mark.parametrize("role", HOLDERS)
@pytest.mark.parametrize("case", CASES)
def test_the_least_role_and_no_less(case, role):
    event, least = CASES[case]
    enough = least != NEVER and ORDER.index(role) >= ORDER.index(least)

    verdict = judge(rules(), event, HOLDERS[role])

    assert verdict.is_allowed == enough
    if not enough:
        (one,) = verdict.violations
        assert one.event == event
        assert one.path == event.path
        assert one.rule == ("never" if least == NEVER else "role")
        assert one.needed == ("nobody" if least == NEVER else least)


def test_a_refusal_says_which_role_it_takes_who_has_it_and_what_the_pusher_has():
    (one,) = judge(rules(), EXAMPLES["types-changed"], "user:bob").violations

    assert str(one) == "model: types-changed takes admin of model; user:bob has member (by team:nlp)"
    assert one.held == "member (by team:nlp)"
    assert one.able == ("team:leads", "team:ops", "user:alice", "user:ana")
    assert one.liftable
    assert one.hint == "who may do or approve it: team:leads, team:ops, user:alice, user:ana"


@pytest.mark.parametrize("kind", ["team-changed", "registry-created"])
def test_who_has_a_role_in_a_registry_is_no_admin_of_all_and_not_without_a_role(kind):
    (one,) = judge(rules(), EXAMPLES[kind], "user:bob").violations

    assert one.message.endswith("; user:bob is none")


def test_whom_nobody_knows_is_told_so():
    (one,) = judge(rules(), EXAMPLES["version-linked"], None).violations

    assert one.message == "version-linked takes member of model; whoever this is has no role"


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("version-rewritten", "link corrected content as a new version"),
        ("project-changed", r"a project has a branch of its own"),
        ("run-recorded", "on the branch of their project"),
    ],
)
def test_what_is_never_allowed_says_why_and_no_approval_lifts_it(kind, why):
    verdict = judge(rules(), EXAMPLES[kind], "user:ana")

    assert why in verdict.violations[0].message
    assert verdict.word == "refused"
    assert verdict.violations[0].able == ()


class Beyond(Event):
    """Something that a newer version tells of."""

    __slots__ = ()
    kind = "model-fused"


def test_a_kind_of_event_that_nobody_here_knows_is_nobodys():
    assert judge(rules(), Beyond(path="model/churn"), "user:ana").word == "refused"


@pytest.mark.parametrize("alias", ["production", "Production", "PRODUCTION"])
def test_an_alias_is_protected_whatever_its_case(alias):
    verdict = judge(rules(), replace(EXAMPLES["alias-moved"], alias=alias), "user:mia")

    assert verdict.violations[0].message.startswith(f"alias-moved takes admin of model (the alias {alias} is")


def test_what_an_event_says_of_protection_is_for_display_alone():
    lied = replace(on_production("alias-moved"), protected=False)
    boasted = replace(EXAMPLES["alias-moved"], protected=True)

    assert not judge(rules(), lied, "user:mia").is_allowed
    assert judge(rules(), boasted, "user:mia").is_allowed


@pytest.mark.parametrize(
    ("before", "after", "who", "allowed"),
    [
        ("model/churn", "dataset/churn", "user:alice", False),  # a viewer there, by default_role
        ("dataset/churn", "model/churn", "user:alice", False),
        ("model/churn", "dataset/churn", "user:ana", True),
        ("model/churn", "model/left", "user:alice", True),
    ],
)
def test_who_renames_is_an_admin_of_where_it_was_and_of_where_it_goes(before, after, who, allowed):
    renamed = KINDS["collection-renamed"](path=after, before=before, after=after)

    assert judge(rules(), renamed, who).is_allowed == allowed


def test_a_registry_that_comes_with_the_push_is_the_organizations():
    happened = [
        KINDS["registry-created"](path="reports"),
        KINDS["member-added"](path="reports", principal="user:mia", after="admin"),
        KINDS["collection-created"](path="reports/weekly", after="table"),
    ]

    assert [one.path for one in judge(rules(), happened, "user:mia").violations] == [
        "reports",
        "reports",
        "reports/weekly",
    ]
    assert judge(rules(), happened, "user:oda").is_allowed
