"""Files, directories, references and versions into collections; and out again."""

import os
import subprocess
from dataclasses import replace

import fsspec
import pytest

from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict, InvalidDocument, NotFound, Refused, StoreError, UsageError
from git_registry.index.numbers import numbers
from git_registry.model.digest import Digest
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.sdk import linking, managing
from git_registry.sdk.checking import check
from git_registry.sdk.linking import Request
from git_registry.sdk.managing import Description
from git_registry.sdk.resolving import resolve

SHA256SUM = r"find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0r sha256sum -- | sha256sum"


def sha256sum(directory):
    """Ask coreutils for an artifact's digest, as the format's page tells people to."""
    done = subprocess.run(
        ["bash", "-c", SHA256SUM], cwd=directory, capture_output=True, text=True, check=True
    )
    return f"sha256:{done.stdout.split()[0]}"


def notes(desk, linked):
    return desk.document(f"{linked.collection}/versions/{linked.id}.notes.yaml", Notes)


def test_a_file_is_stored_and_its_manifest_committed(desk, git):
    linked = desk.link("one", metrics={"auc": 0.93}, metadata={"framework": "xgboost"}, name="churn-xgb")

    blob = Digest.of(b"one")
    assert [path.name for path in desk.blobs] == [blob.value]
    assert desk.blobs[0].read_bytes() == b"one"
    manifest = desk.document(f"model/churn/versions/{linked.id}.yaml", Manifest)
    assert manifest == linked.manifest
    assert (manifest.artifact, manifest.type, manifest.size) == ("churn-xgb", "model", 3)
    assert (manifest.metrics, manifest.metadata) == ({"auc": 0.93}, {"framework": "xgboost"})
    assert manifest.created.startswith("2026-01-01T12:00:")
    assert [(f.path, f.size, f.digest) for f in manifest.files] == [("model.bin", 3, blob)]
    assert manifest.files[0].uri == f"file://{desk.path.parent}/store/sha256/{blob.value[:2]}/{blob.value}"
    assert (linked.known, linked.weak) == (False, False)
    assert git(desk.path, "status", "--porcelain") == ""
    assert desk(check) == []


def test_a_directory_keeps_its_paths_and_coreutils_agrees(desk):
    source = desk.source(
        {"model.bin": "1", "a/b.txt": "2", "a-b": "3", "a.b": "4", "Ünï/ç": "5", "sp ace": ""}
    )

    linked = desk(linking.link_files, source, "model/churn", Request())

    paths = [entry.path for entry in linked.manifest.files]
    assert paths == sorted(paths, key=str.encode)
    assert str(linked.manifest.digest) == sha256sum(source)


def test_the_collection_is_created_of_the_artifacts_type(desk):
    desk(managing.create_registry, "any", Description())

    outcome = desk.link("one", "any/new", type="adapter").outcome

    assert desk.document("any/new/collection.yaml", Collection).type == "adapter"
    assert [event.kind for event in outcome.events] == ["collection-created", "version-linked"]


def test_what_goes_with_a_link_is_one_commit(desk):
    linked = desk.link("one", aliases=["production", "eu", "eu"], tags=["a", "b"], description="First.")

    assert desk.log()[0] == f"Link model/churn@{linked.id[:8]} as production, eu, eu"
    assert len(desk.log()) == 2
    assert desk.aliases() == {"eu": linked.id, "production": linked.id}
    assert notes(desk, linked) == Notes(description="First.", tags=("a", "b"))


def test_linking_the_same_again_is_nothing_new(desk):
    first = desk.link("one")
    before = desk.log()

    again = desk.link("one")

    assert (again.id, again.known, again.outcome.events) == (first.id, True, ())
    assert again.manifest == first.manifest
    assert desk.log() == before


def test_linking_the_same_again_moves_aliases_and_adds_to_the_notes(desk):
    first = desk.link("one", metrics={"auc": 0.9}, metadata={"a": 1}, tags=["x"], description="First.")
    desk.link("two", aliases=["production"])

    again = desk.link(
        "one", aliases=["production"], metrics={"auc": 0.9, "f1": 0.8}, metadata={"a": 2}, tags=["y"]
    )

    assert again.manifest == first.manifest
    assert desk.aliases() == {"production": first.id}
    assert notes(desk, again) == Notes(
        description="First.", tags=("x", "y"), metrics={"f1": 0.8}, metadata={"a": 2}
    )


@pytest.mark.parametrize(
    ("target", "request_", "error", "said"),
    [
        ("model/churn", {"type": "dataset"}, Refused, "the registry accepts 'model', not 'dataset'"),
        ("dataset/x", {"type": "model"}, Refused, "the registry accepts 'dataset', not 'model'"),
        ("model/there", {"type": "dataset"}, Refused, "the collection holds artifacts of type 'model', not"),
        ("modl/churn", {}, NotFound, "there is no registry 'modl'"),
        ("model", {}, UsageError, "expected a collection such as model/churn"),
        ("model/churn:v0", {}, UsageError, "expected a collection such as model/churn"),
        ("model/There", {}, Conflict, "'There' differs from 'there' in case alone"),
        ("model/versions", {}, UsageError, "is reserved"),
        ("model/churn", {"aliases": ["v3"]}, UsageError, "looks like a version number"),
        ("model/churn", {"aliases": ["latest"]}, UsageError, "'latest' is computed"),
        ("model/churn", {"aliases": ["../x"]}, UsageError, "expected an alias"),
        ("model/churn", {"tags": ["a/b"]}, UsageError, "expected a tag"),
        ("model/churn", {"name": "a/b"}, UsageError, "expected a name"),
        ("model/churn", {"type": "a/b"}, UsageError, "expected an artifact type"),
        ("model/churn", {"inputs": ["dataset/x:v0"]}, NotFound, "there is no collection dataset/x"),
        ("model/churn", {"inputs": ["model/there:v7"]}, NotFound, "there is no version v7"),
    ],
)
def test_what_is_wrong_is_said_before_a_byte_is_uploaded(desk, target, request_, error, said):
    desk.link("there", "model/there")
    blobs, log = desk.blobs, desk.log()

    with pytest.raises(error, match=said):
        desk.link("new", target, **request_)

    assert desk.blobs == blobs
    assert desk.log() == log


def test_a_refused_type_says_what_is_accepted_and_what_to_do(desk):
    with pytest.raises(Refused) as refused:
        desk.link("one", type="dataset")

    assert refused.value.exit_code == 4
    assert "`git registry edit model --add-type dataset`" in refused.value.hint


def test_without_an_email_nothing_is_uploaded(desk, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")

    with pytest.raises(UsageError, match="no e-mail is set"):
        desk.link("one")

    assert desk.blobs == []


def test_inputs_are_selectors_and_uris(desk, tmp_path):
    data = desk.link("rows", "dataset/customers")
    allow(desk, f"file://{tmp_path}/raw")
    (tmp_path / "raw/2026").mkdir(parents=True)
    (tmp_path / "raw/2026/a.csv").write_text("a")
    (tmp_path / "raw/2026/b.csv").write_text("b")

    linked = desk.link(
        "one",
        inputs=["dataset/customers:v0", f"file://{tmp_path}/raw/2026/a.csv", f"file://{tmp_path}/raw/2026"],
    )

    first, file, directory = linked.manifest.inputs
    assert (first.registry, first.version) == ("dataset/customers", data.id)
    assert (file.uri, file.digest) == (f"file://{tmp_path}/raw/2026/a.csv", Digest.of(b"a"))
    assert str(directory.digest) == sha256sum(tmp_path / "raw/2026")


def allow(desk, *prefixes):
    """Let the organization allow references to these prefixes."""
    change(desk, references=prefixes)


def change(desk, **fields):
    """Change the organization's document."""

    def edit(now):
        return {"organization.yaml": replace(now.organization(), **fields)}

    desk(commit, Transaction(edits=[edit], message="Change the organization"))


def test_a_long_list_of_files_is_a_blob_of_its_own(desk):
    at_most = desk.link({f"{n:03}": str(n) for n in range(100)})
    more = desk.link({f"{n:03}": str(n) for n in range(101)})

    assert (at_most.manifest.file_list, len(at_most.manifest.files)) == (None, 100)
    assert (more.manifest.file_list.count, more.manifest.files) == (101, None)
    listed = desk(resolve, f"model/churn@{more.id}").files
    assert [entry.path for entry in listed] == [f"{n:03}" for n in range(101)]
    assert len((desk.path / f"model/churn/versions/{more.id}.yaml").read_bytes()) < 600
    assert more.manifest.file_list.digest.value in {path.name for path in desk.blobs}


def test_an_empty_file_is_a_file(desk):
    linked = desk.link("")

    assert linked.manifest.size == 0
    assert linked.manifest.files[0].digest == Digest.of(b"")
    assert desk(check) == []


def test_an_empty_directory_is_an_artifact_of_no_files(desk, tmp_path):
    (tmp_path / "empty/below").mkdir(parents=True)

    linked = desk(linking.link_files, tmp_path / "empty", "model/churn", Request())

    assert linked.manifest.files == ()
    assert str(linked.manifest.digest) == sha256sum(tmp_path / "empty") == str(Digest.of(b""))
    assert desk(check) == []


def bad_name(directory):
    (directory / os.fsdecode(b"caf\xe9")).write_text("x")


def decomposed(directory):
    (directory / "cafe\N{COMBINING ACUTE ACCENT}").write_text("x")


def symlink(directory):
    (directory / "link").symlink_to("/etc/passwd")


def pipe(directory):
    os.mkfifo(directory / "pipe")


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (bad_name, InvalidDocument, r"caf\\udce9' is not UTF-8"),
        (decomposed, InvalidDocument, "is not in Unicode's NFC form"),
        (lambda d: (d / "a\\b").write_text("x"), InvalidDocument, "has a backslash"),
        (lambda d: (d / "a\nb").write_text("x"), InvalidDocument, "has a control character"),
        (symlink, UsageError, "link: is a symbolic link"),
        (pipe, UsageError, "pipe: is a pipe, not a file"),
    ],
)
def test_what_no_list_can_hold_is_refused_by_name(desk, tmp_path, make, error, said):
    (tmp_path / "source").mkdir()
    (tmp_path / "source/good").write_text("good")
    make(tmp_path / "source")

    with pytest.raises(error, match=said):
        desk(linking.link_files, tmp_path / "source", "model/churn", Request())

    assert desk.blobs == []
    assert len(desk.log()) == 1


def test_a_symlink_itself_is_refused_and_nothing_is_not_there(desk, tmp_path):
    (tmp_path / "link").symlink_to(desk.source("one"))

    with pytest.raises(UsageError, match="is a symbolic link"):
        desk(linking.link_files, tmp_path / "link", "model/churn", Request())
    with pytest.raises(NotFound, match="there is no such file or directory"):
        desk(linking.link_files, tmp_path / "nowhere", "model/churn", Request())


def test_a_version_is_linked_elsewhere_byte_for_byte(desk, git):
    first = desk.link("one", metrics={"auc": 0.9}, tags=["eu"])

    second = desk(
        linking.link_version, "model/churn:v0", "model/released", Request(aliases=["stable"], tags=["x"])
    )

    assert second.id == first.id
    tree = git(desk.path, "ls-tree", "-r", "HEAD")
    assert len({line.split()[2] for line in tree.splitlines() if line.endswith(f"{first.id}.yaml")}) == 1
    assert desk.aliases("model/released") == {"stable": first.id}
    assert notes(desk, second) == Notes(tags=("x",))
    assert len(desk.blobs) == 1


def test_a_version_is_linked_only_where_its_type_is_accepted(desk):
    desk.link("one")

    with pytest.raises(Refused, match="the registry accepts 'dataset', not 'model'"):
        desk(linking.link_version, "model/churn:v0", "dataset/x", Request())
    with pytest.raises(UsageError, match="is of type 'model', which a link does not change"):
        desk(linking.link_version, "model/churn:v0", "model/x", Request(type="dataset"))
    with pytest.raises(UsageError, match="this needs a version"):
        desk(linking.link_version, "model/churn", "model/x", Request())


def test_what_a_manifest_says_already_is_not_asked_for_anew(desk):
    desk.link("one")
    desk.link("rows", "dataset/x")

    for request in (Request(inputs=["dataset/x:v0"]), Request(name="other")):
        with pytest.raises(UsageError, match="its manifest never changes"):
            desk(linking.link_version, "model/churn:v0", "model/x", request)


def test_a_weak_reference_is_said_to_be_weak(desk, tmp_path):
    allow(desk, "memory://raw")
    raw = fsspec.filesystem("memory")
    raw.pipe("/raw/a.csv", b"a")

    weak = desk(linking.link_reference, "memory://raw/a.csv", "dataset/raw", Request())
    read = desk(linking.link_reference, "memory://raw/a.csv", "dataset/raw", Request(), checksum=True)

    assert (weak.weak, weak.manifest.files[0].digest.algorithm) == (True, "stat")
    assert (read.weak, read.manifest.files[0].digest) == (False, Digest.of(b"a"))
    assert read.manifest.files[0].uri == "memory://raw/a.csv"
    assert desk.blobs == []


def test_a_reference_is_recorded_where_it_is(desk, tmp_path):
    allow(desk, f"file://{tmp_path}/raw")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.csv").write_text("a")

    linked = desk(linking.link_reference, f"file://{tmp_path}/raw", "dataset/raw", Request(aliases=["now"]))

    assert linked.manifest.files[0].uri == f"file://{tmp_path}/raw/a.csv"
    assert desk.blobs == []
    assert desk.aliases("dataset/raw") == {"now": linked.id}


@pytest.mark.parametrize(
    ("uri", "error", "said"),
    [
        ("file:///etc/passwd", Refused, "the organization allows no reading from there"),
        ("file:///{tmp}/raw/../secret", (Refused, InvalidDocument), r"'\.\.' part|allows no reading"),
        ("zip::file:///x.zip", (Refused, InvalidDocument), "chained"),
        ("s3://key:secret@bucket/x", (Refused, InvalidDocument), "credential"),
        ("file:///{tmp}/raw/nothing", NotFound, "there is no"),
    ],
)
def test_a_reference_must_be_allowed(desk, tmp_path, uri, error, said):
    allow(desk, f"file://{tmp_path}/raw")
    (tmp_path / "raw").mkdir()

    with pytest.raises(error, match=said) as refused:
        desk(linking.link_reference, uri.format(tmp=str(tmp_path)[1:]), "dataset/raw", Request())

    assert "secret@" not in str(refused.value)


def test_a_long_list_of_weak_references_is_weak_too(desk, bucket):
    s3 = fsspec.filesystem("s3")
    for number in range(101):
        s3.pipe(f"{bucket}/raw/{number:03}", str(number).encode())
    allow(desk, bucket)

    linked = desk(linking.link_reference, f"{bucket}/raw/", "dataset/raw", Request())

    assert linked.manifest.file_list.count == 101
    assert linked.weak


def test_unlinking_keeps_manifest_notes_and_number(desk, git):
    first = desk.link("one", aliases=["production", "eu"], tags=["x"])
    desk.link("two")
    before = git(desk.path, "ls-tree", "-r", "HEAD", "model/churn/versions")

    outcome = desk(linking.unlink, ["model/churn:production"])

    blobs = {line.split()[2] for line in before.splitlines() if first.id in line}
    after = git(desk.path, "ls-tree", "-r", "HEAD", "model/churn/unlinked")
    assert {line.split()[2] for line in after.splitlines()} == blobs
    assert desk.aliases() == {}
    assert sorted(event.kind for event in outcome.events) == [
        "alias-removed",
        "alias-removed",
        "version-unlinked",
    ]
    assert desk(check) == []

    desk.link("one", tags=["y"])

    assert desk(lambda catalog: numbers(catalog).get("model/churn", first.id)).number == 0
    assert notes(desk, first) == Notes(tags=("x", "y"))
    assert not (desk.path / "model/churn/unlinked").exists()


def test_several_are_unlinked_in_one_commit_or_none(desk):
    ids = [desk.link(text).id for text in ("one", "two", "three")]

    with pytest.raises(NotFound):
        desk(linking.unlink, ["model/churn:v0", "model/churn:v9"])
    assert len(desk.log()) == 4
    desk(linking.unlink, ["model/churn:v0", f"model/churn@{ids[1]}", "model/churn:v0"])

    with desk.open() as catalog:
        assert set(catalog.now().versions("model/churn")) == {ids[2]}
    assert len(desk.log()) == 5


def test_unlinking_needs_a_version(desk):
    desk.link("one")

    with pytest.raises(UsageError, match="this needs a version"):
        desk(linking.unlink, ["model/churn"])


def test_local_edits_are_never_overwritten(desk):
    linked = desk.link("one", aliases=["production"])
    alias = desk.path / "model/churn/aliases/production.yaml"
    alias.write_text("# mine\n")

    with pytest.raises(
        Conflict, match=r"local edits would be overwritten: model/churn/aliases/production\.yaml"
    ):
        desk.link("two", aliases=["production"])

    assert alias.read_text() == "# mine\n"
    assert desk.aliases() == {"production": linked.id}
    desk.link("two")
    assert alias.read_text() == "# mine\n"


def test_a_store_that_cannot_be_written_to_links_nothing(desk):
    (desk.path.parent / "file").write_text("no directory")

    def edit(now):
        return {
            "organization.yaml": replace(now.organization(), store=f"file://{desk.path.parent}/file/store")
        }

    desk(commit, Transaction(edits=[edit], message="A bad store"))

    with pytest.raises(StoreError) as failed:
        desk.link("one")
    assert failed.value.exit_code == 7
    assert len(desk.log()) == 2


def test_a_store_whose_package_is_missing_says_which_extra(desk):
    change(desk, store="gs://acme")

    with pytest.raises(StoreError, match="the package for gs:// is not installed") as missing:
        desk.link("one")
    assert "git-registry[gcs]" in missing.value.hint
    assert len(desk.log()) == 2
