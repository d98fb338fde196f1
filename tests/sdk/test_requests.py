"""Requests on a forge without hooks: what its check says before it merges them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.flows.stepping import Work
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, THIRD, VERSIONS, alias, version

from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound, Refused, UsageError
from git_registry.repository.repository import Repository
from git_registry.sdk.requests import Told, judgement

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINK = {f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}
PROMOTE = {f"{CHURN}/aliases/production.yaml": alias(SECOND)}
BACK = {f"{CHURN}/aliases/production.yaml": alias(FIRST)}


class Forge:
    """A pipeline's clone, in which a base and a head are there."""

    def __init__(self, work, base):
        self.work = work
        self.base = base

    def commit(self, files, parent=None):
        return self.work.commit(files, parent or self.base)

    def merge(self, tree, *parents):
        """Return a merge that makes of its parents whatever somebody likes."""
        named = [word for parent in parents for word in ("-p", parent)]
        return self.work.git("commit-tree", f"{tree}^{{tree}}", *named, "-m", "Merge")

    def judge(self, head, actor="bob", base=None, **more):
        told = Told(base=base or self.base, head=head, actor=actor, **more)
        repository = Repository.open(self.work.path)
        with Catalog(repository=repository, branch=None, clock=lambda: NOON) as catalog:
            return judgement(catalog, told)

    def says(self, head, actor="bob", **more):
        """Return the verdict and the rules that say so."""
        done = self.judge(head, actor, **more)
        return done.verdict.word, {one.violation.rule for one in done.found}


def rooted(path, **changed):
    path.mkdir()
    work = Work(path, None)
    work.git("init", "-q", "-b", "main")
    return Forge(work, work.commit({**BASE, **changed}))


@pytest.fixture
def forge(tmp_path):
    return rooted(tmp_path / "clone")


def gated(tmp_path, gates):
    text = BASE["model/access.yaml"].replace("  production: {}\n", f"  production:\n    gates:\n{gates}")
    return rooted(tmp_path / "gated", **{"model/access.yaml": text})


ALLOWED = ("allowed", set())
NEEDS = ("needs approval", {"role"})


def test_who_merges_has_the_role_or_somebody_who_approved_what_is_merged(forge):
    head = forge.commit(PROMOTE)

    assert forge.says(head, "alice") == ALLOWED
    assert forge.says(head, "bob") == NEEDS
    assert forge.says(head, "bob", approved_by=("alice",)) == ALLOWED
    assert forge.says(head, "bob", approved_by=(f"alice@{head}",)) == ALLOWED
    assert forge.says(head, "bob", approved_by=("carol", "bob")) == NEEDS


def test_an_approval_of_something_older_does_not_count(forge):
    seen = forge.commit(PROMOTE)
    head = forge.commit(LINK, seen)

    done = forge.judge(head, approved_by=(f"alice@{seen}",))

    assert done.verdict.word == "needs approval"
    assert done.uncounted == (f"user:alice approved {seen[:8]}, which is not what would be merged",)


def test_an_approval_names_somebody_and_all_of_a_commit_or_none(forge):
    head = forge.commit(PROMOTE)

    for short in (head[:7], head[:39], head.upper(), f"{head}0"):
        with pytest.raises(UsageError, match="is not the full id of a commit"):
            forge.judge(head, approved_by=(f"alice@{short}",))
    for nobody in ("", f"@{head}"):
        with pytest.raises(UsageError, match="missing a name"):
            forge.judge(head, approved_by=(nobody,))
    done = forge.judge(head, approved_by=("alice@acme.example", "alice@acme.example@" + head))
    assert done.approvers == ("user:alice@acme.example",)


def test_only_accounts_that_an_identity_names_are_somebody(forge):
    text = BASE["organization.yaml"] + "  user:alice: {github: Alice-GH}\n  user:sam: {github: sam}\n"
    base = forge.commit({"organization.yaml": text})
    head = forge.commit(PROMOTE, base)

    assert forge.says(head, "alice-gh", base=base, host="github") == ALLOWED
    assert forge.says(head, "github:alice", base=base) == NEEDS
    assert forge.says(head, "bob", base=base, approved_by=("github:alice-gh",)) == ALLOWED
    done = forge.judge(head, "bob", base=base, approved_by=("gitlab:alice-gh", "gitlab:alice"))
    assert done.verdict.word == "needs approval"
    assert done.uncounted[1] == (
        "gitlab:alice approved it, and only a user's approval counts: an organization admin says whose "
        "account it is, in organization.yaml: `identities: {user:NAME: {gitlab: alice}}`"
    )


def test_who_will_merge_it_may_be_known_to_nobody_and_has_what_anybody_has(forge):
    head = forge.commit(PROMOTE)

    done = forge.judge(head, "-", host="github", authors=("alice",))
    assert (done.actor, done.verdict.word) == ("whoever presses the button", "needs approval")
    assert "whoever presses the button has viewer" in str(done.found[0].violation)
    assert forge.says(head, "-", approved_by=("alice",)) == ALLOWED


def test_the_request_does_not_say_who_is_who(forge):
    mine = BASE["organization.yaml"].replace("user:raj]", "user:raj, user:mallory]")
    head = forge.commit(PROMOTE, forge.commit({"organization.yaml": mine}))

    assert forge.says(head, "mallory") == NEEDS
    assert forge.says(head, "mallory", approved_by=("mallory",)) == NEEDS


def test_who_wrote_it_is_no_approver_where_that_is_asked(tmp_path):
    forge = gated(tmp_path, "      - approvals: {count: 1, role: admin, not_author: true}\n")
    head = forge.commit(PROMOTE)

    assert forge.says(head, "bob", approved_by=("alice",), authors=("bob",)) == ALLOWED
    assert forge.says(head, "bob", approved_by=("alice",), authors=("bob", "alice"))[0] == "needs approval"
    assert forge.says(head, "alice", approved_by=("alice",), authors=("bob",))[0] == "needs approval"
    nobody_says = forge.judge(head, "bob", approved_by=("alice",))
    assert (
        "nobody can say whose proposal it was: --author says whose request it is"
        in nobody_says.found[0].violation.message
    )
    assert forge.says(head, "bob", approved_by=("alice",), authors=("github:renovate[bot]",)) == ALLOWED


def test_who_is_asked_to_approve_could(tmp_path):
    text = (
        BASE["model/access.yaml"]
        .replace("members:\n", "members:\n  service:train: admin\n  team:robots: admin\n")
        .replace("  production: {}\n", f"  production:\n    gates:\n{_NOT_AUTHOR}")
    )
    teams = BASE["organization.yaml"].replace("teams:\n", "teams:\n  robots: {members: [service:train]}\n")
    forge = rooted(tmp_path / "asked", **{"model/access.yaml": text, "organization.yaml": teams})
    head = forge.commit(PROMOTE)

    def asked(actor, *authors):
        return {
            one.violation.rule: set(one.violation.able)
            for one in forge.judge(head, actor, authors=authors).found
        }

    everybody = asked("bob")["role"]
    assert "user:alice" in everybody
    assert not everybody & {"service:train", "team:robots"}
    assert asked("bob", "alice")["gate approvals"] == everybody - {"user:alice"}
    assert asked("alice") == {"gate approvals": everybody - {"user:alice"}}


_NOT_AUTHOR = "      - approvals: {count: 1, role: admin, not_author: true}\n"


def test_who_pushes_to_an_admins_request_has_no_admins_role(forge):
    head = forge.commit(PROMOTE)

    assert forge.says(head, "alice", authors=("alice",)) == ALLOWED
    assert forge.says(head, "alice", authors=("alice", "ana")) == ALLOWED
    assert forge.says(head, "alice", authors=("alice", "bob")) == NEEDS
    assert forge.says(head, "alice", authors=("bob",)) == NEEDS
    assert forge.says(head, "alice", authors=("alice", "github:renovate[bot]")) == NEEDS
    assert forge.says(head, "bob", authors=("alice", "bob")) == NEEDS
    assert forge.says(head, "alice", authors=("bob",), approved_by=("alice",)) == ALLOWED
    done = forge.judge(head, "alice", authors=("alice", "bob"))
    assert [(one.by, one.is_met) for one in done.events] == [(None, False)]
    assert "user:bob has member" in done.found[0].violation.message


def test_on_whom_an_event_rests_that_several_made(forge):
    head = forge.commit({**PROMOTE, **LINK})

    done = forge.judge(head, "alice", authors=("bob",), approved_by=("alice",))
    assert {one.event.kind: one.by for one in done.events} == {
        "alias-moved": "user:alice",
        "version-linked": "user:alice",
    }
    done = forge.judge(head, "bob", authors=("alice",), approved_by=("ana",))
    assert {one.event.kind: one.by for one in done.events} == {
        "alias-moved": "user:ana",
        "version-linked": "user:bob",
    }


def test_nobody_knows_who_signs_what_is_to_be_made(tmp_path):
    forge = gated(tmp_path, "      - signed: true\n")

    done = forge.judge(forge.commit(PROMOTE), "alice", stepwise=False)

    (found,) = done.found
    assert "only if the commit is signed by an admin of model; the forge has yet to make it" in str(
        found.violation
    )
    assert "let the forge require signed commits" in found.violation.hint
    own = forge.judge(forge.commit(PROMOTE), "alice")
    assert "no good signature" in own.found[-1].violation.message, "of its own commits that is known"


def test_gates_look_at_what_the_merge_makes(tmp_path):
    forge = gated(tmp_path, "      - holds: candidate\n")

    assert forge.says(forge.commit(PROMOTE), "alice") == ("refused", {"gate holds"})
    base = forge.commit({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})
    head = forge.commit(PROMOTE)
    assert forge.says(head, "alice", base=base, stepwise=False) == ALLOWED
    assert forge.says(head, "alice", base=base) == ("refused", {"gate holds"}), "as its own step it isn't"


def test_a_rollback_is_known_from_the_base(tmp_path):
    forge = gated(tmp_path, "      - holds: candidate\n")
    base = forge.commit(PROMOTE, forge.commit({f"{CHURN}/aliases/candidate.yaml": alias(THIRD), **LINK}))
    other = forge.commit({f"{CHURN}/aliases/production.yaml": alias(THIRD)}, base)

    assert forge.says(forge.commit(BACK, base), "alice", base=base, stepwise=False) == ALLOWED
    assert forge.says(forge.commit(BACK, other), "alice", base=other, stepwise=False)[0] == "refused"


def test_what_is_set_and_unset_is_a_step_unless_merges_keep_none(forge):
    there_and_back = forge.commit(BACK, forge.commit(PROMOTE))
    head = forge.commit(LINK, there_and_back)

    done = forge.judge(head)
    assert done.verdict.word == "needs approval"
    assert {one.event.kind for one in done.events} == {"version-linked"}
    assert all(one.commit for one in done.found)
    assert forge.says(head, stepwise=False) == ALLOWED
    assert forge.says(head, approved_by=("alice",)) == NEEDS, "the approved result does not show it"


def test_what_others_published_meanwhile_is_not_laid_to_the_request(forge):
    base = forge.commit(PROMOTE)
    own = forge.commit(LINK)

    assert forge.says(own, base=base) == ALLOWED
    updated = forge.merge(forge.commit(LINK, base), own, base)
    again = forge.commit({"model/new/collection.yaml": "format: 1\ntype: model\n"}, updated)
    assert forge.says(again, base=base, stepwise=False) == ALLOWED
    newer = forge.commit({f"{CHURN}/aliases/canary.yaml": alias(FIRST)}, base)
    assert forge.says(again, base=newer) == ALLOWED


def test_what_such_a_merge_adds_is(forge):
    base = forge.commit({f"{CHURN}/aliases/canary.yaml": alias(FIRST)})
    evil = forge.merge(forge.commit({**LINK, **PROMOTE}, base), forge.commit(LINK), base)
    undone = forge.commit(BACK, evil)
    newer = forge.commit({"model/new/collection.yaml": "format: 1\ntype: model\n"}, base)

    assert forge.says(evil, base=newer) == NEEDS
    assert forge.says(evil, base=newer, stepwise=False) == NEEDS
    done = forge.judge(undone, base=newer)
    assert {one.commit for one in done.found} == {evil, undone}


def test_a_merge_of_what_is_no_step_of_the_branch_hides_nothing(forge):
    inside = forge.commit(PROMOTE)
    base = forge.merge(forge.base, forge.base, forge.commit(BACK, inside))
    head = forge.merge(inside, forge.commit(LINK), inside)

    assert forge.says(forge.commit(BACK, head), base=base) == NEEDS


def test_a_fast_forward_goes_through_every_step_whatever_it_merges(forge):
    base = forge.commit(PROMOTE)
    linked = forge.commit(LINK, base)
    back = forge.merge(forge.commit(LINK), linked, forge.base)
    again = forge.merge(linked, back, base)

    done = forge.judge(again, base=base)

    assert done.verdict.word == "needs approval"
    assert {one.commit for one in done.found} == {back, again}
    assert forge.says(again, base=base, stepwise=False) == ALLOWED


def test_a_fast_forward_may_not_renumber_what_is_there(forge):
    base = forge.commit(LINK)
    foxtrot = forge.merge(base, forge.commit({"model/new/collection.yaml": "format: 1\ntype: model\n"}), base)

    assert forge.says(foxtrot, "ana", base=base) == ("refused", {"ref"})
    assert forge.judge(foxtrot, "ana", base=base, stepwise=False).verdict.is_allowed


def test_the_format_holds_for_everybody(forge):
    wrong = forge.commit({f"{CHURN}/aliases/canary.yaml": "format: 1\nversion: 0\n"})
    rewritten = {f"{VERSIONS}/{SECOND.id}.yaml": SECOND.manifest.replace("churn-xgb", "other")}

    done = forge.judge(wrong, "ana")
    assert done.is_misshapen
    assert not done.verdict.is_allowed
    assert forge.says(forge.commit(rewritten), "ana")[0] == "refused"
    mended = forge.commit({f"{CHURN}/aliases/canary.yaml": None}, wrong)
    assert forge.judge(mended, "ana").is_misshapen
    assert forge.says(mended, "ana", stepwise=False) == ALLOWED


def test_two_may_not_know_of_each_other(forge):
    base = forge.commit({f"{VERSIONS}/{THIRD.id}.yaml": None, **_unlinked(SECOND)})

    assert forge.says(forge.commit(PROMOTE), "alice", base=base, stepwise=False)[0] == "refused"


def _unlinked(which):
    name = f"{which.id}.yaml"
    return {f"{VERSIONS}/{name}": None, f"{CHURN}/unlinked/{name}": which.manifest}


def test_what_conflicts_can_not_be_merged(forge):
    base = forge.commit({f"{CHURN}/aliases/production.yaml": None})

    with pytest.raises(Conflict, match=r"conflicts in model/churn/aliases/production\.yaml"):
        forge.judge(forge.commit(PROMOTE), base=base)
    with pytest.raises(Conflict, match="shares no history"):
        forge.judge(forge.work.commit({"README.md": "Hello\n"}))


def test_rules_that_can_not_be_read_let_nobody_merge(forge):
    base = forge.commit({"organization.yaml": "format: 1\nname: acme\nadmin: [user:ana]\n"})

    assert forge.says(forge.commit(LINK, base), "ana", base=base)[1] >= {"closed"}
    assert (
        forge.says(forge.commit({"organization.yaml": BASE["organization.yaml"]}, base), "ana", base=base)[0]
        == "refused"
    )


def test_an_approval_by_ref_is_nothing_where_nobody_judges_who_writes_it(forge):
    head = forge.commit(PROMOTE)
    forge.work.git("update-ref", f"refs/approvals/alice/{head}", head)

    assert forge.says(head) == NEEDS


def test_too_much_is_refused_before_it_is_merged(forge):
    deep = forge.commit({"a/b/c/d/e/f/g/h/i/j/k": "deep\n"})

    done = forge.judge(deep, "ana")

    assert done.verdict.word == "refused"
    assert not done.tree


def test_nothing_to_merge_is_allowed(forge):
    head = forge.commit(LINK)

    for older in (forge.base, head):
        done = forge.judge(older, "mallory", base=head)
        assert done.is_merged
        assert done.verdict.is_allowed
        assert done.events == ()
    assert not forge.judge(head, "bob").is_merged


@pytest.mark.parametrize(
    ("name", "error"),
    [("team:nlp", UsageError), ("user:", UsageError), ("nobody:ana", UsageError), ("github:a/b", Refused)],
)
def test_a_name_that_is_nobodys(forge, name, error):
    with pytest.raises(error):
        forge.judge(forge.base, name)


def test_an_account_that_two_claim_is_nobodys(forge):
    claims = BASE["organization.yaml"] + "  user:a: {github: both}\n  user:b: {github: Both}\n"
    base = forge.commit({"organization.yaml": claims})
    head = forge.commit(PROMOTE, base)

    with pytest.raises(Refused, match="claimed by user:a and user:b"):
        forge.judge(head, "github:both", base=base)
    done = forge.judge(head, "bob", base=base, approved_by=("github:both",))
    assert "claimed by user:a and user:b" in done.uncounted[0]


def test_a_revision_that_is_not_here(forge):
    with pytest.raises(NotFound, match="no commit 'nope'"):
        forge.judge("nope")


def test_a_tag_called_as_the_base_is_not_taken_for_it(forge):
    mine = forge.commit({"organization.yaml": BASE["organization.yaml"].replace("user:ana", "user:mallory")})
    forge.work.git("update-ref", "refs/remotes/origin/main", forge.base)
    forge.work.git("tag", "origin/main", mine)

    with pytest.raises(UsageError, match="'origin/main' is ambiguous"):
        forge.judge(forge.commit(PROMOTE, mine), "mallory", base="origin/main")


def test_the_events_say_on_whom_they_rest(forge):
    head = forge.commit({**PROMOTE, **LINK})

    resting = {
        one.event.kind: (one.takes, one.by) for one in forge.judge(head, approved_by=("alice",)).events
    }

    assert resting == {
        "alias-moved": ("admin of model", "user:alice"),
        "version-linked": ("member of model", "user:bob"),
    }


def test_a_version_changed_since_it_was_approved(forge):
    fourth = version("fourth")
    assert fourth.id != THIRD.id
    linked = {f"{VERSIONS}/{fourth.id}.yaml": fourth.manifest}
    notes = {f"{VERSIONS}/{SECOND.id}.notes.yaml": "format: 1\nmetrics: {auc: 0.99}\n"}
    base = forge.commit(notes)
    head = forge.commit({**PROMOTE, **linked})

    assert forge.says(head, approved_by=("alice",)) == ALLOWED
    assert forge.says(head, base=base, approved_by=("alice",)) == NEEDS
