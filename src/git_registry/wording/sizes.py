"""Numbers as people read them."""

from __future__ import annotations

_STEP = 1000
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def size(count: int) -> str:
    """Return bytes in the unit that keeps them short: `105 MB`."""
    amount, unit = float(count), 0
    while amount >= _STEP - 0.5 and unit < len(_UNITS) - 1:
        amount /= _STEP
        unit += 1
    digits = 1 if unit and amount < 10 - 0.05 else 0
    return f"{amount:.{digits}f} {_UNITS[unit]}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return `1 file`, `2,000 files`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
