"""What a search asks for that nobody ever said: a mistyped metric, tag or alias."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.index.moment import Moment
from git_registry.index.opening import ask
from git_registry.index.search import vocabulary
from git_registry.index.search.row import Thing
from git_registry.model.filters import All, Any, Filter, Nor, Not, Test

_TREES = ("metrics", "metadata")
_MOST = 10


def doubts(catalog: Catalog, kind: Thing, filter: Filter, *, vain: bool) -> list[str]:  # noqa: A002
    """Return a sentence for each word in a filter that no such thing has, with the nearest that some have.

    Args:
        catalog: the clone.
        kind: of the things that shall pass.
        filter: what they shall pass.
        vain: did nothing pass? Then tags and aliases are looked up as well.
    """
    tests = list(_tests(filter))
    fields = dict.fromkeys(test.field for test in tests if _tree(test.field))
    texts = dict.fromkeys(pair for test in tests for pair in _texts(test)) if vain else {}
    if not fields and not texts:
        return []
    return ask(
        catalog, lambda moment: [*_fields(moment, fields), *_values(moment, kind, texts)], contents=True
    )


def check_order(catalog: Catalog, field: str) -> None:
    """See that some version has the metric or the metadata that others shall be sorted by.

    Raises:
        UsageError: none has; the nearest is suggested. Where nothing was ever measured, nothing is raised.
    """
    if not _tree(field):
        return

    def problem(moment: Moment) -> UsageError | None:
        known = _known(moment)
        if not known or vocabulary.is_used(moment, field):
            return None
        near = _nearest_field(field, known)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(known[:_MOST])}"
        return UsageError(f"no version has {field}", where="order", hint=hint)

    found = ask(catalog, problem, contents=True)
    if found:
        raise found


def _tests(filter: Filter) -> Iterator[Test]:  # noqa: A002 - what it is
    match filter:
        case Test():
            yield filter
        case Not(part):
            yield from _tests(part)
        case All(parts) | Any(parts) | Nor(parts):
            for part in parts:
                yield from _tests(part)


def _tree(field: str) -> str:
    tree, _, key = field.partition(".")
    return tree if key and tree in _TREES else ""


def _texts(test: Test) -> Iterator[tuple[str, str]]:
    """Yield the tags and aliases that a test asks for."""
    if test.field in ("tag", "alias") and test.operator in ("$eq", "$in"):
        values = test.operand if isinstance(test.operand, tuple) else (test.operand,)
        yield from ((test.field, value) for value in values if isinstance(value, str))


def _fields(moment: Moment, fields: dict[str, None]) -> Iterator[str]:
    for field in fields:
        if not vocabulary.is_used(moment, field):
            yield _sentence(f"no version has {field}", _nearest_field(field, _known(moment)))


def _values(moment: Moment, kind: Thing, texts: dict[tuple[str, str], None]) -> Iterator[str]:
    for field, text in texts:
        there = vocabulary.tags(moment, kind) if field == "tag" else ["latest", *vocabulary.aliases(moment)]
        if text not in there:
            yield _sentence(f"no {kind} has the {field} {text}", _nearest(text, there))


def _known(moment: Moment) -> list[str]:
    return [name for tree in _TREES for name in vocabulary.fields(moment, tree)]


def _sentence(problem: str, near: str) -> str:
    return f"{problem}; did you mean {near}?" if near else problem


def _nearest_field(field: str, known: Sequence[str]) -> str:
    """Return the field most like one: of the same name in the other tree, or of a similar name in its own."""
    tree, _, key = field.partition(".")
    for other in _TREES:
        if f"{other}.{key}" in known:
            return f"{other}.{key}"
    near = _nearest(key, [name.partition(".")[2] for name in known if _tree(name) == tree])
    return near and f"{tree}.{near}"


def _nearest(text: str, names: Sequence[str]) -> str:
    """Return the name most like a text, in whatever case, or an empty text."""
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in names}
    close = get_close_matches(text.casefold(), folded, n=1)
    return folded[close[0]] if close else ""
