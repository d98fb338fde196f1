"""Pages as HTML: what somebody else wrote shows as what it is, and does nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup, escape

from git_registry import __version__
from git_registry.model.dates import parse_date
from git_registry.model.plain import plain
from git_registry.model.selector import of_version
from git_registry.model.sha256 import sha256
from git_registry.web import addresses
from git_registry.web.addresses import Address
from git_registry.web.hues import hue
from git_registry.web.markdown import as_html
from git_registry.web.page import Page
from git_registry.web.site import Site
from git_registry.wording.amounts import amount
from git_registry.wording.durations import duration
from git_registry.wording.letters import seen
from git_registry.wording.sizes import counted, size

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
"""What a page may load (Content Security Policy Level 3): its own files, and nothing inline."""


@dataclass(frozen=True, slots=True)
class Chrome:
    """What stands around every page.

    Attributes:
        organization: its name.
        branch: whose commits are shown: `main`, `origin/main`; empty where no commit is named.
        tip: the commit that is shown; empty where that would change every page of an export.
        date: when that was, where somebody looks back; none for now.
        notices: what the reading verbs told, a line each.
    """

    organization: str
    branch: str = ""
    tip: str = ""
    date: datetime | None = None
    notices: tuple[str, ...] = ()


def render(page: Page, site: Site, chrome: Chrome) -> str:
    """Return a page as HTML."""
    return (
        _environment()
        .get_template(page.template)
        .render(
            **page.values,
            page=page,
            site=site,
            chrome=chrome,
            policy=POLICY,
            link=site.link,
            asset=_asset(site),
        )
    )


def _asset(site: Site) -> Callable[[str], str]:
    """Return what gives the link to a file of `static/`, which is another one as soon as the package is."""

    def asset(name: str) -> str:
        there = Address((*addresses.ASSETS.parts, *name.split("/")[:-1]), name.rpartition("/")[2])
        return there.relative_to(site.here) + (f"?{_edition()}" if site.links.is_live else "")

    return asset


@cache
def _edition() -> str:
    """Return a text that is another one as soon as a file of `static/` is."""
    found = sha256(__version__.encode())
    for one in sorted(files("git_registry.web").joinpath("static").iterdir(), key=lambda one: one.name):
        if one.is_file():
            found.update(one.read_bytes())
    return found.hexdigest()[:12]


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("git_registry.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.globals |= {"address": addresses, "counted": counted, "of_version": of_version}
    made.filters |= {
        "amount": amount,
        "data": as_data,
        "day": _day,
        "duration": duration,
        "hue": hue,
        "json": _indented,
        "markdown": as_html,
        "number": _number,
        "of": addresses.of,
        "sentence": _sentence,
        "size": _size,
        "ticked": ticked,
        "when": when,
    }
    return made


def _shown(value: object) -> object:
    """Return text whose letters are seen: one that turns the reading direction turns nothing."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else seen(str(value), "\n\t") if isinstance(value, str) else value


def _number(count: int) -> str:
    return f"{count:,}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _size(count: int | None) -> str:
    return "unknown" if count is None else size(count)


def when(at: datetime | str | None) -> Markup:
    """Return a time as an element that says all of it, and that a script may write shorter."""
    moment = parse_date(at) if isinstance(at, str) else at
    if moment is None:
        return escape(seen(str(at or "")))
    there = moment.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        there.strftime("%Y-%m-%dT%H:%M:%SZ"), there.strftime("%Y-%m-%d %H:%M")
    )


def ticked(text: str) -> Markup:
    """Return a sentence in which what stands between backticks, a command, looks like one."""
    shown = (seen(part, "\n\t") for part in text.split("`"))
    parts = [
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(shown)
    ]
    return Markup().join(parts) if len(parts) % 2 else escape(seen(text, "\n\t"))


def _day(at: datetime | str | None) -> str:
    moment = parse_date(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).strftime("%Y-%m-%d") if moment else ""


def as_data(value: object) -> Markup:
    """Return a value as JSON that may stand in a `<script>` of data, which a `<` could end."""
    text = json.dumps(plain(value), ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - no letter of it means anything to HTML


def _indented(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False, indent=2)
