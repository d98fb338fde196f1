"""Events and automations, as they are given to what has no repository."""

from __future__ import annotations

import pytest

from git_registry.automation.happening import Happening, Placed
from git_registry.codec.reading import decode
from git_registry.model.documents.automation import Automation
from git_registry.model.events import AliasMoved

COMMIT = "4be1" * 10


@pytest.fixture
def promoted():
    """Production of model/churn is v3."""
    event = AliasMoved(
        path="model/churn", alias="production", before="a" * 32, after="b" * 32, protected=True
    )
    about = {"event": event.kind, "path": event.path, "registry": "model", "collection": "churn"}
    about |= {"alias": "production", "protected": True, "previous": "v2", "author": "Ada <ada@acme.example>"}
    version = {"version": "v3", "number": 3, "id": "b" * 32, "type": "model", "aliases": ("production",)}
    version |= {"tags": ("eu",), "metrics": {"auc": 0.93}, "metadata": {"model": {"framework": "xgboost"}}}
    facts = {**about, **version}
    return Happening(
        event=event, commit=COMMIT, at="2026-11-22T20:28:34.000Z", facts=facts, organization="acme"
    )


@pytest.fixture
def automation():
    """Return an automation of model/churn, or of somewhere else, with these lines in its file."""

    def make(more="", place="model/churn", events="[alias-moved]", action="command: {name: deploy}"):
        text = f"format: 1\nevents: {events}\naction:\n  {action}\n{more}"
        path = f"{place}/automations/deploy.yaml"
        document = decode(Automation, text.encode(), where=path, strict=True)
        return Placed(path=path, place=place, name="deploy", document=document)

    return make
