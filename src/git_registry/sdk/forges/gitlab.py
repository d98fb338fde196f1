"""GitLab: `glab`, else the REST API, else push options on the push of the branch.

glab-mr-create(1); docs.gitlab.com/api/merge_requests; docs.gitlab.com/topics/git/commit (push options).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from git_registry.sdk.forges.client import Client
from git_registry.sdk.forges.forge import Forge
from git_registry.sdk.forges.http import Api
from git_registry.sdk.forges.request import DRAFTS, Existing, Request, Unopened, address
from git_registry.sdk.forges.site import Site
from git_registry.sdk.forges.tool import Tool

_HOSTS = ("gitlab.com",)
_NAMING = ("GITLAB_HOST", "CI_SERVER_URL")
_EXISTS = 409


def _compare(site: Site, request: Request) -> str:
    names = {"source_branch": request.branch, "target_branch": request.base}
    return f"{site.page}/-/merge_requests/new?" + urlencode(
        {f"merge_request[{name}]": value for name, value in names.items()}
    )


def _title(request: Request) -> str:
    return f"{DRAFTS[0] if request.draft else ''}{request.title}"


def _options(request: Request) -> tuple[str, ...]:
    """Return the push options, which hold no newlines. Those of a request that is open already update it.

    What people wrote into its description by then stays. It is never asked to be merged by itself.
    """
    told = {"target": request.base, "title": _title(request)}
    told |= {} if request.former else {"description": request.line}
    return ("merge_request.create", *(f"merge_request.{name}={value}" for name, value in told.items()))


def _heard(said: str) -> str | None:
    found = re.findall(r"https?://[!-~]+/-/merge_requests/[0-9]+", said)
    return found[-1] if found else None


def _existing(rows: object) -> Existing | None:
    """Return the first of GitLab's rows that is of the repository itself."""
    if not isinstance(rows, list):
        raise _strange()
    try:
        for row in rows:
            if row["source_project_id"] == row["target_project_id"]:
                told = {"title": row["title"], "body": row["description"]}
                return Existing.told(number=row["iid"], url=row["web_url"], **told)
    except (TypeError, KeyError):
        raise _strange() from None
    return None


def _strange() -> Unopened:
    return Unopened("GitLab answered something else than its documentation says")


@dataclass(frozen=True, slots=True)
class Glab:
    """What `glab` does about one repository."""

    tool: Tool
    site: Site

    def existing(self, request: Request) -> Existing | None:
        """See `Client`."""
        names = ("--source-branch", request.branch, "--target-branch", request.base)
        return _existing(self.tool.rows("mr", "list", *self._where, *names, "--output", "json"))

    def open(self, request: Request) -> str | None:
        """See `Client`."""
        names = ("--source-branch", request.branch, "--target-branch", request.base)
        text = ("--title", request.title, "--description", request.marked)
        draft = ("--draft",) if request.draft else ()
        return self.tool.opened("mr", "create", *self._where, *names, *text, *draft, "--yes")

    def rewrite(self, existing: Existing, title: str, body: str) -> None:
        """See `Client`."""
        changed = ("--title", title, "--description", body)
        self.tool.run("mr", "update", str(existing.number), *self._where, *changed)

    @property
    def _where(self) -> tuple[str, str]:
        return "--repo", self.site.page


@dataclass(frozen=True, slots=True)
class GitlabApi:
    """What the REST API does about one repository."""

    api: Api
    path: str

    def existing(self, request: Request) -> Existing | None:
        """See `Client`."""
        names = {"source_branch": request.branch, "target_branch": request.base}
        asked = urlencode({"state": "opened", **names})
        return _existing(self.api.call("GET", f"{self._requests}?{asked}").value)

    def open(self, request: Request) -> str | None:
        """See `Client`."""
        names = {"source_branch": request.branch, "target_branch": request.base}
        text = {"title": _title(request), "description": request.marked}
        done = self.api.call("POST", self._requests, {**names, **text}, taken=(_EXISTS,))
        if done.status == _EXISTS:
            return None
        try:
            return address(done.value["web_url"])
        except (TypeError, KeyError):
            raise _strange() from None

    def rewrite(self, existing: Existing, title: str, body: str) -> None:
        """See `Client`."""
        changed = {"title": title, "description": body}
        self.api.call("PUT", f"{self._requests}/{existing.number}", changed)

    @property
    def _requests(self) -> str:
        return f"/projects/{quote(self.path, safe='')}/merge_requests"


def _client(site: Site, environ: Mapping[str, str]) -> Client | None:
    tool = Tool.found("glab", environ, is_meant=site.is_meant(environ, _HOSTS, _NAMING))
    if tool is not None:
        return Glab(tool, site)
    token = site.token(environ, ("GITLAB_TOKEN",), _HOSTS, _NAMING)
    if token is None:
        return None
    return GitlabApi(Api(top=f"{site.top}/api/v4", headers={"PRIVATE-TOKEN": token}), site.path)


FORGE = Forge(
    name="gitlab",
    noun="merge request",
    hosts=_HOSTS,
    naming=_NAMING,
    compare=_compare,
    client=_client,
    options=_options,
    heard=_heard,
)
