"""What a user types to name something: `model`, `model/churn:production`, `model/churn@3fa94c1b`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from git_registry.errors import NotFound, UsageError
from git_registry.model.layout import PROJECTS
from git_registry.model.names import ALIAS, NAME, PLACE

_NUMBER = re.compile(r"v(0|[1-9][0-9]*)\??")
_DIGITS = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")
WANDB_PREFIX = "wandb-registry-"
_DEEPEST = 2
_MOST_DIGITS = 18
"""Of a number, as an index can look one up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """A registry, a collection, or one version of a collection.

    At most one of `alias`, `number`, `digits` and `latest` is set; none means the collection or the
    registry itself.

    Attributes:
        mount: the mounted repository it is in; empty for the organization's own.
        project: is `registry` a project and `collection` an artifact in it?
        number: as in `:v3`, counted from 0.
        digits: the first hex digits, at least four, of the version's digest.
        latest: the highest number that is linked.
    """

    registry: str
    collection: str | None = None
    mount: str = ""
    project: bool = False
    alias: str | None = None
    number: int | None = None
    digits: str | None = None
    latest: bool = False

    @property
    def path(self) -> str:
        """Return the registry's or collection's path, `model` or `model/churn`."""
        return f"{self.registry}/{self.collection}" if self.collection else self.registry

    @property
    def above(self) -> str:
        """Return what stands before its path where a person names it: `secret/`, `projects/`."""
        return f"{self.mount}/" * bool(self.mount) + PROJECTS * self.project

    @property
    def names_version(self) -> bool:
        """Does it name one version, not a whole collection or registry?"""
        return self.latest or any(part is not None for part in (self.alias, self.number, self.digits))

    def __str__(self) -> str:
        path = f"{self.above}{self.path}"
        if self.digits is not None:
            return f"{path}@{self.digits}"
        if self.number is not None:
            return f"{path}:v{self.number}"
        if self.latest:
            return f"{path}:latest"
        return f"{path}:{self.alias}" if self.alias is not None else path


def parse(text: str, *, organization: str = "") -> Selector:
    """Read a selector.

    W&B's spellings are understood: `wandb-registry-model/churn:v3`, with or without the
    organization in front (DESIGN §3.4). Whether the first part is a registry's name or its title
    is for whoever has the registries at hand.

    Raises:
        UsageError: it is none; the message says which part is wrong.
        NotFound: it names a version by a number that nobody can count to.
    """
    path, at, digits = text.partition("@")
    path, colon, name = path.partition(":")
    if at and colon:
        raise UsageError(f"{text!r} has both ':' and '@'", hint=_EXAMPLES)
    place = _place(text, path.strip("/").split("/"), organization)
    if (at or colon) and place.collection is None:
        raise UsageError(f"{text!r} names a version but no collection", hint=_EXAMPLES)
    if at:
        return replace(place, digits=_digits(text, digits))
    if colon:
        return _named(text, place, name)
    return place


def parse_run(text: str, *, organization: str = "") -> tuple[str, str] | None:
    """Return project and id of a run, `projects/churn/runs/k3j2h1`, or None if the text names no run."""
    own = text.removeprefix(f"{organization}/") if organization else text
    if not own.startswith(PROJECTS):
        return None
    match own.removeprefix(PROJECTS).split("/"):
        case [project, "runs", run] if not (PLACE.problem(project) or NAME.problem(run)):
            return project, run
    return None


def of_version(collection: str, shown: str) -> str:
    """Return the selector of a version, as it is shown in its collection: by `v3`, `v3?` or `@3fa94c1b`."""
    return f"{collection}{shown}" if shown.startswith("@") else f"{collection}:{shown}"


_AUTOMATIONS = "automations"
"""A directory that no collection is called."""

_EXAMPLES = (
    "a selector looks like model, model/churn, model/churn:production, model/churn:v3 or model/churn@3fa94c1b"
)


def _place(text: str, parts: list[str], organization: str) -> Selector:
    if len(parts) > 1 and organization and parts[0] == organization:
        parts = parts[1:]
    project = f"{parts[0]}/" == PROJECTS and len(parts) > 1
    if project:
        parts = parts[1:]
    if len(parts) == _DEEPEST + 1 and parts[1].startswith(WANDB_PREFIX):
        parts = parts[1:]
    if _AUTOMATIONS in parts[1:-1]:
        raise UsageError(
            f"{text!r} is an automation, and here something else is named",
            hint="`git registry automation` shows, changes and removes it",
        )
    if not 1 <= len(parts) <= _DEEPEST or not parts[0]:
        raise UsageError(f"{text!r} is no selector", hint=_EXAMPLES)
    if not project:
        parts = [parts[0].removeprefix(WANDB_PREFIX), *parts[1:]]
    for collection in parts[1:]:
        problem = PLACE.problem(collection)
        if problem:
            raise UsageError(f"{text!r} is no selector: {problem}", hint=_EXAMPLES)
    return Selector(registry=parts[0], collection=parts[1] if len(parts) > 1 else None, project=project)


def _digits(text: str, digits: str) -> str:
    found = _DIGITS.fullmatch(digits)
    if not found:
        raise UsageError(
            f"{text!r}: after '@' comes a digest or its first hex digits, at least four", hint=_EXAMPLES
        )
    return found[1]


def _named(text: str, place: Selector, name: str) -> Selector:
    if name == "latest":
        return replace(place, latest=True)
    number = _NUMBER.fullmatch(name)
    if number:
        return replace(place, number=_number(place, number[1]))
    problem = ALIAS.problem(name)
    if problem:
        raise UsageError(f"{text!r} is no selector: {problem}", hint=_EXAMPLES)
    return replace(place, alias=name)


def _number(place: Selector, digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise NotFound(
            f"there is no version v{digits[:_MOST_DIGITS]}…",
            where=place.path,
            hint=f"a version's number has at most {_MOST_DIGITS} digits",
        )
    return int(digits)
