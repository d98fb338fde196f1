"""Every kind of event, from the smallest step that makes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.errors import InvalidDocument
from git_registry.model import events as e
from git_registry.model.diff import diff, examine
from git_registry.model.digest import Digest
from git_registry.model.documents.access import Gate, Protection
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.notes import Notes, SignatureBundle
from git_registry.model.documents.organization import Identity, Team
from git_registry.model.documents.registry import Registry
from git_registry.model.snapshot import REGULAR

from .example import (
    ACCESS,
    CHURN,
    FILES,
    ORGANIZATION,
    A,
    B,
    C,
    D,
    files,
    linked,
    moved,
    notes_of,
    spread,
    unlinked,
)
from .memory import MemoryTree, Special, Spelled, snapshot

CHURN_PATH = "model/churn"
NOTES = FILES[notes_of(linked(A))]
EXECUTABLE, LINK, SUBMODULE = 0o100755, 0o120000, 0o160000


def blob(content):
    return MemoryTree({"x": content}).entries("")["x"].id


def happened(after, before=None):
    return list(diff(snapshot(files(before)), snapshot(files(after))))


def organization(**changes):
    return {"organization.yaml": replace(ORGANIZATION, **changes)}


def access(**changes):
    return {"model/access.yaml": replace(ACCESS, **changes)}


def churn(**changes):
    return {"model/churn/collection.yaml": replace(CHURN, **changes)}


def noted(**changes):
    return {notes_of(linked(A)): replace(NOTES, **changes)}


def version(kind, **values):
    return kind(path=CHURN_PATH, **values)


BUNDLE = SignatureBundle(uri="s3://acme-ml/x", digest=Digest.of(b"x"))
GATED = Protection(gates=(Gate(signed=True),))

STEPS = {
    # organization
    "store": (
        organization(store="gs://acme-ml"),
        [e.OrganizationChanged(path="", field="store", before="s3://acme-ml", after="gs://acme-ml")],
    ),
    "references": (
        organization(references=("s3://raw/",)),
        [e.OrganizationChanged(path="", field="references", before=None, after=("s3://raw/",))],
    ),
    "projects": (
        organization(projects={"churn": {"team:nlp": "member"}}),
        [
            e.OrganizationChanged(
                path="", field="projects", before={}, after={"churn": {"team:nlp": "member"}}
            )
        ],
    ),
    "organization, unknown field": (
        organization(extra={"colour": "red"}),
        [e.OrganizationChanged(path="", field="extra", before={}, after={"colour": "red"})],
    ),
    "admins": (
        organization(admins=("user:bob",)),
        [
            e.AdminAdded(path="", principal="user:bob", after="admin"),
            e.AdminRemoved(path="", principal="user:ana", before="admin"),
        ],
    ),
    "teams": (
        organization(teams={"nlp": Team(members=("user:eve",)), "cv": Team()}),
        [
            e.TeamChanged(path="", name="cv", after=Team()),
            e.TeamChanged(
                path="", name="nlp", before=Team(members=("user:bob",)), after=Team(members=("user:eve",))
            ),
        ],
    ),
    "identity": (
        organization(identities={}),
        [e.IdentityChanged(path="", principal="user:bob", before=Identity(github="bob-gh"))],
    ),
    "organization gone": (
        {"organization.yaml": None},
        [
            e.OrganizationChanged(path="", field="name", before="acme"),
            e.OrganizationChanged(path="", field="store", before="s3://acme-ml"),
            e.AdminRemoved(path="", principal="user:ana", before="admin"),
            e.TeamChanged(path="", name="nlp", before=Team(members=("user:bob",))),
            e.IdentityChanged(path="", principal="user:bob", before=Identity(github="bob-gh")),
        ],
    ),
    # registry
    "registry created": (
        {"dataset/registry.yaml": Registry(title="Data", types=("dataset",))},
        [
            e.RegistryCreated(path="dataset"),
            e.RegistryDescribed(path="dataset", field="title", after="Data"),
            e.TypesChanged(path="dataset", before=(), after=("dataset",)),
        ],
    ),
    "registry deleted": (
        {"model/registry.yaml": None, "model/README.md": None},
        [e.RegistryDeleted(path="model")],
    ),
    "registry described": (
        {"model/registry.yaml": Registry(title="Our models", types=("model",), extra={"x": 1})},
        [
            e.RegistryDescribed(path="model", field="extra", before={}, after={"x": 1}),
            e.RegistryDescribed(path="model", field="title", before="Models", after="Our models"),
        ],
    ),
    "registry's card": (
        {"model/README.md": "new"},
        [e.RegistryDescribed(path="model", field="card", before=blob("# Models"), after=blob("new"))],
    ),
    "types": (
        {"model/registry.yaml": Registry(title="Models")},
        [e.TypesChanged(path="model", before=("model",), after=())],
    ),
    "visibility": (
        access(visibility="restricted"),
        [e.VisibilityChanged(path="model", before="organization", after="restricted")],
    ),
    "members": (
        access(members={"user:alice": "viewer", "user:eve": "member"}),
        [
            e.MemberRemoved(path="model", principal="team:nlp", before="member"),
            e.RoleChanged(path="model", principal="user:alice", before="admin", after="viewer"),
            e.MemberAdded(path="model", principal="user:eve", after="member"),
        ],
    ),
    "protection": (
        access(protected_aliases={"staging": Protection()}),
        [
            e.ProtectionRemoved(
                path="model", name="production", before=ACCESS.protected_aliases["production"]
            ),
            e.ProtectionAdded(path="model", name="staging", after=Protection()),
        ],
    ),
    "gates": (
        access(protected_aliases={"production": GATED}),
        [
            e.GatesChanged(
                path="model", name="production", before=ACCESS.protected_aliases["production"], after=GATED
            )
        ],
    ),
    "access gone": (
        {"model/access.yaml": None},
        [
            e.MemberRemoved(path="model", principal="team:nlp", before="member"),
            e.MemberRemoved(path="model", principal="user:alice", before="admin"),
            e.ProtectionRemoved(
                path="model", name="production", before=ACCESS.protected_aliases["production"]
            ),
        ],
    ),
    # collection
    "collection created": (
        {"model/fraud/collection.yaml": Collection(type="model", description="Who cheats", tags=("eu",))},
        [
            e.CollectionCreated(path="model/fraud", after="model"),
            e.CollectionDescribed(path="model/fraud", field="description", after="Who cheats"),
            e.CollectionTagged(path="model/fraud", tag="eu"),
        ],
    ),
    "collection described": (
        churn(title="Churn!", renamed_from="model/old"),
        [
            e.CollectionDescribed(path=CHURN_PATH, field="title", before="Churn", after="Churn!"),
            e.CollectionDescribed(path=CHURN_PATH, field="renamed_from", after="model/old"),
        ],
    ),
    "collection's card": (
        {"model/churn/README.md": None},
        [e.CollectionDescribed(path=CHURN_PATH, field="card", before=blob("# Churn"))],
    ),
    "collection's tags": (
        churn(tags=("eu",)),
        [e.CollectionTagged(path=CHURN_PATH, tag="eu"), e.CollectionUntagged(path=CHURN_PATH, tag="tabular")],
    ),
    # version
    "linked": ({linked(D): "d"}, [version(e.VersionLinked, version=D, after=blob("d"))]),
    "linked, with notes": (
        {linked(D): "d", notes_of(linked(D)): Notes(description="Hi", tags=("eu",))},
        [
            version(e.VersionLinked, version=D, after=blob("d")),
            version(e.VersionDescribed, version=D, field="description", after="Hi"),
            version(e.VersionTagged, version=D, tag="eu"),
        ],
    ),
    "linked, with notes that say nothing": (
        {linked(D): "d", notes_of(linked(D)): Notes()},
        [version(e.VersionLinked, version=D, after=blob("d"))],
    ),
    "linked again": (
        {unlinked(C): None, linked(C): "manifest c"},
        [version(e.VersionLinked, version=C, after=blob("manifest c"))],
    ),
    "annotated": (
        noted(metrics={"auc": 0.9, "f1": 1}, metadata={"by": "risk"}, ttl=3600, signature=BUNDLE),
        [
            version(e.VersionAnnotated, version=A, field="metrics", before={}, after={"f1": 1}),
            version(e.VersionAnnotated, version=A, field="metadata", before={}, after={"by": "risk"}),
            version(e.VersionAnnotated, version=A, field="ttl", after=3600),
            version(e.VersionAnnotated, version=A, field="signature", after=BUNDLE),
        ],
    ),
    "annotated with null": (
        noted(metadata={"by": None}),
        [version(e.VersionAnnotated, version=A, field="metadata", before={}, after={"by": None})],
    ),
    "described": (
        noted(description=None),
        [version(e.VersionDescribed, version=A, field="description", before="First")],
    ),
    "version's tags": (
        noted(tags=("us",)),
        [version(e.VersionTagged, version=A, tag="us"), version(e.VersionUntagged, version=A, tag="eu")],
    ),
    "purged": ({linked(B): None}, [version(e.VersionPurged, version=B, before=blob("manifest b"))]),
    "purged from unlinked/": (
        {unlinked(C): None},
        [version(e.VersionPurged, version=C, before=blob("manifest c"))],
    ),
    "purged, notes and all": (
        {linked(A): None, notes_of(linked(A)): None},
        [version(e.VersionPurged, version=A, before=blob("manifest a"))],
    ),
    "rewritten": (
        {linked(B): "other"},
        [version(e.VersionRewritten, version=B, before=blob("manifest b"), after=blob("other"))],
    ),
    "rewritten on the way to unlinked/": (
        {linked(B): None, unlinked(B): "other"},
        [version(e.VersionRewritten, version=B, before=blob("manifest b"), after=blob("other"))],
    ),
    "rewritten on the way back": (
        {unlinked(C): None, linked(C): "other"},
        [version(e.VersionRewritten, version=C, before=blob("manifest c"), after=blob("other"))],
    ),
    # alias
    "alias added": (
        {"model/churn/aliases/canary.yaml": Alias(version=B)},
        [e.AliasAdded(path=CHURN_PATH, alias="canary", after=B)],
    ),
    "alias moved": (
        {"model/churn/aliases/production.yaml": Alias(version=B)},
        [e.AliasMoved(path=CHURN_PATH, alias="production", before=A, after=B, protected=True)],
    ),
    "alias removed": (
        {"model/churn/aliases/staging.yaml": None},
        [e.AliasRemoved(path=CHURN_PATH, alias="staging", before=B)],
    ),
    "alias, unknown field": (
        {"model/churn/aliases/staging.yaml": Alias(version=B, extra={"why": "so"})},
        [e.AliasMoved(path=CHURN_PATH, alias="staging", before=B, after=B)],
    ),
    # automation, project, run, file
    "automation created": (
        {"model/automations/new.yaml": "x"},
        [e.AutomationCreated(path="model", name="new", after=blob("x"))],
    ),
    "automation changed": (
        {"model/automations/tell.yaml": "x"},
        [e.AutomationChanged(path="model", name="tell", before=blob("when: …"), after=blob("x"))],
    ),
    "automation deleted": (
        {"model/churn/automations/deploy.yaml": None},
        [e.AutomationDeleted(path=CHURN_PATH, name="deploy", before=blob("when: …"))],
    ),
    "project": (
        {"fish/project.yaml": "x", "fish/runs/k3.yaml": "y"},
        [
            e.ProjectChanged(path="fish", after=blob("x")),
            e.RunRecorded(path="fish", name="k3", after=blob("y")),
        ],
    ),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_and_its_events(step):
    after, expected = STEPS[step]

    assert happened(after) == expected


def test_every_kind_of_event_is_among_them():
    others = {"version-unlinked", "collection-deleted", "collection-renamed", "file-changed"}
    shown = {event.kind for _, events in STEPS.values() for event in events}

    assert shown | others == set(e.KINDS)
    assert not shown & others, "shown further down"


def test_unlinking_takes_the_notes_along():
    after = {
        **moved("model/churn/versions", "model/churn/unlinked"),
        linked(B): FILES[linked(B)],
        unlinked(B): None,
    }

    assert happened(after) == [version(e.VersionUnlinked, version=A, before=blob("manifest a"))]


def test_notes_that_change_on_the_way_say_so():
    after = {
        linked(A): None,
        notes_of(linked(A)): None,
        unlinked(A): FILES[linked(A)],
        notes_of(unlinked(A)): replace(NOTES, tags=()),
    }

    assert happened(after) == [
        version(e.VersionUnlinked, version=A, before=blob("manifest a")),
        version(e.VersionUntagged, version=A, tag="eu"),
    ]


def test_a_purge_is_one_whatever_else_the_step_does():
    """The collection is deleted, all but one manifest move to unlinked/."""
    gone = {path: None for path in FILES if path.startswith("model/churn/")}

    found = happened({**gone, unlinked(C): "manifest c", unlinked(A): "manifest a"})

    assert version(e.VersionPurged, version=B, before=blob("manifest b")) in found
    assert version(e.VersionUnlinked, version=A, before=blob("manifest a")) in found


def test_a_deleted_collection():
    after = {path: None for path in FILES if path.startswith("model/churn/")} | {
        unlinked(A): FILES[linked(A)],
        notes_of(unlinked(A)): NOTES,
        unlinked(B): FILES[linked(B)],
        unlinked(C): FILES[unlinked(C)],
    }

    assert happened(after) == [
        e.CollectionDeleted(path=CHURN_PATH, before="model"),
        version(e.VersionUnlinked, version=A, before=blob("manifest a")),
        version(e.VersionUnlinked, version=B, before=blob("manifest b")),
        e.AliasRemoved(path=CHURN_PATH, alias="production", before=A, protected=True),
        e.AliasRemoved(path=CHURN_PATH, alias="staging", before=B),
        e.AutomationDeleted(path=CHURN_PATH, name="deploy", before=blob("when: …")),
    ]


RENAMED = {
    **moved("model/churn", "model/leavers"),
    "model/leavers/collection.yaml": replace(CHURN, renamed_from="model/churn"),
}
RENAME = e.CollectionRenamed(path="model/leavers", before="model/churn", after="model/leavers")


def test_a_renamed_collection_is_one_event():
    assert happened(RENAMED) == [RENAME]


def test_what_changes_while_a_collection_is_renamed_is_told_at_its_new_path():
    changes = {
        "model/leavers/collection.yaml": replace(CHURN, renamed_from="model/churn", title="Leavers"),
        "model/leavers/aliases/production.yaml": Alias(version=B),
        "model/leavers/aliases/staging.yaml": None,
        linked(B, "model/leavers"): None,
        unlinked(B, "model/leavers"): "manifest b",
        notes_of(linked(A, "model/leavers")): replace(NOTES, ttl=1),
    }

    path = "model/leavers"
    assert happened({**RENAMED, **changes}) == [
        RENAME,
        e.CollectionDescribed(path=path, field="title", before="Churn", after="Leavers"),
        e.VersionUnlinked(path=path, version=B, before=blob("manifest b")),
        e.VersionAnnotated(path=path, version=A, field="ttl", after=1),
        e.AliasMoved(path=path, alias="production", before=A, after=B, protected=True),
        e.AliasRemoved(path=path, alias="staging", before=B),
    ]


@pytest.mark.parametrize(
    "changes",
    {
        "a manifest was left out": {linked(B, "model/leavers"): None},
        "a manifest was rewritten": {linked(B, "model/leavers"): "other"},
        "a manifest stays behind": {linked(B): "manifest b"},
        "the old collection stays": {"model/churn/collection.yaml": CHURN},
        "nobody says so": {"model/leavers/collection.yaml": CHURN},
        "two say so": {"model/second/collection.yaml": replace(CHURN, renamed_from="model/churn")},
        "another is meant": {"model/leavers/collection.yaml": replace(CHURN, renamed_from="model/fraud")},
    }.items(),
    ids=lambda item: item[0],
)
def test_half_a_rename_is_none(changes):
    found = happened({**RENAMED, **changes[1]})

    assert not any(isinstance(event, e.CollectionRenamed) for event in found)
    assert e.CollectionCreated(path="model/leavers", after="model") in found
    if "model/churn/collection.yaml" not in changes[1]:
        assert e.CollectionDeleted(path=CHURN_PATH, before="model") in found
    assert version(e.VersionPurged, version=A, before=blob("manifest a")) in found


def test_a_collection_that_came_from_itself_does_not_come_from_there():
    itself = {"model/churn/collection.yaml": replace(CHURN, renamed_from="model/churn")}

    found = happened(RENAMED, itself)

    assert RENAME not in found
    assert e.CollectionDeleted(path=CHURN_PATH, before="model") in found


def test_a_collection_is_not_renamed_to_where_something_is():
    before = {unlinked(D, "model/leavers"): "old"}

    found = happened({**RENAMED, **before}, before)

    assert RENAME not in found


@pytest.mark.parametrize(
    ("path", "respelled"),
    [(path, Spelled(content)) for path, content in FILES.items() if not isinstance(content, str)]
    + [("model/access.yaml", replace(ACCESS, visibility="organization"))]
    + [("organization.yaml", replace(ORGANIZATION, admins=("user:ana", "user:ana")))],
)
def test_spelling_alone(path, respelled):
    before, after = (snapshot(files(change)).entry(path) for change in (None, {path: respelled}))

    assert happened({path: respelled}) == [
        e.FileChanged(path=path, before=before, after=after, spelling=True)
    ]


def test_a_manifest_that_is_spread_out_changed_its_layout_alone():
    after = {
        linked(A): None,
        notes_of(linked(A)): None,
        spread(A): FILES[linked(A)],
        notes_of(spread(A)): replace(NOTES, ttl=1),
    }
    entry = snapshot(FILES).entry(linked(A))

    assert happened(after) == [
        e.FileChanged(path=spread(A), after=entry, spelling=True),
        e.FileChanged(path=linked(A), before=entry, spelling=True),
        version(e.VersionAnnotated, version=A, field="ttl", after=1),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        ".github/workflows/ci.yml",
        ".gitattributes",
        "docs/README.md",
        "docs/guide/README.md",
        "k8s/access.yaml",
        "k8s/deploy/aliases/production.yaml",
        "k8s/deploy/collection.yaml",
        "model/assets/README.md",
        "model/churn/diagram.png",
        "model/churn/aliases/latest.yaml",
        "model/churn/aliases/x/y.yaml",
        "model/churn/versions/short.yaml",
        f"model/churn/versions/ff/{A}.yaml",
    ],
)
def test_a_file_outside_the_format(path):
    after = {path: "new"}

    assert happened(after) == [
        e.FileChanged(
            path=path,
            before=snapshot(FILES).entry(path),
            after=snapshot(files(after)).entry(path),
            spelling=False,
        )
    ]


def test_a_collection_is_one_in_a_registry_only():
    charts = {"k8s/deploy/collection.yaml": "broken", "k8s/deploy/README.md": "# Charts"}

    assert [event.kind for event in happened({}, charts)] == ["file-changed"] * 2


def test_out_of_nowhere_into_unlinked_is_for_org_admins():
    entry = snapshot(files({unlinked(D): "d"})).entry(unlinked(D))

    assert happened({unlinked(D): "d"}) == [e.FileChanged(path=unlinked(D), after=entry, spelling=False)]


@pytest.mark.parametrize("alias", ["production", "Production", "staging"])
@pytest.mark.parametrize("protected", [True, False])
def test_an_alias_is_protected_if_it_was_or_will_be(alias, protected):
    protecting, none = access(), access(protected_aliases={})
    before, after = (none, protecting) if protected else (protecting, none)
    moved_alias = {f"model/churn/aliases/{alias}.yaml": Alias(version=C)}

    found = happened({**after, **moved_alias}, before)

    assert found[-1].protected is (alias != "staging")


# What cannot be told


@pytest.mark.parametrize("path", [path for path, content in FILES.items() if not isinstance(content, str)])
def test_an_unreadable_document_refuses_the_step(path):
    with pytest.raises(InvalidDocument) as refused:
        happened({path: "not a document"})

    assert refused.value.where == path


@pytest.mark.parametrize("path", [path for path, content in FILES.items() if not isinstance(content, str)])
def test_an_unreadable_document_can_be_mended_by_an_org_admin(path):
    broken = {path: "not a document"}

    found = happened({}, broken)

    before, after = (snapshot(files(change)).entry(path) for change in (broken, None))
    assert found[-1] == e.FileChanged(path=path, before=before, after=after, spelling=False)


def test_a_collections_type_never_changes():
    with pytest.raises(InvalidDocument, match="type never changes") as refused:
        happened(churn(type="dataset"))

    assert refused.value.where == "model/churn/collection.yaml"


def test_a_renamed_collections_type_does_not_change_either():
    after = {
        **RENAMED,
        "model/leavers/collection.yaml": replace(CHURN, type="dataset", renamed_from="model/churn"),
    }

    with pytest.raises(InvalidDocument, match="type never changes"):
        happened(after)


def test_an_access_document_says_nothing_unheard_of():
    with pytest.raises(InvalidDocument, match="not understood"):
        happened(access(extra={"owner": "user:eve"}))


@pytest.mark.parametrize("mode", [EXECUTABLE, LINK, SUBMODULE])
@pytest.mark.parametrize(
    "path", [path for path in FILES if path.startswith("model/") or path == "organization.yaml"]
)
def test_managed_paths_hold_plain_files(path, mode):
    with pytest.raises(InvalidDocument, match=f"{mode:o}") as refused:
        happened({path: Special(FILES[path], mode)})

    assert refused.value.where == path
    found = happened({}, {path: Special(FILES[path], mode)})
    assert found[-1].kind == "file-changed", "a special file can be mended"
    assert found[-1].spelling is (mode == EXECUTABLE)


def test_outside_the_format_any_mode_may_be():
    (event,) = happened({"README.md": Special("# acme", EXECUTABLE)})

    assert (event.before.mode, event.after.mode) == (REGULAR, EXECUTABLE)


def test_a_version_has_its_notes_at_one_place():
    with pytest.raises(InvalidDocument, match="one place"):
        happened({notes_of(spread(A)): Notes(ttl=1)})


def test_all_problems_are_told():
    changes = {**churn(type="dataset"), "model/access.yaml": "broken"}

    with pytest.raises(InvalidDocument) as refused:
        happened(changes)

    assert [problem.where for problem in refused.value.problems] == [
        "model/access.yaml",
        "model/churn/collection.yaml",
    ]


def test_a_history_nobody_can_mend_is_read_all_the_same():
    after = {"model/access.yaml": "broken", **noted(ttl=1)}

    found = examine(snapshot(FILES), snapshot(files(after)))

    assert [problem.where for problem in found.problems] == ["model/access.yaml"]
    assert [event.kind for event in found.events] == ["file-changed", "version-annotated"]
    assert not found.events[0].spelling


# How much is read


def test_only_what_changed_is_read():
    many = {**FILES, **{notes_of(linked(f"{n:032x}")): Notes(ttl=n) for n in range(10_000)}}
    one = {**many, notes_of(linked(A)): replace(NOTES, ttl=1)}
    before, after = snapshot(many), snapshot(one)

    assert len(diff(before, after)) == 1

    assert set(before.tree.read) == set(after.tree.read) == {notes_of(linked(A))}
    assert not any("aliases" in directory or "docs" in directory for directory in after.tree.listed)


def test_manifests_are_never_read():
    before, after = snapshot({}), snapshot(FILES)

    diff(before, after)

    assert not {path for path in after.tree.read if "/versions/" in path and "notes" not in path}


def test_before_the_first_commit_there_is_nothing():
    created = diff(None, snapshot(FILES))

    assert {"admin-added", "registry-created", "collection-created", "version-linked"} <= {
        event.kind for event in created
    }
    assert diff(None, None) == diff(snapshot(FILES), snapshot(FILES)) == ()
