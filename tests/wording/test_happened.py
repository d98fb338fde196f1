"""Every kind of event has words of its own."""

import pytest

from git_registry.catalog.catalog import Catalog
from git_registry.index.events.recalled import Recalled
from git_registry.model import events as e
from git_registry.model.documents.access import Gate, Protection
from git_registry.model.documents.organization import Identity, Team
from git_registry.model.numbers import Numbered
from git_registry.model.snapshot import REGULAR, Entry
from git_registry.wording.happened import WORDS, told

A, B, C = ("aa" * 16, "bb" * 16, "cc" * 16)
CHURN = "model/churn"
NUMBERS = Recalled(
    Catalog(repository=None, branch="main", clock=None),
    known={(CHURN, A): Numbered(0, "first"), (CHURN, B): Numbered(1, "second"), (CHURN, C): None},
    provisional=frozenset({"second"}),
)
BOB = "user:bob"
GATED = Protection(gates=(Gate(holds="staging"), Gate(metrics={"auc": {"$gte": 0.9}})))
OLD, NEW = Entry(REGULAR, "1" * 40), Entry(REGULAR, "2" * 40)

EXAMPLES = [
    (
        e.OrganizationChanged(path="", field="store", before="file:///a", after="file:///b"),
        "the organization: store = file:///b",
    ),
    (e.AdminAdded(path="", principal=BOB, after="admin"), "user:bob is an admin of the organization"),
    (
        e.AdminRemoved(path="", principal=BOB, before="admin"),
        "user:bob is no longer an admin of the organization",
    ),
    (e.TeamChanged(path="", name="nlp", after=Team(members=(BOB,))), "The team nlp: members = [user:bob]"),
    (e.TeamChanged(path="", name="nlp", after=Team()), "The team nlp was added"),
    (
        e.TeamChanged(
            path="",
            name="nlp",
            before=Team(members=(BOB,), gitlab="nlp"),
            after=Team(members=(BOB,), github="acme/nlp"),
        ),
        "The team nlp: github = acme/nlp, gitlab was removed",
    ),
    (
        e.TeamChanged(
            path="",
            name="nlp",
            before=Team(members=(BOB, "user:zoe"), github="acme/nlp"),
            after=Team(members=(BOB, "user:eve", "user:mia"), github="acme/all"),
        ),
        "The team nlp: members: + user:eve, + user:mia, - user:zoe, github = acme/all",
    ),
    (e.TeamChanged(path="", name="nlp", before=Team()), "The team nlp was removed"),
    (
        e.IdentityChanged(path="", principal=BOB, after=Identity(emails=("bob@acme.example",))),
        "The identity of user:bob: emails = [bob@acme.example]",
    ),
    (e.RegistryCreated(path="model"), "Created the registry model"),
    (e.RegistryDeleted(path="model"), "Deleted the registry model"),
    (e.RegistryDescribed(path="model", field="title", after="Models"), "model: title = Models"),
    (e.TypesChanged(path="model", before=("model",), after=()), "model accepts any type"),
    (
        e.TypesChanged(path="model", before=("model", "table"), after=("table", "dataset")),
        "model accepts other types: + dataset, - model",
    ),
    (e.TypesChanged(path="model", after=("model", "table")), "model accepts model, table"),
    (e.VisibilityChanged(path="model", after="restricted"), "model: visibility = restricted"),
    (e.VisibilityChanged(path="model", before="restricted"), "model: visibility was removed"),
    (e.MemberAdded(path="model", principal=BOB, after="viewer"), "user:bob is viewer in model"),
    (
        e.MemberRemoved(path="model", principal=BOB, before="viewer"),
        "user:bob has no role of its own in model now, was viewer",
    ),
    (
        e.RoleChanged(path="model", principal=BOB, before="viewer", after="admin"),
        "user:bob is admin in model now, was viewer",
    ),
    (
        e.ProtectionAdded(path="model", name="production", after=Protection()),
        "The alias production is protected in model",
    ),
    (
        e.ProtectionAdded(path="model", name="production", after=GATED),
        "The alias production is protected in model; gates: {holds: staging}, {metrics: {auc: {$gte: 0.9}}}",
    ),
    (
        e.ProtectionRemoved(path="model", name="production", before=GATED),
        (
            "The alias production is no longer protected in model; "
            "no more: {holds: staging}, {metrics: {auc: {$gte: 0.9}}}"
        ),
    ),
    (
        e.GatesChanged(path="model", name="production", before=GATED, after=Protection()),
        (
            "The alias production has other gates in model; "
            "no more: {holds: staging}, {metrics: {auc: {$gte: 0.9}}}; none is left"
        ),
    ),
    (
        e.GatesChanged(path="model", name="production", before=Protection(), after=GATED),
        (
            "The alias production has other gates in model; "
            "new: {holds: staging}, {metrics: {auc: {$gte: 0.9}}}"
        ),
    ),
    (
        e.GatesChanged(
            path="model",
            name="production",
            before=GATED,
            after=Protection(gates=(Gate(metrics={"auc": {"$gte": 0.1}}), Gate(holds="staging"))),
        ),
        (
            "The alias production has other gates in model; "
            "no more: {metrics: {auc: {$gte: 0.9}}}; new: {metrics: {auc: {$gte: 0.1}}}"
        ),
    ),
    (
        e.GatesChanged(
            path="model",
            name="production",
            before=GATED,
            after=Protection(gates=tuple(reversed(GATED.gates))),
        ),
        (
            "The alias production has other gates in model; "
            "gates: {metrics: {auc: {$gte: 0.9}}}, {holds: staging}"
        ),
    ),
    (
        e.CollectionCreated(path=CHURN, after="model"),
        "Created the collection model/churn for artifacts of type model",
    ),
    (
        e.CollectionDeleted(path=CHURN, before="model"),
        "Deleted the collection model/churn; its versions are in unlinked/",
    ),
    (
        e.CollectionRenamed(path=CHURN, before="model/old", after=CHURN),
        "Renamed the collection model/old to model/churn",
    ),
    (e.CollectionDescribed(path=CHURN, field="card", after="1" * 40), "model/churn: the card changed"),
    (e.CollectionDescribed(path=CHURN, field="card", before="1" * 40), "model/churn: the card was removed"),
    (e.CollectionDescribed(path=CHURN, field="title", before="Churn"), "model/churn: title was removed"),
    (e.CollectionTagged(path=CHURN, tag="eu"), "model/churn: tagged eu"),
    (e.CollectionUntagged(path=CHURN, tag="eu"), "model/churn: no longer tagged eu"),
    (e.VersionLinked(path=CHURN, version=A), "Linked model/churn:v0 (@aaaaaaaa)"),
    (e.VersionLinked(path=CHURN, version=B), "Linked model/churn:v1? (@bbbbbbbb)"),
    (e.VersionLinked(path=CHURN, version=C), "Linked model/churn@cccccccc"),
    (e.VersionUnlinked(path=CHURN, version=A), "Unlinked model/churn:v0 (@aaaaaaaa)"),
    (
        e.VersionPurged(path=CHURN, version=A),
        "Purged model/churn:v0 (@aaaaaaaa): its manifest is gone for good",
    ),
    (
        e.VersionRewritten(path=CHURN, version=A),
        "Rewrote the manifest of model/churn:v0 (@aaaaaaaa), which is never allowed",
    ),
    (
        e.VersionDescribed(path=CHURN, version=A, field="description", after="Good"),
        "model/churn:v0: description = Good",
    ),
    (
        e.VersionAnnotated(
            path=CHURN, version=A, field="metrics", before={"auc": 0.5, "loss": 1}, after={"auc": 0.75}
        ),
        "model/churn:v0: metrics.auc = 0.75, metrics.loss was removed",
    ),
    (
        e.VersionAnnotated(
            path=CHURN, version=A, field="metadata", before={"of": [1, "a"]}, after={"of": [True, "a"]}
        ),
        "model/churn:v0: metadata.of: + true, - 1",
    ),
    (
        e.VersionAnnotated(
            path=CHURN, version=A, field="metadata", before={"of": [2, 1]}, after={"of": [1, 2]}
        ),
        "model/churn:v0: metadata.of = [1, 2]",
    ),
    (e.VersionAnnotated(path=CHURN, version=A, field="ttl", after=0), "model/churn:v0: ttl = 0"),
    (e.VersionTagged(path=CHURN, version=A, tag="eu"), "model/churn:v0: tagged eu"),
    (e.VersionUntagged(path=CHURN, version=A, tag="eu"), "model/churn:v0: no longer tagged eu"),
    (
        e.AliasAdded(path=CHURN, alias="production", after=A, protected=True),
        "model/churn:production is v0 (protected)",
    ),
    (
        e.AliasMoved(path=CHURN, alias="production", before=A, after=C),
        "model/churn:production is @cccccccc now, was v0",
    ),
    (
        e.AliasRemoved(path=CHURN, alias="production", before=B),
        "Removed model/churn:production, which was v1?",
    ),
    (
        e.AutomationCreated(path="model", name="deploy", after="1"),
        "Added the automation model/automations/deploy",
    ),
    (
        e.AutomationChanged(path=CHURN, name="deploy", before="1", after="2"),
        "Changed the automation model/churn/automations/deploy",
    ),
    (
        e.AutomationDeleted(path=CHURN, name="deploy", before="1"),
        "Removed the automation model/churn/automations/deploy",
    ),
    (e.FileChanged(path="README.md", after=NEW), "Added README.md"),
    (e.FileChanged(path="README.md", before=OLD), "Removed README.md"),
    (
        e.FileChanged(path="model/registry.yaml", before=OLD, after=NEW, spelling=True),
        "Changed model/registry.yaml (spelling or place alone)",
    ),
]


XGB = "churn/xgb"
IN_PROJECT = Recalled(
    Catalog(repository=None, branch="projects/churn", clock=None), known={(XGB, A): Numbered(0, "first")}
)

PROJECT_EXAMPLES = [
    (e.ProjectChanged(path="churn", after="1"), "Added the document of projects/churn"),
    (
        e.RunRecorded(path="churn", name="k3j2h1", before="1", after="2"),
        "Changed the run projects/churn/runs/k3j2h1",
    ),
    (e.CollectionCreated(path=XGB, after="model"), "Began projects/churn/xgb for artifacts of type model"),
    (
        e.CollectionDeleted(path=XGB, before="model"),
        "Deleted projects/churn/xgb; its versions are in unlinked/",
    ),
    (e.VersionLinked(path=XGB, version=A), "Logged projects/churn/xgb:v0 (@aaaaaaaa)"),
    (e.VersionTagged(path=XGB, version=A, tag="eu"), "projects/churn/xgb:v0: tagged eu"),
    (e.AliasAdded(path=XGB, alias="best", after=A), "projects/churn/xgb:best is v0"),
]


@pytest.mark.parametrize(("event", "words"), EXAMPLES)
def test_an_event_in_words(event, words):
    assert told(event, NUMBERS) == words


@pytest.mark.parametrize(("event", "words"), PROJECT_EXAMPLES)
def test_an_event_of_a_project_in_words(event, words):
    assert told(event, IN_PROJECT) == words


def test_every_kind_has_words_and_an_example_here():
    assert {event.kind for event, _ in (*EXAMPLES, *PROJECT_EXAMPLES)} == set(WORDS) == set(e.KINDS)
