"""The first day: the organization, its people, its registries and what follows by itself."""

from __future__ import annotations

import subprocess
from dataclasses import replace

from tests.web.story import words
from tests.web.story.tale import Growing, Tale, by

from git_registry.catalog.transaction import Transaction, commit
from git_registry.model import layout
from git_registry.model.documents.access import Gate
from git_registry.model.documents.automation import Action, Automation, Slack, Webhook
from git_registry.repository.repository import Repository
from git_registry.sdk import automating, linking, managing, membership, protecting
from git_registry.sdk.initialize import Setup, initialize
from git_registry.sdk.linking import Request
from git_registry.sdk.managing import Description

GATES = (Gate(holds="staging"), Gate(metrics={"accuracy": {"$gte": 0.8}}), Gate(content="sha256"))

DEPLOY = Automation(
    description="Deploy whatever production points at.",
    events=("alias-added", "alias-moved"),
    match={"alias": "production", "metrics.accuracy": {"$gte": 0.8}},
    action=Action(webhook=Webhook(url="https://deploy.acme.example/hook", secret="REG_WH_DEPLOY")),
)
TELL = Automation(
    description="Tell the channel about each evaluation.",
    events=("version-linked",),
    action=Action(slack=Slack(url_secret="REG_WH_SLACK", title="New: ${version}", text="${description}")),
)
LEGACY = "dataset/legacy-events"
"""A collection that is deleted later."""


def found(tale: Tale) -> None:
    """Create the organization, and let people in."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", tale.bare], check=True)
    setup = Setup(name="acme", store=f"file://{tale.directory}/store", admin="user:ana")
    with by("Ana"):
        initialize(Repository.open(tale.bare), setup, clock=tale.clock)
        _organize(tale)
        _open_registries(tale)
        _let_people_in(tale)
        automating.create(tale.catalog, "model", "deploy", DEPLOY)
        automating.create(tale.catalog, "evaluation", "tell", TELL)
    with by("Dai"):
        events = tale.write({"events.csv": "time,event\n"})
        linking.link_files(tale.catalog, events, LEGACY, Request(description="Of the old system."))


def _organize(tale: Tale) -> None:
    organization = replace(
        tale.catalog.now().organization(),
        teams=words.TEAMS,
        identities=words.IDENTITIES,
        default_role="viewer",
        projects={"churn": {"team:growth": "member"}, "digits": {"team:platform": "member"}},
    )
    steps = [lambda _now: {layout.ORGANIZATION: organization}]
    commit(tale.catalog, Transaction(edits=steps, message="Name teams and identities"))


def _open_registries(tale: Tale) -> None:
    about = Description(
        title="Evaluations",
        description="What we know of what we serve.",
        card=words.EVALUATION_CARD.encode(),
    )
    managing.create_registry(tale.catalog, "evaluation", about, ["evaluation"])
    managing.edit(tale.catalog, "model", Description(card=words.REGISTRY_CARD.encode()))


def _let_people_in(tale: Tale) -> None:
    growing = {"team:growth": "member", "team:platform": "member", "user:bob": "admin"}
    membership.grant(tale.catalog, "model", {**growing, "team:data": "member"})
    membership.grant(tale.catalog, "dataset", {"team:data": "admin", "team:growth": "member"})
    everybody = {f"team:{name}": "member" for name in words.TEAMS}
    membership.grant(tale.catalog, "evaluation", {**everybody, "user:eve": "admin"})
    protecting.protect(tale.catalog, "model", "production", GATES)
    protecting.protect(tale.catalog, "model", "staging")


def create(tale: Tale, one: Growing) -> None:
    """Create a collection with its card."""
    use, card = one.use, words.CARDS[one.registry]
    said = card.format(title=use.title, about=use.about, data=use.data, name=use.name)
    about = Description(title=use.title, description=use.about, card=said.encode())
    with by("Dai" if one.registry == "dataset" else "Ana"):
        managing.create_collection(tale.catalog, one.path, about, tags=use.tags)
    tale.collections[one.path] = one
