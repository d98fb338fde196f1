"""Text of any length where there is room for one line."""

from __future__ import annotations

LINE = 160
"""Letters of a line, unless somebody says."""

_READ = 4
"""So many times the letters that there is room for are looked at: some may be blanks that fold into one."""


def shortened(text: str, widest: int = LINE) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text[: _READ * widest].split())
    return line if len(line) <= widest else f"{line[: widest - 1]}…"
