"""Approvals and signatures of others, used for what they were not given."""

import subprocess

import pytest
from tests.flows.forging import MAIN, Entry, forged
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, THIRD, VERSIONS, alias

PRODUCTION = f"{CHURN}/aliases/production.yaml"
GOLDEN = f"{CHURN}/aliases/golden.yaml"
MOVED = {PRODUCTION: alias(SECOND)}
DESCRIBED = {"model/README.md": "# Models\n"}
TAKES_ADMIN = "alias-moved takes admin of model"
PROPOSAL = "refs/heads/proposals/bob/promote"

GATES = """\
  production:
    gates:
      - {approvals: {count: 1, role: admin, not_author: true}}
"""


def _kept(*paths):
    """Return that files of versions lie where those are that nobody links any more."""
    return dict.fromkeys(paths) | {
        path.replace("/versions/", "/unlinked/"): BASE[path] for path in paths if "/versions/" in path
    }


_ALIASES = {f"{CHURN}/aliases/{name}.yaml": None for name in ("production", "candidate")}
GOING = {
    "an alias": {PRODUCTION: None},
    "a version": _kept(*(path for path in BASE if FIRST.id in path)) | _ALIASES,
    "a collection": _kept(*(path for path in BASE if path.startswith(f"{CHURN}/"))),
}
"""What a protected alias goes with."""


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("approvals")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server)
        yield made
        assert made.is_sound()


@pytest.fixture
def proposed(at):
    """A proposal of Bob's, who may not do that, at the server; all refs are put back afterwards."""
    before = at.refs()
    proposal = at.commit(MOVED, at.base)
    at.put(PROPOSAL, proposal)
    yield proposal
    at.restore(before)


def approve(at, user, commit):
    done = at.push(user, f"{commit}:refs/approvals/{user}/{commit}")
    assert done.code == 0, done.said


def merged(at, proposal, tree=None):
    """Return what Bob would push to merge a proposal now, perhaps with another outcome."""
    return f"{merge(at, at.at(MAIN), proposal, tree)}:{MAIN}"


def merge(at, onto, proposal, tree=None, message=b"Merge\n"):
    found = tree or at.git("rev-parse", f"{proposal}^{{tree}}")
    return at.step(found, onto, proposal, message=message)


class TestWhatAnApprovalCovers:
    def test_the_merge_of_the_commit_that_was_seen(self, at, proposed):
        at.refused("bob", merged(at, proposed), says=[TAKES_ADMIN, "who may do or approve it"])
        approve(at, "alice", proposed)

        at.accepted("bob", merged(at, proposed))

    def test_the_commit_itself(self, at, proposed):
        approve(at, "alice", proposed)

        at.accepted("bob", f"{proposed}:{MAIN}")

    def test_a_merge_on_top_of_what_came_meanwhile(self, at, proposed):
        approve(at, "alice", proposed)
        described = {"model/README.md": "# Models\n"}
        at.put(MAIN, at.commit(described, at.base))
        tree = at.git("rev-parse", f"{at.commit(described, proposed)}^{{tree}}")

        at.accepted("bob", merged(at, proposed, tree))

    def test_who_sees_nothing_but_merges_may_be_anybody(self, at, proposed):
        approve(at, "alice", proposed)

        at.accepted("mallory", merged(at, proposed))


class TestWhatItDoesNot:
    def test_a_word_in_somebody_elses_name(self, at, proposed):
        forging = f"{proposed}:refs/approvals/alice/{proposed}"

        at.refused("bob", forging, merged(at, proposed), says=["under their own name", TAKES_ADMIN])

    def test_an_amended_proposal(self, at, proposed):
        approve(at, "alice", proposed)
        amended = at.step(at.git("rev-parse", f"{proposed}^{{tree}}"), at.base, message=b"Amended\n")

        for tip in (amended, merge(at, at.base, amended)):
            at.refused("bob", f"{tip}:{MAIN}", says=[TAKES_ADMIN])

    def test_what_is_put_on_top(self, at, proposed):
        approve(at, "alice", proposed)
        further = at.commit({GOLDEN: alias(SECOND)}, proposed)

        at.refused("bob", f"{further}:{MAIN}", says=["alias-added takes admin"])
        at.refused("bob", merged(at, further), says=[TAKES_ADMIN])

    def test_what_the_merge_adds(self, at, proposed):
        approve(at, "alice", proposed)
        adding = at.commit({GOLDEN: alias(SECOND)}, proposed)
        tree = at.git("rev-parse", f"{adding}^{{tree}}")

        done = at.refused("bob", merged(at, proposed, tree), says=["alias-added takes admin"])

        assert TAKES_ADMIN not in done.said

    def test_the_same_alias_to_another_version(self, at, proposed):
        approve(at, "alice", proposed)
        linked = at.commit({f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}, at.base)
        at.put(MAIN, linked)
        other = at.commit({PRODUCTION: alias(THIRD)}, linked)

        tree = at.git("rev-parse", f"{other}^{{tree}}")
        at.refused("bob", merged(at, proposed, tree), says=[TAKES_ADMIN])

    def test_the_same_move_from_another_version(self, at, proposed):
        approve(at, "alice", proposed)
        removed = at.commit({PRODUCTION: None}, at.base)
        at.put(MAIN, removed)

        at.refused("bob", merged(at, proposed), says=["alias-added takes admin"])

    def test_the_version_with_other_notes_than_were_seen(self, at, proposed):
        approve(at, "alice", proposed)
        notes = {f"{VERSIONS}/{SECOND.id}.notes.yaml": "format: 1\nmetrics: {auc: 0.99}\n"}
        at.put(MAIN, at.commit(notes, at.base))
        tree = at.git("rev-parse", f"{at.commit(notes, proposed)}^{{tree}}")

        at.refused("bob", merged(at, proposed, tree), says=[TAKES_ADMIN])

    def test_the_same_merge_a_second_time(self, at, proposed):
        approve(at, "alice", proposed)
        back = at.commit({PRODUCTION: BASE[PRODUCTION]}, merge(at, at.base, proposed))
        at.put(MAIN, back)

        at.refused("bob", merged(at, proposed), says=[TAKES_ADMIN])

    def test_what_a_merge_brought_in_is_no_ground_to_see_it_from(self, at, proposed):
        """Bob's branch moves the alias and puts it back: nobody sees that. Then the move is made for real."""
        hidden = at.commit({**MOVED, "model/README.md": "# Models\n"}, at.base)
        shown = {"model/README.md": None, "dataset/README.md": "# Data\n"}
        seen = at.commit({PRODUCTION: BASE[PRODUCTION], **shown}, hidden)
        assert at.git("diff", "--name-only", at.base, seen) == "dataset/README.md"
        at.put(PROPOSAL, seen)
        approve(at, "alice", seen)
        for_real = at.commit(MOVED, at.base)
        at.put(MAIN, for_real)
        back = at.commit({PRODUCTION: BASE[PRODUCTION], "dataset/README.md": "# Data\n"}, for_real)
        nothing = at.step(at.git("rev-parse", f"{for_real}^{{tree}}"), for_real, hidden)

        undone = merge(at, nothing, seen, at.git("rev-parse", f"{back}^{{tree}}"))

        at.refused("bob", f"{undone}:{MAIN}", says=[TAKES_ADMIN])

    def test_an_octopus_that_hides_it_behind_another(self, at, proposed):
        approve(at, "alice", proposed)
        fine = at.commit({"model/README.md": "# Models\n"}, at.base)
        both = at.commit({"model/README.md": "# Models\n"}, proposed)
        octopus = at.step(at.git("rev-parse", f"{both}^{{tree}}"), at.base, fine, proposed)

        at.refused("bob", f"{octopus}:{MAIN}", says=[TAKES_ADMIN])

    @pytest.mark.parametrize("user", ["bob", "carol", "mallory"])
    def test_the_word_of_who_could_not_do_it(self, user, at, proposed):
        approve(at, user, proposed)

        at.refused("bob", merged(at, proposed), says=[TAKES_ADMIN])

    def test_a_word_that_was_taken_back(self, at, proposed):
        approve(at, "alice", proposed)
        assert at.push("alice", f":refs/approvals/alice/{proposed}").code == 0

        at.refused("bob", merged(at, proposed), says=[TAKES_ADMIN])

    def test_a_proposal_that_was_withdrawn(self, at, proposed):
        approve(at, "alice", proposed)
        assert at.push("bob", f":{PROPOSAL}").code == 0

        for user, tip in (("mallory", merge(at, at.base, proposed)), ("bob", proposed)):
            at.refused(user, f"{tip}:{MAIN}", says=[TAKES_ADMIN])

    def test_a_proposal_that_was_amended(self, at, proposed):
        approve(at, "alice", proposed)
        amended = at.commit({"model/README.md": "# Models\n"}, proposed)
        assert at.push("bob", f"{amended}:{PROPOSAL}").code == 0

        at.refused("mallory", merged(at, proposed), says=[TAKES_ADMIN])

    def test_one_that_goes_with_the_push_that_merges_it(self, at, proposed):
        approve(at, "alice", proposed)

        at.accepted("bob", merged(at, proposed), f":{PROPOSAL}")

    def test_a_role_that_is_gone(self, at, proposed):
        approve(at, "alice", proposed)
        demoted = BASE["model/access.yaml"].replace("user:alice: admin", "user:alice: member")
        at.put(MAIN, at.commit({"model/access.yaml": demoted}, at.base))
        tree = at.git("rev-parse", f"{at.commit({'model/access.yaml': demoted}, proposed)}^{{tree}}")

        at.refused("bob", merged(at, proposed, tree), says=[TAKES_ADMIN])

    def test_what_nobody_can_approve(self, at, proposed):
        rewritten = BASE[f"{VERSIONS}/{SECOND.id}.yaml"].replace("churn-xgb", "other")
        proposal = at.commit({f"{VERSIONS}/{SECOND.id}.yaml": rewritten}, at.base)
        at.put("refs/heads/proposals/bob/rewrite", proposal)
        approve(at, "ana", proposal)

        at.refused("ana", merged(at, proposal), says=["version-rewritten is never allowed"])

    def test_a_bomb_that_somebody_approved(self, at, proposed):
        """What can't be looked at whole is as good as not seen."""
        tree = at.git("rev-parse", f"{at.base}^{{tree}}")
        for _ in range(9):
            tree = at.tree([Entry(b"40000", name, tree) for name in (b"a", b"b", b"c", b"d")])
        at.put("refs/heads/proposals/bob/bomb", at.step(tree, at.base))
        bomb = at.at("refs/heads/proposals/bob/bomb")
        at.put(f"refs/approvals/ana/{bomb}", bomb)

        moved = at.git("rev-parse", f"{proposed}^{{tree}}")
        at.refused("bob", merged(at, bomb, moved), says=[TAKES_ADMIN])


class TestACommitThatSomebodyProposed:
    """Who could propose it, too, would keep alive what its owner withdrew or amended."""

    MINE = "refs/heads/proposals/mallory/x"

    def test_is_proposed_by_nobody_else(self, at, proposed):
        at.refused("mallory", f"{proposed}:{self.MINE}", says=["user:bob proposes this commit already"])
        on_top = at.commit({"model/README.md": "# Models\n"}, proposed)
        assert at.push("mallory", f"{on_top}:{self.MINE}").code == 0

    def test_nor_is_an_own_proposal_moved_to_it(self, at, proposed):
        assert at.push("mallory", f"{at.commit(DESCRIBED, at.base)}:{self.MINE}").code == 0

        at.refused("mallory", f"{proposed}:{self.MINE}", says=["user:bob proposes this commit already"])

    @pytest.mark.parametrize("user", ["mallory", "bob"])
    def test_nor_after_it_was_approved_and_withdrawn(self, user, at, proposed):
        approve(at, "alice", proposed)
        assert at.push("bob", f":{PROPOSAL}").code == 0

        ref = f"refs/heads/proposals/{user}/x"
        at.refused(user, f"{proposed}:{ref}", says=["user:alice approved this commit already"])

    def test_nor_in_the_push_that_removes_it(self, at, proposed):
        refs = (f":{PROPOSAL}", f"{proposed}:refs/heads/proposals/ana/x")

        at.refused("ana", *refs, says=["user:bob proposes this commit already"])

    def test_its_owner_may_call_it_otherwise(self, at, proposed):
        approve(at, "alice", proposed)
        other = "refs/heads/proposals/bob/other"

        assert at.push("bob", f":{PROPOSAL}", f"{proposed}:{other}").code == 0
        at.accepted("mallory", merged(at, proposed))

    def test_where_it_was_merged_anybody_may_begin(self, at, proposed):
        approve(at, "alice", proposed)
        at.put(MAIN, proposed)

        assert at.push("mallory", f"{proposed}:{self.MINE}").code == 0


class TestTheGateOfApprovals:
    @pytest.fixture
    def gated(self, at):
        before = at.refs()
        access = BASE["model/access.yaml"].replace("  production: {}\n", GATES)
        at.put(MAIN, at.commit({"model/access.yaml": access}, at.base))
        proposal = at.commit(MOVED, at.at(MAIN))
        yield proposal
        at.restore(before)

    def test_an_admin_alone_does_not_pass_it(self, at, gated):
        at.put("refs/heads/proposals/alice/promote", gated)
        approve(at, "alice", gated)

        for user in ("alice", "bob"):
            tip = merge(at, at.at(MAIN), gated)
            at.refused(user, f"{tip}:{MAIN}", says=["1 approval by admin of model, not its author"])

    @pytest.mark.parametrize("gone", GOING.values(), ids=GOING)
    def test_removing_the_alias_takes_it_too(self, gone, at, gated):
        proposal = at.commit(gone, at.at(MAIN))
        at.refused("alice", f"{proposal}:{MAIN}", says=["production may be removed only if 1 approval"])
        at.put("refs/heads/proposals/alice/tidy", proposal)
        approve(at, "ana", proposal)

        at.accepted("alice", f"{proposal}:{MAIN}")

    def test_nor_a_word_that_comes_with_the_push(self, at, gated):
        at.put(PROPOSAL, gated)
        approving = f"{gated}:refs/approvals/alice/{gated}"

        at.refused("alice", approving, merged(at, gated), says=["nobody approved"])

    def test_nor_who_pushes_it(self, at, gated):
        at.put(PROPOSAL, gated)
        approve(at, "alice", gated)

        at.refused(
            "alice",
            merged(at, gated),
            says=["user:alice is its author, or who pushes"],
        )
        at.accepted("bob", merged(at, gated))

    def test_nor_the_author_whose_proposal_is_gone(self, at, gated):
        approve(at, "alice", gated)

        at.refused("bob", merged(at, gated), says=["nobody approved"])

    def test_nor_who_is_not_asked_after_the_author_amended_it(self, at, gated):
        at.put(PROPOSAL, gated)
        approve(at, "alice", gated)
        amended = at.commit({"model/README.md": "# Models\n"}, gated)
        assert at.push("bob", f"{amended}:{PROPOSAL}").code == 0

        for user in ("mallory", "ana"):
            at.refused(
                user, f"{gated}:refs/heads/proposals/{user}/x", says=["user:alice approved this commit"]
            )
            at.refused(user, merged(at, gated), says=["nobody approved"])

    def test_nor_somebody_elses_name_for_ones_own_proposal(self, at, gated):
        at.put("refs/heads/proposals/alice/promote", gated)
        at.put(PROPOSAL, gated)
        approve(at, "alice", gated)

        at.refused("bob", merged(at, gated), says=["user:alice is its author"])


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Alice's key and Bob's, which the organization knows, and one that is nobody's."""
    directory = tmp_path_factory.mktemp("keys")
    for name in ("alice", "bob", "stranger"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory / name]
        subprocess.run(command, check=True)
    return directory


class TestTheGateOfSignatures:
    @pytest.fixture
    def signing(self, at, keys):
        """Production takes a signature; what is returned signs a step for it with a key."""
        before = at.refs()
        known = "".join(
            f'  user:{name}: {{ssh: ["{_fingerprint(keys / name)}"]}}\n' for name in ("alice", "bob")
        )
        gates = "  production:\n    gates:\n      - signed: true\n"
        base = at.commit(
            {
                "model/access.yaml": BASE["model/access.yaml"].replace("  production: {}\n", gates),
                "organization.yaml": BASE["organization.yaml"] + known,
            },
            at.base,
        )
        at.put(MAIN, base)
        tree = at.git("rev-parse", f"{at.commit(MOVED, base)}^{{tree}}")

        def sign(key, *, seconds=b"1790000000", said=None, replaced=(b"", b"")):
            who = b"A <a@acme.example> " + seconds + b" +0000"
            text = b"\n".join([b"tree " + tree.encode(), b"parent " + base.encode(), b"author " + who])
            text += b"\ncommitter " + who
            text, message = text, b"\n\nPromote\n"
            signature = _signature(keys / key, (said or text) + message)
            headers = text.replace(*replaced) + b"\ngpgsig " + signature.strip().replace(b"\n", b"\n ")
            return at.store("commit", headers + message)

        yield sign
        at.restore(before)

    def test_an_admins_passes(self, at, signing):
        at.accepted("alice", f"{signing('alice')}:{MAIN}")

    @pytest.mark.parametrize("key", ["bob", "stranger"])
    def test_another_key_does_not(self, key, at, signing):
        at.refused(
            "alice", f"{signing(key)}:{MAIN}", says=["only if the commit is signed by an admin of model"]
        )

    def test_a_date_in_the_past_helps_nobody(self, at, signing):
        at.refused(
            "alice", f"{signing('stranger', seconds=b'1000000000')}:{MAIN}", says=["signed by an admin"]
        )

    def test_nor_does_the_signature_of_something_else(self, at, signing):
        for options in ({"said": b"another"}, {"replaced": (b"A <a@", b"B <b@")}):
            at.refused("alice", f"{signing('alice', **options)}:{MAIN}", says=["no good signature"])

    def test_nor_none(self, at, signing):
        at.refused("alice", f"{at.commit(MOVED, at.at(MAIN))}:{MAIN}", says=["no good signature"])

    def test_the_key_of_an_admin_gives_no_role_to_who_pushes(self, at, signing):
        at.refused("bob", f"{signing('alice')}:{MAIN}", says=[TAKES_ADMIN])


def _fingerprint(key):
    told = subprocess.run(
        ["ssh-keygen", "-l", "-f", f"{key}.pub"], capture_output=True, text=True, check=True
    )
    return told.stdout.split()[1]


def _signature(key, text):
    signed = ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", key]
    return subprocess.run(signed, input=text, capture_output=True, check=True).stdout
