"""How much of the same kind a test does: enough in the ordinary run, and far more with `--campaign`.

Only for repetitions: every kind of case is in the ordinary run.
"""

from __future__ import annotations

_campaign = False


def begin(*, campaign: bool) -> None:
    """Say which run this is, before any test module is imported."""
    global _campaign
    _campaign = campaign


def times(usually: int, campaign: int) -> int:
    """Return how often, how many or how large: the first in the ordinary run, the second in a campaign."""
    return campaign if _campaign else usually
