"""One repository: where it is, what is checked out, how it is configured."""

from __future__ import annotations

import os
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from git_registry.errors import UsageError
from git_registry.repository import tips
from git_registry.repository.discovery import (
    Location,
    absolute_paths,
    check_supported,
    discover,
    from_environment,
    is_gitdir,
)
from git_registry.repository.plumbing import PlumbingReader
from git_registry.repository.process import Git, Output
from git_registry.repository.tips import BRANCHES, Head

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from git_registry.repository.objects import Reader
    from git_registry.repository.upstream import Upstream

__all__ = ["Head", "Repository"]

TRUE = ("true", "yes", "on", "1")


def _nobody(_text: str) -> None:
    pass


class Repository:
    """A handle on one repository, cheap to make: it has read where things are, and nothing else.

    Attributes:
        notify: is told what is waited for when it takes long; whoever opens it may say who that is.
    """

    def __init__(self, location: Location, environment: Mapping[str, str] | None = None) -> None:
        check_supported(location.format)
        self.notify: Callable[[str], None] = _nobody
        self.gitdir = location.gitdir
        self.common_dir = location.common_dir
        self.work_tree = location.work_tree
        self._format = location.format
        self._inherited = environment
        self.ancestors: dict[tuple[str, str], bool] = {}
        self.apart: dict[tuple[str, str | None], tuple[int, int]] = {}

    @classmethod
    def open(cls, path: str | Path | None = None) -> Repository:
        """Return the repository a path is in, searching upward as git does.

        No path, or `.`, means here: then `GIT_DIR` and its relatives count, as for git. For any
        other path the environment cannot redirect it. Raises `NotFound` where there is none,
        `UsageError` for one that cannot be read here yet (sha256 ids, reftable), `Refused` if it is
        somebody else's and git's `safe.directory` does not allow it.
        """
        here = path is None or str(path) == "."
        if here and os.environ.get("GIT_DIR"):
            return cls(from_environment(os.environ), absolute_paths(os.environ))
        return cls(discover(Path(path or ".")), absolute_paths(os.environ) if here else None)

    @classmethod
    def open_in_hook(cls) -> Repository:
        """Return the repository a server-side hook runs in, objects in quarantine included.

        Pushed objects sit in a directory that only the environment names (git-receive-pack(1)).
        Read only: git forbids writing there. Git names the repository, too; hosts that start hooks
        themselves start them in it. Nothing is fetched: an object that isn't here is missing.
        """
        if not os.environ.get("GIT_DIR") and not is_gitdir(Path()):
            raise UsageError("GIT_DIR is not set", hint="this is meant to be called by git, as a hook")
        repository = cls.open()
        # Before 2.45, git asks a promisor remote whatever else is said, by the program that a setting names.
        repository._inherited = {**(repository._inherited or {}), "GIT_ALLOW_PROTOCOL": ""}
        return repository

    @property
    def is_bare(self) -> bool:
        """Whether it has no work tree."""
        return self.work_tree is None

    @property
    def is_bare_at_heart(self) -> bool:
        """Whether the repository itself has no work tree, though linked worktrees may exist."""
        return self._format.bare

    @property
    def is_shallow(self) -> bool:
        """Whether its history was cut off, so that positions in it cannot be counted."""
        return (self.common_dir / "shallow").exists()

    @property
    def is_partial(self) -> bool:
        """Whether objects may be missing here because a remote promised them."""
        promised = (
            key for key in self.config_keys() if key.startswith("remote.") and key.endswith(".promisor")
        )
        return self._format.partial or any(map(self.config_bool, promised))

    def head(self) -> Head:
        """Return what is checked out, read from files."""
        return tips.read_head(self.gitdir, self.common_dir)

    def current_branch(self) -> str:
        """Return the short name of the branch checked out; raise `UsageError` if HEAD is detached."""
        branch = self.head().branch
        if branch is None:
            raise UsageError(
                "HEAD is detached: no branch is checked out that could be written to",
                hint="`git switch <branch>`",
            )
        return branch

    def ref(self, name: str) -> str | None:
        """Return the id a full ref name holds, loose or packed, through symbolic refs; None if absent."""
        return tips.read_ref(self.gitdir, self.common_dir, name)

    def symbolic(self, name: str) -> str | None:
        """Return the ref that a symbolic ref such as `refs/remotes/origin/HEAD` stands for, or None."""
        return tips.symbolic(self.gitdir, self.common_dir, name)

    def branch(self, name: str) -> str | None:
        """Return the commit a branch, named shortly, is at; None if there is no such branch."""
        return self.ref(BRANCHES + name)

    def config(self, key: str) -> str | None:
        """Return the value git would use for a key, or None: includes, user and system files count."""
        values = self.config_all(key)
        return values[-1] if values else None

    def config_all(self, key: str) -> tuple[str, ...]:
        """Return every value of a key, the one that counts last."""
        return self._settings.get(_canonical(key), ())

    def config_bool(self, key: str) -> bool | None:
        """Return a yes-or-no setting as git reads it; None if it is not set."""
        value = self.config(key)
        return None if value is None else value.lower() in TRUE

    def config_keys(self) -> tuple[str, ...]:
        """Return every key that is set, section and name in lower case."""
        return tuple(self._settings)

    def set_config(self, key: str, value: str) -> None:
        """Write a setting into this repository's own configuration."""
        self.git("config", "--", key, value)
        self.forget_config()

    def forget_config(self) -> None:
        """Read the configuration again when it is next asked for: git may have changed it."""
        for read in ("_settings", "remotes", "destinations"):
            self.__dict__.pop(read, None)

    def reader(self) -> Reader:
        """Return a new reader of objects, over git's plumbing; close it."""
        return PlumbingReader(self.gitdir, self.command)

    @property
    def command(self) -> Git:
        """Git, pointed at this repository."""
        return Git(self.gitdir, self.work_tree, self._inherited)

    def git(
        self,
        *args: str,
        input: bytes | None = None,  # noqa: A002 - as subprocess calls it
        check: bool = True,
        env: Mapping[str, str] | None = None,
    ) -> Output:
        """Run the git binary on this repository, at the top of its work tree; see `Git.run`."""
        return self.command.run(*args, input=input, check=check, env=env)

    @cached_property
    def remotes(self) -> tuple[str, ...]:
        """Return the names of the remotes that have a URL; nearly every question asks for them."""
        keys = (key for key in self._settings if key.startswith("remote.") and key.endswith(".url"))
        return tuple(key.removeprefix("remote.").removesuffix(".url") for key in keys)

    @cached_property
    def destinations(self) -> dict[str, Upstream | None]:
        """Return what each branch that was asked for follows; `remote.destination` fills it."""
        return {}

    @cached_property
    def _settings(self) -> dict[str, tuple[str, ...]]:
        listed = self.git("config", "--list", "-z").stdout.decode("utf-8", "surrogateescape")
        settings: dict[str, tuple[str, ...]] = {}
        for line in listed.split("\0")[:-1]:
            key, assigned, value = line.partition("\n")
            # A key that stands alone is true (git-config(1)).
            settings[key] = (*settings.get(key, ()), value if assigned else "true")
        return settings


@lru_cache(maxsize=1024)
def _canonical(key: str) -> str:
    """Return a key as git lists it: only a subsection keeps its case."""
    section, dot, rest = key.partition(".")
    middle, second, name = rest.rpartition(".")
    return f"{section.lower()}{dot}{middle}{second}{name.lower()}"
