"""Pushes that a server noted, judged once more: by the rules of their time, and by others."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from click.testing import CliRunner
from tests.flows.servers.local import Local
from tests.flows.stepping import founded
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, THIRD, VERSIONS, alias

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.push_lines import Moved, Push
from git_registry.catalog.pushes import LOG, note, pushes
from git_registry.cli.commands.access_replay import command
from git_registry.cli.output import Output
from git_registry.cli.session import Session
from git_registry.errors import NotFound
from git_registry.repository.repository import Repository
from git_registry.sdk.obedience import obedience
from git_registry.sdk.rejudging import UNKNOWN, Replaying
from git_registry.sdk.remembering import Memory
from git_registry.sdk.replaying import replay, rules_of, rules_on_disk
from git_registry.sdk.unnoted import trails
from git_registry.sdk.verifying import Extent, verify

MAIN = "refs/heads/main"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LINK = {f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}
PROMOTE = {f"{CHURN}/aliases/production.yaml": alias(SECOND)}
BACK = {f"{CHURN}/aliases/production.yaml": alias(FIRST)}
STRICTER = {"model/access.yaml": BASE["model/access.yaml"].replace("team:nlp: member", "team:nlp: viewer")}


@pytest.fixture(scope="module")
def noted(tmp_path_factory):
    """A server to which three people pushed, one of them with an approval, and to whom a rule was changed."""
    directory = tmp_path_factory.mktemp("replay")
    with Local(directory / "server", is_noting=True).serving() as server:
        server.new_repository("acme")
        at, base, _ = founded(directory / "work", server)
        linked = at.commit(LINK, base)
        promoted = at.commit(PROMOTE, linked)
        proposed = at.commit(BACK, promoted)
        merge = ["commit-tree", f"{proposed}^{{tree}}", "-p", promoted, "-p", proposed, "-m", "Merge"]
        merged = at.git(*merge)
        stricter = at.commit(STRICTER, merged)
        pushed = (
            ("bob", f"{linked}:{MAIN}"),
            ("alice", f"{promoted}:{MAIN}"),
            ("bob", f"{proposed}:refs/heads/proposals/bob/back"),
            ("alice", f"{proposed}:refs/approvals/alice/{proposed}"),
            ("bob", f"{merged}:{MAIN}"),
            ("alice", f"{stricter}:{MAIN}"),
        )
        for user, refs in pushed:
            done = at.push(user, refs)
            assert done.code == 0, done.said
        yield at, server.repository


def catalog(repository):
    return Catalog(repository=Repository.open(repository), branch="main", clock=lambda: NOW)


def log(repository):
    return list(pushes(Repository.open(repository)))


def rewrite_log(repository, entries):
    there = Repository.open(repository)
    there.git("update-ref", "-d", LOG)
    for one in entries:
        note(there, one)


def replayed(repository, rules=None, **more):
    with catalog(repository) as seen:
        done = replay(seen, rules and rules(seen), **more)
    return [(one.principal, one.outcome) for one in done.pushes]


@pytest.fixture
def copied(noted, tmp_path):
    """A copy of the server's repository, to spoil."""
    place = tmp_path / "copy.git"
    subprocess.run(["cp", "-r", noted[1], place], check=True)
    return place


def test_what_a_hook_let_in_obeys_the_rules_of_its_time(noted):
    who = ["bob", "alice", "bob", "alice", "bob", "alice"]

    assert replayed(noted[1]) == [(f"user:{one}", "obeys") for one in who]


def test_other_rules_would_have_refused_some(noted, tmp_path):
    at, repository = noted
    at.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), at.at(MAIN))

    by_revision = replayed(repository, lambda seen: rules_of(seen, "main"))
    on_disk = replayed(repository, lambda _seen: rules_on_disk(tmp_path / "tree"))

    at.git("worktree", "remove", "--force", str(tmp_path / "tree"))
    assert [outcome for _, outcome in by_revision] == [
        *("violates", "obeys", "obeys", "obeys", "obeys", "obeys")
    ]
    assert on_disk == by_revision


def test_what_became_of_an_approval_and_a_proposal_later_changes_nothing(copied, git):
    for below in ("refs/approvals", "refs/heads/proposals"):
        (ref,) = git(copied, "for-each-ref", "--format=%(refname)", below).splitlines()
        git(copied, "update-ref", "-d", ref)

    assert replayed(copied)[4] == ("user:bob", "obeys")


def test_an_approval_that_was_withdrawn_before_the_merge_does_not_count(copied):
    approval = next(one for one in log(copied) if one.refs[0].ref.startswith("refs/approvals/"))
    (given,) = approval.refs
    withdrawn = replace(approval, refs=(Moved(given.ref, given.new, None),))

    rewrite_log(copied, [*log(copied)[:4], withdrawn, *log(copied)[4:]])

    assert replayed(copied)[5] == ("user:bob", "violates")
    rewrite_log(
        copied, [*log(copied)[:3], *log(copied)[5:]]
    )  # pushed before the log began, and never withdrawn
    assert replayed(copied)[3] == ("user:bob", "obeys")  # it stands in the repository
    Repository.open(copied).git("update-ref", "-d", given.ref)
    assert replayed(copied)[3] == ("user:bob", "violates")


@pytest.mark.parametrize("ref", ["refs/for/main", "refs/pull/5/head"])
@pytest.mark.parametrize(("adapter", "outcome"), [("gitea", "obeys"), ("env:REG_USER", "violates")])
def test_of_what_gitea_made_a_request_no_ref_was_written_by_who_pushed(copied, ref, adapter, outcome):
    proposed = log(copied)[2]
    asked = replace(proposed, adapter=adapter, refs=(Moved(ref, None, proposed.refs[0].new),))

    rewrite_log(copied, [*log(copied), asked])

    assert replayed(copied)[-1] == ("user:bob", outcome)


def test_what_a_hook_would_have_refused_violates(copied, git, noted):
    tip = git(copied, "rev-parse", "main")
    wrong = noted[0].commit({f"{VERSIONS}/{SECOND.id}.yaml": SECOND.manifest.replace("xgb", "other")}, tip)
    git(copied, "fetch", "-q", "-u", noted[0].path, f"{wrong}:main")
    pushed(git, copied, tip, wrong, principal="user:ana", account={"host": "", "name": "ana", "key": ""})

    assert replayed(copied)[-1] == ("user:ana", "violates")

    with catalog(copied) as seen:
        found = obedience(seen)
    assert found.counts == {"obeys": 6, "violates": 1}
    assert any("pushed by user:ana on 2026-11-23" in one.message for one in found.problems)
    assert found.not_checked == ()


ANA = {"principal": "user:ana", "account": {"host": "", "name": "ana", "key": ""}}


def past_the_hook(git, repository, work, files=LINK):
    """Move main as nobody's push; return where it was, and where it is."""
    tip = git(repository, "rev-parse", "main")
    moved = work.commit(files, tip)
    git(repository, "fetch", "-q", "-u", work.path, f"+{moved}:main")
    return tip, moved


def test_a_branch_that_nobodys_push_moved_is_told(copied, git, noted):
    was, now = past_the_hook(git, copied, noted[0], BACK)

    with catalog(copied) as seen:
        assert [str(one) for one in replay(seen).unnoted] == [
            f"main moved {was[:8]}→{now[:8]}, and no push says so"
        ]
        assert not replay(seen).is_sound
        (problem,) = obedience(seen).problems
    assert problem.where == MAIN


def test_what_the_next_push_found_there_is_told(copied, git, noted):
    was, hidden = past_the_hook(git, copied, noted[0], BACK)
    _, now = past_the_hook(git, copied, noted[0], PROMOTE)
    pushed(git, copied, hidden, now, **ANA)

    with catalog(copied) as seen:
        (gap,) = replay(seen).unnoted
    assert (gap.before, gap.after, gap.until) == (was, hidden, NOW)


def test_a_branch_that_was_set_back_is_told(copied, git):
    git(copied, "update-ref", MAIN, "main~1")

    with catalog(copied) as seen:
        assert len(replay(seen).unnoted) == 1


def test_a_clone_knows_the_end_of_no_log(copied, git, tmp_path, noted):
    git(copied, "config", "--unset-all", "transfer.hideRefs")
    git(tmp_path, "clone", "-q", copied, "clone")
    git(tmp_path / "clone", "fetch", "-q", "origin", f"{LOG}:{LOG}")
    with catalog(tmp_path / "clone") as seen:
        assert replay(seen).doubts == ()
    _, now = past_the_hook(git, copied, noted[0])
    git(tmp_path / "clone", "fetch", "-q")

    with catalog(tmp_path / "clone") as seen:
        done = replay(seen)
    assert done.is_sound
    assert [one.partition(":")[0] for one in done.doubts] == [f"how main came to {now[:8]}"]


def test_notes_that_stand_in_the_wrong_order_leave_nothing_out():
    commits = [f"{n}" * 40 for n in range(5)]
    steps = [Moved(MAIN, old, new) for old, new in pairwise([None, *commits])]
    for order in ((0, 1, 2, 3, 4), (0, 2, 1, 3, 4), (0, 4, 3, 2, 1), (0, 1, 3, 4, 2)):
        assert gaps(*(steps[n] for n in order)) == []
    assert gaps(*steps[:2], *steps[3:]) == [(commits[1], commits[2])]
    assert gaps(steps[0], steps[2], steps[1], apart=timedelta(minutes=2)) != []


def test_a_branch_that_was_deleted_began_anew():
    project, one, two = "refs/heads/projects/churn", "1" * 40, "2" * 40
    moves = [Moved(project, None, one), Moved(project, two, None), Moved(project, None, two)]

    assert gaps(*moves) == []
    assert gaps(*moves[:2], Moved(project, "3" * 40, two)) == [(None, "3" * 40)]


def test_what_is_not_judged_may_move_as_it_will():
    other = "refs/heads/topic"

    assert gaps(Moved(other, None, "1" * 40), Moved(other, "2" * 40, "3" * 40)) == []


def gaps(*moves, apart=timedelta(0)):
    """Return from where to where a ref went without a push that says so."""
    noted = [
        Push(at=NOW + n * apart, principal=None, adapter="", account=None, refs=(moved,))
        for n, moved in enumerate(moves)
    ]
    return [(gap.before, gap.after) for one in trails(noted, "main") for gap in one.gaps]


@pytest.fixture
def mended(tmp_path, git):
    """A server whose policy nobody could read, until somebody mended it whom its admin had named."""
    with Local(tmp_path / "server", is_noting=True).serving() as server:
        server.new_repository("acme")
        at, base, _ = founded(tmp_path / "work", server)
        broken = at.commit({"organization.yaml": "format: 1\nname: acme\nadmin: [user:ana]\n"}, base)
        git(server.repository, "fetch", "-q", "-u", at.path, f"{broken}:main")
        git(server.repository, "config", "registry.rescue", "user:ana")
        again = at.commit({"organization.yaml": BASE["organization.yaml"]}, broken)
        done = at.push("ana", f"{again}:{MAIN}")
        assert done.code == 0, done.said
        git(server.repository, "config", "--unset", "registry.rescue")
        yield server.repository


def test_a_mend_obeys_wherever_it_is_judged_again(mended):
    assert replayed(mended) == [("user:ana", "obeys")]


@pytest.mark.parametrize(("noted", "outcome"), [({}, UNKNOWN), ({"rescued": False}, "violates")])
def test_a_mend_of_which_nobody_noted_that_can_not_be_known(mended, git, noted, outcome):
    broken, now = git(mended, "rev-parse", "main~1", "main").split()
    pushed(git, mended, broken, now, **ANA, **noted)

    assert replayed(mended) == [("user:ana", "obeys"), ("user:ana", outcome)]


@pytest.mark.parametrize(("forge", "outcome"), [(True, "obeys"), (False, "violates"), (None, UNKNOWN)])
def test_whether_a_forge_counted_approvals_is_as_it_was_then(copied, git, noted, forge, outcome):
    at, tip = noted[0], git(copied, "rev-parse", "main")
    gates = BASE["model/access.yaml"].replace(
        "  production: {}\n", "  production:\n    gates:\n      - approvals: {count: 1, role: admin}\n"
    )
    gated = at.commit({"model/access.yaml": gates}, tip)
    merged = at.commit(PROMOTE, gated)
    git(copied, "fetch", "-q", "-u", at.path, f"{merged}:main")
    pushed(git, copied, tip, gated, **ANA)
    pushed(git, copied, gated, merged, **ANA, merges="certain", forge=forge)

    assert [one for _, one in replayed(copied)[-2:]] == ["obeys", outcome]


def test_an_interrupted_verification_does_not_judge_again_what_obeyed(copied, tmp_path, monkeypatch):
    memory = Memory.anew(tmp_path / "memory", NOW)
    with catalog(copied) as seen:
        first = replay(seen, memory=memory)
    lines = (tmp_path / "memory").read_text().split()
    monkeypatch.setattr(Replaying, "judged", lambda *_: pytest.fail("it is judged again"))

    with catalog(copied) as seen:
        again = replay(seen, memory=Memory.resumed(tmp_path / "memory", NOW))

    assert len(lines) > 6
    assert [one.outcome for one in again.pushes] == [one.outcome for one in first.pushes]


def test_verify_says_what_obeys_and_what_can_not_be_told(copied, git):
    tip = git(copied, "rev-parse", "main")
    pushed(git, copied, tip, tip)

    with catalog(copied) as seen:
        found = verify(seen, extent=Extent(size_only=True))

    assert found.pushes == {"obeys": 6, "identity unknown": 1}
    assert any("identity unknown, the host named nobody" in one for one in found.not_checked)
    assert found.invalid == ()


def test_without_a_push_log_nothing_is_said_of_pushes(copied, git):
    git(copied, "update-ref", "-d", LOG)

    with catalog(copied) as seen:
        assert verify(seen, extent=Extent(size_only=True)).pushes == {}


def test_who_pushed_where_no_host_said_so_is_unknown(copied, git):
    tip = git(copied, "rev-parse", "main")
    pushed(git, copied, tip, tip)

    assert replayed(copied)[-1] == (None, "identity unknown")


def test_what_breaks_one_judgement_leaves_the_others(copied, git):
    tip = git(copied, "rev-parse", "main")
    pushed(git, copied, git(copied, "rev-parse", "main:organization.yaml"), tip, **ANA)

    assert [one for _, one in replayed(copied)] == ["obeys"] * 6 + [UNKNOWN]


def test_a_commit_that_is_gone(copied, git):
    pushed(git, copied, git(copied, "rev-parse", "main"), "1" * 40, principal="user:ana")

    assert replayed(copied)[-1] == (None, "can't be known")


def test_what_is_not_the_servers_is_told(copied, git):
    tree, tip = git(copied, "mktree", input=""), git(copied, "rev-parse", LOG)
    git(copied, "update-ref", LOG, git(copied, "commit-tree", tree, "-p", tip, "-m", "Mine"))

    with catalog(copied) as seen:
        assert [one.problem for one in replay(seen).strange] == ["somebody else wrote it"]


def test_only_what_was_pushed_since(noted):
    assert replayed(noted[1], since=datetime.now(UTC) + timedelta(days=1)) == []
    assert len(replayed(noted[1], since=datetime.now(UTC) - timedelta(days=1))) == 6


def test_where_nothing_was_noted(make_repository):
    with pytest.raises(NotFound, match="no push log"):
        replayed(make_repository("repo", {"organization.yaml": BASE["organization.yaml"]}))


def test_from_the_keyboard_where_the_log_was_fetched(noted, git, tmp_path):
    bundle = tmp_path / "bundle"
    git(noted[1], "bundle", "create", "-q", bundle, "--all", LOG)
    git(tmp_path, "init", "-q", "-b", "main", "clone")
    git(tmp_path / "clone", "fetch", "-q", "-u", bundle, "refs/*:refs/*")

    said = run(tmp_path / "clone", "--policy", "main", code=4)
    assert said.splitlines()[-1] == "6 pushes: 5 obeys, 1 violates"
    assert "user:bob to main: violates" in said
    assert "version-linked takes member of model; user:bob has viewer (by team:nlp)" in said
    shape = json.loads(run(tmp_path / "clone", json=True))
    assert {one["outcome"] for one in shape["pushes"]} == {"obeys"}
    assert shape["pushes"][0]["refs"][0]["after"] == git(noted[1], "rev-parse", "main~3")


def test_what_no_push_says_ends_with_4(copied, git, noted):
    was, now = past_the_hook(git, copied, noted[0])

    said = run(copied, code=4)
    assert said.startswith(f"main moved {was[:8]}→{now[:8]}, and no push says so\n  hint: ")
    (gap,) = json.loads(run(copied, json=True, code=4))["unnoted"]
    assert gap == {"ref": MAIN, "before": was, "after": now, "until": None}


def run(directory, *words, json=False, code=0):
    session = Session(output=Output(json=json), directory=str(directory))
    done = CliRunner().invoke(command, words, obj=session, catch_exceptions=False)
    assert done.exit_code == code
    return done.output


def pushed(git, repository, old, new, principal=None, account=None, **more):
    """Note one more push of the default branch, as the server does."""
    told = {
        "format": 1,
        "time": "2026-11-23T12:00:00.000Z",
        "principal": principal,
        "adapter": "env:REG_USER",
    }
    told |= {"account": {**account, "given": True} if account else None, "merges": "", "omitted": 0, **more}
    line = json.dumps({**told, "refs": [[MAIN, old, new]]})
    tree, tip = git(repository, "mktree", input=""), git(repository, "rev-parse", LOG)
    server = {"NAME": "git-registry", "EMAIL": "git-registry@localhost", "DATE": "2026-11-23T12:00:00Z"}
    env = {f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in server.items()}
    note = git(repository, "commit-tree", tree, "-p", tip, "-m", "Pushed", "-m", line, env=env)
    git(repository, "update-ref", LOG, note)
