"""What opens requests on a forge: its tool, or its API. All do the same three things, so one look decides."""

from __future__ import annotations

from typing import Protocol

from git_registry.sdk.forges.request import Asked, How, Request, Standing


class Client(Protocol):
    """One way to talk to one forge about one repository; each method may raise `Unopened`."""

    def standing(self, request: Request) -> Standing | None:
        """Return the open request of this branch, from the repository itself; None if there is none."""
        ...

    def open(self, request: Request) -> str | None:
        """Open one and return where it is; None if somebody else has opened one in this moment."""
        ...

    def rewrite(self, standing: Standing, title: str, body: str) -> None:
        """Replace what it is called, and what it says."""
        ...


def ask(client: Client, request: Request, noun: str) -> Asked:
    """Open the request, or bring the one up to date that is open.

    Raises:
        Unopened: the forge does not do it, or can't be reached.
    """
    standing = client.standing(request)
    if standing is None:
        url = client.open(request)
        if url is not None:
            return Asked(how=How.OPENED, noun=noun, url=url)
        standing = client.standing(request)
    if standing is None:
        return Asked(
            how=How.UPDATED, noun=noun
        )  # it is open, wherever that is, and the push was all it takes
    title, body = request.titled(standing.title), request.within(standing.body)
    if (title, body) != (standing.title, standing.body):
        client.rewrite(standing, title, body)
    return Asked(how=How.UPDATED, noun=noun, url=standing.url)
