"""One question to the live server, and its answer: what is shown, as of when, and whether it changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from git_registry import __version__
from git_registry.catalog.catalog import Catalog
from git_registry.errors import InvalidDocument, NotFound, RegistryError, UsageError
from git_registry.model.plain import plain
from git_registry.model.sha256 import sha256
from git_registry.sdk.freshness import stamp
from git_registry.sdk.looking_back import last_date, look_back, require_own
from git_registry.sdk.standing import standing
from git_registry.web import addresses, published
from git_registry.web.addresses import Address
from git_registry.web.links import Live
from git_registry.web.page import Answer, Data, Moved, Page
from git_registry.web.pages import ROUTES
from git_registry.web.rendering import Chrome, render
from git_registry.web.routes import routed
from git_registry.web.site import Site

HTML, JSON = "text/html; charset=utf-8", "application/json"

_STATUS: Sequence[tuple[type[RegistryError], int]] = (
    (NotFound, 404),
    (UsageError, 400),
    (RegistryError, 503),
)
"""What a browser is told of an error, the first that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a browser asks for.

    Attributes:
        path: of the URL, without what the server is mounted at.
        query: name → the values it has behind the `?`.
        seen: the tags of what the browser has (RFC 9110, If-None-Match), as they were sent.
    """

    path: str
    query: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seen: str = ""

    @property
    def address(self) -> Address:
        """Return the page that is meant."""
        return addresses.parse(self.path)

    @property
    def at(self) -> str:
        """Return the date or commit that is looked back to; empty for now."""
        return self.query.get("at", ("",))[-1].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is sent back.

    Attributes:
        tag: of this page as it is now; empty where it may be another one next time.
        location: where to look instead, a relative link.
    """

    status: int = 200
    kind: str = HTML
    body: bytes = b""
    tag: str = ""
    location: str = ""


def answer(catalog: Catalog, asked: Asked) -> Answered:
    """Return what a browser is shown.

    Args:
        catalog: the clone seen from its default branch, which only this thread uses.
        asked: what it asks for.
    """
    there = catalog.seen_from(catalog.branch)
    notices: list[str] = []
    there.notify = notices.append
    tag = _tag(there, asked)
    if tag in (one.strip().removeprefix("W/") for one in asked.seen.split(",")):
        return Answered(status=304, tag=tag)
    site = _site(there, asked)
    if site.here.file and not site.here.file.endswith(".json"):
        return Answered(status=302, location=site.link(site.here.below(site.here.file)))
    try:
        if asked.at:
            _look_back(there, asked.at, notices)
    except RegistryError as problem:
        return _failed(_at_present(site), problem, notices)
    try:
        made = routed(ROUTES, site)
    except RegistryError as problem:
        return _failed(site, problem, notices)
    return _sent(made, site, tag, notices)


def _look_back(there: Catalog, at: str, notices: list[str]) -> None:
    """Let a clone show what was there then.

    Raises:
        NotFound: nothing was there yet.
        UsageError: it is neither a date nor a commit of the default branch.
    """
    said: list[str] = []
    there.notify = said.append
    look_back(there, at)
    require_own(there)
    there.notify = notices.append
    # Which commit a date means stands above every page.
    notices += said[1:] if there.date else said


def _at_present(site: Site) -> Site:
    """Return the site of who can't look back to where they wanted: what they may go on to is of now."""
    site.catalog.commit = site.catalog.date = None
    return replace(site, at="", links=Live(site.here))


def _tag(catalog: Catalog, asked: Asked) -> str:
    """Return the tag of a page: it is another one as soon as anything is that a page may show.

    Everything that a page shows follows from the clone and from what is asked; that the clock goes on shows
    by a script alone.
    """
    told = (__version__, asked.path, sorted(asked.query.items()), stamp(catalog))
    return f'"{sha256(repr(told).encode()).hexdigest()[:32]}"'


def _site(catalog: Catalog, asked: Asked) -> Site:
    several = {name: values for name, values in asked.query.items() if name != "at"}
    return Site(
        catalog=catalog,
        here=asked.address,
        links=Live(asked.address, asked.at),
        now=catalog.clock(),
        query={name: values[-1] for name, values in several.items()},
        several=several,
        at=asked.at,
    )


def _sent(made: Answer, site: Site, tag: str, notices: Sequence[str]) -> Answered:
    match made:
        case Moved(to):
            return Answered(status=302, location=site.link(to))
        case Data(value, is_lasting):
            return Answered(kind=JSON, body=as_json(value), tag=tag if is_lasting else "")
        case Page():
            return Answered(
                status=_status(made.problem) if made.problem else 200,
                body=render(made, site, _chrome(site, notices)).encode(),
                tag=tag if made.is_lasting else "",
            )


def as_json(value: object) -> bytes:
    """Return data as a script reads it."""
    return json.dumps(plain(value), separators=(",", ":"), allow_nan=False).encode()


def _failed(site: Site, problem: RegistryError, notices: Sequence[str]) -> Answered:
    status = _status(problem)
    if problem.where == "--at":
        problem.where = ""  # here it is no option
    made = told(problem, site.here)
    if isinstance(made, Data):
        return Answered(status=status, kind=JSON, body=as_json(made.value))
    chrome = _chrome(site, notices)
    if isinstance(problem, NotFound):
        made = replace(made, values={**made.values, **_ways_on(site)})
    return Answered(status=status, body=render(made, site, chrome).encode())


def _ways_on(site: Site) -> dict[str, object]:
    """Return where whoever looks for what is not there may go: the nearest page above it, and it now."""
    parts = site.here.parts
    above = (Address(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    now = _at_present(replace(site, catalog=site.catalog.seen_from(site.catalog.branch)))
    return {
        "above": next(
            (one for one in above if _is_there(replace(site, here=one, query={}, several={}))), None
        ),
        "is_there_now": _is_there(now),
    }


def _is_there(site: Site) -> bool:
    try:
        return bool(routed(ROUTES, site))
    except RegistryError:
        return False


def _status(problem: RegistryError) -> int:
    return next(status for kind, status in _STATUS if isinstance(problem, kind))


def told(problem: RegistryError, there: Address) -> Page | Data:
    """Return what is shown of an error where a page was to be, or what a script asked for."""
    if there.file:
        said = {"message": problem.message, "where": problem.where, "hint": problem.hint}
        return Data({"error": said})
    titles = ((NotFound, "Not found"), (UsageError, "Not understood"), (RegistryError, "Not to be read"))
    title = next(title for kind, title in titles if isinstance(problem, kind))
    values = {"problem": problem, "above": None, "is_there_now": False}
    return Page(template="problem.html", title=title, values=values, section="")


def _chrome(site: Site, notices: Sequence[str]) -> Chrome:
    return Chrome(
        organization=organization(site.catalog),
        branch=standing(site.catalog).shown,
        tip=site.catalog.tip() or "",
        date=last_date(site.catalog) if site.at else None,
        notices=(*published.notices(site), *notices),
    )


def organization(catalog: Catalog) -> str:
    """Return what the organization is called, whether or not its document can be read."""
    try:
        return catalog.present().organization().name
    except (NotFound, InvalidDocument):
        return "registry"
