"""Which branch's chain answers, and that what is on none is answered all the same."""

import os

import pytest
from tests.index import naive
from tests.index.test_numbers import link, manifest
from tests.sdk.desk import Desk
from tests.sdk.once import once

from git_registry.catalog.catalog import Catalog
from git_registry.index.chains import chain as chains
from git_registry.index.chains.chain import Chain
from git_registry.index.numbers import numbers
from git_registry.index.opening import ask
from git_registry.index.storage.file import FILE
from git_registry.repository.repository import Repository
from git_registry.sdk import syncing


def numbered(desk, collection="model/churn"):
    """Return id → number, which is what a walk finds."""
    found = desk(lambda catalog: numbers(catalog).of(collection))
    assert found == desk(naive.numbers).get(collection, {})
    return {version: one.number for version, one in found.items()}


def known(desk) -> list[Chain]:
    return desk(ask, lambda moment: chains.chains(moment.connection))


def followed(desk):
    return [one.ref for one in known(desk)]


def looking(path, **options):
    return Catalog(repository=Repository.open(path), clock=Desk(path).clock, **options)


def published(desk):
    def read(catalog):
        found = numbers(catalog)
        return {one.number: found.is_published(one) for one in found.of("model/churn").values()}

    return desk(read)


@once
def desk(desk):
    for text in ("one", "two", "three"):
        link(desk, manifest(text))
    return desk


def test_a_branch_beside_the_default_one_needs_no_chain_of_its_own(desk, git):
    numbered(desk)

    git(desk.path, "switch", "-q", "-c", "side", "HEAD~1")
    link(desk, manifest("aside"))
    assert numbered(desk)[manifest("aside").id] == 2
    git(desk.path, "switch", "-q", "main")
    link(desk, manifest("four"))

    assert numbered(desk)[manifest("four").id] == 3
    assert followed(desk) == ["refs/heads/main"]
    assert desk.said == []


def test_a_branch_that_is_far_away_has_a_chain_of_its_own(desk, git, monkeypatch):
    monkeypatch.setattr("git_registry.index.chains.catching_up._NEAR", 2)
    numbered(desk)
    git(desk.path, "switch", "-q", "-c", "side", "HEAD~1")
    link(desk, manifest("aside"))

    numbered(desk)
    assert followed(desk) == ["refs/heads/main"]
    link(desk, manifest("further"))

    numbered(desk)
    assert followed(desk) == ["refs/heads/main", "refs/heads/side"]


def test_a_branch_whose_history_is_another(desk, git):
    numbered(desk)
    git(desk.path, "switch", "-q", "--orphan", "pages")
    git(desk.path, "commit", "-q", "--allow-empty", "-m", "Pages")

    assert numbered(desk) == {}
    git(desk.path, "switch", "-q", "main")
    assert sorted(numbered(desk).values()) == [0, 1, 2]


def test_the_branch_was_renamed(desk, git):
    numbered(desk)

    git(desk.path, "branch", "-m", "main", "trunk")
    link(desk, manifest("four"))

    assert numbered(desk)[manifest("four").id] == 3
    assert followed(desk) == ["refs/heads/main"]
    assert desk.said == []


def test_a_remote_that_came_later_takes_over_the_chain(desk, git, upstream):
    (desk.path / ".git" / FILE).unlink(missing_ok=True)
    git(desk.path, "remote", "rename", "origin", "other")
    git(desk.path, "config", "--remove-section", "remote.other")
    git(desk.path, "config", "--remove-section", "branch.main")
    link(desk, manifest("four"))
    assert published(desk) == {0: True, 1: True, 2: True, 3: True}

    git(desk.path, "remote", "add", "origin", f"file://{upstream}")
    git(desk.path, "fetch", "-q")

    assert published(desk) == {0: True, 1: True, 2: True, 3: False}
    assert followed(desk) == ["refs/remotes/origin/main"]
    assert desk.said == []


def test_a_detached_head_without_a_remote(desk, git):
    numbered(desk)
    git(desk.path, "checkout", "-q", "HEAD~1")

    with looking(desk.path, branch=None) as catalog:
        found = numbers(catalog)
        taken = found.of("model/churn")
        assert sorted(one.number for one in taken.values()) == [0, 1]
        assert all(map(found.is_published, taken.values()))
        assert ask(catalog, lambda moment: moment.line.on.ref) == "refs/heads/main"


@pytest.mark.usefixtures("upstream")
def test_a_detached_head_where_nobody_says_which_branch_counts(desk, git):
    """As in a job that fetched one commit: numbers may change, and looking back is no change."""
    git(desk.path, "remote", "set-head", "origin", "--delete")
    git(desk.path, "checkout", "-q", "--detach")
    said = []

    for commit in (None, "HEAD~2", "HEAD~1", None):
        at = commit and git(desk.path, "rev-parse", commit)
        with looking(desk.path, branch=None, commit=at, notify=said.append) as catalog:
            found = numbers(catalog)
            taken = found.of("model/churn")
            assert taken == naive.numbers(catalog)["model/churn"]
            assert not any(map(found.is_published, taken.values()))

    assert said == []


def test_looking_back_at_what_was_left_does_not_move_the_chain(desk, git):
    git(desk.path, "remote", "add", "origin", "https://git.acme.example/registry.git")
    left = git(desk.path, "rev-parse", "HEAD")
    git(desk.path, "reset", "-q", "--hard", "HEAD~1")
    link(desk, manifest("four"))
    numbered(desk)
    before = known(desk)

    with looking(desk.path, branch="main", commit=left) as catalog:
        assert {one.number for one in numbers(catalog).of("model/churn").values()} == {0, 1, 2}

    assert known(desk) == before


def test_several_worktrees_at_once(desk, upstream, git):
    """They share one index, and each sees what it has checked out."""
    desks = [desk]
    for name in ("left", "right"):
        git(desk.path, "worktree", "add", "-q", "-b", name, desk.path.parent / name)
        desks.append(Desk(desk.path.parent / name, desk.clock))
    for turn in range(3):
        for number, one in enumerate(desks):
            link(one, manifest(f"{turn} {number}"))
            assert numbered(one)[manifest(f"{turn} {number}").id] == 3 + turn
    desk(syncing.sync)

    assert [max(numbered(one).values()) for one in desks] == [5, 5, 5]
    assert published(desks[0]) == dict.fromkeys(range(6), True)
    assert published(desks[1]) == {0: True, 1: True, 2: True, 3: False, 4: False, 5: False}
    assert not (desk.path.parent / "left" / ".git").is_dir()
    assert followed(desk) == ["refs/remotes/origin/main"]


def test_two_clones_share_nothing(desk, clone):
    desk(syncing.sync)
    bob = clone("bob")
    link(bob, manifest("four"))
    link(desk, manifest("five"))

    assert numbered(bob)[manifest("four").id] == numbered(desk)[manifest("five").id] == 3


def test_a_catalog_that_stays_open_while_others_write(desk, git):
    with desk.open() as lasting:
        for turn in range(4):
            link(desk, manifest(f"{turn}"))
            found = numbers(lasting).of("model/churn")
            assert found == naive.numbers(lasting)["model/churn"]
        git(desk.path, "reset", "-q", "--hard", "HEAD~2")

        assert numbers(lasting).of("model/churn") == naive.numbers(lasting)["model/churn"]


def test_steps_beyond_are_read_once_for_as_long_as_nothing_moves(desk, upstream, git):
    git(desk.path, "switch", "-q", "-c", "side")
    link(desk, manifest("aside"))
    with desk.open() as catalog:
        assert numbers(catalog).highest("model/churn") == 3
        statements = []
        catalog.held["index"].connection.set_trace_callback(statements.append)

        assert numbers(catalog).highest("model/churn") == 3

    assert [one for one in statements if one.startswith(("CREATE", "INSERT", "BEGIN IMMEDIATE"))] == []


def test_three_thousand_steps_beyond(desk, upstream, git):
    steps = "".join(
        f"commit refs/heads/side\ncommitter A <a@b> {1_800_000_000 + number} +0000\ndata 4\nStep\n"
        + ("from refs/heads/main^0\n" if number == 0 else "")
        + f"M 100644 inline model/churn/versions/{number:032x}.yaml\ndata 10\nformat: 1\n\n"
        for number in range(3_000)
    )
    git(desk.path, "fast-import", "--quiet", input=steps)
    git(desk.path, "symbolic-ref", "HEAD", "refs/heads/side")

    with desk.open() as catalog:
        assert numbers(catalog).highest("model/churn") == 3_002
        for number in range(0, 3_000, 10):
            assert numbers(catalog).get("model/churn", f"{number:032x}").number == 3 + number
    assert published(desk)[3_002] is False


@pytest.mark.parametrize("graph", [True, False])
def test_with_a_commit_graph_or_without(desk, git, graph):
    git(desk.path, "config", "core.commitGraph", str(graph).lower())
    git(desk.path, "commit-graph", "write", "--reachable")
    link(desk, manifest("four"))

    assert numbered(desk)[manifest("four").id] == 3


def test_a_replaced_commit_changes_nothing(desk, git):
    git(desk.path, "replace", "HEAD~1", "HEAD~2")

    assert sorted(numbered(desk).values()) == [0, 1, 2]


def test_names_and_paths_that_are_no_utf_8(desk, git):
    name = os.fsdecode(b"docs-\xff")
    (desk.path / name).mkdir()
    (desk.path / name / os.fsdecode(b"gr\xfc\xdfe.txt")).write_text("Hello")
    git(desk.path, "add", "--all")
    tree = git(desk.path, "write-tree")
    head = git(desk.path, "rev-parse", "HEAD")
    who = b"J\xfcrgen <j@b> 1767225600 +0000"
    commit = b"tree %s\nparent %s\nauthor %s\ncommitter %s\n\nGr\xfc\xdfe\n" % (
        *(tree.encode(), head.encode()),
        *(who, who),
    )
    made = git(desk.path, "hash-object", "-t", "commit", "-w", "--stdin", input=commit)
    git(desk.path, "update-ref", "refs/heads/main", made)

    assert sorted(numbered(desk).values()) == [0, 1, 2]
    ((author, subject),) = desk(
        ask,
        lambda moment: moment.rows(
            "SELECT name, subject FROM temp.now_step JOIN person ON person.id = author"
            " ORDER BY position DESC LIMIT 1"
        ),
    )
    assert (author, subject) == ("J\\xfcrgen", "Gr\\xfc\\xdfe")


@pytest.mark.parametrize("date", ["0 +0000", "99999999999999999 +9999", "-1 -0100", "1767225600 +0000x"])
def test_dates_that_nobody_can_read(desk, git, date):
    tree, head = (git(desk.path, "rev-parse", one) for one in ("HEAD^{tree}", "HEAD"))
    commit = f"tree {tree}\nparent {head}\nauthor A <a@b> {date}\ncommitter A <a@b> {date}\n\nOdd\n"
    made = git(desk.path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", input=commit)
    git(desk.path, "update-ref", "refs/heads/main", made)
    link(desk, manifest("four"))

    assert numbered(desk)[manifest("four").id] == 3
