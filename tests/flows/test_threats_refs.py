"""Refs that nobody writes, or not that way, and a client that lies about what they hold."""

import pytest
from tests.flows import lying
from tests.flows.forging import MAIN, NOTHING, PROJECT_BRANCH, forged
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, SECOND, alias

TAG = "refs/tags/v1"
PROPOSAL = "refs/heads/proposals/ana/x"


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("refs")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server)
        for ref in (TAG, PROPOSAL, f"refs/approvals/ana/{made.base}", "refs/heads/topic"):
            made.put(ref, made.base)
        yield made
        assert made.is_sound()


@pytest.fixture(scope="module")
def described(at):
    """A commit that any member may push to the default branch."""
    return at.commit({"model/README.md": "# Models\n"}, at.base)


class TestNamesThatNobodyWrites:
    @pytest.mark.parametrize(
        "ref",
        [
            "refs/replace/{base}",
            "refs/foo",
            "refs/notes/commits",
            "refs/stash",
            "refs/remotes/origin/main",
            "refs/pull/1/head",
            "refs/heads/projects",
            "refs/heads/proposals",
            "refs/heads/proposals/x",
            "refs/heads/projects/churn-b/c",
            "refs/heads/projects/con",
            "refs/heads/Projects/lab",
            "refs/heads/PROPOSALS/bob/x",
            "refs/heads/MAIN",
            "refs/heads/Main",
            "refs/approvals/ana",
            "refs/approvals/ana/short",
            "refs/Heads/main",
        ],
    )
    def test_not_even_an_organization_admin(self, ref, at, described):
        at.refused(
            "ana", f"{described}:{ref.format(base=at.base)}", says=["nobody writes such a ref", "hint: "]
        )

    @pytest.mark.parametrize("ref", ["refs/registry/pushes", "refs/registry/cursor"])
    def test_nor_those_that_the_server_hides(self, ref, at, described):
        before = at.refs()

        done = at.push("ana", f"{described}:{ref}")

        assert "nobody writes such a ref" in done.said
        assert at.refs() == before

    @pytest.mark.parametrize(
        ("ref", "says"),
        [
            ("refs/heads/HEAD", "git would take 'HEAD' for something else"),
            ("refs/heads/refs/heads/main", "git would take"),
            ("refs/tags/HEAD", "git would take 'HEAD'"),
            ("refs/tags/main", "git takes a tag before a branch of its name"),
            ("refs/tags/projects/churn", "git takes a tag before a branch"),
            ("refs/heads/\u202emain", r"the name '\u202emain' has a control or invisible character"),
            ("refs/tags/origin/main", "git takes a tag before a branch of its name"),
            ("refs/tags/heads/main", "git would take 'heads/main'"),
            ("refs/tags/remotes/origin/main", "git would take"),
            ("refs/tags/FETCH_HEAD", "git would take 'FETCH_HEAD'"),
            ("refs/heads/@", "git would take '@'"),
            ("refs/tags/stash", "git would take 'stash'"),
            ("refs/heads/af99fda9", "git would take 'af99fda9'"),
            ("refs/tags/" + 40 * "a", "git would take"),
            ("refs/heads/-x", "git would take '-x'"),
            ("refs/heads/m\u0430in", "looks like another name"),
            ("refs/heads/\uff4dain", "looks like another name"),
            ("refs/heads/nul", "device name"),
            ("refs/heads/cafe\u0301", "NFC"),
        ],
        ids=ascii,
    )
    def test_that_would_be_taken_for_others(self, ref, says, at, described):
        at.refused("ana", f"{described}:{ref}", says=[says, "hint: call it otherwise"])

    @pytest.mark.parametrize(
        "ref", ["refs/heads/projects/Churn", "refs/heads/Topic", "refs/heads/TOPIC/x", "refs/tags/V1"]
    )
    def test_that_only_case_tells_from_one_that_is_there(self, ref, at):
        at.refused("ana", f"{at.project}:{ref}", says=["differs by case alone"])

    def test_nor_two_such_in_one_push(self, at, described):
        refs = [f"{described}:refs/heads/{name}" for name in ("fresh", "FRESH")]

        at.refused("bob", *refs, says=["differs by case alone"])

    def test_a_new_name_that_begins_like_another_is_fine(self, at, described):
        at.accepted(
            "bob", *(f"{described}:refs/heads/{name}" for name in ("topical", "main2", "feed", "мир"))
        )

    def test_a_ref_that_stands_for_another_is_that_one(self, at, described):
        moving = at.commit({f"{CHURN}/aliases/production.yaml": alias(SECOND)}, at.base)
        at.there("symbolic-ref", "refs/heads/master", MAIN)
        try:
            at.refused("bob", f"{moving}:refs/heads/master", says=["refs/heads/master stands for", MAIN])
        finally:
            at.there("symbolic-ref", "--delete", "refs/heads/master")


class TestTheDefaultBranch:
    def test_is_not_deleted(self, at):
        at.server.configure(receive_denyDeleteCurrent="ignore")
        at.refused("ana", f":{MAIN}", says=["the default branch is never deleted"])

    def test_is_not_rewritten(self, at):
        other = at.commit({**BASE, "model/README.md": "# Others\n"})
        amended = at.commit({"model/README.md": "# Models\n"}, other)
        for tip in (other, amended):
            at.refused("ana", f"+{tip}:{MAIN}", says=["first-parent line", "git registry sync"])

    def test_does_not_go_back(self, at, described):
        at.put(MAIN, described)
        try:
            at.refused("ana", f"+{at.base}:{MAIN}", says=["first-parent line"])
        finally:
            at.put(MAIN, at.base)


class TestLies:
    """What a ref holds is asked of the repository, and who pushes has to claim just that."""

    def test_a_deletion_by_a_false_old_id(self, at, described):
        at.server.configure(receive_denyDeleteCurrent="ignore")
        at.put("refs/heads/other", described)
        for ref in (MAIN, PROJECT_BRANCH, TAG, PROPOSAL):
            for old in (described, "1234567890" * 4):
                before = at.refs()

                done = lying.push(at, "bob", (old, NOTHING, ref))

                assert "pre-receive hook declined" in done.said
                assert at.refs() == before

    @pytest.mark.parametrize("old", [NOTHING, "1234567890" * 4])
    def test_an_update_by_a_false_old_id_is_refused(self, old, at):
        at.put(MAIN, at.commit({"model/README.md": "# Models\n"}, at.base))
        rewriting = at.commit({"model/README.md": "# Others\n"}, at.base)
        before = at.refs()

        done = lying.push(at, "ana", (old, rewriting, MAIN))

        assert "and the push says otherwise" in done.said
        assert at.refs() == before
        at.put(MAIN, at.base)

    def test_nothing_is_judged_that_git_would_do_only_later(self, at):
        """To take back a step before it lands: judged now it is no step at all, and git compares then."""
        soon = at.commit({"model/README.md": "# Others\n"}, at.base)
        at.put("refs/heads/proposals/ana/soon", soon)

        done = lying.push(at, "mallory", (soon, at.base, MAIN))

        assert "and the push says otherwise" in done.said
        at.server.run(
            "git", "-C", str(at.server.repository), "update-ref", "-d", "refs/heads/proposals/ana/soon"
        )

    @pytest.mark.parametrize("old", [NOTHING, "described"])
    def test_what_is_allowed_still_moves_only_what_was_claimed(self, old, at, described):
        fine = at.commit({"dataset/README.md": "# Data\n"}, at.base)
        before = at.refs()

        done = lying.push(at, "ana", (described if old == "described" else old, fine, MAIN))

        assert f"ng {MAIN}" in done.said
        assert at.refs() == before

    def test_to_make_a_tag_that_is_there_is_to_move_it(self, at, described):
        before = at.refs()

        done = lying.push(at, "bob", (NOTHING, described, TAG))

        assert "and the push says otherwise" in done.said
        assert at.refs() == before

    @pytest.mark.parametrize("ref", ["HEAD", "main", "refs/heads/../../config", "refs/heads/x y", "config"])
    def test_a_name_that_is_none(self, ref, at, described):
        before = at.refs()

        done = lying.push(at, "ana", (NOTHING, described, ref))

        assert f"ok {ref}" not in done.said
        assert at.refs() == before

    def test_the_same_ref_twice(self, at, described):
        moving = at.commit({f"{CHURN}/aliases/production.yaml": alias(SECOND)}, at.base)
        before = at.refs()

        done = lying.push(at, "bob", (at.base, described, MAIN), (described, moving, MAIN))

        assert f"ok {MAIN}" not in done.said
        assert at.refs() == before


class TestReplacements:
    """`refs/replace/*` in the repository show other content than is stored; a hook sees what is stored."""

    def test_what_is_stored_is_judged(self, at, described):
        moving = at.commit({f"{CHURN}/aliases/production.yaml": alias(SECOND)}, at.base)
        for seen, stored in ((described, moving), (described + "^{tree}", moving + "^{tree}")):
            fake, real = at.git("rev-parse", seen), at.git("rev-parse", stored)
            at.put("refs/heads/kept", described)
            at.there("update-ref", f"refs/replace/{real}", fake)
            try:
                at.refused("bob", f"{moving}:{MAIN}", says=["alias-moved takes admin"])
            finally:
                at.there("update-ref", "-d", f"refs/replace/{real}")

    def test_the_rules_are_those_that_are_stored(self, at, described):
        generous = BASE["model/access.yaml"].replace("team:nlp: member", "team:nlp: admin")
        kept = at.commit({"x": generous}, at.base)
        at.put("refs/heads/kept", kept)
        real = at.git("rev-parse", f"{at.base}:model/access.yaml")
        at.there("update-ref", f"refs/replace/{real}", at.git("rev-parse", f"{kept}:x"))
        moving = at.commit({f"{CHURN}/aliases/production.yaml": alias(SECOND)}, at.base)
        try:
            at.refused("bob", f"{moving}:{MAIN}", says=["user:bob has member"])
        finally:
            at.there("update-ref", "-d", f"refs/replace/{real}")


class TestOtherPeoplesRefs:
    @pytest.mark.parametrize(
        ("user", "push", "says"),
        [
            ("bob", "{new}:" + PROPOSAL, "only its owner writes a proposal"),
            ("bob", ":" + PROPOSAL, "only its owner writes a proposal"),
            ("alice", "{new}:refs/heads/proposals/service.bot/x", "only its owner"),
            ("bob", "{new}:refs/approvals/alice/{new}", "under their own name"),
            ("bob", ":refs/approvals/ana/{base}", "under their own name"),
            ("ana", "+{new}:refs/approvals/ana/{base}", "an approval is never moved"),
            ("ana", "{new}:refs/approvals/ana/" + "1" * 40, "an approval points at the commit that it names"),
            ("bob", "+{new}:" + TAG, "moving or deleting a Git tag takes organization admin"),
            ("alice", ":" + TAG, "moving or deleting a Git tag takes organization admin"),
            ("carol", "{new}:refs/tags/v2", "creating a Git tag takes member"),
            ("carol", "{new}:refs/heads/carols", "writing a branch takes member"),
            ("carol", "{project}:refs/heads/projects/new", "writing to the project takes member"),
            ("mallory", "{new}:refs/heads/proposals/bob/x", "user:mallory is not user:bob"),
            ("alice", ":" + PROJECT_BRANCH, "deleting a project's branch takes organization admin"),
        ],
    )
    def test_are_theirs(self, user, push, says, at, described):
        spelled = push.format(new=described, base=at.base, project=at.project)

        at.refused(user, spelled, says=[says])

    def test_one_refused_ref_refuses_the_push(self, at, described):
        at.refused("bob", f"{described}:{MAIN}", f"{described}:{PROPOSAL}", says=["only its owner"])

    def test_a_proposal_takes_no_role(self, at, described):
        at.accepted("mallory", f"{described}:refs/heads/proposals/mallory/x")


class TestProjects:
    def test_hold_what_is_below_them(self, at):
        for files in (
            {"other/project.yaml": "format: 1\n"},
            {"organization.yaml": BASE["organization.yaml"]},
        ):
            at.refused("ana", f"{at.commit(files, at.project)}:{PROJECT_BRANCH}", says=["only what is below"])

    def test_are_not_rewritten_by_who_writes_them(self, at):
        other = at.commit({"churn/project.yaml": "format: 1\ndescription: Others.\n"})

        at.refused("bob", f"+{other}:{PROJECT_BRANCH}", says=["first-parent line"])
        at.accepted("ana", f"+{other}:{PROJECT_BRANCH}")

    def test_what_an_admin_makes_of_them_is_judged_whole(self, at):
        root = at.commit({"other/x.yaml": "format: 1\n"})
        cleaned = at.commit({"other/x.yaml": None, "churn/project.yaml": "format: 1\n"}, root)

        at.refused("ana", f"+{cleaned}:{PROJECT_BRANCH}", says=["only what is below"])

    def test_that_are_listed_are_for_those_who_are_listed(self, at):
        listed = BASE["organization.yaml"] + "projects:\n  churn: {user:carol: member}\n"
        at.put(MAIN, at.commit({"organization.yaml": listed}, at.base))
        run = at.commit({"churn/project.yaml": "format: 1\ndescription: Trials.\n"}, at.project)
        try:
            at.refused("bob", f"{run}:{PROJECT_BRANCH}", says=["takes member of the project"])
            at.accepted("carol", f"{run}:{PROJECT_BRANCH}")
        finally:
            at.put(MAIN, at.base)

    def test_that_are_listed_are_not_got_round_by_another_case(self, at):
        listed = BASE["organization.yaml"] + "projects:\n  lab: {user:carol: member}\n"
        at.put(MAIN, at.commit({"organization.yaml": listed}, at.base))
        lab = at.commit({"Lab/project.yaml": "format: 1\n"})
        try:
            at.refused("bob", f"{lab}:refs/heads/projects/Lab", says=["takes member of the project"])
        finally:
            at.put(MAIN, at.base)
