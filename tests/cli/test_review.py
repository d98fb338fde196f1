"""Reviews as somebody reads them who decides: ten kinds of change, word for word."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import subprocess

import pytest
from fsspec.implementations.memory import MemoryFileSystem

from git_registry.cli.answers.review import MOST
from git_registry.cli.entry import BROKEN_PIPE

from .once import once

ORGANIZATION = """\
default_role: viewer
teams:
  nlp: {members: [user:bob, user:carol]}
  leads: {members: [user:alice, user:dan]}
identities:
  user:bob: {emails: [bob@acme.example]}
"""
BOB = {"GIT_AUTHOR_NAME": "Bob", "GIT_AUTHOR_EMAIL": "bob@acme.example"}
DAY = {"GIT_AUTHOR_DATE": "2026-01-01T12:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T12:00:00Z"}


@once
def gated(churn, git):
    """A model in production and a better one in staging; teams, and gates between them."""
    text = (churn.directory / "organization.yaml").read_text()
    churn.write("organization.yaml", text + ORGANIZATION)
    git(churn.directory, "commit", "-qam", "Who is who", env=DAY)
    churn("promote", "model/churn:v0", "--to", "production")
    churn("access", "grant", "model", "team:leads", "admin")
    churn("access", "grant", "model", "team:nlp", "member")
    churn(
        *("access", "protect", "model", "production", "--holds", "staging", "--metric", "auc >= 0.9"),
        *("--approvals", "1", "--not-author"),
    )
    churn("promote", "model/churn:v1", "--to", "staging")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in BOB.items():
            patch.setenv(name, value)
        churn("annotate", "model/churn:v1", "--metric", "auc=0.951", "--metadata", "approved_data=true")
    git(churn.directory, "config", "registry.user", "user:bob")
    return churn


@pytest.fixture
def acme(gated, monkeypatch):
    """Bob works there."""
    for name, value in BOB.items():
        monkeypatch.setenv(name, value)
    return gated


def linked(shell, target, content, *words):
    shell.write("../model.bin", content)
    shell("link", "../model.bin", target, *words)


def promotion(shell):
    shell("promote", "model/churn:v1", "--to", "production")


def before_first_promotion(shell):
    linked(
        *(shell, "model/fraud", "fraud weights", "--metric", "auc=0.97", "--alias", "staging"),
        *("--input", "dataset/customers:v0"),
    )


def first_promotion(shell):
    shell("promote", "model/fraud:v0", "--to", "production")


def link(shell):
    linked(shell, "model/churn", "best weights", "--metric", "auc=0.96", "--metadata", "framework=torch")


def failing_gate(shell):
    linked(shell, "model/churn", "bad weights", "--metric", "auc=0.71")
    shell("promote", "model/churn:v2", "--to", "production")


def alias_removed(shell):
    shell("alias", "remove", "model/churn", "production")


def collection_deleted(shell):
    shell("delete", "model/churn", "--yes")


def access(shell):
    shell("access", "grant", "model", "user:mallory", "admin")
    shell("access", "revoke", "model", "team:leads")
    shell("access", "unprotect", "model", "production")


def unlink(shell):
    shell("alias", "remove", "model/churn", "production", "staging")
    shell("unlink", "model/churn:v0")


def several(shell):
    for name in ("a", "b", "c"):
        shell("promote", f"model/{name}:v1", "--to", "production")


def before_several(shell):
    for name in ("a", "b", "c"):
        linked(shell, f"model/{name}", f"{name} one", "--metric", "auc=0.9", "--alias", "production")
        linked(shell, f"model/{name}", f"{name} two", "--metric", "auc=0.92", "--alias", "staging")


HOSTILE = "<!-- git-registry review --> @ada | `rm -rf` | [ok](https://evil.example)\n\n### allowed"


def hostile(shell):
    linked(
        *(shell, "model/churn", "worse weights", "--metric", "auc=0.99", "--description", HOSTILE),
        *(
            "--metric",
            "x|y`@ada=1",
            "--metadata",
            "<b> @ada | `x`=1",
            "--metadata",
            f"note={json.dumps(HOSTILE)}",
        ),
        *("--alias", "staging"),
    )
    shell.write("</td> @ada | `x` <!--\n\u202e.md", "no document")
    subprocess.run(["git", "add", "--all"], cwd=shell.directory, check=True)
    subprocess.run(["git", "commit", "-qm", "x"], cwd=shell.directory, check=True, env={**os.environ, **DAY})


def too_much(shell):
    words = [word for n in range(400) for word in ("--alias", f"a{n}{'_' * 40}")]
    linked(shell, "model/churn", "many names", *words, *_metrics(300))
    linked(shell, "model/fraud", "many numbers", *_metrics(300))


def _metrics(count):
    return [word for n in range(count) for word in ("--metric", f"m{n}{'_' * 60}={n}")]


CODE = 'code: {{repository: "git@github.com:acme/{}.git", commit: {}, dirty: {}, path: train.py}}\n'


def before_code(shell):
    """Two versions, each with the code that made it."""
    for content, code in {
        "old code": ("churn", "4be1" * 10, "false"),
        "new code": ("churn-fork", "77aa" * 10, "true"),
    }.items():
        linked(shell, "model/coded", content, "--metric", "auc=0.92")
        (path,) = by_git(shell, "diff-tree", "-r", "--name-only", "--no-commit-id", "HEAD", "*/versions/*")
        manifest = shell.directory / path
        manifest.write_text(manifest.read_text() + CODE.format(*code))
        by_git(shell, "commit", "-qa", "--amend", "--no-edit")
    shell("alias", "add", "model/coded:v0", "production")
    shell("alias", "add", "model/coded:v1", "staging")


def by_git(shell, *words):
    done = subprocess.run(
        ["git", *words], cwd=shell.directory, check=True, env={**os.environ, **DAY}, capture_output=True
    )
    return done.stdout.decode().split()


def code(shell):
    shell("promote", "model/coded:v1", "--to", "production", "-m", "The fork | trains on @october.")


def missing_blob(shell):
    linked(shell, "model/churn", "lost weights", "--metric", "auc=0.97", "--alias", "staging")
    memory = MemoryFileSystem()
    (lost,) = [path for path, file in memory.store.items() if file.getvalue() == b"lost weights"]
    memory.rm(lost)


def before_automated(shell):
    webhook = ("--webhook", "https://deploy.acme.example/hook/with-a-key")
    on = ("--on", "alias-moved", "--where", "alias = production")
    shell("automation", "create", "model/churn", "deploy", *on, *webhook)
    shell(
        "automation",
        "create",
        "model",
        "numbered",
        "--on",
        "version-linked",
        "--where",
        "number > 3",
        *webhook,
    )
    shell("automation", "create", "model", "other", "--on", "alias-removed", "--slack", "REG_WH_SLACK")


def automation(shell):
    shell("automation", "create", "model/churn", "told", "--on", "alias-moved", "--command", "tell")


def automated(shell):
    shell("promote", "model/churn:v1", "--to", "production")
    linked(shell, "model/churn", "next weights")


HOSTILE_AUTOMATION = """\
format: 1
description: "<!-- x --> @ada | `rm` \u3164"
events: [version-linked]
match: {alias: "a|b <b>"}
action:
  webhook: {url: "https://other.acme.example?with-a-key", secret: REG_WH_A, body: {text: "${path} @ada"}}
"""


def automations(shell):
    """One changes where it sends within a host, one comes, one is switched off, one runs a command."""
    webhook = ("--webhook", "https://deploy.acme.example/hook/with-another-key", "--secret", "REG_WH_DEPLOY")
    on = ("--on", "alias-moved", "--where", "alias = production")
    shell("automation", "create", "model/churn", "deploy", *on, *webhook, "--replace")
    shell.write("../hostile.yaml", HOSTILE_AUTOMATION)
    shell("automation", "create", "model/churn", "hostile", "--file", "../hostile.yaml")
    off = ("--on", "alias-removed", "--slack", "REG_WH_SLACK", "--disabled")
    shell("automation", "create", "model", "other", *off, "--replace")
    shell("automation", "create", "model", "runs", "--on", "version-linked", "--command", "deploy")


def odd_tags(shell):
    shell("tag", "add", "--", "model/churn", "--help")
    shell("tag", "add", "--", "model/churn:v0", "--push")


def nothing(_shell):
    pass


CHANGES = {
    "promotion": promotion,
    "first-promotion": first_promotion,
    "link": link,
    "failing-gate": failing_gate,
    "alias-removed": alias_removed,
    "collection-deleted": collection_deleted,
    "access": access,
    "unlink": unlink,
    "several": several,
    "hostile": hostile,
    "too-much": too_much,
    "nothing": nothing,
    "code": code,
    "missing-blob": missing_blob,
    "automated": automated,
    "automations": automations,
}
UNPRINTED = {"odd-tags": odd_tags, "automation": automation}
"""What is undone like the others, and looks like them."""


BEFORE = {
    "first-promotion": before_first_promotion,
    "several": before_several,
    "code": before_code,
    "automated": before_automated,
    "automations": before_automated,
}
"""What is there already, as a change needs it."""


def proposed(shell, git, name):
    """Do something on a branch of its own."""
    BEFORE.get(name, nothing)(shell)
    git(shell.directory, "switch", "-q", "-c", "topic")
    (CHANGES | UNPRINTED)[name](shell)
    return shell


def masked(text):
    """Return a text without the ids of commits and of the tree, which hold when it was."""
    text = re.sub(r"\b[0-9a-f]{40}\b", "<id>", text)
    return re.sub(r"(\bin|by the rules at) [0-9a-f]{8}\b", r"\1 <commit>", text)


@pytest.mark.parametrize("name", CHANGES)
def test_a_comment(acme, git, golden, name):
    comment = proposed(acme, git, name)("review", "main..topic", "--markdown")

    golden(f"review/{name}.md", masked(comment))
    assert len(comment.encode()) <= MOST


def test_for_a_terminal_and_for_scripts(acme, git, golden):
    proposed(acme, git, "promotion")

    golden("review/promotion.txt", masked(acme("review", "main..topic")))
    golden("review/promotion.json", masked(acme("review", "main..topic", "--json")))


def test_what_automations_would_do_is_the_same_for_a_terminal_and_for_scripts(acme, git, golden):
    proposed(acme, git, "automations")

    said = acme("review", "main..topic")
    golden("review/automations.txt", masked(said))
    golden("review/automations.json", json.dumps(acme.json("review", "main..topic")["automations"], indent=2))
    assert "key" not in said.partition("Still to approve")[0]


def test_it_is_judged_as_check_does(acme, git):
    proposed(acme, git, "failing-gate")
    said = ("--actor", "bob", "--author", "bob", "--approved-by", "alice")

    checked = json.loads(acme("check", "--base", "main", *said, "--json", code=4))
    reviewed = acme.json("review", "main..", *said)

    assert {key: reviewed[key] for key in ("verdict", "violations", "tree", "approved_by")} == {
        key: checked[key] for key in ("verdict", "violations", "tree", "approved_by")
    }
    assert reviewed["proposal"] is None
    unordered = [{key: one[key] for key in one if key != "protected"} for one in reviewed["events"]]
    assert sorted(unordered, key=str) == sorted(checked["events"], key=str)


def test_the_command_at_its_end_says_the_same_again(acme, git):
    proposed(acme, git, "promotion")
    head = git(acme.directory, "rev-parse", "topic")
    said = ("--actor", "ada", "--author", "bob", "--approved-by", f"alice@{head}", "--squash", "--no-blobs")

    first = acme.json("review", "main..topic", *said)
    git(acme.directory, "switch", "-q", "main")
    acme("annotate", "model/churn:v0", "--metric", "later=1")
    words = first["again"].split()

    assert words[:3] == ["git", "registry", "review"]
    assert acme.json(*words[2:]) == first


def test_it_does_not_matter_what_is_checked_out(acme, git):
    proposed(acme, git, "promotion")
    told = acme("review", "main..topic")

    git(acme.directory, "config", "registry.branch", "main")
    git(acme.directory, "switch", "-q", "-c", "projects/trials", "topic")
    assert acme("review", "main..topic") == told
    git(acme.directory, "switch", "-q", "--detach", "main~2")
    assert acme("review", "main..topic") == told


def test_a_proposal_by_its_name(acme, git):
    acme("promote", "model/churn:v1", "--to", "production", "--proposal", "better")
    commit = git(acme.directory, "rev-parse", "proposals/bob/better")
    needs = acme("review", "better")
    assert needs.startswith("The proposal bob/better needs approval by team:leads or user:ada.\n")
    assert f"\nTo approve just this\n  git registry approve bob/better --commit {commit}\n" in needs
    again = ("git", "registry", "review", "bob/better", "--commit", commit)
    assert needs.endswith(f". The same again:\n  {shlex.join(again)}\n")
    assert acme(*again[2:]) == needs
    assert acme("review", "better", "--no-blobs").endswith(f"  {shlex.join((*again, '--no-blobs'))}\n")
    other = acme.error("review", "better", "--commit", "0" * 40, code=6)
    assert (other["message"], other["hint"]) == (
        f"it is at {commit}, not at {'0' * 40}",
        "git registry review bob/better",
    )
    assert acme.error("review", "better", "--commit", commit[:8], code=2)["where"] == "--commit"
    assert acme.error("review", "main..HEAD", "--commit", commit, code=2)["where"] == "--commit"

    git(acme.directory, "update-ref", f"refs/approvals/alice/{commit}", commit)
    done = acme.json("review", "better")
    assert (done["verdict"], done["approved_by"]) == ("allowed", ["user:alice"])

    words = ("commit-tree", f"{commit}^{{tree}}", "-p", commit, "-m", "Say | why, @bob.")
    git(acme.directory, "update-ref", f"refs/objections/carol/{commit}", git(acme.directory, *words))
    assert acme("review", "bob/better").startswith(
        "The proposal bob/better is not to be merged yet: user:carol asked for changes.\n"
    )
    comment, shape = acme("review", "better", "--markdown"), acme.json("review", "better")
    assert "\n### Registry review: changes requested\n" in comment
    assert r"| user:carol | Say \| why, @&#8203;bob. |" in comment
    assert shape["objections"] == [{"by": "user:carol", "text": "Say | why, @bob."}]
    assert shape["verdict"] == "changes requested"


@once
def opinions(acme):
    """Two have to approve, and one did."""
    acme("access", "protect", "model", "production", "--approvals", "2", "--not-author")
    acme("promote", "model/churn:v1", "--to", "production", "--proposal", "better", "-m", "It is better.")
    say(acme, "approvals/alice")
    return acme


def say(shell, ref):
    """Have somebody say something of the proposal, as a server would have let them."""
    (commit,) = by_git(shell, "rev-parse", "proposals/bob/better")
    said = commit
    if ref.startswith("objections"):
        words = ("commit-tree", f"{commit}^{{tree}}", "-p", commit, "-m", "Which data is it from?")
        (said,) = by_git(shell, *words)
    by_git(shell, "update-ref", f"refs/{ref}/{commit}", said)


def test_one_of_two_approved(opinions, golden):
    golden("review/approved.md", masked(opinions("review", "better", "--markdown")))


def test_all_approved_and_somebody_asks_for_changes(opinions, golden):
    say(opinions, "approvals/dan")
    say(opinions, "objections/carol")

    golden("review/objected.md", masked(opinions("review", "better", "--markdown")))


def test_what_nobody_reads_to_its_end_was_seen(opinions, git):
    seen = "refs/registry/reviewed/bob/better"
    git(opinions.directory, "update-ref", "-d", seen)
    reader, writer = os.pipe()
    os.close(reader)

    with os.fdopen(writer, "w", buffering=1) as pipe, contextlib.redirect_stdout(pipe):
        opinions("review", "better", "--no-blobs", code=BROKEN_PIPE)

    assert git(opinions.directory, "for-each-ref", "--format=%(refname)", seen) == seen


def test_gates_that_ask_for_what_only_some_have(acme, golden):
    acme("access", "protect", "model", "production", *("--without", "metrics", "--without", "approvals"))
    asked = ("--content", "sha256", "--metadata", "framework = xgboost", "--signed")
    acme("access", "protect", "model", "production", *asked)
    MemoryFileSystem().pipe_file("/acme/raw/model.bin", b"raw weights")
    acme("link", "memory://acme/raw", "model/churn", "--reference", "--metadata", "framework=torch")

    acme("promote", "model/churn:v2", "--to", "production", "--proposal", "weak")

    # It is known by the time it was written.
    weak = acme.json("show", "model/churn:v2")["id"][:8]
    golden("review/gates.md", masked(acme("review", "weak", "--markdown")).replace(weak, "<weak>"))


def test_what_was_not_looked_at_is_said(acme, git):
    proposed(acme, git, "promotion")

    assert acme.json("review", "main..topic")["blobs"][0] == {
        "version": "model/churn:v1",
        "exists": "yes",
        "size": "yes",
        "digest": "not checked",
        "remark": None,
    }
    assert acme.json("review", "main..topic", "--digests")["blobs"][0]["digest"] == "yes"
    unasked = acme.json("review", "main..topic", "--no-blobs")["blobs"][0]
    assert {unasked[key] for key in ("exists", "size", "digest")} == {"not checked"}
    assert unasked["remark"] == "blobs were not to be looked at"


def test_half_of_what_is_needed(acme, git):
    proposed(acme, git, "promotion")

    assert "what is to be reviewed" in acme.error("review", code=2)["message"]
    assert "a second time" in acme.error("review", "main..topic", "--base", "main", code=2)["message"]
    assert acme.error("review", "bob/better", "--actor", "ada", code=2)["where"] == "--actor"
    assert acme.error("review", "main..topic", "--digests", "--no-blobs", code=2)["where"] == "--digests"
    acme.error("review", "nobody/nothing", code=5)
    git(acme.directory, "config", "--unset", "registry.user")
    assert "who merges it" in acme.error("review", "main..topic", code=2)["message"]


def test_who_came_to_a_long_list_and_which_gate_an_alias_lost_are_there(acme, git):
    path = acme.directory / "organization.yaml"
    text = path.read_text()
    people = ", ".join(f"user:colleague-{number:02}" for number in range(60))
    path.write_text(text.replace("user:carol]", f"user:carol, {people}]"))
    git(acme.directory, "commit", "-qam", "Many", env=DAY)
    git(acme.directory, "switch", "-q", "-c", "topic")
    path.write_text(text.replace("user:carol]", f"user:carol, {people}, user:mallory]"))
    git(acme.directory, "commit", "-qam", "One more", env=DAY)
    many = [word for n in range(40) for word in ("--metric", f"padding{n} >= 0")]
    acme("access", "unprotect", "model", "production")
    acme("access", "protect", "model", "production", *many)

    comment = acme("review", "main..topic", "--markdown")

    assert "| The team nlp: members: + user:mallory | organization admin |" in comment
    assert r"; no more: {holds: staging}, {metrics: {auc: {\$gte: 0.9}}}, {approvals: " in comment
    assert "Not all of it is here" not in comment


UNTRIED = ("hostile", "too-much", "nothing", "code", "missing-blob", "automated")
"""What no verb undoes, or what is undone as others are."""


def standing(shell, git):
    """Return what is there, besides the manifests that are kept of what was unlinked."""
    listed = git(shell.directory, "ls-tree", "-r", "HEAD").splitlines()
    return [line for line in listed if "/unlinked/" not in line]


@pytest.mark.parametrize(
    "name",
    [name for name in (*CHANGES, *UNPRINTED) if name not in UNTRIED],
)
def test_what_it_says_undoes_it(acme, git, name):
    proposed(acme, git, name)
    undoing = acme.json("review", "main..topic")["undo"]["commands"]
    git(acme.directory, "switch", "-q", "main")
    before = standing(acme, git)
    git(acme.directory, "merge", "-q", "--no-ff", "-m", "Merge", "topic", env=DAY)
    merge = git(acme.directory, "rev-parse", "HEAD")
    assert standing(acme, git) != before

    for command in undoing:
        words = shlex.split(command.replace("MERGE", f"--no-edit {merge}"))
        if words[:2] == ["git", "registry"]:
            acme(*words[2:], *(["--yes"] if words[2] == "delete" else []))
        else:
            git(acme.directory, *words[1:], env=DAY)

    assert standing(acme, git) == before


def test_a_set_that_moved_twice_goes_back_to_where_it_was(acme, git):
    for name in ("a", "b"):
        linked(acme, f"model/{name}", f"{name} one", *(["--alias", "production"] if name == "a" else []))
        linked(acme, f"model/{name}", f"{name} two", *(["--alias", "production"] if name == "b" else []))
        linked(acme, f"model/{name}", f"{name} three")
    before = standing(acme, git)
    git(acme.directory, "switch", "-q", "-c", "topic")
    acme("promote", "model/a:v1", "model/b:v0", "--to", "production")
    acme("promote", "model/a:v2", "model/b:v2", "--to", "production")
    undoing = acme.json("review", "main..topic")["undo"]["commands"]
    git(acme.directory, "switch", "-q", "main")
    git(acme.directory, "merge", "-q", "--ff-only", "topic")

    assert len(undoing) == 1, "a set goes back in one commit"
    acme(*shlex.split(undoing[0])[2:])
    assert standing(acme, git) == before
