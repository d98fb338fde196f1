"""What is said of all the scripts: they are as for W&B but for the import, and each is run by a story."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from .machine import SCRIPTS

HERE = Path(__file__).parent
OF_WANDB = {"from git_registry import ArtifactTTL"} | {
    f"from git_registry.automations import {name}"
    for name in ("ArtifactEvent", "OnAddArtifactAlias", "OnLinkArtifact", "SendWebhook")
}
"""What scripts import by name, from W&B as from here."""


def imports(script):
    """Yield each thing of ours that a script imports, as it is written."""
    for node in ast.walk(ast.parse(script.read_text())):
        if isinstance(node, ast.Import):
            yield from (f"import {one.name} as {one.asname}" for one in node.names if is_ours(one.name))
        if isinstance(node, ast.ImportFrom) and is_ours(node.module):
            yield from (f"from {node.module} import {one.name}" for one in node.names)


def is_ours(module):
    return module.partition(".")[0] == "git_registry"


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.py")), ids=lambda script: script.stem)
def test_only_the_import_differs(script):
    first, *others = imports(script)

    assert first in ("import git_registry as gr", "import git_registry as wandb")
    assert set(others) <= OF_WANDB


def test_each_script_is_run_by_a_story():
    stories = "".join(story.read_text() for story in HERE.glob("test_*.py"))

    run = set(re.findall(r"\.runs\(\s*\"(\w+)\"", stories))

    assert run == {script.stem for script in SCRIPTS.glob("*.py")}
