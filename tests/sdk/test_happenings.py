"""What happened in the steps of the default branch, as automations are told of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from git_registry.errors import Conflict, NotFound
from git_registry.model.edits.version import Addition
from git_registry.model.filters import EVENT, matches, parse
from git_registry.sdk import aliasing, linking, noting
from git_registry.sdk.happenings import happenings

from .desk import Desk, found


@dataclass
class Story:
    """A desk, and where its branch was after each step."""

    desk: Desk
    tips: dict[str, str] = field(default_factory=dict)

    def tip(self):
        with self.desk.open() as catalog:
            return catalog.tip()

    def then(self, name, verb, *args, **options):
        verb(*args, **options)
        self.tips[name] = self.tip()

    def told(self, name, kind):
        """Return what was told of one kind of event in a step."""
        before = list(self.tips)[list(self.tips).index(name) - 1]
        with self.desk.open() as catalog:
            ((_, step),) = happenings(catalog, self.tips[before], self.tips[name])
        (one,) = [told for told in step if told.event.kind == kind]
        return one


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Two versions, production at one and then the other, and then both gone."""
    story = Story(found(tmp_path_factory.mktemp("story") / "acme"))
    desk = story.desk
    story.tips["made"] = story.tip()
    story.then("one", desk.link, "one", metrics={"auc": 0.8})
    about = {"metadata": {"framework": "xgboost"}, "metrics": {"auc": 0.9}, "tags": ("eu",)}
    story.then("two", desk.link, "two", **about)
    added = Addition(metrics={"auc": 0.95}, description="Better.")
    story.then("annotated", desk, noting.annotate, ["model/churn:v1"], added)
    story.then("first", desk.promote, "model/churn:v0", "production")
    story.then("second", desk.promote, "model/churn:v1", "production")
    story.then("tagged", desk, noting.tag, "model/churn", add=["tabular"])
    story.then("removed", desk, aliasing.remove, "model/churn", ["production"])
    story.then("unlinked", desk, linking.unlink, ["model/churn:v0"])
    return story


def test_a_promotion_is_told_with_all_that_is_known_of_the_version(story):
    told = story.told("second", "alias-moved")

    assert told.commit == story.tips["second"]
    assert told.organization == "acme"
    assert (told.at[:4], told.at[-5:]) == ("2026", ".000Z")
    assert told.facts == told.facts | {
        "event": "alias-moved",
        "path": "model/churn",
        "registry": "model",
        "collection": "churn",
        "author": "Ada Lovelace <ada@example.org>",
        "alias": "production",
        "protected": False,
        "version": "v1",
        "number": 1,
        "previous": "v0",
        "aliases": ("production",),
        "tags": ("eu",),
        "metrics": {"auc": 0.95},
        "metadata": {"framework": "xgboost"},
        "description": "Better.",
        "type": "model",
        "size": 3,
    }
    assert told.facts.keys() <= EVENT.kinds.keys()
    wanted = {"alias": "production", "metrics.auc": {"$gte": 0.95}, "previous": "v0", "tags": "eu"}
    assert matches(parse(wanted, EVENT, where=""), told.facts)


def test_what_is_told_held_in_that_step(story):
    told = story.told("first", "alias-added")

    assert (told.facts["version"], told.facts["aliases"]) == ("v0", ("production",))
    assert "previous" not in told.facts
    assert story.told("two", "version-linked").facts["metrics"] == {"auc": 0.9}


def test_what_is_gone_is_known_still(story):
    removed = story.told("removed", "alias-removed").facts
    unlinked = story.told("unlinked", "version-unlinked").facts

    assert (removed["version"], removed["previous"], removed["aliases"]) == ("v1", "v1", ())
    assert removed["metrics"] == {"auc": 0.95}
    assert (unlinked["version"], unlinked["metrics"]) == ("v0", {"auc": 0.8})


def test_what_happens_to_a_collection_is_told_with_what_it_is(story):
    told = story.told("tagged", "collection-tagged").facts

    assert told == told | {"tag": "tabular", "tags": ("tabular",), "type": "model"}
    assert "version" not in told


def test_each_step_is_told_once_and_in_order(story):
    with story.desk.open() as catalog:
        steps = [step.commit for step, _ in happenings(catalog, story.tips["made"], story.tips["unlinked"])]
        none = list(happenings(catalog, story.tips["one"], story.tips["one"]))

    assert steps == list(story.tips.values())[1:]
    assert none == []


@pytest.fixture
def happened(desk, git):
    """Return what happened since a revision: of each step its events."""

    def ask(base, head="HEAD"):
        ends = [git(desk.path, "rev-parse", one) for one in (base, head)]
        with desk.open() as catalog:
            return [told for _, told in happenings(catalog, *ends)]

    return ask


URLS = {
    "https://ada:hunter2@git.acme.example/reg.git": "https://git.acme.example/reg.git",
    "git@git.acme.example:reg.git": "git@git.acme.example:reg.git",
    "file:///srv/git/reg.git": "",
    "/srv/git/reg.git": "",
}


def test_a_url_holds_no_credential_and_no_path_of_this_machine_and_files_of_others_are_nothing(
    desk, happened, git
):
    (desk.path / "notes.txt").write_text("x")
    git(desk.path, "add", "notes.txt")
    git(desk.path, "commit", "-qm", "A file")
    assert happened("HEAD~1") == [[]]

    desk.link("one")
    git(desk.path, "remote", "add", "origin", "x")
    for url, told in URLS.items():
        git(desk.path, "remote", "set-url", "origin", url)
        assert {found.repository for found in happened("HEAD~1")[0]} == {told}


def test_a_line_that_does_not_follow_is_no_range(desk, happened, git):
    tree, first = git(desk.path, "write-tree"), git(desk.path, "rev-parse", "HEAD")
    one, two = (git(desk.path, "commit-tree", tree, "-p", first, "-m", name) for name in ("one", "two"))
    merge = git(desk.path, "commit-tree", tree, "-p", two, "-p", one, "-m", "merge")

    assert len(happened(two, merge)) == 1
    for base, head in ((one, merge), (two, first), (one, two)):
        # Of a merge that has the base as its second parent all would happen again.
        with pytest.raises(Conflict, match="history was rewritten"):
            happened(base, head)

    (desk.path / ".git/shallow").write_text(f"{first}\n")
    with pytest.raises(NotFound, match="cut off"):
        happened(first, two)
