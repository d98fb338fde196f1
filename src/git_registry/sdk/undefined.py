"""What rules and questions name and nobody knows: it may come yet, so that is allowed, and said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from git_registry.catalog.catalog import Catalog
from git_registry.model import filters
from git_registry.model.documents.access import Gate
from git_registry.model.documents.organization import Organization
from git_registry.model.snapshot import Snapshot
from git_registry.policy.roles import ADMIN, RANK, TEAM, VIEWER
from git_registry.policy.rules import Rules
from git_registry.sdk import selecting
from git_registry.sdk.through_teams import people

_FIELDS = {"metrics": filters.METRICS, "metadata": filters.METADATA}
_SINGULAR = {"metrics": "metric", "metadata": "metadata key"}


def teams(organization: Organization, principals: Iterable[str]) -> Iterator[str]:
    """Yield the teams among principals that the organization does not define."""
    for one in principals:
        name = one.removeprefix(TEAM)
        if one.startswith(TEAM) and name not in organization.teams:
            yield _also(f"there is no {one} in organization.yaml", name, organization.teams)


def alias(now: Snapshot, registry: str, name: str) -> Iterator[str]:
    """Yield that no alias of a registry has a name, whatever its case; nothing if one has."""
    yield from aliases(now, registry, (name,))


def aliases(now: Snapshot, registry: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the same of each of several names; all collections are looked through once."""
    lacking = {name.casefold() for name in names}
    seen: dict[str, None] = {}
    for one in (one for path in now.collections(registry) for one in now.alias_names(path)):
        if not lacking:
            return
        seen[one] = None
        lacking.discard(one.casefold())
    for name in (one for one in names if one.casefold() in lacking):
        near = [*seen, *now.access(registry).protected_aliases]
        yield _also(f"nothing in {registry} is called {name} yet", name, (one for one in near if one != name))


def conditions(catalog: Catalog, registry: str, gates: Sequence[Gate]) -> Iterator[str]:
    """Yield the metrics and metadata that gates ask for and no version in a registry has."""
    from git_registry.sdk import searching  # few gates ask for any

    for kind, fields in _FIELDS.items():
        asked = (filters.parse(getattr(one, kind), fields) for one in gates if getattr(one, kind))
        for field in dict.fromkeys(chain.from_iterable(map(filters.fields_of, asked))):
            has = searching.read_filter("version", document={field: {"$exists": True}})
            wanted = searching.Search(filter=has, within=(registry,), limit=1)
            if not searching.search(catalog, wanted).rows:
                yield f"no version in {registry} has a {_SINGULAR[kind]} {field.removeprefix(f'{kind}.')}"


def approvers(rules: Rules, registry: str, gates: Sequence[Gate]) -> Iterator[str]:
    """Yield how many people could approve, where a gate asks for more."""
    for asked in (one.approvals for one in gates if one.approvals):
        role = asked.role or ADMIN
        if RANK[rules.organization().default_role or VIEWER] >= RANK[role]:
            continue
        could = sum(one.startswith("user:") for one in people(rules, role, (registry,)))
        if could - asked.not_author < asked.count:
            yield _few(asked.count, could, not_author=asked.not_author)


def _few(count: int, could: int, *, not_author: bool) -> str:
    approvals = f"{count} approval{'s' if count > 1 else ''}"
    people = f"{could or 'no'} {'person' if could == 1 else 'people'} could give one"
    return f"{approvals}, and {people}{', the author among them' if not_author and could else ''}"


def _also(said: str, name: str, known: Iterable[str]) -> str:
    near = selecting.nearest(name, known)
    return f"{said}; {near}" if near else said
