"""Aliases: promoted several at once, only from what was seen, removed."""

import pytest

from git_registry.errors import Conflict, InvalidDocument, NotFound, UsageError
from git_registry.sdk import aliasing, linking

from .once import once


@once
def versions(desk):
    """Three versions of one collection and one of another; the first is in production."""
    ids = [desk.link(text).id for text in ("one", "two", "three")]
    desk.link("other", "model/other")
    desk.promote("model/churn:v0", "production")
    return ids


def test_promoting_moves_an_alias_in_a_one_line_diff(desk, versions, git):
    outcome = desk.promote("model/churn:v1", "production")

    assert desk.aliases() == {"production": versions[1]}
    assert desk.log()[0] == "Promote model/churn v1 to production"
    assert [event.kind for event in outcome.events] == ["alias-moved"]
    assert (outcome.events[0].before, outcome.events[0].after) == (versions[0], versions[1])
    diff = git(desk.path, "show", "--format=", "--numstat").split()
    assert diff == ["1", "1", "model/churn/aliases/production.yaml"]


def test_several_collections_are_promoted_in_one_commit(desk, versions):
    desk(aliasing.promote, ["model/churn:v2", "model/other:v0"], "stable")

    assert desk.aliases()["stable"] == versions[2]
    assert "stable" in desk.aliases("model/other")
    assert desk.log()[0] == "Promote model/churn v2 and model/other v0 to stable"


def test_all_or_none(desk, versions):
    before = desk.log()

    with pytest.raises(NotFound):
        desk(aliasing.promote, ["model/churn:v2", "model/other:v9"], "stable")
    with pytest.raises(Conflict):
        desk(aliasing.promote, ["model/other:v0", "model/churn:v2"], "production", expect="none")

    assert desk.log() == before
    assert desk.aliases() == {"production": versions[0]}


@pytest.mark.parametrize("selected", ["v1", "@{0}", ":stable", "latest", "@sha256:{0}"])
def test_every_way_to_name_a_version(desk, versions, selected):
    desk.promote("model/churn:v1", "stable")
    name = selected.format(versions[1][:12])
    path = f"model/churn{name}" if name[0] in ":@" else f"model/churn:{name}"

    desk.promote(path, "production")

    assert desk.aliases()["production"] == versions[2 if selected == "latest" else 1]


def test_promoting_what_is_there_is_nothing(desk, versions):
    before = desk.log()

    outcome = desk.promote("model/churn:production", "production")

    assert outcome.events == ()
    assert desk.log() == before


@pytest.mark.parametrize("expected", ["v0", "@{0}", "production", "stable"])
def test_what_is_expected_may_be_named_in_any_way(desk, versions, expected):
    desk.promote("model/churn:v0", "stable")

    desk.promote("model/churn:v1", "production", expect=expected.format(versions[0][:8]))

    assert desk.aliases()["production"] == versions[1]


@pytest.mark.parametrize(
    ("alias", "expected", "said"),
    [
        ("production", "v1", "production names .*, not "),
        ("production", "none", "production names .*, not nothing"),
        ("staging", "v0", "staging names nothing, not "),
    ],
)
def test_what_is_not_as_expected_is_a_conflict(desk, versions, alias, expected, said):
    with pytest.raises(Conflict, match=said) as refused:
        desk.promote("model/churn:v2", alias, expect=expected)

    assert refused.value.exit_code == 6
    assert refused.value.where == f"model/churn:{alias}"
    assert desk.aliases() == {"production": versions[0]}


def test_none_is_expected_where_there_is_none(desk, versions):
    desk.promote("model/churn:v2", "staging", expect="none")

    assert desk.aliases()["staging"] == versions[2]


def test_an_expectation_holds_for_what_is_there_already_too(desk, versions):
    desk.promote("model/churn:v1", "production")

    with pytest.raises(Conflict):
        desk.promote("model/churn:v1", "production", expect="v0")


def test_somebody_else_between_looking_and_moving_is_a_conflict(desk, versions, monkeypatch):
    """The promotion was asked for while v0 was in production; a moment later v1 is."""
    real = aliasing.commit

    def late(catalog, transaction):
        monkeypatch.setattr(aliasing, "commit", real)
        desk.promote("model/churn:v1", "production")
        return real(catalog, transaction)

    monkeypatch.setattr(aliasing, "commit", late)
    with pytest.raises(Conflict, match="production names"):
        desk.promote("model/churn:v2", "production")

    assert desk.aliases() == {"production": versions[1]}


@pytest.mark.parametrize(
    ("selected", "alias", "error", "said"),
    [
        (["model/churn"], "x", UsageError, "model/churn is a collection; this needs a version"),
        (["model"], "x", UsageError, "model is a registry"),
        (["model/churn:v9"], "x", NotFound, "there is no version v9"),
        (["model/churn:prodution"], "x", NotFound, "there is no alias 'prodution'"),
        (["model/chrun:v0"], "x", NotFound, "there is no collection model/chrun"),
        (["model/churn@ffff"], "x", NotFound, "no linked version's digest begins with ffff"),
        (["model/churn@fff"], "x", UsageError, "at least four"),
        (["model/churn:v0", "model/churn:v1"], "x", UsageError, "exactly one version of model/churn"),
        (["model/churn:v0"], "latest", UsageError, "'latest' is computed"),
        (["model/churn:v0"], "v7", UsageError, "looks like a version number"),
        (["model/churn:v0"], "a/b", UsageError, "expected an alias"),
        (["projects/churn/x:v0"], "x", NotFound, "there is no project 'churn' here"),
    ],
)
def test_what_makes_no_sense_is_refused(desk, versions, selected, alias, error, said):
    before = desk.log()

    with pytest.raises(error, match=said):
        desk(aliasing.promote, selected, alias)

    assert desk.log() == before


@pytest.mark.parametrize(
    ("selected", "hint"),
    [
        ("model/churn:prodution", "did you mean production?"),
        ("model/chrun:v0", "did you mean model/churn?"),
        ("modle/churn:v0", "did you mean model?"),
        ("model/churn:v9", "its versions go up to v2"),
        ("model/other:x", "it has no aliases"),
        ("model/churn:zzz", "its aliases: production"),
        ("model/zzz:v0", "`git registry list model` shows what is there"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(desk, versions, selected, hint):
    with pytest.raises(NotFound) as missing:
        desk.promote(selected, "x")

    assert missing.value.hint == hint


def test_aliases_that_differ_in_case_alone_are_refused(desk, versions):
    with pytest.raises((Conflict, InvalidDocument), match="in case alone"):
        desk.promote("model/churn:v1", "Production")

    assert desk.aliases() == {"production": versions[0]}


def test_a_digest_of_digits_that_fit_several_is_refused(desk):
    from tests.index.test_numbers import link, manifest

    ids = {}
    for number in range(2000):
        one = manifest(str(number))
        if one.id[:4] in ids:
            link(desk, ids[one.id[:4]], one)
            break
        ids[one.id[:4]] = one

    with pytest.raises(UsageError, match=f"{one.id[:4]} fits 2 versions") as refused:
        desk.promote(f"model/churn@{one.id[:4]}", "x")
    assert refused.value.hint == "give more digits"
    desk.promote(f"model/churn@{one.digest}", "x")


def test_an_alias_that_names_nothing_can_be_pointed_somewhere_again(desk, versions, git):
    path = desk.path / "model/churn/aliases/production.yaml"
    path.write_text(f"format: 1\nversion: {'0' * 32}\n")
    git(desk.path, "commit", "-q", "-a", "-m", "By hand")

    with pytest.raises(NotFound, match="the alias 'production' names version 00000000, which is not linked"):
        desk.promote("model/churn:production", "staging")
    desk.promote("model/churn:v1", "production")

    assert desk.aliases() == {"production": versions[1]}


def test_an_unreadable_alias_says_where(desk, versions, git):
    path = desk.path / "model/churn/aliases/production.yaml"
    path.write_text("format: 1\nversion: v3\n")
    git(desk.path, "commit", "-q", "-a", "-m", "By hand")

    with pytest.raises(InvalidDocument) as refused:
        desk.promote("model/churn:production", "staging")
    assert refused.value.where == "model/churn/aliases/production.yaml:2: version"


def test_several_aliases_for_one_version(desk, versions):
    desk(aliasing.add, "model/churn:v1", ["a", "b", "a", "production"])

    assert desk.aliases() == dict.fromkeys(["a", "b", "production"], versions[1])
    assert desk.log()[0] == "Promote model/churn v1 to a, b, production"


def test_aliases_are_removed_all_or_none(desk, versions):
    desk(aliasing.add, "model/churn:v1", ["a", "b"])

    with pytest.raises(NotFound, match="there is no alias 'c'"):
        desk(aliasing.remove, "model/churn", ["a", "c"])
    assert desk.aliases().keys() == {"a", "b", "production"}
    desk(aliasing.remove, "model/churn", ["a", "b", "a"])

    assert desk.aliases() == {"production": versions[0]}
    assert desk.log()[0] == "Remove a, b, a from model/churn"


def test_a_promotion_goes_by_the_version_not_by_its_place(desk, versions):
    """What was found may be unlinked before the commit is made; then nothing points at it."""
    desk(linking.unlink, ["model/churn:v1"])

    with pytest.raises(NotFound, match="v1 was unlinked"):
        desk.promote("model/churn:v1", "production")
