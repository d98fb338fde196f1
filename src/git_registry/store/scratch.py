"""What an interrupted run left in a directory of temporary files."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

DAY = 24 * 60 * 60


def sweep(directory: Path, *, older_than: float = DAY) -> None:
    """Remove the `*.part` files that nobody has written to for so many seconds."""
    oldest = time.time() - older_than
    with os.scandir(directory) as entries:
        for entry in entries:
            with suppress(FileNotFoundError, PermissionError):
                if entry.name.endswith(".part") and entry.stat(follow_symlinks=False).st_mtime < oldest:
                    Path(entry.path).unlink()
