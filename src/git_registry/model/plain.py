"""Values of documents and events as JSON has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields

from git_registry.model.digest import Digest
from git_registry.model.documents.record import Record
from git_registry.model.snapshot import Entry


def plain(value: object) -> object:
    """Return a value as JSON has it; NaN and the infinities, which that has not, as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return not_finite(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Digest):
        return str(value)
    if isinstance(value, Entry):
        return {"mode": f"{value.mode:o}", "id": value.id}
    return record(value) if isinstance(value, Record) else value


def not_finite(number: float) -> str:
    """Return NaN or an infinity as JSON's neighbours write it; YAML has `.nan` for it."""
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def as_json(value: object) -> str:
    """Return a value as JSON in one line, which any UTF-8 can hold."""
    import json  # a short command that shows a number writes none

    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # An author's name may be what Git could not decode: halves of a surrogate pair.
    return text.encode(errors="replace").decode()


def record(one: Record) -> dict[str, object]:
    """Return what is set of a part of a document."""
    values = {part.name: getattr(one, part.name) for part in fields(one) if part.name != "extra"}
    known = {name: plain(value) for name, value in values.items() if value not in (None, (), {})}
    return known | {name: plain(value) for name, value in one.extra.items() if name not in known}
