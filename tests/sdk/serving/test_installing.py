"""Hooks are put where each kind of host looks for them, and nothing of anybody else's is lost."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from git_registry.errors import NotFound, Refused, UsageError
from git_registry.repository import hooks
from git_registry.repository.hooks import Placed
from git_registry.repository.repository import Repository
from git_registry.sdk.serving import ground, reading, settings, shims
from git_registry.sdk.serving.installing import Installation, install
from git_registry.sdk.serving.layouts import PER_REF, Wish
from git_registry.sdk.serving.settings import Became, Believed

BY_NAME = Believed(identity="env:REG_USER")


@pytest.fixture
def bare(tmp_path, git):
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "acme.git")
    return tmp_path / "acme.git"


def placed(done):
    return {hook.name: hook.placed for hook in done.hooks}


def became(done):
    return {one.key: one.became for one in done.settings}


def push(git, tmp_path, bare, code=0):
    """Push one commit to a repository, and return what was said."""
    work = tmp_path / "work"
    git(tmp_path, "init", "-q", "-b", "main", work)
    git(work, "commit", "-q", "--allow-empty", "-m", "First")
    done = subprocess.run(["git", "push", bare, "main"], cwd=work, capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stderr


def test_a_bare_repository_gets_hooks_settings_and_who_is_believed(bare, git):
    done = install(
        bare, Installation(believed=Believed(identity="env:REG_USER", rescue=("user:ana", "user:bo")))
    )

    assert done.layout == "bare"
    assert placed(done) == {"pre-receive": Placed.PUT, "post-receive": Placed.PUT}
    assert done.is_complete
    assert set(became(done).values()) == {Became.WRITTEN}
    assert os.access(bare / "hooks/pre-receive", os.X_OK)
    assert git(bare, "config", "registry.identity") == "env:REG_USER"
    assert git(bare, "config", "--get-all", "registry.rescue") == "user:ana\nuser:bo"
    assert git(bare, "config", "receive.fsckObjects") == "true"
    assert git(bare, "config", "transfer.hideRefs") == "refs/registry"
    assert not (bare / "hooks/update").exists()


def test_what_would_keep_people_from_their_proposals_is_not_set(bare, git):
    install(bare, Installation(believed=BY_NAME))

    for key in ("receive.denyNonFastForwards", "receive.denyDeletes"):
        git(bare, "config", key, code=1)


def test_again_changes_nothing(bare):
    install(bare, Installation(believed=Believed(identity="env:REG_USER", rescue=("user:ana",))))
    files = {path: path.read_bytes() for path in bare.rglob("*") if path.is_file()}

    done = install(bare, Installation(believed=Believed(identity="env:REG_USER", rescue=("user:ana",))))

    assert set(placed(done).values()) == {Placed.THERE}
    assert set(became(done).values()) == {Became.THERE}
    assert {path: path.read_bytes() for path in bare.rglob("*") if path.is_file()} == files


def test_who_is_believed_may_change_and_what_is_not_said_stays(bare, git):
    install(
        bare,
        Installation(believed=Believed(identity="http", rescue=("user:ana", "user:bo"), accounts="given")),
    )

    install(bare, Installation(believed=Believed(rescue=("user:cy",))))

    assert git(bare, "config", "registry.identity") == "http"
    assert git(bare, "config", "registry.accounts") == "given"
    assert git(bare, "config", "--get-all", "registry.rescue") == "user:cy"


def test_what_is_replaced_is_told(bare):
    install(bare, Installation(believed=Believed(identity="http", rescue=("user:ana", "user:bo"))))

    done = install(bare, Installation(believed=Believed(identity="gitolite", rescue=("user:bo", "user:cy"))))

    was = {one.key: one.was for one in done.settings if one.was}
    assert was == {"registry.identity": ("http",), "registry.rescue": ("user:ana", "user:bo")}
    assert done.notes == ["user:ana may rescue no more: --rescue names all who may"]
    again = install(bare, Installation(believed=Believed(rescue=("user:bo", "user:cy", "user:di"))))
    assert again.notes == []


@pytest.mark.parametrize(
    ("identity", "rescue", "who"),
    [
        ("http", (), "user:NAME"),
        ("http", ("user:ana",), None),
        ("exposed-auth", ("user:ana",), "SHA256:FINGERPRINT"),
        ("exposed-auth", (f"SHA256:{'x' * 43}",), None),
    ],
)
def test_that_nobody_may_make_the_first_push_is_told(bare, identity, rescue, who):
    done = install(bare, Installation(believed=Believed(identity=identity, rescue=rescue)))

    said = [f"nobody may make the first push; say who: --rescue {who}"] if who else []
    assert done.notes == said


def test_a_first_push_goes_to_where_head_is(bare, git):
    """As `git init --bare` leaves it; the command that is told leads HEAD to what `registry init` makes."""
    git(bare, "symbolic-ref", "HEAD", "refs/heads/master")
    believed = Believed(identity="http", rescue=("user:ana",))

    (told,) = install(bare, Installation(believed=believed)).notes

    first, _, command = told.partition(": ")
    assert first == "HEAD names master, which isn't there; the first push goes there, or"
    subprocess.run(shlex.split(command), check=True)
    assert install(bare, Installation(believed=believed)).notes == []


def test_what_has_branches_has_had_its_first_push(upstream):
    assert install(upstream, Installation(believed=BY_NAME)).notes == []


def test_what_the_admin_has_set_stays(bare, git):
    git(bare, "config", "receive.fsckObjects", "false")
    git(bare, "config", "receive.maxInputSize", "7m")
    git(bare, "config", "transfer.hideRefs", "refs/internal")

    done = install(bare, Installation(believed=BY_NAME))

    assert became(done)["receive.fsckObjects"] is Became.OTHERWISE
    assert became(done)["receive.maxInputSize"] is Became.THERE
    assert git(bare, "config", "receive.fsckObjects") == "false"
    assert git(bare, "config", "receive.maxInputSize") == "7m"
    assert git(bare, "config", "--get-all", "transfer.hideRefs") == "refs/internal\nrefs/registry"


def test_a_seed_for_signed_pushes_is_made_once_and_not_told(bare, git):
    first = install(bare, Installation(believed=Believed(identity="signed-push")))
    seed = git(bare, "config", "receive.certNonceSeed")
    again = install(bare, Installation(believed=Believed(identity="signed-push")))

    assert len(seed) == 64
    assert git(bare, "config", "receive.certNonceSeed") == seed
    assert seed not in repr((first, again))


def test_somebody_has_to_say_who_pushes(bare):
    with pytest.raises(UsageError, match="who says who pushes") as caught:
        install(bare, Installation())

    assert "gitolite" in caught.value.hint
    assert not (bare / "hooks/pre-receive").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        *({"identity": name} for name in ("ldap", "env", "env:", "env:A B", "gitlab:x", "")),
        *({"identity": f"env:{name}"} for name in ("HTTP_X", "REMOTE_USER", "GL_USER", "LC_NAME")),
        {"identity": "http", "accounts": "signup"},
        {"rescue": ("ana",)},
    ],
)
def test_what_is_no_adapter_or_principal_is_refused_before_anything_is_written(wrong):
    with pytest.raises(UsageError):
        Believed(**wrong)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"registry.identity": "env:REG_USER"}, Believed(accounts="signup")),
        ({"registry.identity": "gitlab", "registry.accounts": "signup"}, Believed(identity="http")),
        ({"registry.identity": "ldap"}, Believed(rescue=("user:ana",))),
    ],
)
def test_what_does_not_go_with_what_is_there_is_refused_before_anything_is_written(bare, git, there, said):
    for key, value in there.items():
        git(bare, "config", key, value)
    before = (bare / "config").read_bytes()

    with pytest.raises(UsageError, match=r"registry\.(accounts|identity)"):
        install(bare, Installation(believed=said))

    assert (bare / "config").read_bytes() == before
    assert not (bare / "hooks/pre-receive").exists()


def test_where_no_repository_is_nothing_is_made(tmp_path):
    with pytest.raises(NotFound):
        install(tmp_path / "none.git", Installation(believed=BY_NAME))


def test_a_hook_of_somebody_elses_stays_and_the_line_it_needs_is_told(bare, git, tmp_path):
    hook = bare / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho theirs >&2\n")
    hook.chmod(0o755)

    done = install(bare, Installation(believed=BY_NAME))

    assert not done.is_complete
    (taken,) = [one for one in done.hooks if one.add]
    assert taken.placed is Placed.TAKEN
    assert hook.read_text() == "#!/bin/sh\necho theirs >&2\n"

    hook.write_text(f"#!/bin/sh\n# Ours\n\n{taken.add}\necho theirs >&2\n")
    assert install(bare, Installation(believed=BY_NAME)).is_complete
    assert "nobody can tell who pushes" in push(git, tmp_path, bare, code=1)


ENFORCING_NOTHING = {
    "commented out": "#!/bin/sh\n# {line}\n",
    "only named": '#!/bin/sh\necho "git_registry.hooks.{module} is off"\nexit 0\n',
    "its answer thrown away": "#!/bin/sh\n{line} || true\n",
    "after the end": "#!/bin/sh\nexit 0\n{line}\n",
    "where it may not be reached": "#!/bin/sh\nif [ -n '' ]; then\n{line}\nfi\n",
    "defined and not run": "#!/bin/sh\njudge() {{\n{line}\n}}\n",
    "read by another program": "#!/bin/true\n{line}\n",
    "a shell that only reads": "#!/bin/sh -n\n{line}\n",
    "in a comment that a strange character ends": "#!/bin/sh\n# \u2028{line}\n",
    "with another program's name in it": "#!/bin/sh\n{other}\n",
}


@pytest.mark.parametrize("name", ["pre-receive", "update"])
@pytest.mark.parametrize("how", ENFORCING_NOTHING)
def test_a_hook_that_enforces_nothing_is_not_taken_for_one_that_does(bare, monkeypatch, name, how):
    line = shims.call(name)
    other = line.replace(shims.python(), "cat >/dev/null; true")
    module = name.replace("-", "_")
    hook = bare / "hooks" / name
    hook.write_text(ENFORCING_NOTHING[how].format(line=line, module=module, other=other))

    done = install(bare, Installation(believed=BY_NAME, wish=Wish(hooks=(name,))))

    assert [hook.add for hook in done.hooks] == [line]


def test_a_file_beside_the_repository_is_no_hook_of_it(bare):
    (bare / "pre-receive").write_text(f"#!/bin/sh\n{shims.call('pre-receive')}\n")
    (bare / "hooks/pre-receive").write_text("#!/bin/sh\nexit 0\n")

    assert not install(bare, Installation(believed=BY_NAME)).is_complete


ODD = {
    "a pipe": os.mkfifo,
    "a device that never ends": lambda place: place.symlink_to("/dev/zero"),
    "more than a hook says": lambda place: place.write_bytes(shims.MARK.encode() + b"\n" * (64 << 10)),
}


@pytest.mark.parametrize("name", ["pre-receive", "update"])
@pytest.mark.parametrize("what", ODD)
def test_what_is_no_file_that_a_person_wrote_is_not_read(bare, what, name):
    """Who owns the repository puts it there, and root waits."""
    (bare / "hooks" / name).unlink(missing_ok=True)
    ODD[what](bare / "hooks" / name)

    done = install(bare, Installation(believed=BY_NAME, wish=Wish(hooks=(name,))))

    assert placed(done) == {name: Placed.TAKEN}
    assert not done.is_complete
    assert not hooks.is_marked(bare / "hooks" / name, shims.MARK)


def test_an_older_one_of_ours_is_replaced_and_keeps_its_mode(bare):
    hook = bare / "hooks/pre-receive"
    hook.write_text(f"#!/bin/sh\n{shims.MARK}: as it was once\nexit 0\n")
    hook.chmod(0o750)

    done = install(bare, Installation(believed=BY_NAME))

    assert placed(done)["pre-receive"] is Placed.REPLACED
    assert hook.read_text() == shims.script("pre-receive")
    assert stat.S_IMODE(hook.stat().st_mode) == 0o750
    assert not list(hook.parent.glob("*.new"))


def test_one_that_git_would_pass_by_can_be_run_again(bare):
    install(bare, Installation(believed=BY_NAME))
    (bare / "hooks/pre-receive").chmod(0o644)

    install(bare, Installation(believed=BY_NAME))

    assert os.access(bare / "hooks/pre-receive", os.X_OK)


def test_where_a_host_has_only_update_that_is_put_there(bare):
    done = install(bare, Installation(believed=BY_NAME, wish=Wish(hooks=PER_REF)))

    assert set(placed(done)) == {"update", "post-receive"}
    assert not (bare / "hooks/pre-receive").exists()


def test_the_script_names_the_python_that_runs_quoted(monkeypatch):
    assert f"\npython={sys.executable}\n" in shims.script("pre-receive")

    monkeypatch.setattr(sys, "executable", "/opt/my python's/bin/python")

    assert reading.python_of(shims.script("pre-receive")) == "/opt/my python's/bin/python"


@pytest.mark.parametrize("name", ["pre-receive", "update"])
def test_where_python_is_gone_nothing_can_be_pushed(bare, git, tmp_path, monkeypatch, name):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such python"))
    install(bare, Installation(believed=BY_NAME, wish=Wish(hooks=(name,))))

    said = push(git, tmp_path, bare, code=1)

    assert "git-registry can't run here, so nothing can be pushed" in said
    assert git(bare, "for-each-ref") == ""


def test_where_the_package_is_gone_nothing_can_be_pushed(bare, git, tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    install(bare, Installation(believed=BY_NAME))

    assert "git-registry can't run here" in push(git, tmp_path, bare, code=1)


def test_a_push_that_can_not_be_noted_still_counts(bare, git, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no such python"))
    install(bare, Installation(believed=BY_NAME, wish=Wish(hooks=("post-receive",))))

    assert "warning: this push was not noted" in push(git, tmp_path, bare)


# Hosts


def listening(layout, name):
    """Put beside ours a hook that says it was run."""
    place = layout / f"{name}.d" / "10-other"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\necho other {name} >&2\n")
    place.chmod(0o755)


DELEGATE = """\
#!/bin/sh
data=$(cat)
exitcodes=""
hookname=$(basename $0)
GIT_DIR=${GIT_DIR:-$(dirname $0)/..}
for hook in ${GIT_DIR}/hooks/${hookname}.d/*; do
    test -x "${hook}" && test -f "${hook}" || continue
    echo "${data}" | "${hook}"
    exitcodes="${exitcodes} $?"
done
for i in ${exitcodes}; do
    [ ${i} -eq 0 ] || exit ${i}
done
"""
"""What Gitea writes as `hooks/pre-receive`, in its own words."""


@pytest.fixture
def gitea(bare):
    for name in ("pre-receive", "post-receive"):
        listening(bare / "hooks", name)
        (bare / "hooks" / name).write_text(DELEGATE)
        (bare / "hooks" / name).chmod(0o755)
    return bare


def test_gitea_runs_it_among_others(gitea, git, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))

    done = install(gitea, Installation(believed=Believed(identity="gitea")))

    assert done.layout == "gitea"
    assert {hook.place for hook in done.hooks} == {
        gitea / f"hooks/{name}.d/git-registry" for name in ("pre-receive", "post-receive")
    }
    assert (gitea / "hooks/pre-receive").read_text() == DELEGATE
    said = push(git, tmp_path, gitea, code=1)
    assert "other pre-receive" in said
    assert "git-registry can't run here" in said


def test_gitlab_has_a_directory_of_its_own_for_them(bare, tmp_path):
    done = install(bare, Installation(layout="gitlab", believed=Believed(identity="gitlab")))

    assert (bare / "custom_hooks/pre-receive.d/git-registry").read_text() == shims.script("pre-receive")
    assert "every Gitaly node" in done.then[0]
    assert install(bare, Installation(believed=Believed(identity="gitlab"))).layout == "gitlab"


def test_what_serves_every_repository_of_gitlab_passes_those_that_are_none_of_ours(bare, git, tmp_path):
    everywhere = tmp_path / "hooks.d"
    wish = Wish(into=everywhere)
    install(bare, Installation(layout="gitlab", believed=Believed(identity="gitlab"), wish=wish))
    hook = everywhere / "pre-receive.d/git-registry"

    assert "\nshared=yes\n" in hook.read_text()
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "other.git")
    (tmp_path / "other.git/hooks/pre-receive").symlink_to(hook)
    push(git, tmp_path, tmp_path / "other.git")
    git(tmp_path / "other.git", "config", "registry.identity", "env:NOBODY_SET_IT")
    push(git, tmp_path, tmp_path / "other.git", code=1)


@pytest.fixture
def gitolite(bare, tmp_path, monkeypatch):
    """A repository as gitolite keeps it, of somebody whose home has a `.gitolite.rc`."""
    (bare / "hooks/update").write_text("#!/usr/bin/perl\nuse Gitolite::Hooks::Update;\nexit 0;\n")
    monkeypatch.setattr("git_registry.sdk.serving.layouts.home_of", lambda _owner: tmp_path / "home")
    (tmp_path / "home").mkdir()
    return tmp_path / "home/.gitolite.rc"


@pytest.mark.parametrize("base", ["$ENV{HOME}", "$rc{GL_ADMIN_BASE}/.."])
def test_gitolite_takes_it_from_its_local_code(bare, gitolite, tmp_path, base):
    gitolite.write_text(
        f'%RC = (\n  # LOCAL_CODE => "/commented/out",\n    LOCAL_CODE             =>  "{base}/local",\n);\n'
    )

    done = install(bare, Installation(believed=Believed(identity="gitolite")))

    assert done.layout == "gitolite"
    common = tmp_path / "home/local/hooks/common"
    assert {hook.place.name for hook in done.hooks} == {"pre-receive", "post-receive"}
    assert {hook.place.resolve().parent for hook in done.hooks} == {common.resolve()}
    assert "\nshared=yes\n" in (common / "pre-receive").read_text()
    assert "gitolite setup --hooks-only" in done.then[0]


def test_gitolite_without_local_code_is_told(bare, gitolite):
    gitolite.write_text('    # LOCAL_CODE => "$ENV{HOME}/local",\n')

    with pytest.raises(UsageError, match="LOCAL_CODE") as caught:
        install(bare, Installation(believed=Believed(identity="gitolite")))

    assert "--into" in caught.value.hint


@pytest.mark.parametrize("layout", ["gitolite", "gitlab", "gitea"])
def test_who_runs_pre_receive_needs_no_update(bare, layout):
    wish = Wish(hooks=PER_REF, into=bare)

    with pytest.raises(UsageError, match="judges a push as a whole"):
        install(bare, Installation(layout=layout, believed=BY_NAME, wish=wish))


def test_one_directory_for_many_repositories(bare, tmp_path):
    done = install(bare, Installation(believed=BY_NAME, wish=Wish(into=tmp_path / "everywhere")))

    assert "\nshared=yes\n" in (tmp_path / "everywhere/pre-receive").read_text()
    assert "core.hooksPath" in done.then[0]


@pytest.mark.parametrize("told", ["by itself", "for all of the account"])
def test_only_what_serves_many_repositories_passes_some_by(bare, git, tmp_path, told, monkeypatch):
    """A directory that one repository names may be its alone: who says nothing there is refused."""
    place = tmp_path / "elsewhere"
    here = Path(os.environ["GIT_CONFIG_GLOBAL"]).read_text()
    (tmp_path / "gitconfig").write_text(here)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    where = "--local" if told == "by itself" else "--global"
    git(bare, "config", where, "core.hooksPath", place)

    install(bare, Installation(believed=BY_NAME))
    git(bare, "config", "--unset", "registry.identity")

    if told == "by itself":
        assert "the server does not say who pushes" in push(git, tmp_path, bare, code=1)
    else:
        assert "\nshared=yes\n" in (place / "pre-receive").read_text()


def test_a_clone_is_given_advice_and_believes_nobody(make_repository):
    clone = make_repository("clone")

    done = install(clone, Installation())

    assert done.layout == "clone"
    assert placed(done) == {"pre-push": Placed.PUT, "pre-commit": Placed.PUT}
    assert "\nadvice=--advice\n" in (clone / ".git/hooks/pre-push").read_text()
    assert Repository.open(clone).config("registry.identity") is None
    with pytest.raises(UsageError, match="believes nobody"):
        install(clone, Installation(believed=BY_NAME))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_makes_belongs_to_whom_the_repository_belongs_to(bare):
    nobody = pwd.getpwnam("nobody")
    for path in (bare, *bare.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    shutil.rmtree(bare / "hooks")

    install(bare, Installation(believed=BY_NAME))
    install(bare, Installation(believed=Believed(identity="http")))

    assert {path.stat().st_uid for path in (bare, *bare.rglob("*"))} == {nobody.pw_uid}


def commondir(bare, of_root, git):
    shutil.copytree(bare, of_root, dirs_exist_ok=True)
    (bare / "commondir").write_text(f"{of_root}\n")


def config(bare, of_root, git):
    (bare / "config").rename(of_root / "config")
    (bare / "config").symlink_to(of_root / "config")


def hooks_link(bare, of_root, git):
    shutil.rmtree(bare / "hooks")
    (bare / "hooks").symlink_to(of_root)


def hooks_link_to_nothing(bare, of_root, git):
    shutil.rmtree(bare / "hooks")
    (bare / "hooks").symlink_to(of_root / "not" / "there")


def hook_link(bare, of_root, git):
    (of_root / "mine").write_text(f"{shims.MARK} long ago\n")
    (bare / "hooks/pre-receive").symlink_to(of_root / "mine")


def hooks_path(bare, of_root, git):
    git(bare, "config", "core.hooksPath", of_root)


def hooks_up(bare, of_root, git):
    git(bare, "config", "core.hooksPath", f"hooks/../../{of_root.name}/not/there")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may write anywhere")
@pytest.mark.parametrize(
    "lead", [commondir, config, hooks_link, hooks_link_to_nothing, hook_link, hooks_path, hooks_up]
)
def test_root_follows_no_link_and_no_setting_into_a_directory_of_another_account(bare, git, tmp_path, lead):
    of_root = tmp_path / "of root"
    of_root.mkdir()
    lead(bare, of_root, git)
    for path in (bare, *bare.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    with pytest.raises(Refused, match="belongs to root, and the repository belongs to 12345") as caught:
        install(bare, Installation(believed=BY_NAME))

    assert "run this as 12345" in caught.value.hint
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may write anywhere")
def test_root_may_name_a_directory_of_another_account(bare, git, tmp_path):
    hooks_path(bare, tmp_path / "of root", git)
    for path in (bare, *bare.rglob("*")):
        os.chown(path, 12345, 12345)
    with pytest.raises(Refused, match="belongs to root") as caught:
        install(bare, Installation(believed=BY_NAME))
    assert "--into DIRECTORY" in caught.value.hint

    done = install(bare, Installation(believed=BY_NAME, wish=Wish(into=tmp_path / "of root")))

    assert placed(done) == {"pre-receive": Placed.PUT, "post-receive": Placed.PUT}
    assert (bare / "config").stat().st_uid == 12345


@pytest.mark.skipif(os.geteuid() != 0, reason="only root opens what is somebody else's")
def test_root_hears_the_settings_of_the_account_that_serves(bare, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    (tmp_path / "home/.gitconfig").write_text("[receive]\n\tfsckObjects = true\n")
    os.chown(bare, pwd.getpwnam("nobody").pw_uid, -1)
    monkeypatch.setattr(ground, "home_of", lambda _owner: Path(tmp_path / "home"))

    done = install(bare, Installation(believed=BY_NAME))

    assert became(done)["receive.fsckObjects"] is Became.THERE


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ([], False),
        (["refs/registry"], True),
        (["refs/registry/"], True),
        (["refs"], True),
        (["^refs/registry"], True),
        (["refs/reg"], False),
        (["refs/registry/pushes"], False),
        (["refs/registry", "!refs/registry"], False),
        (["!refs/registry", "refs/registry"], True),
    ],
)
def test_whether_the_push_log_is_hidden(values, hidden):
    assert settings.hides(values) is hidden
