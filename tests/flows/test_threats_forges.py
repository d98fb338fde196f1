"""What is left to a forge's own approvals, `registry.approvals = forge`: what it merges, and nothing else."""

import shlex
import sys

import pytest
from tests.flows.forging import MAIN, forged
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, SECOND, alias
from tests.hooks.identity import hosts

MOVED = {f"{CHURN}/aliases/production.yaml": alias(SECOND)}
GATES = "  production:\n    gates:\n      - {approvals: {count: 1, role: admin}}\n"
GATED = BASE["model/access.yaml"].replace("  production: {}\n", GATES)
ACCOUNTS = "".join(f"  user:{user}: {{gitea: {user}, gitlab: {user}}}\n" for user in ("alice", "bob"))

HOOK = """\
#!/bin/sh
export {variables}
exec {python} -I -m git_registry.hooks.pre_receive
"""
GITS = (*hosts.GIT, "HOME", "PATH")
"""Variables that git sets for the hook at hand."""


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("forges")
    changed = {
        "model/access.yaml": GATED,
        "organization.yaml": BASE["organization.yaml"] + ACCOUNTS,
    }
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server, **changed)
        yield made
        assert made.is_sound()


@pytest.fixture
def on(at):
    """Have a host run the hook, for who does something there; approvals are the forge's."""

    def host(told, user="alice", approvals="forge"):
        name, pusher = ("gitlab", "GL_USERNAME") if "GL_ID" in told else ("gitea", "GITEA_PUSHER_NAME")
        here = {key: value for key, value in {**told, pusher: user}.items() if key not in GITS}
        variables = " ".join(f"{key}={shlex.quote(value)}" for key, value in here.items())
        at.server.hook("pre-receive", HOOK.format(variables=variables, python=sys.executable))
        at.server.configure(registry_identity=name, registry_approvals=approvals)

    return host


@pytest.fixture(scope="module")
def plain(at):
    """The move as a commit on the branch: what a push, a squash or a rebase leaves."""
    return f"{at.commit(MOVED, at.base)}:{MAIN}"


@pytest.fixture(scope="module")
def merge(at):
    """The move as a merge of it."""
    proposal = at.commit(MOVED, at.base)
    return f"{at.step(at.git('rev-parse', f'{proposal}^{{tree}}'), at.base, proposal)}:{MAIN}"


ASKED = "production may move"


class TestWhatIsCertainlyAMerge:
    @pytest.mark.parametrize("told", [hosts.GITEA_MERGE, hosts.FORGEJO_MERGE], ids=["gitea", "forgejo"])
    def test_passes_however_it_is_merged(self, told, at, on, plain, merge):
        on(told)

        at.accepted("alice", plain)
        at.accepted("alice", merge)

    def test_is_judged_as_ever_where_nobody_leaves_that_to_the_forge(self, at, on, plain, merge):
        on(hosts.GITEA_MERGE, approvals="")

        at.refused("alice", plain, says=[ASKED, "nobody approved"])
        at.refused("alice", merge, says=[ASKED, "nobody approved"])

    def test_takes_the_role_of_who_merges_it(self, at, on, merge):
        on(hosts.GITEA_MERGE, "bob")

        done = at.refused("bob", merge, says=["alias-moved takes admin of model"])

        assert ASKED not in done.said


class TestWhatIsPerhapsAMerge:
    """GitLab says of a merge what it says of an edit on the web, too."""

    def test_passes_if_it_is_a_merge_commit(self, at, on, merge):
        on(hosts.GITLAB_WEB)

        at.accepted("alice", merge)

    def test_and_else_it_is_judged_as_an_edit(self, at, on, plain):
        on(hosts.GITLAB_WEB)

        at.refused("alice", plain, says=[ASKED, "nobody approved"])

    def test_a_plain_commit_on_top_of_a_merge_is_one(self, at, on):
        on(hosts.GITLAB_WEB)
        described = {"model/README.md": "# Models\n"}
        proposal = at.commit(described, at.base)
        merged = at.step(at.git("rev-parse", f"{proposal}^{{tree}}"), at.base, proposal)

        at.refused("alice", f"{at.commit(MOVED, merged)}:{MAIN}", says=[ASKED])


class TestWhatIsNoMerge:
    @pytest.mark.parametrize(
        "told",
        [hosts.GITEA_HTTP, hosts.GITEA_SSH, hosts.GITEA_WEB, hosts.GITEA_UPDATE, hosts.GITLAB_SSH],
        ids=["gitea by http", "gitea by ssh", "gitea on the web", "gitea's update", "gitlab by ssh"],
    )
    def test_takes_the_approvals_that_refs_hold(self, told, at, on, plain, merge):
        on(told)

        at.refused("alice", plain, says=[ASKED, "nobody approved"])
        at.refused("alice", merge, says=[ASKED, "nobody approved"])
