"""What weakens a server is found, with what mends it; and the cures that are told do cure."""

from __future__ import annotations

import os
import pwd
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.sdk.once import once

from git_registry.sdk.serving import shims
from git_registry.sdk.serving.doctor import diagnose
from git_registry.sdk.serving.installing import Installation, install
from git_registry.sdk.serving.layouts import PER_REF, Wish
from git_registry.sdk.serving.settings import Believed
from git_registry.sdk.serving.status import status
from git_registry.sdk.serving.symptom import Weight
from git_registry.sdk.serving.whose import Whose

GITOLITE = "#!/usr/bin/perl\nuse Gitolite::Hooks::Update;\nexit 0;\n"


@once
def server(upstream):
    """A bare repository with an organization in it, and hooks."""
    install(upstream, Installation(believed=Believed(identity="env:REG_USER")))
    return upstream


def problems(server, **options):
    """Return what was found that weakens it: about what, and what mends it."""
    found = diagnose(server, **options)
    return {one.about: one for one in found.symptoms if one.weight is Weight.PROBLEM}


def advice(server):
    return {one.about for one in diagnose(server).symptoms if one.weight is Weight.ADVICE}


def test_a_server_that_is_as_it_should_be_has_nothing_but_a_note(server):
    found = diagnose(server)

    assert found.is_sound
    assert [(one.about, one.weight) for one in found.symptoms] == [("registry.identity", Weight.NOTE)]
    assert "AcceptEnv" in found.symptoms[0].message


def test_a_repository_that_nobody_prepared(upstream):
    found = problems(upstream)

    assert set(found) == {"pre-receive", "registry.identity", "receive.fsckObjects"}
    assert advice(upstream) >= {"post-receive", "transfer.hideRefs", "receive.maxInputSize"}


def test_looking_changes_nothing(upstream):
    files = {path: path.read_bytes() for path in upstream.rglob("*") if path.is_file()}

    diagnose(upstream)
    status(upstream)

    assert {path: path.read_bytes() for path in upstream.rglob("*") if path.is_file()} == files


WEAKENING = {
    "receive.fsckObjects": ("config", "receive.fsckObjects", "false"),
    "receive.procReceiveRefs": ("config", "receive.procReceiveRefs", "refs/for"),
    "core.sharedRepository": ("config", "core.sharedRepository", "group"),
    "HEAD": ("symbolic-ref", "HEAD", "refs/heads/master"),
    "registry.identity": ("config", "registry.identity", "gitolite"),
    "registry.accounts": ("config", "registry.accounts", "signup"),
    "registry.approvals": ("config", "registry.approvals", "forge"),
}


@pytest.mark.parametrize("about", WEAKENING)
def test_what_weakens_it_is_found_and_what_is_told_mends_it(server, git, about):
    git(server, *WEAKENING[about])

    (found,) = [
        one for one in diagnose(server).symptoms if one.about == about and one.weight is Weight.PROBLEM
    ]

    mend = found.mend.rpartition(", and ")[2]
    if about == "registry.identity":
        mend = f"git -C {server} config registry.identity env:REG_USER"
    subprocess.run(shlex.split(mend), check=True)
    assert about not in problems(server)


@pytest.mark.parametrize(("refs", "sound"), [(["refs/for"], True), (["refs/for", "refs/heads"], False)])
def test_on_gitea_what_is_pushed_for_review_may_end_up_in_a_request(server, git, refs, sound):
    git(server, "config", "registry.identity", "gitea")
    for ref in refs:
        git(server, "config", "--add", "receive.procReceiveRefs", ref)

    assert ("receive.procReceiveRefs" not in problems(server)) is sound


@pytest.mark.parametrize(
    ("receive", "transfer", "sound"),
    [(None, "true", True), ("true", "false", True), ("false", "true", False), (None, "false", False)],
)
def test_objects_are_looked_at_by_either_of_two_settings(server, git, receive, transfer, sound):
    git(server, "config", "--unset", "receive.fsckObjects")
    git(server, "config", "transfer.fsckObjects", transfer)
    if receive:
        git(server, "config", "receive.fsckObjects", receive)

    assert ("receive.fsckObjects" not in problems(server)) is sound


@pytest.mark.parametrize("key", ["receive.denyNonFastForwards", "receive.denyDeletes"])
def test_what_keeps_people_from_their_own_proposals_is_told(server, git, key):
    git(server, "config", key, "true")

    assert key in advice(server)
    assert diagnose(server).is_sound


@pytest.mark.parametrize("branch", ["projects/churn", "proposals/bob/x"])
def test_a_default_branch_that_is_something_else(server, git, branch):
    git(server, "symbolic-ref", "HEAD", f"refs/heads/{branch}")

    assert "HEAD" in problems(server)


def test_an_empty_repository_whose_head_is_elsewhere_than_the_first_push(tmp_path, git):
    git(tmp_path, "init", "-q", "--bare", "-b", "master", "new.git")
    new = tmp_path / "new.git"
    install(new, Installation(believed=Believed(identity="http", rescue=("user:ana",))))
    (found,) = [one for one in diagnose(new).symptoms if one.about == "HEAD"]
    assert (found.weight, found.message) == (Weight.ADVICE, "it names master, which isn't there")

    subprocess.run(shlex.split(found.mend), check=True)

    assert "HEAD" not in advice(new)


def test_head_on_no_branch(server, git):
    git(server, "update-ref", "--no-deref", "HEAD", git(server, "rev-parse", "main"))

    assert "HEAD" in problems(server)


def test_a_variable_that_the_hook_would_not_believe(server, git):
    git(server, "config", "registry.identity", "env:HTTP_X_USER")

    assert "is set by the client" in problems(server)["registry.identity"].message


def test_an_adapter_that_nobody_knows(server, git):
    git(server, "config", "registry.identity", "ldap")

    assert "env:VARIABLE" in problems(server)["registry.identity"].mend


def test_an_empty_repository_needs_somebody_for_its_first_push(tmp_path, git):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "new.git")
    new = tmp_path / "new.git"
    install(new, Installation(believed=Believed(identity="http")))
    assert "there is no organization yet" in problems(new)["registry.rescue"].message

    install(new, Installation(believed=Believed(rescue=("user:ana",))))

    assert problems(new) == {}


@pytest.mark.parametrize("identity", ["exposed-auth", "signed-push"])
def test_where_only_keys_are_known_a_key_makes_the_first_push(tmp_path, git, identity):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "new.git")
    new = tmp_path / "new.git"
    install(new, Installation(believed=Believed(identity=identity, rescue=("user:ana",))))
    assert "SHA256:" in problems(new)["registry.rescue"].mend

    install(new, Installation(believed=Believed(rescue=(f"SHA256:{'x' * 43}",))))

    assert "registry.rescue" not in problems(new)


def test_a_policy_that_nobody_can_read(server, desk, git):
    (desk.path / "organization.yaml").write_text("format: 1\nname: [\n")
    git(desk.path, "commit", "-qam", "Broken")
    (server / "hooks/pre-receive").unlink()
    git(desk.path, "push", "-q", "origin", "main", env={"REG_USER": "ada"})

    assert "can't be read" in problems(server)["registry.rescue"].message


def test_an_account_that_two_claim(server, desk, git):
    identities = "identities:\n  user:a: {github: same}\n  user:b: {github: Same}\n"
    with (desk.path / "organization.yaml").open("a") as file:
        file.write(identities)
    git(desk.path, "commit", "-qam", "Twice")
    (server / "hooks/pre-receive").unlink()
    git(desk.path, "push", "-q", "origin", "main", env={"REG_USER": "ada"})

    assert "both claim github same" in problems(server)["organization.yaml"].message.lower()


ADAS_KEY = "identities:\n  user:ada: {ssh: ['SHA256:%s']}\n" % ("x" * 43)
TEAM = "teams:\n  ops: {members: [user:ada, user:bob]}\n"


@pytest.fixture
def ruled(upstream, desk, git):
    """Add to what the organization says, past all hooks; the admin may be another one."""

    def add(text, admin="user:ada"):
        place = desk.path / "organization.yaml"
        place.write_text(place.read_text().replace("user:ada", admin) + text)
        git(desk.path, "commit", "-q", "--allow-empty", "-am", "Rule")
        git(upstream, "fetch", "-q", desk.path, "main:main")

    return add


@pytest.mark.parametrize(
    ("believed", "said", "is_able"),
    [
        (Believed(identity="http"), ("",), True),
        (Believed(identity="http"), ("", "service:robot"), True),
        (Believed(identity="http"), (TEAM, "team:ops"), True),
        (Believed(identity="http"), (TEAM, "team:nobody"), False),
        (Believed(identity="exposed-auth"), ("",), False),
        (Believed(identity="exposed-auth"), (ADAS_KEY,), True),
        (Believed(identity="exposed-auth"), (ADAS_KEY, "user:bob"), False),
        (Believed(identity="gitlab"), ("",), False),
        (Believed(identity="gitlab"), ("", "gitlab:ada"), False),
        (Believed(identity="gitlab"), ("identities:\n  user:ada: {gitlab: ada-l}\n",), True),
        (Believed(identity="gitlab"), ("identities:\n  user:ada: {github: ada-l}\n",), False),
        (Believed(identity="gitlab"), ("identities:\n  user:bob: {gitlab: bob}\n",), False),
        (Believed(identity="gitlab", accounts="given"), ("",), True),
    ],
)
def test_whether_an_admin_can_be_anybody_who_pushes(upstream, ruled, believed, said, is_able):
    ruled(*said)
    install(upstream, Installation(believed=believed))

    assert ("organization.yaml" not in problems(upstream)) is is_able


def test_where_no_admin_can_push_git_on_the_server_mends_it(upstream, tmp_path, monkeypatch, git):
    install(upstream, Installation(believed=Believed(identity="gitlab", rescue=("gitlab:ada",))))
    found = problems(upstream)["organization.yaml"]
    assert found.message.endswith("none has an account of gitlab in `identities`")

    where, _, what = found.mend.partition(": ")
    clone, fetch = what.partition(", ")[0], what.rpartition(", then ")[2]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path))
    subprocess.run(clone, shell=True, check=True)
    with (tmp_path / "mending/organization.yaml").open("a") as file:
        file.write("identities:\n  user:ada: {gitlab: ada}\n")
    git(tmp_path / "mending", "commit", "-qam", "Who Ada is")
    subprocess.run(fetch, shell=True, check=True)

    assert where == "on the server"
    assert "organization.yaml" not in problems(upstream)


def test_a_hook_that_git_passes_by(server):
    (server / "hooks/pre-receive").chmod(0o644)

    mend = problems(server)["pre-receive"].mend
    subprocess.run(shlex.split(mend), check=True)
    assert problems(server) == {}


def test_a_hook_that_others_may_write(server):
    (server / "hooks").chmod(0o777)

    assert "decides what is judged" in problems(server)["pre-receive"].why


def test_files_that_anybody_may_write(server):
    (server / "refs").chmod(0o777)

    assert str(server / "refs") in problems(server)


def test_objects_that_are_borrowed(server):
    (server / "objects/info/alternates").write_text("/elsewhere/objects\n")

    assert "objects" in advice(server)


def test_signed_pushes_need_a_seed_and_a_file_of_keys(server, git, tmp_path, ruled):
    ruled(ADAS_KEY)
    git(server, "config", "registry.identity", "signed-push")
    assert set(problems(server)) == {"receive.certNonceSeed", "gpg.ssh.allowedSignersFile"}

    install(server, Installation())
    (tmp_path / "allowed_signers").touch()
    git(server, "config", "gpg.ssh.allowedSignersFile", tmp_path / "allowed_signers")

    assert problems(server) == {}


def test_a_host_with_only_update_is_judged_ref_by_ref(upstream, git):
    install(upstream, Installation(believed=Believed(identity="env:REG_USER"), wish=Wish(hooks=PER_REF)))

    assert [one.stands.name for one in status(upstream).hooks] == ["update", "post-receive"]
    assert problems(upstream) == {}
    assert "update" in advice(upstream)

    git(upstream, "config", "registry.identity", "signed-push")
    assert "update" in problems(upstream)


def test_gitolite_has_to_be_told_of_its_local_code(upstream, tmp_path, git):
    (upstream / "hooks/update").write_text(GITOLITE)
    wish = Wish(into=tmp_path / "local")
    install(upstream, Installation(believed=Believed(identity="gitolite"), wish=wish))

    found = problems(upstream, into=tmp_path / "local")
    assert "gitolite setup --hooks-only" in found["pre-receive"].mend

    for name in ("pre-receive", "post-receive"):
        (upstream / "hooks" / name).symlink_to(tmp_path / "local/hooks/common" / name)
    assert problems(upstream, into=tmp_path / "local") == {}

    git(upstream, "config", "core.hooksPath", tmp_path / "elsewhere")
    assert "core.hooksPath" in problems(upstream, into=tmp_path / "local")


@pytest.mark.parametrize("has_commit", [False, True])
def test_gitolites_own_administration_is_no_registry(upstream, tmp_path, git, has_commit):
    """A hook in LOCAL_CODE serves it as well, and passes it; nobody should have it judged."""
    wish = Wish(into=tmp_path / "local")
    install(upstream, Installation(layout="gitolite", believed=Believed(identity="gitolite"), wish=wish))
    git(tmp_path, "init", "-q", "--bare", "-b", "master", "gitolite-admin.git")
    admin = tmp_path / "gitolite-admin.git"
    (admin / "hooks").mkdir(exist_ok=True)
    (admin / "hooks/update").write_text(GITOLITE)
    for name in ("pre-receive", "post-receive"):
        (admin / "hooks" / name).symlink_to(tmp_path / "local/hooks/common" / name)
    if has_commit:
        empty = git(admin, "hash-object", "-w", "-t", "tree", "/dev/null")
        git(admin, "update-ref", "HEAD", git(admin, "commit-tree", "-m", "First", empty))

    found = diagnose(admin, into=tmp_path / "local")

    assert found.is_sound
    (told,) = found.symptoms
    assert (told.about, told.message) == ("not a registry", "pushes are passed unjudged")
    assert not told.mend
    git(admin, "config", "registry.identity", "gitolite")
    assert "registry.rescue" in problems(admin, into=tmp_path / "local")


def test_gitea_has_to_run_what_is_in_its_directory(upstream):
    install(upstream, Installation(layout="gitea", believed=Believed(identity="gitea", accounts="given")))
    assert "pre-receive" in problems(upstream)

    for name in ("pre-receive", "post-receive"):
        (upstream / "hooks" / name).write_text(f"#!/bin/sh\nfor hook in hooks/{name}.d/*; do $hook; done\n")
        (upstream / "hooks" / name).chmod(0o755)

    assert problems(upstream) == {}


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("for hook in ${GIT_DIR}/hooks/${hookname}.d/*; do $hook; done", True),
        ('run-parts "$GIT_DIR/hooks/pre-receive.d"', True),
        ("for hook in hooks/update.d/*; do $hook; done", False),
        ("# hooks/pre-receive.d", False),
        ("cat /etc/profile.d/*; date +%d.%m.%Y >notes.doc", False),
    ],
)
def test_whether_gitea_runs_it_is_read_in_its_script(upstream, text, runs):
    install(upstream, Installation(layout="gitea", believed=Believed(identity="gitea", accounts="given")))
    (upstream / "hooks/pre-receive").write_text(f"#!/bin/sh\n{text}\n")
    (upstream / "hooks/pre-receive").chmod(0o755)

    assert ("pre-receive" in problems(upstream)) is not runs


def test_a_clone_judges_nobody(make_repository):
    found = diagnose(make_repository("clone"))

    assert found.is_sound
    assert {one.about for one in found.symptoms} == {"pre-push", "pre-commit"}


# What is there


def test_whose_hooks_they_are(server):
    (server / "hooks/post-receive").write_text("#!/bin/sh\n")
    found = {one.stands.name: one for one in status(server).hooks}
    assert found["pre-receive"].stands.whose is Whose.OURS
    assert found["pre-receive"].stands.python == sys.executable
    assert found["pre-receive"].trouble == ""
    assert found["post-receive"].stands.whose is Whose.OTHER

    (server / "hooks/pre-receive").write_text(f"{shims.MARK} long ago\n")
    (server / "hooks/post-receive").write_text(f"#!/bin/sh\n{shims.call('post-receive')}\n")

    found = {one.stands.name: one.stands.whose for one in status(server).hooks}
    assert found == {"pre-receive": Whose.OUTDATED, "post-receive": Whose.CALLING}
    assert "can't be told" in problems(server)["pre-receive"].why


@pytest.mark.parametrize(
    ("is_named", "follows"), [(False, "every push is refused"), (True, "every push is accepted, unjudged")]
)
def test_what_follows_where_nobody_says_who_pushes(upstream, git, tmp_path, is_named, follows):
    into = tmp_path / "everywhere" if is_named else None
    install(upstream, Installation(believed=Believed(identity="http"), wish=Wish(into=into)))
    git(upstream, "config", "--unset", "registry.identity")

    assert problems(upstream, into=into)["registry.identity"].why.endswith(follows)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("shared=", "shared=; exit 0"),
        (f"python={sys.executable}", "python=true; exit 0"),
        ("case $? in", "case 0 in"),
    ],
)
def test_a_script_of_ours_that_somebody_changed(server, line, instead):
    hook = server / "hooks/pre-receive"
    hook.write_text(hook.read_text().replace(f"\n{line}\n", f"\n{instead}\n"))

    assert "can't be told" in problems(server)["pre-receive"].why


def test_a_hook_that_calls_ours_by_a_python_that_is_gone(server, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    (server / "hooks/pre-receive").write_text(f"#!/bin/sh\n{shims.call('pre-receive')}\n")

    assert problems(server)["pre-receive"].message == "/nowhere/python: it is not there"


def test_one_that_another_python_put_there_is_not_older(server, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/another")

    assert {one.stands.whose for one in status(server).hooks} == {Whose.OURS}


def test_a_python_that_is_gone_or_has_no_package(server, monkeypatch, tmp_path):
    for python in (tmp_path / "gone", tmp_path / "bare"):
        monkeypatch.setattr(sys, "executable", str(python))
        install(server, Installation())
        monkeypatch.undo()
        (tmp_path / "bare").write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
        (tmp_path / "bare").chmod(0o755)

        trouble = status(server).hooks[0].trouble
        assert ("not there" if python.name == "gone" else "No module named") in trouble
        assert problems(server)["pre-receive"].why == "nothing can be pushed"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root asks for somebody else")
def test_a_python_that_the_account_which_serves_may_not_run(server, tmp_path, monkeypatch):
    (tmp_path / "private").mkdir(mode=0o700)
    (tmp_path / "private/python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tmp_path / "private/python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "private/python"))
    install(server, Installation())
    assert problems(server) == {}

    nobody = pwd.getpwnam("nobody")
    for path in (server, *server.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)

    assert problems(server)["pre-receive"].message.endswith("nobody may not run it")


@pytest.fixture
def outside():
    """A directory that every account of the machine may enter."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root asks for somebody else")
@pytest.mark.parametrize(("group", "runs_in"), [(54321, 54321), (0, 12345)])
def test_a_python_that_its_owner_chose_has_nothing_of_roots(server, outside, monkeypatch, group, runs_in):
    """The account has no name on this machine, so nothing but the repository says what its group is."""
    monkeypatch.setenv("SECRET_OF_ROOT", "hunter2")
    (outside / "python").write_text('#!/bin/sh\necho "$(id -u) $(id -G) $SECRET_OF_ROOT." >&2\nexit 1\n')
    (outside / "python").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(outside / "python"))
    install(server, Installation())

    os.chown(server, 12345, group)

    assert status(server).hooks[0].trouble == f"{outside}/python: 12345 {runs_in} ."
