"""What a branch follows on a remote."""

from __future__ import annotations

from typing import NamedTuple

from git_registry.repository.tips import BRANCHES


class Upstream(NamedTuple):
    """What a branch follows: the ref on the remote, and the ref here that remembers it."""

    remote: str
    ref: str
    tracking: str | None

    @property
    def name(self) -> str:
        """Return how people call it: `origin/main`."""
        return f"{self.remote}/{self.ref.removeprefix(BRANCHES)}"
