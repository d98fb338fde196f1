"""What a protected alias asks for, in words."""

import pytest

from git_registry.model.documents.access import Approvals, Gate
from git_registry.wording.gates import gate


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Gate(holds="staging"), "staging points at it before"),
        (Gate(metrics={"auc": {"$gte": 0.9, "$lt": 1}}), "auc ≥ 0.9 and auc < 1"),
        (Gate(metadata={"framework": "xgboost"}), "framework is xgboost"),
        (Gate(metadata={"$or": [{"a": 1}]}), "$or [{a: 1}]"),
        (Gate(metadata={"a": {"$size": 3}}), "a is {$size: 3}"),
        (Gate(content="sha256"), "every file is known by its sha256"),
        (Gate(approvals=Approvals()), "1 approval by an admin"),
        (
            Gate(approvals=Approvals(count=2, role="member", not_author=True)),
            "2 approvals by a member or above, not its author",
        ),
        (Gate(signed=True), "an admin signed the commit"),
        (Gate(extra={"moon": "full"}), "what this version does not know, so nothing passes"),
    ],
)
def test_a_gate_says_what_it_asks_for(asked, words):
    assert gate(asked) == words
