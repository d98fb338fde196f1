"""Which code ran: what is recorded of it, and that no secret is."""

from __future__ import annotations

import pytest

from git_registry.model.documents.manifest import Code
from git_registry.sdk.provenance import LONGEST_ARGUMENT, MOST_ARGUMENTS, provenance


@pytest.fixture
def project(make_repository):
    return make_repository("code", {"src/train.py": "print()\n"}, "-b", "main")


def test_the_commit_the_script_and_its_words(project, git):
    git(project, "remote", "add", "origin", "https://ana:t0ken@git.example.org/acme/churn.git")

    code = provenance(["src/train.py", "--fast", "3"], project)

    assert code == Code(
        repository="https://git.example.org/acme/churn.git",
        commit=git(project, "rev-parse", "HEAD"),
        dirty=False,
        path="src/train.py",
        args=("--fast", "3"),
    )


def test_what_is_not_committed_is_dirty(project):
    (project / "notes.txt").write_text("new files don't count")
    assert provenance(["src/train.py"], project).dirty is False

    (project / "src/train.py").write_text("print(1)\n")
    assert provenance(["src/train.py"], project).dirty is True


def test_the_script_is_looked_for_where_it_lies(project, tmp_path, git):
    code = provenance([str(project / "src/train.py")], tmp_path)

    assert (code.commit, code.path) == (git(project, "rev-parse", "HEAD"), "src/train.py")


def test_outside_of_a_repository(tmp_path):
    (tmp_path / "train.py").touch()

    assert provenance(["train.py", "x"], tmp_path) == Code(path="train.py", args=("x",))
    assert provenance([""], tmp_path) is None
    assert provenance(["-c"], tmp_path) is None


def test_a_repository_without_commits(tmp_path, git):
    git(tmp_path, "init", "-q", "new")
    (tmp_path / "new/train.py").touch()

    assert provenance(["train.py"], tmp_path / "new") == Code(path="train.py")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["--token=abc"], ("--token=***",)),
        (["--api-key", "abc", "--lr", "3"], ("--api-key", "***", "--lr", "3")),
        (["--password", "-hunter2"], ("--password", "***")),
        (["--pwd", "x", "--pass", "y", "--db-pass=z"], ("--pwd", "***", "--pass", "***", "--db-pass=***")),
        (["--access_key=x", "--hf-key", "y"], ("--access_key=***", "--hf-key", "***")),
        (["-p", "pw", "-H", "X-Auth: q"], ("-p", "***", "-H", "***")),
        (["--password:x", "Authorization: Bearer y"], ("***", "***")),
        (['{"api_key": "x"}', '--opt={"password":"y"}'], ("***", "***")),
        (["AKIAIOSFODNN7EXAMPLE"], ("***",)),
        (["--tokenizer", "bert", "--monkey=1"], ("--tokenizer", "bert", "--monkey=1")),
        (["WANDB_API_KEY=abc"], ("WANDB_API_KEY=***",)),
        (["db://ana:secret@host/x"], ("db://host/x",)),
        (["https://x.org/a?X-Amz-Signature=abc"], ("https://x.org/a",)),
        (["author"], ("author",)),
        (["a\x1b[31mb"], (r"a\x1b[31mb",)),
        (["x" * 2000], ("x" * LONGEST_ARGUMENT,)),
    ],
)
def test_no_secret_among_the_words_is_kept(project, given, kept):
    assert provenance(["src/train.py", *given], project).args == kept


def test_a_long_line_is_cut(project):
    args = provenance(["src/train.py", *map(str, range(MOST_ARGUMENTS + 5))], project).args

    assert args[-1] == "… 5 more"
    assert len(args) == MOST_ARGUMENTS + 1
