"""One module a kind of page; here is which of them makes the page at an address."""

from __future__ import annotations

from git_registry.web.pages import (
    as_typed,
    audit,
    collection,
    compare,
    fresh,
    home,
    project,
    projects,
    proposals,
    registry,
    run,
    search,
    version,
)
from git_registry.web.routes import Route

ROUTES = (
    Route("", home.page),
    Route("-/tip.json", fresh.tip),
    Route("-/audit", audit.page),
    Route("-/audit/-/page/{number}", audit.page),
    Route("-/compare", compare.page),
    Route("-/search", search.page),
    Route("-/search/found.json", as_typed.found),
    Route("-/search/index.json", as_typed.index),
    Route("-/proposals", proposals.page),
    Route("-/proposals/{owner}/{name}", proposals.one),
    Route("projects", projects.page),
    Route("projects/{project}", project.page),
    Route("projects/{project}/-/page/{number}", project.page),
    Route("projects/{project}/runs", project.all_runs),
    Route("projects/{project}/runs/{run}", run.page),
    Route("projects/{project}/runs/{run}/lineage.json", run.graph),
    Route("projects/{project}/runs/{run}/curves.json", run.drawn),
    Route("projects/{project}/{artifact}/{version}/lineage.json", version.graph),
    Route("projects/{project}/{collection}", collection.artifact),
    Route("projects/{project}/{collection}/-/page/{number}", collection.artifact),
    Route("{registry}/{collection}/{version}/lineage.json", version.graph),
    Route("{registry}/{collection}", collection.page),
    Route("{registry}/{collection}/-/page/{number}", collection.page),
    # Last: a version's name may be anything, and `projects` and `runs` stand where those of others do.
    Route("projects/{project}/{artifact}/{version}", version.page),
    Route("{registry}/{collection}/{version}", version.page),
    Route("{registry}", registry.page),
    Route("{registry}/-/page/{number}", registry.page),
)
"""The first that fits makes the page; what is ours begins with `-`, which no name does."""
