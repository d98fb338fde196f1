"""Which blobs and pushes an interrupted run has verified, so that the next one goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from git_registry.errors import RegistryError
from git_registry.store.local import read_up_to
from git_registry.store.probing import Claim
from git_registry.store.steady import opened

STALE = timedelta(days=7)
"""What was verified longer ago is verified again: a blob may have been damaged since."""

Key = tuple[str, str, int | None]
"""What was verified, where that is, and how large."""


class Memory:
    """What was found true, one JSON line each, in a file that any kill leaves readable."""

    def __init__(self, path: Path, now: datetime, known: Mapping[Key, datetime]) -> None:
        self._path = path
        self._now = now
        self._known = dict(known)

    @classmethod
    def resumed(cls, path: Path, now: datetime) -> Memory:
        """Return what an interrupted run left in the file; what can't be read of it is not remembered."""
        kept = ((key, when) for key, when in _read(path) if now - STALE <= when <= now)
        return cls(path, now, dict(kept))

    @classmethod
    def anew(cls, path: Path, now: datetime) -> Memory:
        """Return an empty one, whatever was in the file."""
        memory = cls(path, now, {})
        memory.forget()
        return memory

    def __contains__(self, key: Key) -> bool:
        return key in self._known

    @property
    def last(self) -> datetime | None:
        """Return when the latest of them was verified; None if nothing is remembered."""
        return max(self._known.values(), default=None)

    def add(self, keys: Iterable[Key]) -> None:
        """Remember these. Where nothing can be written, nothing is remembered."""
        time = self._now.astimezone(UTC).isoformat()
        lines = [json.dumps([*one, time]) + "\n" for one in keys]
        if not lines:
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Where somebody put a pipe, O_NONBLOCK makes this fail instead of waiting for a reader.
            how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
            descriptor = os.open(self._path, how, 0o666)
            try:
                # One write: another run of the same may append too. A torn line begins none of theirs.
                os.write(descriptor, "".join(["\n", *lines]).encode())
            finally:
                os.close(descriptor)

    def forget(self) -> None:
        """Remember nothing any more."""
        self._known.clear()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def key(claim: Claim) -> Key:
    """Return what a blob is remembered by."""
    return str(claim.digest), claim.uri, claim.size


def _read(path: Path) -> Iterator[tuple[Key, datetime]]:
    lines: list[bytes] = []
    with suppress(RegistryError), opened(path) as file:
        lines = read_up_to(file.descriptor, file.size).splitlines()
    for line in lines:
        # Brackets without end make the reader of JSON run out of stack.
        with suppress(ValueError, RecursionError):
            match json.loads(line):
                case [str(digest), str(uri), int() | None as size, str(time)]:
                    when = datetime.fromisoformat(time)
                    if when.tzinfo:
                        yield (digest, uri, size), when
