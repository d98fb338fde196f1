"""The pipeline for gitlab.com: the script of each job, on real Git, with what the API would answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.ci.gitlab import Pipeline
from tests.ci.machine import RECORDING

from git_registry.errors import Refused

API = "https://gitlab.example/api/v4"
REQUEST = f"{API}/projects/5/merge_requests/7"
PUSHED, BEFORE, AFTER = "2026-11-23T10:00:00.500Z", "2026-11-23T10:00:00.400Z", "2026-11-23T10:00:00.600Z"
COMMANDS = ("git-registry", "python", "apt-get", "curl")
LISTENING = """#!/bin/sh
if env | grep -qF "the project's token"; then echo "$0" >> "$ANSWERS/heard"; fi
"""


class Forge:
    """gitlab.com, with one request there."""

    def __init__(self, machine, written, git):
        self.machine, self.document, self.git = machine, written[".gitlab-ci.yml"], git
        self.base, self.head = (git(machine.origin, "rev-parse", name) for name in ("main", "ana/back"))
        self.variables = {
            "CI_API_V4_URL": API,
            "CI_PROJECT_ID": "5",
            "CI_REPOSITORY_URL": f"file://{machine.origin}",
            "CI_DEFAULT_BRANCH": "main",
            "REGISTRY_TOKEN": "the project's token",
        }
        self.notes, self.pushes, self.lost = [], [], ""
        self.opened = "2026-11-23T09:00:00.000Z"
        self.known = {f"GET {API}/user": {"id": 99, "username": "project_5_bot"}}
        self.known[f"POST {REQUEST}/notes"] = {"id": 1}
        self.told()

    def told(self, approvals=(), author="ana-gl", sha=None, versions=None):
        """Say who approved it, as (name, time or None), whose it is, and which commits were its head."""
        self.known[f"GET {REQUEST}"] = {
            "iid": 7,
            "sha": sha or self.head,
            "author": {"username": author},
            "source_project_id": 5,
            "source_branch": "ana/back",
            "created_at": self.opened,
            "title": "$(touch stolen)",
        }
        self.known[f"GET {REQUEST}/approvals"] = {
            "approved_by": [
                {"user": {"username": who}} | ({"approved_at": at} if at else {}) for who, at in approvals
            ]
        }
        versions = versions or [
            {"id": 31, "head_commit_sha": self.head, "created_at": PUSHED},
            {"id": 30, "head_commit_sha": "1" * 40, "created_at": "2026-11-23T09:00:00.000Z"},
        ]
        self.paged(f"{REQUEST}/versions?", versions)

    def paged(self, address, *pages):
        """Say what is told page by page."""
        for number, rows in enumerate(pages, start=1):
            following = str(number + 1) if number < len(pages) else ""
            self.known[f"GET {address}per_page=100&page={number}"] = {"rows": rows, "next": following}

    def pushed_by(self, *names, ref="ana/back"):
        """Say who pushed to it, or to several refs at once, of which GitLab names none."""
        self.pushes += [{"author_username": name, "push_data": {"ref": ref}} for name in names]

    def noted(self, who, body, at=AFTER, *, system=True):
        self.notes.append(
            {
                "id": len(self.notes) + 1,
                "system": system,
                "body": body,
                "author": {"username": who, "id": 99 if who == "project_5_bot" else 3},
                "created_at": at,
            }
        )

    def events(self):
        """Return where the pushes are told, since two days before it was opened or left the target."""
        left = int(self.git(self.machine.origin, "show", "-s", "--format=%ct", self.base))
        opened = datetime.fromisoformat(self.opened)
        since = min(opened, datetime.fromtimestamp(left, UTC)) - timedelta(days=2)
        return f"{API}/projects/5/events?action=pushed&after={since:%Y-%m-%d}&per_page=100&page=1"

    def requested(self, **variables):
        """Run the job for the request."""
        # A page is short where GitLab leaves out what the token may not see.
        self.paged(
            f"{REQUEST}/notes?", *(self.notes[at : at + 70] for at in range(0, 1 + len(self.notes), 70))
        )
        self.paged(self.events().partition("per_page")[0], self.pushes)
        self.known.pop(f"GET {self.lost}", None)
        self.machine.answers(self.known)
        told = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
            "CI_COMMIT_SHA": self.head,
        }
        return Pipeline(self.machine, self.document, self.variables | told | variables).job(
            "registry-request"
        )

    def pushed(self, before, after, **variables):
        """Run the job for a push to the default branch."""
        told = {
            "CI_PIPELINE_SOURCE": "push",
            "CI_COMMIT_BRANCH": "main",
            "CI_COMMIT_BEFORE_SHA": before,
            "CI_COMMIT_SHA": self.git(self.machine.origin, "rev-parse", after),
        }
        return Pipeline(self.machine, self.document, self.variables | told | variables).job(
            "registry-history"
        )


@pytest.fixture
def forge(machine, written, git):
    return Forge(machine, written, git)


def test_a_request_is_not_allowed_by_whom_it_is_from(forge):
    forge.pushed_by("ana-gl")

    ended = forge.requested()

    assert ended.code == Refused.exit_code
    assert "needs approval" in ended.said
    assert not list(forge.machine.place.rglob("stolen"))


@pytest.mark.parametrize(
    ("pushers", "code"), [(["ada-gl"], 0), (["ada-gl", "ana-gl"], 4), (["ana-gl"], 4), ([], 4)]
)
def test_it_is_its_authors_as_long_as_nobody_else_pushed_to_it(forge, pushers, code):
    forge.told(author="ada-gl")
    forge.pushed_by(*pushers)

    assert forge.requested().code == code


def test_who_pushed_to_several_branches_at_once_may_have_pushed_to_it(forge):
    forge.told(author="ada-gl")
    forge.pushed_by("ada-gl")
    forge.pushed_by("ana-gl", ref=None)

    assert forge.requested().code == Refused.exit_code


def test_an_approval_after_the_last_push_allows_it(forge):
    forge.told(approvals=[("ada-gl", AFTER)])

    ended = forge.requested()

    assert ended.code == 0, ended.said


def approvals(forge):
    """Return whose approvals `check` is told of; what it says of them, others tell."""
    forge.machine.program("git-registry", RECORDING)
    forge.requested()
    (reviewed, checked) = forge.machine.commands()
    told = re.findall("--approved-by (\\S+)", checked)
    assert told == re.findall("--approved-by (\\S+)", reviewed)
    return told


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (AFTER, True),
        ("2026-11-23T11:00:00.600+01:00", True),
        ("2026-11-23T04:30:00.600-05:30", True),
        ("2026-11-23T10:00:01Z", True),
        (BEFORE, False),
        (PUSHED, False),
        ("2026-11-23T11:00:00.400+01:00", False),
        ("2026-11-23T05:00:00.400-05:00", False),
        ("2026-11-23T10:00:00Z", False),
        (None, False),
    ],
)
def test_an_approval_counts_if_it_is_younger_than_the_last_push(forge, at, counts):
    forge.told(approvals=[("ada-gl", at)])

    assert approvals(forge) == ([f"gitlab:ada-gl@{forge.head}"] if counts else [])


@pytest.mark.parametrize(
    ("who", "body", "at", "system", "counts"),
    [
        ("ada-gl", "approved this merge request", AFTER, True, True),
        ("ada-gl", "Approved this merge request", AFTER, True, True),
        ("ada-gl", "approved this merge request", BEFORE, True, False),
        ("ada-gl", "approved this merge request", AFTER, False, False),
        ("eve-gl", "approved this merge request", AFTER, True, False),
        ("ada-gl", "unapproved this merge request", AFTER, True, False),
    ],
)
def test_an_older_gitlab_tells_the_time_by_a_note_of_its_own(forge, who, body, at, system, counts):
    forge.told(approvals=[("ada-gl", None)])
    for number in range(120):
        forge.noted("eve-gl", f"comment {number}", system=False)
    forge.noted(who, body, at, system=system)

    assert approvals(forge) == ([f"gitlab:ada-gl@{forge.head}"] if counts else [])


def test_who_approved_and_took_it_back_is_not_told_any_more_whatever_the_notes_say(forge):
    forge.noted("ada-gl", "approved this merge request")

    assert approvals(forge) == []


def test_whoever_opened_it_or_pushed_to_it_is_its_author(forge):
    forge.noted("bob-gl", "added 2 commits\n\n<ul><li>1 - x</li></ul>")
    forge.noted("eve-gl", "added 2 commits", system=False)
    forge.noted("eve-gl", "changed the description")
    forge.pushed_by("eve-gl", ref="other")
    forge.pushed_by("dan-gl")

    forge.machine.program("git-registry", RECORDING)
    forge.requested()

    for command in forge.machine.commands():
        assert re.findall("--author (\\S+)", command) == ["gitlab:ana-gl", "gitlab:bob-gl", "gitlab:dan-gl"]


@pytest.mark.parametrize("opened", ["1999-12-31T23:30:00.000-11:00", "2100-01-01T00:30:00.000+13:00"])
def test_pushes_count_since_it_left_the_target_and_if_not_then_since_it_was_opened(forge, opened):
    forge.opened = opened
    forge.told(approvals=[("ada-gl", AFTER)])

    assert forge.requested().code == 0
    assert forge.events() in [address for address, _ in forge.machine.asked("GET")]


def test_what_was_merged_into_it_from_the_target_hides_no_earlier_push(forge):
    there, later = forge.machine.origin, datetime.now(UTC) + timedelta(days=20)
    date = {"GIT_COMMITTER_DATE": f"{later:%Y-%m-%dT%H:%M:%SZ}"}
    target = forge.git(there, "commit-tree", "main^{tree}", "-p", "main", "-m", "Go on", env=date)
    forge.git(there, "update-ref", "refs/heads/main", target)
    words = ("-p", "ana/back", "-p", target, "-m", "Merge")
    forge.head = forge.git(there, "commit-tree", "ana/back^{tree}", *words)
    forge.git(there, "update-ref", "refs/heads/ana/back", forge.head)
    forge.opened = f"{later + timedelta(days=20):%Y-%m-%dT%H:%M:%S.000Z}"
    forge.told(approvals=[("ada-gl", AFTER)])

    assert forge.requested().code == 0
    assert forge.events() in [address for address, _ in forge.machine.asked("GET")]


def test_what_never_left_the_target_may_have_been_pushed_at_any_time(forge):
    there = forge.machine.origin
    root = forge.git(there, "commit-tree", "main^{tree}", "-m", "From elsewhere")
    words = ("-p", "ana/back", "-p", root, "-m", "Merge")
    forge.head = forge.git(there, "commit-tree", "ana/back^{tree}", *words)
    forge.git(there, "update-ref", "refs/heads/ana/back", forge.head)

    assert "action=pushed&after=1969-12-30&" in forge.requested().said


def test_a_push_while_it_runs_is_another_pipelines(forge):
    forge.told(approvals=[("ada-gl", AFTER)], sha="2" * 40)
    ended = forge.requested()
    assert ended.code == 1
    assert "moved on" in ended.said

    versions = [{"id": 40, "head_commit_sha": "2" * 40, "created_at": PUSHED}]
    forge.told(approvals=[("ada-gl", AFTER)], versions=versions)
    assert approvals(forge) == []


@pytest.mark.parametrize(
    "lost",
    [
        REQUEST,
        f"{REQUEST}/approvals",
        f"{REQUEST}/versions?per_page=100&page=1",
        f"{REQUEST}/notes?per_page=100&page=1",
        f"{REQUEST}/notes?per_page=100&page=2",
        "events",
    ],
)
def test_what_is_not_told_fails(forge, lost):
    forge.told(approvals=[("ada-gl", AFTER)])
    for number in range(150):
        forge.noted("eve-gl", f"comment {number}", system=False)
    forge.lost = forge.events() if lost == "events" else lost

    ended = forge.requested()

    assert "returned error: 404" in ended.said
    assert ended.code != 0
    assert forge.machine.commands() == []


def test_without_a_token_it_fails_and_says_why(forge):
    ended = forge.requested(REGISTRY_TOKEN="")

    assert ended.code == 1
    assert "REGISTRY_TOKEN is not set" in ended.said


def test_no_command_has_the_token_but_what_asks_gitlab(forge):
    real = {name: (forge.machine.place / "bin" / name).read_text() for name in COMMANDS}
    for name, text in real.items():
        forge.machine.program(name, text.replace("#!/bin/sh\n", LISTENING, 1))
    forge.told(approvals=[("ada-gl", AFTER)])

    ended = [forge.requested(), forge.pushed(forge.base, "main", REGISTRY_TOKEN="the project's token")]

    assert [one.code for one in ended] == [0, 0]
    assert not (forge.machine.place / "heard").exists()


def test_the_verdict_is_said_in_one_note_which_the_next_push_replaces(forge):
    forge.requested()
    ((address, body),) = forge.machine.asked("POST")
    assert address == f"{REQUEST}/notes"

    forge.noted("eve-gl", body["body"], system=False)
    forge.noted("project_5_bot", body["body"], system=False)
    forge.known[f"PUT {REQUEST}/notes/2"] = {"id": 2}
    forge.told(approvals=[("ada-gl", AFTER)])
    assert forge.requested().code == 0

    ((again, other),) = forge.machine.asked("PUT")
    assert again == f"{REQUEST}/notes/2"
    assert other["body"].splitlines()[0] == body["body"].splitlines()[0]
    assert other != body


def test_a_token_that_may_only_read_judges_all_the_same(forge):
    forge.told(approvals=[("ada-gl", AFTER)])
    del forge.known[f"POST {REQUEST}/notes"]

    ended = forge.requested()

    assert ended.code == 0
    assert "No note was written" in ended.said


def merged(forge, *parents):
    there = forge.machine.origin
    tree = forge.git(there, "rev-parse", f"{forge.head}^{{tree}}")
    over = [word for parent in parents for word in ("-p", parent)]
    merge = forge.git(there, "commit-tree", tree, *over, "-m", "Merge")
    forge.git(there, "update-ref", "refs/merge-requests/7/train", merge)
    return merge


@pytest.mark.parametrize(("at", "code"), [(AFTER, 0), (BEFORE, 4)])
def test_a_train_and_a_merged_result_are_judged_by_what_is_asked_for(forge, at, code):
    forge.told(approvals=[("ada-gl", at)])
    merge = merged(forge, forge.base, forge.head)
    result = {"CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": forge.head, "CI_COMMIT_SHA": merge}

    train = forge.requested(CI_MERGE_REQUEST_EVENT_TYPE="merge_train", **result)
    alone = forge.requested(CI_MERGE_REQUEST_EVENT_TYPE="merged_result", **result)

    assert (train.code, alone.code) == (code, code)


def test_a_train_that_squashes_is_not_judged(forge):
    forge.told(approvals=[("ada-gl", AFTER)])
    squashed = merged(forge, forge.base)

    ended = forge.requested(CI_MERGE_REQUEST_EVENT_TYPE="merge_train", CI_COMMIT_SHA=squashed)

    assert ended.code == 1
    assert f"{squashed} is no merge of one request" in ended.said
    assert 'the merge method "Merge commit"' in ended.said


def test_other_branches_and_other_pipelines_have_no_job(forge):
    assert forge.requested(CI_MERGE_REQUEST_TARGET_BRANCH_NAME="other") is None
    assert forge.requested(CI_PIPELINE_SOURCE="push") is None
    assert forge.pushed(forge.base, "main", CI_COMMIT_BRANCH="other") is None
    assert forge.pushed(forge.base, "main", CI_PIPELINE_SOURCE="schedule") is None


def test_a_push_to_the_default_branch_is_looked_at_and_what_it_promoted_told(forge):
    ended = forge.pushed(forge.base, "ana/back")

    assert ended.code == 0, ended.said
    assert "REGISTRY_COUNT=0\n" in ended.summary
    assert forge.pushed("0" * 40, "main").code == 0


def test_a_push_of_what_does_not_follow_the_format_is_found(forge, git, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", forge.machine.origin, clone)
    (clone / "model" / "churn" / "collection.yaml").write_text("format: 1\ntpye: model\n")
    (clone / "CODEOWNERS").write_text("# Made by `git registry codeowners`\n* @acme/nobody\n")
    git(clone, "add", "CODEOWNERS")
    git(clone, "commit", "--quiet", "--message", "As if made")
    git(clone, "push", "--quiet", "origin", "HEAD:owners")
    git(clone, "commit", "--quiet", "--all", "--message", "By hand")
    git(clone, "push", "--quiet", "origin", "HEAD:broken")

    assert forge.pushed(forge.base, "owners").code == Refused.exit_code
    assert forge.pushed(forge.base, "broken").code == 3
