"""Using a registry, command by command."""

from __future__ import annotations

import pytest


def test_init_says_what_it_chose(shell):
    said = shell("init", "acme-ml")
    store = shell.directory / "acme-ml-store"
    assert said.splitlines() == [
        "Created the organization acme-ml in acme-ml, with the registries model and dataset",
        f"Its store is file://{store} (beside it; --store names another)",
        "Its admin is user:ada (after your e-mail; --admin names another)",
    ]


def test_init_in_a_repository_that_is_there(shell, make_repository, git):
    repository = make_repository("acme", {"README.md": "hello", "data/x.csv": "1"})
    shell.directory = repository
    shell("init", "--store", "../blobs", "--admin", "bob")
    assert (repository / "README.md").read_text() == "hello"
    assert f"store: file://{repository.parent}/blobs\n" in (repository / "organization.yaml").read_text()
    assert git(repository, "status", "--short") == ""
    assert git(repository, "config", "registry.user") == "user:bob"
    shell("init", code=6)
    assert "already" in shell.err


@pytest.mark.parametrize(
    ("directory", "name"), [("Acme ML!", "Acme-ML"), ("model", "model-registry"), (".acme", "acme")]
)
def test_a_name_like_the_directory(shell, directory, name):
    assert f"Created the organization {name} in" in shell("init", directory)


def test_clone(shell, acme, git, tmp_path):
    said = shell("clone", "acme", "copy", "--as", "user:bob")
    assert said == "Cloned acme (2 registries) into copy\n"
    assert git(tmp_path / "copy", "config", "pull.rebase") == "true"
    assert git(tmp_path / "copy", "config", "registry.user") == "user:bob"
    shell("clone", "acme", "copy", code=6)
    shell("clone", "acme", "other", "--as", "nobody at all", code=2)
    shell("clone", "acme", "other", "--as", "bob")
    assert git(tmp_path / "other", "config", "registry.user") == "user:bob"


def test_a_clone_named_like_its_url(shell, acme, git, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", "acme", "registry.git")
    (tmp_path / "work").mkdir()
    shell.directory = tmp_path / "work"
    assert shell.json("clone", f"file://{tmp_path}/registry.git", "--depth", "1")["directory"] == "registry"
    assert shell("-C", "registry", "list", "model") == ""


def test_registries_and_collections(acme):
    acme("create", "evaluation", "--type", "table", "--type", "report", "--description", "How good?")
    acme.write("../card.md", "# Scores\n")
    acme("create", "evaluation/scores", "--type", "table", "--tag", "eu", "--card", "../card.md")
    assert (acme.directory / "evaluation/scores/README.md").read_text() == "# Scores\n"
    acme("edit", "evaluation", "--add-type", "chart", "--title", "Evaluations")
    assert acme.json("show", "Evaluations")["types"] == ["table", "report", "chart"]
    acme("tag", "add", "evaluation/scores", "nightly")
    acme("tag", "remove", "evaluation/scores", "eu")
    assert acme.json("list", "evaluation")[0]["tags"] == ["nightly"]
    assert "Nothing to do" in acme("tag", "add", "evaluation/scores", "nightly")
    acme("delete", "evaluation", "--yes", code=6)
    acme("delete", "evaluation/scores", "--yes")
    acme("delete", "evaluation", "--yes")
    assert [one["path"] for one in acme.json("list")] == ["dataset", "model"]


def test_deleting_asks_somebody(churn):
    churn("delete", "model/churn", code=2)
    assert "pass --yes" in churn.err


def test_linking_says_what_it_made(acme):
    said = acme("link", "../model.bin", "model/churn", "--alias", "staging", "--metric", "auc=0.93")
    assert said.splitlines()[:2] == [
        "Created the collection model/churn for artifacts of type model",
        "Linked model/churn:v0 (@dbf98e82)",
    ]
    assert "model/churn:staging is v0" in said


def test_linking_again_is_nothing_new(churn):
    churn.write("../again.bin", "weights")
    (churn.directory.parent / "again.bin").rename(churn.directory.parent / "model.bin")
    said = churn("link", "../model.bin", "model/churn", "--alias", "production")
    assert said == "model/churn:v0 (@dbf98e82) was linked already\nmodel/churn:production is v0\n"
    assert churn("link", "../model.bin", "model/churn").endswith("was linked already\n")
    again = churn.json("link", "../model.bin", "model/churn")
    assert (again["path"], again["events"]) == ("model/churn:v0", [])


def test_linking_a_version_elsewhere(churn):
    churn("create", "model/approved")
    churn("link", "model/churn:v0", "model/approved", "--alias", "best")
    one, other = churn.json("show", "model/churn:v0"), churn.json("show", "model/approved:best")
    assert one["digest"] == other["digest"]
    assert other["path"] == "model/approved:v0"


def test_a_file_named_like_a_version(churn):
    churn.write("model/churn:v0", "a file")
    churn("link", "model/churn:v0", "model/odd")
    assert churn.err == "note: model/churn:v0 is a file here and a version too; the file is linked\n"
    assert churn.json("show", "model/odd:v0")["files"][0]["path"] == "churn:v0"


def test_metadata_from_everywhere(acme):
    acme.write("../more.yaml", "depth: 7\nnested: {a: [1, 2]}\n")
    acme.write("../more.json", '{"emoji": "\\ud83d\\ude00"}')
    acme(
        *("link", "../model.bin", "model/churn", "--metadata", "@../more.yaml", "--metadata", "../more.json"),
        *("--metadata", "depth=8", "--metadata", "why=because: it is", "--metadata", "list=[1, two]"),
        *("--metric", "auc=1", "--metric", "worst=-.inf"),
    )
    version = acme.json("show", "model/churn:v0")
    assert version["metadata"] == {
        "depth": 8,
        "nested": {"a": [1, 2]},
        "emoji": "😀",
        "why": "because: it is",
        "list": [1, "two"],
    }
    assert version["metrics"] == {"auc": 1, "worst": "-Infinity"}


def test_annotating_sorts_numbers_from_the_rest(churn):
    said = churn(
        "annotate",
        "model/churn:v0",
        "model/churn:v1",
        "gap=0.012",
        "metadata.depth=7",
        "by=risk",
        "metrics.n=3",
    )
    assert "model/churn:v0: metrics.gap = 0.012, metrics.n = 3" in said
    assert "model/churn:v1: metadata.depth = 7, metadata.by = risk" in said
    assert churn.json("show", "model/churn:v1")["notes"] == [
        "metadata.depth",
        "metadata.by",
        "metrics.gap",
        "metrics.n",
    ]


def test_aliases(churn):
    said = churn("alias", "add", "model/churn:v1", "a", "b")
    assert said == "model/churn:a is v1\nmodel/churn:b is v1\n"
    churn("alias", "remove", "model/churn", "a", "nope", code=5)
    assert churn("alias", "remove", "model/churn", "a", "b").startswith("Removed model/churn:a, which was v1")


def test_promoting_several_is_one_commit(churn, git):
    before = git(churn.directory, "rev-list", "--count", "HEAD")
    churn("promote", "model/churn:v1", "dataset/customers:v0", "--to", "production")
    assert int(git(churn.directory, "rev-list", "--count", "HEAD")) == int(before) + 1
    assert "model/churn:production is v0 now, was v1" in churn(
        "promote", "model/churn:v0", "--to", "production", "--expect", "v1"
    )
    churn("promote", "model/churn:v1", "--to", "production", "--expect", "v1", code=6)
    churn("promote", "model/churn:v1", "--to", "production", "--expect", "none", code=6)
    assert "Nothing to do" in churn("promote", "model/churn:v0", "--to", "production")


def test_unlinking_and_back(churn):
    assert churn("unlink", "model/churn:v0").splitlines() == [
        "Unlinked model/churn:v0 (@dbf98e82)",
        "Removed model/churn:staging, which was v0",
    ]
    churn("resolve", "model/churn:v0", code=5)
    assert "unlinked" in churn.err
    churn.write("../model.bin", "weights")
    assert "Linked model/churn:v0" in churn("link", "../model.bin", "model/churn")


def test_a_comment_is_not_dropped_unasked(churn, git):
    document = churn.directory / "model/churn/collection.yaml"
    document.write_text("# ours\n" + document.read_text())
    git(churn.directory, "commit", "-qam", "By hand")
    churn("edit", "model/churn", "--title", "Churn", code=2)
    assert "--rewrite" in churn.err
    churn("edit", "model/churn", "--title", "Churn", "--rewrite")
    assert "# ours" not in document.read_text()


def test_downloading_is_verified_and_says_where_it_came_from(churn):
    said = churn("download", "model/churn:staging", "there").splitlines()
    assert said == [
        "Downloaded 1 file (7 B) to there",
        "Verified by sha256",
        "model/churn:v0 ← dataset/customers:v0, linked by Ada Lovelace on 2026-01-01",
    ]
    assert (churn.directory / "there/model.bin").read_text() == "weights"
    churn("download", "model/churn:staging", "there", code=6)
    churn("download", "model/churn:staging", "there", "--force")
    churn("download", "model/churn:staging", "one.bin", "--path", "model.bin", "--no-cache")
    assert (churn.directory / "one.bin").read_text() == "weights"


def test_a_corrupt_blob_is_refused(shell):
    shell("init", "acme")
    shell.directory /= "acme"
    shell.write("../model.bin", "weights")
    shell("link", "../model.bin", "model/churn")
    blob = shell.directory.parent / shell("resolve", "model/churn").strip().removeprefix("file://")
    blob.chmod(0o644)
    blob.write_text("wEights")
    shell("download", "model/churn", "there", code=7)
    assert "9a129038" in shell.err
    assert "bf1aa2ae" in shell.err or shell.err.count("sha256") >= 2
    assert not (shell.directory / "there").exists()


def test_a_directory_of_files(acme):
    for number in range(3):
        acme.write(f"../many/part{number}/data.bin", str(number))
    acme("link", "../many", "dataset/many")
    assert len(acme("resolve", "dataset/many").splitlines()) == 3
    assert acme("resolve", "dataset/many", "--path", "part1/data.bin").count("\n") == 1
    acme("resolve", "dataset/many", "--path", "part1/data.bim", code=5)
    assert "did you mean part1/data.bin?" in acme.err


def test_a_long_list_is_in_the_store(acme):
    for number in range(150):
        acme.write(f"../many/{number:03}", str(number))
    acme("link", "../many", "dataset/many")
    shown = acme.json("show", "dataset/many:v0")
    assert [one["path"] for one in shown["files"]] == [f"{number:03}" for number in range(150)]
    assert len(acme.json("resolve", "dataset/many")["files"]) == 150
    assert "150 in memory://" in acme("show", "dataset/many:v0")


def test_references(shell):
    shell("init", "acme")
    shell.directory /= "acme"
    raw = shell.write("../acme-store/raw/october.csv", "1,2\n")
    shell("link", f"file://{raw}", "dataset/raw", code=2)
    assert "--reference" in shell.err
    assert "Linked dataset/raw:v0" in shell("link", f"file://{raw}", "dataset/raw", "--reference")
    assert shell("resolve", "dataset/raw") == f"file://{raw}\n"
    assert "was linked already" in shell("link", raw, "dataset/raw", "--reference")
    outside = shell.write("../elsewhere.csv", "3,4\n")
    shell("link", outside, "dataset/raw", "--reference", code=4)
    assert "--trust-uri" in shell.err
    shell("link", outside, "dataset/raw", "--reference", "--trust-uri", f"file://{outside.parent}")


def test_a_weak_reference(acme):
    from fsspec.implementations.memory import MemoryFileSystem

    MemoryFileSystem().pipe_file("/acme/raw/october.csv", b"1,2\n")
    words = ["link", "memory://acme/raw/october.csv", "dataset/raw", "--reference"]
    assert "It is known by stat, not by its content" in acme(*words)
    assert "weak\t1 file not known by their content" in acme("show", "dataset/raw:v0")
    assert "not by its content" not in acme(*words, "--checksum")
    assert "weak" not in acme("show", "dataset/raw:v1")
    acme("download", "dataset/raw:v0", "there")


def test_unreadable_documents_are_rows(churn, git):
    (churn.directory / "model/churn/collection.yaml").write_text("format: 1\ntype: [\n")
    version = next((churn.directory / "model/churn/versions").glob("dbf*8c.yaml"))
    version.write_text("nonsense")
    (churn.directory / "dataset/registry.yaml").write_text("format: 2\n")
    git(churn.directory, "commit", "-qam", "By hand")
    rows = churn("list").splitlines()
    assert "unreadable" in rows[0]
    assert "upgrade" in rows[0] or "newer" in rows[0]
    assert rows[1].startswith("model\tModels")
    assert "unreadable" in churn("list", "model")
    rows = churn("list", "model/churn").splitlines()
    assert len(rows) == 2
    assert "unreadable" in next(row for row in rows if "dbf98e82" in row)
    assert any("problem" in one for one in churn.json("list", "model/churn"))
    assert "unreadable" in churn("show", "model/churn@dbf98e82")


def test_unknown_fields_are_shown(churn, git):
    document = churn.directory / "model/churn/collection.yaml"
    document.write_text(document.read_text() + "colour: green\n")
    git(churn.directory, "commit", "-qam", "By hand")
    assert churn.json("list", "model")[0]["colour"] == "green"
    assert "colour\tgreen" in churn("show", "model/churn")
