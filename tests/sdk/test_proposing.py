"""What is proposed is on a branch of its own, for others to review; everything here is as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.catalog import pending
from git_registry.catalog import proposing as placing
from git_registry.catalog.proposals import refresh
from git_registry.catalog.proposing import name_of
from git_registry.errors import Conflict, NetworkError, NotFound, Refused, UsageError
from git_registry.model.edits.version import Addition
from git_registry.sdk import aliasing, linking, noting, proposing
from git_registry.sdk.linking import Request

from .mounted import ada, host, trusting, vault
from .once import once

__all__ = ["ada", "host", "trusting", "vault"]

BRANCH = "proposals/bob/promote-model-churn-to-production"


@once
def bob(desk, upstream, clone, git):
    """Bob's clone of an organization with three versions."""
    for number in range(3):
        desk.link(f"weights {number}")
    desk.promote("model/churn:v0", "production")
    desk.link("rows", "dataset/customers")
    git(desk.path, "push", "-q", "origin", "main")
    return signed(clone("bob"), git, "bob")


def signed(desk, git, name):
    git(desk.path, "config", "registry.user", f"user:{name}")
    return desk


def propose(desk, verb, *args, name="", waits=False, **options):
    """Call a verb whose change is proposed."""
    with desk.open() as catalog:
        catalog.waits = waits
        return verb(proposing.begin(catalog, name), *args, **options)


def promoted(desk, *selectors, alias="production", **options):
    return propose(desk, aliasing.promote, selectors or ["model/churn:v1"], alias, **options).placed


def there(git, upstream, branch=BRANCH):
    return git(upstream, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


def state(git, desk):
    """Everything that a proposal leaves alone."""
    head = git(desk.path, "symbolic-ref", "-q", "HEAD")
    branches = git(desk.path, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
    index = (desk.path / ".git/index").read_bytes()
    files = {path: path.read_bytes() for path in desk.path.rglob("*.yaml")}
    return head, branches, index, files


def test_a_promotion_is_one_commit_on_top_of_what_is_published_and_touches_nothing_here(bob, git, upstream):
    dirty = bob.path / "model/churn/aliases/production.yaml"
    dirty.write_text("format: 1\nversion: mine\n")
    (bob.path / "new.yaml").write_text("mine")
    git(bob.path, "add", "new.yaml")
    before = state(git, bob)

    placed = promoted(bob)

    assert state(git, bob) == before
    assert (placed.branch, placed.is_published, placed.replaced) == (BRANCH, True, None)
    assert there(git, upstream) == placed.commit
    assert git(upstream, "rev-parse", f"{BRANCH}^") == git(upstream, "rev-parse", "main")
    changed = git(upstream, "diff", "--name-only", "main", BRANCH)
    assert changed == "model/churn/aliases/production.yaml"


def test_what_others_published_is_below_it_and_what_waits_here_is_not(desk, bob, git, upstream):
    bob.link("mine alone")
    desk.link("published meanwhile")
    git(desk.path, "push", "-q", "origin", "main")

    placed = promoted(bob, "model/churn:v3")

    assert git(upstream, "rev-parse", f"{placed.commit}^") == git(desk.path, "rev-parse", "main")
    assert bob.log()[0].startswith("Link model/churn@")


def test_proposing_the_same_again_pushes_nothing(desk, bob, git, upstream):
    first = promoted(bob)
    desk.link("meanwhile", "dataset/customers")
    git(desk.path, "push", "-q", "origin", "main")
    hook = upstream / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho pushed >&2\nexit 1\n")
    hook.chmod(0o755)

    again = promoted(bob)

    assert (again.commit, again.is_as_it_was, again.replaced) == (first.commit, True, None)


def test_what_approvals_of_it_would_not_count_for_is_proposed_anew(desk, bob, git, upstream):
    first = promoted(bob)
    desk(noting.annotate, ["model/churn:v1"], Addition(metrics={"auc": 0.96}))
    git(desk.path, "push", "-q", "origin", "main")

    second = promoted(bob)

    assert (second.replaced, second.is_as_it_was) == (first.commit, False)
    assert git(upstream, "rev-parse", f"{BRANCH}^") == git(desk.path, "rev-parse", "main")
    assert promoted(bob).is_as_it_was


def test_notes_of_a_version_that_it_is_not_about_leave_it_as_it_was(desk, bob, git):
    promoted(bob)
    desk(noting.annotate, ["model/churn:v2"], Addition(metrics={"auc": 0.96}))
    git(desk.path, "push", "-q", "origin", "main")

    assert promoted(bob).is_as_it_was


def test_another_version_is_the_same_proposal_brought_up_to_date(bob, git, upstream):
    first = promoted(bob)

    second = promoted(bob, "model/churn:v2")

    assert (second.branch, second.replaced) == (BRANCH, first.commit)
    assert there(git, upstream) == second.commit
    assert git(upstream, "rev-list", "--count", f"main..{BRANCH}") == "1"


def test_several_collections_are_one_commit(bob, git, upstream):
    done = propose(bob, aliasing.promote, ["model/churn:v1", "dataset/customers:v0"], "production")

    assert [event.kind for event in done.events] == ["alias-added", "alias-moved"]
    assert git(upstream, "rev-list", "--count", f"main..{done.branch}") == "1"
    assert len(git(upstream, "diff", "--name-only", "main", done.branch).splitlines()) == 2


def test_linking_uploads_and_is_proposed(bob, desk, git, upstream):
    blobs = len(desk.blobs)

    done = propose(bob, linking.link_files, bob.source("new weights"), "model/churn", Request()).outcome

    assert len(desk.blobs) == blobs + 1
    assert done.placed.branch.startswith("proposals/bob/link-model-churn-")
    assert there(git, upstream, done.placed.branch) == done.commit


def test_nothing_to_do_proposes_nothing(bob, git, upstream):
    placed = promoted(bob, "model/churn:v0")

    assert placed is None or placed.commit is None
    assert git(upstream, "for-each-ref", "refs/heads/proposals") == ""


def test_without_a_remote_it_is_a_branch_here(desk, git):
    desk.link("weights")
    before = git(desk.path, "rev-parse", "main")

    placed = promoted(desk, "model/churn:v0")

    assert not placed.is_published
    assert git(desk.path, "rev-parse", placed.branch) == placed.commit
    assert git(desk.path, "rev-parse", "main") == before
    assert promoted(desk, "model/churn:v0").is_as_it_was


def test_what_waits_is_a_branch_here_until_it_is_proposed_by_its_name(bob, git, upstream):
    placed = promoted(bob, name="mine", waits=True)
    assert promoted(bob, name="mine", waits=True).is_as_it_was
    assert not placed.is_published
    assert there(git, upstream, placed.branch) == ""

    done = bob(proposing.propose, "mine")

    assert there(git, upstream, "proposals/bob/mine") == placed.commit == done.placed.commit
    assert not done.went_back


def test_who_we_are_has_to_be_known_before_anything_is_asked(bob, git, upstream):
    git(bob.path, "config", "--unset", "registry.user")
    git(bob.path, "remote", "set-url", "origin", "/nowhere")

    with pytest.raises(UsageError, match="who you are here is not known"):
        promoted(bob)


@pytest.mark.parametrize("who", ["team:nlp", "user:", "Bob Builder"])
def test_who_owns_no_refs_proposes_nothing(bob, git, who):
    git(bob.path, "config", "registry.user", who)

    with pytest.raises(UsageError):
        promoted(bob)


def test_a_remote_out_of_reach(bob, git):
    before = state(git, bob)
    git(bob.path, "remote", "set-url", "origin", "/nowhere")

    with pytest.raises(NetworkError):
        promoted(bob)

    assert state(git, bob) == before


def test_a_remote_that_refuses_is_quoted(bob, git, upstream):
    hook = upstream / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'not on Fridays' >&2\nexit 1\n")
    hook.chmod(0o755)

    with pytest.raises(Refused, match="nothing was published") as caught:
        promoted(bob)

    assert "not on Fridays" in caught.value.hint


def test_two_laptops_of_the_same_user_overwrite_only_what_they_saw(bob, clone, git, upstream, monkeypatch):
    other = signed(clone("laptop"), git, "bob")
    refreshed = []

    def late(catalog):
        refresh(catalog)
        if not refreshed:
            refreshed.append(True)
            promoted(other, "model/churn:v2")

    monkeypatch.setattr(proposing.proposals, "refresh", late)
    with pytest.raises(Conflict, match="changed there meanwhile"):
        promoted(bob)

    standing = there(git, upstream)
    assert promoted(bob).replaced == standing


def test_killed_between_the_commit_and_the_push_it_is_proposed_the_next_time(bob, git, upstream, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_args):
        raise Killed

    before = state(git, bob)
    with monkeypatch.context() as patch:
        patch.setattr(placing, "_push", killed)
        with pytest.raises(Killed):
            promoted(bob)
    assert state(git, bob) == before
    assert there(git, upstream) == ""

    assert promoted(bob).commit == there(git, upstream)


@pytest.mark.parametrize("name", ["..", "a b", "x.lock", "a//b", "@{-1}", "proposals/bob/", "a:b", "~"])
def test_a_name_that_git_refuses_is_refused_before_anything_is_asked(bob, git, name):
    git(bob.path, "remote", "set-url", "origin", "/nowhere")

    with pytest.raises(UsageError, match="can't be called"):
        promoted(bob, name=name)


@pytest.mark.parametrize("name", ["mine", "bob/mine", "proposals/bob/mine"])
def test_a_name_may_be_written_in_full(bob, name):
    assert promoted(bob, name=name).branch == "proposals/bob/mine"


@given(st.text())
def test_whatever_a_subject_says_its_name_is_a_part_of_a_ref(subject):
    name = name_of(subject)

    assert 0 < len(name) <= 80
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not name.startswith("-")
    assert not name.endswith("-")


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Promote model/churn v1 to production", "promote-model-churn-to-production"),
        ("Roll back model/churn production to v6", "roll-back-model-churn-production"),
        ("Link model/churn@a886fa55", "link-model-churn-a886fa55"),
        ("Annotate model/churn v2", "annotate-model-churn-v2"),
        ("Promote model/churn-v2 v1 to production", "promote-model-churn-v2-to-production"),
        ("…", "change"),
    ],
)
def test_a_name_is_the_subject_without_the_versions_that_an_alias_moves_to(subject, name):
    assert name_of(subject) == name


COLLECTIONS = "model/churn v1 and model/spam v1 and model/fraud v0 and model/upsell v4"


@pytest.mark.parametrize(
    "alias",
    ["production", "a-rather-long-alias-name-for-europe-west", "a-rather-long-alias-name-for-europe-east"],
)
def test_a_long_name_is_cut_in_the_middle_and_ends_with_the_alias(alias):
    name = name_of(f"Promote {COLLECTIONS} to {alias}")

    assert name.startswith("promote-model-churn-and-")
    assert name.endswith(f"-to-{alias}")
    assert name == name_of(f"Promote {COLLECTIONS.replace('v1', 'v7')} to {alias}")
    assert name != name_of(f"Promote {COLLECTIONS.replace('spam', 'ham')} to {alias}")


@given(st.text("ab- ", min_size=100), st.text("ab- ", min_size=100))
def test_what_is_called_otherwise_has_another_name_however_long(one, other):
    same = one.replace("-", " ").split() == other.replace("-", " ").split()

    assert (name_of(one) == name_of(other)) == same


def test_a_blob_that_waits_for_the_store_is_not_proposed(bob, git, upstream):
    linked = bob.link("weights of bob's")
    (entry,) = linked.manifest.files
    with bob.open() as catalog:
        place = pending.waiting(catalog.repository).place(entry.digest)
    place.parent.mkdir(parents=True)
    place.write_text("weights of bob's")

    for verb in (lambda: bob(proposing.propose), lambda: link_again(bob)):
        with pytest.raises(Refused, match="its blobs are not in the store yet"):
            verb()

    assert git(upstream, "for-each-ref", "refs/heads/proposals") == ""
    assert bob.log()[0].startswith("Link model/churn@")


def link_again(bob):
    """Link what has the same content, from what others see."""
    return propose(bob, linking.link_files, bob.source("weights of bob's"), "model/other", Request())


def test_in_a_mounted_repository_it_is_a_proposal_there(trusting, host, git):
    git(trusting.path, "config", "registry.user", "user:bob")
    secret = host.top / "secret.git"
    before = git(trusting.path, "for-each-ref"), git(secret, "rev-parse", "main")

    done = propose(trusting, aliasing.promote, ["secret/model/churn:v1"], "production")

    assert (done.mount, done.placed.is_published) == ("secret", True)
    assert git(secret, "rev-parse", BRANCH) == done.commit
    assert (git(trusting.path, "for-each-ref"), git(secret, "rev-parse", "main")) == before


# What was committed here


def test_what_is_committed_on_the_default_branch_is_proposed_and_the_branch_goes_back(bob, git, upstream):
    bob.promote("model/churn:v1", "production")
    bob.promote("model/churn:v1", "staging")
    tip = git(bob.path, "rev-parse", "main")

    done = bob(proposing.propose)

    assert done.placed.branch == "proposals/bob/promote-model-churn-to-staging"
    assert there(git, upstream, done.placed.branch) == tip
    assert [event.kind for event in done.events] == ["alias-moved", "alias-added"]
    assert done.went_back
    assert git(bob.path, "rev-parse", "main") == git(upstream, "rev-parse", "main")
    assert git(bob.path, "status", "--porcelain") == ""


def test_with_local_edits_the_branch_stays_and_says_so(bob, git, upstream):
    bob.promote("model/churn:v1", "production")
    tip = git(bob.path, "rev-parse", "main")
    (bob.path / "model/churn/aliases/production.yaml").write_text("mine")

    done = bob(proposing.propose)

    assert not done.went_back
    assert git(bob.path, "rev-parse", "main") == tip == there(git, upstream)
    assert "local edits would be overwritten" in bob.said[-1]


def test_kept_commits_are_proposed_once(bob, git, upstream):
    bob.promote("model/churn:v1", "production")
    tip = git(bob.path, "rev-parse", "main")

    first = bob(proposing.propose, keep=True)
    again = bob(proposing.propose, keep=True)

    assert git(bob.path, "rev-parse", "main") == tip
    assert not first.placed.is_as_it_was
    assert again.placed.is_as_it_was


def test_a_branch_is_proposed_by_its_name_and_stays(bob, git, upstream):
    git(bob.path, "switch", "-q", "-c", "try-v1")
    bob.promote("model/churn:v1", "production")

    done = bob(proposing.propose)

    assert done.placed.branch == "proposals/bob/try-v1"
    assert not done.went_back
    assert git(bob.path, "rev-parse", "try-v1") == there(git, upstream, "proposals/bob/try-v1")


def test_a_proposal_that_is_checked_out_is_amended(bob, git, upstream):
    promoted(bob, name="mine")
    git(bob.path, "fetch", "-q")
    git(bob.path, "switch", "-q", "-c", "proposals/bob/mine", "origin/proposals/bob/mine")
    bob.promote("model/churn:v2", "staging")

    done = bob(proposing.propose)

    assert done.placed.branch == "proposals/bob/mine"
    assert [event.kind for event in done.events] == ["alias-moved", "alias-added"]


def test_nothing_that_is_not_published_is_nothing_to_propose(bob):
    with pytest.raises(UsageError, match="nothing here that is not published"):
        bob(proposing.propose)


def test_the_first_push_of_all_is_no_proposal(desk, git, tmp_path):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "empty.git")
    git(desk.path, "remote", "add", "origin", f"file://{tmp_path}/empty.git")

    with pytest.raises(UsageError, match="nothing is published yet"):
        desk(proposing.propose)


def test_what_is_logged_to_a_project_is_not_proposed(bob, git):
    git(bob.path, "switch", "-q", "--orphan", "projects/churn")
    git(bob.path, "commit", "-q", "--allow-empty", "-m", "Begin")

    with pytest.raises(UsageError, match="not proposed"):
        bob(proposing.propose)


# What is withdrawn


def test_a_proposal_is_withdrawn_by_whose_it_is(bob, clone, git, upstream):
    promoted(bob, name="mine")
    promoted(signed(clone("ana"), git, "ana"), name="mine")

    gone = bob(proposing.withdraw, "mine")

    assert gone.name == "bob/mine"
    assert there(git, upstream, "proposals/bob/mine") == ""
    assert there(git, upstream, "proposals/ana/mine") != ""
    with pytest.raises(NotFound):
        bob(proposing.withdraw, "bob/mine")


def test_an_organization_admin_withdraws_what_is_somebody_elses(bob, clone, git, upstream):
    promoted(bob, name="mine")
    carol = signed(clone("carol"), git, "carol")

    for typed in ("bob/mine", "proposals/bob/mine", "mine"):
        with pytest.raises(Refused, match="bob/mine: it is user:bob's; you are user:carol"):
            carol(proposing.withdraw, typed)
    assert there(git, upstream, "proposals/bob/mine") != ""

    assert signed(carol, git, "ada")(proposing.withdraw, "bob/mine").name == "bob/mine"
    assert there(git, upstream, "proposals/bob/mine") == ""
    with pytest.raises(NotFound, match="there is no such proposal"):
        carol(proposing.withdraw, "bob/mine")
