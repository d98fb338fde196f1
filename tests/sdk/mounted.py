"""An organization that mounts another one, which is restricted, and what each is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.codec import encode
from git_registry.model.layout import ORGANIZATION
from git_registry.repository import identity
from git_registry.repository.advance import Proposed, advance
from git_registry.sdk import mounting
from git_registry.sdk.initialize import Setup, initialize, repository_for

from .desk import Desk
from .once import once, tell
from .ssh_host import Host


def organized(desk, **fields):
    """Change fields of a desk's `organization.yaml`, whatever they mean to anybody; no verb would."""

    def change(catalog):
        text = encode(replace(catalog.now().organization(), **fields))
        proposed = Proposed(changes={ORGANIZATION: text}, message="Change the organization")
        authorship = identity.authorship(catalog.repository, catalog.clock())
        advance(catalog.repository, catalog.branch, build=lambda _: proposed, authorship=authorship)

    desk(change)


def published(desk):
    """Publish what waits at a desk."""
    desk(lambda catalog: catalog.repository.git("push", "-q", "origin", "main"))


def hosting(tmp_path):
    return Host.made(tmp_path / "host")


@pytest.fixture
def host(request, tmp_path, monkeypatch):
    host = tell(request, hosting, tmp_path=tmp_path)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(host.top / "ssh"))
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "clones"))
    return host


@once
def vault(tmp_path, git, host, desk):
    """Whoever works in the restricted repository, published on the host; its store is its own."""
    path = tmp_path / "vault" / "acme-secret"
    setup = Setup(name="acme-secret", store=f"file://{tmp_path}/vault/store", admin="user:ada")
    initialize(repository_for(path), setup, clock=desk.clock)
    vault = Desk(path, desk.clock)
    vault.link("classified", "model/churn", aliases=["production"], metrics={"auc": 0.9})
    vault.link("more so", "model/churn")
    git(host.top, "clone", "-q", "--bare", path, "secret.git")
    git(path, "remote", "add", "origin", f"file://{host.top}/secret.git")
    git(path, "fetch", "-q", "origin")
    git(path, "branch", "-q", "-u", "origin/main")
    return vault


@once
def ada(desk, host, vault):
    """Somebody in the organization, which mounts the other one. She trusts nothing yet."""
    desk.link("public", "model/churn", aliases=["production"])
    organized(desk, repositories={"secret": host.url("secret.git")})
    return desk


@once
def trusting(ada):
    ada(mounting.trust, "secret")
    ada(mounting.fetch, "secret")
    return ada
