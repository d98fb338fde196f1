"""Where neither a tool nor a token is, a push may ask for review: GitLab's options, and AGit."""

from __future__ import annotations

import pytest

from git_registry.sdk.forges.request import How
from git_registry.sdk.serving.installing import Installation, install

from .conftest import BRANCH

URL = "https://git.acme.example/acme/registry/-/merge_requests/7"

LINE = "`git registry review bob/promote-model-churn-to-production` shows what it does, and what it takes."

RECORDING = """\
#!/bin/sh
# As a forge does it: what it says of a request comes after the push, and names it.
read old new ref
echo "$ref" >> "$GIT_DIR/pushed"
n=0
while [ "$n" -lt "${GIT_PUSH_OPTION_COUNT:-0}" ]; do
    eval "printf '%s\\n' \\"\\$GIT_PUSH_OPTION_$n\\"" >> "$GIT_DIR/options"
    n=$((n + 1))
done
echo "----" >> "$GIT_DIR/options"
cat "$GIT_DIR/says" >&2
"""


class Remote:
    """What a repository was pushed, and with which options."""

    def __init__(self, path):
        self.path = path

    def says(self, *lines):
        (self.path / "says").write_text("".join(f"{line}\n" for line in lines))

    @property
    def options(self):
        """The options of each push."""
        pushes = (self.path / "options").read_text().split("----\n")
        return [push.splitlines() for push in pushes[:-1]]

    @property
    def pushed(self):
        return (self.path / "pushed").read_text().split()

    def refuse(self, why):
        """Refuse what is pushed for review, in these words."""
        hook = self.path / "hooks/update"
        hook.write_text(f"#!/bin/sh\ncase \"$1\" in refs/for/*) echo '{why}' >&2; exit 1 ;; esac\n")
        hook.chmod(0o755)


@pytest.fixture
def remote(there, git):
    git(there, "config", "receive.advertisePushOptions", "true")
    hook = there / "hooks/post-receive"
    hook.write_text(RECORDING)
    hook.chmod(0o755)
    made = Remote(there)
    made.says()
    return made


@pytest.fixture
def gitlab(bob, remote):
    bob.config("registry.forge", "gitlab")
    remote.says("", f"View merge request for {BRANCH}:", f"  {URL}", "")
    return bob


def test_the_options_ride_on_the_push_of_the_branch(gitlab, remote):
    asked = gitlab.asked()

    assert remote.pushed == [f"refs/heads/{BRANCH}"]
    assert remote.options == [
        [
            "merge_request.create",
            "merge_request.target=main",
            "merge_request.title=Promote model/churn v1 to production",
            f"merge_request.description={LINE}",
        ]
    ]
    assert (asked.how, asked.url, asked.noun) == (How.OPENED, URL, "merge request")


def test_what_is_amended_brings_the_request_up_to_date(gitlab, remote):
    gitlab.asked()

    asked = gitlab.asked("model/churn:v2")

    assert (asked.how, asked.url) == (How.UPDATED, URL)
    assert remote.options[1] == [
        "merge_request.create",
        "merge_request.target=main",
        "merge_request.title=Promote model/churn v2 to production",
    ]


def test_what_is_as_it_was_is_not_pushed_so_nothing_can_ask(gitlab, remote):
    gitlab.asked()

    asked = gitlab.asked()

    assert asked.how is How.BY_HAND
    assert "/-/merge_requests/new?" in asked.url
    assert len(remote.pushed) == 1


def test_a_server_that_takes_no_options_is_pushed_to_without(gitlab, remote, git):
    git(remote.path, "config", "receive.advertisePushOptions", "false")
    remote.says("")

    placed, asked = gitlab.propose()

    assert placed.is_published
    assert remote.options == [[]]
    assert asked.how is How.BY_HAND


def test_where_the_api_asks_no_option_does(bob, remote, serve):
    forge = serve("gitlab")

    assert bob.asked().how is How.OPENED

    assert remote.options == [[]]
    assert len(forge.requests) == 1


@pytest.fixture
def gitea(bob, remote):
    bob.config("registry.forge", "gitea")
    remote.says("Visit the existing pull request:", "  https://git.acme.example/acme/registry/pulls/3")
    return bob


def test_a_push_for_review_is_a_request(gitea, remote, git):
    placed, asked = gitea.propose()

    assert remote.pushed == [f"refs/heads/{BRANCH}", "refs/for/main"]
    assert git(remote.path, "rev-parse", "refs/for/main") == placed.commit
    assert remote.options[1] == [
        "topic=bob/promote-model-churn-to-production",
        "title=Promote model/churn v1 to production",
        f"description={LINE}",
    ]
    assert (asked.how, asked.url) == (How.OPENED, "https://git.acme.example/acme/registry/pulls/3")


def test_what_was_amended_is_pushed_over_it(gitea, remote, git):
    gitea.asked()
    git(remote.path, "update-ref", "-d", "refs/for/main")  # Gitea keeps no such ref

    asked = gitea.asked("model/churn:v2", draft=True)

    assert asked.how is How.UPDATED
    assert remote.options[3][-1] == "force-push=true"
    assert "title=WIP: Promote model/churn v2 to production" in remote.options[3]


def test_what_it_has_already_is_no_failure(gitea, remote):
    remote.refuse("new commit is same with old commit")

    assert gitea.asked().how is How.UPDATED


def test_what_it_refuses_is_opened_by_hand(gitea, remote, git):
    remote.refuse("not on Fridays")

    placed, asked = gitea.propose()

    assert git(remote.path, "rev-parse", BRANCH) == placed.commit
    assert asked.how is How.BY_HAND
    assert asked.problem == "the hooks there take none by a push to refs/for/main"
    assert asked.url == f"https://git.acme.example/acme/registry/compare/main...{BRANCH}"


def test_a_server_without_options_takes_no_request(gitea, remote, git):
    git(remote.path, "config", "receive.advertisePushOptions", "false")

    asked = gitea.asked()

    assert asked.how is How.BY_HAND
    assert "push options" in asked.problem


def test_the_advice_that_a_clone_gives_is_not_about_what_is_pushed_for_review(gitea, remote):
    install(gitea.desk.path, Installation())

    asked = gitea.asked()

    assert (asked.how, asked.problem) == (How.OPENED, "")
