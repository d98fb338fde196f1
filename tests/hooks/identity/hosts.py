"""What hosts set when they run a hook: whole environments, in the words of their documentation and source.

Ana works at all of them. Names, addresses and ids are made up; which variables there are, and what they look
like, is not.
"""

from __future__ import annotations

ZERO = "0" * 40

GIT = {
    "GIT_DIR": ".",
    "GIT_EXEC_PATH": "/usr/lib/git-core",
    "GIT_QUARANTINE_PATH": "/srv/git/acme.git/./objects/tmp_objdir-incoming-Xb4Uy1",
    "GIT_OBJECT_DIRECTORY": "/srv/git/acme.git/./objects/tmp_objdir-incoming-Xb4Uy1",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/srv/git/acme.git/./objects",
    "GIT_PUSH_OPTION_COUNT": "1",
    "GIT_PUSH_OPTION_0": "user=admin",
    "PATH": "/usr/lib/git-core:/usr/bin:/bin",
    "PWD": "/srv/git/acme.git",
    "SHLVL": "1",
    "_": "/usr/bin/python3",
}

SSH = {
    **GIT,
    "HOME": "/home/git",
    "USER": "git",
    "LOGNAME": "git",
    "SHELL": "/bin/sh",
    "MOTD_SHOWN": "pam",
    "LANG": "en_US.UTF-8",
    "LC_NAME": "admin",
    "GIT_PROTOCOL": "version=2",
    "SSH_CLIENT": "192.0.2.7 51724 22",
    "SSH_CONNECTION": "192.0.2.7 51724 192.0.2.1 22",
    "SSH_ORIGINAL_COMMAND": "git-receive-pack '/srv/git/acme.git'",
}

FORCED_COMMAND = {**SSH, "REG_USER": "ana"}

GITOLITE = {
    **SSH,
    "SSH_ORIGINAL_COMMAND": "git-receive-pack 'acme'",
    "GL_ADMIN_BASE": "/home/git/.gitolite",
    "GL_BINDIR": "/usr/share/gitolite3",
    "GL_LIBDIR": "/usr/share/gitolite3/lib",
    "GL_LOGFILE": "/home/git/.gitolite/logs/gitolite-2026-11.log",
    "GL_REPO": "acme",
    "GL_REPO_BASE": "/home/git/repositories",
    "GL_TID": "31337",
    "GL_USER": "ana",
    "GL_OPTION_acme": "1",
}

HTTP_BACKEND = {
    **GIT,
    "AUTH_TYPE": "Basic",
    "CONTENT_TYPE": "application/x-git-receive-pack-request",
    "DOCUMENT_ROOT": "/var/www/html",
    "GATEWAY_INTERFACE": "CGI/1.1",
    "GIT_COMMITTER_EMAIL": "ana@http.192.0.2.7",
    "GIT_COMMITTER_NAME": "ana",
    "GIT_HTTP_EXPORT_ALL": "",
    "GIT_PROJECT_ROOT": "/srv/git",
    "HOME": "/var/lib/git",
    "HTTP_ACCEPT": "application/x-git-receive-pack-result",
    "HTTP_AUTHORIZATION": "Basic YW5hOmh1bnRlcjI=",
    "HTTP_GL_USER": "admin",
    "HTTP_REMOTE_USER": "admin",
    "HTTP_USER_AGENT": "git/2.39.5",
    "PATH_INFO": "/acme.git/git-receive-pack",
    "QUERY_STRING": "",
    "REMOTE_ADDR": "192.0.2.7",
    "REMOTE_USER": "ana",
    "REQUEST_METHOD": "POST",
    "REQUEST_URI": "/git/acme.git/git-receive-pack",
    "SCRIPT_FILENAME": "/usr/lib/git-core/git-http-backend",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_SOFTWARE": "nginx/1.22.1",
}

GITOLITE_HTTP = {**HTTP_BACKEND, **{name: GITOLITE[name] for name in GITOLITE if name.startswith("GL_")}}

GITLAB_SSH = {
    **GIT,
    "CORRELATION_ID": "01JD8Y2Q4V",
    "GITALY_BIN_DIR": "/opt/gitlab/embedded/bin",
    "GITALY_HOOKS_PAYLOAD": "eyJiaW5hcnlfZGlyZWN0b3J5Ijoi",
    "GITALY_LOG_DIR": "/var/log/gitlab/gitaly",
    "GL_ID": "user-7",
    "GL_PROJECT_PATH": "acme/models",
    "GL_PROTOCOL": "ssh",
    "GL_REPOSITORY": "project-3",
    "GL_USERNAME": "ana",
    "HOME": "/var/opt/gitlab",
}
GITLAB_HTTP = {**GITLAB_SSH, "GL_PROTOCOL": "http"}
GITLAB_WEB = {**GITLAB_SSH, "GL_PROTOCOL": "web"}
GITLAB_BOT = {**GITLAB_HTTP, "GL_ID": "user-81", "GL_USERNAME": "project_3_bot_6b0c2a47d1"}
GITLAB_DEPLOY_KEY = {**GITLAB_SSH, "GL_ID": "key-4", "GL_USERNAME": ""}

_GITEA = {
    **GIT,
    "GITEA_PUSHER_EMAIL": "ana@acme.example",
    "GITEA_PUSHER_ID": "2",
    "GITEA_PUSHER_NAME": "ana",
    "GITEA_REPO_ID": "12",
    "GITEA_REPO_IS_WIKI": "false",
    "GITEA_REPO_NAME": "models",
    "GITEA_REPO_USER_NAME": "olga",
    "GITEA_ROOT_URL": "https://gitea.acme.example/",
    "GITEA_PR_ID": "0",
}
GITEA_SSH = {
    **_GITEA,
    "GITEA_DEPLOY_KEY_ID": "0",
    "GITEA_KEY_ID": "5",
    "SSH_ORIGINAL_COMMAND": "git-receive-pack 'olga/models.git'",
}
GITEA_HTTP = {name: value for name, value in _GITEA.items() if name != "GITEA_PR_ID"}
GITEA_DEPLOY_KEY = {
    **GITEA_SSH,
    "GITEA_DEPLOY_KEY_ID": "12",
    "GITEA_KEY_ID": "9",
    "GITEA_PUSHER_NAME": "olga",
    "GITEA_PUSHER_ID": "1",
}
GITEA_WEB = {
    **_GITEA,
    "GIT_AUTHOR_NAME": "Olga Owner",
    "GIT_AUTHOR_EMAIL": "olga@acme.example",
    "GIT_COMMITTER_NAME": "Olga Owner",
    "GIT_COMMITTER_EMAIL": "olga@acme.example",
    "GITEA_PR_INDEX": "0",
    "SSH_ORIGINAL_COMMAND": "gitea-internal",
}
GITEA_MERGE = {
    **GITEA_WEB,
    "GITEA_PR_ID": "431",
    "GITEA_PR_INDEX": "17",
    "GITEA_PUSH_TRIGGER": "pr-merge-to-base",
}
FORGEJO_MERGE = {name: value for name, value in GITEA_MERGE.items() if name != "GITEA_PR_INDEX"}
GITEA_UPDATE = {**GITEA_MERGE, "GITEA_PUSH_TRIGGER": "pr-update-with-base"}

_GITHUB = {
    **GIT,
    "GITHUB_REPO_NAME": "acme/models",
    "GITHUB_REPO_PUBLIC": "false",
    "GITHUB_USER_IP": "192.0.2.7",
    "GITHUB_USER_LOGIN": "ana",
    "GIT_USER_AGENT": "git/2.39.5",
}
GITHUB_SSH = {
    **_GITHUB,
    "GITHUB_PUBLIC_KEY_FINGERPRINT": "a1:b2:c3:d4:e5:f6:07:18:29:3a:4b:5c:6d:7e:8f:90",
}
GITHUB_HTTP = _GITHUB
GITHUB_WEB = {**_GITHUB, "GITHUB_VIA": "blob edit"}
GITHUB_MERGE = {
    **_GITHUB,
    "GITHUB_VIA": "pull request merge button",
    "GITHUB_PULL_REQUEST_AUTHOR_LOGIN": "bob",
    "GITHUB_PULL_REQUEST_HEAD": "bob:tumors-v4",
    "GITHUB_PULL_REQUEST_BASE": "acme:main",
}
GITHUB_MERGE_BY_API = {**GITHUB_MERGE, "GITHUB_VIA": "pull request merge api"}
GITHUB_BRANCH_MERGE = {**_GITHUB, "GITHUB_VIA": "merge api"}
GITHUB_APP = {**_GITHUB, "GITHUB_USER_LOGIN": "train-ci[bot]"}
GITHUB_APPS_REQUEST = {**GITHUB_MERGE, "GITHUB_PULL_REQUEST_AUTHOR_LOGIN": "train-ci[bot]"}

BITBUCKET_PUSH = {
    **GIT,
    "BB_BASE_URL": "https://bitbucket.acme.example",
    "BB_HOOK_TRIGGER_ID": "push",
    "BB_HOOK_TYPE": "PRE",
    "BB_IS_DRY_RUN": "false",
    "BB_PROJECT_KEY": "ACME",
    "BB_REPO_CLONE_HTTP": "https://bitbucket.acme.example/scm/acme/models.git",
    "BB_REPO_CLONE_SSH": "ssh://git@bitbucket.acme.example:7999/acme/models.git",
    "BB_REPO_IS_FORK": "false",
    "BB_REPO_IS_PUBLIC": "false",
    "BB_REPO_SLUG": "models",
    "BB_USER_DISPLAY_NAME": "Olga Owner",
    "BB_USER_EMAIL": "ana@acme.example",
    "BB_USER_NAME": "ana",
    "BB_USER_PERMISSION": "REPO_WRITE",
}
BITBUCKET_WEB = {**BITBUCKET_PUSH, "BB_HOOK_TRIGGER_ID": "file-edit"}
BITBUCKET_MERGE = {
    **BITBUCKET_PUSH,
    "BB_HOOK_TRIGGER_ID": "pull-request-merge",
    "BB_FROM_HASH": "1f" * 20,
    "BB_FROM_PROJECT_KEY": "ACME",
    "BB_FROM_REF": "refs/heads/tumors-v4",
    "BB_FROM_REPO_SLUG": "models",
    "BB_MERGE_HASH": "2e" * 20,
    "BB_MERGE_IS_CROSS_REPO": "false",
    "BB_MERGE_STRATEGY_ID": "no-ff",
    "BB_PULL_REQUEST_AUTHOR_USER_DISPLAY_NAME": "Bob",
    "BB_PULL_REQUEST_AUTHOR_USER_EMAIL": "bob@acme.example",
    "BB_PULL_REQUEST_AUTHOR_USER_NAME": "bob",
    "BB_PULL_REQUEST_ID": "17",
    "BB_TO_HASH": "3d" * 20,
    "BB_TO_REF": "refs/heads/main",
}
BITBUCKET_DRY_RUN = {**BITBUCKET_MERGE, "BB_IS_DRY_RUN": "true", "BB_MERGE_HASH": ""}

GERRIT = {"GIT_DIR": "/srv/gerrit/git/acme.git", "HOME": "/srv/gerrit", "PATH": "/usr/bin:/bin"}

GERRIT_REF_UPDATE = (
    *("--project", "acme", "--refname", "refs/heads/main"),
    *("--uploader", "Ana (ana@acme.example)", "--uploader-username", "ana"),
    *("--oldrev", ZERO, "--newrev", "1f" * 20),
)
GERRIT_COMMIT_RECEIVED = (*GERRIT_REF_UPDATE, "--cmdref", "refs/for/main")
GERRIT_SUBMIT = (
    *("--change", "I" + "8" * 40, "--project", "acme", "--branch", "main"),
    *("--submitter", "Ana (ana@acme.example)", "--submitter-username", "ana"),
    *("--patchset", "3", "--commit", "1f" * 20),
)
GERRIT_REF_UPDATED = (
    *("--oldrev", ZERO, "--newrev", "1f" * 20, "--refname", "refs/heads/main", "--project", "acme"),
    *("--submitter", "Ana (ana@acme.example)", "--submitter-username", "ana"),
)

KEY = "SHA256:aYjWPRPQ2bYpAYMfWuYNNYVXPoFYnlM47fNvLUSqwzY"
SIGNED_PUSH = {
    **SSH,
    "GIT_PUSH_CERT": "4c" * 20,
    "GIT_PUSH_CERT_KEY": KEY,
    "GIT_PUSH_CERT_NONCE": "1795418577-5f1f7b0c9a",
    "GIT_PUSH_CERT_NONCE_STATUS": "OK",
    "GIT_PUSH_CERT_SIGNER": "",
    "GIT_PUSH_CERT_STATUS": "G",
}
