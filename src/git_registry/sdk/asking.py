"""May somebody do something, and who may? As the policy answers, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import Any

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.model import selector as selectors
from git_registry.model.documents.access import Gate
from git_registry.model.events import KINDS, AliasChange, Event
from git_registry.model.layout import PROJECTS
from git_registry.model.names import ALIAS, PLACE
from git_registry.model.snapshot import Snapshot
from git_registry.policy import projects, roles
from git_registry.policy.evaluate import evaluate
from git_registry.policy.evidence import Known
from git_registry.policy.needs import Need, need
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict
from git_registry.sdk import membership, selecting
from git_registry.sdk.ruling import ruling

ALLOWED, NEEDS_APPROVAL = "allowed", "needs approval"

_REGISTRY, _COLLECTION, _VERSION = "a registry", "a collection", "a version"

VERBS: Mapping[str, Mapping[str, str]] = {
    "promote": {_COLLECTION: "alias-moved"},
    "rollback": {_COLLECTION: "alias-moved"},
    "alias": {_COLLECTION: "alias-added"},
    "link": {_COLLECTION: "version-linked"},
    "unlink": {_COLLECTION: "version-unlinked"},
    "log": {_COLLECTION: "version-linked"},
    "annotate": {_COLLECTION: "version-annotated"},
    "tag": {_COLLECTION: "collection-tagged", _VERSION: "version-tagged"},
    "create": {_REGISTRY: "registry-created", _COLLECTION: "collection-created"},
    "edit": {
        _REGISTRY: "registry-described",
        _COLLECTION: "collection-described",
        _VERSION: "version-described",
    },
    "delete": {_REGISTRY: "registry-deleted", _COLLECTION: "collection-deleted"},
    "rename": {_COLLECTION: "collection-renamed"},
    "purge": {_COLLECTION: "version-purged"},
    "grant": {_REGISTRY: "member-added"},
    "revoke": {_REGISTRY: "member-removed"},
    "protect": {_REGISTRY: "protection-added"},
    "unprotect": {_REGISTRY: "protection-removed"},
}
"""What people say → the kind of event that it is, by what it is done to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """May a principal do something?

    Attributes:
        event: what would happen.
        principal: who would do it.
        verdict: what the policy says, gates aside.
        gates: those that a version still has to pass.
    """

    event: Event
    principal: str
    verdict: Verdict
    gates: tuple[Gate, ...] = ()

    @property
    def word(self) -> str:
        """Return `allowed`, `needs approval` or `refused`."""
        if self.verdict.is_allowed and any(one.approvals for one in self.gates):
            return NEEDS_APPROVAL
        return self.verdict.word


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """Who may do something.

    Attributes:
        event: what would happen.
        need: the role that it takes.
        who: the principals and teams that have it, by name.
        everybody: does the default role suffice, too?
        gates: those that a version has to pass besides.
        problem: why nobody may, if a registry is closed.
    """

    event: Event
    need: Need
    who: tuple[str, ...]
    everybody: bool = False
    gates: tuple[Gate, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """An event that somebody asks about, where it would happen."""

    catalog: Catalog
    event: Event
    project: str = ""

    @property
    def registry(self) -> str:
        return "" if self.project else self.event.path.partition("/")[0]


def can(catalog: Catalog, who: str, what: str, path: str, alias: str | None = None) -> Answer:
    """Return whether a principal may do something: a verb that people say, or a kind of event.

    Args:
        catalog: the clone.
        who: a principal; a name alone is a user's, or the service's of that name.
        what: `promote`, or `alias-moved`.
        path: to what: a registry, a collection, something in a project, a file; empty for the organization.
        alias: which one, if it is about one; it may stand in the path.

    Raises:
        UsageError: there is no such verb or event, or it is not done to that.
        NotFound: there is no such registry.
        InvalidDocument: `organization.yaml` can't be read.
    """
    asked = _asked(catalog, what, path, alias)
    rules, now = ruling(asked.catalog, asked.registry)
    principal = membership.somebody(rules.organization(), who)
    if not asked.project:
        return answer(rules, now, asked.event, principal, catalog.clock())
    writes = Verdict(tuple(projects.writes(rules, asked.project, principal)))
    verdict = writes + projects.evaluate(rules, asked.project, [asked.event], principal)
    return Answer(event=asked.event, principal=principal, verdict=verdict)


def who_can(catalog: Catalog, what: str, path: str, alias: str | None = None) -> Able:
    """Return who may do something; the arguments and errors are those of `can`."""
    asked = _asked(catalog, what, path, alias)
    if asked.project:
        raise UsageError(
            "who writes to a project stands in `projects` of organization.yaml; else any member does",
            hint=f"`git registry access can PRINCIPAL {what} {path}` asks for one",
        )
    rules, _ = ruling(asked.catalog, asked.registry)
    wanted = need(rules, asked.event)
    problem = rules.closing(asked.registry) if wanted.registries else None
    if problem is not None:
        return Able(event=asked.event, need=wanted, who=(), problem=str(problem))
    stranger = [roles.held(rules, _STRANGER, one) for one in wanted.registries]
    return Able(
        event=asked.event,
        need=wanted,
        who=roles.able(rules, wanted.role, wanted.registries),
        everybody=bool(stranger) and all(one.reaches(wanted.role) for one in stranger),
        gates=gates_of(rules, asked.event),
    )


_STRANGER = "user:-"
"""A person that no document can name."""


def answer(rules: Rules, now: Snapshot, event: Event, principal: str, at: datetime) -> Answer:
    """Return whether a principal may do something, by rules, in an organization as it is now."""
    verdict = evaluate(rules, [event], now, now, Known(principal=principal, now=at))
    return Answer(event=event, principal=principal, verdict=verdict, gates=gates_of(rules, event))


def gates_of(rules: Rules, event: Event) -> tuple[Gate, ...]:
    """Return the gates that an alias goes through when it is pointed somewhere."""
    if not isinstance(event, AliasChange) or event.kind == "alias-removed":
        return ()
    registry = event.path.partition("/")[0]
    if rules.closing(registry) is not None:
        return ()
    name = rules.protection_name(registry, event.alias)
    return rules.access(registry).protected_aliases[name].gates if name else ()


def probe(kind: str, path: str, alias: str = "") -> Event:
    """Return an event of a kind, empty but for where it happens: what its least role goes by."""
    shape = KINDS[kind]
    empty: dict[str, Any] = {part.name: "" for part in fields(shape) if part.default is MISSING}
    if issubclass(shape, AliasChange):
        empty["alias"] = alias
    if kind == "collection-renamed":
        empty |= {"before": path, "after": path}
    return shape(**(empty | {"path": path}))


def _asked(catalog: Catalog, what: str, path: str, alias: str | None) -> _Asked:
    if what not in VERBS and what not in KINDS:
        near = selecting.nearest(what, [*VERBS, *KINDS])
        raise UsageError(f"there is no verb or event {what!r}", hint=near or f"verbs: {', '.join(VERBS)}")
    if what == "file-changed":
        return _Asked(selecting.registries(catalog), probe(what, path))
    if what in KINDS and not _is_placed(what):
        return _Asked(selecting.registries(catalog), probe(what, ""))
    if not path:
        raise UsageError(f"{what} is done to something", hint=f"such as `{what} model/churn`")
    if "registry-created" in (what, *VERBS.get(what, {}).values()) and "/" not in path:
        return _Asked(selecting.registries(catalog), probe("registry-created", PLACE.check(path)))
    return _placed(catalog, what, path, alias)


def _is_placed(kind: str) -> bool:
    return not kind.startswith(("organization-", "admin-", "team-", "identity-"))


def _placed(catalog: Catalog, what: str, path: str, alias: str | None) -> _Asked:
    if path.startswith(PROJECTS):
        there, selector = selecting.registries(catalog), selectors.parse(path)
    else:
        there, selector = selecting.place(catalog, path)
    depth = _REGISTRY if selector.collection is None else _VERSION if _names_number(selector) else _COLLECTION
    kind = what if what in KINDS else _meant(what, depth, path)
    aliases = issubclass(KINDS[kind], AliasChange)
    name = alias or selector.alias or ""
    if aliases and not name:
        raise UsageError(
            f"{what} is done to an alias", hint=f"name it: {path}:production, or {path} production"
        )
    event = probe(kind, selector.path, ALIAS.check(name) if aliases else "")
    return _Asked(there, event, selector.registry if selector.project else "")


def _names_number(selector: selectors.Selector) -> bool:
    return selector.names_version and selector.alias is None


def _meant(verb: str, depth: str, path: str) -> str:
    kinds = VERBS[verb]
    kind = kinds.get(depth) or (kinds.get(_COLLECTION) if depth == _VERSION else None)
    if kind is None:
        raise UsageError(f"{verb} is done to {' or '.join(kinds)}, and {path} is {depth}")
    return kind
