"""Blobs kept on this machine, so that they are fetched once. Losing it loses nothing."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from git_registry.errors import UsageError
from git_registry.model.digest import Digest
from git_registry.store.places import user_cache
from git_registry.store.scratch import sweep

DEFAULT_LIMIT = 50_000_000_000
_UNITS = {"": 1, "B": 1} | {
    f"{letter}{kind}": base**power
    for power, letter in enumerate("KMGT", start=1)
    for kind, base in (("", 1000), ("B", 1000), ("IB", 1024))
}


def parse_size(text: str) -> int:
    """Return the bytes that `50GB`, `10 GiB` or `1000` means.

    Raises:
        UsageError: it is no size.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", text.strip())
    if match is None or match[2].upper() not in _UNITS:
        raise UsageError(f"expected a size such as 50GB, found {text!r}")
    return int(float(match[1]) * _UNITS[match[2].upper()])


class Cache:
    """Blobs by digest in a directory, the least recently used thrown out first.

    Any number of processes may use it at once: a blob is written aside and renamed, and one that vanishes
    or is damaged is only fetched again. What it hands out is to be copied and verified, never linked.
    """

    def __init__(self, directory: Path, limit_bytes: int = DEFAULT_LIMIT) -> None:
        self.directory = directory
        self.limit_bytes = limit_bytes
        self._added = 0

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str], *, directory: str = "", size: str = ""
    ) -> Cache | None:
        """Return the cache that the environment asks for, None if it is off.

        Args:
            environ: GIT_REGISTRY_CACHE is a directory or `off`, GIT_REGISTRY_CACHE_SIZE a limit such as 50GB.
            directory: what the configuration says, if the environment doesn't.
            size: the same for the limit.

        Raises:
            UsageError: the limit is no size.
        """
        place = environ.get("GIT_REGISTRY_CACHE") or directory
        if place.lower() == "off":
            return None
        limit = environ.get("GIT_REGISTRY_CACHE_SIZE") or size
        chosen = Path(place).expanduser().absolute() if place else user_cache()
        return cls(chosen, parse_size(limit) if limit else DEFAULT_LIMIT)

    def find(self, digest: Digest) -> Path | None:
        """Return where a copy of the blob is, and note that it was used. Its bytes may be damaged."""
        place = self._place(digest)
        try:
            os.utime(place)
        except OSError:
            return None
        return place if place.is_file() else None

    def add(self, digest: Digest, file: Path) -> None:
        """Keep a copy of a verified file. A cache that can't be written to keeps nothing and is silent."""
        with suppress(OSError):
            size = file.stat().st_size
            if size > self.limit_bytes or self._place(digest).exists():
                return
            temporary = self.directory / "tmp" / f"{uuid.uuid4().hex}.part"
            temporary.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(file, temporary)
                self._place(digest).parent.mkdir(parents=True, exist_ok=True)
                temporary.replace(self._place(digest))
            finally:
                temporary.unlink(missing_ok=True)
            self._added += size
            if self._added > self.limit_bytes // 10:
                self.trim()

    def drop(self, digest: Digest) -> None:
        """Forget a blob."""
        with suppress(OSError):
            self._place(digest).unlink()

    def trim(self) -> None:
        """Throw out the least recently used blobs until the rest is within the limit."""
        self._added = 0
        with suppress(OSError):
            sweep(self.directory / "tmp")
        kept = sorted(self._blobs(), reverse=True)
        room = self.limit_bytes
        for _, size, path in kept:
            room -= size
            if room < 0:
                with suppress(OSError):
                    Path(path).unlink()

    def _blobs(self) -> Iterator[tuple[int, int, str]]:
        """Every blob as (last used, size, path)."""
        for directory, _, names in os.walk(self.directory / "sha256"):
            for name in names:
                path = f"{directory}/{name}"
                with suppress(OSError):
                    status = os.stat(path)  # noqa: PTH116
                    yield status.st_mtime_ns, status.st_size, path

    def _place(self, digest: Digest) -> Path:
        return self.directory / "sha256" / digest.value[:2] / digest.value
