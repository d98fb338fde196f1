"""Gitea and Forgejo: the REST API, else a push to `refs/for/`, which makes a request of itself (AGit).

docs.gitea.com/usage/agit-setup, forgejo.org/docs/latest/user/agit-support; /api/swagger of any Gitea.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from git_registry.errors import RegistryError
from git_registry.repository import remote
from git_registry.sdk.forges.client import Client
from git_registry.sdk.forges.forge import Forge, Pushing
from git_registry.sdk.forges.http import Api
from git_registry.sdk.forges.request import DRAFTS, Asked, Existing, How, Request, Unopened, address, url_in
from git_registry.sdk.forges.site import Site

_HOSTS = ("gitea.com", "codeberg.org")
_NAMING = ("GITEA_SERVER_URL", "FORGEJO_SERVER_URL")
_NOUN = "pull request"
_MISSING, _EXISTS = 404, 409
_SAME = "same with old commit"
"""What it says of a push that brings nothing new."""


def _compare(site: Site, request: Request) -> str:
    return f"{site.page}/compare/{quote(request.base, safe='')}...{quote(request.branch)}"


def _title(request: Request) -> str:
    return f"{DRAFTS[1] if request.draft else ''}{request.title}"


@dataclass(frozen=True, slots=True)
class GiteaApi:
    """What the REST API does about one repository."""

    api: Api
    path: str

    def existing(self, request: Request) -> Existing | None:
        """See `Client`. What is found by its branches may be an older one, that was closed or merged."""
        named = f"{quote(request.base, safe='')}/{quote(request.branch)}"
        done = self.api.call("GET", f"{self._pulls}/{named}", taken=(_MISSING,))
        if done.status == _MISSING:
            return None
        try:
            if done.value["state"] == "open":
                return _existing(done.value)
            rows = self.api.call("GET", f"{self._pulls}?state=open&sort=recentupdate&limit=50").value
            return next((_existing(row) for row in rows if _is_of(row, request)), None)
        except (TypeError, KeyError):
            raise _strange() from None

    def open(self, request: Request) -> str | None:
        """See `Client`."""
        names = {"head": request.branch, "base": request.base}
        text = {"title": _title(request), "body": request.marked}
        done = self.api.call("POST", self._pulls, {**names, **text}, taken=(_EXISTS,))
        if done.status == _EXISTS:
            return None
        try:
            return address(done.value["html_url"])
        except (TypeError, KeyError):
            raise _strange() from None

    def rewrite(self, existing: Existing, title: str, body: str) -> None:
        """See `Client`."""
        self.api.call("PATCH", f"{self._pulls}/{existing.number}", {"title": title, "body": body})

    @property
    def _pulls(self) -> str:
        return f"/repos/{quote(self.path)}/pulls"


def _existing(row: Mapping[str, Any]) -> Existing:
    text = {"title": row["title"], "body": row["body"]}
    return Existing.told(number=row["number"], url=row["html_url"], **text)


def _is_of(row: Mapping[str, Any], request: Request) -> bool:
    head, base = row["head"], row["base"]
    names = (head["ref"], base["ref"])
    return names == (request.branch, request.base) and head["repo_id"] == base["repo_id"]


def _strange() -> Unopened:
    return Unopened("Gitea answered something else than its documentation says")


def _client(site: Site, environ: Mapping[str, str]) -> Client | None:
    token = site.token(environ, ("GITEA_TOKEN", "FORGEJO_TOKEN"), _HOSTS, _NAMING)
    if token is None:
        return None
    return GiteaApi(Api(top=f"{site.top}/api/v1", headers={"Authorization": f"token {token}"}), site.path)


def _push(pushing: Pushing, request: Request) -> Asked:
    """Push the proposal once more, as a request of its own; the topic is what makes it the same one again.

    Title and body are taken when it is opened, and not afterwards.
    """
    topic = request.branch.removeprefix("proposals/")
    options = [f"topic={topic}", f"title={_title(request)}", f"description={request.line}"]
    rewritten = ["force-push=true"] if pushing.is_rewritten else []
    refspec = f"{pushing.commit}:refs/for/{request.base}"
    try:
        done = remote.push(pushing.repository, pushing.remote, [refspec], push_options=[*options, *rewritten])
    except RegistryError as failure:
        raise Unopened(failure.message) from None
    is_same = _SAME in f"{done.said} {[ref.reason for ref in done.refs]}"
    if done.refused and not done.here and not is_same:
        raise Unopened(f"the hooks there take none by a push to refs/for/{request.base}")
    if not done.ok and not is_same:
        raise Unopened(f"the remote takes no request: {done.refs[0].reason or done.said}")
    known = pushing.is_rewritten or not done.ok
    return Asked(how=How.UPDATED if known else How.OPENED, noun=_NOUN, url=url_in(done.said))


FORGE = Forge(
    name="gitea",
    noun=_NOUN,
    hosts=_HOSTS,
    naming=_NAMING,
    compare=_compare,
    client=_client,
    push=_push,
)
