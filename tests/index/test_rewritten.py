"""History that others have may still be rewritten: then every number that changed is named."""

import pytest
from tests.index import naive
from tests.index.test_numbers import link, manifest
from tests.sdk.once import once

from git_registry.index.numbers import numbers
from git_registry.repository.history import first_parents
from git_registry.sdk import linking, syncing


def numbered(desk, collection="model/churn"):
    """Return id → number, which is what a walk finds."""
    found = desk(lambda catalog: numbers(catalog).of(collection))
    assert found == desk(naive.numbers).get(collection, {})
    return {version: one.number for version, one in found.items()}


def told(desk):
    """Return what a person was told since it was last asked."""
    said = list(desk.said)
    desk.said.clear()
    return said


def renumbered(count, *lines, ref="refs/remotes/origin/main"):
    noun = "version numbers" if count != 1 else "version number"
    return [f"the published history of {ref} was rewritten; {count} {noun} changed:", *lines]


@once
def team(desk, clone, git):
    """Ada and Bob, who both know of three versions."""
    for text in ("one", "two", "three"):
        link(desk, manifest(text))
    desk(syncing.sync)
    bob = clone("bob")
    for one in (desk, bob):
        assert sorted(numbered(one).values()) == [0, 1, 2]
        git(one.path, "config", "pull.rebase", "true")
    return desk, bob


ONE, TWO, THREE, FOUR, FIVE = (manifest(text).id for text in ("one", "two", "three", "four", "five"))


def at(version):
    return f"  model/churn@{version[:8]}"


def test_what_was_published_first_is_missing_after_a_forced_push(team, git):
    ada, bob = team
    git(ada.path, "rebase", "-q", "--onto", "HEAD~3", "HEAD~2")
    git(ada.path, "push", "-q", "--force")

    git(bob.path, "fetch", "-q")
    git(bob.path, "reset", "-q", "--hard", "origin/main")

    assert numbered(bob) == {TWO: 0, THREE: 1}
    assert told(bob) == renumbered(
        3, f"{at(ONE)} was v0, is gone", f"{at(TWO)} was v1, is v0 now", f"{at(THREE)} was v2, is v1 now"
    )
    assert numbered(bob)
    assert told(bob) == []


def test_whoever_rewrote_it_is_told_too(team, git):
    ada, _ = team
    git(ada.path, "rebase", "-q", "--onto", "HEAD~3", "HEAD~2")

    numbered(ada)
    assert told(ada) == []
    git(ada.path, "push", "-q", "--force")

    numbered(ada)
    assert len(told(ada)) == 4


def test_the_branch_went_back(team, git):
    ada, bob = team
    git(ada.path, "reset", "-q", "--hard", "HEAD~2")
    git(ada.path, "push", "-q", "--force")
    git(bob.path, "fetch", "-q")

    assert numbered(bob) == {ONE: 0, TWO: 1, THREE: 2}

    assert told(bob) == renumbered(2, f"{at(TWO)} was v1, is gone", f"{at(THREE)} was v2, is gone")
    link(ada, manifest("four"))
    ada(syncing.sync)
    git(bob.path, "fetch", "-q")
    git(bob.path, "reset", "-q", "--hard", "origin/main")
    assert numbered(bob) == {ONE: 0, FOUR: 1}
    assert told(bob) == []


def test_a_message_was_mended(team, git):
    ada, bob = team
    git(ada.path, "commit", "-q", "--amend", "-m", "Link the third")
    git(ada.path, "push", "-q", "--force")
    git(bob.path, "fetch", "-q")

    assert sorted(numbered(bob).values()) == [0, 1, 2]
    assert told(bob) == []


def test_a_foxtrot_merge_that_a_colleague_pulls(team, git):
    ada, bob = team
    git(bob.path, "config", "--unset", "pull.rebase")
    link(ada, manifest("four"))
    ada(syncing.sync)
    link(bob, manifest("five"))
    git(bob.path, "pull", "-q", "--no-rebase")
    git(bob.path, "push", "-q")

    numbered(ada)
    git(ada.path, "pull", "-q")

    assert numbered(ada)[FIVE] == 3
    assert told(ada) == renumbered(1, f"{at(FOUR)} was v3, is v4 now")


def test_upstream_was_deleted_and_created_anew(team, git, upstream):
    ada, bob = team
    git(upstream, "branch", "-q", "-m", "main", "old")
    git(bob.path, "fetch", "-q", "--prune")
    assert sorted(numbered(bob).values()) == [0, 1, 2]
    assert told(bob) == []
    git(ada.path, "switch", "-q", "-c", "new", "HEAD~3")
    link(ada, manifest("three"))
    link(ada, manifest("one"))
    git(ada.path, "push", "-q", "origin", "new:main")

    git(bob.path, "fetch", "-q")
    git(bob.path, "reset", "-q", "--hard", "origin/main")

    assert numbered(bob) == {THREE: 0, ONE: 1}
    assert told(bob) == renumbered(
        3, f"{at(ONE)} was v0, is v1 now", f"{at(TWO)} was v1, is gone", f"{at(THREE)} was v2, is v0 now"
    )


def test_another_root(team, git):
    ada, bob = team
    tree = git(ada.path, "rev-parse", "HEAD^{tree}")
    root = git(ada.path, "commit-tree", "-m", "All at once", tree)
    git(ada.path, "reset", "-q", "--hard", root)
    git(ada.path, "push", "-q", "--force")
    git(bob.path, "fetch", "-q")
    git(bob.path, "reset", "-q", "--hard", "origin/main")

    now = numbered(bob)

    before = {ONE: 0, TWO: 1, THREE: 2}
    changed = [version for version in before if before[version] != now[version]]
    assert len(changed) > 0
    lines = [f"{at(version)} was v{before[version]}, is v{now[version]} now" for version in changed]
    assert told(bob) == renumbered(len(changed), *lines)


def test_every_number_is_named(desk, clone, git):
    ids = link(desk, *(manifest(f"{number}") for number in range(60)))
    desk(syncing.sync)
    bob = clone("bob")
    numbered(bob)
    git(desk.path, "reset", "-q", "--hard", "HEAD~1")
    git(desk.path, "push", "-q", "--force")
    git(bob.path, "fetch", "-q")

    numbered(bob)

    said = told(bob)
    assert said[0].endswith("60 version numbers changed:")
    assert {line.split()[0] for line in said[1:]} == {f"model/churn@{version[:8]}" for version in ids}


@pytest.mark.parametrize("regret", ["amend", "reset", "rebase"])
def test_what_nobody_has_yet_may_be_rewritten_in_silence(team, git, regret):
    ada, bob = team
    link(ada, manifest("four"))
    ada(syncing.sync)
    link(bob, manifest("five"))
    assert numbered(bob)[FIVE] == 3
    match regret:
        case "amend":
            git(bob.path, "rm", "-q", f"model/churn/versions/{FIVE}.yaml")
            git(bob.path, "commit", "-q", "--amend", "--allow-empty", "-m", "Nothing")
            assert FIVE not in numbered(bob)
        case "reset":
            git(bob.path, "reset", "-q", "--hard", "HEAD~1")
            assert FIVE not in numbered(bob)
        case "rebase":
            git(bob.path, "pull", "-q", "--rebase")
            assert numbered(bob)[FIVE] == 4

    assert told(bob) == []


def test_an_unlinked_version_keeps_its_number_when_history_is_squashed(team, git):
    """The number goes by what was linked, so a history without the link knows it no longer."""
    ada, bob = team
    ada(linking.unlink, ["model/churn:v1"])
    git(ada.path, "reset", "-q", "--soft", "HEAD~3")
    git(ada.path, "commit", "-q", "-m", "Link one version and another")
    git(ada.path, "push", "-q", "--force")
    git(bob.path, "fetch", "-q")
    git(bob.path, "reset", "-q", "--hard", "origin/main")

    assert numbered(bob) == {ONE: 0, THREE: 1}

    assert told(bob) == renumbered(2, f"{at(TWO)} was v1, is gone", f"{at(THREE)} was v2, is v1 now")


def test_a_project_branch_was_rewritten(desk, upstream, clone, git):
    git(desk.path, "switch", "-q", "--orphan", "projects/fish")
    place = desk.path / "fish/net/versions"
    place.mkdir(parents=True)
    (desk.path / "fish/project.yaml").write_text("format: 1\n")
    (desk.path / "fish/net/collection.yaml").write_text("format: 1\ntype: model\n")
    for name in ("aa", "bb"):
        (place / f"{name * 16}.yaml").write_text("format: 1\n")
        git(desk.path, "add", "--all")
        git(desk.path, "commit", "-q", "-m", f"Log {name}")
    git(desk.path, "push", "-q", "-u", "origin", "projects/fish")
    bob = clone("bob")
    git(bob.path, "switch", "-q", "projects/fish")
    assert numbered(bob, "fish/net") == {"aa" * 16: 0, "bb" * 16: 1}
    git(desk.path, "reset", "-q", "--soft", "HEAD~1")
    git(desk.path, "rm", "-q", "--cached", f"fish/net/versions/{'aa' * 16}.yaml")
    git(desk.path, "commit", "-q", "--amend", "-m", "Log bb alone")
    git(desk.path, "push", "-q", "--force")

    git(bob.path, "fetch", "-q")
    git(bob.path, "reset", "-q", "--hard", "origin/projects/fish")

    assert numbered(bob, "fish/net") == {"bb" * 16: 0}
    assert told(bob) == renumbered(
        2,
        f"  fish/net@{'aa' * 4} was v0, is gone",
        f"  fish/net@{'bb' * 4} was v1, is v0 now",
        ref="refs/remotes/origin/projects/fish",
    )


def test_where_two_histories_part_is_where_the_index_begins_again(team, git):
    """What came before is not read again: of the rewritten step alone the index knows another commit."""
    ada, bob = team
    kept = set(bob(lambda catalog: first_parents(catalog.repository, "HEAD~1")))
    git(ada.path, "commit", "-q", "--amend", "-m", "Again")
    git(ada.path, "push", "-q", "--force")
    with bob.open() as catalog:
        numbers(catalog).highest("model/churn")
        index = catalog.held["index"].connection
        index.execute(f"UPDATE step SET subject = 'seen before' WHERE commit_id IN ({_listed(kept)})")
        git(bob.path, "fetch", "-q")
        numbers(catalog).highest("model/churn")

        again = index.execute("SELECT count(*) FROM step WHERE subject <> 'seen before'").fetchone()
    assert again == (1,)


def _listed(commits):
    return ", ".join(f"'{commit}'" for commit in commits)
