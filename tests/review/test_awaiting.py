"""Who is asked, by name and team."""

from __future__ import annotations

from git_registry.model.documents.organization import Team
from git_registry.policy.verdict import Violation
from git_registry.review.awaiting import Missing, awaited, missing

TEAMS = {"nlp": Team(members=("user:bob", "user:carol"))}


def lacking(path, message="an admin", able=("team:nlp", "user:ana"), *, liftable=True, **known):
    return Violation(rule="role", message=message, path=path, able=able, liftable=liftable, **known)


def test_a_team_is_named_with_its_people():
    (one,) = awaited([lacking("model/churn")], TEAMS)

    assert one.who == ("team:nlp (user:bob, user:carol)", "user:ana")


def test_of_a_team_its_author_is_asked_last():
    asked = [lacking("model/churn", able=("team:nlp",))]

    assert awaited(asked, TEAMS, ("user:bob",))[0].who == ("team:nlp (user:carol)",)
    assert awaited(asked, TEAMS, ("user:bob", "user:carol"))[0].who == ("team:nlp (user:bob, user:carol)",)


def test_what_is_missing_in_several_places_is_asked_once():
    found = awaited([lacking("model/a"), lacking("model/b"), lacking("model/a", "another")], TEAMS)

    assert [(one.paths, one.message) for one in found] == [
        (("model/a", "model/b"), "an admin"),
        (("model/a",), "another"),
    ]


def test_what_no_approval_lifts_waits_for_nobody():
    assert awaited([lacking("model/a", liftable=False)], TEAMS) == ()


def test_a_team_that_is_not_defined_is_named_alone():
    (one,) = awaited([lacking("model/a", able=("team:gone",))], TEAMS)

    assert one.who == ("team:gone",)


def test_of_a_team_who_approved_already_is_not_asked_again():
    asked = [lacking("model/churn", able=("team:nlp",), given=("user:bob",))]

    (one,) = awaited(asked, TEAMS)

    assert (one.who, one.more, one.is_begun) == (("team:nlp (user:carol)",), 1, True)


def test_what_is_awaited_in_all_is_as_much_as_the_most_asks():
    role = lacking("model/a", able=("team:nlp", "user:ana"))
    gate = lacking("model/a", "2 approvals", able=("user:ana",), more=2)

    assert missing([role, gate, role]) == (Missing(more=2, who=("user:ana",)),)
    assert missing([role, lacking("model/b", liftable=False, able=())]) == (Missing(who=role.able),)


def test_what_two_registries_ask_for_is_two_things():
    models, data = (lacking(path, able=(team, "user:ana")) for path, team in WHERE)

    assert missing([models, data]) == (
        Missing(who=("team:nlp", "user:ana")),
        Missing(who=("team:risk", "user:ana")),
    )
    # Whoever may give both is all that is needed, if there is nobody else.
    assert missing([models, lacking("dataset/b", able=("user:ana",))]) == (Missing(who=("user:ana",)),)


WHERE = (("model/a", "team:nlp"), ("dataset/b", "team:risk"))


def test_one_more_is_said_only_where_somebody_approved():
    (one,) = missing([lacking("model/a", given=("user:dan",))])

    assert one.is_begun
