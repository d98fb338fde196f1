"""One commit from pure edits, whole or not at all."""

from dataclasses import replace

import pytest

from git_registry.catalog.catalog import Reach
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict, InvalidDocument, Refused, UsageError
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.events import CollectionCreated, CollectionDescribed
from git_registry.repository.discovery import discover

CHURN = "model/churn/collection.yaml"


def run(desk, *edits, message="Change"):
    return desk(commit, Transaction(edits=edits, message=message))


def create(now):
    return {CHURN: Collection(type="model")}


def describe(now):
    return {CHURN: replace(now.collection("model/churn"), title="Churn")}


def test_edits_become_one_commit_each_seeing_those_before_it(desk, git):
    outcome = run(desk, create, describe, message="Create and describe")

    assert desk.log() == ["Create and describe", "Create the organization acme"]
    assert outcome.commit == git(desk.path, "rev-parse", "main")
    assert (desk.path / CHURN).read_text() == "format: 1\ntype: model\ntitle: Churn\n"
    assert type(outcome.events[0]) is CollectionCreated
    assert git(desk.path, "status", "--porcelain") == ""


def test_the_commit_is_the_users_at_the_clocks_time(desk, git):
    run(desk, create)

    assert git(desk.path, "log", "-1", "--format=%an <%ae>") == "Ada Lovelace <ada@example.org>"
    assert git(desk.path, "log", "-1", "--format=%aI").startswith("2026-01-01T12:00:")


def test_nothing_to_do_is_no_commit(desk):
    run(desk, create)
    before = desk.log()

    outcome = run(desk, lambda now: {}, lambda now: {CHURN: now.collection("model/churn")})

    assert outcome.events == ()
    assert desk.log() == before


def test_what_cancels_out_is_no_commit(desk):
    before = desk.log()

    run(desk, create, lambda now: {CHURN: None})

    assert desk.log() == before


def test_an_edit_that_raises_leaves_everything_as_it_was(desk, git):
    before = desk.log()

    def refuse(now):
        assert now.has_collection("model/churn")
        raise Conflict("no")

    with pytest.raises(Conflict, match="no"):
        run(desk, create, refuse)

    assert desk.log() == before
    assert git(desk.path, "status", "--porcelain") == ""


def test_an_edit_is_run_again_when_somebody_else_was_faster(desk, git):
    asked = []

    def slow(now):
        asked.append(now.has_collection("model/other"))
        if len(asked) == 1:
            tree = git(desk.path, "mktree", input=_with_other(git, desk.path))
            theirs = git(desk.path, "commit-tree", tree, "-p", "main", "-m", "Theirs")
            git(desk.path, "update-ref", "refs/heads/main", theirs)
            git(desk.path, "reset", "-q", "--hard")
        return create(now)

    run(desk, slow)

    assert asked == [False, True]
    assert desk.log() == ["Change", "Theirs", "Create the organization acme"]


def _with_other(git, path):
    blob = git(path, "hash-object", "-w", "--stdin", input="format: 1\ntype: model\n")
    inner = git(path, "mktree", input=f"100644 blob {blob}\tcollection.yaml\n")
    registry = git(path, "rev-parse", "main:model/registry.yaml")
    model = git(path, "mktree", input=f"100644 blob {registry}\tregistry.yaml\n040000 tree {inner}\tother\n")
    lines = [line for line in git(path, "ls-tree", "main").splitlines() if not line.endswith("\tmodel")]
    return "\n".join([*lines, f"040000 tree {model}\tmodel"]) + "\n"


def test_what_would_not_be_well_formed_is_refused_with_every_mistake(desk):
    before = desk.log()

    def wrong(now):
        return {
            "model/churn/versions/0123.yaml": b"x",
            "model/other/collection.yaml": Collection(type="dataset"),
            "model/versions/collection.yaml": b"format: 1\n",
        }

    with pytest.raises(InvalidDocument) as refused:
        run(desk, wrong)

    assert {str(problem) for problem in refused.value.problems} == {
        "model/churn/versions/0123.yaml: a file of that name has no place in model/churn/versions/",
        "model/other/collection.yaml: type: the registry accepts model, not 'dataset'",
        "model/versions/collection.yaml: a registry or collection may not be called that or lie there",
    }
    assert desk.log() == before


def test_an_alias_to_nowhere_is_a_conflict(desk):
    with pytest.raises(Conflict, match="it would name version 00000000, which is not linked") as refused:
        run(desk, create, lambda now: {"model/churn/aliases/production.yaml": Alias(version="0" * 32)})

    assert refused.value.exit_code == 6
    assert refused.value.where == "model/churn/aliases/production.yaml"


def test_an_alias_that_led_nowhere_before_does_not_stop_other_work(desk, git):
    desk.link("one", aliases=["production"])
    alias = desk.path / "model/churn/aliases/production.yaml"
    alias.write_text(f"format: 1\nversion: {'0' * 32}\n")
    git(desk.path, "commit", "-q", "-a", "-m", "By hand")

    desk.link("two")

    assert len(desk.log()) == 4


def test_fields_of_a_newer_version_are_kept_and_written_back(desk, git):
    run(desk, create)
    (desk.path / CHURN).write_text("format: 1\ntype: model\nowner: {team: nlp, since: 2024}\n")
    git(desk.path, "commit", "-q", "-a", "-m", "From a newer version")

    run(desk, describe)

    assert (desk.path / CHURN).read_text() == (
        "format: 1\ntype: model\ntitle: Churn\nowner: {team: nlp, since: 2024}\n"
    )


def test_a_field_nobody_knows_is_not_written(desk):
    with pytest.raises(InvalidDocument, match="titel") as refused:
        run(desk, lambda now: {CHURN: b"format: 1\ntype: model\ntitel: Churn\n"})

    assert "title" in refused.value.hint
    assert refused.value.where == f"{CHURN}:3: titel"


def test_comments_are_kept_or_the_change_is_refused(desk, git):
    run(desk, create)
    (desk.path / CHURN).write_text("format: 1\ntype: model # ours\n")
    git(desk.path, "commit", "-q", "-a", "-m", "By hand")

    with pytest.raises(UsageError, match=r"would drop .*comments.*line \d"):
        run(desk, describe)
    outcome = run(desk.allowing(rewrite=True), describe)

    assert (desk.path / CHURN).read_text() == "format: 1\ntype: model\ntitle: Churn\n"
    assert CollectionDescribed in {type(event) for event in outcome.events}


def test_the_message_may_follow_from_what_happened(desk):
    run(desk, create, message=lambda before, events: f"{len(events)}: {', '.join(e.path for e in events)}")

    assert desk.log()[0] == "1: model/churn"


def test_local_edits_of_a_changed_path_are_refused_by_name(desk):
    run(desk, create)
    (desk.path / CHURN).write_text("format: 1\ntype: model\ntitle: Mine\n")
    (desk.path / "organization.yaml").write_text("# being edited\n")
    before = desk.log()

    with pytest.raises(Conflict, match=f"local edits would be overwritten: {CHURN}(\nhint|$)"):
        run(desk, describe)

    assert "Mine" in (desk.path / CHURN).read_text()
    assert desk.log() == before
    run(desk, lambda now: {"model/other/collection.yaml": Collection(type="model")})
    assert (desk.path / "organization.yaml").read_text() == "# being edited\n"


def test_a_bare_repository_is_written_to_as_well(desk, git, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", desk.path, "bare.git")
    desk.path = tmp_path / "bare.git"

    run(desk, create)

    assert git(desk.path, "cat-file", "-p", f"main:{CHURN}") == "format: 1\ntype: model"
    assert discover(desk.path).work_tree is None


def test_a_linked_worktree_is_written_to_as_well(desk, git, tmp_path):
    git(desk.path, "worktree", "add", "-q", "-b", "side", tmp_path / "side")
    main = desk.path
    desk.path = tmp_path / "side"

    run(desk, create)

    assert (tmp_path / "side" / CHURN).exists()
    assert git(desk.path, "status", "--porcelain") == ""
    assert not (main / CHURN).exists()
    assert git(main, "status", "--porcelain") == ""


@pytest.mark.parametrize("reach", [Reach.HERE, Reach.OFFLINE, Reach.PUBLISHED, Reach.PROPOSED])
def test_past_a_servers_hooks_nothing_is_written(desk, upstream, git, reach):
    git(upstream, "config", "registry.identity", "env:REG_USER")
    before = git(upstream, "for-each-ref")
    desk.path, desk.allowed = upstream, {"reach": reach}

    with pytest.raises(Refused, match="whose hook judges pushes alone") as refused:
        run(desk, create)

    assert "work in a clone" in refused.value.hint
    assert git(upstream, "for-each-ref") == before


def test_what_a_server_says_of_all_its_repositories_keeps_nobody_from_pushing_from_a_copy(
    desk, upstream, git, tmp_path
):
    git(tmp_path, "clone", "-q", "--bare", upstream, "copy.git")
    git(tmp_path / "copy.git", "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    git(tmp_path / "copy.git", "config", "registry.identity", "env:REG_USER")
    git(tmp_path / "copy.git", "fetch", "-q")
    desk.path, desk.allowed = tmp_path / "copy.git", {"reach": Reach.PUBLISHED}

    run(desk, create)

    assert git(upstream, "cat-file", "-p", f"main:{CHURN}") == "format: 1\ntype: model"
