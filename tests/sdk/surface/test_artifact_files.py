"""An artifact's files, into a directory and back: verified, not fetched twice, nothing else touched."""

import os
from pathlib import Path

import pytest
from tests.sdk.projects import log
from tests.sdk.test_linking import allow

import git_registry as gr
from git_registry.errors import Conflict, NotFound, StoreError, UsageError
from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import FileEntry
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.table import Table
from git_registry.sdk.surface.workspace import Workspace

FILES = {"model.bin": "weights", "data/a.txt": "a", "data/b.txt": "b"}


@pytest.fixture
def workspace(here):
    opened = Workspace(path=str(here.path), clock=here.clock, notify=here.said.append)
    yield opened
    opened.close()


@pytest.fixture
def logged(desk, workspace):
    def run(content, **what):
        done = log(desk, content, **what)
        return Artifact.at_standing(Standing(workspace=workspace, path=f"projects/{done.path}", id=done.id))

    return run


@pytest.fixture
def artifact(logged):
    return logged(FILES)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A script's working directory."""
    place = tmp_path / "there"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def contents(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_text()
        for path in directory.rglob("*")
        if path.is_file()
    }


def looks(directory):
    return {path.name: path.stat().st_mtime_ns for path in directory.rglob("*") if path.is_file()}


def test_a_version_is_downloaded_to_a_directory_of_its_own(artifact, there, monkeypatch):
    assert artifact.download() == str(there / "artifacts" / "churn-xgb:v0")
    assert contents(there / "artifacts/churn-xgb:v0") == FILES

    link = artifact.link("model/other-name")
    assert link.download() == str(there / "artifacts" / "churn-xgb:v0")


def test_where_downloads_go_can_be_said(artifact, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_REGISTRY_ARTIFACT_DIR", str(tmp_path / "big"))

    assert artifact.download() == str(tmp_path / "big" / "churn-xgb:v0")


def test_what_is_there_and_right_is_not_fetched_again(artifact, out):
    artifact.download(out)
    (out / "data/a.txt").write_text("x")
    (out / "mine.txt").write_text("mine")
    os.utime(out / "model.bin", ns=(1, 1))
    before = looks(out)

    assert artifact.download(str(out)) == str(out)

    assert contents(out) == {**FILES, "mine.txt": "mine"}
    assert {name for name, at in looks(out).items() if at != before[name]} == {"a.txt"}


def test_another_version_takes_the_place_of_one(artifact, logged, out):
    artifact.download(out)
    logged({**FILES, "model.bin": "better"}).download(out)

    assert contents(out) == {**FILES, "model.bin": "better"}


def test_a_part_of_it(artifact, out):
    artifact.download(out, path_prefix="data/", skip_cache=True, multipart=True)

    assert contents(out) == {"data/a.txt": "a", "data/b.txt": "b"}


def test_a_damaged_blob_is_not_put_in_place(artifact, desk, out):
    name = Digest.of(b"weights").value
    blob = desk.path.parent / "store/sha256" / name[:2] / name
    blob.chmod(0o644)
    blob.write_text("weightz")

    with pytest.raises(StoreError, match="damaged"):
        artifact.download(out)

    assert contents(out) == {}


def test_a_directory_in_the_way_is_left_alone(artifact, out):
    (out / "model.bin").mkdir(parents=True)

    with pytest.raises(Conflict):
        artifact.download(out)


def test_a_link_to_a_right_file_is_replaced_by_the_file(artifact, out, tmp_path):
    (tmp_path / "weights").write_text("weights")
    out.mkdir()
    (out / "model.bin").symlink_to(tmp_path / "weights")

    artifact.download(out)

    assert not (out / "model.bin").is_symlink()
    assert (tmp_path / "weights").read_text() == "weights"


def test_checkout_removes_what_is_no_part_of_it(artifact, there, tmp_path):
    first = Path(artifact.checkout())
    assert first == there / "artifacts" / "churn-xgb"
    (first / "data/c.txt").write_text("c")
    (tmp_path / "precious").write_text("mine")
    (first / "link").symlink_to(tmp_path)

    artifact.checkout()

    assert contents(first) == FILES
    assert not (first / "link").is_symlink()
    assert (tmp_path / "precious").read_text() == "mine"


def test_verify_says_what_is_wrong(artifact, out):
    artifact.download(out)
    artifact.verify(out)

    (out / "data/a.txt").write_text("x")
    with pytest.raises(ValueError, match=r"Digest mismatch for file: data/a\.txt"):
        artifact.verify(out)
    (out / "data/a.txt").unlink()
    with pytest.raises(ValueError, match=r"data/a\.txt"):
        artifact.verify(out)
    (out / "more").write_text("x")
    with pytest.raises(ValueError, match="more which is not a member of artifact churn-xgb:v0"):
        artifact.verify(out)


def test_one_file(artifact, logged, out, there):
    entry = artifact.get_entry("data/a.txt")

    assert entry.download(str(out)) == str(out / "data/a.txt")
    assert contents(out) == {"data/a.txt": "a"}
    assert entry.download() == str(there / "artifacts/churn-xgb:v0/data/a.txt")
    assert logged("only").file(str(out)) == str(out / "model.bin")
    with pytest.raises(ValueError, match="contains 3 files"):
        artifact.file()


def test_an_entry_is_that_file_and_no_other_that_begins_so(logged, out):
    logged({"a": "1", "a.txt": "2"}).get_entry("a").download(str(out))

    assert contents(out) == {"a": "1"}


def test_entries(artifact):
    entry = artifact.get_entry("data/a.txt")

    assert (entry.size, entry.digest, entry.ref, entry.local_path) == (1, str(Digest.of(b"a")), None, None)
    assert entry.parent_artifact() is artifact
    assert entry.ref_url() == f"registry://projects/churn/churn-xgb@{artifact.id}/data/a.txt"
    assert artifact.manifest.size() == artifact.size
    assert len(artifact.manifest) == 3
    with pytest.raises(KeyError):
        artifact.get_entry("data/c.txt")


def test_files_as_the_api_lists_them(artifact, out):
    files = artifact.files()

    assert [one.name for one in files] == sorted(FILES)
    assert len(files) == 3
    assert [one.name for one in artifact.files(names=["data/b.txt"])] == ["data/b.txt"]
    assert [one.size for one in files[:2]] == [1, 1]
    assert files[2].download(str(out)) == out / "model.bin"
    with pytest.raises(ValueError, match="already exists"):
        files[2].download(str(out))
    assert files[2].download(str(out), exist_ok=True) == out / "model.bin"
    assert files[2].download(str(out), replace=True).read_text() == "weights"


def test_a_long_list_is_read_from_the_store(logged, out):
    files = {f"{n:03}": str(n) for n in range(101)}
    artifact = logged(files)

    artifact.download(out)

    assert contents(out) == files
    assert artifact.file_count == 101
    assert artifact.get_entry("042").size == 2


def test_tables_come_back(here, there):
    artifact = Artifact("results", "table")
    artifact.add(Table(columns=["a", "b"], data=[[1, "x"], [2, None]]), "predictions")
    artifact.save(project="churn")

    assert artifact.get("predictions").data == [[1, "x"], [2, None]]
    assert artifact["predictions.table.json"].columns == ["a", "b"]
    assert artifact.get("nothing") is None


@pytest.fixture
def raw(desk, tmp_path):
    """A directory that the organization allows references to."""
    place = tmp_path / "raw"
    place.mkdir()
    for name in ("one", "two"):
        (place / f"{name}.csv").write_text(name)
    allow(desk, f"file://{place}")
    return place


def test_references_are_recorded_and_downloaded(here, raw, out):
    artifact = Artifact("raw", "dataset")
    (entry,) = artifact.add_reference(f"file://{raw}/one.csv", name="first.csv")
    many = artifact.add_reference(f"file://{raw}", name="all")
    with artifact.new_file("own.csv") as file:
        file.write("own")
    assert (entry.path, entry.size, entry.ref) == ("first.csv", 3, f"file://{raw}/one.csv")
    assert [one.path for one in many] == ["all/one.csv", "all/two.csv"]
    with pytest.raises(ValueError, match="same path twice"):
        artifact.add_reference(f"file://{raw}/two.csv", name="first.csv")

    artifact.save(project="churn")
    artifact.download(out)

    assert contents(out) == {
        "first.csv": "one",
        "all/one.csv": "one",
        "all/two.csv": "two",
        "own.csv": "own",
    }
    assert artifact.get_entry("first.csv").ref_target() == f"file://{raw}/one.csv"
    assert {blob.read_text() for blob in here.blobs} & {"one", "two", "own"} == {"own"}


def test_references_are_read_as_the_run_under_way_reads(here, raw, monkeypatch):
    monkeypatch.delenv("GIT_REGISTRY")
    artifact = Artifact("raw", "dataset")
    with pytest.raises(NotFound):
        artifact.add_reference(f"file://{raw}/one.csv")

    with gr.init(project="churn", path=str(here.path)) as run:
        artifact.add_reference(f"file://{raw}/one.csv")
        run.log_artifact(artifact).wait()

    assert list(artifact.manifest.entries) == ["one.csv"]


def test_more_references_than_wanted_are_refused(here, raw):
    artifact = Artifact("raw", "dataset")

    with pytest.raises(ValueError, match="more than 1"):
        artifact.add_reference(f"file://{raw}", max_objects=1)
    assert not artifact.draft.items


def test_a_reference_that_leads_nowhere_may_be_left_out(here, raw, out, workspace):
    artifact = Artifact("raw", "dataset")
    artifact.add_reference(f"file://{raw}")
    artifact.save(project="churn")
    (raw / "one.csv").unlink()
    with pytest.raises(StoreError):
        artifact.download(out)

    found = Artifact.at_standing(
        Standing(workspace=workspace, path=artifact.standing.path, id=artifact.standing.id)
    )
    found.download(out, allow_missing_references=True)

    assert contents(out) == {"two.csv": "two"}
    assert any("one.csv is left out" in said for said in here.said)
    found.verify(out)


def test_what_the_store_of_a_reference_calls_it(here, raw):
    artifact = Artifact("raw", "dataset")
    artifact.draft.put(FileEntry(path="a", size=1, digest=Digest("etag", "9b1e"), uri="s3://bucket/a"))
    artifact.add_reference(f"file://{raw}/one.csv")
    artifact.add_reference(f"file://{raw}/two.csv", checksum=False)
    with artifact.new_file("own.csv") as file:
        file.write("own")

    known = {path: entry.extra for path, entry in artifact.manifest.entries.items()}
    assert known == {"a": {"etag": "9b1e"}, "one.csv": {}, "two.csv": {}, "own.csv": {}}


def test_a_reference_that_nobody_looked_at(here, raw, out):
    artifact = Artifact("raw", "dataset")
    (entry,) = artifact.add_reference(f"file://{raw}/one.csv", checksum=False)
    artifact.add_reference(f"file://{raw}/two.csv")
    assert (entry.size, entry.digest) == (None, f"uri:file://{raw}/one.csv")
    artifact.save(project="churn")

    with pytest.raises(StoreError) as refused:
        artifact.download(out)
    artifact.download(out, allow_missing_references=True)

    assert "one.csv" in str(refused.value)
    assert contents(out) == {"two.csv": "two"}
    assert artifact.get_entry("one.csv").ref_target() == f"file://{raw}/one.csv"


def test_a_file_of_another_artifact_is_named_twice_and_kept_once(here, artifact, out):
    blobs = here.blobs
    derived = Artifact("derived", "dataset")
    derived.add_reference(artifact.get_entry("data/a.txt"))
    derived.add_reference(artifact.get_entry("model.bin"), name="weights.bin")
    derived.save(project="churn")

    derived.download(out)

    assert contents(out) == {"data/a.txt": "a", "weights.bin": "weights"}
    assert here.blobs == blobs


def test_a_draft_s_own_file_is_no_reference(tmp_path):
    artifact = Artifact("x", "model")
    (tmp_path / "f").write_text("x")
    entry = artifact.add_file(tmp_path / "f")

    with pytest.raises(UsageError, match="logged artifact"):
        Artifact("y", "model").add_reference(entry)


def test_what_a_script_wrote_to_after_logging_is_logged_as_it_was(here, tmp_path, out):
    path = tmp_path / "model.bin"
    with gr.init(project="churn") as run:
        for epoch in range(3):
            path.write_text(f"epoch {epoch}")
            artifact = Artifact("checkpoint", "model")
            artifact.add_file(path)
            run.log_artifact(artifact, aliases=[f"epoch-{epoch}"])
        path.write_text("later")

    versions = [gr.Api().artifact(f"churn/checkpoint:v{n}") for n in range(3)]
    assert [Path(one.file(str(out / one.version))).read_text() for one in versions] == [
        "epoch 0",
        "epoch 1",
        "epoch 2",
    ]


def test_what_is_gone_is_said_when_it_is_asked_for(artifact):
    artifact.delete()

    with pytest.raises(NotFound):
        artifact.download()
