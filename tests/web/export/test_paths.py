"""Files of an export lie below its directory, whatever anything is called."""

from __future__ import annotations

import os.path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.repeating import times

from git_registry.errors import UsageError
from git_registry.web.addresses import Address
from git_registry.web.export import paths


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (Address(), "index.html"),
        (Address(("model", "churn", "@3fa94c1b")), "model/churn/@3fa94c1b/index.html"),
        (Address(("model", "churn", "v0"), "lineage.json"), "model/churn/v0/lineage.json"),
        (Address(("model", "churn", "-", "page", "2")), "model/churn/-/page/2/index.html"),
    ],
)
def test_an_address_has_a_file(address, path):
    assert paths.of(address) == path


@pytest.mark.parametrize("part", ["..", ".", "", ".git", "a/b", "../../x", "a\\b", "a\0b", "a\nb", "x" * 201])
def test_a_name_that_leads_elsewhere_has_none(part):
    for address in (Address((part,)), Address(("model", part, "v0")), Address(("x",), part or "/")):
        with pytest.raises(UsageError):
            paths.of(address)


@given(
    st.lists(st.text(max_size=6) | st.sampled_from(["..", ".", "/", "a"]), max_size=4), st.text(max_size=4)
)
@settings(max_examples=times(60, 2_000))
def test_no_file_leaves_the_directory(parts, file):
    try:
        path = paths.of(Address(tuple(parts), file))
    except UsageError:
        return

    assert os.path.normpath(path) == path
    assert not path.startswith(("/", ".."))
