"""What an adapter answers: who pushes, and whether that is the merge of a request."""

from __future__ import annotations

from typing import NamedTuple

from git_registry.policy.account import Account


class Request(NamedTuple):
    """A pull or merge request, of which a host says that somebody merges it with this push.

    Attributes:
        certain: does the host say just that? If not, it may as well be an edit on the web: then only a
            step that is a merge commit is the merge of a request.
    """

    certain: bool = True


class Pusher(NamedTuple):
    """Who pushes. On a forge's merge that is who pressed the button, never who wrote the request.

    Attributes:
        request: what is merged, if the host says that the push is that.
        may_ask: would the host make a request of theirs of what they push for review?
    """

    account: Account
    request: Request | None = None
    may_ask: bool = False
