"""Where in the example organization each kind of page is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tests.sdk.desk import Desk

from git_registry.catalog import proposals
from git_registry.sdk import projecting
from git_registry.sdk.surface.account import FINISHED

Places: TypeAlias = Mapping[str, str]
"""What kind of page it is → its path."""

KINDS = (
    *("home", "registry", "collection", "version", "data", "search", "found", "compare", "compared"),
    *("projects", "project", "artifact", "run", "runs", "proposals", "proposal", "audit"),
)


def places(desk: Desk) -> Places:
    """Find them: runs have other names each time."""
    run = next(one for one in desk(projecting.runs, "churn") if one.document.state == FINISHED)
    with desk.open() as catalog:
        proposal = next(iter(proposals.proposals(catalog.repository)))
    return {
        "home": "",
        "registry": "model/",
        "collection": "model/churn/",
        "version": "model/churn/v7/",
        "data": "dataset/customers/v0/",
        "search": "-/search/",
        "found": "-/search/?q=churn",
        "compare": "-/compare/",
        "compared": "-/compare/?v=model/churn:v6&v=model/churn:v7",
        "projects": "projects/",
        "project": "projects/churn/",
        "artifact": "projects/churn/churn-sgd/",
        "run": f"projects/churn/runs/{run.id}/",
        "runs": "projects/churn/runs/",
        "proposals": "-/proposals/",
        "proposal": f"-/proposals/{proposal.name}/",
        "audit": "-/audit/",
    }
