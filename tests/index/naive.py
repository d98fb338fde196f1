"""The same answers by the slowest way: every step compared as two whole trees, with no index."""

from tests.model.remembered import number

from git_registry.errors import InvalidDocument
from git_registry.model import layout
from git_registry.model.diff import examine
from git_registry.model.diff.paths import changed_paths
from git_registry.model.diff.step import Step
from git_registry.model.documents.manifest import Manifest
from git_registry.model.layout import Kind
from git_registry.model.numbers import Arrival
from git_registry.model.snapshot import Snapshot
from git_registry.repository import history


def line(catalog, tip=None):
    """Return the commits of a first-parent line, the oldest first, each with its first parent."""
    commits = history.first_parents(catalog.repository, tip or catalog.tip())[::-1]
    return list(zip(commits, [None, *commits], strict=False))


def numbers(catalog, tip=None):
    """Return collection → id → number."""
    return number(_arrival(catalog, *pair) for pair in line(catalog, tip))


def _arrival(catalog, commit, parent):
    before, after = catalog.tree(parent), catalog.tree(commit)
    came = {}
    for path, was, now in changed_paths(before, after):
        identity = layout.identify(path)
        if identity.kind is Kind.VERSION and was is None and now is not None:
            came.setdefault(identity.subject, []).append((_created(after, path), identity.name))
    versions = [(place, version) for place, found in came.items() for _, version in sorted(found)]
    renames = Step(Snapshot(before), Snapshot(after)).renamed
    return Arrival(commit=commit, versions=tuple(versions), renames=renames)


def _created(tree, path):
    try:
        return tree.document(path, Manifest).created
    except InvalidDocument:
        return ""


def events(catalog, tip=None):
    """Return (commit, event) of everything that happened on a line, the oldest first."""
    return [
        (commit, event)
        for commit, parent in line(catalog, tip)
        for event in examine(_snapshot(catalog, parent), _snapshot(catalog, commit)).events
    ]


def _snapshot(catalog, commit):
    return Snapshot(catalog.tree(commit)) if commit else None
