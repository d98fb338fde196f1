"""Who is asked, by name and team."""

from __future__ import annotations

from git_registry.model.documents.organization import Team
from git_registry.policy.verdict import Violation
from git_registry.review.awaiting import awaited

TEAMS = {"nlp": Team(members=("user:bob", "user:carol"))}


def missing(path, message="an admin", able=("team:nlp", "user:ana"), *, liftable=True):
    return Violation(rule="role", message=message, path=path, able=able, liftable=liftable)


def test_a_team_is_named_with_its_people():
    (one,) = awaited([missing("model/churn")], TEAMS)

    assert one.who == ("team:nlp (user:bob, user:carol)", "user:ana")


def test_of_a_team_its_author_is_asked_last():
    asked = [missing("model/churn", able=("team:nlp",))]

    assert awaited(asked, TEAMS, ("user:bob",))[0].who == ("team:nlp (user:carol)",)
    assert awaited(asked, TEAMS, ("user:bob", "user:carol"))[0].who == ("team:nlp (user:bob, user:carol)",)


def test_what_is_missing_in_several_places_is_asked_once():
    found = awaited([missing("model/a"), missing("model/b"), missing("model/a", "another")], TEAMS)

    assert [(one.paths, one.message) for one in found] == [
        (("model/a", "model/b"), "an admin"),
        (("model/a",), "another"),
    ]


def test_what_no_approval_lifts_waits_for_nobody():
    assert awaited([missing("model/a", liftable=False)], TEAMS) == ()


def test_a_team_that_is_not_defined_is_named_alone():
    (one,) = awaited([missing("model/a", able=("team:gone",))], TEAMS)

    assert one.who == ("team:gone",)
