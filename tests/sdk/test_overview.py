"""What a page shows of registries and their collections."""

from __future__ import annotations

import pytest

from git_registry.errors import UsageError
from git_registry.model.events import RegistryCreated
from git_registry.sdk import listing, overview
from git_registry.sdk.linking import unlink
from git_registry.sdk.starring import star

from .once import once


@once
def acme(desk):
    """Two versions of churn, one of which was unlinked; two of fraud, linked last."""
    for text, target in (("one", "churn"), ("two", "churn"), ("three", "fraud")):
        desk.link(text, f"model/{target}", aliases=("staging",))
    desk(unlink, ["model/churn:v0"])
    desk.link("four", "model/fraud", aliases=("staging",))
    return desk


def test_registries_are_counted_with_what_happened_last(acme):
    dataset, model = acme(overview.registries)

    assert (dataset.view.path, dataset.view.collections, dataset.versions) == ("dataset", 0, 0)
    assert (model.view.path, model.view.collections, model.versions) == ("model", 2, 3)
    (created,), (linked,) = dataset.latest.events, model.latest.events
    assert isinstance(created.event, RegistryCreated)
    assert linked.subject == acme.log()[0]


def test_what_is_starred_stands_first(acme):
    acme(star, ["model"])

    assert [(one.view.path, one.starred) for one in acme(overview.registries)] == [
        ("model", True),
        ("dataset", False),
    ]


def test_a_page_of_collections(acme):
    whole = acme(overview.collections, "model")
    churn, fraud = whole.collections
    assert [one.view for one in whole.collections] == acme(listing.collections, "model")
    assert (churn.view.versions, fraud.view.versions, whole.total) == (1, 2, 2)
    assert churn.changed < fraud.changed

    assert acme(overview.collections, "model", offset=1, limit=1).collections == (fraud,)
    by_date = acme(overview.collections, "model", order="-updated_at", limit=1)
    assert (by_date.collections, by_date.total) == ((fraud,), 2)
    assert acme(overview.collections, "dataset", limit=5) == overview.CollectionsPage(collections=(), total=0)
    with pytest.raises(UsageError, match="is a collection"):
        acme(overview.collections, "model/churn")
