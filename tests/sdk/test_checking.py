"""`check`: the work tree before a commit, one commit, or every step of a range."""

import pytest
from tests.index.test_numbers import manifest, selecting_latest

from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import NotFound
from git_registry.model.edits import version as versions
from git_registry.model.layout import SPREAD_FROM
from git_registry.sdk import aliasing, linking, listing, syncing
from git_registry.sdk.checking import check, checked
from git_registry.sdk.linking import Request

from .once import once


def said(desk, what=None):
    return [str(problem) for problem in desk(check, what)]


@once
def broken(desk, git):
    """A hand-made commit with two mistakes, and one that mends them."""
    desk.link("one")
    for text in ("format: 1\ntype: model\ntitel: x\ntags: [a/b]\n", "format: 1\ntype: model\n"):
        (desk.path / "model/churn/collection.yaml").write_text(text)
        git(desk.path, "commit", "-q", "-a", "-m", "By hand")
    return git(desk.path, "rev-parse", "HEAD~")


def test_a_commit(desk, broken):
    assert said(desk, "HEAD") == []
    assert said(desk, "HEAD~") == said(desk, broken)
    assert [one.split(": ")[:2] for one in said(desk, "HEAD~")] == [
        ["model/churn/collection.yaml:3", "titel"],
        ["model/churn/collection.yaml:4", "tags[0]"],
    ]


def test_every_step_of_a_range_names_its_commit(desk, broken):
    found = said(desk, "HEAD~2..HEAD")

    assert [one.split(": ")[:2] for one in found] == [
        [f"{broken[:8]}:model/churn/collection.yaml:3", "titel"],
        [f"{broken[:8]}:model/churn/collection.yaml:4", "tags[0]"],
    ]
    assert said(desk, "HEAD~..") == []
    assert said(desk, f"..{broken}") == found


def test_a_rewritten_manifest_is_found_in_a_range_though_it_was_put_back(desk, git):
    path = f"model/churn/versions/{desk.link('one').id}.yaml"
    text = (desk.path / path).read_text()
    for content in (text.replace("artifact: churn", "artifact: evil"), text):
        (desk.path / path).write_text(content)
        git(desk.path, "commit", "-q", "-a", "-m", "By hand")

    assert said(desk, "HEAD") == []
    assert len([one for one in said(desk, "..HEAD") if "was rewritten; it never changes" in one]) == 2


def test_an_alias_left_behind_is_found_in_the_step_that_took_its_version(desk, git):
    version = desk.link("one", aliases=["staging"]).id
    (desk.path / "model/churn/unlinked").mkdir()
    git(desk.path, "mv", f"model/churn/versions/{version}.yaml", "model/churn/unlinked/")
    git(desk.path, "commit", "-q", "-m", "By hand")
    stranded = f"model/churn/aliases/staging.yaml: version: {version} is not linked in model/churn"

    (found,) = said(desk, "HEAD~..HEAD")
    assert found == f"{git(desk.path, 'rev-parse', '--short=8', 'HEAD')}:{stranded}"
    assert said(desk, "HEAD") == [stranded] == said(desk)

    git(desk.path, "commit", "-q", "--allow-empty", "-m", "Nothing")
    (desk.path / "model/churn/README.md").write_text("# Churn")
    git(desk.path, "add", "model")
    git(desk.path, "commit", "-q", "-m", "Said in its own step alone")
    assert said(desk, "HEAD~2..HEAD") == []


def test_how_much_was_looked_at(desk, git):
    (desk.path / "notes.txt").write_text("x")
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "By hand")
    before = desk(checked).files
    desk.link("one", aliases=["staging"])

    assert desk(checked).files == desk(checked, "HEAD").files == before + 3
    assert desk(checked, "HEAD~..HEAD").files == 3
    assert desk(checked, "HEAD~2..HEAD~").files == 0
    assert desk(checked).problems == ()


def test_no_such_revision(desk):
    for what in ("nothing", "nothing..HEAD", "HEAD..nothing", "-x"):
        with pytest.raises(NotFound, match="there is no commit"):
            desk(check, what)


def test_a_bare_repository_is_checked_at_its_tip(desk, git, tmp_path, broken):
    git(desk.path, "reset", "-q", "--hard", broken)
    git(tmp_path, "clone", "-q", "--bare", desk.path, "bare.git")
    desk.path = tmp_path / "bare.git"

    assert len(said(desk)) == 2


def test_staged_or_not_the_work_tree_counts(desk, git):
    desk.link("one")
    (desk.path / "model/churn/collection.yaml").write_text("format: 1\n")

    before = said(desk)
    git(desk.path, "add", "--all")

    assert said(desk) == before != []


@once
def crowded(desk):
    """A collection with as many versions as one directory takes, the last one in production."""
    ids = []
    for start in range(0, SPREAD_FROM, 500):
        batch = [manifest(str(number)) for number in range(start, min(start + 500, SPREAD_FROM))]
        edits = [lambda now, one=one: versions.link(now, "model/churn", one) for one in batch]
        desk(commit, Transaction(edits=edits, message=f"Link {len(batch)}"))
        ids += [one.id for one in batch]
    return ids


@pytest.mark.slow
def test_a_crowded_directory_is_spread_out_for_what_comes(desk, crowded):
    assert all(
        f"model/churn/versions/{one}.yaml" in desk.files("model/churn/versions") for one in crowded[:1]
    )

    new = desk.link("new", aliases=["production"], tags=["eu"])

    place = f"model/churn/versions/{new.id[:2]}/{new.id}.yaml"
    assert (desk.path / place).exists()
    assert (desk.path / place.replace(".yaml", ".notes.yaml")).exists()
    assert desk(selecting_latest) == new.id
    assert desk.link("new").known
    views = desk(listing.versions, _selector("model/churn"))
    assert [views[0].number, views[-1].number, len(views)] == [SPREAD_FROM, 0, SPREAD_FROM + 1]
    assert said(desk) == []

    desk(linking.unlink, ["model/churn:production"])
    assert not (desk.path / place).exists()
    assert desk.link("new", aliases=["again"]).id == new.id
    assert desk(aliasing.promote, ["model/churn:again"], "production").events
    assert views[0].number == desk(listing.show, "model/churn:production").number
    desk(linking.link_version, f"model/churn@{crowded[0][:12]}", "model/other", Request())
    assert said(desk) == []


def _selector(text):
    from git_registry.model.selector import parse

    return parse(text)


def test_a_merge_that_would_renumber_what_is_published(desk, upstream, clone, git):
    desk.link("base")
    desk(syncing.sync)
    bob = clone("bob")
    desk.link("theirs")
    desk(syncing.sync)
    published = git(desk.path, "rev-parse", "HEAD")
    bob.link("mine")

    git(bob.path, "pull", "-q", "--no-rebase")

    (problem,) = bob(check, f"{published}..HEAD")
    assert "is not on the first-parent line" in str(problem)
    assert "git registry sync" in problem.hint
    assert bob(check, "HEAD^1..HEAD") == []
    git(bob.path, "reset", "-q", "--hard", "HEAD^1")
    git(bob.path, "pull", "-q", "--rebase")
    assert bob(check, f"{published}..HEAD") == []
