"""Templates: `${name}` in the texts of a JSON value, filled with what is known of an event.

A name is one of W&B's variables or a field that `match` may ask for. What it stands for is text, wherever
it stands; keys stay as they are; what does not apply is empty. What was filled in is not looked into again,
and nothing that is known of an event is a secret, so none can come into a body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from git_registry.errors import UsageError
from git_registry.model.documents.record import Value
from git_registry.model.filters import EVENT, Fields
from git_registry.model.filters.values import MISSING, found
from git_registry.model.plain import as_json, plain

_OURS = (
    *("delivery", "automation", "automation_name", "commit", "time", "organization", "repository"),
    *("summary", "selector", "pinned", "artifact_version_string"),
)
_OF_RUNS = (
    *("run_status", "metric_name", "metric_values", "metric_filter", "metric_filter_short"),
    "metric_current_status",
)
"""W&B's for what starts from a run or its metric, as nothing does here: always empty."""

VARIABLES = Fields(
    "an event",
    {**EVENT.kinds, **dict.fromkeys(("run", "source"), "tree"), **dict.fromkeys((*_OURS, *_OF_RUNS), "text")},
    {**EVENT.spellings, "project_name": "registry", "entity_name": "organization", "run_name": "run.name"}
    | {"artifact_version": "pinned", "artifact_version_index": "number", "artifact_metadata": "metadata"},
)
"""What may stand between `${` and `}`: the parts of run and source, too."""

LONGEST = 1000
"""Characters of what one variable stands for; the rest is cut off."""

MOST = 50
LARGEST = 10_000
"""Variables of one template, and characters of it: what is made of it stays below GitHub's 64 kB."""

_LONGEST_NAME = 200
_MOST_FOUND = 1000
"""So that looking into large metadata ends soon, whoever wrote that and the template."""

_VARIABLE = re.compile(r"\$\{(?:([^{}]*)\})?")
_WANDB_METADATA = "artifact_metadata."
_SECRET = re.compile(r"[A-Z][A-Z0-9_]*")
"""W&B's `${ACCESS_TOKEN}`, or the name of any secret: a field is never called so."""


def variables(template: Value) -> Iterator[str]:
    """Yield the names between `${` and `}`, in order, each as often as it stands there."""
    for _, one in _texts(template):
        yield from (name[1] for name in _VARIABLE.finditer(one) if name[1] is not None)


def text(value: object) -> str:
    """Return a value as text: a list of texts with commas between, what is nested as JSON."""
    shown = plain(value)
    if isinstance(shown, list) and all(isinstance(one, str) for one in shown):
        shown = ",".join(shown)
    written = "" if shown is None else shown if isinstance(shown, str) else as_json(shown)
    return written if len(written) <= LONGEST else f"{written[: LONGEST - 1]}…"


def fill(template: Value, facts: Mapping[str, object], write: Callable[[object], str] = text) -> Value:
    """Return a template with texts in the places of its variables; `write` makes a text of a value."""
    if isinstance(template, str):
        return _VARIABLE.sub(lambda one: one[0] if one[1] is None else write(_known(one[1], facts)), template)
    if isinstance(template, Mapping):
        return {key: fill(value, facts, write) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [fill(value, facts, write) for value in template]
    return template


def problems(template: Value, where: str = "") -> Iterator[UsageError]:
    """Yield what is wrong with a template, each with its place in it; `where` is the template's own."""
    yield from _keys(template, where)
    for place, one in _texts(template, where):
        for name in _VARIABLE.finditer(one):
            yield from _problems(name[1], place)
    if sum(1 for _ in variables(template)) > MOST:
        yield UsageError(f"more than {MOST} variables", where=where)
    if len(as_json(template)) > LARGEST:
        yield UsageError(f"longer than {LARGEST:,} characters", where=where)


def _problems(name: str | None, place: str) -> Iterator[UsageError]:
    if name is None:
        yield UsageError("a '${' has no '}'", where=place)
    elif _SECRET.fullmatch(name):
        yield UsageError(
            f"{name} is no field of an event, and a secret never goes into a body",
            where=place,
            hint="name it as the action's secret or token: what is sent is signed by it, or carries it",
        )
    else:
        try:
            _field(name)
        except UsageError as problem:
            yield UsageError(problem.message, where=place, hint=problem.hint)


def _field(name: str) -> str:
    if len(name) > _LONGEST_NAME:
        raise UsageError(f"a variable's name has at most {_LONGEST_NAME} characters")
    if name.startswith(_WANDB_METADATA):
        name = f"metadata.{name.removeprefix(_WANDB_METADATA)}"
    return VARIABLES.find(name).name


def _known(name: str, facts: Mapping[str, object]) -> object:
    try:
        field = _field(name)
    except UsageError:
        return None  # where no hook holds a template against `problems`
    values = [one for one in islice(found(facts, field), _MOST_FOUND) if one is not MISSING]
    return values[0] if len(values) == 1 else values


def _texts(template: Value, where: str = "") -> Iterator[tuple[str, str]]:
    """Yield the texts in a value, each with its place."""
    if isinstance(template, str):
        yield where, template
    for place, value in _parts(template, where):
        yield from _texts(value, place)


def _keys(template: Value, where: str) -> Iterator[UsageError]:
    if isinstance(template, Mapping):
        for key in template:
            if _VARIABLE.search(key):
                yield UsageError(f"the key {key!r} has a variable; keys stay as they are", where=where)
    for place, value in _parts(template, where):
        yield from _keys(value, place)


def _parts(template: Value, where: str) -> Iterator[tuple[str, Value]]:
    if isinstance(template, Mapping):
        yield from ((f"{where}.{key}" if where else key, value) for key, value in template.items())
    elif isinstance(template, list | tuple):
        yield from ((f"{where}[{number}]", value) for number, value in enumerate(template))
