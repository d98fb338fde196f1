"""A hook that is started where nothing is as it should be, and pushes that come at the same time."""

import re
import subprocess

import pytest
from tests.flows.forging import MAIN, PROJECT_BRANCH, forged, require_plain
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, SECOND, THIRD, VERSIONS, alias

PRODUCTION = f"{CHURN}/aliases/production.yaml"
CANDIDATE = f"{CHURN}/aliases/candidate.yaml"
MOVED = {PRODUCTION: alias(SECOND)}
DESCRIBED = {"model/README.md": "# Models\n"}

HOOK = """\
#!/bin/sh
{first}
{python} -I -m git_registry.hooks.{name} "$@" || exit 1
{then}
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("hook")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server)
        yield made
        assert made.is_sound()


@pytest.fixture
def hook(at):
    """Replace the server's hook by one that does something before or after; it is put back."""
    place = at.server.repository / "hooks" / "pre-receive"
    installed = place.read_text()
    python = re.search("^python=(.*)$", installed, re.MULTILINE)[1]

    def replace(first="", name="pre_receive", then=""):
        text = HOOK.format(first=first, python=python, name=name, then=then)
        at.server.hook(name.replace("_", "-"), text)

    yield replace
    at.server.hook("pre-receive", installed)
    (at.server.repository / "hooks" / "update").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def fine(at):
    return at.commit(DESCRIBED, at.base)


class TestNoMoreThanItNeeds:
    @pytest.mark.parametrize(
        "first",
        [
            "unset HOME",
            "export HOME=/nonexistent LANG=C LC_ALL=POSIX",
            "export LC_ALL=en_US.ISO-8859-1",
            "export PYTHONPATH=/nonexistent PYTHONSTARTUP=/nonexistent PYTHONHASHSEED=0",
            "export TMPDIR=/nonexistent",
            "umask 0777",
            "ulimit -f 0  # as on a disk that is full",
        ],
    )
    def test_it_judges_as_ever(self, first, at, hook, fine):
        hook(first)

        at.accepted("bob", f"{fine}:{MAIN}")
        at.refused("bob", f"{at.commit(MOVED, at.base)}:{MAIN}", says=["alias-moved takes admin"])


class TestItFailsClosed:
    @pytest.mark.parametrize(
        "first",
        [
            "export PATH=",
            "exec <&-",
            "exec </dev/null",
            "unset GIT_DIR; cd /",
            "export GIT_DIR=/nonexistent",
            "unset REG_USER",
            "export REG_USER=",
            "export REG_USER='not a name'",
            "export REG_USER=$(printf 'ana\\033[2J')",
            "export GIT_NAMESPACE=other",
            "kill -9 $$",
            "exec 2>&-; kill -9 $$",
            "ulimit -v 15000",
            "ulimit -n 3",
            "exit 1",
        ],
    )
    def test_where_it_can_not_judge(self, first, at, hook, fine):
        hook(first)
        before, objects = at.refs(), at.objects()

        done = at.push("ana", f"{fine}:{MAIN}")

        moved = at.refs() != before
        at.restore(before)
        assert not moved, done.said
        assert done.code == 1
        assert "pre-receive hook declined" in done.said
        assert at.objects() == objects

    def test_killed_while_it_judges(self, at, hook, fine):
        hook('"$0.judging" "$@" <&0 & kill -9 $!; wait $!; exit $?')
        judging = at.server.repository / "hooks" / "pre-receive.judging"
        hook_itself = (at.server.repository / "hooks" / "pre-receive").read_text()
        judging.write_text(hook_itself.replace('"$0.judging" "$@" <&0 & kill -9 $!; wait $!; exit $?', ""))
        judging.chmod(0o755)
        before, objects = at.refs(), at.objects()

        done = at.push("ana", f"{fine}:{MAIN}")

        judging.unlink()
        assert "pre-receive hook declined" in done.said
        assert (at.refs(), at.objects()) == (before, objects)

    @pytest.mark.parametrize("setting", ["", "env:", "nonsense", "ENV:REG_USER; id"])
    def test_without_an_adapter_that_is_known(self, setting, at, fine):
        at.server.configure(registry_identity=setting)
        try:
            at.refused("ana", f"{fine}:{MAIN}", says=["registry.identity"])
        finally:
            at.server.configure(registry_identity="env:REG_USER")

    @pytest.mark.parametrize("seconds", ["0", "1.5", "abc"])
    def test_without_a_time_that_is_one(self, seconds, at, fine):
        at.server.configure(registry_hookSeconds=seconds)
        try:
            at.refused("ana", f"{fine}:{MAIN}", says=["registry.hookSeconds: expected a whole number"])
        finally:
            at.server.configure(registry_hookSeconds="60")

    def test_without_a_default_branch(self, at, fine):
        (at.server.repository / "HEAD").write_text(f"{at.base}\n")
        try:
            at.refused("ana", f"{fine}:{MAIN}", says=["HEAD names no branch"])
        finally:
            (at.server.repository / "HEAD").write_text("ref: refs/heads/main\n")

    @pytest.mark.parametrize(
        ("path", "text", "says"),
        [
            ("organization.yaml", "admins: [", "nobody can be allowed anything"),
            (
                "organization.yaml",
                BASE["organization.yaml"] + "unknown: 1\n",
                "nobody can be allowed anything",
            ),
            ("model/access.yaml", "members: {user:bob: admin", "model is closed"),
        ],
    )
    def test_by_rules_that_nobody_can_read(self, path, text, says, at):
        at.put(MAIN, at.commit({path: text}, at.base))
        linked = at.commit({f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}, at.at(MAIN))
        mended = at.commit({path: BASE[path]}, at.at(MAIN))
        try:
            at.refused("bob", f"{linked}:{MAIN}", says=[says])
            at.refused("bob", f"{mended}:{MAIN}")
            at.accepted("ana", f"{mended}:{MAIN}")
        finally:
            at.put(MAIN, at.base)


class TestOnGitLab:
    """It shows who works on the web only what begins as it wants."""

    def test_each_line_begins_so(self, at, hook, fine):
        hook("export GL_PROTOCOL=ssh")
        moved = at.commit(MOVED, at.base)

        refused = at.push("bob", f"{moved}:{MAIN}")
        hook("export GL_PROTOCOL=ssh; unset REG_USER")
        unknown = at.push("bob", f"{fine}:{MAIN}")

        for done in (refused, unknown):
            assert done.code == 1
            assert done.remotely
            assert all(line.startswith("GL-HOOK-ERR: ") for line in done.remotely)


class TestOneOfTwo:
    """Two pushes at the same time: while ours is judged, and found right, the branch moves."""

    @pytest.mark.parametrize(
        "meanwhile",
        [
            {CANDIDATE: alias(SECOND), **DESCRIBED},
            {"model/access.yaml": BASE["model/access.yaml"].replace("team:nlp: member", "team:nlp: viewer")},
        ],
        ids=["the same alias", "the rules"],
    )
    def test_the_other_is_kept_and_ours_refused(self, meanwhile, at, hook):
        other = at.commit(meanwhile, at.base)
        at.put("refs/heads/other", other)
        hook(then=f"env -u GIT_QUARANTINE_PATH git update-ref {MAIN} {other}")

        done = at.push("bob", f"{at.commit({CANDIDATE: alias(SECOND)}, at.base)}:{MAIN}")

        ended = at.at(MAIN)
        at.put(MAIN, at.base)
        assert ended == other
        assert done.code == 1
        assert done.remotely == [f"error: cannot lock ref '{MAIN}': is at {other} but expected {at.base}"]


class TestUpdate:
    """Where only an update hook is offered, the verdicts are the same."""

    def test_it_says_what_pre_receive_says(self, at, hook, fine):
        place = at.server.repository / "hooks" / "pre-receive"
        tries = [
            ("bob", f"{at.commit(MOVED, at.base)}:{MAIN}"),
            ("bob", f"+{at.commit(BASE | DESCRIBED)}:{MAIN}"),
            ("carol", f"{fine}:refs/heads/x"),
            ("bob", f"{fine}:refs/heads/proposals/ana/x"),
            ("ana", f"{fine}:refs/notes/x"),
            ("bob", f"{at.commit({'other/x': 'y'}, at.project)}:{PROJECT_BRANCH}"),
        ]
        by_pre_receive = [at.push(*one) for one in tries]
        hook(name="update")
        place.unlink()
        before = at.refs()

        by_update = [at.push(*one) for one in tries]

        assert at.refs() == before
        assert [*map(_ours, by_update)] == [*map(_ours, by_pre_receive)]
        assert all(map(_ours, by_update))
        for done in by_update:
            require_plain(done)
        at.accepted("bob", f"{fine}:{MAIN}")

    def test_it_judges_ref_by_ref(self, at, hook, fine):
        hook(name="update")
        (at.server.repository / "hooks" / "pre-receive").unlink()
        before = at.refs()

        done = at.push("bob", f"{fine}:{MAIN}", f"{fine}:refs/heads/proposals/ana/x")

        assert at.at(MAIN) == fine
        assert "only its owner writes a proposal" in done.said
        at.restore(before)

    def test_rules_that_moved_before_a_ref_judge_it(self, at, hook):
        """With pre-receive who steps down may still do what was theirs when the push began; not with this."""
        at.put("refs/tags/v1", at.base)
        resigned = BASE["organization.yaml"].replace("[user:ana, user:raj]", "[user:raj]")
        down = at.commit({"organization.yaml": resigned}, at.base)
        pushed = ("ana", f"{down}:{MAIN}", f"+{down}:refs/tags/v1")
        at.accepted(*pushed)
        hook(name="update")
        (at.server.repository / "hooks" / "pre-receive").unlink()
        before = at.refs()

        done = at.push(*pushed)

        now = at.at(MAIN), at.at("refs/tags/v1")
        at.restore(before)
        at.there("update-ref", "-d", "refs/tags/v1")
        assert now == (down, at.base)
        assert "moving or deleting a Git tag takes organization admin" in done.said

    def test_rules_that_are_refused_judge_nothing(self, at, hook):
        hook(name="update")
        (at.server.repository / "hooks" / "pre-receive").unlink()
        grasped = BASE["organization.yaml"].replace("[user:ana, user:raj]", "[user:ana, user:carol]")
        up = at.commit({"organization.yaml": grasped}, at.base)
        before = at.refs()

        done = at.push("carol", f"{up}:{MAIN}", f"{up}:refs/tags/v2")

        assert at.refs() == before
        assert "admin-added takes organization admin" in done.said
        assert "creating a Git tag takes member" in done.said


def _ours(done):
    """Return what our hook said: git adds a line for each ref that `update` refuses."""
    return [line for line in done.remotely if not line.startswith("error: hook declined to update")]


class TestObjectsInQuarantine:
    @pytest.mark.parametrize("limit", ["1", "100000"], ids=["packed", "loose"])
    def test_are_seen_and_gone_when_it_is_refused(self, limit, at, fine):
        at.server.configure(receive_unpackLimit=limit)
        try:
            at.refused("bob", f"{at.commit(MOVED, at.base)}:{MAIN}", says=["alias-moved takes admin"])
            at.accepted("bob", f"{fine}:{MAIN}")
        finally:
            at.server.configure(receive_unpackLimit="100")

    def test_beside_those_of_a_pool(self, at, tmp_path, fine):
        pool = tmp_path / "pool.git"
        subprocess.run(["git", "clone", "-q", "--bare", at.server.repository, pool], check=True)
        subprocess.run(["git", "-C", pool, "fetch", "-q", at.path, f"{fine}:refs/heads/pooled"], check=True)
        alternates = at.server.repository / "objects/info/alternates"
        alternates.write_text(f"{pool}/objects\n")
        try:
            further = at.commit({"dataset/README.md": "# Data\n"}, fine)
            at.refused("bob", f"{at.commit(MOVED, further)}:{MAIN}", says=["alias-moved takes admin"])
            at.accepted("ana", f"{further}:{MAIN}")
        finally:
            alternates.unlink()
