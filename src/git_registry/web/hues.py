"""Colours that tell things apart: `hue-0` and so on in `style.css`."""

from __future__ import annotations

from git_registry.model.sha256 import sha256

HUES = 8
"""How many there are; `plots.js` counts as many."""


def hue(name: str) -> int:
    """Return a colour for a name: the same on every page."""
    return sha256(name.encode()).digest()[0] % HUES
