"""The field table as JSON Schemas (draft 2020-12), for editors and for other languages.

Run at development time, `python -m git_registry.codec.schema schemas/`; a test compares the files with the
table. A schema shows the writer's view: a field the format does not know is a typing error.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeAlias, TypeGuard

from git_registry.codec.table import (
    Count,
    Field,
    Flag,
    Free,
    Hash,
    ListOf,
    MapOf,
    Measure,
    RecordOf,
    Shape,
    Text,
    fields_of,
)
from git_registry.codec.tree import FORMAT
from git_registry.model import documents
from git_registry.model.digest import ALGORITHMS
from git_registry.model.documents.record import Document, Record
from git_registry.model.names import TEXT

Schema: TypeAlias = dict[str, Any]

_WORDS = re.compile(r"\w+(?:\|\w+)*")
_ATTRIBUTE = re.compile(r"^([a-z_]+(?:, [a-z_]+)*): (.*)$")
_DIGEST = rf"sha256:[0-9a-f]{{64}}|(?:{'|'.join(ALGORITHMS[1:])}):[\s\S]+"


def kinds() -> tuple[type[Document], ...]:
    """Return every kind of document there is, by name."""
    found: set[type[Document]] = set()
    for name in sorted(module.name for module in pkgutil.iter_modules(documents.__path__)):
        module = importlib.import_module(f"{documents.__name__}.{name}")
        found.update(cls for cls in vars(module).values() if _is_kind(cls))
    return tuple(sorted(found, key=lambda kind: kind.kind))


def _is_kind(cls: object) -> TypeGuard[type[Document]]:
    return isinstance(cls, type) and issubclass(cls, Document) and cls is not Document


def schema_of(kind: type[Document]) -> Schema:
    """Return the JSON Schema of one kind of document."""
    body = _record(RecordOf(kind))
    properties = {"format": {"const": FORMAT, "description": "The version of this format."}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"git-registry {kind.kind}, format {FORMAT}",
        **body,
        "properties": properties | body["properties"],
        "required": ["format", *body.get("required", [])],
    }


def file_name(kind: type[Document]) -> str:
    """Return what the schema of a kind is called in `schemas/`."""
    return f"{kind.kind}.v{FORMAT}.json"


def written(schema: Schema) -> str:
    """Return a schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _record(shape: RecordOf) -> Schema:
    known = fields_of(shape.record)
    described = dict(_attributes(shape.record))
    schema: Schema = {"type": "object", "description": (inspect.getdoc(shape.record) or "").split("\n")[0]}
    schema["properties"] = {name: _field(field, described.get(name)) for name, field in known.items()}
    required = [name for name, field in known.items() if field.required]
    if required:
        schema["required"] = required
    return schema | {"additionalProperties": False}


def _field(field: Field, description: str | None) -> Schema:
    schema = _schema(field.shape)
    return schema | {"description": description} if description else schema


def _attributes(record: type[Record]) -> Iterator[tuple[str, str]]:
    """Yield (field, description) from the `Attributes:` of a class's docstring."""
    _, _, section = (inspect.getdoc(record) or "").partition("Attributes:\n")
    for entry in dedent(section).replace("\n    ", " ").splitlines():
        found = _ATTRIBUTE.match(entry)
        if found:
            sentence = found[2][:1].upper() + found[2][1:]
            yield from ((name, sentence) for name in found[1].split(", "))


def _schema(shape: Shape) -> Schema:
    return _SCHEMA[type(shape)](shape)


def _text(shape: Text) -> Schema:
    schema: Schema = {"type": "string", "description": _sentence(shape.what)}
    if _WORDS.fullmatch(shape.rule.pattern):
        return schema | {"enum": shape.rule.pattern.split("|")}
    return schema if shape.rule is TEXT else schema | {"pattern": _anchored(shape.rule.pattern)}


def _list(shape: ListOf) -> Schema:
    return {"type": "array", "items": _schema(shape.item)}


def _map(shape: MapOf) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": _schema(shape.item)}
    return schema | {"propertyNames": {"pattern": _anchored(shape.key.rule.pattern)}} if shape.key else schema


def _anchored(pattern: str) -> str:
    return f"^(?:{pattern})$"


def _sentence(what: str) -> str:
    return f"{what[:1].upper()}{what[1:]}."


_SCHEMA: dict[type[Shape], Callable[[Any], Schema]] = {
    Text: _text,
    Hash: lambda shape: {
        "type": "string",
        "pattern": _anchored(_DIGEST),
        "description": _sentence(shape.what),
    },
    Count: lambda _shape: {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    Flag: lambda _shape: {"type": "boolean"},
    Measure: lambda _shape: {"type": "number"},
    Free: lambda _shape: {},
    ListOf: _list,
    MapOf: _map,
    RecordOf: _record,
}


def main(directory: Path) -> None:
    """Write the schema of every kind into `directory`."""
    for kind in kinds():
        (directory / file_name(kind)).write_text(written(schema_of(kind)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
