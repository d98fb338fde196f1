"""Which principal an account is, and how principals are written in refs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.acme import ORGANIZATION, rules

from git_registry.errors import Refused
from git_registry.model.documents.organization import Identity, Organization
from git_registry.model.names import PRINCIPAL
from git_registry.policy import identities
from git_registry.policy.account import Account

PEOPLE = Organization(
    name="acme",
    store="s3://acme-ml",
    identities={
        "user:bob": Identity(github="Bob-GH", gitea="bobby", gerrit="bob", ssh=("SHA256:bob",)),
        "user:ana": Identity(github="ana", emails=("ana@acme.example", "both@acme.example")),
        "service:train": Identity(gitlab="train-bot", ssh=("SHA256:train",)),
        "user:one": Identity(github="twin", ssh=("SHA256:twin",), emails=("both@acme.example",)),
        "user:other": Identity(github="Twin", ssh=("SHA256:twin",)),
    },
)


@pytest.mark.parametrize(
    ("account", "principal"),
    [
        (Account(host="github", name="Bob-GH"), "user:bob"),
        (Account(host="github", name="bob-gh"), "user:bob"),  # hosts tell no case apart
        (Account(host="gerrit", name="bob"), "user:bob"),
        (Account(host="gerrit", name="Bob"), "gerrit:Bob"),  # but Gerrit
        (Account(host="gitlab", name="train-bot"), "service:train"),
        (Account(host="gitlab", name="bob-gh"), "gitlab:bob-gh"),  # somebody else's, there
        (Account(host="github", name="mallory"), "github:mallory"),
        (Account(host="gitlab", name="zoe", given=True), "user:zoe"),
        (Account(name="zoe", given=True), "user:zoe"),
        (Account(name="bob", given=True), "user:bob"),
        (Account(name="service.nightly", given=True), "service:nightly"),
        (Account(name="zoe", given=True, key="SHA256:bob"), "user:bob"),
        (Account(key="SHA256:train"), "service:train"),
    ],
)
def test_who_an_account_is(account, principal):
    assert identities.principal(PEOPLE, account) == principal


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (Account(host="github", name="TWIN"), "github:TWIN is claimed by user:one and user:other"),
        (Account(key="SHA256:twin"), "the key SHA256:twin is claimed by user:one and user:other"),
        (Account(host="github", name="ana", key="SHA256:bob"), "is claimed by user:ana and user:bob"),
        (Account(key="SHA256:stranger"), "nobody's key is SHA256:stranger"),
        (Account(name="-x", given=True), "the account -x can't be a principal"),
        (Account(name="a b", given=True), "the account a b can't be a principal"),
        (Account(name="service.", given=True), "can't be a principal"),
        (Account(host="github", name="x" * 80), "can't be a principal"),
        (Account(host="", name="bob"), "can't be a principal"),  # nobody says that the name is given
        (
            Account(host="gitea", name="bob", given=True),
            "gitea:bob is not user:bob, whose account there is bobby",
        ),
    ],
)
def test_an_account_that_is_nobody_or_two_people_is_refused(account, said):
    with pytest.raises(Refused, match=said.replace("(", r"\(")):
        identities.principal(PEOPLE, account)


def test_without_an_organization_names_that_are_given_are_all_there_is():
    assert identities.principal(None, Account(name="ida", given=True)) == "user:ida"
    assert identities.principal(None, Account(host="gitea", name="bob", given=True)) == "user:bob"


KEY = Account(key="SHA256:bob")
UNREAD = "no document"


def test_who_an_account_is_follows_from_the_rules():
    assert identities.who(rules(organization=PEOPLE), KEY) == "user:bob"
    assert identities.who(rules(organization=UNREAD), Account(name="ida", given=True)) == "user:ida"


def test_a_key_rescues_only_what_cannot_be_read():
    rescue = ["SHA256:bob"]

    assert identities.who(rules(organization=UNREAD, rescue=rescue), KEY) == "SHA256:bob"
    assert identities.who(rules(organization=PEOPLE, rescue=rescue), KEY) == "user:bob"
    with pytest.raises(Refused, match="nobody's key"):
        identities.who(rules(organization=UNREAD, rescue=["SHA256:other"]), KEY)


def test_an_empty_setting_makes_nobody_a_rescuer():
    ruling = rules(organization=UNREAD, rescue=[""])

    assert identities.who(ruling, Account(name="mallory", given=True)) == "user:mallory"
    assert identities.who(ruling, Account(host="github", name="mallory")) == "github:mallory"


@pytest.mark.parametrize(
    ("organization", "principal", "rescued"),
    [
        (UNREAD, "user:ida", True),
        (UNREAD, "user:bob", False),
        (UNREAD, None, False),
        (PEOPLE, "user:ida", False),
    ],
)
def test_who_is_let_in_by_the_servers_setting_alone(organization, principal, rescued):
    assert identities.rescues(rules(organization=organization, rescue=["user:ida"]), principal) == rescued


def test_whose_key_it_is():
    assert identities.owner_of_key(PEOPLE, "SHA256:bob") == "user:bob"
    assert identities.owner_of_key(PEOPLE, "SHA256:twin") is None
    assert identities.owner_of_key(PEOPLE, "SHA256:stranger") is None


def test_whose_address_it_is_is_a_claim_of_one():
    assert identities.by_email(PEOPLE, "Ana@Acme.example") == "user:ana"
    assert identities.by_email(PEOPLE, "both@acme.example") is None
    assert identities.by_email(PEOPLE, "zoe@acme.example") is None


def test_no_right_follows_from_an_address():
    account = Account(host="github", name="ana@acme.example")

    assert identities.principal(PEOPLE, account) == "github:ana@acme.example"


NAMES = st.from_regex(PRINCIPAL.pattern, fullmatch=True)


@given(NAMES)
def test_a_principals_ref_names_it_and_nobody_else(principal):
    written = identities.ref_name(principal)

    if written is not None:
        assert identities.of_ref_name(written) == principal
    else:
        assert not principal.startswith("service:")


@given(NAMES, NAMES)
def test_no_two_principals_share_their_refs(one, other):
    written = identities.ref_name(one)

    assert one == other or written is None or written != identities.ref_name(other)


@given(st.sampled_from([*identities.HOSTS, ""]), st.text(max_size=70), st.booleans())
def test_any_name_is_somebody_by_the_rule_of_principals_or_is_refused(host, name, given):
    try:
        found = identities.principal(ORGANIZATION, Account(host=host, name=name, given=given, key="SHA256:x"))
    except Refused:
        return
    assert not PRINCIPAL.problem(found)
    assert found.startswith(("user:", "service:")) or not given
