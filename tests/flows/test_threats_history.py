"""Histories that get to the same end on another way: each step is judged, by the rules before the push."""

import pytest
from tests.flows.forging import MAIN, PROJECT_BRANCH, forged
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, THIRD, VERSIONS, alias

PRODUCTION = f"{CHURN}/aliases/production.yaml"
MOVED = {PRODUCTION: alias(SECOND)}
DESCRIBED = {"model/README.md": "# Models\n"}
ACCESS = BASE["model/access.yaml"]
PROMOTED = {"model/access.yaml": ACCESS.replace("team:nlp: member", "team:nlp: admin")}
UNPROTECTED = {"model/access.yaml": ACCESS.replace("  production: {}\n", "")}
TAKES_ADMIN = "alias-moved takes admin of model (the alias production is protected)"
REWRITES = "is not on the first-parent line"


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("history")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server)
        yield made
        assert made.is_sound()


def tree(at, commit):
    return at.git("rev-parse", f"{commit}^{{tree}}")


class TestWhoItIs:
    def test_who_pushes_counts_and_not_who_a_commit_names(self, at):
        moving = at.commit(MOVED, at.base)

        # The commit says that an organization admin made it.
        assert "ana@acme.example" in at.git("show", "-s", "--format=%ce", moving)
        at.refused("bob", f"{moving}:{MAIN}", says=[TAKES_ADMIN, "user:bob has member (by team:nlp)"])
        at.accepted("alice", f"{moving}:{MAIN}")

    def test_what_git_tells_of_the_client_is_no_identity(self, at):
        moving = at.commit(MOVED, at.base)
        for name in ("REG_USER", "GIT_COMMITTER_NAME", "GL_USERNAME", "REMOTE_USER"):
            done = at.push("bob", f"{moving}:{MAIN}", **{name: "ana"})

            assert TAKES_ADMIN in done.said
        assert at.at(MAIN) == at.base


class TestRulesThatComeWithThePush:
    @pytest.mark.parametrize("user", ["bob", "alice"])
    def test_a_right_that_one_grants_oneself(self, user, at):
        granting = {
            "organization.yaml": BASE["organization.yaml"].replace("user:raj]", f"user:raj, user:{user}]")
        }
        tip = at.commit({"lab/registry.yaml": "format: 1\n"}, at.commit(granting, at.base))

        at.refused(
            user, f"{tip}:{MAIN}", says=["admin-added takes organization admin", "registry-created takes"]
        )

    def test_granted_by_an_admin_it_helps_in_the_next_push_alone(self, at):
        granting = at.commit(PROMOTED, at.base)
        using = at.commit(MOVED, granting)

        at.refused("bob", f"{using}:{MAIN}", says=["role-changed takes admin", TAKES_ADMIN])
        at.put(MAIN, granting)
        try:
            at.accepted("bob", f"{using}:{MAIN}")
        finally:
            at.put(MAIN, at.base)

    @pytest.mark.parametrize("steps", [[{**UNPROTECTED, **MOVED}], [UNPROTECTED, MOVED]], ids=["one", "two"])
    def test_a_protection_that_is_taken_away_still_holds(self, steps, at):
        tip = at.base
        for step in steps:
            tip = at.commit(step, tip)

        at.refused("bob", f"{tip}:{MAIN}", says=["protection-removed takes admin", TAKES_ADMIN])

    def test_a_gate_that_is_taken_away_still_holds(self, at):
        gated = ACCESS.replace("production: {}", "production:\n    gates:\n      - {holds: golden}")
        at.put(MAIN, at.commit({"model/access.yaml": gated}, at.base))
        try:
            tip = at.commit(MOVED, at.commit({"model/access.yaml": ACCESS}, at.at(MAIN)))
            at.refused("alice", f"{tip}:{MAIN}", says=["only if golden points at it before"])
        finally:
            at.put(MAIN, at.base)

    def test_by_another_ref_of_the_same_push(self, at):
        granting = at.commit(PROMOTED, at.base)
        using = at.commit(MOVED, granting)

        at.refused("bob", f"{granting}:refs/heads/aside", f"{using}:{MAIN}", says=[TAKES_ADMIN])

    def test_a_registry_that_comes_with_the_push_is_the_organization_admins(self, at):
        mine = "format: 1\nmembers: {user:alice: admin}\n"
        tip = at.commit({"lab/registry.yaml": "format: 1\n", "lab/access.yaml": mine}, at.base)
        linked = at.commit({"lab/x/collection.yaml": "format: 1\ntype: model\n"}, tip)

        at.refused("alice", f"{linked}:{MAIN}", says=["registry-created", "collection-created"])


class TestAWayAround:
    def test_what_is_there_on_another_ref_is_judged_where_it_comes_to(self, at):
        moving = at.commit(MOVED, at.base)
        before = at.refs()
        assert at.push("bob", f"{moving}:refs/heads/aside").code == 0
        assert at.push("bob", f"{moving}:refs/heads/proposals/bob/x").code == 0

        done = at.push("bob", f"{moving}:{MAIN}")

        at.restore(before)
        assert TAKES_ADMIN in done.said
        assert done.code == 1

    def test_set_and_unset_in_one_push(self, at):
        tip = at.commit({PRODUCTION: BASE[PRODUCTION]}, at.commit(MOVED, at.base))

        assert tree(at, tip) == tree(at, at.base)
        at.refused("bob", f"{tip}:{MAIN}", says=[TAKES_ADMIN])

    def test_linked_and_purged_in_one_push(self, at):
        path = f"{VERSIONS}/{THIRD.id}.yaml"
        tip = at.commit({path: None}, at.commit({path: THIRD.manifest}, at.base))

        at.refused("bob", f"{tip}:{MAIN}", says=["version-purged takes organization admin"])

    def test_a_merge_is_charged_with_what_neither_side_has(self, at):
        side = at.commit(DESCRIBED, at.base)
        evil = at.step(tree(at, at.commit(MOVED, side)), at.base, side)

        at.refused("bob", f"{evil}:{MAIN}", says=[TAKES_ADMIN])

    def test_a_merge_is_charged_with_what_it_brings(self, at):
        moving = at.commit(MOVED, at.base)
        merge = at.step(tree(at, moving), at.base, moving)

        at.refused("bob", f"{merge}:{MAIN}", says=[TAKES_ADMIN])
        at.accepted("alice", f"{merge}:{MAIN}")

    def test_an_octopus_is_charged_with_all_of_it(self, at):
        arms = [at.commit(MOVED, at.base), at.commit(DESCRIBED, at.base)]
        octopus = at.step(tree(at, at.commit(MOVED, arms[1])), at.base, *arms)

        at.refused("bob", f"{octopus}:{MAIN}", says=[TAKES_ADMIN])
        at.accepted("alice", f"{octopus}:{MAIN}")

    @pytest.mark.parametrize("user", ["bob", "ana"])
    def test_a_foxtrot_merge(self, user, at):
        """A plain `git pull` and `git push`: what was published becomes the second parent."""
        at.put(MAIN, at.commit(DESCRIBED, at.base))
        mine = at.commit({"dataset/README.md": "# Data\n"}, at.base)
        merge = at.step(tree(at, at.commit(DESCRIBED, mine)), mine, at.at(MAIN))
        try:
            at.refused(
                user, f"{merge}:{MAIN}", says=[REWRITES, "`git registry sync`, or `git pull --rebase`"]
            )
        finally:
            at.put(MAIN, at.base)

    def test_a_merge_of_a_history_without_a_common_root(self, at):
        foreign = at.commit({"organization.yaml": BASE["organization.yaml"], "x": "y"})
        merge = at.step(tree(at, at.commit(DESCRIBED, at.base)), foreign, at.base)

        at.refused("ana", f"{merge}:{MAIN}", says=[REWRITES])

    @pytest.mark.parametrize("place", ["refs/heads/proposals/ana/x", ""], ids=["proposed", "brought along"])
    @pytest.mark.parametrize("branch", [MAIN, PROJECT_BRANCH])
    def test_a_merge_of_what_git_never_writes(self, branch, place, at):
        """Nobody could look at the history any more, wherever on it that commit is."""
        onto = at.base if branch == MAIN else at.project
        absurd = at.step(tree(at, onto), onto, committer=b"A <a@b> 99999999999999999 +0000")
        side = at.step(tree(at, onto), absurd)
        merge = at.step(tree(at, onto), onto, side)
        before = at.refs()
        if place:
            at.put(place, side)
        try:
            at.refused("ana", f"{merge}:{branch}", says=["the commit is malformed", absurd[:8]])
        finally:
            at.restore(before)

    def test_a_commit_that_is_its_own_way_out(self, at):
        """A parent twice, and one that is named out of place, where git doesn't look."""
        moving = at.commit(MOVED, at.base)
        twice = at.step(tree(at, moving), at.base, at.base)

        at.refused("bob", f"{twice}:{MAIN}", says=[TAKES_ADMIN])


class TestStepsOfNothing:
    def test_take_a_member(self, at):
        empty = at.step(tree(at, at.base), at.base, message=b"Hello\n")

        for user in ("mallory", "eve", "carol"):
            at.refused(user, f"{empty}:{MAIN}", says=["a commit that changes nothing", "member"])
        at.accepted("bob", f"{empty}:{MAIN}")


class TestDates:
    def at_date(self, at, told):
        return at.step(tree(at, at.commit(DESCRIBED, at.base)), at.base, committer=told)

    def test_in_the_future_would_be_the_latest_for_ever(self, at):
        ahead = self.at_date(at, b"Bob <bob@acme.example> 4070908800 +0000")

        at.refused("bob", f"{ahead}:{MAIN}", says=["dated in the future", "hint: set the clock"])

    def test_in_a_project_too(self, at):
        step = at.commit({"churn/project.yaml": "format: 1\ndescription: Trials.\n"}, at.project)
        ahead = at.step(tree(at, step), at.project, committer=b"Bob <b@acme.example> 4070908800 +0000")

        at.refused("bob", f"{ahead}:refs/heads/projects/churn", says=["dated in the future"])

    @pytest.mark.parametrize(
        "told",
        [
            b"Bob <bob@acme.example> -5 +0000",
            b"Bob <bob@acme.example> 18446744073709551610 +0000",
            b"Bob <bob@acme.example> 99999999999999999999999999 +0000",
            b"Bob <bob@acme.example> tomorrow +0000",
            b"Bob <bob@acme.example> 1_790 +0000",
            b"Bob <bob@acme.example>",
            b"Bob <bob@acme.example> 1790000000 +0000\ncommitter Bob <bob@acme.example> 4070908800 +0000",
            b"Bob <bob@acme.example> 1790000000 +0000\nparent " + b"1" * 40,
            b"Bob <bob@acme.example> 1790000000 +0000\ntree " + b"1" * 40,
            b"Bob\0 <bob@acme.example> 1790000000 +0000",
        ],
        ids=lambda told: ascii(told)[2:60],
    )
    def test_and_headers_that_git_may_read_otherwise(self, told, at):
        at.server.configure(receive_fsckObjects="false")
        before = at.refs()

        done = at.push("bob", f"{self.at_date(at, told)}:{MAIN}")

        moved = at.refs() != before
        at.restore(before)
        assert not moved
        assert done.code == 1, done.said

    def test_a_commit_without_an_author(self, at):
        described = tree(at, at.commit(DESCRIBED, at.base))
        text = f"tree {described}\nparent {at.base}\ncommitter Bob <b@acme.example> 1 +0000\n\nx\n"

        at.refused("bob", f"{at.store('commit', text.encode())}:{MAIN}", says=["the commit is malformed"])


class TestLong:
    def test_more_commits_than_are_looked_at(self, at):
        stream = ["feature done", "reset refs/heads/long", f"from {at.base}", ""]
        for number in range(5_001):
            stream += [
                "commit refs/heads/long",
                "committer C <c@acme.example> 1790000000 +0000",
                "data 1",
                "x",
            ]
            stream += [f"M 100644 inline model/README.md\ndata {len(str(number))}\n{number}"]
        at.git("fast-import", "--quiet", "--force", stdin="\n".join([*stream, "done", ""]))
        tip = at.git("rev-parse", "refs/heads/long")

        at.refused("bob", f"{tip}:{MAIN}", says=["more than 5000 commits", "push in parts"])

    def test_many_steps_of_which_one_in_the_middle_is_wrong(self, at):
        tip = at.base
        for number in range(12):
            tip = at.commit({"model/README.md": f"# {number}\n"}, tip)
            if number == 5:
                bad = tip = at.commit({PRODUCTION: alias(SECOND)}, tip)
            if number == 6:
                tip = at.commit({PRODUCTION: alias(FIRST)}, tip)

        at.refused("bob", f"{tip}:{MAIN}", says=[f"{bad[:8]} model/churn: {TAKES_ADMIN}"])
