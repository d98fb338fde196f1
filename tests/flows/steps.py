"""One step for every kind of event, on one small organization, and who may take it (DESIGN §5).

Everything is written out as it lies in Git, so that no code of ours stands between a step and what it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

Files = Mapping[str, str | None]
"""What a step makes of paths; None: it is gone."""

ORG_ADMINS = frozenset({"ana"})
ADMINS = ORG_ADMINS | {"alice"}
MEMBERS = ADMINS | {"bob"}
NOBODY: frozenset[str] = frozenset()


class Version(NamedTuple):
    """A version with one file."""

    id: str
    manifest: str


def version(content: str) -> Version:
    found = hashlib.sha256(content.encode()).hexdigest()
    digest = hashlib.sha256(f"{found}  model.ubj\n".encode()).hexdigest()
    uri = f"s3://acme-ml/sha256/{found[:2]}/{found}"
    file = {"path": "model.ubj", "size": len(content), "digest": f"sha256:{found}", "uri": uri}
    manifest = f"""\
format: 1
artifact: churn-xgb
type: model
digest: sha256:{digest}
size: {len(content)}
created: "2026-11-22T20:28:34.123Z"
files:
  - {json.dumps(file)}
"""
    return Version(digest[:32], manifest)


def alias(of: Version) -> str:
    return f"format: 1\nversion: {json.dumps(of.id)}\n"


FIRST, SECOND, THIRD, MOVING = (version(content) for content in ("first", "second", "third", "moving"))

ORGANIZATION = """\
format: 1
name: acme
store: s3://acme-ml
admins: [user:ana, user:raj]
default_role: viewer
teams:
  nlp: {members: [user:bob]}
identities:
  user:raj: {emails: [raj@acme.example]}
"""
REGISTRY = """\
format: 1
title: Models
types: [model]
"""
ACCESS = """\
format: 1
visibility: organization
members:
  user:alice: admin
  team:nlp: member
  user:carol: viewer
  user:eve: restricted_viewer
  user:zoe: viewer
protected_aliases:
  production: {}
  golden: {}
"""
COLLECTION = """\
format: 1
type: model
title: Churn
tags: [tabular]
"""
NOTES = """\
format: 1
description: Trained on October.
tags: [eu]
"""
DEPLOY = """\
format: 1
events: [alias-moved]
match: {alias: production}
action:
  webhook: {url: "https://deploy.acme.example/hook", secret: REG_WH_DEPLOY}
"""
CHURN = "model/churn"
VERSIONS = f"{CHURN}/versions"

BASE: Mapping[str, str] = {
    "organization.yaml": ORGANIZATION,
    ".gitattributes": "*.yaml text eol=lf\n",
    "dataset/registry.yaml": "format: 1\ntitle: Datasets\n",
    "model/registry.yaml": REGISTRY,
    "model/access.yaml": ACCESS,
    f"{CHURN}/collection.yaml": COLLECTION,
    f"{VERSIONS}/{FIRST.id}.yaml": FIRST.manifest,
    f"{VERSIONS}/{FIRST.id}.notes.yaml": NOTES,
    f"{VERSIONS}/{SECOND.id}.yaml": SECOND.manifest,
    f"{CHURN}/aliases/production.yaml": alias(FIRST),
    f"{CHURN}/aliases/candidate.yaml": alias(FIRST),
    f"{CHURN}/automations/deploy.yaml": DEPLOY,
    "model/moving/collection.yaml": "format: 1\ntype: model\n",
    f"model/moving/versions/{MOVING.id}.yaml": MOVING.manifest,
    "model/empty/collection.yaml": "format: 1\ntype: model\n",
}

PROJECT: Mapping[str, str] = {"churn/project.yaml": "format: 1\ndescription: Experiments.\n"}

RUN = """\
format: 1
name: brisk-otter-41
state: running
started: "2026-11-22T19:02:11.000Z"
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit does, and who may push it.

    Attributes:
        kind: the event that it is about; the only one, unless it says otherwise.
        files: what it changes.
        may: those of the users who may.
        besides: what kinds of event come with it.
        case: what tells it from others of its kind.
    """

    kind: str
    files: Files
    may: frozenset[str]
    besides: tuple[str, ...] = ()
    case: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.case}".strip()


def _edited(path: str, old: str, new: str) -> Files:
    text = BASE[path]
    assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
    return {path: text.replace(old, new)}


def _organization(old: str, new: str) -> Files:
    return _edited("organization.yaml", old, new)


def _access(old: str, new: str) -> Files:
    return _edited("model/access.yaml", old, new)


def _notes(old: str, new: str) -> Files:
    return _edited(f"{VERSIONS}/{FIRST.id}.notes.yaml", old, new)


def _alias(name: str, of: Version | None) -> Files:
    return {f"{CHURN}/aliases/{name}.yaml": of and alias(of)}


def _unlinked(which: Version) -> Files:
    paths = (f"{which.id}.yaml", f"{which.id}.notes.yaml")
    there = {path: BASE[f"{VERSIONS}/{path}"] for path in paths if f"{VERSIONS}/{path}" in BASE}
    return {f"{VERSIONS}/{path}": None for path in there} | {
        f"{CHURN}/unlinked/{path}": text for path, text in there.items()
    }


STEPS = (
    Step(
        "organization-changed",
        _organization("store: s3://acme-ml\n", "store: s3://acme-other\n"),
        ORG_ADMINS,
    ),
    Step("admin-added", _organization("user:raj]\n", "user:raj, user:bob]\n"), ORG_ADMINS),
    Step("admin-removed", _organization(", user:raj]\n", "]\n"), ORG_ADMINS),
    Step("team-changed", _organization("[user:bob]", "[user:bob, user:carol]"), ORG_ADMINS),
    Step("identity-changed", _organization("raj@acme.example", "bob@acme.example"), ORG_ADMINS),
    Step("registry-created", {"lab/registry.yaml": "format: 1\n"}, ORG_ADMINS),
    Step("registry-deleted", {"dataset/registry.yaml": None}, ORG_ADMINS),
    Step("registry-described", _edited("model/registry.yaml", "Models", "What we serve"), MEMBERS),
    Step("registry-described", {"model/README.md": "# Models\n"}, MEMBERS, case="by its card"),
    Step("types-changed", _edited("model/registry.yaml", "[model]", "[model, onnx]"), ADMINS),
    Step("visibility-changed", _access("visibility: organization", "visibility: restricted"), ADMINS),
    Step("member-added", _access("  user:zoe: viewer\n", "  user:zoe: viewer\n  user:uma: viewer\n"), ADMINS),
    Step("member-removed", _access("  user:zoe: viewer\n", ""), ADMINS),
    Step("role-changed", _access("user:zoe: viewer", "user:zoe: member"), ADMINS),
    Step("protection-added", _access("  golden: {}\n", "  golden: {}\n  candidate: {}\n"), ADMINS),
    Step("protection-removed", _access("  golden: {}\n", ""), ADMINS),
    Step(
        "gates-changed",
        _access("  golden: {}\n", "  golden:\n    gates:\n      - {content: sha256}\n"),
        ADMINS,
    ),
    Step("collection-created", {"model/new/collection.yaml": "format: 1\ntype: model\n"}, MEMBERS),
    Step("collection-deleted", {"model/empty/collection.yaml": None}, MEMBERS),
    Step(
        "collection-renamed",
        {
            "model/moving/collection.yaml": None,
            f"model/moving/versions/{MOVING.id}.yaml": None,
            "model/moved/collection.yaml": "format: 1\ntype: model\nrenamed_from: model/moving\n",
            f"model/moved/versions/{MOVING.id}.yaml": MOVING.manifest,
        },
        ADMINS,
    ),
    Step(
        "collection-described",
        _edited(f"{CHURN}/collection.yaml", "title: Churn\n", "title: Who will leave\n"),
        MEMBERS,
    ),
    Step("collection-tagged", _edited(f"{CHURN}/collection.yaml", "[tabular]", "[tabular, eu]"), MEMBERS),
    Step("collection-untagged", _edited(f"{CHURN}/collection.yaml", "tags: [tabular]\n", ""), MEMBERS),
    Step("version-linked", {f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}, MEMBERS),
    Step("version-unlinked", _unlinked(SECOND), MEMBERS),
    Step(
        "version-unlinked",
        {**_unlinked(FIRST), **_alias("candidate", None), **_alias("production", None)},
        ADMINS,
        besides=("alias-removed",),
        case="that a protected alias holds",
    ),
    Step("version-purged", {f"{VERSIONS}/{SECOND.id}.yaml": None}, ORG_ADMINS),
    Step(
        "version-rewritten",
        _edited(f"{VERSIONS}/{SECOND.id}.yaml", "artifact: churn-xgb", "artifact: churn-other"),
        NOBODY,
    ),
    Step("version-described", _notes("October", "November"), MEMBERS),
    Step("version-annotated", _notes("tags: [eu]\n", "tags: [eu]\nmetrics: {auc: 0.93}\n"), MEMBERS),
    Step("version-tagged", _notes("[eu]", "[eu, nightly]"), MEMBERS),
    Step("version-untagged", _notes("tags: [eu]\n", ""), MEMBERS),
    Step("alias-added", _alias("canary", SECOND), MEMBERS),
    Step("alias-added", _alias("golden", SECOND), ADMINS, case="that is protected"),
    Step("alias-moved", _alias("candidate", SECOND), MEMBERS),
    Step("alias-moved", _alias("production", SECOND), ADMINS, case="that is protected"),
    Step("alias-removed", _alias("candidate", None), MEMBERS),
    Step("alias-removed", _alias("production", None), ADMINS, case="that is protected"),
    Step("automation-created", {f"{CHURN}/automations/other.yaml": DEPLOY}, ADMINS),
    Step(
        "automation-changed",
        _edited(f"{CHURN}/automations/deploy.yaml", "alias-moved", "alias-added"),
        ADMINS,
    ),
    Step("automation-deleted", {f"{CHURN}/automations/deploy.yaml": None}, ADMINS),
    Step("project-changed", {"lab/project.yaml": "format: 1\n"}, NOBODY),
    Step("run-recorded", {"model/runs/k3j2h1.yaml": RUN}, NOBODY),
    Step("file-changed", {".gitattributes": "*.yaml -text\n"}, ORG_ADMINS),
    Step("file-changed", {f"{CHURN}/roc.svg": "<svg/>\n"}, ORG_ADMINS, case="beside ours"),
    Step(
        "file-changed",
        _edited("model/registry.yaml", "title: Models\n", 'title: "Models"\n'),
        MEMBERS,
        case="that means what it meant",
    ),
)
"""Every kind of event, on the default branch."""

PROJECT_STEPS = (
    Step("project-changed", {"churn/project.yaml": "format: 1\ndescription: Trials.\n"}, MEMBERS),
    Step("run-recorded", {"churn/runs/k3j2h1.yaml": RUN}, MEMBERS),
    Step("collection-created", {"churn/churn-xgb/collection.yaml": "format: 1\ntype: model\n"}, MEMBERS),
    Step("file-changed", {"README.md": "Hello\n"}, NOBODY, case="outside the project"),
)
"""What happens on a project's branch."""
