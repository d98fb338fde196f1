"""What a host would not say: somebody else chose it, or the server isn't set up as it should be."""

from __future__ import annotations

import pytest
from tests.hooks.identity import hosts

from git_registry.errors import Refused
from git_registry.hooks.identity.adapters import identify
from git_registry.policy.settings import ADAPTERS


def but(environ, **changed):
    """Return an environment with variables changed; None takes one away."""
    return {name: value for name, value in {**environ, **changed}.items() if value is not None}


def refusal(setting, environ, accounts=None, arguments=()):
    with pytest.raises(Refused) as caught:
        identify(setting, environ, accounts, arguments)
    return caught.value


# The setting


@pytest.mark.parametrize(
    "setting", ["", "sshd", "GitLab", "gitlab ", " gitea", "gitolite:x", "gitea:", "en", "env"]
)
def test_an_adapter_nobody_knows_refuses_and_names_those_there_are(setting):
    error = refusal(setting, hosts.GITOLITE)

    assert error.where == "registry.identity"
    assert all(name in error.hint for name in ADAPTERS)


def test_without_the_setting_nothing_is_guessed():
    assert (
        refusal("", {**hosts.GITOLITE, **hosts.HTTP_BACKEND}).message == "the server does not say who pushes"
    )


@pytest.mark.parametrize(
    ("setting", "accounts"),
    [
        ("env:REG_USER", "signup"),
        ("gitolite", "signup"),
        ("http", "signup"),
        ("exposed-auth", "given"),
        ("signed-push", "given"),
        ("gitea", "open"),
        ("gitea", "Given"),
    ],
)
def test_accounts_are_what_the_host_can_have(setting, accounts):
    error = refusal(setting, {**hosts.FORCED_COMMAND, **hosts.GITEA_SSH}, accounts)

    assert error.where == "registry.accounts"


# A variable of one's own


@pytest.mark.parametrize("setting", ["env:", "env:A B", "env:1A", "env:REG-USER", "env:ÄNA", "env:X:Y"])
def test_env_names_a_variable(setting):
    assert "has to name a variable" in refusal(setting, hosts.FORCED_COMMAND).message


@pytest.mark.parametrize(
    "name", ["HTTP_REMOTE_USER", "GIT_PUSH_OPTION_0", "LC_NAME", "LANG", "SSH_ORIGINAL_COMMAND"]
)
def test_a_variable_that_clients_set_names_nobody(name):
    error = refusal(f"env:{name}", {**hosts.SSH, **hosts.HTTP_BACKEND, name: "admin"})

    assert f"{name} is set by the client" in error.message


@pytest.mark.parametrize(
    ("name", "adapter"), [("REMOTE_USER", "http"), ("GITEA_PUSHER_NAME", "gitea"), ("GL_USER", "gitolite")]
)
def test_a_hosts_variable_is_read_by_its_own_adapter(name, adapter):
    error = refusal(f"env:{name}", {name: "admin"})

    assert error.hint == f"use registry.identity = {adapter}"


def test_other_variables_do_not_count():
    sent = but(hosts.SSH, GL_USER="admin", GITEA_PUSHER_NAME="admin", REMOTE_USER="admin", reg_user="admin")

    told = refusal("env:REG_USER", sent)
    assert "does not set REG_USER" in told.message
    assert told.hint == "the forced command has to export REG_USER, and to run git with it"


# gitolite and GitLab share a prefix


@pytest.mark.parametrize("name", ["GL_ID", "GL_USERNAME", "GL_PROTOCOL", "GL_PROJECT_PATH"])
def test_gitolite_is_not_gitlab(name):
    environ = but(hosts.GITOLITE, **{name: hosts.GITLAB_SSH[name]})

    assert f"{name} is set, as by GitLab" in refusal("gitolite", environ).message


def test_gitlab_is_not_gitolite():
    environ = {**hosts.GITLAB_SSH, "GL_BINDIR": "/usr/share/gitolite3"}

    assert "as by gitolite" in refusal("gitlab", environ).message


def test_a_name_from_gitolite_needs_gitolite():
    assert "GL_BINDIR" in refusal("gitolite", but(hosts.SSH, GL_USER="admin")).message


def test_gitolite_behind_a_web_server_that_asks_nobody():
    environ = but(hosts.GITOLITE_HTTP, GL_USER="anonymous", AUTH_TYPE=None)

    assert "AUTH_TYPE" in refusal("gitolite", environ).message


@pytest.mark.parametrize(
    "said", ["user", "user-", "key-", "7", "User-7", "user-7 ", "user-x", "user-٧", "team-7"]
)
def test_what_gitlab_lets_in_is_a_user_or_a_key(said):
    assert "GL_ID is neither" in refusal("gitlab", but(hosts.GITLAB_SSH, GL_ID=said)).message


# A web server


@pytest.mark.parametrize("name", ["AUTH_TYPE", "GATEWAY_INTERFACE", "REMOTE_USER"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_web_server_has_asked_for_a_password(name, value):
    error = refusal("http", but(hosts.HTTP_BACKEND, **{name: value}))

    assert f"the host does not set {name}" in error.message


def test_a_gateway_is_one():
    error = refusal("http", but(hosts.HTTP_BACKEND, GATEWAY_INTERFACE="admin"))

    assert "GATEWAY_INTERFACE is not as" in error.message


def test_headers_of_the_request_name_nobody():
    environ = but(hosts.HTTP_BACKEND, REMOTE_USER=None, HTTP_REMOTE_USER="admin", HTTP_AUTH_TYPE="Basic")

    assert "REMOTE_USER" in refusal("http", environ).message


@pytest.mark.parametrize(("setting", "environ"), [("http", hosts.HTTP_BACKEND), ("gitlab", hosts.GITLAB_SSH)])
def test_what_came_in_through_sshd_is_what_a_client_sent(setting, environ):
    assert "through sshd" in refusal(setting, {**hosts.SSH, **environ}).message


# Deploy keys and people


def test_a_deploy_key_is_not_the_owner():
    assert (
        identify("gitea", hosts.GITEA_DEPLOY_KEY).account.name != hosts.GITEA_DEPLOY_KEY["GITEA_PUSHER_NAME"]
    )


@pytest.mark.parametrize("value", ["x", "-1", "12 ", "1e3", "٣", "9" * 5000])
def test_a_deploy_key_has_a_number(value):
    error = refusal("gitea", but(hosts.GITEA_DEPLOY_KEY, GITEA_DEPLOY_KEY_ID=value))

    assert "GITEA_DEPLOY_KEY_ID holds no number" in error.message


@pytest.mark.parametrize(
    ("setting", "environ", "name", "key"),
    [
        ("gitea", hosts.GITEA_SSH, "GITEA_PUSHER_NAME", "deploy+12"),
        ("gitlab", hosts.GITLAB_SSH, "GL_USERNAME", "key+4"),
        ("github", hosts.GITHUB_SSH, "GITHUB_USER_LOGIN", "train-ci+bot"),
    ],
)
def test_nobody_is_called_like_a_key_or_a_program(setting, environ, name, key):
    assert "no name of a person" in refusal(setting, {**environ, name: key}).message


def test_a_key_of_gitlab_says_no_user():
    environ = but(hosts.GITLAB_DEPLOY_KEY, GL_USERNAME="olga")

    assert identify("gitlab", environ).account.name == "key+4"


# The merge of a request


@pytest.mark.parametrize(
    "changed",
    [
        {"GITEA_PUSH_TRIGGER": "PR-MERGE-TO-BASE"},
        {"GITEA_PUSH_TRIGGER": " pr-merge-to-base"},
        {"GITEA_PUSH_TRIGGER": None},
        {"GITEA_PR_ID": "0"},
        {"GITEA_PR_ID": None},
        {"SSH_ORIGINAL_COMMAND": None},
        {"SSH_ORIGINAL_COMMAND": "git-receive-pack 'olga/models.git'"},
    ],
)
def test_gitea_merges_only_what_it_says_whole(changed):
    assert identify("gitea", but(hosts.GITEA_MERGE, **changed)).request is None


def test_a_trigger_that_came_in_over_ssh_merges_nothing():
    sent = {"GITEA_PUSH_TRIGGER": "pr-merge-to-base", "GITEA_PR_INDEX": "17"}

    assert identify("gitea", {**hosts.GITEA_SSH, **sent}).request is None


@pytest.mark.parametrize(
    "changed",
    [
        {"GITHUB_VIA": "Pull Request Merge Button"},
        {"GITHUB_VIA": "pull request branch undo button"},
        {"GITHUB_VIA": "pull request revert button"},
        {"GITHUB_VIA": "auto-merge deployment api"},
        {"GITHUB_VIA": "branch merge api"},
        {"GITHUB_VIA": None},
        {"GITHUB_PULL_REQUEST_AUTHOR_LOGIN": None},
        {"GITHUB_PULL_REQUEST_AUTHOR_LOGIN": ""},
    ],
)
def test_github_merges_only_what_it_says_whole(changed):
    assert identify("github", but(hosts.GITHUB_MERGE, **changed)).request is None


@pytest.mark.parametrize("trigger", ["push", "PULL-REQUEST-MERGE", "branch-create", None])
def test_bitbucket_merges_only_what_triggers_so(trigger):
    assert identify("bitbucket", but(hosts.BITBUCKET_MERGE, BB_HOOK_TRIGGER_ID=trigger)).request is None


@pytest.mark.parametrize("protocol", ["ssh", "http", "Web", "", None])
def test_gitlab_merges_on_the_web_alone(protocol):
    assert identify("gitlab", but(hosts.GITLAB_WEB, GL_PROTOCOL=protocol)).request is None


def test_a_request_that_is_told_wrongly_refuses_the_push():
    assert "GITEA_PR_ID" in refusal("gitea", but(hosts.GITEA_MERGE, GITEA_PR_ID="../bob")).message


# Gerrit's arguments


def uploaded_as(shown):
    return tuple(shown if one.startswith("Ana (") else one for one in hosts.GERRIT_REF_UPDATE)


@pytest.mark.parametrize("shown", ["--uploader-username", "--submitter-username", "admin", ""])
def test_what_people_call_themselves_in_gerrit_is_no_flag(shown):
    assert identify("gerrit", hosts.GERRIT, arguments=uploaded_as(shown)).account.name == "ana"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--uploader", "Ana (ana@acme.example)"),
        ("--uploader-username", ""),
        ("--uploader-username",),
        ("--uploader-username", "ana", "--uploader-username", "admin"),
        ("--uploader-username", "ana", "--submitter-username", "admin"),
        ("x", "--uploader-username", "ana", "y"),
        ("--uploader-username", "ana", "admin"),
        ("--UPLOADER-USERNAME", "ana"),
        ("--uploader-username=ana", ""),
    ],
)
def test_arguments_as_gerrit_would_not_hand_them_on(arguments):
    assert refusal("gerrit", {**hosts.GERRIT, "UPLOADER_USERNAME": "ana"}, arguments=arguments)


# Signed pushes


@pytest.mark.parametrize(
    "changed",
    [
        {"GIT_PUSH_CERT": None},
        *({"GIT_PUSH_CERT_STATUS": status} for status in (None, "", "B", "U", "X", "Y", "R", "E", "N", "g")),
        *({"GIT_PUSH_CERT_NONCE_STATUS": status} for status in (None, "", "SLOP", "BAD", "MISSING", "ok")),
        *(
            {"GIT_PUSH_CERT_KEY": key}
            for key in (
                None,
                "",
                "0123456789ABCDEF",
                "MD5:a1:b2",
                hosts.KEY[:-1],
                hosts.KEY + "=",
                hosts.KEY[7:],
            )
        ),
        {"GIT_PUSH_CERT_KEY": hosts.KEY.lower()},
        {"GIT_PUSH_CERT_KEY": f"{hosts.KEY}\n"},
        {"GIT_PUSH_CERT_KEY": hosts.KEY[:-1] + "Z"},  # the same bytes, spelled otherwise
    ],
)
def test_a_push_certificate_that_proves_nothing(changed):
    assert "nobody can tell who pushes" in refusal("signed-push", but(hosts.SIGNED_PUSH, **changed)).message


# Names

NAMED_BY = {
    "env:REG_USER": (hosts.FORCED_COMMAND, "REG_USER"),
    "gitolite": (hosts.GITOLITE, "GL_USER"),
    "http": (hosts.HTTP_BACKEND, "REMOTE_USER"),
    "gitlab": (hosts.GITLAB_SSH, "GL_USERNAME"),
    "gitea": (hosts.GITEA_SSH, "GITEA_PUSHER_NAME"),
    "github": (hosts.GITHUB_SSH, "GITHUB_USER_LOGIN"),
    "bitbucket": (hosts.BITBUCKET_PUSH, "BB_USER_NAME"),
}

NO_NAMES = {
    "missing": None,
    "empty": "",
    "dots": "..",
    "a path": "../ana",
    "a directory": "team/ana",
    "a newline": "ana\n",
    "two lines": "ana\nadmin",
    "an escape": "\x1b[2Jana",
    "a space": " ana",
    "a kind": "user:ana",
    "brackets": "[bot]",
    "an option": "-ana",
    "other letters": "аna",
    "bytes that are no text": "ana\udcff",
    "too long": "a" * 65,
    "a password": "hunter2:/&?=",
}


@pytest.mark.parametrize("what", NO_NAMES)
@pytest.mark.parametrize("setting", NAMED_BY)
def test_what_can_be_no_principals_name_is_refused_and_not_repeated(setting, what):
    environ, variable = NAMED_BY[setting]

    error = refusal(setting, but(environ, **{variable: NO_NAMES[what]}))

    assert variable in error.message
    assert setting in error.where
    assert error.hint
    assert not NO_NAMES[what] or NO_NAMES[what] == ".." or NO_NAMES[what] not in f"{error} {error.hint}"


@pytest.mark.parametrize("setting", NAMED_BY)
def test_a_host_does_not_speak_for_another(setting):
    own = NAMED_BY[setting][0].keys() - hosts.SSH.keys()
    others = {name: value for environ, _ in NAMED_BY.values() for name, value in environ.items()}

    assert refusal(setting, {name: others[name] for name in others.keys() - own})
