"""The operators of one field: `{"$gte": 0.9, "$lt": 1}` → tests. One more operator is one more line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from git_registry.errors import UsageError
from git_registry.model.filters.expression import Any, Filter, Not, Test, every
from git_registry.model.filters.fields import LONGEST, Field, nearest
from git_registry.model.filters.numeric import no_number, no_order
from git_registry.model.filters.values import is_number, shown
from git_registry.model.selector import WANDB_PREFIX

Reader: TypeAlias = Callable[[Field, object, str], Filter]
"""Makes a filter of a field, what stands beside the operator, and where that is."""


def condition(field: Field, expression: object, at: str) -> Filter:
    """Return the filter that `expression` puts on a field: operators, or a value that it shall equal.

    Raises:
        UsageError: an operator is unknown, or does not take what stands beside it.
    """
    if not isinstance(expression, Mapping) or not any(str(key).startswith("$") for key in expression):
        return _equals(field, expression, at)
    return every(
        _reader(name, inside(at, name))(field, operand, inside(at, name))
        for name, operand in _with_options(expression, at).items()
    )


def inside(at: str, step: object) -> str:
    """Return the place of a key in the mapping at `at`; of a long one the beginning."""
    key = str(step)[:LONGEST]
    return f"{at}.{key}" if at else key


def unknown(name: object, known: Mapping[str, object], at: str, further: str = "") -> UsageError:
    """Return the error that names the operators known in this place."""
    hint = further or f"{nearest(str(name), known)}operators: {' '.join(known)}"
    return UsageError(f"{name!r} is no operator here", where=at, hint=hint)


def _reader(name: object, at: str) -> Reader:
    if isinstance(name, str) and name in READERS:
        return READERS[name]
    combining = "$and, $or and $nor take whole documents: write them outside the field"
    raise unknown(name, READERS, at, combining if name in ("$and", "$or", "$nor") else "")


def _with_options(expression: Mapping[str, object], at: str) -> Mapping[str, object]:
    """Return the operators with `$options` put in front of the pattern, as `(?i)`."""
    if "$options" not in expression:
        return expression
    options, pattern = expression["$options"], expression.get("$regex")
    if not isinstance(options, str) or set(options) - set("ims"):
        raise UsageError(
            f"expected some of the letters i, m and s, found {options!r}", where=inside(at, "$options")
        )
    if not isinstance(pattern, str):
        raise UsageError("$options stands beside a $regex", where=inside(at, "$options"))
    rest = {name: operand for name, operand in expression.items() if name != "$options"}
    return {**rest, "$regex": f"(?{options}){pattern}" if options else pattern}


def _value(field: Field, operand: object, at: str) -> object:
    if isinstance(operand, str):
        if field.kind == "place":
            return operand.removeprefix(WANDB_PREFIX)
        if field.kind == "date":
            return _placed(_instant, operand, at)
    return _plain(operand, at)


def _instant(text: str) -> str:
    from git_registry.model import dates  # late: most filters have no date

    return dates.timestamp(dates.first_moment(text))


def _placed(read: Callable[[str], str], text: str, at: str) -> str:
    try:
        return read(text)
    except UsageError as problem:
        raise UsageError(problem.message, where=at, hint=problem.hint) from None


def _plain(operand: object, at: str) -> object:
    """Return a value that can't change any more where it can be helped, and holds what JSON can say."""
    if isinstance(operand, float) and operand != operand:
        raise UsageError("NaN equals nothing, not even itself", where=at)
    if isinstance(operand, list | tuple):
        return tuple(_plain(item, f"{at}[{index}]") for index, item in enumerate(operand))
    if isinstance(operand, Mapping):
        return {key: _plain(operand[key], inside(at, key)) for key in map(_key(at), operand)}
    if operand is None or isinstance(operand, str | int | float):
        return operand
    raise UsageError(f"expected a value as JSON has them, found a {type(operand).__name__}", where=at)


def _key(at: str) -> Callable[[object], str]:
    def key(name: object) -> str:
        if isinstance(name, str) and not name.startswith("$"):
            return name
        raise UsageError(
            f"{name!r} can't be a key of a value", where=at, hint="operators stand by themselves"
        )

    return key


def _equals(field: Field, operand: object, at: str) -> Filter:
    return Test(field.name, "$eq", _value(field, operand, at))


def _ordered(operator: str) -> Reader:
    def read(field: Field, operand: object, at: str) -> Filter:
        if field.kind == "version":
            raise no_order(operator, operand, at)
        if field.kind == "number" and not is_number(operand):
            raise no_number(field, operand, at)
        if not (is_number(operand) or isinstance(operand, str)):
            raise UsageError(f"{operator} takes a number or a text, found {shown(operand)}", where=at)
        return Test(field.name, operator, _value(field, operand, at))

    return read


def _is_in(field: Field, operand: object, at: str) -> Filter:
    return Test(field.name, "$in", _values(field, operand, at))


def _holds_all(field: Field, operand: object, at: str) -> Filter:
    values = _values(field, operand, at)
    # MongoDB: all of nothing is held by nobody.
    return every(Test(field.name, "$eq", value) for value in values) if values else Any(())


def _values(field: Field, operand: object, at: str) -> tuple[object, ...]:
    if not isinstance(operand, list | tuple):
        raise UsageError(f"expected a list, found {shown(operand)}", where=at)
    return tuple(_value(field, item, f"{at}[{index}]") for index, item in enumerate(operand))


def _exists(field: Field, operand: object, at: str) -> Filter:
    if not isinstance(operand, bool):
        raise UsageError(f"$exists takes true or false, found {shown(operand)}", where=at)
    there = Test(field.name, "$exists", operand=True)
    return there if operand else Not(there)


def _contains(field: Field, operand: object, at: str) -> Filter:
    if operand is None or isinstance(operand, list | tuple | Mapping):
        raise UsageError(
            f"$contains takes a text, a number or a truth value, found {shown(operand)}", where=at
        )
    value = _plain(operand, at) if field.kind == "date" else _value(field, operand, at)
    return Test(field.name, "$contains", value)


def _has_size(field: Field, operand: object, at: str) -> Filter:
    if not isinstance(operand, int) or isinstance(operand, bool) or operand < 0:
        raise UsageError(f"$size takes a count, found {shown(operand)}", where=at)
    return Test(field.name, "$size", operand)


def _finds(field: Field, operand: object, at: str) -> Filter:
    from git_registry.model.filters.automaton import readable  # late: most filters have no pattern
    from git_registry.model.filters.pattern import without_prefix

    if not isinstance(operand, str):
        raise UsageError(f"$regex takes a text, found {shown(operand)}", where=at)
    pattern = without_prefix(operand, WANDB_PREFIX) if field.kind == "place" else operand
    return Test(field.name, "$regex", _placed(readable, pattern, at))


def _negated(field: Field, operand: object, at: str) -> Filter:
    if (
        not isinstance(operand, Mapping)
        or not operand
        or not all(str(key).startswith("$") for key in operand)
    ):
        raise UsageError(
            f"$not takes operators, found {shown(operand)}", where=at, hint='as in {"$not": {"$gt": 3}}'
        )
    return Not(condition(field, operand, at))


def _opposite(read: Reader) -> Reader:
    return lambda field, operand, at: Not(read(field, operand, at))


READERS: Mapping[str, Reader] = {
    "$eq": _equals,
    "$ne": _opposite(_equals),
    "$gt": _ordered("$gt"),
    "$gte": _ordered("$gte"),
    "$lt": _ordered("$lt"),
    "$lte": _ordered("$lte"),
    "$in": _is_in,
    "$nin": _opposite(_is_in),
    "$all": _holds_all,
    "$size": _has_size,
    "$exists": _exists,
    "$contains": _contains,
    "$regex": _finds,
    "$not": _negated,
}
