"""Merging a proposal: in one commit that the server takes, or not at all."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap

import pytest
from tests.flows.offices import earlier, offices
from tests.flows.reviewing import APPROVED, MAIN, MOVED, PRODUCTION, Office, gated
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, THIRD, VERSIONS, alias
from tests.repeating import times

from git_registry.catalog import pending
from git_registry.errors import Conflict, NotFound, Refused, UsageError
from git_registry.model.digest import Digest
from git_registry.repository import remote
from git_registry.sdk import approving, merging, objecting
from git_registry.sdk.allowing import NotAllowed
from git_registry.sdk.merging import merge
from git_registry.sdk.prospects import State

__all__ = ["earlier", "offices"]

NAME = "bob/promote"
PROPOSAL = f"refs/heads/proposals/{NAME}"
LINKED = {f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}
CARD = {"model/README.md": "# Models\n"}


@pytest.fixture
def office(offices):
    return offices.found(gated(APPROVED))


@pytest.fixture
def approved(office, offices):
    """The commit of Bob's proposal, which Bob has looked at, and which Alice has approved since."""
    return offices.after(approved_by_alice)


def approved_by_alice(office):
    commit = office.proposed()
    office.look("bob")
    office.look("alice")
    office.desk("alice")(approving.approve, NAME)
    return commit


class TestAMerge:
    def test_is_one_commit_that_names_who_decided(self, office, approved):
        done = office.desk("bob")(merge, NAME)

        assert office.at(MAIN) == done.commit
        assert office.production() == SECOND
        assert office.git("bob", "log", "-1", "--format=%P", done.commit).split() == [office.base, approved]
        message = office.git("bob", "log", "-1", "--format=%B", done.commit)
        assert message.splitlines() == [
            "Merge bob/promote: Step",
            "",
            "Proposed-by: user:bob",
            "Approved-by: user:alice",
        ]
        assert (done.approvers, done.is_published, done.is_removed) == (("user:alice",), True, True)
        assert [event.kind for event in done.events] == ["alias-moved"]
        assert office.at(PROPOSAL) == ""

    def test_moves_the_branch_here_too(self, office, approved):
        done = office.desk("bob")(merge, NAME)

        assert office.git("bob", "rev-parse", "main") == done.commit
        assert office.git("bob", "status", "--porcelain") == ""
        assert alias(SECOND) == (office.desk("bob").path / PRODUCTION).read_text()

    def test_by_somebody_else_leaves_the_branch_to_its_owner(self, office, approved):
        done = office.desk("carol")(merge, NAME, approved)

        assert office.at(MAIN) == done.commit
        assert not done.is_removed
        assert office.at(PROPOSAL) == approved

    def test_by_an_organization_admin_removes_the_branch(self, office, approved):
        assert office.desk("ana")(merge, NAME, approved).is_removed
        assert office.at(PROPOSAL) == ""

    def test_needs_who_merges_to_be_known(self, office, approved):
        office.git("bob", "config", "--unset-all", "registry.user")

        with pytest.raises(UsageError, match="who you are"):
            office.desk("bob")(merge, NAME)

    def test_of_what_is_not_there(self, office):
        with pytest.raises(NotFound, match="no such proposal"):
            office.desk("bob")(merge, NAME)

    @pytest.mark.parametrize("user", ["bob", "carol"])
    def test_twice(self, office, approved, user):
        office.desk(user)(merge, NAME, approved)
        tip = office.at(MAIN)

        with pytest.raises((NotFound, Conflict)) as again:
            office.desk(user)(merge, NAME, approved)

        assert (f"is merged, as {tip[:8]}" if user == "bob" else "merged already") in str(again.value)
        assert office.at(MAIN) == tip

    def test_of_what_others_did_the_same_meanwhile(self, office, approved):
        office.publish({**MOVED, **CARD})

        office.look("carol")
        office.desk("carol")(objecting.object_to, NAME, "Why?")

        with pytest.raises(Conflict, match="nothing to merge: main has all"):
            office.desk("bob")(merge, NAME)

    def test_goes_on_from_what_was_published_meanwhile(self, office, approved):
        tip = office.publish(CARD)

        done = office.desk("bob")(merge, NAME)

        assert done.base == tip
        assert office.production() == SECOND

    def test_of_several_commits_with_merges_in_it_is_one_step(self, office):
        first = office.work.commit(LINKED, office.base)
        tip = office.publish(CARD)
        tree = office.work.git("rev-parse", f"{office.work.commit(CARD, first)}^{{tree}}")
        merged = office.work.git("commit-tree", tree, "-p", first, "-p", tip, "-m", "Merge main")
        commit = office.proposed(MOVED, base=merged)
        office.desk("alice")(approving.approve, NAME, commit)

        done = office.desk("bob")(merge, NAME, commit)

        assert sorted(event.kind for event in done.events) == ["alias-moved", "version-linked"]
        assert office.at(f"{MAIN}") == done.commit

    def test_with_commits_waiting_here_leaves_those(self, office, approved):
        office.desk("bob").promote("model/churn:v0", "staging")
        waiting = office.git("bob", "rev-parse", "main")

        done = office.desk("bob")(merge, NAME)

        assert office.at(MAIN) == done.commit
        assert office.git("bob", "rev-parse", "main") == waiting
        assert any("commits of its own" in said for said in office.desk("bob").said)

    def test_with_local_edits_in_its_way_is_made_and_says_so(self, office, approved):
        (office.desk("bob").path / PRODUCTION).write_text("mine\n")

        done = office.desk("bob")(merge, NAME)

        assert office.at(MAIN) == done.commit
        assert any("stays behind" in said for said in office.desk("bob").said)
        assert (office.desk("bob").path / PRODUCTION).read_text() == "mine\n"

    def test_is_signed_where_commits_are(self, office, approved, tmp_path):
        key = tmp_path / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        for name, value in {
            "commit.gpgSign": "true",
            "gpg.format": "ssh",
            "user.signingKey": f"{key}",
        }.items():
            office.git("bob", "config", name, value)

        done = office.desk("bob")(merge, NAME)

        assert "gpgsig -----BEGIN SSH SIGNATURE" in office.git("bob", "cat-file", "commit", done.commit)
        assert office.at(MAIN) == done.commit

    def test_that_shall_wait_is_made_here_alone(self, office, approved):
        with office.desk("bob").open() as catalog:
            catalog.waits = True
            done = merge(catalog, NAME)

        assert (done.is_published, done.is_waiting, done.is_removed) == (False, True, False)
        assert office.git("bob", "rev-parse", "main") == done.commit
        assert office.at(MAIN) == office.base
        office.git("bob", "push", "-q", "origin", "main")
        assert office.production() == SECOND

    def test_from_a_shallow_clone_fetches_the_history_first(self, office, approved):
        office.publish(CARD)
        shallow = Office(office.directory / "shallow", office.server, office.work, office.base)
        shallow.directory.mkdir()
        shallow.desk("bob", "--depth=1", "--no-single-branch")

        assert shallow.desk("bob")(approving.approve, NAME, approved).prospect.state is State.READY
        assert shallow.desk("bob")(merge, NAME, approved).is_published
        assert office.production() == SECOND

    def test_while_another_branch_is_checked_out_leaves_that(self, office, approved):
        office.desk("bob")
        office.git("bob", "switch", "-q", "-c", "mine")

        done = office.desk("bob")(merge, NAME)

        assert office.git("bob", "symbolic-ref", "HEAD") == "refs/heads/mine"
        assert office.git("bob", "rev-parse", "main", "mine").split() == [done.commit, office.base]

    def test_without_a_remote(self, desk, git):
        git(desk.path, "config", "registry.user", "user:ada")
        desk.link("weights")
        git(desk.path, "switch", "-q", "-c", "proposals/ada/it")
        desk.promote("model/churn:v0", "staging")
        git(desk.path, "switch", "-q", "main")

        done = desk(merge, "it", git(desk.path, "rev-parse", "proposals/ada/it"))

        assert desk.aliases() == {"staging": desk.aliases()["staging"]}
        assert (done.is_published, done.is_waiting, done.is_removed) == (False, False, True)
        assert git(desk.path, "for-each-ref", "refs/heads/proposals") == ""
        assert git(desk.path, "status", "--porcelain") == ""


class TestWhoApproved:
    """Those are named whose approval counted when it was merged, and nobody else."""

    def test_are_those_whose_approval_counts(self, office, approved):
        for user in ("carol", "bob"):  # a viewer; and its own author
            office.desk(user)(approving.approve, NAME, approved)

        done = office.desk("bob")(merge, NAME)

        assert done.approvers == ("user:alice",)
        assert "carol" not in office.git("bob", "log", "-1", "--format=%B", done.commit)

    def test_are_those_who_may_do_it_though_nobody_had_to(self, office):
        commit = office.proposed({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})
        for user in ("alice", "carol"):
            office.desk(user)(approving.approve, NAME, commit)

        assert office.desk("bob")(merge, NAME, commit).approvers == ("user:alice",)


class TestWhatWasSeen:
    """A proposal may be amended at any moment by whose it is; nobody merges what they have not looked at."""

    def test_what_was_not_reviewed_here_is_not_merged(self, office, approved):
        for _ in range(2):
            with pytest.raises(Conflict, match="you have not reviewed it here") as unseen:
                office.desk("carol")(merge, NAME)

        assert unseen.value.hint == f"git registry review {NAME}"
        assert office.at(MAIN) == office.base

    def test_what_was_amended_since_it_was_reviewed_is_not_merged(self, office, approved):
        amended = office.proposed({**MOVED, **CARD})

        for user in ("alice", "bob"):
            with pytest.raises(Conflict, match=f"amended since you reviewed it at {approved[:8]}"):
                office.desk(user)(merge, NAME)
        with pytest.raises(Conflict, match=f"it is at {amended[:8]}, not at {approved[:8]}"):
            office.desk("bob")(merge, NAME, approved)

        assert office.at(MAIN) == office.base

    def test_what_was_approved_by_its_id_was_seen(self, office):
        commit = office.proposed({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})
        office.desk("alice")(approving.approve, NAME, commit)

        assert office.desk("alice")(merge, NAME).is_published

    def test_what_was_proposed_from_here_was_seen_by_whose_it_is(self, office):
        office.run("bob", "alias", "add", f"{CHURN}@{SECOND.id}", "candidate", "--proposal", "it", "--json")

        with pytest.raises(Conflict, match="not reviewed it here"):
            office.desk("alice")(merge, "bob/it")
        assert office.desk("bob")(merge, "bob/it").is_published


class TestWhatIsNotMerged:
    def test_without_an_approval_says_all_that_is_missing_and_who_may(self, office):
        commit = office.proposed()

        with pytest.raises(NotAllowed) as refused:
            office.desk("bob")(merge, NAME, commit)

        said = [str(one) for one in refused.value.problems]
        assert said[0] == f"{NAME}: it needs approval by user:alice or user:ana or user:raj"
        assert any("takes admin of model" in one for one in said[1:])
        assert any("only if 1 approval by admin" in one for one in said[1:])
        assert office.at(MAIN) == office.base

    def test_by_who_approved_it_is_left_to_its_owner(self, office, approved):
        with pytest.raises(NotAllowed) as refused:
            office.desk("alice")(merge, NAME)

        assert "you approved it: let user:bob, or anybody who is not among" in refused.value.message
        assert refused.value.hint == f"user:bob may: `git registry merge {NAME}`"
        assert office.at(MAIN) == office.base

    def test_an_amended_proposal_has_lost_its_approval(self, office, approved):
        amended = office.proposed({**MOVED, **CARD})

        with pytest.raises(NotAllowed, match="needs approval"):
            office.desk("bob")(merge, NAME, amended)

    def test_an_approval_that_was_taken_back_counts_no_more(self, office, approved):
        office.desk("alice")(approving.withdraw, NAME)

        with pytest.raises(NotAllowed, match="needs approval"):
            office.desk("bob")(merge, NAME)

    def test_while_somebody_asks_for_changes_unless_that_is_settled(self, office, approved):
        office.look("carol")
        office.desk("carol")(objecting.object_to, NAME, "Measure it again.")

        with pytest.raises(Refused, match=r"user:carol: Measure it again\."):
            office.desk("bob")(merge, NAME)
        assert office.at(MAIN) == office.base

        done = office.desk("bob")(merge, NAME, despite=True)

        assert done.objected_by == ("user:carol",)
        message = office.git("bob", "log", "-1", "--format=%B", done.commit)
        assert message.splitlines()[-2:] == ["Approved-by: user:alice", "Objected-by: user:carol"]

    def test_what_conflicts_says_where_and_what_to_do(self, office):
        commit = office.proposed()
        office.publish({PRODUCTION: alias(FIRST) + "# by hand\n"})

        with pytest.raises(Conflict, match=PRODUCTION) as conflict:
            office.desk("bob")(merge, NAME, commit)

        assert conflict.value.where == NAME
        assert "proposes it again" in conflict.value.hint

    @pytest.mark.parametrize(
        ("files", "says"),
        [
            ({"notes.txt": "x\n"}, "file-changed takes organization admin"),
            ({f"{VERSIONS}/{SECOND.id}.yaml": "format: 1\n"}, "version-rewritten is never allowed"),
            ({PRODUCTION: "format: 1\nversion: 12\n"}, "expected"),
        ],
        ids=["outside the format", "never", "misshapen"],
    )
    def test_what_the_rules_or_the_format_forbid(self, office, files, says):
        commit = office.proposed(files)

        with pytest.raises(NotAllowed) as refused:
            office.desk("bob")(merge, NAME, commit)

        assert says in "\n".join(map(str, refused.value.problems))
        assert office.at(MAIN) == office.base

    def test_more_than_a_server_looks_at_is_refused_at_once(self, office):
        """A few trees hold more files than anybody can read.

        What is deleted here, and was edited there, has git look through all of them for where it went.
        """
        tree = office.work.git("rev-parse", f"{office.base}:model/churn")
        for _ in range(5):
            rows = "".join(f"040000 tree {tree}\t{number:04}\n" for number in range(1_000))
            tree = office.work.git("mktree", stdin=rows)
        base = office.work.git("ls-tree", office.base).splitlines()
        kept = [row for row in base if not row.endswith("organization.yaml")]
        root = office.work.git("mktree", stdin="\n".join([*kept, f"040000 tree {tree}\tmany"]) + "\n")
        head = office.work.git("commit-tree", root, "-p", office.base, "-m", "Many")
        office.work.put(PROPOSAL, head)
        office.publish({"organization.yaml": f"{BASE['organization.yaml']}# edited\n"})

        with pytest.raises(NotAllowed, match="may not be merged") as refused:
            office.desk("ana")(merge, NAME, head)

        assert "more than 40000 files and directories change" in str(refused.value.problems[1])

    def test_what_names_blobs_that_wait_here_for_the_store(self, office):
        commit = office.proposed(LINKED)
        with office.desk("bob").open() as catalog:
            blob = Digest("sha256", hashlib.sha256(b"third").hexdigest())
            pending.waiting(catalog.repository).note([blob])

        with pytest.raises(Refused, match="its blobs are not in the store yet"):
            office.desk("bob")(merge, NAME, commit)

        assert office.at(MAIN) == office.base

    def test_a_program_is_left_to_git(self, office):
        blob = office.work.git("hash-object", "-w", "--stdin", stdin="#!/bin/sh\n")
        office.work.git("read-tree", office.base)
        office.work.git("update-index", "--add", "--cacheinfo", f"100755,{blob},run.sh")
        made = office.work.git(
            "commit-tree", office.work.git("write-tree"), "-p", office.base, "-m", "Program"
        )
        assert not office.work.push("bob", f"{made}:{PROPOSAL}").code

        with pytest.raises(Refused, match="of a kind that is not merged here"):
            office.desk("ana")(merge, NAME, made)


class TestMeanwhile:
    """What others do between the fetch and the push: by a `pre-push` hook here, which runs right there."""

    def meanwhile(self, office, user, *commands):
        hook = office.desk(user).path / ".git/hooks/pre-push"
        there = office.server.repository
        lines = "".join(f"git -C '{there}' {one}\n" for one in commands)
        hook.write_text(
            f"#!/bin/sh\nunset GIT_DIR\n[ -e '{hook}.done' ] && exit 0\n: > '{hook}.done'\n{lines}"
        )
        hook.chmod(0o755)

    def kept(self, office, commit):
        office.work.put("refs/heads/kept", commit)
        return commit

    def test_others_publish_and_it_is_merged_into_that(self, office, approved):
        tip = self.kept(office, office.work.commit(CARD, office.base))
        office.desk("bob")
        self.meanwhile(office, "bob", f"update-ref {MAIN} {tip}")

        done = office.desk("bob")(merge, NAME)

        assert done.base == tip
        assert office.at(MAIN) == done.commit
        assert office.production() == SECOND

    def test_the_rules_change_and_it_is_judged_by_those(self, office, approved):
        tip = self.kept(office, office.work.commit(gated(APPROVED, "{signed: true}"), office.base))
        office.desk("bob")
        self.meanwhile(office, "bob", f"update-ref {MAIN} {tip}")

        with pytest.raises(NotAllowed, match="may not be merged"):
            office.desk("bob")(merge, NAME)

        assert office.at(MAIN) == tip

    @pytest.mark.parametrize(("to", "says"), [("amended", "amended meanwhile"), ("", "withdrawn meanwhile")])
    def test_the_proposal_is_amended_or_withdrawn_and_others_publish(self, office, approved, to, says):
        tip = self.kept(office, office.work.commit(CARD, office.base))
        office.work.put("refs/heads/amended", office.work.commit({**MOVED, **CARD}, office.base))
        office.desk("bob")
        change = f"update-ref {PROPOSAL} refs/heads/{to}" if to else f"update-ref -d {PROPOSAL}"
        self.meanwhile(office, "bob", f"update-ref {MAIN} {tip}", change)

        with pytest.raises(Conflict, match=says):
            office.desk("bob")(merge, NAME)

        assert office.at(MAIN) == tip

    def test_somebody_else_merges_it_and_removes_its_branch(self, office, approved):
        tree = office.work.git("rev-parse", f"{approved}^{{tree}}")
        parents = ("-p", office.base, "-p", approved)
        merged = self.kept(office, office.work.git("commit-tree", tree, *parents, "-m", "Merge"))
        office.desk("bob")
        self.meanwhile(office, "bob", f"update-ref {MAIN} {merged}", f"update-ref -d {PROPOSAL}")

        with pytest.raises(Conflict, match="it is merged already"):
            office.desk("bob")(merge, NAME)

        assert office.at(MAIN) == merged

    def test_the_proposal_is_amended_before_the_push_asks(self, office, approved, monkeypatch):
        amended = office.work.commit({**MOVED, **CARD}, office.base)
        pushing = remote.push

        def later(*args, **options):
            office.work.put(PROPOSAL, f"{amended}")
            return pushing(*args, **options)

        monkeypatch.setattr(remote, "push", later)
        with pytest.raises(Conflict, match="amended meanwhile"):
            office.desk("bob")(merge, NAME)

        assert office.at(MAIN) == office.base

    def test_the_approval_is_taken_back_and_the_server_says_so(self, office, approved):
        office.desk("bob")
        self.meanwhile(office, "bob", f"update-ref -d refs/approvals/alice/{approved}")

        with pytest.raises(Refused, match="the remote refused") as refused:
            office.desk("bob")(merge, NAME)

        assert "nobody approved" in refused.value.hint
        assert office.at(MAIN) == office.base


def test_the_branch_that_can_not_be_removed_is_told(office, approved, monkeypatch):
    def broken(*_args):
        raise Conflict("the proposal was amended meanwhile")

    monkeypatch.setattr(merging, "remove", broken)

    done = office.desk("bob")(merge, NAME)

    assert office.at(MAIN) == done.commit
    assert not done.is_removed
    assert any("its branch stays" in said for said in office.desk("bob").said)


@pytest.mark.slow
def test_many_who_merge_at_once_lose_nothing(office):
    names = [f"p{number}" for number in range(times(4, 6))]
    commits = [
        office.proposed({f"model/{name}/collection.yaml": "format: 1\ntype: model\n"}, name=name)
        for name in names
    ]
    code = textwrap.dedent(MERGING)
    there = {"cwd": office.desk("bob").path, "env": {**os.environ, **office.server.environment("bob")}}

    running = [
        subprocess.Popen([sys.executable, "-c", code, *asked], **there)
        for asked in zip(names, commits, strict=True)
    ]

    assert [one.wait() for one in running] == [0] * len(names)
    listed = office.server.run(
        "git", "-C", str(office.server.repository), "ls-tree", "--name-only", MAIN, "model/"
    )
    assert {f"model/{name}" for name in names} <= set(listed.split())
    steps = office.git("bob", "rev-list", "--count", "--first-parent", f"{office.base}..origin/main")
    assert int(steps) == len(names)


MERGING = """
import os, sys
from datetime import UTC, datetime
from git_registry.sdk.merging import merge
from git_registry.sdk.opening import open_catalog

with open_catalog(None, environ=os.environ, clock=lambda: datetime.now(UTC), notify=print) as catalog:
    merge(catalog, sys.argv[1], sys.argv[2])
"""

KILLED = """
import os, signal, sys
from datetime import UTC, datetime
sys.addaudithook(lambda event, args: None)
from git_registry.repository import process
from git_registry.sdk.merging import merge
from git_registry.sdk.opening import open_catalog

left = int(sys.argv[1])
running = process.Git.run

def run(self, *args, **options):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return running(self, *args, **options)

process.Git.run = run
clock = lambda: datetime.now(UTC)
with open_catalog(None, environ=os.environ, clock=clock, notify=print) as catalog:
    merge(catalog, sys.argv[2])
"""


def killed_after(office, commands):
    """Merge in a process that is killed before its next command of git; say whether it was."""
    code = textwrap.dedent(KILLED)
    done = subprocess.run(
        [sys.executable, "-c", code, str(commands), NAME],
        cwd=office.desk("bob").path,
        capture_output=True,
        env={**os.environ, **office.server.environment("bob")},
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode != 0


@pytest.mark.slow
def test_killed_at_any_command_it_is_whole_or_not_there(office, approved):
    commands = 0
    between = times(3, 1)
    while killed_after(office, commands):
        there = office.at(MAIN)
        assert there == office.base or office.production() == SECOND
        office.git("bob", "fsck", "--no-dangling")
        commands += between
        if there != office.base:
            office.work.put(MAIN, f"{office.base}")
            office.git("bob", "update-ref", "refs/remotes/origin/main", office.base)
            office.git("bob", "reset", "-q", "--hard", office.base)
        if not office.at(PROPOSAL):
            office.work.put(PROPOSAL, approved)

    assert commands > 10
    assert office.production() == SECOND
    assert office.git("bob", "status", "--porcelain") == ""
