"""Repositories in every state a person may leave them in."""

import os
import traceback

import pytest
from tests.sdk.desk import NOON, Desk

from git_registry.catalog.catalog import Reach
from git_registry.errors import Conflict, NetworkError, NotFound, Refused, UsageError
from git_registry.sdk import aliasing, listing, managing
from git_registry.sdk.checking import check
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.managing import Description
from git_registry.sdk.opening import open_catalog
from git_registry.sdk.resolving import resolve
from git_registry.sdk.syncing import sync


def opened(path=None, reach=Reach.HERE, **environ):
    return open_catalog(
        path, environ={**os.environ, **environ}, clock=lambda: NOON, notify=lambda _notice: None, reach=reach
    )


def test_the_repository_named_comes_first_then_the_environment_then_here(desk, tmp_path, git, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert opened(str(desk.path)).repository.work_tree == desk.path
    assert opened(GIT_REGISTRY=str(desk.path)).repository.work_tree == desk.path
    (desk.path / "model/deep").mkdir()
    monkeypatch.chdir(desk.path / "model/deep")
    assert opened().repository.work_tree == desk.path


def test_then_the_one_in_the_configuration(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFound) as nowhere:
        opened()
    assert "pass -C PATH|URL, set GIT_REGISTRY" in nowhere.value.hint
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "registry.path")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(desk.path))

    assert opened().repository.work_tree == desk.path


@pytest.mark.parametrize(
    "secret",
    [
        "https://ana:hunter2@127.0.0.1:1/r.git",
        "https://hunter2@127.0.0.1:1/r.git",
        "ssh://hunter2@127.0.0.1:1/r",
    ],
)
@pytest.mark.parametrize(("reach", "said"), [(Reach.FETCHED, NetworkError), (Reach.OFFLINE, NotFound)])
def test_of_a_url_that_cannot_be_reached_no_secret_is_repeated(secret, reach, said):
    with pytest.raises(said, match=r"127\.0\.0\.1:1/r") as refused:
        opened(reach=reach, GIT_REGISTRY=secret)

    assert "hunter2" not in "".join(traceback.format_exception(refused.value)) + refused.value.hint


def test_a_detached_head_may_be_read_but_not_written_to(desk, git):
    desk.link("one", aliases=["production"])
    git(desk.path, "switch", "-q", "--detach")

    with opened(str(desk.path)) as catalog:
        assert resolve(catalog, "model/churn:production").manifest.artifact == "churn"
        assert listing.show(catalog, "model/churn:v0").number == 0
        with pytest.raises(UsageError, match="HEAD is detached") as refused:
            aliasing.promote(catalog, ["model/churn:v0"], "staging")

    assert refused.value.hint == "`git switch <branch>`"


def test_an_unborn_branch_has_nothing_yet(make_repository):
    path = make_repository()

    with opened(str(path)) as catalog:
        with pytest.raises(NotFound, match="has no commits yet") as nothing:
            listing.registries(catalog)
        assert [str(problem) for problem in check(catalog)] == [
            "organization.yaml: there is no organization here"
        ]
    assert "git registry init" in nothing.value.hint


def test_a_repository_without_an_organization_says_so(make_repository):
    path = make_repository(files={"x": "x"})

    with opened(str(path)) as catalog, pytest.raises(NotFound, match="there is no organization here") as said:
        listing.show(catalog, "model/churn")
    assert "git registry init" in said.value.hint


@pytest.mark.parametrize(
    ("option", "said"),
    [("--object-format=sha256", "sha256 object ids"), ("--ref-format=reftable", "refs in reftable")],
)
def test_other_formats_are_refused_plainly(make_repository, git, tmp_path, option, said):
    if "reftable" in option and tuple(map(int, git(tmp_path, "version").split()[2].split(".")[:2])) < (2, 45):
        pytest.skip("this git knows no reftable")
    path = make_repository("other", None, option)

    with pytest.raises(UsageError, match=f"{said} are not supported yet") as refused:
        opened(str(path))
    assert refused.value.hint


def test_reftable_is_told_from_the_configuration_alone(make_repository, git):
    path = make_repository()
    git(path, "config", "core.repositoryFormatVersion", "1")
    with (path / ".git/config").open("a") as config:
        config.write("[extensions]\n\trefStorage = reftable\n")

    with pytest.raises(UsageError, match="refs in reftable are not supported yet"):
        opened(str(path))


def test_without_an_email_one_may_read_but_not_write(desk, monkeypatch, tmp_path):
    desk.link("one", aliases=["production"])
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    desk(download, "model/churn:production", Wish(target=tmp_path / "out"))
    with pytest.raises(UsageError, match="no e-mail is set"):
        desk.promote("model/churn:v0", "staging")
    with pytest.raises(UsageError, match="no e-mail is set"):
        desk(managing.create_registry, "x", Description())

    assert len(desk.log()) == 2


def test_a_bare_repository(desk, git, tmp_path):
    desk.link("one")
    git(tmp_path, "clone", "-q", "--bare", desk.path, "bare.git")
    bare = Desk(tmp_path / "bare.git", desk.clock)

    bare.link("two", aliases=["production"])

    assert [view.version for view in bare(listing.versions, _selector("model/churn"))] == ["v1?", "v0?"]
    assert bare(check) == []
    git(bare.path, "fsck", "--strict", "--no-dangling")


def test_linked_worktrees_of_one_repository(desk, git, tmp_path):
    git(desk.path, "worktree", "add", "-q", "-b", "side", tmp_path / "side")
    side = Desk(tmp_path / "side", desk.clock)

    side.link("side", aliases=["production"])
    desk.link("main", aliases=["production"])

    for one in (desk, side):
        assert git(one.path, "status", "--porcelain") == ""
        assert len(one.log()) == 2
    assert desk.aliases() != side.aliases()


def test_a_branch_checked_out_elsewhere_is_not_written_to(desk, git, tmp_path):
    git(desk.path, "worktree", "add", "-q", "--detach", tmp_path / "side")
    git(tmp_path / "side", "checkout", "-q", "--ignore-other-worktrees", "main")
    side = Desk(tmp_path / "side", desk.clock)

    with pytest.raises(Conflict, match="it is checked out in"):
        side.link("one")


def test_a_dirty_work_tree_is_left_as_it_is(desk, git):
    desk.link("one", aliases=["production"])
    (desk.path / "organization.yaml").write_text("# being edited\n")
    (desk.path / "model/registry.yaml").write_text("format: 1\ntypes: [model]\n")
    git(desk.path, "add", "model/registry.yaml")
    (desk.path / "notes.txt").write_text("untracked\n")
    before = git(desk.path, "status", "--porcelain")

    desk.link("two", aliases=["production"])

    assert git(desk.path, "status", "--porcelain") == before
    with pytest.raises(Conflict, match=r"overwritten: model/registry\.yaml") as refused:
        desk(managing.edit, "model", Description(title="Ours"))
    assert "git stash" in refused.value.hint


def test_an_untracked_file_where_one_would_be_written_is_named(desk):
    place = desk.path / "model/churn/aliases/production.yaml"
    place.parent.mkdir(parents=True)
    place.write_text("mine\n")

    with pytest.raises(Conflict, match=r"overwritten: model/churn/aliases/production\.yaml"):
        desk.link("one", aliases=["production"])

    assert place.read_text() == "mine\n"


def test_another_branch_is_its_own_line(desk, git):
    desk.link("one")
    git(desk.path, "switch", "-q", "-c", "experiment")
    desk.link("two", aliases=["production"])
    git(desk.path, "switch", "-q", "main")

    assert desk.aliases() == {}
    assert len(desk.log()) == 2


def test_a_read_only_repository_is_refused(desk, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (desk.path / ".git").chmod(0o555)
    try:
        with pytest.raises((UsageError, Refused)):
            desk.link("one")
    finally:
        (desk.path / ".git").chmod(0o755)


def test_gits_hooks_and_settings_that_change_output_do_no_harm(desk, git, upstream):
    for key, value in {
        "core.quotePath": "true",
        "log.showSignature": "true",
        "diff.noprefix": "true",
        "status.short": "true",
        "color.ui": "always",
        "core.autocrlf": "true",
        "push.default": "nothing",
        "fetch.prune": "true",
        "merge.ff": "only",
        "diff.renames": "copies",
    }.items():
        git(desk.path, "config", key, value)

    desk.link({"ü": "1"}, aliases=["production"])
    desk.link("two")
    desk(sync)

    assert [view.version for view in desk(listing.versions, _selector("model/churn"))] == ["v1", "v0"]
    assert git(desk.path, "-c", "color.ui=never", "status", "--porcelain") == ""
    assert desk(check) == []


def _selector(text):
    from git_registry.model.selector import parse

    return parse(text)
