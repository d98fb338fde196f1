"""What the server's gate does where the repository is not as it should be."""

from __future__ import annotations

import os
import subprocess
import sys

ORGANIZATION = 'format: 1\nname: acme\nstore: "file:///srv/store"\nadmins: ["user:ana"]\n'


def judged(repository, old, new):
    """Judge a push as ana, as git would start the hook, and return how that ended."""
    return subprocess.run(
        [sys.executable, "-I", "-m", "git_registry.hooks.pre_receive"],
        input=f"{old} {new} refs/heads/main\n",
        cwd=repository,
        env={**os.environ, "GIT_DIR": ".", "REG_USER": "ana"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_policy_that_is_missing_is_not_fetched(make_repository, git, tmp_path):
    """A server may be a partial clone, whose config says by which program to fetch."""
    work = make_repository("work", {"organization.yaml": ORGANIZATION})
    first = git(work, "rev-parse", "HEAD")
    git(work, "commit", "-q", "--allow-empty", "-m", "Second")
    git(tmp_path, "clone", "-q", "--bare", work, "acme.git")
    server, asked = tmp_path / "acme.git", tmp_path / "asked"
    git(server, "config", "registry.identity", "env:REG_USER")
    second = git(server, "rev-parse", "main")
    git(server, "update-ref", "refs/heads/main", first)
    assert judged(server, first, second).returncode == 0

    for key, value in {
        "remote.origin.url": "git@elsewhere.example:acme",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "core.sshCommand": f"touch {asked}; false",
    }.items():
        git(server, "config", key, value)
    blob = git(server, "rev-parse", "main:organization.yaml")
    (server / "objects" / blob[:2] / blob[2:]).unlink()
    done = judged(server, first, second)

    assert done.returncode not in (0, 5), done.stderr
    assert "Traceback" not in done.stderr
    assert not asked.exists()
