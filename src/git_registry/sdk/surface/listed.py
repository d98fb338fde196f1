"""Where W&B takes one text for a list of texts."""

from __future__ import annotations

from collections.abc import Iterable


def listed(texts: str | Iterable[str] | None) -> list[str]:
    """Return them as a list; one alone is a list of one."""
    return [texts] if isinstance(texts, str) else list(texts or ())
