"""What an automation may start from: the kinds of events, and W&B's names for some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from git_registry.model import events
from git_registry.model.events import Event
from git_registry.model.filters.fields import nearest
from git_registry.model.names import Rule

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "CREATE_ARTIFACT": ("version-linked",),
    "LINK_ARTIFACT": ("version-linked",),
    "LINK_MODEL": ("version-linked",),
    "UNLINK_ARTIFACT": ("version-unlinked",),
    "ADD_ARTIFACT_ALIAS": ("alias-added", "alias-moved"),
    "ADD_ARTIFACT_TAG": ("version-tagged",),
    "REMOVE_ARTIFACT_TAG": ("version-untagged",),
    "ADD_COLLECTION_TAG": ("collection-tagged",),
    "REMOVE_COLLECTION_TAG": ("collection-untagged",),
}
"""W&B's names → ours. An alias that moves to another version is added to that one, as W&B counts."""

_OF_RUNS = "link what the run made, and start from version-linked; a condition may ask for its metrics"

OUTSIDE: Mapping[str, str] = {
    "file-changed": "automations follow what happens in registries, and that file is a part of none",
    "project-changed": f"projects have branches of their own: {_OF_RUNS}",
    "run-recorded": f"runs are recorded in projects: {_OF_RUNS}",
}
"""What starts nothing, for it is not in registries, and why."""

_ELSEWHERE: Mapping[str, str] = {
    **OUTSIDE,
    "RUN_STATE": f"W&B's RUN_STATE is about runs, which are recorded in projects: {_OF_RUNS}",
    "RUN_METRIC": f"W&B's RUN_METRIC is about runs, which are recorded in projects: {_OF_RUNS}",
}

KINDS: frozenset[str] = frozenset(
    cls.kind
    for cls in vars(events).values()
    if isinstance(cls, type) and issubclass(cls, Event) and "kind" in vars(cls)
).difference(OUTSIDE)
"""The kinds of events that an automation may start from."""


OF_ORGANIZATION = frozenset(
    {"organization-changed", "admin-added", "admin-removed", "team-changed", "identity-changed"}
)
"""Those of them that happen to the organization, at no path: they start automations of registries."""


def kinds(triggers: Iterable[str]) -> frozenset[str]:
    """Return the kinds of events that triggers stand for."""
    return frozenset(kind for one in triggers for kind in SYNONYMS.get(one, (one,)))


def _meant(text: str) -> str:
    return _ELSEWHERE.get(text) or nearest(text, sorted(KINDS | SYNONYMS.keys())).strip()


TRIGGER = Rule(
    "an event such as alias-moved or version-linked",
    "|".join(sorted(KINDS | SYNONYMS.keys())),
    hint=_meant,
)

Trigger = Annotated[str, TRIGGER]
