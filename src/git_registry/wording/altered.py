"""What a review says of automations that come or change: when they start, what they send, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from git_registry.automation.outgoing import host
from git_registry.model.documents.automation import Automation
from git_registry.model.plain import as_json, plain
from git_registry.sdk.altered import Altered
from git_registry.wording.sections import Section

_URLS = ("url", "api")


def section(found: Iterable[Altered]) -> Section:
    """Return what they say, field by field, as it is and as it would be."""
    return Section(
        title="Automations that come or change",
        header=("Automation", "Field", "Now", "After the merge"),
        rows=[row for one in found for row in _rows(one)],
        remark="An automation sends what happens out of the repository. Of a URL only the host is shown.",
        is_decisive=True,
    )


def _rows(one: Altered) -> Iterator[tuple[str, str, str, str]]:
    before, after = told(one.before), told(one.after)
    others = changed_fields(one)
    for name in dict.fromkeys((*after, *before)):
        was, becomes = (_text(said[name]) if name in said else "" for said in (before, after))
        unseen = " (what is not shown of it becomes another)" if was == becomes and name in others else ""
        yield one.path, name, was, becomes + unseen
    if one.problem:
        yield one.path, "", "", f"it can't be read: {one.problem}"


def changed_fields(one: Altered) -> list[str]:
    """Return the fields that become another, shown or not."""
    before, after = _said(one.before), _said(one.after)
    return [name for name in {**before, **after} if before.get(name) != after.get(name)]


def _said(automation: Automation | None) -> Mapping[str, object]:
    """Return what a document says, by the names of its fields; of the action, what is set."""
    if automation is None:
        return {}
    action, one = automation.action.one
    parts = {f"{action}.{part.name}": getattr(one, part.name) for part in fields(one)}
    return {
        "description": automation.description,
        "events": automation.events,
        "match": automation.match,
        **{name: value for name, value in parts.items() if not name.endswith(".extra")},
        "enabled": automation.enabled,
    }


def told(automation: Automation | None) -> Mapping[str, object]:
    """Return what is shown of an automation: what is set; of a URL the host, for a path may hold a key."""
    said = {name: value for name, value in _said(automation).items() if value not in (None, {})}
    return {name: host(str(value)) if _is_url(name) else plain(value) for name, value in said.items()}


def _is_url(name: str) -> bool:
    return name.rpartition(".")[2] in _URLS


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return value if isinstance(value, str) else as_json(value)
