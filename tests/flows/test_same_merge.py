"""One merge, one verdict: what is foreseen of a proposal, what `merge` says, and what the hook says."""

from __future__ import annotations

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from tests.flows.changing import ALIASES, CHANGES
from tests.flows.test_same_verdict import (
    ANYBODY,
    APPROVALS,
    MAIN,
    NOON,
    _founded,
    often,
    places,
    reasons,
    said,
    who,
)

from git_registry.catalog.judging.foreseeing import Foreseen
from git_registry.catalog.judging.found import Found
from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import Conflict
from git_registry.repository.merged import merged_tree
from git_registry.repository.repository import Repository

__all__ = ["_founded", "places"]

BELOW = "refs/remotes/origin/proposals/"


def _merged(places, actor, published, proposed, approved):
    base, head = places.commit(published), places.commit(proposed)
    assume(base != head)
    places.at(base)
    try:
        merge = places.merge(merged_tree(Repository.open(places.work.path), base, head), base, head)
    except Conflict:
        assume(False)
    approvals = {f"refs/approvals/{one}/{head}": head for one in approved}
    there = {**approvals, "refs/heads/proposals/bob/it": head}
    here = {**approvals, f"{BELOW}bob/it": head}
    _update(places.work, there)
    _update(places.clone, here)
    try:
        hook = places.by_hook(actor, (MAIN, merge))
        foreseen, asked = _here(places, actor, base, head, merge)
    finally:
        _update(places.work, dict.fromkeys(there))
        _update(places.clone, dict.fromkeys(here))

    event(said(hook)[0])
    assert said(foreseen) == said(hook)
    assert (said(asked), reasons(asked)) == (said(hook), reasons(hook))


def _here(places, actor, base, head, merge):
    """Return what a clone says: of the merge before there is one, and of the commit that it made."""
    with places._seen() as catalog:
        rules = rules_at(catalog, base)
        seen = Foreseen(catalog, rules, base, head, NOON, proposals=BELOW)
        foreseen = [Found(violation=one) for one in seen.violations(who(actor))]
        push = Push(
            catalog=catalog,
            rules=rules,
            default="main",
            pushed=Pushed(principal=who(actor), now=NOON),
            holds={MAIN: base}.get,
            proposals=BELOW,
        )
        return foreseen, list(judge(push, [(MAIN, merge)]))


def _update(work, refs):
    for ref, commit in refs.items():
        work.git("update-ref", *([ref, commit] if commit else ["-d", ref]))


@given(actor=ANYBODY, published=CHANGES, proposed=st.one_of(CHANGES, ALIASES), approved=APPROVALS)
@often(15)
def test_what_is_said_of_a_merge_here_the_hook_says_there(places, actor, published, proposed, approved):
    _merged(places, actor, published, proposed, approved)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@given(actor=ANYBODY, published=CHANGES, proposed=st.one_of(CHANGES, ALIASES), approved=APPROVALS)
@often(1_500)
def test_what_is_said_of_a_merge_here_the_hook_says_there_for_long(
    places, actor, published, proposed, approved
):
    _merged(places, actor, published, proposed, approved)
