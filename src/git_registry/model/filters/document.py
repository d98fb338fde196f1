"""Filter documents, in MongoDB's words → filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from git_registry.errors import UsageError
from git_registry.model.filters.expression import Filter, Not, every, none, some
from git_registry.model.filters.fields import Field, Fields
from git_registry.model.filters.operators import READERS, condition, inside, unknown

DEEPEST = 16


def parse(document: Mapping[str, object], fields: Fields, *, where: str = "filter") -> Filter:
    """Read a filter: `{"tag": "eu", "metrics.auc": {"$gte": 0.9}}`.

    Args:
        document: as JSON or YAML gave it.
        fields: what may be asked.
        where: what an error shall call the document.

    Raises:
        UsageError: it is none. The error says where in the document, and what would be one.
    """
    try:
        _check_depth(document)
        return _document(document, fields, "")
    except UsageError as problem:
        place = f"{where}: {problem.where}" if problem.where else where
        raise UsageError(problem.message, where=place, hint=problem.hint) from None


def _check_depth(document: object) -> None:
    if _deeper(document, DEEPEST):
        raise UsageError(f"nested deeper than {DEEPEST} levels")


def _deeper(value: object, levels: int) -> bool:
    if isinstance(value, Mapping):
        return not levels or any(_deeper(item, levels - 1) for item in value.values())
    if isinstance(value, list | tuple):
        return not levels or any(_deeper(item, levels - 1) for item in value)
    return False


def _document(document: object, fields: Fields, at: str) -> Filter:
    if not isinstance(document, Mapping):
        kind = type(document).__name__
        raise UsageError(f"expected a filter, found a {kind}", where=at, hint='as in {"tag": "eu"}')
    parts: list[Filter] = []
    spelled: dict[str, str] = {}
    for name, operand in document.items():
        here = inside(at, name)
        if str(name).startswith("$"):
            parts.append(_combined(name, operand, fields, here))
            continue
        field = _field(name, fields, here)
        first = spelled.setdefault(field.name, name)
        if first != name:
            raise UsageError(
                f"{first!r} and {name!r} are the same field", where=here, hint="give one of them"
            )
        parts.append(condition(field, operand, here))
    return every(parts)


def _combined(name: str, operand: object, fields: Fields, at: str) -> Filter:
    if name == "$not":
        return Not(_document(operand, fields, at))
    if name not in COMBINING:
        beside = f'it stands beside a field, as in {{"tag": {{"{name}": …}}}}' if name in READERS else ""
        raise unknown(name, {**COMBINING, **READERS}, at, beside)
    if not isinstance(operand, list | tuple) or not operand:
        raise UsageError(
            f"{name} takes a list of filters", where=at, hint=f'as in {{"{name}": [{{…}}, {{…}}]}}'
        )
    return COMBINING[name](_document(item, fields, f"{at}[{index}]") for index, item in enumerate(operand))


def _field(name: object, fields: Fields, at: str) -> Field:
    if not isinstance(name, str):
        raise UsageError(f"a field is named by a text, found {name!r}", where=at)
    try:
        return fields.find(name)
    except UsageError as problem:
        raise UsageError(problem.message, where=at, hint=problem.hint) from None


COMBINING: Mapping[str, Callable[[Iterable[Filter]], Filter]] = {"$and": every, "$or": some, "$nor": none}
