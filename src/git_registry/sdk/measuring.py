"""What a run measures over time: JSON objects, one a line, in a file that outlives the process."""

from __future__ import annotations

import fcntl
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from git_registry.catalog import local
from git_registry.errors import Conflict
from git_registry.model.documents.record import Value
from git_registry.repository.repository import Repository
from git_registry.store.failures import translating

_PLACE = "runs"

LONGEST_ROW = 16 << 20
"""Bytes."""


def file_of(repository: Repository, project: str, run: str) -> Path:
    """Return where the rows of a run are, on the machine that it runs on, until they are in the store."""
    return local.directory(repository) / _PLACE / project / f"{run}.jsonl"


class Rows:
    """The rows of a run that is under way. The file is locked for as long as its process lives.

    Attributes:
        file: where they are.
        word: where it says how the run ended, until that is recorded.
        count: how many there are.
        last: the last one; empty if there is none.
    """

    def __init__(self, file: Path) -> None:
        self.file, self.word = file, file.with_suffix(".yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        self._open = _locked(file)
        _cut_torn_line(file)
        self.count = 0
        self.last: Mapping[str, Value] = {}
        self._look()

    def add(self, row: Mapping[str, Value]) -> None:
        """Add a row; it is in the file when this returns.

        Raises:
            StoreError: it can't be written; the disk is full.
        """
        line = json.dumps(_strict(row), ensure_ascii=False, separators=(",", ":")) + "\n"
        with translating(str(self.file)):
            self._open.write(line)
            self._open.flush()
        self.count, self.last = self.count + 1, row

    def begin_with(self, data: bytes) -> None:
        """Begin with the rows that a run had when it ended, of which it is a continuation.

        What is no row is left out.
        """
        if self.count == 0:
            for row in decoded(data.splitlines(keepends=True)):
                self.add(row)

    def _look(self) -> None:
        for row in rows_in(self.file):
            self.count, self.last = self.count + 1, row

    def leave_word(self, document: bytes) -> None:
        """Keep what is to be recorded of the run's end, in case it can't be now."""
        aside = self.word.with_suffix(".new")
        with translating(str(self.word)):
            aside.write_bytes(document)
            aside.replace(self.word)

    def close(self) -> None:
        """Let go of the file."""
        self._open.close()

    def drop(self) -> None:
        """Remove the file: what is in it is in the store by now."""
        self.word.unlink(missing_ok=True)
        self.file.unlink(missing_ok=True)
        self.close()
        with suppress(OSError):
            self.file.parent.rmdir()


def abandoned(repository: Repository) -> Iterator[tuple[str, str]]:
    """Yield project and id of the runs whose process was killed on this machine."""
    for file in sorted((local.directory(repository) / _PLACE).glob("*/*.jsonl")):
        with suppress(Conflict, FileNotFoundError):
            _locked(file, make=False).close()
            yield file.parent.name, file.stem


def rows_in(file: Path) -> Iterator[dict[str, Value]]:
    """Yield the rows in a file; one that was not written to its end is none."""
    with file.open("rb") as lines:
        yield from decoded(lines)


def decoded(lines: Iterable[bytes]) -> Iterator[dict[str, Value]]:
    """Yield the rows that lines of JSON hold. A line that is no row, whoever wrote it, is left out."""
    for line in lines:
        if len(line) > LONGEST_ROW or not line.endswith(b"\n"):
            continue
        with suppress(ValueError, RecursionError):  # what is not UTF-8 is a ValueError, too
            row = json.loads(line)
            if isinstance(row, dict):
                yield row


def _locked(file: Path, *, make: bool = True) -> TextIO:
    opened = os.fdopen(
        os.open(file, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | (os.O_CREAT if make else 0), 0o600),
        "a",
        encoding="utf-8",
    )
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        opened.close()
        raise Conflict("the run is under way in another process", where=file.stem) from None
    return opened


def _cut_torn_line(file: Path) -> None:
    data = file.read_bytes()
    if data and not data.endswith(b"\n"):
        os.truncate(file, data.rfind(b"\n") + 1)


def _strict(value: Value) -> object:
    """Return a value as JSON can say it: NaN and the infinities are texts."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {key: _strict(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(one) for one in value]
    return value
