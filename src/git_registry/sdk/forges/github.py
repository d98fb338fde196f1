"""GitHub, and GitHub Enterprise: `gh`, else the REST API.

gh_pr_create(1), gh_pr_edit(1); docs.github.com/rest/pulls/pulls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from git_registry.sdk.forges import tool
from git_registry.sdk.forges.client import Client
from git_registry.sdk.forges.forge import Forge
from git_registry.sdk.forges.http import Api
from git_registry.sdk.forges.request import Request, Standing, Unopened
from git_registry.sdk.forges.site import Site

_HOSTS = ("github.com",)
_NAMING = ("GH_HOST", "GITHUB_SERVER_URL")
_FIELDS = "number,url,title,body,isCrossRepository"
_EXISTS = 422
_FEW = "20"


def _compare(site: Site, request: Request) -> str:
    return f"{site.page}/compare/{quote(request.base)}...{quote(request.branch)}?expand=1"


@dataclass(frozen=True, slots=True)
class Gh:
    """What `gh` does about one repository."""

    site: Site

    def standing(self, request: Request) -> Standing | None:
        """See `Client`. A fork may have a branch of the same name."""
        asked = ("--head", request.branch, "--base", request.base, "--state", "open")
        rows = tool.rows("gh", "pr", "list", *self._where, *asked, "--json", _FIELDS, "--limit", _FEW)
        try:
            own = [row for row in rows if not row["isCrossRepository"]]
            return _standing(own[0], own[0]["url"]) if own else None
        except KeyError:
            raise _strange() from None

    def open(self, request: Request) -> str | None:
        """See `Client`."""
        names = ("--head", request.branch, "--base", request.base, "--title", request.title)
        draft = ("--draft",) if request.draft else ()
        return tool.opened(
            *("gh", "pr", "create", *self._where, *names, *draft, "--body-file", "-"), told=request.marked
        )

    def rewrite(self, standing: Standing, title: str, body: str) -> None:
        """See `Client`."""
        changed = ("--title", title, "--body-file", "-")
        tool.run("gh", "pr", "edit", str(standing.number), *self._where, *changed, told=body)

    @property
    def _where(self) -> tuple[str, str]:
        return "--repo", f"{self.site.host}/{self.site.path}"


@dataclass(frozen=True, slots=True)
class GithubApi:
    """What the REST API does about one repository."""

    api: Api
    path: str

    def standing(self, request: Request) -> Standing | None:
        """See `Client`. The head's owner is said, so that no fork's is found."""
        owner = self.path.partition("/")[0]
        asked = {"state": "open", "head": f"{owner}:{request.branch}", "base": request.base}
        rows = self.api.call("GET", f"{self._pulls}?{urlencode(asked)}").value
        try:
            return _standing(rows[0], rows[0]["html_url"])
        except IndexError:
            return None
        except (TypeError, KeyError):
            raise _strange() from None

    def open(self, request: Request) -> str | None:
        """See `Client`."""
        payload: dict[str, object] = {"title": request.title, "head": request.branch, "base": request.base}
        payload |= {"body": request.marked, **({"draft": True} if request.draft else {})}
        done = self.api.call("POST", self._pulls, payload, taken=(_EXISTS,))
        if done.status == _EXISTS:
            _require_existing(done.value)
            return None
        try:
            return str(done.value["html_url"])
        except (TypeError, KeyError):
            raise _strange() from None

    def rewrite(self, standing: Standing, title: str, body: str) -> None:
        """See `Client`."""
        self.api.call("PATCH", f"{self._pulls}/{standing.number}", {"title": title, "body": body})

    @property
    def _pulls(self) -> str:
        return f"/repos/{quote(self.path)}/pulls"


def _standing(row: Mapping[str, Any], url: str) -> Standing:
    return Standing(number=row["number"], url=url, title=row["title"], body=row["body"] or "")


def _require_existing(value: object) -> None:
    """Check that a refusal means that one is open already; raise `Unopened` if it means anything else."""
    told = value.get("errors") if isinstance(value, dict) else None
    said = [str(one.get("message", one)) for one in told or () if isinstance(one, dict)]
    if not any("already exists" in one for one in said):
        raise Unopened(f"GitHub refused it: {'; '.join(said) or 'it says not why'}")


def _strange() -> Unopened:
    return Unopened("GitHub answered something else than its documentation says")


def _client(site: Site, environ: Mapping[str, str]) -> Client | None:
    if tool.is_installed("gh", environ):
        return Gh(site)
    token = site.token(environ, ("GH_TOKEN", "GITHUB_TOKEN"), _HOSTS, _NAMING)
    if token is None:
        return None
    top = "https://api.github.com" if site.host in _HOSTS else f"{site.top}/api/v3"
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return GithubApi(Api(top=top, headers={**headers, "Authorization": f"Bearer {token}"}), site.path)


def knows(host: str, environ: Mapping[str, str]) -> bool:
    """Is its user logged in to a host with `gh`, so that GitHub is what is there?"""
    if not tool.is_installed("gh", environ):
        return False
    try:
        tool.run("gh", "auth", "status", "--hostname", host)
    except Unopened:
        return False
    return True


FORGE = Forge(
    name="github", noun="pull request", hosts=_HOSTS, naming=_NAMING, compare=_compare, client=_client
)
