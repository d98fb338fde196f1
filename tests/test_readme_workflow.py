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

ACCESS = "format: 1\nmembers: {user:ana: member}\n"
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

    def asked(self, who):
        """Say whose request it is."""
        head = {"ref": "ana/back", "repo": {"full_name": "ana-gh/fork"}}
        self.answer("pull", {"user": {"login": who}, "head": head})

    def told(self, reviews=(), pushers=("ana-gh",)):
        """Say who reviewed the request, as (login, state, commit), and who pushed to it."""
        seen = [
            {"user": {"login": who}, "state": state, "commit_id": commit} for who, state, commit in reviews
        ]
        self.answer("reviews", [[], *([one] for one in seen)])  # page by page
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


@pytest.fixture(scope="module")
def organization(tmp_path_factory):
    """Make an organization, and a branch of two commits that does what only its admins may."""
    place = tmp_path_factory.mktemp("organization")

    def run(*command):
        subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL)

    registry = sys.executable, "-m", "git_registry.cli"
    run(*registry, "init", ".", "--admin", "user:ada", "--store", "s3://acme-ml")
    run(*registry, "create", "model/churn", "--type", "model")
    with (place / "organization.yaml").open("a") as file:
        file.write(IDENTITIES)
    (place / "model" / "access.yaml").write_text(ACCESS)
    run("git", "add", "--all")
    run("git", "commit", "--quiet", "--message", "Who may do what")
    run("git", "switch", "--quiet", "--create", "ana/back")
    run(*registry, "access", "grant", "model", "user:bob", "member")
    run(*registry, "edit", "model/churn", "--title", "Churn")
    run("git", "switch", "--quiet", "main")
    return place


@pytest.fixture
def forge(tmp_path, organization, git):
    """Play the host of that organization, where ana-gh asks for that branch of her fork to be merged."""
    (tmp_path / "bin").mkdir()
    executable(tmp_path / "bin" / "gh", GH)
    executable(
        tmp_path / "bin" / "git-registry", f'#!/bin/sh\nexec {sys.executable} -m git_registry.cli "$@"\n'
    )
    there = tmp_path / "acme" / "registry"
    git(tmp_path, "clone", "--quiet", "--bare", organization, there)
    git(there, "config", "uploadpack.allowAnySHA1InWant", "true")
    made = Forge(tmp_path, git(there, "rev-parse", "ana/back"))
    made.asked("ana-gh")
    return made


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
    forge.asked("ada-gh")
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
