"""The organization as a script works on it: found once, kept open, its default branch read and written."""

from __future__ import annotations

import logging
import os
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NetworkError, NotFound
from git_registry.model import layout
from git_registry.model.layout import PROJECTS
from git_registry.repository import follower, remote
from git_registry.sdk.caching import blob_cache
from git_registry.sdk.clock import clock
from git_registry.sdk.opening import open_catalog
from git_registry.store.cache import Cache

MODES = {"online": Reach.PUBLISHED, "offline": Reach.OFFLINE, "shared": Reach.PUBLISHED}
"""W&B's words for how far a script reaches. `disabled` opens no organization at all."""


def note(text: str) -> None:
    """Tell the person who runs the script something that is no error; unless logging is set up, on stderr."""
    logging.getLogger("git_registry").warning("%s", text)


@dataclass(kw_only=True, eq=False, repr=False)
class Workspace:
    """One organization, opened for each thread that asks: neither a reader nor the index is shared.

    Attributes:
        path: a clone's directory or a URL; None to look for it as commands do.
        reach: how far what is written reaches.
        environ: the process's environment.
        clock: gives the time; aware.
        notify: is told what a person should know.
        trusted: URI prefixes to read from besides those the organization allows.
        at: the revision or date that is looked at, if it is not now. Nothing can be written then.
    """

    path: str | None = None
    reach: Reach = Reach.PUBLISHED
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clock: Callable[[], datetime] = clock
    notify: Callable[[str], None] = note
    trusted: tuple[str, ...] = ()
    at: str | None = None
    _open: dict[tuple[int, int], Catalog] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"<Workspace {self.path or 'as found'}>"  # the environment is nobody's business

    def __post_init__(self) -> None:
        weakref.finalize(self, _close, self._open)

    @property
    def catalog(self) -> Catalog:
        """Return the catalog of the default branch, for this process and thread.

        Raises:
            NotFound: there is no repository, or no organization in it.
        """
        thread = threading.current_thread()
        key = (os.getpid(), id(thread))
        if key not in self._open:
            self._open[key] = self._opened()
            weakref.finalize(thread, _close_one, self._open, key)
        return self._open[key]

    def _opened(self) -> Catalog:
        here = open_catalog(
            self.path,
            environ=self.environ,
            clock=self.clock,
            notify=self.notify,
            trusted=self.trusted,
            reach=self.reach,
        )
        catalog = projects.default(here)
        if self.at is not None:
            from git_registry.sdk.looking_back import look_back

            look_back(catalog, self.at)
        return catalog

    def project(self, name: str) -> Catalog:
        """Return the clone seen from a project's branch, which need not be there yet."""
        return projects.begun(self.catalog, name)

    def tip(self) -> str:
        """Return the commit that is read now.

        Raises:
            NotFound: there is none yet.
        """
        found = self.catalog.tip()
        if found is None:
            raise NotFound("there are no commits yet")
        return found

    @property
    def organization(self) -> str:
        """Return the organization's name: what W&B calls the entity."""
        return self.catalog.now().organization().name

    def url_of_run(self, project: str, run: str) -> str:
        """Return where a run's document is: in which repository, on which branch, in which file."""
        repository = self.catalog.repository
        upstream = remote.destination(repository, PROJECTS + project)
        place = repository.config(f"remote.{upstream.remote}.url") if upstream else None
        where = remote.without_credentials(place) if place else repository.gitdir.absolute().as_uri()
        return f"{where}#{PROJECTS}{project}:{layout.run_path(project, run)}"

    def cache(self) -> Cache | None:
        """Return where blobs of remote stores are kept on this machine; None if that is off."""
        return blob_cache(self.catalog, self.environ)

    def refresh(self) -> None:
        """Fetch what others published, if what is written here is published; told if that can't be done."""
        repository = self.catalog.repository
        there = remote.destination(repository, self.catalog.branch or "")
        if self.reach is not Reach.PUBLISHED or there is None or follower.follows(repository):
            return
        try:
            remote.fetch(repository, there.remote)
        except NetworkError as error:
            self.notify(f"{error}; what was fetched last is read")

    def stay_here(self) -> None:
        """Publish nothing from now on: what is committed waits here for `git registry sync`."""
        self.reach = Reach.FETCHED
        for catalog in list(self._open.values()):
            catalog.reach = Reach.FETCHED

    def close(self) -> None:
        """Let go of everything this process holds open."""
        _close(self._open)

    def leave(self) -> None:
        """Let go of what this thread holds open; it asks no more."""
        _close_one(self._open, (os.getpid(), id(threading.current_thread())))


def _close(opened: dict[tuple[int, int], Catalog]) -> None:
    """Close what is open in this process; what a process inherited by a fork is not its own."""
    for key in list(opened):
        _close_one(opened, key)


def _close_one(opened: dict[tuple[int, int], Catalog], key: tuple[int, int]) -> None:
    catalog = opened.pop(key, None)
    if catalog is not None and key[0] == os.getpid():
        catalog.close()
