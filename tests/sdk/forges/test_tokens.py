"""Which host a token goes to: its forge's own, or one that somebody named, by a tool as by ourselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from git_registry.sdk.forges.request import How

TOKENS = {
    name: f"{name} itself" for name in ("GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITLAB_TOKEN", "OAUTH_TOKEN")
}

MEANT = [
    ("gh", "github.com", {}),
    ("gh", "git.acme.example", {"GH_HOST": "git.acme.example"}),
    ("glab", "gitlab.com", {}),
    ("glab", "git.acme.example", {"GITLAB_HOST": "https://git.acme.example"}),
]
STRANGE = [
    ("gh", "github.evil.example", {}),
    ("gh", "github.evil.example", {"GH_HOST": "git.acme.example"}),
    ("glab", "gitlab.evil.example", {}),
    ("glab", "gitlab.evil.example", {"GITLAB_HOST": "git.acme.example"}),
]


@pytest.fixture
def at(bob, install):
    """Install a tool, and put the repository on a host."""

    def make(tool, host, **environ):
        bob.config("registry.web", f"https://{host}/acme/registry")
        bob.environ |= {**TOKENS, **environ}
        return install(tool)

    return make


@pytest.fixture
def user(monkeypatch, tmp_path, git):
    """Write into the user's own git config, which is about all of their repositories."""
    place = tmp_path / "user.gitconfig"
    place.write_text(Path(os.environ["GIT_CONFIG_GLOBAL"]).read_text())
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(place))
    return lambda *setting: git(tmp_path, "config", "--global", *setting)


@pytest.mark.parametrize(("tool", "host", "environ"), MEANT)
def test_a_tool_has_the_tokens_where_they_are_meant_for_the_host(bob, at, tool, host, environ):
    installed = at(tool, host, **environ)

    assert bob.asked().how is How.OPENED
    assert installed.tokens == sorted(TOKENS.values())


@pytest.mark.parametrize(("tool", "host", "environ"), STRANGE)
def test_a_host_is_told_no_token_for_what_it_is_called(bob, at, tool, host, environ):
    installed = at(tool, host, **environ)

    assert bob.asked().how is How.OPENED  # by whoever is logged in there
    assert installed.tokens == []


@pytest.mark.parametrize("hosts", [[], ["git.acme.example"]])
def test_whether_somebody_is_logged_in_is_asked_once_and_without_tokens(bob, at, hosts):
    gh = at("gh", "git.acme.example")
    gh.set(hosts=hosts)

    assert bob.asked().how is (How.OPENED if hosts else How.BY_MAIL)
    assert (gh.tokens, gh.logins) == ([], 1)


def test_what_is_set_for_all_repositories_names_no_host(bob, at, user):
    glab = at("glab", "evil.example")
    user("registry.forge", "gitlab")

    assert bob.asked().noun == "merge request"
    assert glab.tokens == []


@pytest.mark.parametrize("key", ["registry.https://git.acme.example.forge", "registry.forge"])
def test_what_is_set_for_a_host_or_in_a_repository_names_it(bob, at, user, key):
    glab = at("glab", "git.acme.example")
    user("registry.forge", "github")
    if key == "registry.forge":
        bob.config(key, "gitlab")
    else:
        user(key, "gitlab")

    assert bob.asked().noun == "merge request"
    assert glab.tokens == sorted(TOKENS.values())


def test_a_host_that_was_not_named_is_sent_nothing(bob, serve, user):
    forge = serve("gitea")
    bob.git(bob.desk.path, "config", "--unset", "registry.forge")
    user("registry.forge", "gitea")

    assert bob.asked().how is How.BY_HAND
    assert forge.asked == []
