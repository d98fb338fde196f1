"""What a policy has to be told besides the rules and the events; whoever judges gathers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody's yes to one commit of a proposal.

    Attributes:
        principal: who.
        events: what it does since it was cut off from the branch that it is to be merged into.
        after: the organization as they saw it there.
        owners: whose proposal it is, by the refs that point at the commit; empty if nobody can say.
        unowned: why nobody can.
    """

    principal: str
    events: frozenset[Event]
    after: Snapshot
    owners: frozenset[str] = frozenset()
    unowned: str = "no branch below proposals/ is at it"


class Evidence(Protocol):
    """What is known of one step besides what it changes. Gathered as far as it is asked for."""

    @property
    def principal(self) -> str | None:
        """Who pushes or merges; None if nobody knows."""

    @property
    def forge(self) -> bool:
        """Did a person merge a request on a forge, whose admin leaves approvals to it?"""

    @property
    def is_foretold(self) -> bool:
        """Is the step a merge whose commit a forge has yet to make?"""

    def approvals(self) -> Sequence[Approval]:
        """Return the approvals of the step's commit, or of the proposal that it merges."""

    def signing_key(self) -> str | None:
        """Return the fingerprint of the key whose good signature the step's commit bears, or None."""

    def previous(self, collection: str, alias: str) -> str | None:
        """Return the id an alias pointed at just before the one it points at before the step, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Evidence that is at hand."""

    principal: str | None
    forge: bool = False
    is_foretold: bool = False
    given: tuple[Approval, ...] = ()
    key: str | None = None
    held_before: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def approvals(self) -> Sequence[Approval]:
        """See `Evidence.approvals`."""
        return self.given

    def signing_key(self) -> str | None:
        """See `Evidence.signing_key`."""
        return self.key

    def previous(self, collection: str, alias: str) -> str | None:
        """See `Evidence.previous`."""
        return self.held_before.get((collection, alias))
