"""What each host says, and who that is."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from tests.hooks.identity import hosts

from git_registry.hooks.identity.adapters import identify
from git_registry.hooks.identity.pusher import Pusher, Request
from git_registry.policy.account import Account
from git_registry.policy.settings import ADAPTERS


class Recorded(NamedTuple):
    setting: str
    environ: dict[str, str]
    account: Account
    request: Request | None = None
    arguments: tuple[str, ...] = ()


def given(name="ana"):
    return Account(name=name, given=True)


def signed_up(host, name="ana"):
    return Account(host=host, name=name)


PRESSED = Request()
MAY_BE = Request(certain=False)

RECORDED = {
    "sshd, forced command": Recorded("env:REG_USER", hosts.FORCED_COMMAND, given()),
    "gitolite, ssh": Recorded("gitolite", hosts.GITOLITE, given()),
    "gitolite, http": Recorded("gitolite", hosts.GITOLITE_HTTP, given()),
    "http-backend": Recorded("http", hosts.HTTP_BACKEND, given()),
    "gitlab, ssh": Recorded("gitlab", hosts.GITLAB_SSH, signed_up("gitlab")),
    "gitlab, http": Recorded("gitlab", hosts.GITLAB_HTTP, signed_up("gitlab")),
    "gitlab, merge or edit": Recorded("gitlab", hosts.GITLAB_WEB, signed_up("gitlab"), MAY_BE),
    "gitlab, a project's bot": Recorded(
        "gitlab", hosts.GITLAB_BOT, signed_up("gitlab", "project_3_bot_6b0c2a47d1")
    ),
    "gitlab, deploy key": Recorded("gitlab", hosts.GITLAB_DEPLOY_KEY, signed_up("gitlab", "key+4")),
    "gitea, ssh": Recorded("gitea", hosts.GITEA_SSH, signed_up("gitea")),
    "gitea, http": Recorded("gitea", hosts.GITEA_HTTP, signed_up("gitea")),
    "gitea, edit on the web": Recorded("gitea", hosts.GITEA_WEB, signed_up("gitea")),
    "gitea, merge": Recorded("gitea", hosts.GITEA_MERGE, signed_up("gitea"), PRESSED),
    "forgejo, merge": Recorded("gitea", hosts.FORGEJO_MERGE, signed_up("gitea"), PRESSED),
    "gitea, update of a pull request": Recorded("gitea", hosts.GITEA_UPDATE, signed_up("gitea")),
    "gitea, deploy key": Recorded("gitea", hosts.GITEA_DEPLOY_KEY, signed_up("gitea", "deploy+12")),
    "github, ssh": Recorded("github", hosts.GITHUB_SSH, signed_up("github")),
    "github, http": Recorded("github", hosts.GITHUB_HTTP, signed_up("github")),
    "github, edit on the web": Recorded("github", hosts.GITHUB_WEB, signed_up("github")),
    "github, merge": Recorded("github", hosts.GITHUB_MERGE, signed_up("github"), PRESSED),
    "github, merge by the API": Recorded("github", hosts.GITHUB_MERGE_BY_API, signed_up("github"), PRESSED),
    "github, branches merged": Recorded("github", hosts.GITHUB_BRANCH_MERGE, signed_up("github")),
    "github, app": Recorded("github", hosts.GITHUB_APP, signed_up("github", "train-ci+bot")),
    "github, an app's request": Recorded(
        "github",
        hosts.GITHUB_APPS_REQUEST,
        signed_up("github"),
        PRESSED,
    ),
    "bitbucket, push": Recorded("bitbucket", hosts.BITBUCKET_PUSH, signed_up("bitbucket")),
    "bitbucket, edit on the web": Recorded("bitbucket", hosts.BITBUCKET_WEB, signed_up("bitbucket")),
    "bitbucket, merge": Recorded(
        "bitbucket",
        hosts.BITBUCKET_MERGE,
        signed_up("bitbucket"),
        PRESSED,
    ),
    "bitbucket, could it be merged": Recorded(
        "bitbucket",
        hosts.BITBUCKET_DRY_RUN,
        signed_up("bitbucket"),
        PRESSED,
    ),
    "gerrit, direct push": Recorded(
        "gerrit", hosts.GERRIT, signed_up("gerrit"), arguments=hosts.GERRIT_REF_UPDATE
    ),
    "gerrit, push for review": Recorded(
        "gerrit", hosts.GERRIT, signed_up("gerrit"), arguments=hosts.GERRIT_COMMIT_RECEIVED
    ),
    "gerrit, submit": Recorded("gerrit", hosts.GERRIT, signed_up("gerrit"), PRESSED, hosts.GERRIT_SUBMIT),
    "gerrit, after a push": Recorded(
        "gerrit", hosts.GERRIT, signed_up("gerrit"), arguments=hosts.GERRIT_REF_UPDATED
    ),
    "signed push": Recorded("signed-push", hosts.SIGNED_PUSH, Account(key=hosts.KEY)),
}


@pytest.mark.parametrize("name", RECORDED)
def test_a_host_says_who_pushes(name):
    setting, environ, account, request, arguments = RECORDED[name]

    found = identify(setting, environ, arguments=arguments)

    assert found._replace(may_ask=False) == Pusher(account=account, request=request)


def test_of_what_people_push_for_review_on_gitea_a_request_of_theirs_is_made():
    asking = {name for name, one in RECORDED.items() if identify(*one[:2], arguments=one.arguments).may_ask}

    assert asking == {name for name, one in RECORDED.items() if one.setting == "gitea"} - {
        "gitea, deploy key"
    }


def test_every_adapter_is_recorded():
    recorded = {one.setting.partition(":")[0] for one in RECORDED.values()}

    assert recorded | {"exposed-auth"} == set(ADAPTERS)  # that one reads a file, see test_exposed_auth.py


@pytest.mark.parametrize(
    ("setting", "environ", "arguments"),
    [
        ("gitlab", hosts.GITLAB_SSH, ()),
        ("gitea", hosts.GITEA_SSH, ()),
        ("github", hosts.GITHUB_SSH, ()),
        ("bitbucket", hosts.BITBUCKET_PUSH, ()),
        ("gerrit", hosts.GERRIT, hosts.GERRIT_REF_UPDATE),
    ],
)
def test_a_forge_without_sign_up_hands_out_names(setting, environ, arguments):
    pusher = identify(setting, environ, "given", arguments)

    assert pusher.account == Account(host=setting, name="ana", given=True)


@pytest.mark.parametrize(
    ("setting", "environ"),
    [
        ("gitlab", hosts.GITLAB_DEPLOY_KEY),
        ("gitea", hosts.GITEA_DEPLOY_KEY),
        ("github", hosts.GITHUB_APP),
    ],
)
def test_nobody_has_given_a_key_or_a_program_its_name(setting, environ):
    assert not identify(setting, environ, "given").account.given


def test_two_hosts_may_name_their_people_alike_and_not_mean_the_same():
    gitea = identify("gitea", hosts.GITEA_SSH).account
    gitlab = identify("gitlab", hosts.GITLAB_SSH).account

    assert gitea.name == gitlab.name
    assert gitea != gitlab
