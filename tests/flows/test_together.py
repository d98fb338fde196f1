"""Several people and plain Git: what they do by hand counts, and what disagrees is told."""

import pytest

from git_registry.errors import Conflict, UsageError
from git_registry.model.documents.collection import Collection
from git_registry.sdk import listing
from git_registry.sdk.checking import check
from git_registry.sdk.resolving import resolve
from git_registry.sdk.syncing import sync


@pytest.fixture
def ana(desk, upstream):
    """The first clone: two versions are published, the first in production and staging."""
    desk.link("one", aliases=["production", "staging"])
    desk.link("two")
    desk.link("three")
    desk(sync)
    return desk


@pytest.fixture
def bob(ana, clone):
    return clone("bob")


def meaning(desk, alias):
    """Return the number of the version an alias points at."""
    return desk(listing.show, f"model/churn:{alias}").number


def test_the_second_who_moves_an_alias_is_told_and_nothing_is_overwritten(ana, bob, upstream, git):
    ana.promote("model/churn:v1", "production")
    ana(sync)
    bob.promote("model/churn:v2", "production")
    before = git(upstream, "rev-parse", "main")

    with pytest.raises(Conflict) as refused:
        bob(sync)

    assert refused.value.exit_code == 6
    assert git(upstream, "rev-parse", "main") == before
    assert (meaning(ana, "production"), meaning(bob, "production")) == (1, 2)
    git(bob.path, "reset", "-q", "--keep", "@{upstream}")
    bob.promote("model/churn:v2", "production")
    bob(sync)
    ana(sync)
    assert meaning(ana, "production") == 2


def test_different_aliases_go_together(ana, bob):
    ana.promote("model/churn:v1", "production")
    bob.promote("model/churn:v2", "staging")

    ana(sync)
    bob(sync)
    ana(sync)

    assert (meaning(ana, "production"), meaning(ana, "staging")) == (1, 2)


@pytest.mark.parametrize("how", ["--rebase", "--no-rebase"])
def test_by_hand_too(ana, bob, git, how):
    ana.promote("model/churn:v1", "production")
    git(ana.path, "push", "-q")
    bob.promote("model/churn:v2", "staging")

    git(bob.path, "pull", "-q", how)

    assert (meaning(bob, "production"), meaning(bob, "staging")) == (1, 2)
    assert bob(check) == []


@pytest.mark.parametrize("command", [("pull", "-q", "--rebase"), ("pull", "-q", "--no-rebase")])
def test_the_same_alias_conflicts_in_plain_git(ana, bob, git, command):
    ana.promote("model/churn:v1", "production")
    git(ana.path, "push", "-q")
    bob.promote("model/churn:v2", "production")

    git(bob.path, *command, code=1)

    assert git(bob.path, "diff", "--name-only", "--diff-filter=U") == "model/churn/aliases/production.yaml"


def test_while_git_waits_for_a_conflict_to_be_settled_nothing_is_written_over_it(ana, bob, git):
    ana.promote("model/churn:v1", "production")
    git(ana.path, "push", "-q")
    bob.promote("model/churn:v2", "production")
    git(bob.path, "pull", "-q", "--no-rebase", code=1)
    torn = (bob.path / "model/churn/aliases/production.yaml").read_text()

    with pytest.raises(Conflict, match="local edits would be overwritten"):
        bob.promote("model/churn:v0", "production")

    assert (bob.path / "model/churn/aliases/production.yaml").read_text() == torn
    assert any(str(problem).startswith("model/churn/aliases/production.yaml:") for problem in bob(check))


def test_the_same_version_linked_on_two_branches_merges_clean(ana, git):
    git(ana.path, "switch", "-q", "-c", "side")
    ana.link("same", aliases=["a"])
    git(ana.path, "switch", "-q", "main")
    ana.link("other")
    git(ana.path, "cherry-pick", "--strategy-option=theirs", "side")
    git(ana.path, "merge", "-q", "-m", "Merge side", "side")

    assert meaning(ana, "a") == 4
    assert ana(check) == []


def test_a_document_edited_in_an_editor(ana, bob, git):
    document = ana.path / "model/churn/collection.yaml"
    document.write_text("format: 1\ntype: model\ntitle: Churn  # who leaves\ntags:\n- eu\n- tabular\n")
    assert ana(check) == []
    git(ana.path, "commit", "-q", "-a", "-m", "Describe churn")
    git(ana.path, "push", "-q")

    bob(sync)

    found = bob(listing.show, "model/churn").document
    assert found == Collection(type="model", title="Churn", tags=("eu", "tabular"))


def test_an_alias_moved_on_a_branch_and_merged(ana, bob, git):
    git(ana.path, "switch", "-q", "-c", "promote")
    ana.promote("model/churn:v2", "production")
    git(ana.path, "switch", "-q", "main")
    assert meaning(ana, "production") == 0

    git(ana.path, "merge", "-q", "--no-ff", "-m", "Release", "promote")
    git(ana.path, "push", "-q")
    bob(sync)

    assert meaning(bob, "production") == 2
    assert bob(check, "..HEAD") == []


def test_a_promotion_is_undone_by_git_revert(ana, git):
    ana.promote("model/churn:v2", "production")

    git(ana.path, "revert", "--no-edit", "HEAD")

    assert meaning(ana, "production") == 0
    assert ana(check) == []


def test_a_collection_is_renamed_by_hand_and_aliases_and_numbers_follow(ana, bob, git):
    git(ana.path, "mv", "model/churn", "model/retention")
    (ana.path / "model/retention/collection.yaml").write_text(
        "format: 1\ntype: model\nrenamed_from: model/churn\n"
    )
    git(ana.path, "commit", "-q", "-a", "-m", "Rename")
    ana(sync)
    bob(sync)

    assert bob(check, "..HEAD") == []
    assert bob(listing.show, "model/retention:production").version == "v0"
    assert bob(resolve, "model/retention:v2").found.collection == "model/retention"


def test_what_is_waiting_here_is_published_by_the_next_sync(ana, bob):
    for text in ("a", "b", "c"):
        ana.link(text)

    assert ana(sync).pushed == 3
    assert ana(sync).pushed == 0
    assert bob(sync).fetched == 3


def test_without_a_remote_there_is_nothing_to_sync_with(tmp_path):
    from tests.sdk.desk import found

    with pytest.raises(UsageError, match="there is no remote to sync with"):
        found(tmp_path / "alone")(sync)


def test_the_first_sync_to_an_empty_remote(tmp_path, git):
    from tests.sdk.desk import found

    desk = found(tmp_path / "acme")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "new.git")
    git(desk.path, "remote", "add", "origin", f"file://{tmp_path}/new.git")

    done = desk(sync)

    assert done.pushed == 1
    assert git(desk.path, "rev-parse", "HEAD") == git(tmp_path / "new.git", "rev-parse", "main")
    assert git(desk.path, "rev-parse", "--abbrev-ref", "@{upstream}") == "origin/main"


def test_a_hook_that_says_no_is_heard(ana, upstream, git):
    from git_registry.errors import Refused

    hook = upstream / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on a Friday' >&2\nexit 1\n")
    hook.chmod(0o755)
    ana.link("new")

    with pytest.raises(Refused) as refused:
        ana(sync)

    assert refused.value.exit_code == 4
    assert "not on a Friday" in refused.value.hint
    hook.unlink()
    assert ana(sync).pushed == 1


@pytest.mark.parametrize("instead", [True, False], ids=["replaced", "dropped"])
def test_what_was_published_and_dropped_is_not_brought_back(ana, bob, upstream, git, instead):
    git(ana.path, "reset", "-q", "--hard", "HEAD~")
    if instead:
        ana.link("instead")
    git(ana.path, "push", "-q", "--force")
    bob.link("mine")
    before = git(upstream, "rev-parse", "main")

    for _ in range(2):
        with pytest.raises(Conflict, match="the upstream's history was rewritten") as refused:
            bob(sync)

    assert "git pull --rebase" in refused.value.hint
    assert git(upstream, "rev-parse", "main") == before
    git(bob.path, "pull", "-q", "--rebase")
    assert bob(sync).pushed == 1
    assert len(bob.log()) == 4 + instead


def test_a_remote_that_is_gone_is_said(ana, upstream):
    from git_registry.errors import NetworkError

    ana.link("new")
    upstream.rename(upstream.with_name("gone.git"))

    with pytest.raises(NetworkError) as failed:
        ana(sync)

    assert failed.value.exit_code == 7
