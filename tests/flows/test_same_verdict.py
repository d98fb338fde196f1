"""One change, one verdict: whether a server's hook judges it, a forge's check, or somebody's own clone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.flows.changing import ACTORS, ALIASES, CHANGES, FOUNDED, POLICY
from tests.flows.servers.local import Local
from tests.flows.stepping import Work, founded
from tests.flows.steps import PROJECT_STEPS, STEPS

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.beforehand import on_push
from git_registry.catalog.judging.found import Found, verdict
from git_registry.catalog.judging.laptop import laptop
from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import Conflict
from git_registry.hooks.gate import Wanted, judgement
from git_registry.policy.account import Account
from git_registry.policy.identities import principal
from git_registry.repository.merged import merged_tree
from git_registry.repository.repository import Repository
from git_registry.sdk import requests
from git_registry.sdk.requests import Told

MAIN = "refs/heads/main"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

Said = tuple[str, frozenset[str]]
"""A verdict, and the rules that say so."""


def clock() -> datetime:
    return NOON


def said(found: list[Found]) -> Said:
    return verdict(tuple(found)).word, frozenset(one.violation.rule for one in found)


def reasons(found: list[Found]) -> frozenset[tuple[str, str, str]]:
    return frozenset((one.violation.rule, one.violation.path, one.violation.message) for one in found)


def who(actor: str) -> str:
    """Return the principal whose account the server calls so."""
    return principal(None, Account(name=actor, given=True))


@dataclass
class Places:
    """A server's repository, and a clone in which everything that anybody commits is at hand.

    Attributes:
        work: the server's repository, in which commits are made, too: they stay outside of any ref.
        clone: has the server's objects, and remembers its default branch.
        base: where that is.
    """

    work: Work
    clone: Work
    base: str

    def commit(self, files, parent=None):
        return self.work.commit(files, parent or self.base)

    def changes(self, commit):
        """Is it more than a message?"""
        return self.work.git("diff-tree", "--no-commit-id", self.base, commit) != ""

    def merge(self, tree, *parents):
        named = [word for parent in parents for word in ("-p", parent)]
        return self.work.git("commit-tree", tree, *named, "-m", "Merge")

    def at(self, commit):
        """Have the server's default branch be at a commit, and the clone know it."""
        self.work.git("update-ref", MAIN, commit)
        self.clone.git("update-ref", "refs/remotes/origin/main", commit)

    def by_hook(self, actor: str, *wanted: tuple[str, str]) -> list[Found]:
        return judgement(
            Repository.open(self.work.path), [Wanted(*one) for one in wanted], {"REG_USER": actor}
        )

    def by_advice(self, actor: str, new: str) -> list[Found]:
        with self._seen() as catalog:
            here = replace(laptop(catalog), principal=who(actor))
            return list(on_push(here, [(MAIN, catalog.published_tip(), new)]))

    def by_check(self, actor: str, head: str, **more) -> list[Found]:
        told = Told(base="origin/main", head=head, actor=who(actor), **more)
        with self._seen() as catalog:
            return list(requests.judgement(catalog, told).found)

    def ruled_before(self, actor: str, before: str, new: str) -> list[Found]:
        """Judge a push that goes on from a commit, by the rules at the base."""
        with self._seen() as catalog:
            pushed = Pushed(principal=who(actor), now=NOON)
            rules = rules_at(catalog, self.base)
            there: Callable[[str], str] = {MAIN: before}.get  # type: ignore[assignment]
            push = Push(catalog=catalog, rules=rules, default="main", pushed=pushed, holds=there)
            return list(judge(push, [(MAIN, new)]))

    def _seen(self) -> Catalog:
        return Catalog(repository=Repository.open(self.clone.path), branch=None, clock=clock)


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    top = tmp_path_factory.mktemp("places")
    server, clone = Work(top / "server.git", None), Work(top / "clone", None)
    server.path.mkdir()
    server.git("init", "-q", "--bare", "-b", "main")
    server.git("config", "registry.identity", "env:REG_USER")
    base = server.commit(FOUNDED)
    server.git("update-ref", MAIN, base)
    server.git("clone", "-q", "--shared", ".", str(clone.path))
    return Places(server, clone, base)


@pytest.fixture(autouse=True)
def _founded(places):
    """Each test, and each of its examples that moves it, begins with the branch where it was."""
    places.at(places.base)


def often(count: int):
    return settings(
        max_examples=count, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )


def _same(places, actor, change):
    new = places.commit(change)

    hook = said(places.by_hook(actor, (MAIN, new)))

    event(hook[0])
    assert said(places.by_advice(actor, new)) == hook
    assert said(places.by_check(actor, new)) == hook
    assert said(places.by_check(actor, new, stepwise=False)) == hook


ANYBODY = st.sampled_from(ACTORS)


@given(actor=ANYBODY, change=CHANGES)
@often(25)
def test_hook_advice_and_check_say_the_same(places, actor, change):
    _same(places, actor, change)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@given(actor=ANYBODY, change=CHANGES)
@often(3_000)
def test_hook_advice_and_check_say_the_same_for_long(places, actor, change):
    _same(places, actor, change)


def _one_after_the_other(places, actor, one, other):
    first = places.commit(one)
    second = places.commit(other, first)

    both = places.by_hook(actor, (MAIN, second))
    apart = [*places.by_hook(actor, (MAIN, first)), *places.ruled_before(actor, first, second)]

    assert said(both) == said(apart)
    assert reasons(both) == reasons(apart)
    assert said(places.by_advice(actor, second)) == said(both)
    if not places.by_check(actor, second):
        assert not both, "what a check lets pass in any way, a push may bring step by step"


@given(actor=ANYBODY, one=CHANGES, other=CHANGES)
@often(12)
def test_a_push_of_two_steps_is_allowed_if_both_are(places, actor, one, other):
    _one_after_the_other(places, actor, one, other)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@given(actor=ANYBODY, one=CHANGES, other=CHANGES)
@often(1_500)
def test_a_push_of_two_steps_is_allowed_if_both_are_for_long(places, actor, one, other):
    _one_after_the_other(places, actor, one, other)


def _merging_older(places, actor, published, one, other):
    """What a request's merges of older steps take away and bring back, a fast-forward goes through."""
    base = places.commit(published)
    first, older = places.commit(one, base), places.commit(other)
    assume(base != first)
    places.at(base)
    back = places.merge(f"{older}^{{tree}}", first, places.base)
    head = places.merge(f"{first}^{{tree}}", back, base)

    passed = not places.by_check(actor, head)
    refused = places.by_hook(actor, (MAIN, head))

    event("passed" if passed else "refused")
    assert not passed or not refused
    assert places.by_check(actor, head, stepwise=False) == places.by_check(actor, first, stepwise=False)


@given(actor=ANYBODY, published=st.one_of(ALIASES, CHANGES), one=CHANGES, other=CHANGES)
@often(12)
def test_a_request_that_passes_may_be_pushed_whatever_it_merges(places, actor, published, one, other):
    _merging_older(places, actor, published, one, other)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@given(actor=ANYBODY, published=st.one_of(ALIASES, CHANGES), one=CHANGES, other=CHANGES)
@often(1_500)
def test_a_request_that_passes_may_be_pushed_whatever_it_merges_for_long(
    places, actor, published, one, other
):
    _merging_older(places, actor, published, one, other)


def _not_by_its_own_rules(places, actor, policy, change):
    """What somebody does after an edit of the rules, or with it, is judged as it is without."""
    assume(not policy.keys() & change.keys())
    only = places.commit(change)
    assume(places.changes(only))
    alone = places.by_hook(actor, (MAIN, only))
    edited = places.commit(policy)
    after = places.commit(change, edited)

    of_change = [one for one in places.by_hook(actor, (MAIN, after)) if one.commit == after]
    together = places.by_hook(actor, (MAIN, places.commit({**change, **policy})))

    assert reasons(of_change) == reasons(alone)
    assert reasons(together) >= reasons(alone)


EVERYDAY = [
    step.files for step in STEPS if not {"model/access.yaml", "organization.yaml"} & step.files.keys()
]
EDITS = st.sampled_from(POLICY)


@given(actor=ANYBODY, policy=EDITS, change=st.one_of(ALIASES, st.sampled_from(EVERYDAY)))
@often(12)
def test_an_edit_of_the_rules_does_not_rule_its_own_push(places, actor, policy, change):
    _not_by_its_own_rules(places, actor, policy, change)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@given(actor=ANYBODY, policy=EDITS, change=st.one_of(ALIASES, st.sampled_from(EVERYDAY)))
@often(1_500)
def test_an_edit_of_the_rules_does_not_rule_its_own_push_for_long(places, actor, policy, change):
    _not_by_its_own_rules(places, actor, policy, change)


def _merged(places, actor, published, proposed, approved):
    base, head = places.commit(published), places.commit(proposed)
    assume(base != head)
    places.at(base)
    try:
        tree = merged_tree(Repository.open(places.work.path), base, head)
    except Conflict:
        assume(False)
    merge = places.merge(tree, base, head)
    refs = {f"refs/approvals/{one}/{head}": head for one in approved}
    refs["refs/heads/proposals/bob/it"] = head
    for ref, commit in refs.items():
        places.work.git("update-ref", ref, commit)
    try:
        each = dict.fromkeys((actor, "bob"))  # who wrote it needs the role that it takes, too
        hook = said([one for who in each for one in places.by_hook(who, (MAIN, merge))])
    finally:
        for ref in refs:
            places.work.git("update-ref", "-d", ref)

    event(hook[0])
    told = {"approved_by": approved, "authors": ("bob",), "stepwise": False}
    assert said(places.by_check(actor, head, **told)) == hook


APPROVALS = st.sampled_from(((), ("alice",), ("bob",), ("carol", "alice"), ("ana", "bob"), ("mallory",)))


@given(actor=ANYBODY, published=CHANGES, proposed=st.one_of(CHANGES, ALIASES), approved=APPROVALS)
@often(15)
def test_what_a_check_says_of_a_merge_a_hook_says_of_the_merge_commit(
    places, actor, published, proposed, approved
):
    _merged(places, actor, published, proposed, approved)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@given(actor=ANYBODY, published=CHANGES, proposed=st.one_of(CHANGES, ALIASES), approved=APPROVALS)
@often(1_500)
def test_what_a_check_says_of_a_merge_a_hook_says_of_the_merge_commit_for_long(
    places, actor, published, proposed, approved
):
    _merged(places, actor, published, proposed, approved)


@given(actor=ANYBODY, change=CHANGES, order=st.permutations(range(5)))
@often(8)
def test_the_order_of_refs_is_nothing(places, actor, change, order):
    new, project = places.commit(change), places.work.commit(PROJECT_STEPS[0].files)
    wanted = [
        (MAIN, new),
        ("refs/heads/projects/churn", project),
        ("refs/heads/proposals/bob/it", new),
        (f"refs/approvals/alice/{new}", new),
        ("refs/tags/v1", new),
    ]

    found = places.by_hook(actor, *wanted)
    shuffled = places.by_hook(actor, *(wanted[place] for place in order))

    assert sorted(map(str, found)) == sorted(map(str, shuffled))


@pytest.mark.parametrize("actor", ["ana", "bob", "carol"])
def test_the_hook_that_runs_says_so_too(actor, tmp_path):
    """The same function, in the process that git starts: what it finds is what it refuses."""
    with Local(tmp_path / "server").serving() as server:
        server.new_repository("acme")
        at, base, _ = founded(tmp_path / "work", server)
        picked = STEPS[:: len(STEPS) // 4]
        found = {}
        for step in picked:
            new = at.commit(step.files, base)
            at.put("refs/heads/kept", new)
            repository = Repository.open(server.repository)
            found[step.name] = said(judgement(repository, [Wanted(MAIN, new)], {"REG_USER": actor}))[0]

        pushed = {step.name: at.tried([actor], at.commit(step.files, base), MAIN)[actor] for step in picked}

    assert {name for name, done in pushed.items() if not done.code} == {
        name for name, word in found.items() if word == "allowed"
    }
    assert len(found) > 3
