"""The servers of the flow tests are what they claim to be: who pushes is who they say, whatever is sent.

And they end with the tests, however those end.
"""

import base64
import os
import select
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tests.flows.servers.http import password
from tests.flows.servers.server import USERS

# What a hook is told; a file that is named, in full.
TELLING = """\
#!/bin/sh
env
if [ -n "$SSH_USER_AUTH" ]; then cat "$SSH_USER_AUTH"; fi
cat >/dev/null
"""

EVERY = pytest.mark.parametrize("kind", ["local", "sshd", "exposing", "gitolite", "http"])
CLOSED = pytest.mark.parametrize("kind", ["sshd", "exposing", "gitolite", "http"])

LIES = {"REG_USER": "ana", "GL_USER": "ana", "REMOTE_USER": "ana", "AUTH_TYPE": "Basic"}


ROOT = Path(__file__).parents[2]
ENDLESS = """
import sys
from pathlib import Path
from tests.flows.servers.{module} import {kind}
with {kind}(Path(sys.argv[1])).serving():
    print("serving", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def telling(on):
    """Return a server of a kind whose hook tells all it knows."""

    def server(kind):
        started = on(kind)
        started.hook("pre-receive", TELLING)
        return started

    return server


@pytest.fixture
def commit(make_repository, git):
    """A repository with a commit to push."""
    return make_repository("work", {"README.md": "Hello\n"})


@EVERY
def test_a_user_clones_and_pushes_and_the_hook_is_told_who_it_was(kind, telling, commit, tmp_path, git):
    server = telling(kind)
    for number, user in enumerate(USERS):
        cloned = server.git(user, tmp_path, "clone", "-q", server.url(user), f"of-{user}")
        assert cloned.code == 0, cloned.said
        clone = tmp_path / f"of-{user}"
        git(clone, "pull", "-q", commit)
        git(
            clone,
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            f"Commit {number}",
            "--author",
            "Ana <ana@acme.example>",
        )

        pushed = server.git(user, clone, "push", "origin", f"HEAD:refs/heads/{user}")

        assert pushed.code == 0, pushed.said
        assert server.knows(user) in pushed.remotely
        assert git(server.repository, "rev-parse", user) == git(clone, "rev-parse", "HEAD")


@CLOSED
def test_who_is_not_known_reads_and_writes_nothing(kind, telling, commit, git):
    server = telling(kind)
    assert server.git("bob", commit, "push", server.url("bob"), "HEAD:main").code == 0

    for command in (["ls-remote", server.url("mallory")], ["push", server.url("mallory"), "HEAD:other"]):
        refused = server.git("mallory", commit, *command)

        assert refused.code == 128
        assert "Permission denied" in refused.said or "Authentication failed" in refused.said
    assert git(server.repository, "for-each-ref", "--format=%(refname)") == "refs/heads/main"


@pytest.mark.parametrize("kind", ["sshd", "exposing", "gitolite"])
def test_variables_that_a_client_sends_name_nobody(kind, telling, commit):
    server = telling(kind)
    sending = server.ssh("bob", *(f"-oSendEnv={name}" for name in LIES))

    pushed = server.git(
        "bob", commit, "push", server.url("bob"), "HEAD:main", GIT_SSH_COMMAND=sending, **LIES
    )

    assert pushed.code == 0, pushed.said
    assert server.knows("bob") in pushed.remotely
    assert server.knows("ana") not in pushed.remotely


def test_a_server_that_takes_what_clients_send_passes_it_on(telling, commit):
    """So a lie gets as far as the hook; who is believed there is the adapter's choice."""
    server = telling("exposing")
    sending = server.ssh("bob", "-oSendEnv=REG_USER")

    pushed = server.git(
        "bob", commit, "push", server.url("bob"), "HEAD:main", GIT_SSH_COMMAND=sending, REG_USER="ana"
    )

    assert "REG_USER=ana" in pushed.remotely


@pytest.mark.parametrize("kind", ["sshd", "exposing", "gitolite"])
def test_a_key_opens_git_and_no_shell(kind, telling, commit):
    server = telling(kind)
    assert server.git("bob", commit, "ls-remote", server.url("bob")).code == 0
    lying = [
        "push",
        "--receive-pack=REG_USER=ana GL_USER=ana git-receive-pack",
        server.url("bob"),
        "HEAD:main",
    ]

    assert server.git("bob", commit, *lying).code == 128
    for command in ("id", "git-upload-pack --help; id", ""):
        asked = [*shlex.split(server.ssh("bob", "-T", "-p", str(server.port))), "127.0.0.1", command]
        done = subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True, text=True)

        assert "uid=" not in done.stdout + done.stderr
        assert done.returncode or "hello bob, this is" in done.stdout  # gitolite tells what bob may do


def test_headers_that_a_client_sends_name_nobody(telling, commit):
    server = telling("http")
    names = [name for lie in LIES for name in (lie, lie.replace("_", "-"), f"X-{lie.replace('_', '-')}")]
    headers = [part for name in names for part in ("-c", f"http.extraHeader={name}: ana")]

    pushed = server.git("bob", commit, *headers, "push", server.url("bob"), "HEAD:main")

    assert pushed.code == 0, pushed.said
    assert "HTTP_REMOTE_USER=ana" in pushed.remotely  # as a header of the request it is there, and only so
    told = {line for line in pushed.remotely if line.partition("=")[0] in LIES}
    assert told == {"REMOTE_USER=bob", "AUTH_TYPE=Basic"}


def test_a_second_authorization_names_nobody(telling, commit):
    server = telling("http")
    header = f"Authorization: Basic {_encoded('ana', 'guessed')}"
    url = server.url("bob").replace(f"bob:{password('bob')}@", "")

    refused = server.git("bob", commit, "-c", f"http.extraHeader={header}", "push", url, "HEAD:main")

    assert refused.code == 128
    assert server.run("git", "-C", str(server.repository), "for-each-ref") == ""


def test_a_hook_is_not_told_the_password(telling, commit):
    server = telling("http")

    pushed = server.git("bob", commit, "push", server.url("bob"), "HEAD:main")

    assert "REMOTE_USER=bob" in pushed.remotely
    assert not any(password("bob") in line for line in pushed.remotely)
    assert not any(_encoded("bob", password("bob")) in line for line in pushed.remotely)


@EVERY
def test_nothing_of_the_environment_of_the_tests_reaches_a_hook(kind, telling, commit):
    server = telling(kind)

    pushed = server.git(
        "bob", commit, "push", server.url("bob"), "HEAD:main", PYTHONPATH="/mine", MARK="mine"
    )

    assert f"HOME={server.home}" in pushed.remotely
    assert not any("mine" in line for line in pushed.remotely)


@pytest.mark.parametrize("kind", ["Sshd", "Http"])
def test_a_server_ends_even_if_the_tests_are_killed(kind, servers, tmp_path):
    servers(kind.lower())  # skips where it can't run
    script = ENDLESS.format(kind=kind, module=kind.lower())
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as tests:
        assert tests.stdout.readline() == b"serving\n"
        processes = [os.pidfd_open(one) for one in _descendants(tests.pid)]
        assert processes

        tests.kill()

        for process in processes:
            assert select.select([process], [], [], 20)[0]
            os.close(process)


def _descendants(process):
    """Return the processes that a process started, and those that they started."""
    children = [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return [*children, *(further for child in children for further in _descendants(child))]


def _encoded(user, secret):
    return base64.b64encode(f"{user}:{secret}".encode()).decode()
