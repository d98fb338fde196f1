"""Clones kept in the user's cache, for organizations that are named by a URL (DESIGN §10).

One for each URL, whichever process opens it. It holds what was fetched, and losing it loses nothing but what
a script committed to it while it was told to work offline.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from git_registry.errors import Conflict, NetworkError, NotFound, Refused, RegistryError, UsageError
from git_registry.model.sha256 import sha256
from git_registry.repository import follower
from git_registry.repository.locks import taken
from git_registry.repository.remote import without_credentials
from git_registry.repository.repository import Repository
from git_registry.store.places import user_cache

CLONES = "GIT_REGISTRY_CLONES"
REFRESH = "GIT_REGISTRY_REFRESH"

TURN = 10.0
"""Seconds that who has something to read waits for another process that fetches."""

_FETCHED = "registry-fetched"
"""The file in a clone that says when it was fetched last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clone:
    """The clone of one URL.

    Attributes:
        url: the remote.
        place: its directory, which need not be there yet.
        patience: how old the last fetch may be before the remote is asked again.
        clock: gives the time; aware.
        notify: is told where something older than what the remote holds now is read.
    """

    url: str
    place: Path
    patience: timedelta
    clock: Callable[[], datetime]
    notify: Callable[[str], None]

    @classmethod
    def of(
        cls,
        url: str,
        environ: Mapping[str, str],
        *,
        clock: Callable[[], datetime],
        notify: Callable[[str], None],
    ) -> Clone:
        """Return the clone of a URL, as the environment wants it.

        Args:
            url: the remote.
            environ: GIT_REGISTRY_CLONES names a directory for all of them, GIT_REGISTRY_REFRESH the patience
                in seconds.
            clock: gives the time; aware.
            notify: is told what a person should know.

        Raises:
            UsageError: the patience is no number of seconds.
        """
        named = environ.get(CLONES)
        above = Path(named).expanduser() if named else user_cache() / "clones"
        name = sha256(url.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        place = Path(os.path.abspath(above / name))  # noqa: PTH100 - without `..`, as a repository names itself
        return cls(url=url, place=place, patience=_patience(environ), clock=clock, notify=notify)

    def kept(self) -> Repository:
        """Return it as it is, asking nobody.

        Raises:
            NotFound: nothing was fetched yet.
        """
        found = self._standing()
        if found is None:
            raise NotFound(
                "nothing was fetched from there yet", where=self._shown, hint="open it once while online"
            )
        return found

    def refreshed(self) -> Repository:
        """Return it with what the remote holds now; what was fetched last, told so, if that can't be reached.

        It is made if it is not there yet, or is broken.

        Raises:
            NetworkError: the remote can't be reached, and nothing was fetched yet.
        """
        found = self._standing()
        if found is None:
            return self._made()
        age = self._age(found)
        if age is not None and timedelta() <= age < self.patience:
            return found
        try:
            return self._kept_up(found)
        except NetworkError as unreachable:
            why = self._told(unreachable)
        except RegistryError as failure:
            why = str(failure)
        except OSError as refused:
            why = f"{refused.filename}: {refused.strerror}"
        self.notify(f"reading what was fetched {_ago(age)}; {why}")
        return found

    def remove(self) -> None:
        """Remove it from this machine, unless something was committed to it that is nowhere else.

        Raises:
            Conflict: it holds such commits.
        """
        with self._locked():
            if not self.place.exists():
                return
            if _has_branches(self.place):
                raise Conflict(
                    f"what was committed to {self._shown} offline is only here",
                    where=str(self.place),
                    hint="`git registry -C URL sync` publishes it",
                )
            self.place.rename(self._aside())
            self._sweep()

    def _kept_up(self, found: Repository) -> Repository:
        """Return it with what the remote holds now; made anew if what is there is broken."""
        there = follower.heads(found)
        try:
            if not follower.has(found, there):
                with self._locked(seconds=TURN):
                    if not follower.has(found, there):
                        follower.keep_up(found, there, turn=TURN)
        except RegistryError:
            if follower.is_sound(found):
                raise  # the remote did answer, and then could not give what it says it has
        if not follower.is_sound(found):
            return self._made(instead_of=found)
        self._note(found)
        return found

    def _made(self, instead_of: Repository | None = None) -> Repository:
        """Make it aside, then put it in its place: who opens it finds all of it, or nothing."""
        with self._locked():
            standing = self._standing()
            if standing is not None and (instead_of is None or follower.is_sound(standing)):
                return standing  # somebody else was first
            self._sweep()
            aside = self._aside()
            aside.mkdir(mode=0o700)
            try:
                self._fetched_into(aside)
                self._make_way()
                aside.rename(self.place)
            finally:
                self._sweep()
            return self._opened()

    def _make_way(self) -> None:
        """Put what is broken aside: for good if a script that was offline may have left something in it."""
        if not self.place.exists():
            return
        if not _has_branches(self.place):
            self.place.rename(self._aside())
            return
        kept = self._aside().with_suffix(".broken")
        self.place.rename(kept)
        self.notify(f"the clone of {self._shown} was broken; what was committed to it offline is in {kept}")

    def _fetched_into(self, directory: Path) -> None:
        made = follower.make(directory, self.url)
        made.notify = self.notify
        try:
            follower.keep_up(made, follower.heads(made))
        except NetworkError as unreachable:
            raise NetworkError(self._told(unreachable), hint="see that `git ls-remote URL` works") from None
        self._note(made)

    def _standing(self) -> Repository | None:
        """Return it if it is there, whole as far as one look tells; what is above it never counts."""
        try:
            found = self._opened()
            return found if found.gitdir == self.place and follower.follows(found) == self.url else None
        except Refused:
            raise  # it is somebody else's
        except RegistryError:
            return None

    def _opened(self) -> Repository:
        found = Repository.open(self.place)
        found.notify = self.notify
        return found

    @contextmanager
    def _locked(self, seconds: float | None = None) -> Iterator[None]:
        """Let one process at a time make it or fetch into it; the lock is gone with its process.

        Raises:
            Conflict: another process has had it for more than so many seconds.
        """
        self.place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with taken(self.place.with_suffix(".lock"), seconds=seconds):
            yield

    def _aside(self) -> Path:
        return self.place.with_name(f"{self.place.name}.{os.urandom(8).hex()}.part")

    def _sweep(self) -> None:
        """Remove what a killed process left: whoever holds the lock is the only one who makes such."""
        import shutil  # whoever finds the clone there has no use for it

        for left in self.place.parent.glob(f"{self.place.name}.*.part"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)

    def _note(self, repository: Repository) -> None:
        with suppress(OSError):  # who can't know how old it is asks the remote
            (repository.gitdir / _FETCHED).write_text(self.clock().isoformat())

    def _age(self, repository: Repository) -> timedelta | None:
        """Return how long ago it was fetched; None if nobody knows."""
        try:
            return self.clock() - datetime.fromisoformat((repository.gitdir / _FETCHED).read_text())
        except (OSError, ValueError, TypeError):
            return None

    def _told(self, unreachable: NetworkError) -> str:
        return f"{self._shown} can't be reached: {without_credentials(unreachable.message)}"

    @property
    def _shown(self) -> str:
        return without_credentials(self.url)


def _has_branches(gitdir: Path) -> bool:
    """Were there branches in a repository, even if nobody can read it any more?"""
    packed = gitdir / "packed-refs"
    if packed.is_file() and b" refs/heads/" in packed.read_bytes():
        return True
    return any(path.is_file() for path in (gitdir / "refs/heads").rglob("*"))


def _patience(environ: Mapping[str, str]) -> timedelta:
    text = environ.get(REFRESH) or "0"
    try:
        seconds = timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        seconds = timedelta(-1)
    if seconds < timedelta():
        raise UsageError(f"expected a number of seconds such as 300, found {text!r}", where=REFRESH)
    return seconds


def _ago(age: timedelta | None) -> str:
    if age is None or age < timedelta():
        return "before"
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        count = int(age.total_seconds() // unit)
        if count:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "a moment ago"
