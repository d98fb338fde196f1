"""Values of documents and events as JSON has them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields

from git_registry.model.digest import Digest
from git_registry.model.documents.record import Record
from git_registry.model.snapshot import Entry


def plain(value: object) -> object:
    """Return a value as JSON has it; NaN and the infinities, which that has not, as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Digest):
        return str(value)
    if isinstance(value, Entry):
        return {"mode": f"{value.mode:o}", "id": value.id}
    return _record(value) if isinstance(value, Record) else value


def as_json(value: object) -> str:
    """Return a value as JSON in one line, which any UTF-8 can hold."""
    text = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # An author's name may be what Git could not decode: halves of a surrogate pair.
    return text.encode(errors="replace").decode()


def _record(record: Record) -> dict[str, object]:
    """Return what is set of a part of a document."""
    values = {part.name: getattr(record, part.name) for part in fields(record) if part.name != "extra"}
    known = {name: plain(value) for name, value in values.items() if value not in (None, (), {})}
    return known | {name: plain(value) for name, value in record.extra.items() if name not in known}
