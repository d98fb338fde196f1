"""Bitbucket: the page on which a pull request is opened."""

from __future__ import annotations

from urllib.parse import urlencode

from git_registry.sdk.forges.forge import Forge
from git_registry.sdk.forges.request import Request
from git_registry.sdk.forges.site import Site


def _compare(site: Site, request: Request) -> str:
    return f"{site.page}/pull-requests/new?{urlencode({'source': request.branch, 'dest': request.base})}"


FORGE = Forge(name="bitbucket", noun="pull request", hosts=("bitbucket.org",), compare=_compare)
