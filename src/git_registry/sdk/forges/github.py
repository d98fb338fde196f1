"""GitHub, and GitHub Enterprise: `gh`, else the REST API.

gh_pr_create(1), gh_pr_edit(1); docs.github.com/rest/pulls/pulls.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from git_registry.sdk.forges.client import Client
from git_registry.sdk.forges.forge import Forge
from git_registry.sdk.forges.http import Api
from git_registry.sdk.forges.request import Existing, Request, Unopened, address
from git_registry.sdk.forges.site import Site
from git_registry.sdk.forges.tool import Tool

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

    tool: Tool
    site: Site

    def existing(self, request: Request) -> Existing | None:
        """See `Client`. A fork may have a branch of the same name."""
        asked = ("--head", request.branch, "--base", request.base, "--state", "open")
        rows = self.tool.rows("pr", "list", *self._where, *asked, "--json", _FIELDS, "--limit", _FEW)
        try:
            own = [row for row in rows if not row["isCrossRepository"]]
            return _existing(own[0], own[0]["url"]) if own else None
        except (TypeError, KeyError):
            raise _strange() from None

    def open(self, request: Request) -> str | None:
        """See `Client`."""
        names = ("--head", request.branch, "--base", request.base, "--title", request.title)
        draft = ("--draft",) if request.draft else ()
        return self.tool.opened(
            *("pr", "create", *self._where, *names, *draft, "--body-file", "-"), told=request.marked
        )

    def rewrite(self, existing: Existing, title: str, body: str) -> None:
        """See `Client`."""
        changed = ("--title", title, "--body-file", "-")
        self.tool.run("pr", "edit", str(existing.number), *self._where, *changed, told=body)

    @property
    def _where(self) -> tuple[str, str]:
        return "--repo", f"{self.site.host}/{self.site.path}"


@dataclass(frozen=True, slots=True)
class GithubApi:
    """What the REST API does about one repository."""

    api: Api
    path: str

    def existing(self, request: Request) -> Existing | None:
        """See `Client`. The head's owner is said, so that no fork's is found."""
        owner = self.path.partition("/")[0]
        asked = {"state": "open", "head": f"{owner}:{request.branch}", "base": request.base}
        rows = self.api.call("GET", f"{self._pulls}?{urlencode(asked)}").value
        try:
            return _existing(rows[0], rows[0]["html_url"])
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
            return address(done.value["html_url"])
        except (TypeError, KeyError):
            raise _strange() from None

    def rewrite(self, existing: Existing, title: str, body: str) -> None:
        """See `Client`."""
        self.api.call("PATCH", f"{self._pulls}/{existing.number}", {"title": title, "body": body})

    @property
    def _pulls(self) -> str:
        return f"/repos/{quote(self.path)}/pulls"


def _existing(row: Mapping[str, Any], url: object) -> Existing:
    return Existing.told(number=row["number"], url=url, title=row["title"], body=row["body"])


def _require_existing(value: object) -> None:
    """Check that a refusal means that one is open already; raise `Unopened` if it means anything else."""
    told = value.get("errors") if isinstance(value, dict) else None
    rows = [one.get("message") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    said = [one for one in rows if isinstance(one, str)]
    if not any("already exists" in one for one in said):
        raise Unopened(f"GitHub refused it: {'; '.join(said) or 'it says not why'}")


def _strange() -> Unopened:
    return Unopened("GitHub answered something else than its documentation says")


def _client(site: Site, environ: Mapping[str, str]) -> Client | None:
    tool = Tool.found("gh", environ, is_meant=site.is_meant(environ, _HOSTS, _NAMING))
    if tool is not None:
        return Gh(tool, site)
    token = site.token(environ, ("GH_TOKEN", "GITHUB_TOKEN"), _HOSTS, _NAMING)
    if token is None:
        return None
    top = "https://api.github.com" if site.host in _HOSTS else f"{site.top}/api/v3"
    headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    return GithubApi(Api(top=top, headers={**headers, "Authorization": f"Bearer {token}"}), site.path)


def knows(host: str, environ: Mapping[str, str]) -> bool:
    """Is its user logged in to a host with `gh`, so that GitHub is what is there?

    A token in the environment would be taken for a login, and be sent to the host to see whether it is one.
    """
    tool = Tool.found("gh", environ, is_meant=False)
    return tool is not None and _is_logged_in(tool, host)


@cache
def _is_logged_in(tool: Tool, host: str) -> bool:
    """Ask `gh`, once a command."""
    try:
        tool.run("auth", "status", "--hostname", host)
    except Unopened:
        return False
    return True


FORGE = Forge(
    name="github", noun="pull request", hosts=_HOSTS, naming=_NAMING, compare=_compare, client=_client
)
