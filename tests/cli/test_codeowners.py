"""`git registry codeowners`, byte for byte."""

from __future__ import annotations

import pytest

from .once import once

ORGANIZATION = """\
format: 1
name: acme
store: memory://acme
admins: [user:ada]
teams:
  nlp: {members: [user:bob], github: acme/nlp, gitlab: acme/nlp}
identities:
  user:ada: {github: ada-gh, gitlab: ada, gitea: ada}
  user:bob: {gitea: bob}
"""


@once
def acme(acme, git):
    acme.write("organization.yaml", ORGANIZATION)
    git(acme.directory, "commit", "-qam", "Who we are")
    acme("access", "grant", "model", "nlp", "member")
    acme("access", "grant", "model", "alice", "admin")
    acme("access", "protect", "model", "production")
    return acme


@pytest.mark.parametrize("host", ["github", "gitlab", "gitea"])
def test_the_file(acme, golden, host):
    golden(f"codeowners/{host}.txt", acme("codeowners", "--for", host, "--output", "-"))
    assert acme.err == f"note: user:alice has no account on {host} in `identities`, and is not named\n"
    assert not list(acme.directory.rglob("CODEOWNERS"))


def test_it_is_written_committed_and_right_until_the_rules_change(acme, git):
    assert acme("codeowners", "--check", code=4).startswith("+ # Made by `git registry codeowners")
    assert acme("codeowners") == "Wrote .github/CODEOWNERS; commit it\n"
    git(acme.directory, "add", ".github")
    git(acme.directory, "commit", "-qm", "Owners")
    assert acme("codeowners", "--check") == ".github/CODEOWNERS is as the rules have it\n"
    assert acme("codeowners") == ".github/CODEOWNERS was so already\n"

    acme("access", "unprotect", "model", "production")

    assert acme("codeowners", "--check", code=4) == "- /model/*/aliases/production.yaml @ada-gh\n"
    assert acme("codeowners", "--check", "--at", "HEAD~1") == ".github/CODEOWNERS is as the rules have it\n"


def test_json(acme, golden):
    golden("codeowners/github.json", acme("codeowners", "--check", "--json", code=4))


def test_a_host_that_nobody_has_an_account_on(acme, git):
    acme.write("organization.yaml", ORGANIZATION.replace("{github: ada-gh, gitlab: ada, gitea: ada}", "{}"))
    git(acme.directory, "commit", "-qam", "No accounts")

    acme("codeowners", code=4)

    assert "no organization admin has an account on github" in acme.err


BY_HAND = "* @nobody-else\n"


def test_what_somebody_wrote_and_did_not_commit_is_not_written_over(acme, git):
    owners = acme.write(".github/CODEOWNERS", BY_HAND)

    error = acme.error("codeowners", code=6)
    assert (error["where"], owners.read_text()) == (".github/CODEOWNERS", BY_HAND)
    assert "--rewrite" in error["hint"]

    acme("codeowners", "--rewrite")
    assert owners.read_text().startswith("# Made by")


@pytest.mark.parametrize("how", ["staged", "edited", "ignored"])
def test_nor_what_git_keeps_no_copy_of(acme, git, how):
    owners = acme.write(".github/CODEOWNERS", BY_HAND)
    if how == "ignored":
        acme.write(".gitignore", "CODEOWNERS\n")
    else:
        git(acme.directory, "add", ".github")
    if how == "edited":
        git(acme.directory, "commit", "-qm", "By hand")
        owners.write_text(f"{BY_HAND}/model/ @me\n")

    before = owners.read_text()
    acme("codeowners", code=6)
    assert owners.read_text() == before


def test_what_is_committed_or_was_made_here_is_written_anew(acme, git):
    owners = acme.write(".github/CODEOWNERS", BY_HAND)
    git(acme.directory, "add", ".github")
    git(acme.directory, "commit", "-qm", "By hand")

    acme("codeowners")
    acme("access", "unprotect", "model", "production")
    acme("codeowners")

    assert "production" not in owners.read_text()
