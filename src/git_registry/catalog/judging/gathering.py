"""What a repository knows of a step besides what it changes: approvals, signatures, what an alias held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit
from git_registry.catalog.review_refs import PROPOSALS

if TYPE_CHECKING:
    from git_registry.catalog.judging.standing import Standing
    from git_registry.policy.evidence import Approval


@dataclass(frozen=True)
class Gathered:
    """Evidence about one step, read from the repository when it is asked for; see `policy.evidence`.

    Attributes:
        told: approvals that somebody else vouches for, by principal: a forge's, which a check was told of.
        by_refs: do approvals count that refs hold? Not where nobody judges who writes those.
        proposals: below which refs proposals are, which say whose they are: a clone has a remote's elsewhere.
        then: which of these refs stood, if it is not about now.
    """

    catalog: Catalog
    commit: Commit | None
    principal: str | None
    now: datetime
    limits: Limits
    forge: bool = False
    told: tuple[Approval, ...] = ()
    by_refs: bool = True
    proposals: str = PROPOSALS
    then: Standing | None = None

    @property
    def is_foretold(self) -> bool:
        """See `policy.evidence.Evidence`."""
        return self.commit is not None and not self.commit.id

    def approvals(self) -> Sequence[Approval]:
        """See `policy.evidence.Evidence`."""
        return self._approvals

    @cached_property
    def _approvals(self) -> tuple[Approval, ...]:
        return (*self.told, *(self._by_ref() if self.by_refs else ()))

    def _by_ref(self) -> Iterator[Approval]:
        if self.commit is None:
            return iter(())
        from git_registry.catalog.judging import approving  # most steps need nobody's approval

        return approving.by_ref(self.catalog, self.commit, self.limits, self.proposals, self.then)

    def signing_key(self) -> str | None:
        """See `policy.evidence.Evidence`."""
        from git_registry.repository import signatures  # few gates ask for one

        return signatures.ssh_key(self.commit.text) if self.commit else None

    def previous(self, collection: str, alias: str) -> str | None:
        """See `policy.evidence.Evidence`."""
        if self.commit is None or not self.commit.parents:
            return None
        from git_registry.catalog.judging import formerly  # few gates are passed by rolling back

        return formerly.before_its_last_move(self.catalog, self.commit.parents[0], collection, alias)
