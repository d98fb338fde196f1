"""Each gate, met and not: `review`, `check`, `merge` and the hook there say the same of a proposal."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from tests.flows.reviewing import MAIN, PRODUCTION, Office, gated
from tests.flows.servers.local import Local
from tests.flows.steps import BASE, CHURN, SECOND, VERSIONS, Version, alias

from git_registry.model.digest import Digest, list_digest

NAME = "bob/promote"
NOTES = f"{VERSIONS}/{SECOND.id}.notes.yaml"
URI = "s3://acme-ml/raw/model.ubj"


def weak() -> Version:
    """Return a version whose file is known by what its store says of it."""
    digest = list_digest([("model.ubj", Digest("etag", "abc"), URI)])
    file = f'{{"path": "model.ubj", "size": 5, "digest": "etag:abc", "uri": "{URI}"}}'
    text = SECOND.manifest.splitlines()[:-1]
    lines = [f"digest: {digest}" if line.startswith("digest:") else line for line in text]
    return Version(digest.value[:32], "\n".join([*lines, f"  - {file}", ""]))


WEAK = weak()


@dataclass(frozen=True)
class Case:
    """One gate, and what there is for it to look at.

    Attributes:
        files: what the default branch holds besides.
        approvers: who approves the proposal, besides Alice, who has the role that it takes.
        of: the version that it promotes.
    """

    name: str
    gate: str
    is_met: bool
    files: Mapping[str, str] = field(default_factory=dict)
    approvers: tuple[str, ...] = ()
    of: Version = SECOND
    by: str = "bob"


STAGED = {f"{CHURN}/aliases/staging.yaml": alias(SECOND)}
METRICS, METADATA = "{metrics: {auc: {$gte: 0.9}}}", "{metadata: {stage: final}}"

CASES = (
    Case("holds", "{holds: staging}", True, STAGED),
    Case("holds", "{holds: staging}", False),
    Case("metrics", METRICS, True, {NOTES: "format: 1\nmetrics: {auc: 0.93}\n"}),
    Case("metrics", METRICS, False, {NOTES: "format: 1\nmetrics: {auc: 0.7}\n"}),
    Case("metrics", METRICS, False, {NOTES: "format: 1\nmetrics: {auc: .nan}\n"}),
    Case("metrics", METRICS, False),
    Case("metadata", METADATA, True, {NOTES: "format: 1\nmetadata: {stage: final}\n"}),
    Case("metadata", METADATA, False, {NOTES: "format: 1\nmetadata: {stage: draft}\n"}),
    Case("content", "{content: sha256}", True),
    Case("content", "{content: sha256}", False, {f"{VERSIONS}/{WEAK.id}.yaml": WEAK.manifest}, of=WEAK),
    Case("approvals", "{approvals: {count: 1}}", True),
    Case("approvals", "{approvals: {count: 2}}", True, approvers=("ana",)),
    Case("approvals", "{approvals: {count: 2}}", False),
    Case("approvals", "{approvals: {count: 2}}", False, approvers=("carol",)),
    Case("approvals", "{approvals: {count: 2, role: member, not_author: true}}", False, approvers=("bob",)),
    Case("approvals", "{approvals: {count: 2, role: member}}", True, approvers=("bob",)),
    Case("approvals", "{approvals: {count: 1, role: admin, not_author: true}}", False, by="alice"),
    Case("approvals", "{approvals: {count: 1, not_author: true}}", True, approvers=("ana",), by="alice"),
)


def ids(case):
    return f"{case.name} {'met' if case.is_met else 'not met'} {case.gate} {' '.join(case.approvers)}"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Local(tmp_path_factory.mktemp("gates") / "server").serving() as server:
        yield server


def reasons(text):
    """Return what is said of gates, in whatever lines it is."""
    found = (line[line.index("production may") :] for line in text.splitlines() if "production may" in line)
    return sorted({line.strip() for line in found if " only if " in line})


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=ids)
def test_everybody_says_the_same(case, server, tmp_path):
    server.new_repository(tmp_path.name)
    given = {NOTES: "format: 1\n"} if NOTES in case.files else {}
    office = Office.found(tmp_path / "office", server, gated(case.gate), given, case.files)
    name = f"{case.by}/promote"
    head = office.proposed({PRODUCTION: alias(case.of)}, by=case.by)
    for user in ("alice", *case.approvers):
        office.look(user, name)
        office.run(user, "approve", name)
    office.desk(case.by)
    office.git(case.by, "fetch", "-q", "origin", "+refs/approvals/*:refs/approvals/*")

    review = office.json(case.by, "review", name, "--no-blobs")
    approved = [word for one in review["approved_by"] for word in ("--approved-by", one)]
    asked = ("--base", "origin/main", "--head", head, "--actor", case.by, "--author", case.by, "--merge")
    check = office.json(case.by, "check", *asked, *approved, code=0 if case.is_met else 4)
    there = pushed(office, case.by, head)
    merge = office.run(case.by, "merge", name, code=0 if case.is_met else 4)

    assert bool(there.code) is not case.is_met
    assert (office.at(MAIN) == office.base) is not case.is_met
    said = reasons(there.said)
    assert bool(said) is not case.is_met
    assert reasons(merge) == said
    for judged in (review, check):
        assert judged["verdict"] == ("allowed" if case.is_met else judged["verdict"])
        assert reasons("\n".join(one["message"] for one in judged["violations"])) == said
        (passage,) = judged["events"][0]["gates"]
        assert (passage["gate"], passage["passed"]) == (case.name, case.is_met)


def pushed(office, user, head):
    """Return how the push of a merge ends that Git alone makes; what it moved is put back."""
    tree = office.git(user, "rev-parse", f"{head}^{{tree}}")
    made = office.git(user, "commit-tree", tree, "-p", office.base, "-p", head, "-m", "Merge")
    done = office.tried(user, "push", "origin", f"{made}:{MAIN}")
    office.work.put(MAIN, office.base)
    office.git(user, "fetch", "-q", "origin")
    return done


SIGNED = "{signed: true}"


@pytest.mark.parametrize(
    ("signs", "is_met"),
    [("alice", True), ("bob", False), ("", False)],
    ids=["an admin", "a member", "nobody"],
)
def test_a_signature_is_looked_for_where_it_is(signs, is_met, server, tmp_path):
    """No forge's check can know who will sign; a merge here does, for it is the commit that is pushed."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    told = subprocess.run(["ssh-keygen", "-lf", key], check=True, capture_output=True, text=True).stdout
    fingerprint = told.split()[1]
    whose = f'  user:{signs or "zoe"}: {{ssh: ["{fingerprint}"]}}\n'
    server.new_repository(tmp_path.name)
    office = Office.found(
        tmp_path / "office", server, gated(SIGNED), {"organization.yaml": BASE["organization.yaml"] + whose}
    )
    head = office.proposed({PRODUCTION: alias(SECOND)})
    office.desk("alice")
    for name, value in {"commit.gpgSign": "true", "gpg.format": "ssh", "user.signingKey": str(key)}.items():
        office.git("alice", "config", name, value if signs or name != "commit.gpgSign" else "false")

    (waiting,) = office.json("alice", "proposals")
    merge = office.run("alice", "merge", NAME, "--commit", head, code=0 if is_met else 4)

    assert waiting["state"] == "may be merged"
    assert (office.at(MAIN) == office.base) is not is_met
    if not is_met:
        sign = ("-S",) if signs else ()
        tree = office.git("alice", "rev-parse", f"{head}^{{tree}}")
        made = office.git("alice", "commit-tree", *sign, tree, "-p", office.base, "-p", head, "-m", "Merge")
        there = office.tried("alice", "push", "origin", f"{made}:{MAIN}")
        assert reasons(there.said) == reasons(merge)
        assert reasons(merge)


def test_every_gate_is_here():
    from git_registry.policy.gates import GATES

    assert {case.name for case in CASES} | {"signed"} == set(GATES)
    for name in {case.name for case in CASES}:
        assert {case.is_met for case in CASES if case.name == name} == {True, False}
