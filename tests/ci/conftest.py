"""An organization on a host, and a request there that does what only its admins may."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
import yaml
from tests.ci.machine import Machine

ACCESS = "format: 1\nmembers: {user:ana: member}\n"
IDENTITIES = (
    "identities:\n"
    "  user:ada: {github: ada-gh, gitlab: ada-gl}\n"
    "  user:ana: {github: ana-gh, gitlab: ana-gl}\n"
)


def pytest_collection_modifyitems(items):
    if shutil.which("jq") is None:
        skip = pytest.mark.skip(reason="the scripts need jq, which the hosts' machines have")
        for item in items:
            if item.path.parent.name == "ci" and "machine" in item.fixturenames:
                item.add_marker(skip)


def registry(directory, *words):
    command = (sys.executable, "-m", "git_registry.cli", *words)
    return subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def organization(tmp_path_factory):
    """Make an organization, and a branch of two commits that does what only its admins may."""
    place = tmp_path_factory.mktemp("organization")

    def run(*command):
        subprocess.run(command, cwd=place, check=True, capture_output=True)

    registry(place, "init", ".", "--admin", "user:ada", "--store", "s3://acme-ml")
    registry(place, "create", "model/churn", "--type", "model")
    with (place / "organization.yaml").open("a") as file:
        file.write(IDENTITIES)
    (place / "model" / "access.yaml").write_text(ACCESS)
    run("git", "add", "--all")
    run("git", "commit", "--quiet", "--message", "Who may do what")
    run("git", "switch", "--quiet", "--create", "ana/back")
    registry(place, "access", "grant", "model", "user:bob", "member")
    registry(place, "edit", "model/churn", "--title", "Churn")
    run("git", "switch", "--quiet", "main")
    return place


@pytest.fixture
def machine(tmp_path, organization, git):
    """A machine of the host of that organization."""
    origin = tmp_path / "acme" / "registry"
    git(tmp_path, "clone", "--quiet", "--bare", organization, origin)
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    return Machine(tmp_path, origin)


@pytest.fixture(scope="session")
def written(organization, tmp_path_factory):
    """Return the files that a command writes, read: by the name of the file."""
    place = tmp_path_factory.mktemp("written") / "clone"
    subprocess.run(["git", "clone", "--quiet", organization, place], check=True)
    words = ("--version", "1.2.3", "--automations", "--secret", "REG_WH_DEPLOY=https://deploy.example/,model")
    registry(place, "ci", "github", *words)
    registry(place, "ci", "gitlab", *words)
    files = [*(place / ".github" / "workflows").iterdir(), place / ".gitlab-ci.yml"]
    return {file.name: read(file.read_text()) for file in files}


def read(text):
    """Return a pipeline as its host reads it: `on` is a name there, and YAML 1.1 calls it true."""
    document = yaml.safe_load(text)
    return json.loads(json.dumps({"on" if key is True else key: value for key, value in document.items()}))
