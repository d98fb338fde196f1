"""What an adapter answers: who pushes, and whether that is the merge of a request."""

from __future__ import annotations

from typing import NamedTuple

from git_registry.policy.account import Account


class Request(NamedTuple):
    """A pull or merge request, of which a host says that somebody merges it with this push.

    Attributes:
        number: what the host calls it, if it says.
        author: who opened it, if the host says.
        certain: does the host say just that? If not, it may as well be an edit on the web: then only a
            step that is a merge commit is the merge of a request.
    """

    number: int | None = None
    author: Account | None = None
    certain: bool = True


class Pusher(NamedTuple):
    """Who pushes. On a forge's merge that is who pressed the button, never who wrote the request.

    Attributes:
        request: what is merged, if the host says that the push is that.
    """

    account: Account
    request: Request | None = None
