"""The first push to a server: where it goes, and that it shuts nobody out."""

from __future__ import annotations

import sys

import pytest
from tests.flows.stepping import organization, work

MAIN = "refs/heads/main"


@pytest.fixture
def empty(on, tmp_path):
    server = on("local")
    server.protect("user:ana")
    return work(tmp_path / "work", server)


def test_it_goes_to_the_branch_that_the_server_reads_its_rules_from(empty):
    empty.server.run("git", "-C", str(empty.server.repository), "symbolic-ref", "HEAD", "refs/heads/master")
    first = empty.commit(organization(empty.server))

    elsewhere = empty.push("ana", f"{first}:{MAIN}")
    there = empty.push("ana", f"{first}:refs/heads/master")

    assert elsewhere.code != 0
    assert "it has to come first, on the default branch, master" in elsewhere.said
    assert "git symbolic-ref HEAD refs/heads/<branch>" in elsewhere.said
    assert there.code == 0, there.said


def test_who_makes_it_is_an_admin_after_it(empty):
    files = organization(empty.server)
    (path,) = (path for path in files if path == "organization.yaml")
    others = {**files, path: files[path].replace("user:ana", "user:lovelace")}

    shut_out = empty.push("ana", f"{empty.commit(others)}:{MAIN}")
    founded = empty.push("ana", f"{empty.commit(files)}:{MAIN}")

    assert shut_out.code != 0
    assert "could push nothing after it: user:ana would be none of its admins" in shut_out.said
    assert "name user:ana among `admins`" in shut_out.said
    assert founded.code == 0, founded.said


GITLAB = f"""#!/bin/sh
export GL_ID=user-7 GL_USERNAME=ana GL_PROTOCOL=http GL_REPOSITORY=project-3 GL_PROJECT_PATH=acme/registry
exec {sys.executable} -I -m git_registry.hooks.pre_receive
"""


def test_an_account_that_nobody_says_whose_it_is_would_be_nobody(empty):
    for key, value in {"identity": "gitlab", "rescue": "gitlab:ana"}.items():
        empty.server.configure(**{f"registry_{key}": value})
    empty.server.hook("pre-receive", GITLAB)
    first = empty.commit(organization(empty.server))

    done = empty.push("ana", f"{first}:{MAIN}")

    assert done.code != 0
    assert "`user:NAME: {gitlab: ana}`" in done.said
