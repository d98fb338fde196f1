"""What a verdict says of all that is wrong together."""

import pytest

from git_registry.policy.verdict import Verdict, Violation


def verdict(*able):
    return Verdict(tuple(Violation(rule="role", message="no", able=one, liftable=bool(one)) for one in able))


@pytest.mark.parametrize(
    ("able", "whoever"),
    [
        ((), ()),
        ((("user:b", "user:a"),), ("user:a", "user:b")),
        ((("user:a", "user:b"), ("user:b", "user:c")), ("user:b",)),
        ((("user:a",), ("user:b",)), ("user:a", "user:b")),
        ((("user:a",), ()), ()),
    ],
    ids=["nothing", "one", "both", "neither alone", "nobody"],
)
def test_who_could_approve_is_who_can_approve_all_of_it_if_there_is_anybody(able, whoever):
    assert verdict(*able).able == whoever
