"""A repository whose refs are read once: whoever tells all there is tells it of one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from git_registry.repository.process import Output
from git_registry.repository.repository import Repository
from git_registry.repository.tips import Head

T = TypeVar("T")

_SETTLED = ("for-each-ref", "merge-base")
"""Commands that tell of refs, and of commits alone."""


class Still(Repository):
    """The same repository, as it was when it was first asked; nothing may be written by it.

    Pages by the thousand ask for the same refs again and again, and each time it would be a file that is
    read or a process that is started.
    """

    def __init__(self, repository: Repository) -> None:
        self.__dict__ = dict(repository.__dict__)
        self._seen: dict[object, object] = {}

    def ref(self, name: str) -> str | None:
        """Return what a ref held when it was first asked for."""
        return self._once(("ref", name), lambda: super(Still, self).ref(name))

    def symbolic(self, name: str) -> str | None:
        """Return which ref a symbolic one stood for when it was first asked for."""
        return self._once(("symbolic", name), lambda: super(Still, self).symbolic(name))

    def head(self) -> Head:
        """Return what was checked out when that was first asked."""
        return self._once("head", super().head)

    def git(
        self,
        *args: str,
        input: bytes | None = None,  # noqa: A002 - as subprocess calls it
        check: bool = True,
        env: Mapping[str, str] | None = None,
    ) -> Output:
        """Run git; refs are listed once, and commits compared once."""

        def run() -> Output:
            return super(Still, self).git(*args, input=input, check=check, env=env)

        return self._once(args, run) if args[0] in _SETTLED else run()

    def _once(self, asked: object, answer: Callable[[], T]) -> T:
        if asked not in self._seen:
            self._seen[asked] = answer()
        return self._seen[asked]  # type: ignore[return-value]  # what this question was answered with
