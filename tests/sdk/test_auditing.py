"""The audit: of whatever a selector names, there or gone, with who signed."""

import shutil
import subprocess

import pytest
from tests.index.test_numbers import rename

from git_registry.errors import NotFound, UsageError
from git_registry.index.events.history import Wanted
from git_registry.index.events.sources import Subject
from git_registry.model.events import KINDS
from git_registry.sdk import aliasing, auditing, linking, managing, selecting, syncing
from git_registry.sdk.managing import Description

from .once import once

needs_ssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed")


@pytest.fixture
def told(desk):
    """Return what happened to what a selector names, the oldest first, as (kind, path)."""

    def run(selected=None, **wanted):
        found = desk(auditing.history, selected, Wanted(**{"newest_first": False, **wanted}))
        return [(one.event.kind, one.event.path) for one in found.events]

    return run


def churn(*kinds):
    return [(kind, "model/churn") for kind in kinds]


@once
def story(desk):
    desk.link("one", aliases=["staging", "champion"])
    desk.link("two", aliases=["staging"])
    desk(aliasing.remove, "model/churn", ["champion"])
    desk(linking.unlink, ["model/churn:v0"])
    return desk


def test_a_version_by_number_digits_alias_or_as_the_latest(story, told):
    second = story.aliases()["staging"]
    whole = churn("version-linked", "alias-moved")

    for selected in (":v1", ":latest", f"@{second[:8]}", f"@{second}"):
        assert told(f"model/churn{selected}") == whole


def test_an_unlinked_version_by_number_or_digits(story, told):
    (gone,) = (one.split("/")[-1][:32] for one in story.files("model/churn/unlinked"))
    whole = churn("version-linked", "alias-added", "alias-added", "alias-moved", "alias-removed")

    for selected in (":v0", f"@{gone[:4]}", f"@{gone}"):
        assert sorted(told(f"model/churn{selected}")) == sorted([*whole, *churn("version-unlinked")])


def test_an_alias_that_is_gone(story, told):
    assert told("model/churn:champion") == churn("alias-added", "alias-removed")
    assert told("model/churn:staging") == churn("alias-added", "alias-moved")


def test_a_deleted_collection_and_a_deleted_registry(desk, told):
    desk(managing.create_registry, "evaluation", Description())
    desk.link("one", "evaluation/runs-of-may", type="table", aliases=["best"])
    desk(managing.delete, "evaluation/runs-of-may")
    desk(managing.delete, "evaluation")

    assert told("evaluation")[0] == ("registry-created", "evaluation")
    assert told("evaluation")[-1] == ("registry-deleted", "evaluation")
    assert told("evaluation/runs-of-may")[0][0] == "collection-created"
    assert [kind for kind, _ in told("evaluation/runs-of-may:v0")] == [
        *("version-linked", "alias-added", "version-unlinked", "alias-removed")
    ]
    assert [kind for kind, _ in told("evaluation/runs-of-may:best")] == ["alias-added", "alias-removed"]


def test_a_registry_by_its_title(story, told):
    assert told("Models") == told("model")
    assert told("acme/model/churn") == told("model/churn")


@pytest.mark.parametrize(
    ("selected", "message", "hint"),
    [
        ("modell", "there is no registry 'modell'", "did you mean model?"),
        ("model/chrun", "there is no collection model/chrun", "did you mean model/churn?"),
        ("model/churn:stagin", "there never was an alias 'stagin'", "did you mean staging?"),
        ("model/churn:xyz", "there never was an alias 'xyz'", "there were champion, staging"),
        ("dataset/none:xyz", "there is no collection dataset/none", ""),
        ("model/churn:v7", "there is no version v7", "its versions go up to v1"),
        ("model/churn@00000000", "no linked version's digest begins with 00000000", ""),
    ],
)
def test_what_never_was(story, told, selected, message, hint):
    with pytest.raises(NotFound) as caught:
        told(selected)
    assert message in str(caught.value)
    assert hint in caught.value.hint


def test_kinds_by_name_and_by_what_they_are_about():
    assert auditing.kinds("alias-moved, version-purged") == {"alias-moved", "version-purged"}
    assert auditing.kinds("alias") == {"alias-added", "alias-moved", "alias-removed"}
    assert auditing.kinds("version,member-added") >= {"version-linked", "member-added"}
    assert set().union(*(auditing.kinds(kind.split("-")[0]) for kind in KINDS)) == set(KINDS)


@pytest.mark.parametrize("text", ["", "alia", "alias-", "alias,", "moved", "Alias"])
def test_kinds_that_are_none(text):
    with pytest.raises(UsageError, match="there is no kind of event"):
        auditing.kinds(text)


def test_numbers_are_those_of_the_catalog(desk, upstream, story):
    story(syncing.sync)
    story.link("three")
    found = story(auditing.history, "model/churn", Wanted())
    versions = {one.event.version for one in found.events if one.event.kind == "version-linked"}

    assert len(versions) == 3
    with story.open() as catalog:
        known = selecting._numbers(catalog)
        for one in versions:
            numbered = known.get("model/churn", one)
            assert found.numbers.get("model/churn", one) == numbered
            assert found.numbers.is_published(numbered) == known.is_published(numbered)
    published = [found.numbers.is_published(found.numbers.get("model/churn", one)) for one in versions]
    assert sorted(published) == [False, True, True]


def test_a_third_party_repeats_it_with_plain_git(story, git):
    story.promote("model/churn:v1", "production")
    (path := story.path / "model/churn/aliases/production.yaml").write_text("# why\n" + path.read_text())
    git(story.path, "commit", "-q", "-a", "-m", "A comment")
    git(story.path, "switch", "-q", "-c", "side")
    story.allowing(rewrite=True).link("three", aliases=["production"])
    git(story.path, "switch", "-q", "main")
    story.link("four")
    git(story.path, "merge", "-q", "-m", "Merge pull request #3 from acme/side", "side")
    story.link("four", aliases=["production"])
    story(aliasing.remove, "model/churn", ["production"])
    story.promote("model/churn:v1", "production")

    for alias, commits in (("production", 6), ("staging", 2), ("champion", 2)):
        listed = git(
            *(story.path, "log", "--first-parent", "--format=%H", "--"),
            f"model/churn/aliases/{alias}.yaml",
        ).split()
        found = story(auditing.history, f"model/churn:{alias}", Wanted()).events

        assert [one.commit for one in found] == listed
        assert len(listed) == commits


def held(desk, alias="staging", collection="model/churn", **wanted):
    """Return (version, the date it began, the date it ended, by whom) of terms."""
    found = desk(auditing.held, collection, alias, Wanted(**wanted))
    return [
        (
            one.version and found.numbers.get(one.collection, one.version).number,
            one.since.committer.at,
            one.until and one.until.committer.at,
            one.since.author.name,
        )
        for one in found.terms
    ]


def test_what_an_alias_pointed_at_and_when(story, monkeypatch):
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bob")
    story.promote("model/churn:v1", "champion")
    monkeypatch.delenv("GIT_AUTHOR_NAME")

    (second, began, lasts, who), (first, start, end, _) = held(story)
    assert (second, lasts, who) == (1, None, "Ada Lovelace")
    assert (first, end) == (0, began)
    assert held(story, newest_first=False) == held(story)[::-1]
    assert held(story, limit=1) == held(story)[:1]
    assert [one[0] for one in held(story, "champion")] == [1, None, 0]
    assert [one[3] for one in held(story, "champion", by="bob")] == ["Bob"]
    assert held(story, until=start) == held(story)[1:]
    assert held(story, since=began) == held(story)
    assert held(story, since=held(story, "champion")[0][1]) == held(story)[:1]


def test_who_ended_what_an_alias_named(story, monkeypatch):
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bob")
    story(linking.unlink, ["model/churn:v1"])

    (none, ended, lasts, who), (second, _, end, _), _ = held(story)
    assert (none, lasts, who, second, end) == (None, None, "Bob", 1, ended)
    assert held(story, by="bob") == held(story)[:1]


def test_a_term_goes_on_when_its_collection_is_renamed(story, git):
    rename(story, git, "model/churn", "model/loyalty")

    terms = held(story, collection="model/loyalty")
    assert [(one[0], one[2] is None) for one in terms] == [(1, True), (0, False)]
    assert [(one[0], one[2] is None) for one in held(story)] == [(None, True), (1, False), (0, False)]
    (left,) = story(auditing.held, "model/churn", "staging", Wanted()).departures
    assert left.collection == "model/loyalty"


def named(alias):
    return Wanted(subject=Subject(alias=alias), newest_first=False)


def test_an_alias_in_all_collections(story, git):
    story.link("table", "dataset/customers", aliases=["staging", "eu"])
    (story.path / "model/churn/aliases/staging.yaml").write_text("format: [\n")
    git(story.path, "commit", "-q", "-a", "-m", "Break it")
    rename(story, git, "dataset/customers", "model/customers")

    def told(selected=None, alias="staging"):
        found = story(auditing.history, selected, named(alias))
        return [(one.event.kind, one.event.path) for one in found.events]

    ours = churn("alias-added", "alias-moved")
    broken = ("file-changed", "model/churn/aliases/staging.yaml")
    theirs, renamed = ("alias-added", "dataset/customers"), ("collection-renamed", "model/customers")
    assert told() == [*ours, theirs, broken, renamed]
    assert told("model") == [*ours, broken, renamed]
    assert told("dataset") == [theirs, renamed]
    assert told("model/churn") == [*ours, broken]
    assert told(alias="eu") == [theirs, renamed]
    with pytest.raises(NotFound, match="there never was an alias 'prod'") as caught:
        told(alias="prod")
    assert caught.value.hint == "there were champion, eu, staging"


@pytest.mark.parametrize("selected", ["model", "model/churn:staging", "model/churn:v0"])
def test_only_a_collection_has_aliases(story, selected):
    with pytest.raises(UsageError, match="only a collection has aliases"):
        held(story, collection=selected)


def test_an_alias_that_never_was_was_never_held(story):
    with pytest.raises(NotFound, match="there never was an alias 'prod'"):
        held(story, "prod")


@needs_ssh
def test_who_signed(desk, git, tmp_path):
    desk.link("one")
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada", "-f", tmp_path / "key"], check=True
    )
    allowed = tmp_path / "allowed"
    allowed.write_text(f"ada@example.org {(tmp_path / 'key.pub').read_text()}")
    git(desk.path, "config", "gpg.format", "ssh")
    git(desk.path, "config", "user.signingKey", tmp_path / "key")
    git(desk.path, "config", "gpg.ssh.allowedSignersFile", allowed)
    (desk.path / "model/churn/README.md").write_text("# Churn\n")
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-S", "-m", "A card")

    def signed(catalog):
        found = auditing.history(catalog, "model/churn", Wanted(newest_first=False))
        marked = auditing.signed(catalog, found.events)
        return [(one.event.kind, mark and (mark.status, mark.signer)) for one, mark in marked]

    assert desk(signed) == [
        ("collection-created", None),
        ("version-linked", None),
        ("collection-described", ("good", "ada@example.org")),
    ]
    allowed.write_text("")
    assert desk(signed)[-1] == ("collection-described", ("unknown", None))


def test_what_an_alias_named_is_told_anew_once_it_moves(story):
    with story.open() as catalog:
        before = auditing.held(catalog, "model/churn", "staging", Wanted())
        assert auditing.held(catalog, "model/churn", "staging", Wanted()) is before

        story.link("another", aliases=("staging",))
        after = auditing.held(catalog, "model/churn", "staging", Wanted())

    assert len(after.terms) == len(before.terms) + 1
