"""The README's workflow for github.com: the shell of its step, with what `gh` would answer."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from tests.test_readme import README, executable

from git_registry.errors import Refused

pytestmark = pytest.mark.skipif(
    shutil.which("jq") is None, reason="the step needs jq, which GitHub's machines have"
)

ACCESS = "format: 1\nmembers: {user:ana: member}\nprotected_aliases: {production: {}}\n"
IDENTITIES = "identities: {user:ada: {github: ada-gh}, user:ana: {github: ana-gh}}\n"


def step():
    """Return the shell that judges, out of the workflow in the README."""
    text = README.read_text().partition("# .github/workflows/registry.yml\n")[2].partition("```")[0]
    return yaml.safe_load(text)["jobs"]["registry"]["steps"][-1]["run"]


@dataclass
class Forge:
    """A directory that plays github.com: a repository with one request, and the answers that `gh` gives."""

    place: Path
    head: str

    def told(self, reviews=(), pushers=("ana-gh",)):
        """Say who reviewed the request, as (login, state, commit), and who pushed to it."""
        seen = [
            {"user": {"login": who}, "state": state, "commit_id": commit} for who, state, commit in reviews
        ]
        self.answer("reviews", [seen])
        self.answer("activity", [[{"actor": {"login": who}} for who in pushers]])

    def answer(self, about, document):
        (self.place / f"{about}.json").write_text(json.dumps(document))

    def judged(self, **event):
        """Run the step, and return how it ended and what it says on the page of the run."""
        work = self.place / "runner"
        work.mkdir()
        env = {"GITHUB_SERVER_URL": f"file://{self.place}", "GITHUB_REPOSITORY": "acme/registry"}
        env |= {"GITHUB_STEP_SUMMARY": str(work / "summary"), "ANSWERS": str(self.place)}
        env |= {"PATH": f"{self.place / 'bin'}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-e", "-c", step()], cwd=work, env=os.environ | env | event, check=False
        )
        page = work / "summary"
        said = page.read_text() if page.exists() else ""
        shutil.rmtree(work)
        return done.returncode, said

    def requested(self):
        return self.judged(NUMBER="7", HEAD=self.head, GITHUB_REF="refs/pull/7/merge")


GH = """#!/bin/sh
for last; do :; done
case "$last" in
setup-git) ;;
*/pulls/7) cat "$ANSWERS/pull.json" ;;
*/pulls/7/reviews*) cat "$ANSWERS/reviews.json" ;;
repos/ana-gh/fork/activity*"ref=refs/heads/ana%2Fback") cat "$ANSWERS/activity.json" ;;
*) echo "gh: nobody asked for $last" >&2; exit 1 ;;
esac
"""


@pytest.fixture
def forge(tmp_path, git):
    """A request by ana-gh, from her fork, that moves an alias which only admins may move."""
    (tmp_path / "bin").mkdir()
    executable(tmp_path / "bin" / "gh", GH)
    executable(
        tmp_path / "bin" / "git-registry", f'#!/bin/sh\nexec {sys.executable} -m git_registry.cli "$@"\n'
    )
    head = _made(tmp_path / "work", git)
    there = tmp_path / "acme" / "registry"
    git(tmp_path, "clone", "--quiet", "--bare", str(tmp_path / "work"), str(there))
    git(there, "config", "uploadpack.allowAnySHA1InWant", "true")
    made = Forge(tmp_path, head)
    made.answer(
        "pull",
        {"user": {"login": "ana-gh"}, "head": {"ref": "ana/back", "repo": {"full_name": "ana-gh/fork"}}},
    )
    return made


def _made(place, git):
    def registry(*args):
        command = [sys.executable, "-m", "git_registry.cli", *args]
        subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)

    place.mkdir()
    registry("init", ".", "--admin", "user:ada")
    (place / "weights").write_text("1")
    registry("link", "weights", "model/churn")
    (place / "weights").unlink()
    (place / "organization.yaml").write_text((place / "organization.yaml").read_text() + IDENTITIES)
    (place / "model" / "access.yaml").write_text(ACCESS)
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "Who may do what")
    git(place, "switch", "--quiet", "--create", "ana/back")
    registry("promote", "model/churn:v0", "--to", "production")
    head = git(place, "rev-parse", "HEAD")
    git(place, "switch", "--quiet", "main")
    return head


def test_a_request_is_not_allowed_by_whom_it_is_from(forge):
    forge.told()

    code, said = forge.requested()

    assert code == Refused.exit_code
    assert "user:ana" in said


def test_a_review_of_its_head_allows_it(forge):
    forge.told(reviews=[("ada-gh", "APPROVED", forge.head)])

    assert forge.requested()[0] == 0


@pytest.mark.parametrize(
    "reviews",
    [
        [("ada-gh", "APPROVED", "0" * 40)],
        [("ada-gh", "COMMENTED", None)],
        [("ada-gh", "APPROVED", None), ("ada-gh", "CHANGES_REQUESTED", None)],
        [("ada-gh", "DISMISSED", None)],
        [("ana-gh", "APPROVED", None)],
        [("ada", "APPROVED", None)],
    ],
)
def test_another_review_does_not(forge, reviews):
    forge.told(reviews=[(who, state, commit or forge.head) for who, state, commit in reviews])

    assert forge.requested()[0] == Refused.exit_code


def test_a_comment_after_an_approval_takes_nothing_back(forge):
    forge.told(reviews=[("ada-gh", "APPROVED", forge.head), ("ada-gh", "COMMENTED", forge.head)])

    assert forge.requested()[0] == 0


@pytest.mark.parametrize(("pushers", "code"), [(["ada-gh"], 0), (["ada-gh", "ana-gh"], 4), ([], 4)])
def test_it_is_its_authors_as_long_as_nobody_else_pushed_to_it(forge, pushers, code):
    forge.answer(
        "pull",
        {"user": {"login": "ada-gh"}, "head": {"ref": "ana/back", "repo": {"full_name": "ana-gh/fork"}}},
    )
    forge.told(pushers=pushers)

    assert forge.requested()[0] == code


@pytest.mark.parametrize(("state", "code"), [("APPROVED", 0), ("DISMISSED", 4)])
def test_in_a_queue_the_request_is_judged_once_more(forge, git, state, code):
    there = forge.place / "acme" / "registry"
    tree = git(there, "rev-parse", f"{forge.head}^{{tree}}")
    merge = git(there, "commit-tree", tree, "-p", "main", "-p", forge.head, "-m", "Merge")
    queued = f"refs/heads/gh-readonly-queue/main/pr-7-{merge}"
    git(there, "update-ref", queued, merge)
    forge.told(reviews=[("ada-gh", state, forge.head)])

    assert forge.judged(GITHUB_REF=queued, GITHUB_SHA=merge, NUMBER="", HEAD="")[0] == code


@pytest.mark.parametrize("about", ["pull", "reviews", "activity"])
def test_what_is_not_told_fails(forge, about):
    forge.told(reviews=[("ada-gh", "APPROVED", forge.head)])
    (forge.place / f"{about}.json").unlink()

    assert forge.requested() == (1, "")
