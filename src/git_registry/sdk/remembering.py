"""Which blobs an interrupted run has verified, so that the next one goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from git_registry.store.probing import Claim

STALE = timedelta(days=7)
"""What was verified longer ago is verified again: a blob may have been damaged since."""

Key = tuple[str, str, int | None]


class Memory:
    """Claims that were found true, one JSON line each, in a file that any kill leaves readable."""

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        self._now = now
        self._known = dict(_read(path, since=now - STALE))

    def __contains__(self, claim: Claim) -> bool:
        return _key(claim) in self._known

    @property
    def last(self) -> datetime | None:
        """Return when the latest of them was verified; None if nothing is remembered."""
        return max(self._known.values(), default=None)

    def add(self, claims: Iterable[Claim]) -> None:
        """Remember these. Where nothing can be written, nothing is remembered."""
        time = self._now.astimezone(UTC).isoformat()
        lines = [json.dumps([*_key(one), time]) + "\n" for one in claims]
        if not lines:
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
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


def _key(claim: Claim) -> Key:
    return str(claim.digest), claim.uri, claim.size


def _read(path: Path, *, since: datetime) -> Iterator[tuple[Key, datetime]]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        with suppress(ValueError, TypeError):
            digest, uri, size, time = json.loads(line)
            when = datetime.fromisoformat(time)
            if when >= since:
                yield (digest, uri, size), when
