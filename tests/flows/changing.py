"""Random changes of a small organization: what everybody does, and what nobody should."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.flows.steps import BASE, CHURN, COLLECTION, FIRST, SECOND, STEPS, THIRD, VERSIONS, Files, alias

ACTORS = ("ana", "raj", "alice", "bob", "carol", "eve", "zoe", "mallory", "service.train")

GATED = """\
  production:
    gates:
      - holds: candidate
      - approvals: {count: 1, role: admin, not_author: true}
"""
STRICT = """\
  golden:
    gates:
      - metrics: {auc: {$gte: 0.9}}
      - content: sha256
"""
ACCESS = BASE["model/access.yaml"].replace("  production: {}\n", GATED).replace("  golden: {}\n", STRICT)
ORGANIZATION = BASE["organization.yaml"]
FOUNDED = {**BASE, "model/access.yaml": ACCESS, "model/roc.svg": "<svg/>\n"}
"""The organization of the table of steps, with gates on what it protects."""

_PATHS = sorted(FOUNDED)
_PLACES = (
    *_PATHS,
    *("README.md", "model/versions/x.yaml", f"{CHURN}/notes.txt", ".github/workflows/ci.yaml"),
    *(f"{CHURN}/aliases/{name}.yaml" for name in ("Production", "v3", "latest", "beta")),
    *("secret/registry.yaml", "model/Churn/collection.yaml", "lab/project.yaml"),
    f"{VERSIONS}/{THIRD.id}.yaml",
    f"{CHURN}/unlinked/{SECOND.id}.yaml",
)
_TEXTS = (
    *sorted({*FOUNDED.values(), alias(SECOND), alias(THIRD), THIRD.manifest}),
    *("", "format: 1\n", "format: 2\n", "no: yaml: at all\n", "<svg/>\n"),
    COLLECTION.replace("title: Churn\n", "renamed_from: model/moving\n"),
)

POLICY: tuple[Files, ...] = (
    {"model/access.yaml": ACCESS.replace("team:nlp: member", "team:nlp: admin")},
    {"model/access.yaml": ACCESS.replace(GATED, "  production: {}\n")},
    {"model/access.yaml": ACCESS.replace(GATED, "").replace(STRICT, "").replace("protected_aliases:\n", "")},
    {"model/access.yaml": None},
    {"organization.yaml": ORGANIZATION.replace("user:raj]", "user:raj, user:bob, user:eve]")},
    {"organization.yaml": ORGANIZATION.replace("default_role: viewer", "default_role: admin")},
    {"organization.yaml": ORGANIZATION.replace("[user:bob]", "[user:carol, user:eve]")},
)
"""Edits of the rules by which somebody might hope to be judged."""


def _moved(old: str, new: str) -> Files:
    return {old: None, new: FOUNDED[old]}


def _aliased(name: str, of: str) -> Files:
    versions = {"first": FIRST, "second": SECOND, "third": THIRD}
    return {f"{CHURN}/aliases/{name}.yaml": alias(versions[of]) if of else None}


def _put(path: str, text: str | None) -> Files:
    return {path: text}


def _together(parts: list[Files]) -> Files:
    return {path: text for part in parts for path, text in part.items()}


ALIASES = st.builds(
    _aliased,
    st.sampled_from(("production", "golden", "candidate", "beta")),
    st.sampled_from(("first", "second", "third", "")),
)
_ONE = st.one_of(
    st.sampled_from([step.files for step in STEPS]),
    st.sampled_from(POLICY),
    ALIASES,
    st.builds(_put, st.sampled_from(_PATHS), st.none()),
    st.builds(_put, st.sampled_from(_PLACES), st.sampled_from(_TEXTS)),
    st.builds(_moved, st.sampled_from(_PATHS), st.sampled_from(_PLACES)),
)
CHANGES = st.lists(_ONE, min_size=1, max_size=3).map(_together)
"""What one commit makes of files. A file and a directory may want the same place: then the later wins."""
