"""A filter as a command line gives it: JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from git_registry.errors import UsageError
from git_registry.model.filters.document import DEEPEST, parse
from git_registry.model.filters.expression import Filter
from git_registry.model.filters.fields import Fields

_EXAMPLE = """a filter looks like '{"metrics.auc": {"$gte": 0.9}, "tag": "eu"}'"""


def parse_json(text: str, fields: Fields) -> Filter:
    """Read a filter from JSON.

    Raises:
        UsageError: it is no JSON, says something twice or not at all (NaN), or is no filter.
    """
    return parse(_loaded(text), fields)  # type: ignore[arg-type]  # what is no mapping is an error there


def _loaded(text: str) -> object:
    import json  # late: gates come as YAML

    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except UsageError:
        raise
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        message = f"not JSON at {place}: {problem.msg[:1].lower()}{problem.msg[1:]}"
        raise UsageError(message, where="filter", hint=_EXAMPLE) from None
    except RecursionError:
        raise UsageError(f"nested deeper than {DEEPEST} levels", where="filter") from None
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise UsageError("a number has too many digits", where="filter") from None


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    document: dict[str, object] = {}
    for key, value in pairs:
        if key in document:
            raise UsageError(f"the key {key!r} is repeated", where="filter", hint="join them with $and")
        document[key] = value
    return document


def _no_number(word: str) -> NoReturn:
    raise UsageError(f"{word} is no JSON", where="filter")
