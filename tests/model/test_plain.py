"""Values as JSON has them."""

from __future__ import annotations

import json

import pytest

from git_registry.model.digest import Digest
from git_registry.model.documents.access import Approvals, Gate, Protection
from git_registry.model.plain import as_json, plain
from git_registry.model.snapshot import REGULAR, Entry

SHOWN = [
    (float("nan"), '"NaN"'),
    ([float("inf"), {"a": float("-inf")}], '["Infinity",{"a":"-Infinity"}]'),
    (("eu", "ü"), '["eu","ü"]'),
    (Entry(REGULAR, "ab12"), '{"mode":"100644","id":"ab12"}'),
    (Digest("md5", "x"), '"md5:x"'),
    (Protection(gates=(Gate(signed=True),)), '{"gates":[{"signed":true}]}'),
    (Approvals(count=2, extra={"new": 1, "count": 3}), '{"count":2,"not_author":false,"new":1}'),
    ("Ad\udcffa", '"Ad?a"'),
    (None, "null"),
]


@pytest.mark.parametrize(("value", "shown"), SHOWN)
def test_it_is_json(value, shown):
    assert as_json(value) == shown
    assert json.loads(as_json(value)) == plain(value) or "\udcff" in value
