"""The workflows for github.com: the shell of each step, on real Git, with what `gh` would answer."""

from __future__ import annotations

import pytest
from tests.ci.github import Run, payload

from git_registry.errors import Conflict, Refused

PULL = "repos/acme/registry/pulls/7"
COMMENTS = "repos/acme/registry/issues/7/comments"
JUDGED = ["Install git-registry", "Fetch the request, as data", "Ask who asks, who pushed and who approved"]
SAY = "Say it in one comment"


class Forge:
    """github.com, with one request there."""

    def __init__(self, machine, written, git):
        self.machine, self.workflow, self.git = machine, written["registry.yml"], git
        self.base, self.head = (git(machine.origin, "rev-parse", name) for name in ("main", "ana/back"))
        self.repository = "acme/registry"
        self.known = {}
        self.asked("ana-gh")
        self.told()
        self.commented()

    def asked(self, who):
        """Say whose request it is."""
        head = {"ref": "ana/back", "repo": {"full_name": self.repository}}
        self.known[f"GET {PULL}"] = [{"user": {"login": who}, "head": head}]

    def told(self, reviews=(), pushers=("ana-gh",)):
        """Say who reviewed it, as (login, state, commit), and who pushed to it; page by page."""
        seen = [
            {"user": {"login": who}, "state": state, "commit_id": commit} for who, state, commit in reviews
        ]
        self.known[f"GET {PULL}/reviews?per_page=100"] = [[[], *([one] for one in seen)]]
        activity = f"repos/{self.repository}/activity?per_page=100&ref=refs/heads/ana%2Fback"
        self.known[f"GET {activity}"] = [[[{"actor": {"login": who}} for who in pushers]]]

    def commented(self, *comments):
        """Say which comments there are, as (id, login, body)."""
        seen = [{"id": number, "user": {"login": who}, "body": body} for number, who, body in comments]
        self.known[f"GET {COMMENTS}?per_page=100"] = [[seen]]
        self.known[f"POST {COMMENTS}"] = [{"id": 1}]
        self.known |= {f"PATCH repos/acme/registry/issues/comments/{one[0]}": [{}] for one in comments}

    def approved(self):
        self.told(reviews=[("ada-gh", "APPROVED", self.head)])

    def run(self, event, told, sha=""):
        self.machine.answers(self.known)
        return Run(self.machine, self.workflow, event, told, sha)

    def requested(self, **changed):
        """Run the job for the request."""
        told = payload("pull_request", HEAD=self.head, BASE=self.base)
        told["pull_request"]["head"]["repo"]["full_name"] = self.repository
        return self.run("pull_request", told).job("request")


@pytest.fixture
def forge(machine, written, git):
    return Forge(machine, written, git)


def test_a_request_is_not_allowed_by_whom_it_is_from(forge):
    ended = forge.requested()

    assert ended.code == Refused.exit_code
    assert "user:ana" in ended.summary


def test_who_will_press_the_button_is_no_account_of_anybodys(forge, git, clone):
    place = clone / "organization.yaml"
    git(clone, "switch", "--quiet", "main")
    place.write_text(place.read_text() + "  user:eve: {github: nobody}\nadmins: [user:ada, user:eve]\n")
    place.write_text(place.read_text().replace("admins: [user:ada]\n", ""))
    git(clone, "commit", "--quiet", "--all", "--message", "Eve")
    git(clone, "push", "--quiet", "origin", "HEAD")
    forge.told(pushers=())

    ended = forge.requested()

    assert ended.code == Refused.exit_code
    assert "user:eve" not in ended.said.partition("hint")[0]
    assert "merged by whoever presses the button into" in ended.summary


def test_a_review_of_its_head_allows_it(forge):
    forge.approved()

    ended = forge.requested()

    assert ended.code == 0
    assert ended.ran[1:] == [*JUDGED, "Judge it", SAY]
    assert "stolen" not in {path.name for path in forge.machine.place.rglob("*")}


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

    assert forge.requested().code == Refused.exit_code


def test_a_comment_after_an_approval_takes_nothing_back(forge):
    forge.told(reviews=[("ada-gh", "APPROVED", forge.head), ("ada-gh", "COMMENTED", forge.head)])

    assert forge.requested().code == 0


@pytest.mark.parametrize(("pushers", "code"), [(["ada-gh"], 0), (["ada-gh", "ana-gh"], 4), ([], 4)])
def test_it_is_its_authors_as_long_as_nobody_else_pushed_to_it(forge, pushers, code):
    forge.asked("ada-gh")
    forge.told(pushers=pushers)

    assert forge.requested().code == code


def test_the_verdict_is_said_in_one_comment_which_the_next_push_replaces(forge):
    first = forge.requested()
    (posted,) = forge.machine.asked("POST")
    assert posted == (COMMENTS, {"body": first.summary})

    mark = first.summary.splitlines()[0]
    forged, ours = (8, "eve", posted[1]["body"]), (9, "github-actions[bot]", posted[1]["body"])
    other = 7, "github-actions[bot]", "Another workflow's, that names it:\n" + mark
    forge.commented(forged, other, ours)
    forge.approved()
    second = forge.requested()

    assert forge.machine.asked("POST") == [posted]
    assert forge.machine.asked("PATCH") == [
        ("repos/acme/registry/issues/comments/9", {"body": second.summary})
    ]
    assert second.summary != first.summary


def test_a_forks_token_writes_no_comment_and_the_page_of_the_run_says_it_all_the_same(forge):
    forge.repository = "ana-gh/fork"
    forge.asked("ana-gh")
    forge.approved()

    ended = forge.requested()

    assert ended.code == 0
    assert ("repos/ana-gh/fork/activity?per_page=100&ref=refs/heads/ana%2Fback", None) in (
        forge.machine.asked("GET")
    )
    assert SAY not in ended.ran
    assert forge.machine.asked("POST") == []
    assert "ada" in ended.summary


def test_a_comment_that_can_not_be_written_changes_no_verdict(forge):
    forge.approved()
    del forge.known[f"POST {COMMENTS}"]

    ended = forge.requested()

    assert ended.code == 0
    assert "nobody expects POST" in ended.said


@pytest.mark.parametrize("about", [PULL, f"{PULL}/reviews", "repos/acme/registry/activity"])
def test_what_is_not_told_fails(forge, about):
    forge.approved()
    (gone,) = [key for key in forge.known if key.partition("?")[0] == f"GET {about}"]
    del forge.known[gone]

    ended = forge.requested()

    assert (ended.code, ended.summary) == (1, "")
    assert ended.ran[-1] == SAY
    assert forge.machine.asked("POST") == []


@pytest.fixture
def clone(forge, git, tmp_path):
    git(tmp_path, "clone", "--quiet", "--branch", "ana/back", forge.machine.origin, "clone")
    return tmp_path / "clone"


def amended(forge, git, clone):
    """Push what is in the clone as what the request is now, approved."""
    git(clone, "commit", "--quiet", "--all", "--message", "By hand")
    git(clone, "push", "--quiet", "origin", "HEAD")
    forge.head = git(clone, "rev-parse", "HEAD")
    forge.approved()


def test_what_does_not_follow_the_format_is_said_with_its_place(forge, git, clone):
    (clone / "model" / "churn" / "collection.yaml").write_text("format: 1\ntpye: <!-- x -->\n")
    amended(forge, git, clone)

    ended = forge.requested()

    assert ended.code == 3
    assert "collection.yaml" in ended.summary
    assert forge.machine.asked("POST")[0][1] == {"body": ended.summary}


def test_what_can_not_be_merged_as_it_is_fails(forge, git, clone):
    place = clone / "model" / "churn" / "collection.yaml"
    place.write_text(place.read_text() + "description: This.\n")
    amended(forge, git, clone)
    git(clone, "switch", "--quiet", "main")
    place.write_text(place.read_text() + "description: That.\n")
    git(clone, "commit", "--quiet", "--all", "--message", "By hand")
    git(clone, "push", "--quiet", "origin", "HEAD")

    ended = forge.requested()

    assert ended.code == Conflict.exit_code, ended.said


def queued(forge, *parents):
    """Put what the queue would merge where it puts it."""
    there = forge.machine.origin
    tree = forge.git(there, "rev-parse", f"{forge.head}^{{tree}}")
    over = [word for parent in parents for word in ("-p", parent)]
    merge = forge.git(there, "commit-tree", tree, *over, "-m", "Merge")
    forge.git(there, "update-ref", f"refs/heads/gh-readonly-queue/main/pr-7-{forge.base}", merge)
    return forge.run("merge_group", payload("merge_group", MERGE=merge, BASE=forge.base), merge)


@pytest.mark.parametrize(("state", "code"), [("APPROVED", 0), ("DISMISSED", 4)])
def test_in_a_queue_the_request_is_judged_once_more(forge, state, code):
    forge.told(reviews=[("ada-gh", state, forge.head)])

    ended = queued(forge, "main", forge.head).job("request")

    assert ended.code == code
    assert SAY not in ended.ran


def test_what_a_queue_squashed_or_put_on_something_else_is_not_judged(forge):
    forge.approved()
    other = forge.git(forge.machine.origin, "rev-parse", "main~1")

    for parents in (["main"], [other, forge.head], ["main", forge.head, other]):
        ended = queued(forge, *parents).job("request")
        assert ended.code == 1
        assert f"is no merge of one request into {forge.base}" in ended.said
        assert 'the merge method "Merge commit"' in ended.said


def pushed(forge, before, after="ana/back"):
    before, after = (forge.git(forge.machine.origin, "rev-parse", one) for one in (before, after))
    return forge.run("push", payload("push", BEFORE=before, AFTER=after), after)


def test_a_push_to_the_default_branch_is_looked_at_and_no_request_judged(forge):
    run = pushed(forge, "main")

    assert run.job("request") is None
    assert (run.job("history").code, forge.machine.asked("GET")) == (0, [])
    assert forge.run("pull_request", payload("pull_request")).job("history") is None


def test_a_push_of_what_does_not_follow_the_format_is_found(forge, git, tmp_path):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", forge.machine.origin, clone)
    (clone / "model" / "churn" / "collection.yaml").write_text("format: 1\ntpye: model\n")
    git(clone, "commit", "--quiet", "--all", "--message", "By hand")
    git(clone, "push", "--quiet", "origin", "HEAD:broken")

    ended = pushed(forge, "main", "broken").job("history")

    assert ended.code == 3
    assert "unknown field 'tpye'" in ended.said


def test_the_first_push_is_looked_at_as_a_whole_and_one_that_rewrote_history_fails(forge):
    run = pushed(forge, "main")
    run.told["before"] = "0" * 40
    assert run.job("history").code == 0
    run.told["before"] = "1" * 40
    assert run.job("history").code != 0


def test_codeowners_that_was_made_and_is_out_of_date_is_found(forge, git, tmp_path, written):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", forge.machine.origin, clone)
    (clone / "CODEOWNERS").write_text("* @acme/everybody\n")
    git(clone, "add", "CODEOWNERS")
    git(clone, "commit", "--quiet", "--message", "By hand")
    git(clone, "push", "--quiet", "origin", "HEAD:owners")
    assert pushed(forge, "main", "owners").job("history").code == 0

    (clone / "CODEOWNERS").write_text("# Made by `git registry codeowners`\n* @acme/nobody\n")
    git(clone, "commit", "--quiet", "--all", "--message", "As if made")
    git(clone, "push", "--quiet", "origin", "HEAD:owners")
    assert pushed(forge, "main", "owners").job("history").code == Refused.exit_code


def reviewed(forge, written, state="approved"):
    forge.workflow = written["registry-again.yml"]
    told = payload("pull_request_review", HEAD=forge.head, BASE=forge.base)
    told["review"]["state"] = state
    return forge.run("pull_request_review", told).job("again")


ACTIONS = "repos/acme/registry/actions"


def ran(forge, *paths, states=("completed",)):
    """Say which workflows ran for the request, newest first, and how the one numbered 42 is from then on."""
    numbers = [42 if path.partition("@")[0].endswith("/registry.yml") else 7 for path in paths]
    runs = [{"id": number, "path": path} for number, path in zip(numbers, paths)]
    forge.known = {
        f"GET {ACTIONS}/runs?event=pull_request&head_sha={forge.head}&per_page=100": [
            {"workflow_runs": runs}
        ],
        f"GET {ACTIONS}/runs/42": [{"status": state} for state in states],
        f"POST {ACTIONS}/runs/42/rerun": [{}],
    }


@pytest.mark.parametrize(
    "path",
    [".github/workflows/registry.yml", "acme/ci/.github/workflows/registry.yml@refs/heads/main"],
)
def test_a_review_runs_the_check_again_wherever_its_file_lies(forge, written, path):
    ran(forge, ".github/workflows/other-registry.yml", path)

    assert reviewed(forge, written).code == 0
    assert forge.machine.asked("POST") == [(f"{ACTIONS}/runs/42/rerun", None)]


def test_a_check_that_has_not_ended_is_cut_short_so_that_nobody_waits_for_it(forge, written):
    path = ".github/workflows/registry.yml"
    ran(forge, path, states=["in_progress", "in_progress", "completed"])
    forge.known[f"POST {ACTIONS}/runs/42/cancel"] = [{}]
    assert reviewed(forge, written).code == 0
    again = [(f"{ACTIONS}/runs/42/cancel", None), (f"{ACTIONS}/runs/42/rerun", None)]
    assert forge.machine.asked("POST") == again

    ran(forge, path, states=["in_progress", "completed"])
    ended = reviewed(forge, written)
    assert (ended.code, forge.machine.asked("POST")) == (0, again * 2)
    assert "It ended meanwhile" in ended.said


def test_a_check_that_never_ran_is_not_run_again(forge, written):
    ran(forge, ".github/workflows/deploy.yml")

    assert reviewed(forge, written).code == 0
    assert forge.machine.asked("POST") == []


def test_a_mere_comment_runs_nothing(forge, written):
    assert reviewed(forge, written, "commented") is None
