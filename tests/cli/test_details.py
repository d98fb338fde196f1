"""What nobody expects a command to get wrong."""

from __future__ import annotations

import pytest
from tests.index.test_numbers import rename
from tests.sdk.desk import Desk


def test_a_detached_head_can_be_read_and_not_written(churn, git):
    churn("promote", "model/churn:v1", "--to", "production")
    git(churn.directory, "checkout", "-q", "--detach", "HEAD~1")

    assert churn("resolve", "model/churn:staging").startswith("memory://")
    assert churn("list", "model/churn").startswith("v1\t")
    assert "Nothing wrong" in churn("check", "HEAD~1..HEAD")
    assert "git switch" in churn.error("promote", "model/churn:v1", "--to", "beta", code=2)["hint"]


def test_a_branch_keeps_the_numbers_that_are_published(acme, git, tmp_path):
    acme("link", "../model.bin", "model/churn")
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    git(acme.directory, "remote", "add", "origin", str(tmp_path / "upstream.git"))
    git(acme.directory, "fetch", "-q")
    git(acme.directory, "remote", "set-head", "origin", "main")
    git(acme.directory, "switch", "-q", "-c", "topic")
    acme.write("../model.bin", "other")
    acme("link", "../model.bin", "model/churn")

    assert [line.split("\t")[0] for line in acme("list", "model/churn").splitlines()] == ["v1?", "v0"]
    assert acme("sync") == "Published 1 commit to origin/topic\n"
    assert acme("list", "model/churn").startswith("v1?\t"), "it is not on the default branch"
    acme("promote", "model/churn:v1", "--to", "beta")
    assert "v1" not in git(acme.directory, "log", "-1", "--format=%s"), "a subject stays, the number may not"


def test_deleting_a_collection_leaves_peoples_files(churn, git):
    picture = churn.write("model/churn/img/a.png")
    git(churn.directory, "add", "model")
    git(churn.directory, "commit", "-q", "-m", "A picture")

    churn("delete", "model/churn", "--yes")

    assert picture.exists()
    assert not (churn.directory / "model/churn/collection.yaml").exists()


def test_a_deleted_registry_can_be_created_again(acme):
    acme("create", "vision", "--type", "model")
    acme("link", "../model.bin", "vision/a")
    acme("delete", "vision/a", "--yes")
    acme("delete", "vision", "--yes")
    acme("create", "vision", "--type", "model")
    assert "vision/a:v0" in acme("link", "../model.bin", "vision/a"), "its number comes back with the content"


def test_true_is_not_one(churn):
    churn("annotate", "model/churn:v0", "metadata.checked=1")
    churn("annotate", "model/churn:v0", "metadata.checked=true")
    assert churn.json("show", "model/churn:v0")["metadata"]["checked"] is True


def test_a_metric_given_again_counts(churn):
    churn("annotate", "model/churn:v1", "--metric", "auc=0.5")
    churn("link", "../model.bin", "model/churn", "--metric", "auc=0.95")
    assert churn.json("show", "model/churn:v1")["metrics"]["auc"] == 0.95


def test_inputs_that_come_too_late_are_told_of(churn):
    churn.write("../new.csv", "1")
    churn("link", "../new.csv", "dataset/new")
    said = churn("link", "../model.bin", "model/churn", "--input", "dataset/new:v0", "--name", "other")
    assert "inputs: 1 not recorded" in said
    assert "name: it stays churn" in said


def test_notes_with_comments_are_not_removed_unasked(churn, git):
    version = churn.json("show", "model/churn:v1")["id"]
    notes = churn.write(
        f"model/churn/versions/{version}.notes.yaml", "# seen by risk\nformat: 1\ntags: [eu]\n"
    )
    git(churn.directory, "add", "model")
    git(churn.directory, "commit", "-q", "-m", "Seen")
    churn("tag", "remove", "model/churn:v1", "eu", code=2)
    assert notes.exists()
    churn("tag", "remove", "model/churn:v1", "eu", "--rewrite")
    assert not notes.exists(), "notes that say nothing are no file"


def test_every_digit_of_a_digest_counts(churn):
    digest = churn.json("show", "model/churn:v0")["digest"].removeprefix("sha256:")
    assert churn("resolve", f"model/churn@sha256:{digest}")
    churn.error("resolve", f"model/churn@{digest[:32]}{'0' * 32}", code=5)


def test_an_alias_is_removed_from_a_collection_not_from_a_version(churn):
    assert (
        "takes a collection" in churn.error("alias", "remove", "model/churn:v1", "staging", code=2)["message"]
    )


def test_what_was_expected_may_be_unlinked_meanwhile(churn):
    churn("promote", "model/churn:v0", "--to", "production")
    churn("unlink", "model/churn:v0")
    churn.error("promote", "model/churn:v1", "--to", "production", "--expect", "v0", code=6)


def test_a_card_that_cant_be_read_hides_nothing_else(churn, git):
    card = churn.write("model/README.md", "# Models\n")
    card.chmod(0o755)
    git(churn.directory, "add", "model")
    git(churn.directory, "commit", "-q", "-m", "Card")
    assert "unreadable" in churn("show", "model")


@pytest.mark.parametrize(
    "words",
    [
        ("create", "model/x", "--tag", "a/b"),
        ("create", "vision", "--type", "a/b"),
        ("edit", "model", "--add-type", "a:b"),
    ],
)
def test_a_bad_tag_or_type_is_a_matter_of_usage(acme, words):
    acme.error(*words, code=2)


def test_a_failed_init_leaves_nothing(shell, monkeypatch):
    for name in ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    assert "user.email" in shell.error("init", "acme", code=2)["hint"]
    assert not (shell.directory / "acme").exists()


def test_secrets_are_not_repeated(acme):
    for source in ("https://user:s3cret@host/x", "https://user:s3@cret@host/x"):
        acme("link", source, "model/x", code=3)
        assert "cret" not in acme.err
        acme("clone", source, "there", code=7)
        assert "cret" not in acme.err


def test_nobodys_git_directory_is_uploaded(acme):
    acme.write("../cloned/.git/config", "[remote]\n")
    acme.write("../cloned/weights", "1")
    assert ".git" in acme.error("link", "../cloned", "model/cloned", code=3)["message"]


def test_an_input_that_may_not_be_read_is_still_lineage(acme):
    acme("link", "../model.bin", "model/churn", "--input", "https://data.example/2026.csv")
    assert acme.json("show", "model/churn:v0")["inputs"] == [{"uri": "https://data.example/2026.csv"}]


def test_what_check_refuses_is_not_published(churn, git, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    git(churn.directory, "remote", "add", "origin", str(tmp_path / "upstream.git"))
    churn("sync")
    churn.write("model/churn/aliases/staging.yaml", "format: 1\nversion: nonsense\n")
    git(churn.directory, "commit", "-q", "-a", "-m", "By hand")
    churn("sync", code=3)
    assert "aliases/staging.yaml:2: version" in churn.err
    assert git(churn.directory, "rev-parse", "origin/main") == git(churn.directory, "rev-parse", "HEAD~1")


def test_a_download_is_never_a_repository(acme):
    acme.write("../art/.GIT/config", "[core]\n")
    acme.error("link", "../art", "model/evil", code=3)


def test_an_alias_that_cant_be_read_blocks_nothing(churn, git):
    churn.write("model/churn/aliases/torn.yaml", "format: 1\nversion: [\n")
    git(churn.directory, "add", "model")
    git(churn.directory, "commit", "-q", "-m", "Torn")

    assert "torn.yaml" in churn("show", "model/churn")
    churn("promote", "model/churn:v0", "--to", "torn")
    assert "model/churn:torn" in churn("alias", "remove", "model/churn", "torn")


def test_an_organization_that_cant_be_read_stops_no_reading(churn, git):
    churn.write("organization.yaml", "format: 1\nname: [\n")
    git(churn.directory, "commit", "-q", "-a", "-m", "Torn")
    assert churn("resolve", "model/churn:staging").startswith("memory://")
    assert churn("list", "model/churn").count("\n") == 2
    churn("check", code=3)


def test_two_people_note_different_things(churn, git, tmp_path, capsys):
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    for name in ("ana", "bob"):
        churn("clone", str(tmp_path / "upstream.git"), str(tmp_path / name))
    ana, bob = (type(churn)(tmp_path / name, capsys) for name in ("ana", "bob"))
    ana("annotate", "model/churn:v1", "--metric", "f1=0.8", "--push")
    assert "both changes are in it" in bob("annotate", "model/churn:v1", "--metric", "loss=0.2", "--push")
    bob("tag", "add", "model/churn:v1", "eu", "--push")
    ana("tag", "add", "model/churn:v1", "us", "--push")
    version = ana.json("show", "model/churn:v1")
    assert version["metrics"] == {"auc": 0.95, "f1": 0.8, "loss": 0.2}
    assert sorted(version["tags"]) == ["eu", "us"]
    bob("annotate", "model/churn:v1", "--metric", "f1=0.7")
    ana("annotate", "model/churn:v1", "--metric", "f1=0.9", "--push")
    bob("sync", code=6)


def test_the_alias_v1_in_capitals_is_none_either(churn):
    churn.error("promote", "model/churn:v0", "--to", "V1", code=2)


def test_wandbs_names_are_not_registries_of_their_own(acme):
    acme.error("create", "wandb-registry-x", code=2)


def test_only_plain_files_are_replaced(churn, tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe")
    churn("download", "model/churn:v0", tmp_path / "pipe", "--path", "model.bin", "--force", code=6)
    assert (tmp_path / "pipe").is_fifo()


def test_a_file_name_forges_no_line_of_ours(acme):
    acme.write("../odd/a\nhint: b")
    acme("link", "../odd", "model/x", code=3)
    assert acme.err.count("\nhint: b") == 0


def test_nobody_listens(churn):
    import subprocess
    import sys

    command = [sys.executable, "-m", "git_registry.cli", "list"]
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command], cwd=churn.directory, capture_output=True
    )
    assert (closed.returncode, closed.stderr) == (0, b"")


def test_an_input_is_called_what_its_collection_is_called_by_now(churn, git):
    used = churn.json("show", "model/churn:v0")["inputs"][0]
    rename(Desk(churn.directory), git, "dataset/customers", "dataset/people")

    assert "input\tdataset/people:v0\n" in churn("show", "model/churn:v0")
    assert "dataset/people:v0" in churn("compare", "model/churn:v0", "model/churn:v1")
    assert "input\tdataset/customers:v0\n" in churn("show", "model/churn:v0", "--at", "HEAD~1")
    assert churn.json("show", "model/churn:v0")["inputs"] == [used]
    churn("unlink", "dataset/people:v0")
    assert "input\tdataset/people:v0\n" in churn("show", "model/churn:v0")


def test_an_input_that_was_purged_is_called_what_it_was(churn, git):
    git(churn.directory, "rm", "-q", "-r", "dataset/customers/versions")
    git(churn.directory, "commit", "-q", "-m", "Purge")

    assert "input\tdataset/customers:v0\n" in churn("show", "model/churn:v0")


def test_linking_to_a_name_of_the_past_is_told(churn, git):
    rename(Desk(churn.directory), git, "model/churn", "model/leavers")
    churn("show", "model/churn:staging", code=5)
    assert churn.err.splitlines()[1].startswith("hint: it was renamed to model/leavers by Ada Lovelace on ")

    assert "Created the collection model/churn" in churn("link", "../customers.csv", "model/churn")
    assert churn.err == "model/churn was renamed to model/leavers; this is a new collection\n"
