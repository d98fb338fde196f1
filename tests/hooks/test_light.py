"""A hook imports what a push needs, and nothing that is slow: it starts anew for each push."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.flows.steps import CHURN, SECOND, THIRD, VERSIONS, alias
from tests.hooks.hostile import BASES, FILE, MAIN, World

from git_registry.catalog.documents import document_of
from git_registry.codec.canonical import encode
from git_registry.codec.reading import decode
from git_registry.model import layout
from git_registry.repository.repository import Repository

HEAVY = {
    *("click", "fsspec", "pygit2", "_pygit2", "sqlite3", "asyncio", "yaml", "platformdirs", "msgspec"),
    *("tempfile", "shutil", "random", "json", "hashlib", "ssl", "socket", "http", "email", "logging", "bz2"),
    *("difflib", "concurrent", "multiprocessing", "urllib.request", "argparse", "decimal"),
}
"""Each takes longer than what it could be asked for here, or has no place in what judges."""

LATE = {
    *("policy.gates", "policy.pointing", "policy.evidence", "model.filters", "catalog.judging.approving"),
    *(
        "repository.history",
        "repository.signatures",
        "repository.writing",
        "catalog.transaction",
        "sdk",
        "cli",
    ),
    *("model.documents.run", "model.documents.project", "model.documents.notes", "codec.strict"),
    *("hooks.identity.gitlab", "hooks.identity.gitea", "hooks.identity.gerrit", "hooks.identity.signed_push"),
}
"""Parts of ours that an ordinary push has no need of."""

MOST_DATACLASSES = 40
"""A class takes 0.3 ms to make: what is only handed on inside is a named tuple."""

JUDGING = """\
import os, sys
from git_registry.hooks import pre_receive
code = pre_receive.main()
made = {
    one for module in list(sys.modules.values()) if (module.__name__ or "").startswith("git_registry.")
    for one in vars(module).values() if isinstance(one, type) and "__dataclass_fields__" in vars(one)
}
print(code, len(made), *sys.modules)
"""


def canonical(path, text):
    """Return a document as the codec writes it, which is read without a YAML parser."""
    kind = document_of(layout.identify(path).kind)
    return encode(decode(kind, text.encode())).decode() if kind else text


@pytest.fixture
def judging(world):
    """Return a function that judges a push in a fresh process: its code, what it made, what it imported."""

    def judge(files, who="ana"):
        there = {path: (FILE, canonical(path, text).encode()) for path, text in {**BASES, **files}.items()}
        new = world.commit(world.tree(there), [world.base])
        done = subprocess.run(
            [sys.executable, "-I", "-c", JUDGING],
            cwd=world.path,
            input=f"{world.base} {new} {MAIN}\n",
            env={**os.environ, "GIT_DIR": ".", "REG_USER": who},
            capture_output=True,
            text=True,
            check=True,
        )
        code, made, *modules = done.stdout.split()
        return int(code), int(made), set(modules)

    return judge


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "acme.git", {path: canonical(path, text) for path, text in BASES.items()})
    Repository.open(made.path).set_config("registry.identity", "env:REG_USER")
    return made


def ours(modules):
    return {one.removeprefix("git_registry.") for one in modules if one.startswith("git_registry.")}


def test_linking_a_version_imports_what_that_takes(judging):
    code, made, modules = judging({f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}, who="bob")

    assert code == 0
    assert "git_registry.model.documents.manifest" in modules
    assert modules & HEAVY == set()
    assert ours(modules) & LATE == set()
    assert made <= MOST_DATACLASSES


def test_moving_an_alias_imports_its_gates_and_nothing_heavy(judging):
    code, _, modules = judging({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})

    assert code == 0
    assert "git_registry.policy.gates" in modules
    assert modules & (HEAVY - {"json"}) == set()


def test_what_is_refused_imports_nothing_heavy_either(judging):
    code, _, modules = judging(
        {"organization.yaml": "format: 1\nname: other\nstore: s3://acme-ml\n"}, who="bob"
    )

    assert code != 0
    assert modules & (HEAVY - {"json", "difflib"}) == set()


def test_a_heavy_import_would_be_seen():
    told = subprocess.run(
        [sys.executable, "-I", "-c", "import sqlite3, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
    )

    assert "sqlite3" in told.stdout.split()
