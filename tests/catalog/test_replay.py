"""Local commits on top of what others published: every rule of when that goes, and when it does not."""

import pytest
from tests.sdk.once import once

from git_registry.catalog import projects, syncing
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict
from git_registry.model.documents.access import Access, Protection
from git_registry.model.documents.run import Run
from git_registry.model.edits import project
from git_registry.model.edits.version import Addition
from git_registry.sdk import aliasing, linking, managing, noting
from git_registry.sdk.checking import check
from git_registry.sdk.linking import Request
from git_registry.sdk.managing import Description
from git_registry.sdk.syncing import sync


@once
def ana(desk, upstream):
    """The first clone: two versions are published, the first in production."""
    desk.link("one", aliases=["production"])
    desk.link("two")
    desk(sync)
    return desk


@once
def bob(ana, clone):
    return clone("bob")


@pytest.fixture
def upstream_tip(upstream, git):
    return lambda: git(upstream, "rev-parse", "main")


def ids(desk):
    with desk.open() as catalog:
        return sorted(catalog.now().versions("model/churn"))


@pytest.fixture
def refused(ana, bob, git, upstream_tip):
    """Publish what ana does; what bob does meanwhile must be a conflict that changes nothing."""

    def run(theirs, mine):
        theirs(ana)
        ana(sync)
        mine(bob)
        before = git(bob.path, "rev-parse", "HEAD"), upstream_tip()

        with pytest.raises(Conflict) as conflict:
            bob(sync)

        assert conflict.value.exit_code == 6
        assert (git(bob.path, "rev-parse", "HEAD"), upstream_tip()) == before
        assert git(bob.path, "status", "--porcelain") == ""
        return conflict.value

    return run


@pytest.fixture
def replayed(ana, bob, git, upstream_tip):
    """Publish what ana does; what bob does meanwhile must go on top of it."""

    def run(theirs, mine):
        theirs(ana)
        ana(sync)
        mine(bob)

        done = bob(sync)

        assert git(bob.path, "rev-parse", "HEAD") == upstream_tip()
        assert git(bob.path, "status", "--porcelain") == ""
        assert git(bob.path, "rev-list", "--merges", "HEAD") == ""
        assert bob(check) == []
        assert bob(check, "..HEAD") == []
        return done

    return run


def test_links_of_both_sides_are_kept(replayed, bob):
    done = replayed(lambda ana: ana.link("theirs"), lambda bob: bob.link("mine"))

    assert (done.fetched, done.replayed, done.pushed, done.notes) == (1, 1, 1, ())
    assert len(ids(bob)) == 4


def test_author_date_and_message_are_kept(replayed, bob, git):
    def mine(bob):
        git(bob.path, "config", "user.name", "Bob")
        bob.link("mine")
        (bob.path / "model/registry.yaml").write_text("format: 1\ntitle: Ours\ntypes: [model]\n")
        env = {"GIT_AUTHOR_DATE": "1234567890 -0330", "GIT_AUTHOR_NAME": "Carol"}
        message = "Describe\n\nAt length.\n\nCo-authored-by: Dan <dan@example.org>"
        git(bob.path, "commit", "-q", "-a", "-m", message, env=env)

    replayed(lambda ana: ana.link("theirs"), mine)

    assert git(bob.path, "log", "-1", "--format=%an %ad %cn", "--date=raw") == "Carol 1234567890 -0330 Bob"
    body = git(bob.path, "log", "-1", "--format=%B").strip()
    assert body == "Describe\n\nAt length.\n\nCo-authored-by: Dan <dan@example.org>"
    assert git(bob.path, "log", "-1", "--format=%an", "HEAD~") == "Bob"


def test_different_aliases_go_together(replayed, bob):
    replayed(
        lambda ana: ana.promote("model/churn:v1", "production"),
        lambda bob: bob.promote("model/churn:v1", "staging"),
    )

    assert bob.aliases().keys() == {"production", "staging"}


def test_the_same_alias_moved_elsewhere_is_a_conflict_with_both_values(refused, ana, bob):
    third = None

    def mine(bob):
        nonlocal third
        third = bob.link("three").id
        bob.promote(f"model/churn@{third}", "production")

    conflict = refused(lambda ana: ana.promote("model/churn:v1", "production"), mine)

    theirs = ana.aliases()["production"]
    assert conflict.where == "model/churn/aliases/production.yaml"
    assert conflict.message == (
        f"model/churn:production names @{theirs[:8]} there, and @{third[:8]} here; nothing was overwritten"
    )
    assert "git registry promote model/churn:VERSION --to production" in conflict.hint


def test_the_same_alias_moved_to_the_same_version_is_done(replayed, bob):
    done = replayed(
        lambda ana: ana.promote("model/churn:v1", "production"),
        lambda bob: bob.promote("model/churn:v1", "production"),
    )

    assert (done.replayed, done.pushed) == (0, 0)


def test_an_alias_removed_there_and_moved_here(refused):
    conflict = refused(
        lambda ana: ana(aliasing.remove, "model/churn", ["production"]),
        lambda bob: bob.promote("model/churn:v1", "production"),
    )

    assert "model/churn:production names nothing there, and @" in conflict.message


def test_an_alias_moved_there_and_removed_here(refused):
    conflict = refused(
        lambda ana: ana.promote("model/churn:v1", "production"),
        lambda bob: bob(aliasing.remove, "model/churn", ["production"]),
    )

    assert conflict.message.endswith("there, and nothing here; nothing was overwritten")


def test_an_alias_added_on_both_sides(refused):
    refused(
        lambda ana: ana.promote("model/churn:v0", "staging"),
        lambda bob: bob.promote("model/churn:v1", "staging"),
    )


def test_an_unprotected_alias_asked_for_while_linking_moves_on_and_that_is_said(replayed, bob):
    done = replayed(
        lambda ana: ana.link("theirs", aliases=["production"]),
        lambda bob: bob.link("mine", aliases=["production"]),
    )

    assert done.notes == (
        "model/churn:production moved meanwhile; it was asked for while linking, so it moves on",
    )
    assert bob.aliases()["production"] == bob.link("mine").id


def protect(desk):
    protected = Access(protected_aliases={"production": Protection()})
    desk(commit, Transaction(edits=[lambda now: {"model/access.yaml": protected}], message="Protect"))


def test_a_protected_one_does_not(refused):
    def theirs(ana):
        protect(ana)
        ana.promote("model/churn:v1", "production")

    conflict = refused(theirs, lambda bob: bob.link("mine", aliases=["production"]))

    assert conflict.where == "model/churn/aliases/production.yaml"


def test_where_an_unreadable_access_document_hides_what_is_protected_it_does_not_either(refused, git):
    def theirs(ana):
        (ana.path / "model/access.yaml").write_text("format: 1\nprotected_aliases: production\n")
        git(ana.path, "add", "model/access.yaml")
        git(ana.path, "commit", "-q", "-m", "By hand")
        git(ana.path, "push", "-q")
        path = ana.path / "model/churn/aliases/production.yaml"
        other = next(one for one in ids(ana) if one != ana.aliases()["production"])
        path.write_text(f"format: 1\nversion: {other}\n")
        git(ana.path, "commit", "-q", "-a", "-m", "Move by hand")

    refused(theirs, lambda bob: bob.link("mine", aliases=["production"]))


def test_linking_what_others_linked_meanwhile_is_done(replayed, ana, bob):
    done = replayed(lambda ana: ana.link("same"), lambda bob: bob.link("same"))

    assert (done.replayed, done.pushed) == (0, 0)
    assert len(done.notes) == 1
    assert done.notes[0].endswith("was linked already; the first manifest stays")
    assert ids(bob) == ids(ana)


def test_its_aliases_move_all_the_same(replayed, bob):
    done = replayed(
        lambda ana: ana.link("same", aliases=["production"]),
        lambda bob: bob.link("same", aliases=["staging"]),
    )

    assert done.replayed == 1
    assert bob.aliases()["staging"] == bob.aliases()["production"]


def test_a_version_linked_and_unlinked_there_meanwhile_is_not_in_two_places(refused):
    def theirs(ana):
        version = ana.link("same").id
        ana(linking.unlink, [f"model/churn@{version}"])

    conflict = refused(theirs, lambda bob: bob.link("same"))

    assert "was linked and was unlinked there" in conflict.message


def test_a_document_edited_on_both_sides(refused):
    conflict = refused(
        lambda ana: ana(managing.edit, "model/churn", Description(title="Theirs")),
        lambda bob: bob(managing.edit, "model/churn", Description(title="Mine")),
    )

    assert conflict.where == "model/churn/collection.yaml"
    assert "was changed there too" in conflict.message


def test_a_document_edited_in_the_same_way_on_both_sides_is_done(replayed):
    done = replayed(
        lambda ana: ana(managing.edit, "model/churn", Description(title="Churn")),
        lambda bob: bob(managing.edit, "model/churn", Description(title="Churn")),
    )

    assert done.pushed == 0


def test_notes_on_both_sides(refused):
    conflict = refused(
        lambda ana: ana(noting.annotate, ["model/churn:v0"], Addition(metrics={"auc": 0.9})),
        lambda bob: bob(noting.annotate, ["model/churn:v0"], Addition(metrics={"auc": 0.8})),
    )

    assert conflict.where.endswith(".notes.yaml")


def test_a_collection_deleted_there(refused):
    conflict = refused(lambda ana: ana(managing.delete, "model/churn"), lambda bob: bob.link("mine"))

    assert "there is no collection.yaml for it" in conflict.message
    assert conflict.where.startswith("model/churn/versions/")


def test_a_collection_edited_here_and_deleted_there(refused):
    conflict = refused(
        lambda ana: ana(managing.delete, "model/churn"),
        lambda bob: bob(managing.edit, "model/churn", Description(title="Churn")),
    )

    assert "what this changes is gone there" in conflict.message


def test_a_collection_deleted_here_that_others_link_to(refused):
    conflict = refused(lambda ana: ana.link("theirs"), lambda bob: bob(managing.delete, "model/churn"))

    assert "model/churn" in str(conflict)


def test_a_version_unlinked_there_that_an_alias_here_names(refused):
    conflict = refused(
        lambda ana: ana(linking.unlink, ["model/churn:v1"]),
        lambda bob: bob.promote("model/churn:v1", "staging"),
    )

    assert "which is not linked" in conflict.message
    assert conflict.where == "model/churn/aliases/staging.yaml"


def test_a_version_unlinked_here_that_an_alias_there_names(refused):
    conflict = refused(
        lambda ana: ana.promote("model/churn:v1", "staging"),
        lambda bob: bob(linking.unlink, ["model/churn:v1"]),
    )

    assert conflict.where == "model/churn/aliases/staging.yaml"


def test_a_version_unlinked_here_that_was_annotated_there(refused):
    conflict = refused(
        lambda ana: ana(noting.annotate, ["model/churn:v1"], Addition(metrics={"auc": 0.9})),
        lambda bob: bob(linking.unlink, ["model/churn:v1"]),
    )

    assert "notes on" in conflict.message


def test_a_version_annotated_here_that_was_unlinked_there(refused):
    refused(
        lambda ana: ana(linking.unlink, ["model/churn:v1"]),
        lambda bob: bob(noting.annotate, ["model/churn:v1"], Addition(metrics={"auc": 0.9})),
    )


def test_both_unlink_the_same(replayed):
    done = replayed(
        lambda ana: ana(linking.unlink, ["model/churn:v1"]),
        lambda bob: bob(linking.unlink, ["model/churn:v1"]),
    )

    assert done.pushed == 0


def test_names_that_differ_in_case_alone(refused):
    conflict = refused(lambda ana: ana.link("x", "model/Other"), lambda bob: bob.link("y", "model/other"))

    assert "for the same name" in conflict.message


def test_the_same_collection_created_on_both_sides(replayed, bob):
    replayed(lambda ana: ana.link("x", "model/other"), lambda bob: bob.link("y", "model/other"))

    with bob.open() as catalog:
        assert len(catalog.now().versions("model/other")) == 2


def test_a_type_that_its_registry_no_longer_accepts(ana, bob, git):
    ana(managing.create_registry, "any", Description(), ["model", "dataset"])
    ana(sync)
    bob(sync)
    bob(linking.link_files, bob.source("x"), "any/one", Request(type="dataset"))
    (ana.path / "any/registry.yaml").write_text("format: 1\ntypes: [model]\n")
    git(ana.path, "commit", "-q", "-a", "-m", "Narrow")
    ana(sync)

    with pytest.raises(Conflict, match="the registry accepts model, not 'dataset'"):
        bob(sync)


def test_a_merge_is_git_rebases_business(refused, git):
    def mine(bob):
        git(bob.path, "switch", "-q", "-c", "side")
        bob.link("side")
        git(bob.path, "switch", "-q", "main")
        git(bob.path, "merge", "-q", "--no-ff", "-m", "Merge side", "side")

    conflict = refused(lambda ana: ana.link("theirs"), mine)

    assert "is a merge, which is not replayed" in conflict.message
    assert "git rebase" in conflict.hint


def test_a_file_outside_the_format_is_too(refused, git):
    def mine(bob):
        (bob.path / "README.md").write_text("# Acme\n")
        git(bob.path, "add", "README.md")
        git(bob.path, "commit", "-q", "-m", "Readme")

    conflict = refused(lambda ana: ana.link("theirs"), mine)

    assert conflict.where == "README.md"
    assert "git rebase" in conflict.hint


def test_a_foreign_signature_is_too(refused, git):
    def mine(bob):
        raw = git(bob.path, "cat-file", "commit", bob.link("mine").outcome.commit) + "\n"
        head, _, body = raw.partition("\n\n")
        signed = (
            f"{head}\ngpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n -----END SSH SIGNATURE-----\n\n{body}"
        )
        made = git(bob.path, "hash-object", "-t", "commit", "-w", "--stdin", input=signed)
        git(bob.path, "update-ref", "refs/heads/main", made)

    conflict = refused(lambda ana: ana.link("theirs"), mine)

    assert "is signed, and commits are not signed here" in conflict.message
    assert "git rebase" in conflict.hint


def test_git_rebase_is_a_way_out_indeed(refused, bob, git, upstream_tip):
    def mine(bob):
        (bob.path / "README.md").write_text("# Acme\n")
        git(bob.path, "add", "README.md")
        git(bob.path, "commit", "-q", "-m", "Readme")

    refused(lambda ana: ana.link("theirs"), mine)

    git(bob.path, "rebase", "-q", "origin/main")
    assert bob(sync).pushed == 1
    assert git(bob.path, "rev-parse", "HEAD") == upstream_tip()


def test_several_steps_are_replayed_in_order_all_or_none(refused, bob):
    def mine(bob):
        bob.link("mine")
        bob.promote("model/churn:v1", "production")
        bob.link("mine too")

    refused(lambda ana: ana(aliasing.remove, "model/churn", ["production"]), mine)

    assert len(bob.log()) == 6


def test_local_edits_in_the_way_of_what_comes_are_named(ana, bob, git):
    ana(managing.edit, "model/churn", Description(title="Theirs"))
    ana(sync)
    (bob.path / "model/churn/collection.yaml").write_text("format: 1\ntype: model\ntitle: Mine\n")

    with pytest.raises(Conflict, match=r"local edits would be overwritten: model/churn/collection\.yaml"):
        bob(sync)

    assert "Mine" in (bob.path / "model/churn/collection.yaml").read_text()


def test_an_alias_to_nowhere_committed_by_hand_is_not_published(ana, git, upstream_tip):
    before = upstream_tip()
    (ana.path / "model/churn/aliases/staging.yaml").write_text(f"format: 1\nversion: {'0' * 32}\n")
    git(ana.path, "add", "--all")
    git(ana.path, "commit", "-q", "-m", "By hand")

    with pytest.raises(Conflict, match="it would name version 00000000, which is not linked") as refused:
        ana(sync)

    assert refused.value.where == "model/churn/aliases/staging.yaml"
    assert upstream_tip() == before


def test_an_alias_to_nowhere_made_by_two_who_did_not_know_of_each_other(ana, bob, git, upstream_tip):
    """By hand: each side is well-formed, and so is git's merge of them; what it means is not."""
    ana(linking.unlink, ["model/churn:v1"])
    ana(sync)
    bob.promote("model/churn:v1", "staging")
    git(bob.path, "pull", "-q", "--rebase")

    with pytest.raises(Conflict, match="which is not linked"):
        bob(sync)


def recorded(catalog, run, **changes):
    """Record a run in the project `churn`, where the clone keeps it until it is synced."""
    document = Run(name=run, state="running", started="2026-01-01T00:00:00.000Z", **changes)
    edits = [lambda now: project.begin(now, "churn"), lambda now: project.record(now, "churn", run, document)]
    return commit(projects.begun(catalog, "churn"), Transaction(edits=edits, message=f"Record {run}"))


def described(catalog, text):
    edits = [lambda now: project.begin(now, "churn"), lambda now: project.describe(now, "churn", text)]
    return commit(projects.begun(catalog, "churn"), Transaction(edits=edits, message="Describe churn"))


def sync_churn(catalog):
    return syncing.sync(projects.begun(catalog, "churn"))


@pytest.fixture
def churn(upstream, git):
    """Return what is published of the project: the subjects of its steps, newest first."""
    return lambda: git(upstream, "log", "--format=%s", "projects/churn").splitlines()


def test_a_project_begun_in_two_places_is_put_together(ana, bob, git, upstream, churn):
    ana(recorded, "theirs")
    bob(recorded, "mine")
    bob(recorded, "more")
    ana(sync_churn)

    done = bob(sync_churn)

    assert (done.replayed, done.pushed, done.notes) == (2, 2, ())
    assert churn() == ["Record more", "Record mine", "Record theirs"]
    assert git(upstream, "rev-list", "--max-parents=0", "--count", "projects/churn") == "1"
    assert git(upstream, "ls-tree", "-r", "--name-only", "projects/churn").splitlines() == (
        ["churn/project.yaml", *(f"churn/runs/{run}.yaml" for run in ("mine", "more", "theirs"))]
    )
    assert git(bob.path, "rev-parse", "projects/churn") == git(upstream, "rev-parse", "projects/churn")
    assert git(bob.path, "status", "--porcelain", "--branch") == "## main...origin/main"


def test_a_project_begun_alike_in_two_places_needs_no_second_step(ana, bob, churn):
    ana(recorded, "same")
    bob(recorded, "same")
    ana(sync_churn)

    done = bob(sync_churn)

    assert (done.replayed, done.pushed) == (0, 0)
    assert churn() == ["Record same"]


@pytest.mark.parametrize(
    ("theirs", "mine", "where"),
    [
        (lambda ana: ana(described, "Theirs"), lambda bob: bob(described, "Mine"), "churn/project.yaml"),
        (
            lambda ana: ana(recorded, "same", notes="Theirs"),
            lambda bob: bob(recorded, "same", notes="Mine"),
            "churn/runs/same.yaml",
        ),
    ],
    ids=["the project", "a run"],
)
def test_a_project_begun_in_two_ways_is_a_conflict(ana, bob, git, churn, theirs, mine, where):
    theirs(ana)
    mine(bob)
    ana(sync_churn)
    before = churn(), git(bob.path, "rev-parse", "projects/churn")

    with pytest.raises(Conflict) as conflict:
        bob(sync_churn)

    assert conflict.value.where == where
    assert (churn(), git(bob.path, "rev-parse", "projects/churn")) == before


def test_registries_are_never_put_together_with_a_history_that_shares_nothing(bob, git, upstream_tip):
    before = upstream_tip()
    git(bob.path, "switch", "-q", "--orphan", "other")
    git(bob.path, "commit", "-q", "--allow-empty", "-m", "Another beginning")
    git(bob.path, "branch", "-q", "-f", "main", "other")
    git(bob.path, "switch", "-q", "main")
    git(bob.path, "reflog", "expire", "--expire=all", "--all")

    with pytest.raises(Conflict, match="shares nothing with the one here"):
        bob(sync)

    assert upstream_tip() == before
