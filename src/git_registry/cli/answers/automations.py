"""Automations, what they would send and what they sent: as rows, as fields, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from git_registry.automation import request
from git_registry.cli.shapes import Shape, moment
from git_registry.model.plain import plain
from git_registry.wording.ages import age
from git_registry.wording.amounts import amount
from git_registry.wording.automations import answer, receiver, state, subject, subject_parts
from git_registry.wording.sizes import counted

if TYPE_CHECKING:
    from git_registry.automation.outgoing import Outgoing
    from git_registry.automation.queued import Attempt, Health, Paused
    from git_registry.sdk.automating import AutomationView
    from git_registry.sdk.delivering import Delivery
    from git_registry.sdk.rehearsing import Rehearsal

HEADER = ("AUTOMATION", "EVENTS", "MATCH", "ACTION", "STATE")
DELIVERIES = ("DELIVERY", "STATE", "TRIES", "AGE", "AUTOMATION", "EVENT", "ABOUT", "ANSWER")
TRIES = ("TRIED", "ANSWER", "BODY")


def row(view: AutomationView, paused: Mapping[str, Paused]) -> tuple[str, ...]:
    """Return an automation as a row of a table."""
    if view.document is None:
        return (view.path, "", "", "", "unreadable")
    document = view.document
    match = amount(document.match) if document.match else ""
    return (view.path, " ".join(document.events), match, receiver(document.action), state(view, paused))


def shape(view: AutomationView, paused: Mapping[str, Paused]) -> Shape:
    """Return an automation as JSON has it."""
    registry, _, collection = view.place.partition("/")
    found: Shape = {"path": view.path, "registry": registry, "collection": collection or None}
    found |= {"name": view.name}
    mount = view.path.removesuffix(view.file.removesuffix(".yaml")).rstrip("/")
    found |= {"mount": mount} if mount else {}
    if view.document is None:
        return found | {"problem": view.problem}
    document = view.document
    found |= {"description": document.description, "events": list(document.events)}
    found |= {"match": plain(document.match), "action": plain(document.action), "enabled": document.enabled}
    held = paused.get(view.file)
    return found | {"paused": {"why": held.why, "at": _at(held.at)} if held else None}


def fields(
    view: AutomationView, paused: Mapping[str, Paused], found: Health, now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield what `show` says of an automation above its document."""
    yield "automation", view.path
    yield "state", state(view, paused)
    if view.file in paused:
        yield "because", paused[view.file].why
    if found.failures:
        tries = counted(found.failures, "try", "tries")
        yield "failing", f"{tries} in a row, since {_at(found.since)}"
    if _is_held(found, now):
        yield "held", f"until {_at(found.held)}"


def _is_held(found: Health, now: datetime) -> bool:
    return found.held > now.timestamp()


def health_shape(found: Health, now: datetime) -> Shape:
    """Return how well a receiver does, as JSON has it."""
    failing = bool(found.failures)
    return {
        "failures": found.failures,
        "since": _at(found.since) if failing else None,
        "held": _at(found.held) if _is_held(found, now) else None,
    }


def delivery_row(one: Delivery, now: datetime) -> tuple[str, ...]:
    """Return a delivery as a row of a table, with what its last try came to."""
    queued, last = one.queued, one.latest
    name = queued.automation.removesuffix(".yaml").rpartition("/")[2]
    since = age(now, datetime.fromisoformat(queued.at))
    state = (queued.id, queued.state, f"{queued.count}", since)
    return (*state, name, queued.event, subject(queued.path, queued.subject), answer(last) if last else "")


def try_row(attempt: Attempt) -> tuple[str, ...]:
    """Return a try as a row of a table."""
    return (_at(attempt.at), answer(attempt), attempt.body)


def delivery_shape(one: Delivery, *, whole: bool = False) -> Shape:
    """Return a delivery as JSON has it; what was sent and each try only if that is asked for."""
    queued = one.queued
    found: Shape = {
        "id": queued.id,
        "automation": queued.automation.removesuffix(".yaml"),
        "event": queued.event,
        "path": queued.path,
        **subject_parts(queued.subject),
        "commit": queued.commit,
        "at": queued.at,
        "receiver": queued.outgoing.receiver,
        "state": queued.state,
        "count": queued.count,
        "due": _at(queued.due) if queued.state == "queued" else None,
        "latest": _try_shape(one.latest) if one.latest else None,
    }
    if whole:
        found |= {"request": _request(queued.outgoing, queued.id)}
        found |= {"tries": [_try_shape(try_) for try_ in one.tries]}
    return found


def _try_shape(attempt: Attempt) -> Shape:
    return {
        "at": _at(attempt.at),
        "status": attempt.status,
        "problem": attempt.problem or None,
        "seconds": round(attempt.seconds, 3),
        "body": attempt.body,
    }


def _request(sent: Outgoing, delivery: str) -> Shape:
    """Return what is sent, with a name in brackets for each secret."""
    seal = request.ByName(delivery)
    body = request.body(sent, seal)
    return {
        "command": sent.command or None,
        "url": sent.url or None,
        "url_secret": sent.url_secret or None,
        "headers": {} if sent.command else dict(request.headers(sent, seal, body)),
        "body": body,
    }


def _at(seconds: float) -> str:
    return moment(datetime.fromtimestamp(seconds, UTC))


def rehearsal_shape(one: Rehearsal) -> Shape:
    """Return what would be sent as JSON has it."""
    event = one.happening.event
    return {
        "automation": one.placed.path.removesuffix(".yaml"),
        "event": event.kind,
        "path": event.path,
        "commit": one.happening.commit,
        "delivery": one.delivery,
        **_request(one.outgoing, one.delivery),
        "problem": one.problem or None,
    }
