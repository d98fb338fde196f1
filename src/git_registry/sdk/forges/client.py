"""What opens requests on a forge: its tool, or its API. All do the same three things, so one look decides."""

from __future__ import annotations

from typing import Protocol

from git_registry.sdk.forges.request import Asked, Existing, How, Request


class Client(Protocol):
    """One way to talk to one forge about one repository; each method may raise `Unopened`."""

    def existing(self, request: Request) -> Existing | None:
        """Return the open request of this branch, from the repository itself; None if there is none."""
        ...

    def open(self, request: Request) -> str | None:
        """Open one and return where it is; None if somebody else has opened one in this moment."""
        ...

    def rewrite(self, existing: Existing, title: str, body: str) -> None:
        """Replace what it is called, and what it says."""
        ...


def ask(client: Client, request: Request, noun: str) -> Asked:
    """Open the request, or bring the one up to date that is open.

    Raises:
        Unopened: the forge does not do it, or can't be reached.
    """
    existing = client.existing(request)
    if existing is None:
        url = client.open(request)
        if url is not None:
            return Asked(how=How.OPENED, noun=noun, url=url)
        existing = client.existing(request)
    if existing is None:
        # It is open, wherever that is, and the push was all it takes.
        return Asked(how=How.UPDATED, noun=noun)
    title, body = request.titled(existing.title), request.within(existing.body)
    if (title, body) != (existing.title, existing.body):
        client.rewrite(existing, title, body)
    return Asked(how=How.UPDATED, noun=noun, url=existing.url)
