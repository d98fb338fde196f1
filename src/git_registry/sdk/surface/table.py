"""Rows under column names, kept in an artifact as a JSON file that W&B's tables are alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from git_registry.errors import InvalidDocument, UsageError
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.plain import plain

SUFFIX = ".table.json"


_COLUMNS = ("Input", "Output", "Expected")
"""W&B's names of columns that nobody named."""


@dataclass(slots=True, init=False)
class Table:
    """A table of plain values: no media.

    Attributes:
        columns: their names.
        data: the rows; may be appended to.

    Args:
        columns: their names.
        data: the rows; `rows` is W&B's older word for it.
        dataframe: a pandas DataFrame to take both from.
        dtype, optional, allow_mixed_types, log_mode: accepted as W&B does; any value may stand in any column.

    Raises:
        UsageError: a row has another number of values than there are columns; or one that is no value.
    """

    columns: list[str]
    data: list[list[Any]]

    def __init__(
        self,
        columns: str | Iterable[str] | None = None,
        data: Iterable[Iterable[object]] | None = None,
        rows: Iterable[Iterable[object]] | None = None,
        dataframe: Any = None,  # noqa: ANN401 - pandas is not imported for it
        dtype: object = None,
        optional: object = True,
        allow_mixed_types: bool = False,
        log_mode: str = "IMMUTABLE",
    ) -> None:
        del dtype, optional, allow_mixed_types, log_mode
        if dataframe is not None:
            columns, data = map(str, dataframe.columns), dataframe.to_numpy().tolist()
        self.columns = listed(_COLUMNS if columns is None else columns)
        self.data = []
        for row in (data if data is not None else rows) or ():
            self.add_data(*row)

    def add_data(self, *row: object) -> None:
        """Append a row.

        Raises:
            UsageError: it has another number of values than there are columns; or one that is no value.
        """
        if len(row) != len(self.columns):
            raise UsageError(f"a row of {len(row)} values in a table of {len(self.columns)} columns")
        cells = zip(self.columns, row, strict=True)
        self.data.append([plain(one, name=column) for column, one in cells])

    def get_column(self, name: str) -> list[Any]:
        """Return the values of a column.

        Raises:
            UsageError: there is none of that name.
        """
        if name not in self.columns:
            raise UsageError(f"there is no column {name!r}", hint=f"the columns: {', '.join(self.columns)}")
        at = self.columns.index(name)
        return [row[at] for row in self.data]

    def iterrows(self) -> Iterator[tuple[int, list[Any]]]:
        """Yield each row with its number."""
        yield from enumerate(self.data)

    def to_json(self) -> str:
        """Return it as it is kept."""
        return json.dumps({"_type": "table", "columns": self.columns, "data": self.data}, ensure_ascii=False)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read one back.

        Raises:
            InvalidDocument: the file holds none.
        """
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            return cls(columns=held["columns"], data=held["data"])
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidDocument("the file holds no table", where=str(path)) from error
