"""Whoever approves or merges what has no blobs is told so, and the review says it first."""

from __future__ import annotations

import pytest

from git_registry.catalog import proposals
from git_registry.index.numbers import settled
from git_registry.sdk import approving, merging
from git_registry.sdk.looked_at import remember
from git_registry.sdk.reviewing import review_proposal
from git_registry.wording.summary import Summary

TOLD = "blobs are missing of model/churn:v0: `git registry verify` tells which"


@pytest.fixture
def proposed(desk, git):
    """A clone without a remote, in which an alias is proposed for a version of one file."""
    desk.link("weights")
    git(desk.path, "config", "registry.user", "user:ada")
    git(desk.path, "switch", "-q", "-c", "proposals/ada/it")
    desk.promote("model/churn:v0", "canary")
    git(desk.path, "switch", "-q", "main")
    return desk


def lose(desk):
    (blob,) = (one for one in desk.blobs if one.read_text() == "weights")
    blob.unlink()


def headline(catalog):
    found = review_proposal(catalog, "it")
    remember(catalog, proposals.find(catalog.repository, "it"))
    return Summary(found, settled(catalog)).headline


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_version_without_its_blobs_is_told_of(proposed, is_lost):
    if is_lost:
        lose(proposed)

    first = proposed(headline)
    proposed(approving.approve, "it")
    approved = proposed.said.count(TOLD)
    proposed(merging.merge, "it")

    assert ("blobs are missing of model/churn:v0" in first) is is_lost
    assert approved == is_lost
    assert proposed.said.count(TOLD) == 2 * is_lost
