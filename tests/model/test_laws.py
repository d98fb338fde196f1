"""What holds for every step, tried on random organizations."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.repeating import times

from git_registry.errors import InvalidDocument
from git_registry.model import events as e
from git_registry.model.diff import changed_paths, diff, examine
from git_registry.model.documents.access import Access, Gate, Protection
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.organization import Identity, Organization, Team
from git_registry.model.documents.registry import Registry
from git_registry.model.layout import Kind, identify

from .example import A, B, linked, notes_of, spread, unlinked
from .memory import Special, Spelled, snapshot

COLLECTIONS = ("model/churn", "model/fraud", "dataset/churn")

NAN = float("nan")
VALUES = ({}, {"a": None}, {"a": True}, {"a": 1}, {"a": 1.0}, {"a": NAN}, {"a": 1, "b": {"c": [NAN, "x"]}})

ORGANIZATIONS = (
    Organization(name="acme", store="s3://a", admins=("user:ana",)),
    Organization(name="acme", store="s3://a", admins=("user:ana", "user:ana")),
    Organization(name="acme", store="s3://b", admins=("user:bob",), teams={"nlp": Team()}),
    Organization(name="acme", store="s3://a", teams={"nlp": Team(github="acme/nlp")}),
    Organization(name="acme", store="s3://a", identities={"user:bob": Identity(github="bob")}),
    *(Organization(name="acme", store="s3://a", extra=value) for value in VALUES),
)
REGISTRIES = (
    Registry(),
    Registry(title="one", types=("model",)),
    Registry(title="two", types=("model", "x")),
    *(Registry(extra=value) for value in VALUES),
)
ACCESS = (
    Access(),
    Access(visibility="organization", members={"user:ana": "admin"}),
    Access(visibility="restricted", members={"user:ana": "member", "user:bob": "admin"}),
    Access(protected_aliases={"production": Protection()}),
    *(Access(protected_aliases={"production": Protection(gates=(Gate(metrics=v),))}) for v in VALUES),
)
DOCUMENTS = (
    Collection(type="model"),
    Collection(type="model", title="one", tags=("p", "q")),
    Collection(type="model", title="two", tags=("q", "p", "q")),
    *(Collection(type="model", extra=value) for value in VALUES),
    *(Collection(type="model", renamed_from=collection) for collection in COLLECTIONS),
)
NOTES = (
    Notes(),
    Notes(description="one", tags=("p", "q")),
    Notes(description="two", tags=("q", "p"), ttl=0),
    *(Notes(metadata=value) for value in VALUES),
    *(Notes(extra=value) for value in VALUES),
)
ALIASES = (Alias(version=A), Alias(version=B), Alias(version=B, extra={"a": NAN}))
BLOBS = ("one", "two")


def places():
    """Yield every path of a small organization and what may stand there."""
    yield "organization.yaml", ORGANIZATIONS
    yield from ((path, BLOBS) for path in ("README.md", "docs/README.md", "docs/guide/README.md"))
    for registry in ("model", "dataset"):
        yield f"{registry}/registry.yaml", REGISTRIES
        yield f"{registry}/access.yaml", ACCESS
        yield f"{registry}/README.md", BLOBS
        yield f"{registry}/automations/tell.yaml", BLOBS
    for collection in COLLECTIONS:
        yield f"{collection}/collection.yaml", DOCUMENTS
        yield from ((f"{collection}/{name}", BLOBS) for name in ("README.md", "automations/do.yaml", "x.png"))
        for alias in ("production", "canary"):
            yield f"{collection}/aliases/{alias}.yaml", ALIASES
        for path in (
            linked(A, collection),
            spread(A, collection),
            unlinked(A, collection),
            linked(B, collection),
        ):
            yield path, BLOBS
            yield notes_of(path), NOTES
    yield "fish/project.yaml", BLOBS
    yield "fish/runs/k3.yaml", BLOBS


def untidy(contents):
    """Return these contents and what can go wrong with them."""
    modes = (0o100755, 0o120000, 0o160000)
    special = (Special(content, mode) for content, mode in zip(contents, modes, strict=False))
    return (*contents, *map(Spelled, contents[:2]), *special, "broken")


PLACES = dict(places())
TIDY = {path: c for path, c in PLACES.items() if "/versions/aa/" not in path and "/unlinked/" not in path}
UNTIDY = {path: untidy(contents) for path, contents in PLACES.items()}
FULL = {path: TIDY[path][1] for path in TIDY}
SKELETON = {path: PLACES[path][0] for path in PLACES if path.endswith(("registry.yaml", "collection.yaml"))}
NEW = ("model/leavers", *COLLECTIONS[:1])
"""Where a collection is renamed to: to a place of its own, or where one is."""


def present(files):
    return {path: content for path, content in files.items() if content is not None}


def changes(draw, table, paths, most):
    """Draw other content, or none, for some of these paths."""
    chosen = draw(st.lists(st.sampled_from(sorted(paths)), max_size=most, unique=True)) if paths else []
    return {path: draw(st.sampled_from((None, *table[path]))) for path in chosen}


@st.composite
def organization(draw, table=UNTIDY):
    """Draw files: nothing, bare collections or a full organization, and in any case some more."""
    start = draw(st.sampled_from([{}, SKELETON, FULL]))
    return present(start | changes(draw, table, table, 15))


@st.composite
def step(draw, table=UNTIDY, moves=("stay", "rename", "unlink")):
    """Draw two organizations that differ in a few paths, where something moved or not."""
    before = draw(organization(table))
    after = present(before | changes(draw, table, before, 5) | changes(draw, table, table, 3))
    match draw(st.sampled_from(moves)):
        case "rename":
            after = _rename(after, draw(st.sampled_from(COLLECTIONS)), draw(st.sampled_from(NEW)))
        case "unlink":
            after = _unlink(after, draw(st.sampled_from(COLLECTIONS)))
    return (before, after) if draw(st.booleans()) else (after, before)


def _unlink(files, collection):
    manifest = f"{collection}/versions/"
    return {path.replace(manifest, f"{collection}/unlinked/"): content for path, content in files.items()}


def _rename(files, old, new):
    below = {path: files[path] for path in files if path.startswith(f"{old}/")}
    kept = {path: content for path, content in files.items() if path not in below}
    document = f"{new}/collection.yaml"
    carried = {new + path.removeprefix(old): content for path, content in below.items()}
    return {**kept, **carried, document: Collection(type="model", renamed_from=old)}


def covers(event, path, renamed):
    """Does an event speak for a path that changed?"""
    identity = identify(path)
    subject = identity.subject
    if isinstance(event, e.FileChanged):
        about = identify(event.path)  # a version that can't be told takes its notes along
        return path == event.path or (about.name and (about.subject, about.name) == (subject, identity.name))
    if isinstance(event, e.CollectionRenamed):
        return path.startswith((f"{event.before}/", f"{event.after}/"))
    if identity.kind is Kind.OUTSIDE or event.path not in (subject, renamed.get(subject, subject)):
        return False
    said = event.kind.split("-")[0]
    match identity.kind:
        case Kind.ORGANIZATION:
            return said in ("organization", "admin", "team", "identity")
        case Kind.REGISTRY | Kind.REGISTRY_CARD:
            return said in ("registry", "types")
        case Kind.ACCESS:
            return said in ("visibility", "member", "role", "protection", "gates")
        case Kind.COLLECTION | Kind.COLLECTION_CARD:
            return said == "collection"
        case Kind.VERSION | Kind.NOTES | Kind.UNLINKED | Kind.UNLINKED_NOTES:
            return said == "version" and event.version == identity.name
        case Kind.ALIAS:
            return said == "alias" and event.alias == identity.name
        case Kind.PROJECT:
            return said == "project"
        case _:
            return said in ("automation", "run") and event.name == identity.name


@settings(max_examples=times(200, 500), deadline=None)
@given(step())
def test_every_changed_path_has_an_event_or_the_step_is_refused(files):
    before, after = map(snapshot, files)
    found = examine(before, after)

    renamed = {event.before: event.after for event in found.events if isinstance(event, e.CollectionRenamed)}
    for path, _, _ in changed_paths(before.tree, after.tree):
        assert any(covers(event, path, renamed) for event in found.events), path

    if found.problems:
        with pytest.raises(InvalidDocument) as refused:
            diff(before, after)
        assert {problem.where for problem in refused.value.problems} == {p.where for p in found.problems}
    else:
        assert diff(before, after) == found.events


@settings(max_examples=200, deadline=None)
@given(step())
def test_changed_paths_are_those_that_differ(files):
    before, after = map(snapshot, files)
    differing = [path for path in sorted({*files[0], *files[1]}) if before.entry(path) != after.entry(path)]

    assert [path for path, _, _ in changed_paths(before.tree, after.tree)] == differing


@settings(max_examples=100, deadline=None)
@given(organization())
def test_nothing_happens_between_equals(files):
    assert diff(snapshot(files), snapshot(files)) == ()


@settings(max_examples=100, deadline=None)
@given(step())
def test_the_same_step_has_the_same_events(files):
    """Policy compares the events of a proposal with those of its merge; NaN must not come between."""
    first, second = (examine(*map(snapshot, files)).events for _ in "12")

    assert first == second
    assert Counter(first) == Counter(second)


REVERSE = {
    e.AdminAdded: e.AdminRemoved,
    e.AliasAdded: e.AliasRemoved,
    e.AliasMoved: e.AliasMoved,
    e.AutomationChanged: e.AutomationChanged,
    e.AutomationCreated: e.AutomationDeleted,
    e.CollectionCreated: e.CollectionDeleted,
    e.FileChanged: e.FileChanged,
    e.GatesChanged: e.GatesChanged,
    e.IdentityChanged: e.IdentityChanged,
    e.MemberAdded: e.MemberRemoved,
    e.OrganizationChanged: e.OrganizationChanged,
    e.ProjectChanged: e.ProjectChanged,
    e.ProtectionAdded: e.ProtectionRemoved,
    e.RegistryCreated: e.RegistryDeleted,
    e.RoleChanged: e.RoleChanged,
    e.RunRecorded: e.RunRecorded,
    e.TeamChanged: e.TeamChanged,
    e.VersionLinked: e.VersionPurged,
    e.VersionRewritten: e.VersionRewritten,
    e.VisibilityChanged: e.VisibilityChanged,
}
"""The kinds that are undone by another, where nothing ever was in `unlinked/`.

A creation says what the new thing says of itself, a deletion does not repeat it: so nothing that describes.
"""


@settings(max_examples=200, deadline=None)
@given(step(TIDY, moves=("stay", "rename")))
def test_the_way_back_has_the_reverse_events(files):
    before, after = map(snapshot, files)
    there, back = diff(before, after), diff(after, before)
    if any(isinstance(event, e.CollectionRenamed) for event in (*there, *back)):
        return

    undone = REVERSE | {reverse: kind for kind, reverse in REVERSE.items()}
    expected = Counter((undone[type(event)].kind, event.path) for event in there if type(event) in undone)
    assert Counter((event.kind, event.path) for event in back if type(event) in undone) == expected


@settings(max_examples=100, deadline=None)
@given(organization(TIDY), st.sampled_from(COLLECTIONS))
def test_what_is_unlinked_can_be_linked_again(files, collection):
    before, after = snapshot(files), snapshot(_unlink(files, collection))
    versions = (
        sorted(before.versions(collection))
        if before.entry(f"{collection.split('/')[0]}/registry.yaml")
        else []
    )

    unlinked_ones = [event for event in diff(before, after) if isinstance(event, e.VersionUnlinked)]
    linked_ones = [event for event in diff(after, before) if isinstance(event, e.VersionLinked)]

    assert [event.version for event in unlinked_ones] == [event.version for event in linked_ones] == versions
    assert [event.before for event in unlinked_ones] == [event.after for event in linked_ones]
