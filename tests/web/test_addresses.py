"""Addresses: a selector with slashes."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.web.addresses import HOME, Address, of, parse, selector

NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..")
)
ADDRESSES = st.builds(Address, st.lists(NAMES, max_size=4).map(tuple), st.sampled_from(["", "lineage.json"]))


@pytest.mark.parametrize(
    ("selected", "path"),
    [
        ("model", "model/"),
        ("model/churn", "model/churn/"),
        ("model/churn:v3", "model/churn/v3/"),
        ("model/churn:v3?", "model/churn/v3/"),
        ("model/churn@3fa94c1b", "model/churn/@3fa94c1b/"),
        ("projects/churn/runs/k3j2h1", "projects/churn/runs/k3j2h1/"),
    ],
)
def test_what_a_person_types_says_where_its_page_is(selected, path):
    assert of(selected).path == path


@pytest.mark.parametrize("selected", ["model/churn:v3", "model/churn:production", "model/churn@3fa94c1b"])
def test_a_versions_address_says_what_to_type(selected):
    assert selector(of(selected).parts) == selected


@given(ADDRESSES)
def test_what_is_written_is_read_as_it_was(there):
    assert parse("/" + there.path) == there


@given(ADDRESSES, ADDRESSES)
def test_a_relative_link_leads_there_from_wherever_it_stands(here, there):
    base = "http://acme.example/below/"

    assert urljoin(base + here.path, there.relative_to(here)) == base + there.path


def test_the_home_page_links_to_itself():
    assert HOME.relative_to(HOME) == "./"
