"""The live server's application (ASGI): pages, the files they need, and what a browser is told about both."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from git_registry.web.answering import Answered, Asked, answer
from git_registry.web.rendering import POLICY

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from git_registry.sdk.surface.workspace import Workspace

AT_ONCE = 4
"""Pages that are made at the same time: each thread keeps a reader and an index of its own open."""

_HEADERS = {
    "content-security-policy": f"{POLICY}; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def application(
    workspace: Workspace, hosts: Sequence[str] = ("localhost", "127.0.0.1", "[::1]")
) -> Starlette:
    """Return the application.

    Args:
        workspace: the organization.
        hosts: what a browser may call the server. A page elsewhere whose name was made to point here would
            otherwise be of the same origin as these pages, and could read them.
    """
    limiter = CapacityLimiter(AT_ONCE)

    async def page(request: Request) -> Response:
        query = {name: tuple(request.query_params.getlist(name)) for name in request.query_params}
        asked = Asked(
            path=request.path_params["path"],
            query=query,
            seen=request.headers.get("if-none-match", ""),
        )
        made = await run_sync(lambda: _answered(workspace, asked), limiter=limiter, abandon_on_cancel=True)
        return _response(made)

    static = StaticFiles(directory=str(files("git_registry.web").joinpath("static")))
    return Starlette(
        routes=[Mount("/-/static", static), Route("/{path:path}", page, methods=["GET"])],
        middleware=[
            Middleware(_Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
            Middleware(GZipMiddleware, minimum_size=1_000),
        ],
    )


def _answered(workspace: Workspace, asked: Asked) -> Answered:
    try:
        return answer(workspace.catalog, asked)
    except Exception:
        logging.getLogger("git_registry").exception("%s could not be shown", asked.path or "/")
        return Answered(status=500, kind="text/plain; charset=utf-8", body=_BROKEN)


_BROKEN = b"This page could not be made. The server's log says why.\n"


def _response(made: Answered) -> Response:
    headers = {"cache-control": "no-cache"}
    if made.tag:
        headers["etag"] = made.tag
    if made.location:
        headers["location"] = made.location
    return Response(made.body, made.status, headers, made.kind)


class _Headers:
    """What every answer says besides."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, told)
