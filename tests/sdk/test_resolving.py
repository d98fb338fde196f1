"""What a selector means: from the tip's tree alone where that is enough."""

import pytest

from git_registry.errors import InvalidDocument, NotFound, StoreError, UsageError
from git_registry.sdk import aliasing, linking
from git_registry.sdk.resolving import resolve
from git_registry.sdk.syncing import sync

from .once import once
from .test_linking import change


@once
def versions(desk):
    ids = [desk.link(text).id for text in ("one", "two")]
    desk.promote("model/churn:v0", "production")
    return ids


@pytest.mark.parametrize(
    "selected",
    [
        "model/churn:production",
        "model/churn:v0",
        "model/churn:v0?",
        "model/churn@{0}",
        "model/churn@{short}",
        "model/churn@sha256:{digest}",
        "Models/churn:production",
        "acme/model/churn:production",
        "wandb-registry-model/churn:v0",
        "acme/wandb-registry-Models/churn:v0",
    ],
)
def test_every_way_to_name_a_version(desk, versions, selected):
    digest = desk(resolve, "model/churn:v0").manifest.digest.value

    found = desk(resolve, selected.format(versions[0], short=versions[0][:4], digest=digest))

    assert found.found.id == versions[0]
    assert found.files == found.manifest.files


def test_a_collection_stands_for_its_latest_when_reading(desk, versions):
    assert desk(resolve, "model/churn").found.id == versions[1]
    assert desk(resolve, "model/churn:latest").found.id == versions[1]
    desk(linking.unlink, ["model/churn:latest"])
    assert desk(resolve, "model/churn").found.id == versions[0]
    desk(linking.unlink, ["model/churn:latest"])
    with pytest.raises(NotFound, match="model/churn: no version is linked"):
        desk(resolve, "model/churn")


@pytest.mark.parametrize(
    ("selected", "error", "said"),
    [
        ("model", UsageError, "model is a registry; name a collection in it"),
        ("model/churn:x:y", UsageError, "is no selector"),
        ("model/churn@xyz0", UsageError, "after '@' comes a digest"),
        ("model/churn:v0@1234", UsageError, "both ':' and '@'"),
        ("a/b/c/d", UsageError, "is no selector"),
        ("", UsageError, "is no selector"),
        ("projects/churn/x:v0", NotFound, "there is no project 'churn' here"),
        ("model/churn:v01", UsageError, "looks like a version number"),
    ],
)
def test_what_is_no_version_is_refused(desk, versions, selected, error, said):
    with pytest.raises(error, match=said):
        desk(resolve, selected)


def test_in_a_clone_of_depth_one_aliases_and_digests_need_no_history(desk, versions, clone, git):
    desk(sync)
    shallow = clone("shallow", "--depth=1")
    git(shallow.path, "config", "remote.origin.url", "file:///nowhere")

    assert shallow(resolve, "model/churn:production").found.id == versions[0]
    assert shallow(resolve, f"model/churn@{versions[1][:8]}").found.id == versions[1]
    assert (shallow.path / ".git/shallow").exists()
    assert shallow.said == []


def test_there_a_number_or_the_latest_fetches_the_history_and_says_so(desk, versions, clone):
    desk(sync)

    for selected, version in (("model/churn:v0", 0), ("model/churn", 1)):
        shallow = clone(f"shallow{version}", "--depth=1")
        assert shallow(resolve, selected).found.id == versions[version]
        assert "fetching the history" in shallow.said[0]
        assert not (shallow.path / ".git/shallow").exists()


def test_or_says_what_to_type(desk, versions, clone, git):
    desk(sync)
    shallow = clone("shallow", "--depth=1")
    git(shallow.path, "config", "registry.deepen", "false")

    with pytest.raises(NotFound, match="this clone is shallow") as refused:
        shallow(resolve, "model/churn")
    assert refused.value.hint.startswith("`git fetch --unshallow")
    shallow(aliasing.promote, ["model/churn:production"], "staging")


def test_in_a_bare_clone_and_in_one_without_a_checkout(desk, versions, clone):
    desk(sync)

    for name, option in (("bare", "--bare"), ("unchecked", "--no-checkout")):
        assert clone(name, option)(resolve, "model/churn:production").found.id == versions[0]


def by_hand(desk, git, path, text):
    (desk.path / path).write_text(text)
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "By hand")


def test_a_manifest_with_other_files_than_its_digest_says_is_refused(desk, versions, git):
    path = f"model/churn/versions/{versions[0]}.yaml"
    text = (desk.path / path).read_text()
    digest = desk(resolve, "model/churn:v0").files[0].digest.value
    by_hand(desk, git, path, text.replace(digest, "0" * 64))

    with pytest.raises((InvalidDocument, StoreError), match="the files listed have the digest"):
        desk(resolve, "model/churn:production")


def test_a_manifest_under_another_versions_name_is_refused(desk, versions, git):
    """Else whoever may rename a file could make an alias mean something else."""
    one, two = (f"model/churn/versions/{version}.yaml" for version in versions)
    by_hand(desk, git, one, (desk.path / two).read_text())

    with pytest.raises(InvalidDocument, match="is not named by its digest") as refused:
        desk(resolve, "model/churn:production")

    assert refused.value.where.startswith(one)


def test_a_path_that_climbs_out_is_refused(desk, versions, git):
    path = f"model/churn/versions/{versions[0]}.yaml"
    by_hand(desk, git, path, (desk.path / path).read_text().replace("path: model.bin", "path: ../model.bin"))

    with pytest.raises(InvalidDocument, match=r"'\.\.' part"):
        desk(resolve, "model/churn:production")


def test_a_moved_store_is_followed(desk, versions):
    old = f"file://{desk.path.parent}/store"
    change(desk, store="s3://new/store", moved={old: "s3://new/store"})

    files = desk(resolve, "model/churn:production").files

    assert files[0].uri.startswith("s3://new/store/sha256/")
