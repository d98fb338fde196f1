"""Rows as a frame of pandas, which need not be installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any


def framed(rows: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - pandas need not be there to be named
    """Return a `pandas.DataFrame` of rows; the rows themselves where pandas can't be imported."""
    try:
        pandas = import_module("pandas")
    except ImportError:
        return rows
    return pandas.DataFrame.from_records(rows)
