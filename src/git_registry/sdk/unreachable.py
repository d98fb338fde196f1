"""What no server sends unless its admin lets it, and what anybody could send: allowed, and said."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.automation.addresses import address, is_public
from git_registry.automation.target import Target
from git_registry.automation.unsent import Unsent
from git_registry.model.documents.automation import Action, Webhook

_LET = "registry.allowNetwork in a server's git config lets it, else nothing is sent"
_HERE = "localhost"


def doubts(action: Action) -> Iterator[str]:
    """Yield why what is done may be sent by no server, or by anybody. No host's name is looked up."""
    _, one = action.one
    url = getattr(one, "url", None) or getattr(one, "api", None)
    if url:
        yield from _of(url)
    if isinstance(one, Webhook) and one.url and not (one.secret or one.token):
        yield "unsigned: whoever knows the URL can forge it; --secret REG_WH_… (`secret`) has it signed"


def _of(url: str) -> Iterator[str]:
    try:
        target = Target.of(url)
    except Unsent as problem:
        yield f"nothing is sent: {problem}"
        return
    if not _is_public(target.host):
        yield f"{target.host} is no public address: {_LET}"
    elif target.scheme == "http":
        yield f"http: to {target.host} is read by anybody on the way: {_LET}"


def _is_public(host: str) -> bool:
    """May a host be public? Of a name that is asked when it is sent."""
    try:
        return is_public(address(host))
    except ValueError:
        return host.rpartition(".")[2] != _HERE
