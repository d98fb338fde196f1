"""A small organization, the people in it, and an example of everything that can happen to it."""

from __future__ import annotations

from dataclasses import replace

from tests.model.memory import snapshot

from git_registry.model import events as e
from git_registry.model.digest import Digest
from git_registry.model.documents.access import Access, Protection
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.model.documents.organization import Identity, Organization, Team
from git_registry.model.documents.registry import Registry
from git_registry.model.snapshot import REGULAR, Entry
from git_registry.policy.evaluate import evaluate
from git_registry.policy.evidence import Known
from git_registry.policy.rules import Rules

A, B, C = ("aa" * 16, "bb" * 16, "cc" * 16)
"""Ids of versions."""

ORGANIZATION = Organization(
    name="acme",
    store="s3://acme-ml",
    admins=("user:ana", "team:ops"),
    teams={
        "ops": Team(members=("user:oda", "service:deploy")),
        "nlp": Team(members=("user:bob", "user:alice", "service:train")),
        "leads": Team(members=("user:lea", "service:train")),
    },
    projects={"churn": {"team:nlp": "member", "user:vera": "viewer"}, "secret": {}},
    identities={"user:bob": Identity(github="Bob-GH", emails=("bob@acme.example",), ssh=("SHA256:bob",))},
)
ACCESS = Access(
    members={
        "user:alice": "admin",
        "user:mia": "member",
        "user:vera": "viewer",
        "user:rex": "restricted_viewer",
        "team:nlp": "member",
        "team:leads": "admin",
    },
    protected_aliases={"production": Protection()},
)
FILES = {
    "organization.yaml": ORGANIZATION,
    "model/registry.yaml": Registry(types=("model",)),
    "model/access.yaml": ACCESS,
    "model/churn/collection.yaml": Collection(type="model"),
    "dataset/registry.yaml": Registry(),
}

HOLDERS = {
    "nobody": None,
    "restricted_viewer": "user:rex",
    "viewer": "user:vera",
    "member": "user:mia",
    "admin": "user:alice",
    "organization admin": "user:ana",
}
"""Role in the registry `model` → somebody who has it, from the least to the most."""


def rules(files=None, *, rescue=(), **documents):
    """Return the rules of the organization, with some files set, or `organization`, or `access` of model."""
    named = {"organization": "organization.yaml", "access": "model/access.yaml"}
    given = {named[name]: document for name, document in documents.items()}
    return Rules(snapshot(files_of(FILES, {**given, **(files or {})})), rescue=frozenset(rescue))


def files_of(base, changes):
    """Return files with some set, and left out where None."""
    return {path: one for path, one in {**base, **changes}.items() if one is not None}


def judge(ruling, happened, who, *, before=None, after=None, **known):
    """Return the verdict on events, by default where what they lead to is what was there."""
    happened = happened if isinstance(happened, (list, tuple)) else [happened]
    was = snapshot(FILES) if before is None else snapshot(before)
    now = was if after is None else snapshot(after)
    return evaluate(ruling, happened, was, now, Known(principal=who, **known))


def manifest(digits="9b", *, digest=None, **fields):
    """Return a manifest of one file; its id need not follow from that here."""
    file = FileEntry(
        path="model.bin",
        size=1,
        digest=Digest.parse(digest or f"sha256:{digits * 32}"),
        uri="s3://acme-ml/blob",
    )
    return Manifest(
        artifact="xgb",
        type="model",
        digest=Digest.parse(f"sha256:{digits * 32}"),
        size=1,
        created="2026-01-01T12:00:00.000Z",
        files=(file,),
        **fields,
    )


def linked(version, collection="model/churn"):
    return f"{collection}/versions/{version}.yaml"


def alias_at(name, collection="model/churn"):
    return f"{collection}/aliases/{name}.yaml"


def pointing(version):
    return Alias(version=version)


CHURN = "model/churn"
ENTRY = Entry(REGULAR, "1" * 40)

EXAMPLES = {
    "organization-changed": e.OrganizationChanged(path="", field="store", before="s3://a", after="s3://b"),
    "admin-added": e.AdminAdded(path="", principal="user:mia", after="admin"),
    "admin-removed": e.AdminRemoved(path="", principal="user:oda", before="admin"),
    "team-changed": e.TeamChanged(path="", name="nlp", before=Team(), after=Team(members=("user:mia",))),
    "identity-changed": e.IdentityChanged(path="", principal="user:mia", after=Identity(github="mia")),
    "registry-created": e.RegistryCreated(path="reports"),
    "registry-deleted": e.RegistryDeleted(path="model"),
    "registry-described": e.RegistryDescribed(path="model", field="title", before="M", after="Models"),
    "types-changed": e.TypesChanged(path="model", before=("model",), after=("model", "table")),
    "visibility-changed": e.VisibilityChanged(path="model", before="organization", after="restricted"),
    "member-added": e.MemberAdded(path="model", principal="user:zoe", after="viewer"),
    "member-removed": e.MemberRemoved(path="model", principal="user:rex", before="restricted_viewer"),
    "role-changed": e.RoleChanged(path="model", principal="user:mia", before="member", after="admin"),
    "protection-added": e.ProtectionAdded(path="model", name="staging", after=Protection()),
    "protection-removed": e.ProtectionRemoved(path="model", name="production", before=Protection()),
    "gates-changed": e.GatesChanged(path="model", name="production", before=Protection(), after=Protection()),
    "collection-created": e.CollectionCreated(path="model/new", after="model"),
    "collection-deleted": e.CollectionDeleted(path=CHURN, before="model"),
    "collection-renamed": e.CollectionRenamed(path="model/left", before=CHURN, after="model/left"),
    "collection-described": e.CollectionDescribed(path=CHURN, field="title", before=None, after="Churn"),
    "collection-tagged": e.CollectionTagged(path=CHURN, tag="eu"),
    "collection-untagged": e.CollectionUntagged(path=CHURN, tag="eu"),
    "version-linked": e.VersionLinked(path=CHURN, version=A, after="1" * 40),
    "version-unlinked": e.VersionUnlinked(path=CHURN, version=A, before="1" * 40),
    "version-purged": e.VersionPurged(path=CHURN, version=A, before="1" * 40),
    "version-rewritten": e.VersionRewritten(path=CHURN, version=A, before="1" * 40, after="2" * 40),
    "version-described": e.VersionDescribed(path=CHURN, version=A, field="description", after="x"),
    "version-annotated": e.VersionAnnotated(path=CHURN, version=A, field="metrics", after={"auc": 1}),
    "version-tagged": e.VersionTagged(path=CHURN, version=A, tag="eu"),
    "version-untagged": e.VersionUntagged(path=CHURN, version=A, tag="eu"),
    "alias-added": e.AliasAdded(path=CHURN, alias="staging", after=A),
    "alias-moved": e.AliasMoved(path=CHURN, alias="staging", before=A, after=B),
    "alias-removed": e.AliasRemoved(path=CHURN, alias="staging", before=A),
    "automation-created": e.AutomationCreated(path="model", name="tell", after="1" * 40),
    "automation-changed": e.AutomationChanged(path=CHURN, name="tell", before="1" * 40, after="2" * 40),
    "automation-deleted": e.AutomationDeleted(path=CHURN, name="tell", before="1" * 40),
    "project-changed": e.ProjectChanged(path="churn", before="1" * 40, after="2" * 40),
    "run-recorded": e.RunRecorded(path="churn", name="k3j2h1", after="1" * 40),
    "file-changed": e.FileChanged(path=".github/workflows/ci.yml", after=ENTRY),
}
"""One event of each kind."""


def on_production(kind):
    """Return the example of a kind of event of an alias, of one that is protected."""
    return replace(EXAMPLES[kind], alias="production")


def spelled(path):
    """Return the event of a file whose spelling alone changed."""
    return e.FileChanged(path=path, before=ENTRY, after=Entry(REGULAR, "2" * 40), spelling=True)
