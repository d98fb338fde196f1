"""What a page function returns: a template with what stands in it, data, or another address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from git_registry.errors import RegistryError
from git_registry.web.addresses import Address


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the home page."""

    name: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page.

    Attributes:
        template: a file in `templates/`.
        title: what the browser shows of it; anybody's words.
        crumbs: the way to it, itself last.
        values: what the template shows.
        scripts: files of `static/` that it needs besides those of every page.
        section: which entry of the navigation it belongs to.
        is_lasting: is it the same until something is committed or fetched?
        problem: why it is not all that was asked for; a browser is told so.
    """

    template: str
    title: str
    crumbs: Sequence[Crumb] = ()
    values: Mapping[str, object] = field(default_factory=dict)
    scripts: Sequence[str] = ()
    section: str = "registries"
    is_lasting: bool = True
    problem: RegistryError | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """What a script on a page asks for, JSON.

    Attributes:
        is_lasting: is it the same until something is committed or fetched?
    """

    value: object
    is_lasting: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """What stands at another address now: an alias stands for its version."""

    to: Address


Answer: TypeAlias = Page | Data | Moved
