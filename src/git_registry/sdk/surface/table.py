"""Rows under column names, kept in an artifact as a JSON file that W&B's tables are alike."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from git_registry.errors import InvalidDocument, UsageError
from git_registry.sdk.surface.plain import plain

SUFFIX = ".table.json"


@dataclass(slots=True)
class Table:
    """A table of plain values: no media.

    Attributes:
        columns: their names.
        data: the rows; may be appended to.
        dataframe: a pandas DataFrame to take both from.
    """

    columns: Sequence[str] = ()
    data: list[list[Any]] = field(default_factory=list)
    dataframe: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.dataframe is not None:
            self.columns = [str(one) for one in self.dataframe.columns]
            self.data = self.dataframe.to_numpy().tolist()
        self.columns = list(self.columns)
        rows, self.data = self.data, []
        for row in rows:
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
