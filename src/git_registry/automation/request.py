"""A request as its receiver gets it, whatever stands in it for what is secret: the value, or a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from git_registry.automation.outgoing import Outgoing

_FORM = "application/x-www-form-urlencoded"


class Seal(Protocol):
    """Says what stands for each secret, and for what is known only when it is sent."""

    def field(self, name: str) -> str:
        """Return what stands in a form."""
        ...

    def token(self, name: str) -> str:
        """Return what stands in `Authorization`."""
        ...

    def signatures(self, outgoing: Outgoing, body: str) -> Iterator[tuple[str, str]]:
        """Yield the headers that say which delivery it is, when it was tried, and that we sent it."""
        ...


@dataclass(frozen=True, slots=True)
class ByName:
    """Puts a name in brackets for each secret: so anybody may see it."""

    delivery: str

    def field(self, name: str) -> str:
        """Return its name."""
        return f"<{name}>"

    def token(self, name: str) -> str:
        """Return its name."""
        return f"<{name}>"

    def signatures(self, outgoing: Outgoing, body: str) -> Iterator[tuple[str, str]]:  # noqa: ARG002
        """Yield by which keys it is signed."""
        yield "webhook-id", self.delivery
        yield "webhook-timestamp", "<the time of the try>"
        keys = outgoing.secrets
        if keys:
            yield "webhook-signature", " ".join(f"v1,<signed with {name}>" for name in keys)
        if keys and outgoing.wandb_signature:
            yield "X-Wandb-Signature", f"<{outgoing.wandb_signature}, signed with {keys[0]}>"


def body(outgoing: Outgoing, seal: Seal) -> str:
    """Return the body, or what a command reads."""
    token = f"token={seal.field(outgoing.form_token)}" if outgoing.form_token else ""
    return "&".join(filter(None, (token, outgoing.body)))


def headers(outgoing: Outgoing, seal: Seal, body: str) -> Mapping[str, str]:
    """Return the headers. Of those with one name, in whatever letters, the last counts: who we are."""
    return dict({name.lower(): (name, value) for name, value in _headers(outgoing, seal, body)}.values())


def _headers(outgoing: Outgoing, seal: Seal, body: str) -> Iterator[tuple[str, str]]:
    yield "User-Agent", "git-registry"
    yield "Content-Type", _FORM if outgoing.form_token else "application/json"
    yield from outgoing.headers.items()
    yield from seal.signatures(outgoing, body)
    if outgoing.bearer:
        yield "Authorization", f"Bearer {seal.token(outgoing.bearer)}"
