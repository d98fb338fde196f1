"""What a review says of automations that come or change: when they start, what they send, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from git_registry.automation.outgoing import host
from git_registry.cli.answers.sections import Section
from git_registry.cli.shapes import Shape
from git_registry.model.documents.automation import Automation
from git_registry.model.plain import as_json, plain
from git_registry.sdk.altered import Altered

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


def shape(one: Altered) -> Shape:
    """Return one as JSON has it: its fields by their names, and which of them become another."""
    before, after = _told(one.before), _told(one.after)
    return {
        "automation": one.path,
        "before": before or None,
        "after": after or None,
        "changed": list(_changed(one)) if one.before and one.after else [],
        "problem": one.problem or None,
    }


def _rows(one: Altered) -> Iterator[tuple[str, str, str, str]]:
    before, after = _told(one.before), _told(one.after)
    changed = _changed(one)
    for name in dict.fromkeys((*after, *before)):
        was, becomes = (_text(said[name]) if name in said else "" for said in (before, after))
        unseen = " (what is not shown of it becomes another)" if was == becomes and name in changed else ""
        yield one.path, name, was, becomes + unseen
    if one.problem:
        yield one.path, "", "", f"it can't be read: {one.problem}"


def _changed(one: Altered) -> list[str]:
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


def _told(automation: Automation | None) -> Mapping[str, object]:
    """Return what is shown of that: what is set, and of a URL the host, for its path may hold a key."""
    said = {name: value for name, value in _said(automation).items() if value not in (None, {})}
    return {name: host(str(value)) if _is_url(name) else plain(value) for name, value in said.items()}


def _is_url(name: str) -> bool:
    return name.rpartition(".")[2] in _URLS


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return value if isinstance(value, str) else as_json(value)
