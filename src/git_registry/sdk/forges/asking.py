"""Asking for review of a proposal, in the way that its remote offers."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.proposing import Placed, at
from git_registry.repository import history, remote
from git_registry.repository.tips import BRANCHES
from git_registry.repository.upstream import Upstream
from git_registry.sdk.forges import recognizing
from git_registry.sdk.forges.client import ask as ask_client
from git_registry.sdk.forges.forge import Pushing
from git_registry.sdk.forges.recognizing import Recognized, recognized
from git_registry.sdk.forges.request import Asked, How, Request, Unopened

_LONGEST = 240
"""Letters of a title; forges take 255."""

_SETTINGS = {
    "log.showSignature": "false",
    "color.ui": "false",
    "color.diff": "false",
    "i18n.logOutputEncoding": "UTF-8",
}
_AS_IT_IS = tuple(word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}"))
"""What makes git-request-pull(1), which asks porcelain, tell the same whatever its reader has set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What whoever proposes says of the request.

    Attributes:
        title: empty for the proposal's subject.
        body: Markdown.
        draft: is it not to be merged yet?
    """

    title: str = ""
    body: str = ""
    draft: bool = False


def announced(catalog: Catalog, branch: str, commit: str, wording: Wording | None = None) -> tuple[str, ...]:
    """Return the push options that ask for review, where nothing else here could.

    See `Catalog.announced`.
    """
    upstream = _upstream(catalog)
    found = upstream and recognized(catalog.repository, upstream.remote, catalog.environ)
    if not upstream or not found or found.forge.client(found.site, catalog.environ):
        return ()
    request = _request(catalog, upstream, branch, commit, wording or Wording())
    return found.forge.options(_after(catalog, request, at(catalog, branch)))


def ask(catalog: Catalog, placed: Placed, wording: Wording) -> Asked | None:
    """Ask for review of a proposal that is published; None where there is nobody to ask, or none is wanted.

    Whatever goes wrong is told in the answer.

    Raises:
        UsageError: git config names a forge that is not known.
    """
    upstream = _upstream(catalog)
    if upstream is None or placed.commit is None or not placed.is_published:
        return None
    found = recognized(catalog.repository, upstream.remote, catalog.environ)
    if found is None:
        silent = recognizing.is_silent(catalog.repository, upstream.remote)
        return None if silent else _by_mail(catalog, upstream, placed)
    request = _request(catalog, upstream, placed.branch, placed.commit, wording)
    request = _after(catalog, request, placed.replaced)
    try:
        done = _asked(catalog, upstream, found, placed, request)
    except Unopened as failure:
        return _by_hand(found, request, str(failure))
    return done or _by_hand(found, request)


def _asked(
    catalog: Catalog, upstream: Upstream, found: Recognized, placed: Placed, request: Request
) -> Asked | None:
    """Ask by what is here, the best first; None if nothing is."""
    forge = found.forge
    client = forge.client(found.site, catalog.environ)
    if client is not None:
        return ask_client(client, request, forge.noun)
    heard = forge.heard(placed.said)
    if heard is not None:
        return Asked(how=How.UPDATED if placed.replaced else How.OPENED, noun=forge.noun, url=heard)
    if forge.push is None:
        return None
    assert placed.commit is not None
    pushing = Pushing(
        repository=catalog.repository,
        remote=upstream.remote,
        commit=placed.commit,
        is_rewritten=placed.replaced is not None,
    )
    return forge.push(pushing, request)


def _by_hand(found: Recognized, request: Request, problem: str = "") -> Asked:
    url = found.forge.compare(found.site, request)
    return Asked(how=How.BY_HAND, noun=found.forge.noun, url=url, problem=_line(problem))


def _by_mail(catalog: Catalog, upstream: Upstream, placed: Placed) -> Asked | None:
    """Return the text of git-request-pull(1); None where it can't be made."""
    base = upstream.tracking and catalog.repository.ref(upstream.tracking)
    if not base:
        return None
    named = (upstream.remote, f"{placed.commit}:{BRANCHES}{placed.branch}")
    done = catalog.repository.git(*_AS_IT_IS, "request-pull", base, *named, check=False)
    if done.code != 0:
        return None
    return Asked(
        how=How.BY_MAIL,
        noun="request",
        command=shlex.join(("git", "request-pull", upstream.name, *named)),
        text=remote.without_credentials(done.text).strip("\n"),
    )


def _upstream(catalog: Catalog) -> Upstream | None:
    return remote.destination(catalog.repository, remote.default_branch(catalog.repository))


def _request(catalog: Catalog, upstream: Upstream, branch: str, commit: str, wording: Wording) -> Request:
    name = branch.removeprefix("proposals/")
    line = f"{_code(shlex.join(('git', 'registry', 'review', name)))} shows what it does, and what it takes."
    return Request(
        branch=branch,
        base=upstream.ref.removeprefix(BRANCHES),
        title=_line(wording.title or _subject(catalog, commit)) or name,
        body=wording.body or line,
        line=line,
        draft=wording.draft,
    )


def _after(catalog: Catalog, request: Request, replaced: str | None) -> Request:
    """Return the request with the title it had while the proposal was at another commit."""
    return replace(request, former=_line(_subject(catalog, replaced))) if replaced else request


def _subject(catalog: Catalog, commit: str) -> str:
    return history.subject(history.message(catalog.repository, commit))


def _code(text: str) -> str:
    """Return a text as code in Markdown, which ends where the text does: no backticks in it are its fence."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    apart = " " if "`" in text else ""
    return f"{fence}{apart}{_line(text)}{apart}{fence}"


def _line(text: str) -> str:
    """Return a text on one line, without letters that would steer whoever reads it."""
    shown = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
