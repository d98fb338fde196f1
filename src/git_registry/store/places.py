"""Where this machine keeps what it can fetch again."""

from __future__ import annotations

from pathlib import Path


def user_cache() -> Path:
    """Return the user's cache directory for this program, as the system wants it."""
    from platformdirs import user_cache_dir  # not needed where a setting names the place

    return Path(user_cache_dir("git-registry", appauthor=False))
