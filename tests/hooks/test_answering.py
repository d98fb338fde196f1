"""A push is answered in the background, and returns before that."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys

import pytest
from tests.sdk.desk import Desk, found
from tests.sdk.receiver import NAME, working_in

from git_registry.catalog.cursor import CURSOR, STARTING
from git_registry.catalog.push_lines import Moved
from git_registry.hooks.answering import answer
from git_registry.repository.locks import taken
from git_registry.repository.repository import Repository
from git_registry.sdk.serving.installing import Installation, install
from git_registry.sdk.serving.layouts import Wish
from git_registry.sdk.serving.settings import Believed

pytestmark = pytest.mark.usefixtures("secret")


@pytest.fixture(scope="module")
def story(tmp_path_factory, listener):
    """A server with an organization, whose admin lets it send; what is pushed is not judged."""
    place = tmp_path_factory.mktemp("story")
    desk, git = found(place / "acme"), working_in(place)
    git("init", "-q", "--bare", "-b", "main", "acme.git")
    listener.allow(lambda where, *words: working_in(where)(*words), place / "acme.git")
    wanted = Installation(believed=Believed(identity="env:REG_USER"), wish=Wish(hooks=("post-receive",)))
    install(place / "acme.git", wanted)
    desk.link("one")
    working_in(desk.path)("remote", "add", "origin", "../acme.git")
    push(desk)
    return desk


@pytest.fixture
def server(story, tmp_path):
    """The same server for each test, and beside it the same clone."""
    shutil.copytree(story.path.parent, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path / "acme.git"


@pytest.fixture
def desk(server, story):
    return Desk(server.parent / "acme", story.clock)


def push(desk, *words):
    """Push as the host would have Bob do; return what was said."""
    environ = {**os.environ, "REG_USER": "bob"}
    command = ["git", "push", "-q", "origin", *(words or ["main"])]
    done = subprocess.run(command, cwd=desk.path, capture_output=True, text=True, env=environ)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_who_pushes_waits_for_nobody_and_what_follows_is_sent(desk, server, receiver, git):
    receiver.opened.clear()
    receiver.automate(desk.path)
    desk.promote("model/churn:v0", "production")  # in the same push as what it starts

    assert push(desk) == ""
    log = server / "registry/automations.log"
    assert receiver.asked.wait(60), log.read_text()
    assert receiver.got == []  # it has been asked, and has not answered yet: the push is long over
    with taken(server / "registry" / STARTING, seconds=0):
        pass  # the next push would start another, while this one still waits
    receiver.opened.set()

    receiver.wait_for(1)
    ((_, data),) = receiver.got
    assert (data["alias"], data["commit"]) == ("production", git(desk.path, "rev-parse", "main"))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_many_pushes_start_no_more_than_one_who_has_not_begun(desk, server, receiver, git):
    receiver.automate(desk.path)
    (server / "registry").mkdir(exist_ok=True)

    with taken(server / "registry" / STARTING):
        assert push(desk) == ""

    assert git(server, "rev-parse", CURSOR) == git(desk.path, "rev-parse", "HEAD~1")
    assert not (server / "registry/automations.log").exists()


def test_how_far_events_were_answered_is_the_servers_own(desk, server, receiver, git):
    git(server, "update-ref", CURSOR, "main")

    assert CURSOR not in git(desk.path, "ls-remote", "origin")
    git(desk.path, "push", "-q", "origin", f"main~1:{CURSOR}", "--force", code=1)
    git(desk.path, "push", "-q", "origin", f":{CURSOR}", code=1)

    assert git(server, "rev-parse", CURSOR) == git(server, "rev-parse", "main")


def test_without_an_automation_on_the_default_branch_nothing_is_started(desk, server, receiver, git):
    receiver.automate(desk.path)

    assert push(desk, "main:proposals/bob/deploy") == ""

    assert git(server, "for-each-ref", CURSOR) == ""
    assert not (server / "registry/automations.log").exists()


def test_where_a_timer_does_it_no_push_starts_anything_and_nothing_is_lost(desk, server, receiver, git):
    git(server, "config", "registry.automations", "timer")
    receiver.automate(desk.path)
    before = git(server, "rev-parse", "main")

    assert push(desk) == ""

    assert git(server, "rev-parse", CURSOR) == before
    assert not (server / "registry/automations.log").exists()


@pytest.mark.parametrize(
    ("where", "put", "why"),
    [
        ("registry", lambda path: path.write_text("in the way"), "File exists"),
        ("registry/automations.starting", os.mkfifo, "this is no file"),
        ("registry/automations.log", lambda path: path.symlink_to("/dev/null"), "this is no file"),
    ],
)
def test_what_goes_wrong_never_fails_the_push(desk, server, receiver, git, where, put, why):
    receiver.automate(desk.path)
    (server / where).parent.mkdir(exist_ok=True)
    put(server / where)

    said = push(desk)

    assert said.count("warning:") == 1
    assert f"warning: no automation is started by this push: {where}: {why}" in said
    assert git(server, "rev-parse", "main") == git(desk.path, "rev-parse", "HEAD")
    assert git(server, "rev-parse", CURSOR) == git(desk.path, "rev-parse", "HEAD~1")


STANDING_IN = """#!{python}
import os, sys
with open({told!r}, "w") as told:
    print(os.getsid(0) == os.getpid(), *sys.argv[1:], sep="\\n", file=told)
    print(*sorted(os.environ), sep="\\n", file=told)
os.rename({told!r}, {told!r} + ".whole")
"""


def test_it_is_told_the_secrets_and_nothing_of_the_push(desk, server, receiver, tmp_path, git, monkeypatch):
    receiver.automate(desk.path)
    push(desk, "main:waiting")
    tip, told = git(desk.path, "rev-parse", "HEAD"), tmp_path / "told"
    script = tmp_path / "python"
    script.write_text(STANDING_IN.format(python=sys.executable, told=str(told)))
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    environ = {**os.environ, "GIT_QUARANTINE_PATH": "x", "GIT_PUSH_OPTION_COUNT": "0"}
    started = []
    monkeypatch.setattr(subprocess, "Popen", _remembered(subprocess.Popen, started))

    assert answer(Repository.open(server), Moved("refs/heads/main", None, tip), environ)
    (child,) = started
    assert child.wait(60) == 0

    lines = (tmp_path / "told.whole").read_text().splitlines()
    assert lines[:3] == ["True", "-I", "-m"]  # in a session of its own
    assert lines[4:11] == ["-C", str(server), "automation", "run", "--log", "--stay", "900"]
    assert NAME in lines
    assert {"GIT_QUARANTINE_PATH", "GIT_PUSH_OPTION_COUNT"}.isdisjoint(lines)


def _remembered(start, started):
    def popen(command, **options):
        child = start(command, **options)
        if "automation" in command:
            started.append(child)
        return child

    return popen
