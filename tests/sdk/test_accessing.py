"""Roles as they are shown, asked about and changed, by the rules that are published."""

from __future__ import annotations

import pytest

from git_registry.errors import InvalidDocument, NotFound, UsageError
from git_registry.model.documents.access import Access, Approvals, Gate
from git_registry.sdk import accessing, asking, managing, membership, protecting
from git_registry.sdk.asked import Question
from git_registry.sdk.managing import Description

from .once import once

ORGANIZATION = """\
format: 1
name: acme
store: {store}
admins: [user:ada, team:ops]
teams:
  nlp: {{members: [user:bob, service:train]}}
  ops: {{members: [user:oda]}}
projects:
  churn: {{team:nlp: member}}
"""


@once
def acme(desk, git):
    """The organization with teams, and members of the registry `model`."""
    write(desk, git, "organization.yaml", ORGANIZATION.format(store=f"file://{desk.path.parent}/store"))
    desk(membership.grant, "model", {"alice": "admin"})
    desk(membership.grant, "model", {"nlp": "member"})
    return desk


def write(desk, git, path, text):
    (desk.path / path).write_text(text)
    git(desk.path, "add", path)
    git(desk.path, "commit", "-q", "-m", f"Write {path}")


def roles(desk, registry="model"):
    view = desk(accessing.show, registry)
    return {one.principal: str(one.held) for one in view.holders}


def test_everybodys_role_and_where_it_comes_from(acme):
    assert roles(acme) == {
        "team:ops": "organization admin (by admins)",
        "user:ada": "organization admin (by admins)",
        "user:oda": "organization admin (by team:ops in admins)",
        "user:alice": "admin",
        "service:train": "member (by team:nlp)",
        "team:nlp": "member",
        "user:bob": "member (by team:nlp)",
        "anybody else": "viewer (by default_role)",
    }
    assert roles(acme, "dataset")["user:bob"] == "viewer (by default_role)"


def test_a_name_without_a_kind_is_a_teams_or_a_services_that_is_known_else_a_users(acme):
    acme(membership.grant, "model", {"train": "member"})

    assert dict(acme.document("model/access.yaml", Access).members) == {
        "user:alice": "admin",
        "team:nlp": "member",
        "service:train": "member",
    }


def test_a_closed_registry_shows_who_may_open_it(acme, git):
    write(acme, git, "model/access.yaml", "members: {user:alice: owner}\n")

    view = acme(accessing.show, "model")

    assert {one.principal for one in view.holders} == {"team:ops", "user:ada"}
    assert "model/access.yaml" in view.problem
    for closed in (("link", "model/churn"), ("delete", "model")):
        assert acme(asking.who_can, Question(*closed)).problem == view.problem
    assert acme(asking.who_can, Question("grant", "model")).who == ("team:ops", "user:ada", "user:oda")
    assert acme(asking.can, "ada", Question("link", "model/churn")).word == "refused"
    with pytest.raises(InvalidDocument):
        acme(accessing.seen_as, "model", "bob")


def test_what_one_principal_may_do(acme):
    acme(protecting.protect, "model", "production", [Gate(approvals=Approvals())])

    view = acme(accessing.seen_as, "model", "bob")
    words = {(one.event.kind, getattr(one.event, "alias", "")): one.word for one in view.permissions}

    assert view.holder.principal == "user:bob"
    assert words["version-linked", ""] == "allowed"
    assert words["alias-moved", ""] == "allowed"
    assert words["alias-moved", "production"] == "needs approval"
    assert words["types-changed", ""] == "needs approval"
    assert ("registry-deleted", "") not in words


def test_a_team_does_nothing_itself(acme):
    with pytest.raises(UsageError, match="team:nlp is a team") as told:
        acme(accessing.seen_as, "model", "nlp")
    assert told.value.hint == "ask for one of its members: user:bob, service:train"


@pytest.mark.parametrize(
    ("who", "what", "path", "alias", "word"),
    [
        ("bob", "link", "model/churn", None, "allowed"),
        ("bob", "version-linked", "model/churn", None, "allowed"),
        ("zoe", "link", "model/churn", None, "needs approval"),
        ("bob", "promote", "model/churn", "staging", "allowed"),
        ("bob", "promote", "model/churn:production", None, "needs approval"),
        ("alice", "promote", "model/churn", "production", "allowed"),
        ("alice", "rename", "model/churn", None, "allowed"),
        ("bob", "tag", "model/churn:v3", None, "allowed"),
        ("bob", "delete", "model/empty", None, "allowed"),
        ("alice", "delete", "model", None, "needs approval"),
        ("alice", "create", "reports", None, "needs approval"),
        ("oda", "create", "reports", None, "allowed"),
        ("bob", "create", "model/new", None, "allowed"),
        ("alice", "grant", "model", None, "allowed"),
        ("alice", "team-changed", "", None, "needs approval"),
        ("ada", "team-changed", "", None, "allowed"),
        ("ada", "file-changed", ".github/workflows/ci.yml", None, "allowed"),
        ("bob", "file-changed", ".github/workflows/ci.yml", None, "needs approval"),
        ("ada", "version-rewritten", "model/churn", None, "refused"),
        ("bob", "log", "projects/churn/features", None, "allowed"),
        ("alice", "log", "projects/churn/features", None, "refused"),
        ("alice", "log", "projects/open/features", None, "allowed"),
        ("alice", "create", "projects/open/features", None, "allowed"),
    ],
)
def test_can(acme, who, what, path, alias, word):
    acme(protecting.protect, "model", "production")

    assert acme(asking.can, who, Question(what, path, alias)).word == word


@pytest.mark.parametrize(
    ("who", "what", "path", "word"),
    [
        ("bob", "unlink", "model/churn:v0", "needs approval"),
        ("bob", "unlink", "model/churn:production", "needs approval"),
        ("bob", "version-unlinked", "model/churn:v0", "needs approval"),
        ("bob", "unlink", "model/churn:v1", "allowed"),
        ("bob", "unlink", "model/churn:v9", "allowed"),
        ("alice", "unlink", "model/churn:v0", "allowed"),
        ("bob", "delete", "model/churn", "needs approval"),
        ("bob", "collection-deleted", "model/churn", "needs approval"),
        ("bob", "delete", "model/fraud", "allowed"),
        ("alice", "delete", "model/churn", "allowed"),
    ],
)
def test_what_a_protected_alias_points_at_goes_as_that_alias_does(acme, who, what, path, word):
    acme.link("weights", aliases=["production", "champion"])
    acme.link("better", aliases=["staging"])
    acme.link("other", "model/fraud", aliases=["staging"])
    acme(protecting.protect, "model", "production")

    found = acme(asking.can, who, Question(what, path))
    able = acme(asking.who_can, Question(what, path))

    assert found.word == word
    kept = found.word != "allowed" or who == "alice"
    assert able.need.role == ("admin" if kept else "member")
    assert ("team:nlp" in able.who) is not kept
    assert [one.event.alias for one in found.verdict.violations] == (
        ["production"] if found.word != "allowed" else []
    )


def test_gates_are_named_and_an_approval_is_needed_if_one_asks_for_it(acme):
    acme(protecting.protect, "model", "production", [Gate(holds="staging")])
    held = acme(asking.can, "alice", Question("promote", "model/churn", "production"))
    acme(protecting.protect, "model", "production", [Gate(approvals=Approvals())])
    approved = acme(asking.can, "alice", Question("promote", "model/churn", "production"))

    assert (held.word, held.gates) == ("allowed", (Gate(holds="staging"),))
    assert (approved.word, len(approved.gates)) == ("needs approval", 2)
    removed = acme(asking.can, "alice", Question("alias-removed", "model/churn", "production"))
    assert (removed.word, removed.gates) == ("needs approval", (Gate(approvals=Approvals()),))


@pytest.mark.parametrize(
    ("version", "word", "passed"),
    [
        ("v0", "needs approval", {"holds": True, "metrics": True, "approvals": False}),
        ("v1", "refused", {"holds": False, "metrics": False, "approvals": False}),
        ("staging", "needs approval", {"holds": True, "metrics": True, "approvals": False}),
    ],
)
def test_a_version_that_is_named_is_judged_by_each_gate(acme, version, word, passed):
    acme.link("good", metrics={"auc": 0.95}, aliases=["staging"])
    acme.link("bad", metrics={"auc": 0.5})
    gates = [Gate(holds="staging"), Gate(metrics={"auc": {"$gte": 0.9}}), Gate(approvals=Approvals())]
    acme(protecting.protect, "model", "production", [*gates, Gate(signed=True)])

    found = acme(asking.can, "alice", Question("promote", f"model/churn:{version}", "production"))

    assert found.word == word
    assert {one.gate: one.passed for one in found.judged} == passed
    assert found.gates == (Gate(signed=True),)


def test_a_version_that_meets_its_gates_is_allowed_and_one_may_go_back_to_what_was_there(acme):
    acme.link("good", aliases=["staging", "production"])
    acme.link("better", aliases=["staging", "production"])
    acme(protecting.protect, "model", "production", [Gate(holds="staging")])

    back = acme(asking.can, "alice", Question("rollback", "model/churn:v0", "production"))
    acme.link("other")
    ahead = acme(asking.can, "alice", Question("promote", "model/churn:v2", "production"))
    weak = acme(asking.can, "bob", Question("promote", "model/churn:v1", "production"))

    assert (back.word, ahead.word, weak.word) == ("allowed", "refused", "needs approval")


def test_a_version_that_is_not_there_is_not_promoted(acme):
    acme.link("good")
    with pytest.raises(NotFound, match="v7"):
        acme(asking.can, "alice", Question("promote", "model/churn:v7", "production"))


@pytest.mark.parametrize(
    ("what", "path", "alias", "error", "said"),
    [
        ("promot", "model/churn", "x", UsageError, "there is no verb or event 'promot'"),
        ("promote", "model", "x", UsageError, "promote is done to a collection, and model is a registry"),
        ("grant", "model/churn", None, UsageError, "grant is done to a registry"),
        ("promote", "model/churn", None, UsageError, "promote is done to an alias"),
        ("promote", "model/churn", "latest", UsageError, "'latest' is computed"),
        ("promote", "", None, UsageError, "promote is done to something"),
        (
            "grant",
            "projects/churn",
            None,
            UsageError,
            "grant is done to a registry, and projects/churn is a proj",
        ),
        ("link", "modle/churn", None, NotFound, "there is no registry 'modle'"),
        ("create", "a b", None, UsageError, "expected a name"),
    ],
)
def test_what_cannot_be_asked(acme, what, path, alias, error, said):
    with pytest.raises(error, match=said):
        acme(asking.can, "bob", Question(what, path, alias))


@pytest.mark.parametrize(
    ("what", "path", "who", "role"),
    [
        (
            "link",
            "model/churn",
            ("service:train", "team:nlp", "team:ops", "user:ada", "user:alice", "user:bob", "user:oda"),
            "member",
        ),
        ("protect", "model", ("team:ops", "user:ada", "user:alice", "user:oda"), "admin"),
        ("registry-created", "reports", ("team:ops", "user:ada", "user:oda"), "organization admin"),
        ("team-changed", "", ("team:ops", "user:ada", "user:oda"), "organization admin"),
        ("version-rewritten", "model/churn", (), "nobody"),
    ],
)
def test_who_can(acme, what, path, who, role):
    found = acme(asking.who_can, Question(what, path))

    assert (found.who, found.need.role, found.everybody) == (who, role, False)


@pytest.mark.parametrize(
    ("what", "path", "role", "who"),
    [
        (
            *("log", "projects/churn", "member"),
            ("service:train", "team:nlp", "team:ops", "user:ada", "user:bob", "user:oda"),
        ),
        (
            *("log", "projects/churn/features", "member"),
            ("service:train", "team:nlp", "team:ops", "user:ada", "user:bob", "user:oda"),
        ),
        (
            *("log", "projects/open", "member"),
            ("service:train", "team:nlp", "team:ops", "user:ada", "user:alice", "user:bob", "user:oda"),
        ),
        ("rename", "projects/churn/features", "nobody", ()),
        ("purge", "projects/churn/features:v0", "organization admin", ("team:ops", "user:ada")),
    ],
)
def test_who_can_in_a_project(acme, what, path, role, who):
    found = acme(asking.who_can, Question(what, path))

    assert (found.need.role, found.who, found.everybody) == (role, who, False)
    for one in (name for name in ("alice", "bob", "oda") if role == "member"):
        word = acme(asking.can, one, Question(what, path)).word
        assert (word == "allowed") is (f"user:{one}" in who)


def test_who_may_by_a_team_is_named_and_a_service_only_as_far_as_that_reaches(acme):
    acme(membership.grant, "model", {"nlp": "admin"})

    found = acme(asking.who_can, Question("protect", "model"))

    assert found.through == {"user:bob": ("team:nlp",), "user:oda": ("team:ops",)}
    assert "service:train" not in found.who


def test_a_team_that_nobody_defines_is_said_wherever_it_is_asked_about(acme):
    acme(membership.grant, "model", {"team:npl": "admin"})
    acme(accessing.show, "model")
    acme(asking.who_can, Question("link", "model/churn"))
    acme(asking.can, "bob", Question("link", "model/churn"))

    assert acme.said == ["there is no team:npl in organization.yaml; did you mean nlp?"] * 4


def test_an_alias_that_nothing_is_called_is_said_and_one_that_something_is_called_is_not(acme):
    acme.link("weights", aliases=["production"])
    for name in ("production", "prodution"):
        acme(protecting.protect, "model", name)
        acme(accessing.show, "model")
        acme(asking.who_can, Question("promote", "model/churn", name))
        acme(asking.can, "alice", Question("promote", "model/churn", name))
    acme(asking.can, "alice", Question("alias", "model/churn", "new"))

    assert acme.said == ["nothing in model is called prodution yet; did you mean production?"] * 4


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (Gate(metrics={"f1": {"$gte": 0.9}}), ["no version in model has a metric f1"]),
        (Gate(metadata={"framwork": "x"}), ["no version in model has a metadata key framwork"]),
        (Gate(metrics={"auc": {"$gte": 0.9}}), []),
        (Gate(holds="stagging"), ["nothing in model is called stagging yet; did you mean staging?"]),
        (Gate(approvals=Approvals(count=4)), ["4 approvals, and 3 people could give one"]),
        (
            Gate(approvals=Approvals(count=3, not_author=True)),
            ["3 approvals, and 3 people could give one, the author among them"],
        ),
        (Gate(approvals=Approvals(count=4, role="member")), []),
        (Gate(approvals=Approvals(count=9, role="viewer")), []),
    ],
)
def test_a_gate_that_nothing_could_pass_as_it_is_now_is_written_and_said(acme, gate, said):
    acme.link("weights", aliases=["production", "staging"], metrics={"auc": 0.9})

    acme(protecting.protect, "model", "production", [gate])

    assert acme.said == said
    assert acme.document("model/access.yaml", Access).protected_aliases["production"].gates == (gate,)


def test_a_default_role_that_suffices_is_said(acme, git):
    text = ORGANIZATION.format(store=f"file://{acme.path.parent}/store") + "default_role: member\n"
    write(acme, git, "organization.yaml", text)

    assert acme(asking.who_can, Question("link", "model/churn")).everybody
    assert not acme(asking.who_can, Question("protect", "model")).everybody


def test_who_loses_a_right_by_their_own_doing_is_told(acme, git):
    git(acme.path, "config", "registry.user", "user:alice")

    acme(membership.grant, "model", {"bob": "viewer"})
    assert acme.said == []
    acme(membership.revoke, "model", ["alice"])

    assert acme.said == ["you, user:alice, had admin in model, and have viewer (by default_role) now"]


@pytest.mark.parametrize(
    ("who", "said", "hint"),
    [
        (
            "bob",
            "user:bob is no member by their own name, but has member (by team:nlp)",
            (
                "take user:bob out of `teams: nlp` of organization.yaml, or the role from all of the team: "
                "`git registry access revoke model team:nlp`"
            ),
        ),
        (
            "ada",
            "user:ada is no member by their own name, but has organization admin (by admins)",
            "take user:ada out of `admins` of organization.yaml",
        ),
        (
            "oda",
            "user:oda is no member by their own name, but has organization admin (by team:ops in admins)",
            "take user:oda out of `teams: ops` of organization.yaml, or team:ops out of its `admins`",
        ),
        ("zoe", "user:zoe is no member", "its members: user:alice, team:nlp"),
    ],
)
def test_who_is_no_member_but_has_a_role_is_told_where_it_comes_from(acme, who, said, hint):
    with pytest.raises(NotFound) as told:
        acme(membership.revoke, "model", [who])
    assert (told.value.message, told.value.hint) == (said, hint)


def test_an_organization_admin_loses_nothing_by_leaving(acme, git):
    acme(membership.grant, "model", {"ada": "admin"})
    acme(membership.revoke, "model", ["ada"])

    assert acme.said == []


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (Gate(metrics={"auc": {"$above": 1}}), "above"),
        (Gate(metadata={"$where": "x"}), "where"),
        (Gate(holds="Production"), "would have to be where it goes"),
        (Gate(holds="latest"), "latest"),
        (Gate(approvals=Approvals(count=0)), "one approval at least"),
    ],
)
def test_a_gate_that_cannot_be_passed_or_read_is_not_written(acme, gate, said):
    before = acme.log()

    with pytest.raises((UsageError, InvalidDocument), match=said):
        acme(protecting.protect, "model", "production", [gate])
    assert acme.log() == before


def test_the_rules_are_those_that_are_published(desk, upstream, git):
    desk(membership.grant, "model", {"alice": "admin"})

    assert "user:alice" not in roles(desk)
    assert desk.said[-1].endswith(
        "a push is judged by them; here are others, `git registry sync` publishes yours"
    )

    git(desk.path, "push", "-q", "origin", "main")
    desk.said.clear()
    assert roles(desk)["user:alice"] == "admin"
    assert desk.said == []


def test_rules_that_others_published_come_by_a_sync(desk, upstream, clone, git):
    bob = clone("bob")
    desk(membership.grant, "model", {"alice": "admin"})
    git(desk.path, "push", "-q", "origin", "main")
    git(bob.path, "fetch", "-q")

    assert roles(bob)["user:alice"] == "admin"
    assert bob.said[-1].endswith("here are others, `git registry sync` brings those here")


def test_rules_that_are_edited_and_not_committed_are_told_and_count_for_nothing(acme):
    (acme.path / "model/access.yaml").write_text("members: {user:eve: admin}\n")
    (acme.path / "dataset/access.yaml").write_text("members: {user:eve: admin}\n")

    assert acme(asking.can, "eve", Question("protect", "model")).word == "needs approval"
    assert acme.said == ["model/access.yaml is edited and not committed, which counts for nothing yet"]


def test_what_is_here_and_about_something_else_is_not_told(desk, upstream):
    desk(managing.create_registry, "reports", Description())

    roles(desk)

    assert desk.said == []
    assert roles(desk, "reports") == {"user:ada": "organization admin (by admins)"}


def test_who_looks_back_is_answered_by_the_rules_of_then(desk):
    desk(membership.grant, "model", {"alice": "admin"})
    with desk.open() as catalog:
        catalog.commit = catalog.reader.commit("HEAD~1")
        assert asking.can(catalog, "alice", Question("protect", "model")).word == "needs approval"
    assert desk(asking.can, "alice", Question("protect", "model")).word == "allowed"


def test_rules_are_those_of_the_default_branch_whichever_is_checked_out(desk, git):
    git(desk.path, "config", "registry.branch", "main")
    git(desk.path, "checkout", "-q", "-b", "proposals/alice/me-too")
    desk(membership.grant, "model", {"alice": "admin"})

    assert "user:alice" not in roles(desk)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("model/churn", "expected a registry such as model"),
        ("projects/churn", "there is no project"),
        ("modle", "there is no registry 'modle'"),
    ],
)
def test_access_is_of_a_registry(acme, target, said):
    with pytest.raises((UsageError, NotFound), match=said):
        acme(accessing.show, target)
