"""What nobody can judge before the commit is there that merges a proposal: whoever merges it decides that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from git_registry.policy.explaining import Explained, Passage


def parted(
    events: Iterable[Explained], gates: Collection[str]
) -> tuple[tuple[Explained, ...], tuple[Passage, ...]]:
    """Return events without those of their gates that are judged later, and these."""
    now, later = [], []
    for one in events:
        waiting = _waiting(one.passages, gates)
        later += waiting
        now.append(replace(one, passages=tuple(p for p in one.passages if p not in waiting)))
    return tuple(now), tuple(later)


def _waiting(passages: Sequence[Passage], gates: Collection[str]) -> list[Passage]:
    return [one for one in passages if one.outcome.gate in gates and not one.outcome.passed]
