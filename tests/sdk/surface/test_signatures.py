"""What W&B's SDK 0.31.0 takes, ours takes: the same arguments, in the same order, with the same defaults."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import git_registry as gr
from git_registry.sdk.surface.artifact_type import ArtifactType
from git_registry.sdk.surface.collection import ArtifactCollection
from git_registry.sdk.surface.collections import Collections
from git_registry.sdk.surface.entries import ArtifactManifestEntry
from git_registry.sdk.surface.past_run import PastRun
from git_registry.sdk.surface.project import Project
from git_registry.sdk.surface.registries import Registries

LINES = (Path(__file__).parent / "signatures.txt").read_text().splitlines()

OURS = {
    "Api": gr.Api,
    "Artifact": gr.Artifact,
    "ArtifactCollection": ArtifactCollection,
    "ArtifactType": ArtifactType,
    "Collections": Collections,
    "Entry": ArtifactManifestEntry,
    "PastRun": PastRun,
    "Project": Project,
    "Registries": Registries,
    "Registry": gr.Registry,
    "Run": gr.Run,
    "Table": gr.Table,
    "init": gr.init,
    "login": gr.login,
}

OTHERWISE = {
    ("Artifact", "digest_algorithm"): "files are known by their SHA-256, so nothing is the default",
    ("Run.alert", "text"): "a title may do",
}
"""Defaults that differ, and why."""


def wandbs(line):
    """Return a name and W&B's parameters of it."""
    name, _, parameters = line.partition("(")
    scope = {}
    exec(f"def f({parameters}: ...", scope)
    return name, inspect.signature(scope["f"]).parameters


def ours(name):
    """Return our parameters of the same."""
    above, _, method = name.partition(".")
    known = inspect.signature(getattr(OURS[above], method) if method else OURS[above]).parameters
    return {one: known[one] for one in known if one != "self"}


@pytest.mark.parametrize("line", LINES, ids=[line.partition("(")[0] for line in LINES])
def test_what_wandb_takes_is_taken(line):
    name, wanted = wandbs(line)
    taken = ours(name)

    assert list(taken)[: len(wanted)] == list(wanted)
    for parameter in wanted.values():
        same = taken[parameter.name]
        assert same.kind is parameter.kind, parameter
        assert (name, parameter.name) in OTHERWISE or same.default == parameter.default, parameter
    more = [taken[one] for one in taken if one not in wanted]
    assert all(one.default is not inspect.Parameter.empty for one in more)
