"""An event as a body: JSON as Standard Webhooks has it, or in the CloudEvents envelope.

`data` has the names and values of `history --json` and `show --json`: of an event, and of the version or
collection it is about. It is small. What is long is left out, and `left_out` names it: whoever wants it asks
the registry, by commit and path. NaN and the infinities are texts, as in all JSON of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from git_registry.automation.happening import Happening, Placed
from git_registry.automation.telling import told
from git_registry.automation.wording import previous, version
from git_registry.model.events import AliasChange
from git_registry.model.plain import as_json, plain

LARGEST = 16_000
"""Bytes of `data`. Standard Webhooks asks for less than 20 kB, and an envelope takes a few."""

_TYPE = "registry"
_SHOWN = {"created_at": "created"}
_TOLD = ("delivery", "organization", "repository", "commit", "summary", "selector", "time", "automation")


def event(placed: Placed, happening: Happening, delivery: str) -> Mapping[str, object]:
    """Return an event as Standard Webhooks asks for: type, timestamp, data."""
    data = about(placed, happening, delivery)
    return {"type": _type(happening), "timestamp": happening.at, "data": data}


def cloudevent(placed: Placed, happening: Happening, delivery: str) -> Mapping[str, object]:
    """Return an event in the CloudEvents 1.0 envelope, in structured mode."""
    subject = {"subject": happening.event.path} if happening.event.path else {}
    return {
        "specversion": "1.0",
        "id": delivery,
        "source": _source(happening),
        "type": _type(happening),
        **subject,
        "time": happening.at,
        "datacontenttype": "application/json",
        "data": about(placed, happening, delivery),
    }


def about(placed: Placed, happening: Happening, delivery: str) -> Mapping[str, object]:
    """Return all that an event is about, and as much of it as is short enough."""
    known = told(placed, happening, delivery)
    data = {name: known[name] for name in _TOLD if known[name]} | _as_shown(happening.facts)
    for side, value in _sides(happening).items():
        data.setdefault(side, value)
    return _fitting({name: plain(value) for name, value in data.items()})


def _type(happening: Happening) -> str:
    return f"{_TYPE}.{happening.event.kind}"


def _source(happening: Happening) -> str:
    # `git@host:acme/models` is no URI reference, which a source has to be.
    return happening.repository if "://" in happening.repository else happening.organization


def _as_shown(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts by the names that other JSON has for them; what an alias was is `before` there."""
    shown = {_SHOWN.get(name, name): value for name, value in facts.items() if name != "previous"}
    if "author" in facts:
        name, _, email = str(facts["author"]).rpartition(" <")
        shown["author"] = {"name": name, "email": email.removesuffix(">")}
    return shown


def _sides(happening: Happening) -> Mapping[str, object]:
    """Return what was and what is, where an event has that; versions as people name them."""
    one = happening.event
    if isinstance(one, AliasChange):
        return {"before": previous(happening) or None, "after": version(happening) if one.after else None}
    return {part.name: getattr(one, part.name) for part in fields(one) if part.name in ("before", "after")}


def _fitting(data: dict[str, object]) -> Mapping[str, object]:
    """Leave out what is longest until the rest is short enough, and say what that was."""
    sizes = {name: len(as_json(value).encode()) + len(name.encode()) + 4 for name, value in data.items()}
    left_out: list[str] = []
    while sum(sizes.values()) > LARGEST:
        longest = max(sizes, key=lambda name: sizes[name])
        del sizes[longest]
        left_out.append(longest)
    short = {name: value for name, value in data.items() if name in sizes}
    return {**short, "left_out": left_out} if left_out else short
