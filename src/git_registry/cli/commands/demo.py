"""`git registry demo`: the whole story, by the commands a reader can copy."""

from __future__ import annotations

import contextlib
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from git_registry.cli.entry import run
from git_registry.cli.options import Verb
from git_registry.cli.session import Session
from git_registry.errors import Conflict, UsageError
from git_registry.repository.identity import author
from git_registry.sdk.initialize import repository_for

ORGANIZATION = "acme"

DATA = "../customers.csv"
DATA_MADE_BY = (
    """seq 500 | awk 'BEGIN { print "customer,age,left" } """
    """{ age = 20 + $1 * 7 % 50; print $1 "," age "," (age > 50) }' > """ + DATA
)
MODEL = "../churn.json"
MODEL_CONTENT = '{"leaves if": "age > 50"}'
MODEL_MADE_BY = f"echo '{MODEL_CONTENT}' > {MODEL}"

STORY = (
    ("link", DATA, "dataset/customers", "--description", "Who left in October."),
    (
        *("log", MODEL, "projects/churn/rule", "--type", "model", "--input", "dataset/customers:v0"),
        *("--metric", "auc=0.93", "--metadata", "framework=none"),
    ),
    ("link", "projects/churn/rule:v0", "model/churn", "--alias", "staging"),
    ("list", "model/churn"),
    ("promote", "model/churn:staging", "--to", "production", "--expect", "none"),
    ("show", "model/churn:production"),
    ("lineage", "model/churn:production"),
    ("resolve", "model/churn:production"),
    ("download", "model/churn:production", "../deployed"),
)


@click.command(cls=Verb, example="git registry demo\ngit registry demo --keep /tmp/acme-demo")
@click.option(
    "--keep", metavar="DIR", type=click.Path(path_type=Path), help="Play in DIR, and leave it there."
)
@click.pass_obj
def command(session: Session, keep: Path | None) -> None:
    """Play the whole story in a temporary directory: log, link, promote, resolve, download, verify.

    Every command is printed as you would type it, then run. Nothing outside of the directory is touched. It
    is to be read, so it is the one command without --json.
    """
    if session.output.json:
        raise UsageError("a demo is to be read", where="--json")
    with _stage(keep) as directory:
        code = _play(session, directory)
    click.get_current_context().exit(code)


@contextlib.contextmanager
def _stage(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="git-registry-demo-") as directory:
            yield Path(directory)
        return
    if keep.exists() and any(keep.iterdir()):
        raise Conflict("the directory is not empty", where=str(keep), hint="name another one")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep.absolute()


def _play(session: Session, directory: Path) -> int:
    """Run the story; return the exit code of the first command that failed, or 0."""
    clone = directory / ORGANIZATION
    _say(session, f"mkdir -p {shlex.quote(str(directory))} && cd {shlex.quote(str(directory))}")
    with contextlib.chdir(directory):
        _introduce(session, clone)
        code = _command(session, ("init", ORGANIZATION))
        if code:
            return code
    session.output.line()
    _say(session, f"cd {ORGANIZATION}")
    with contextlib.chdir(clone):
        _write(session, DATA, DATA_MADE_BY, _customers())
        _write(session, MODEL, MODEL_MADE_BY, MODEL_CONTENT + "\n")
        for words in STORY:
            code = _command(session, words)
            if code:
                return code
    return 0


def _introduce(session: Session, clone: Path) -> None:
    """Give whoever has no Git identity one, for this repository alone."""
    repository = repository_for(clone)
    try:
        author(repository, session.now)
    except UsageError:
        _say(session, f"git init {ORGANIZATION}")
        for key, value in (("user.name", "Ana Demo"), ("user.email", "ana@acme.example")):
            _say(session, f"git -C {ORGANIZATION} config {key} {shlex.quote(value)}")
            repository.set_config(key, value)


def _command(session: Session, words: tuple[str, ...]) -> int:
    session.output.line()
    _say(session, shlex.join(("git", "registry", *words)))
    return run(words, directory=str(Path.cwd()))


def _write(session: Session, name: str, made_by: str, content: str) -> None:
    _say(session, made_by)
    Path(name).write_text(content)


def _customers() -> str:
    ages = ((customer, 20 + customer * 7 % 50) for customer in range(1, 501))
    return "customer,age,left\n" + "".join(f"{customer},{age},{int(age > 50)}\n" for customer, age in ages)


def _say(session: Session, typed: str) -> None:
    session.output.line(f"$ {typed}")
    sys.stdout.flush()
