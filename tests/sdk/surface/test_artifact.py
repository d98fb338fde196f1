"""Artifacts that are put together: their names, files, metadata; nothing is logged yet."""

import math
from datetime import timedelta

import pytest

from git_registry.errors import UsageError
from git_registry.model.digest import Digest
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.failures import ArtifactFinalizedError, ArtifactNotLoggedError
from git_registry.sdk.surface.table import Table
from git_registry.sdk.surface.ttl import ArtifactTTL


@pytest.fixture
def artifact():
    return Artifact("churn-xgb", "model")


@pytest.fixture
def write(tmp_path):
    def run(name, text):
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return run


def contents(artifact):
    return {path: one.local.read_text() for path, one in artifact.draft.items.items()}


@pytest.mark.parametrize("name", ["churn", "a_b-c.d", "0", "x" * 128])
def test_names_that_are_allowed(name):
    assert Artifact(name, "model").name == name


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a:v0", "é", "x" * 129, "runs", "..", "a\n"])
def test_names_that_are_not(name):
    with pytest.raises(ValueError, match=r"name|reserved|Artifact"):
        Artifact(name, "model")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("x", "job"),
        ("run-1", "run_table"),
        ("source-1", "code"),
        ("x", "wandb-history"),
        ("x", "a/b"),
        ("x", ""),
    ],
)
def test_types_that_are_reserved_or_no_types(name, kind):
    with pytest.raises(ValueError, match="type"):
        Artifact(name, kind)


def test_types_that_are_reserved_for_other_names():
    assert Artifact("mine", "code").type == "code"


def test_what_w_and_b_takes_is_taken():
    artifact = Artifact(
        "x",
        "model",
        "About.",
        {"a": 1},
        incremental=True,
        use_as="u",
        storage_region="eu",
        digest_algorithm="XXH128",
    )

    assert (artifact.description, artifact.metadata, artifact.incremental, artifact.use_as) == (
        "About.",
        {"a": 1},
        True,
        "u",
    )
    assert artifact.state == "PENDING"
    assert artifact.is_draft()


def test_metadata_is_what_json_has():
    metadata = {"nan": math.nan, "deep": {"list": (1, math.nan)}, 1: "one", "set": {"x"}}

    assert Artifact("x", "model", metadata=metadata).metadata == {
        "nan": None,
        "deep": {"list": [1, None]},
        "1": "one",
        "set": ["x"],
    }


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({"x": math.inf}, "no number in JSON"),
        ({"x": {"y": [-math.inf]}}, "no number in JSON"),
        ({str(n): n for n in range(101)}, "more than 100 metadata keys"),
        ([1], "must be a dict"),
        ({"x": object()}, "not a value"),
    ],
)
def test_metadata_that_no_json_has(artifact, metadata, said):
    with pytest.raises(ValueError, match=said):
        Artifact("x", "model", metadata=metadata)
    with pytest.raises(ValueError, match=said):
        artifact.metadata = metadata


def test_metadata_is_edited_in_place(artifact):
    artifact.metadata["a"] = {"nan": math.nan}
    artifact.metadata["a"]["b"] = [1]
    artifact.metadata["a"]["b"].append(2)
    assert artifact.metadata == {"a": {"nan": None, "b": [1, 2]}}

    artifact.metadata["a"]["b"].append(math.inf)
    with pytest.raises(ValueError, match="JSON"):
        artifact.metadata  # noqa: B018


def test_files_and_directories(artifact, write):
    entry = artifact.add_file(str(write("model.bin", "weights")))
    artifact.add_file(write("model.bin", "weights"), name="copies/other.bin")
    artifact.add_dir(write("data/a.txt", "a").parent, name="data")

    assert contents(artifact) == {"model.bin": "weights", "copies/other.bin": "weights", "data/a.txt": "a"}
    assert (entry.path, entry.size, entry.ref) == ("model.bin", 7, None)
    assert entry.digest == str(Digest.of(b"weights"))
    assert entry.local_path == str(write("model.bin", "weights"))
    assert artifact.size == 15
    assert artifact.get_added_local_path_name(str(write("model.bin", "weights"))) == "model.bin"
    assert artifact.get_added_local_path_name("nowhere") is None


def test_a_path_is_added_twice_only_with_the_same_content(artifact, write):
    artifact.add_file(write("a", "1"), name="x")
    artifact.add_file(write("b", "1"), name="x")
    with pytest.raises(ValueError, match="Cannot add the same path twice"):
        artifact.add_file(write("c", "2"), name="x")

    artifact.add_file(write("c", "2"), name="x", overwrite=True)
    with pytest.raises(ValueError, match="Cannot add the same path twice"):
        artifact.add_dir(write("d/x", "3").parent)
    artifact.add_dir(write("d/x", "3").parent, merge=True)

    assert contents(artifact) == {"x": "3"}


def test_what_is_not_there(artifact, tmp_path):
    with pytest.raises(ValueError, match="Path is not a file"):
        artifact.add_file("nowhere")
    with pytest.raises(ValueError, match="Path is not a directory"):
        artifact.add_dir(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="Invalid policy 'x'"):
        artifact.add_file("nowhere", policy="x")


def test_a_temporary_file_is_called_by_its_digest(artifact, write):
    entry = artifact.add_file(write("tmp123.tar.gz", "x"), name="media/tmp123.tar.gz", is_tmp=True)

    assert entry.path == f"media/{Digest.of(b'x').value[:20]}.tar.gz"


def test_a_new_file_is_added_when_it_is_written(artifact):
    with artifact.new_file("notes/a.txt") as file:
        file.write("é")
        assert not artifact.draft.items
    with artifact.new_file("b", mode="wb") as file:
        file.write(b"b")
    with artifact.new_file("b", mode="w", encoding="utf-16") as file:
        file.write("c")

    items = artifact.draft.items
    assert items["notes/a.txt"].local.read_bytes() == "é".encode()
    assert items["b"].local.read_text("utf-16") == "c"
    with pytest.raises(ValueError, match="'b' already exists"), artifact.new_file("b"):
        pytest.fail("it was opened")
    with pytest.raises(ValueError, match="mode"), artifact.new_file("c", mode="r"):
        pytest.fail("it was opened")


def test_a_new_file_whose_block_raises_is_not_added(artifact):
    def half() -> None:
        with artifact.new_file("x") as file:
            file.write("half")
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert not artifact.draft.items


def test_files_are_removed_by_path_entry_or_directory(artifact, write):
    entry = artifact.add_file(write("a", "1"))
    artifact.add_file(write("b", "2"), name="data/b")
    artifact.add_file(write("c", "3"), name="data/deep/c")

    artifact.remove(entry)
    artifact.remove("data")

    assert not artifact.draft.items
    with pytest.raises(FileNotFoundError):
        artifact.remove("a")


def test_entries_of_a_draft(artifact, write):
    artifact.add_file(write("a", "1"), name="data/a")

    assert artifact.get_entry("data/a") == artifact.get_path("./data/a")
    assert list(artifact.manifest.entries) == ["data/a"]
    assert [one.path for one in artifact.manifest.get_entries_in_directory("data")] == ["data/a"]
    assert artifact.manifest.digest() == artifact.digest
    with pytest.raises(KeyError, match="Path not contained in artifact: 'data/b'") as missing:
        artifact.get_entry("data/b")
    assert missing.value.hint == "did you mean data/a?"
    with pytest.raises(ValueError, match="Only reference entries"):
        artifact.get_entry("data/a").ref_target()


def test_tables_are_added_and_other_objects_are_not(artifact):
    entry = artifact.add(Table(columns=["a", "b"], data=[[1, "x"]]), "predictions")
    artifact["more"] = Table(columns=["a"])

    assert entry.path == "predictions.table.json"
    assert sorted(artifact.draft.items) == ["more.table.json", "predictions.table.json"]
    with pytest.raises(ValueError, match="a dict can't be added as an object") as refused:
        artifact.add({"a": 1}, "x")
    assert "new_file" in refused.value.hint


def test_a_table_holds_values(tmp_path):
    assert Table().columns == ["Input", "Output", "Expected"]
    assert Table(["a"], rows=[[1]]) == Table(columns=["a"], data=[[1]])
    table = Table(columns=["a", "b"])
    table.add_data(1, math.nan)
    (tmp_path / "t").write_text(table.to_json())

    again = Table.read(tmp_path / "t")

    assert again.get_column("a") == [1]
    assert [at for at, _ in again.iterrows()] == [0]
    assert math.isnan(again.data[0][1])
    with pytest.raises(ValueError, match="a row of 1 values in a table of 2 columns"):
        table.add_data(1)
    with pytest.raises(ValueError, match="no column 'c'"):
        table.get_column("c")
    (tmp_path / "t").write_text("{}")
    with pytest.raises(ValueError, match="holds no table"):
        Table.read(tmp_path / "t")


def test_a_table_of_a_data_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"n": [1, 2], "when": pandas.to_datetime(["2026-01-01", "2026-01-02"])})

    table = Table(dataframe=frame)

    assert table.columns == ["n", "when"]
    assert table.get_column("n") == [1, 2]
    assert table.get_column("when") == ["2026-01-01 00:00:00", "2026-01-02 00:00:00"]


def test_a_final_draft_takes_nothing_more(artifact, write):
    artifact.add_file(write("a", "1"))
    artifact.finalize()

    for change in (
        lambda: artifact.add_file(write("b", "2")),
        lambda: artifact.add_dir(write("c/d", "2").parent),
        lambda: artifact.add_reference("s3://x/y"),
        lambda: artifact.add(Table(), "t"),
        lambda: artifact.remove("a"),
        lambda: artifact.new_file("e").__enter__(),
    ):
        with pytest.raises(ArtifactFinalizedError):
            change()
    assert list(artifact.draft.items) == ["a"]


LOGGED_ONLY = (
    "version entity project collection qualified_name source_name source_artifact aliases url commit_hash "
    "file_count created_at updated_at linked_at linked_artifacts history_step standing "
    "source_version source_project source_entity source_collection"
)


@pytest.mark.parametrize("name", LOGGED_ONLY.split())
def test_what_a_draft_does_not_have(artifact, name):
    assert not hasattr(artifact, name)
    with pytest.raises(ArtifactNotLoggedError):
        getattr(artifact, name)


def test_a_draft_is_no_link(artifact):
    assert not artifact.is_link


CANNOT = "download checkout verify file files unlink delete new_draft used_by logged_by json_encode wait"


@pytest.mark.parametrize("do", CANNOT.split())
def test_what_a_draft_cannot_do(artifact, do):
    with pytest.raises(ArtifactNotLoggedError) as refused:
        getattr(artifact, do)()
    assert refused.value.hint


def test_a_time_to_live(artifact):
    assert artifact.ttl is None
    artifact.ttl = timedelta(days=7)
    assert artifact.ttl == timedelta(days=7)
    artifact.ttl = ArtifactTTL.INHERIT
    assert artifact.ttl is None

    for wrong in (timedelta(0), timedelta(days=-1), 60):
        with pytest.raises(UsageError):
            artifact.ttl = wrong
    for kind in ("run_table", "code"):
        with pytest.raises(ValueError, match="no ttl"):
            Artifact("x", kind).ttl = timedelta(days=1)


def test_tags_before_it_is_logged(artifact):
    artifact.tags = ["a", "b", "a"]
    artifact.tags.append("c")

    assert artifact.tags == ["a", "b", "c"]
