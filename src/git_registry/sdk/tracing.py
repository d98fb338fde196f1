"""Where something comes from and what came of it, through registries and projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound, UsageError
from git_registry.index.lineage.known import Lineage
from git_registry.index.lineage.spots import Branch, Spots
from git_registry.index.opening import ask
from git_registry.model import selector as selectors
from git_registry.model.lineage.edges import Way, artifact_place
from git_registry.model.lineage.graph import Graph, State
from git_registry.model.lineage.nodes import Node, Run, Version, is_key, parse_key
from git_registry.model.lineage.trace import BOTH_WAYS, NO_LIMITS, Limits, trace
from git_registry.model.selector import Selector
from git_registry.sdk import mounts, selecting, whereabouts
from git_registry.sdk.looking_back import as_of


def lineage(
    catalog: Catalog, text: str, ways: Iterable[Way] = BOTH_WAYS, *, limits: Limits = NO_LIMITS
) -> Graph:
    """Return what something was made from, what was made from it, or both.

    What the registries say, and what the branch of each project says that is here, as of the commit that is
    read; of a version in a mounted repository, what is said there. What was unlinked, or purged, has a
    lineage still.

    Args:
        catalog: the clone.
        text: a version in a registry or a project, `projects/churn/runs/k3j2h1`, or a node's key. A
            collection stands for its latest version.
        ways: in which directions.
        limits: how far.

    Raises:
        NotFound: there is nothing by that name, and nobody speaks of it; or it has another name by now.
        UsageError: the text is no selector, or names a whole registry.
    """
    there, below = (catalog, text) if is_key(text) else mounts.entered(catalog, text)
    shown = selecting.registries(there)
    organization = selecting.own_name(shown.now())
    start = _node(shown, below, organization)
    branches = list(_branches(shown))
    found = ask(
        shown,
        lambda moment: trace(
            Lineage.over(Spots.at(moment, branches), organization), start, ways, limits=limits
        ),
        contents=True,
    )
    graph = _as_mounted(found, shown.mount) if shown.mount else found
    if graph.nodes[start].state in (None, State.MISSING, State.ELSEWHERE) and not any(
        reach.edges or reach.left_out for reach in graph.reaches.values()
    ):
        raise NotFound(f"nothing here speaks of {graph.nodes[start].label}")
    return graph


def _as_mounted(graph: Graph, mount: str) -> Graph:
    """Return a graph that calls what is in a mounted repository as the organization calls it."""
    return replace(
        graph,
        nodes={
            node: replace(known, label=_under(mount, node, known.label))
            for node, known in graph.nodes.items()
        },
    )


def _under(mount: str, node: Node, label: str) -> str:
    match node:
        case Version(repository=None):
            return f"{mount}/{label}"
        case Run():
            return f"{node.kind} {mount}/{label.removeprefix(f'{node.kind} ')}"
    return label


def _branches(catalog: Catalog) -> Iterator[Branch]:
    """Yield the branches of all projects, each brought up to date in the index."""
    known = _known(catalog)
    for name in projects.projects(catalog.repository):
        other = _on_project(catalog, name)
        if other is None:
            continue
        tip = other.tip() or ""
        if (name, tip) in known:
            yield known[name, tip]
            continue
        line = ask(other, lambda moment: moment.line, contents=True)
        if line.position < line.end:
            catalog.notify(
                f"{other.branch} is not a continuation of what was fetched: lineage leaves out its own steps"
            )
        branch = Branch(name, line.on.ref, tip)
        if line.position == line.end:
            known[name, tip] = branch
        yield branch


@dataclass(slots=True)
class _Known:
    """The branches that an index was brought up to, by their project and their tip.

    To ask each of them again costs more than to follow a lineage through all of them.
    """

    index: object = None
    branches: dict[tuple[str, str], Branch] = field(default_factory=dict)


def _known(catalog: Catalog) -> dict[tuple[str, str], Branch]:
    """Return what is known of the index that is open, and may be added to."""
    index, known = catalog.held.get("index"), catalog.remembered(_Known)
    if known.index is not index:
        known.index, known.branches = index, {}
    return known.branches


def _on_project(catalog: Catalog, name: str) -> Catalog | None:
    other = projects.on_project(catalog, name)
    return as_of(catalog, other) if other else None


def _node(catalog: Catalog, text: str, organization: str) -> Node:
    if is_key(text):
        return parse_key(text)
    run = selectors.parse_run(text, organization=organization)
    if run:
        return Run(*run)
    selector = selectors.parse(text, organization=organization)
    if not selector.project:
        selector = selecting.place(catalog, text).selector
        return Version(selector.path, _version(catalog, selector))
    other = _on_project(catalog, selector.registry)
    if other is None:
        raise NotFound(
            f"there is no project {selector.registry!r} here",
            hint=selecting.nearest(selector.registry, projects.projects(catalog.repository))
            or f"its branch is {projects.branch(selector.registry)}; `git fetch` brings it",
        )
    if selector.collection is None:
        raise UsageError(
            f"{text!r} is a whole project", hint=f"name an artifact in it, or {text}/runs/<the run's id>"
        )
    place = artifact_place(selector.registry, selector.collection)
    return Version(place, _version(other, replace(selector, project=False)))


def _version(catalog: Catalog, selector: Selector) -> str:
    """Return the id of a version, which may be unlinked or purged, but stands nowhere else."""
    found = selecting.ever(catalog, selector, assume_latest=True)
    if whereabouts.moved(catalog, selector.path, found):
        selecting.version(catalog, selector)  # says where it is
    return found
