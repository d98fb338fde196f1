"""A forge's own command line tool, where it is installed: it knows its users' credentials."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from git_registry.repository.process import Output, ask
from git_registry.repository.remote import without_credentials
from git_registry.sdk.forges.request import Unopened, url_in

_SECONDS = 60
_LONGEST = 200
_EXISTS = "already exists"
"""What both tools, and the forges behind them, say of a second request for a branch."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that is installed.

    Attributes:
        name: `gh`, `glab`.
        environ: what it runs with; two of one name and environment are the same tool.
    """

    name: str
    environ: frozenset[tuple[str, str]] = field(repr=False)

    @classmethod
    def found(cls, name: str, environ: Mapping[str, str], *, is_meant: bool) -> Tool | None:
        """Return the tool, if there is such a program.

        A tool takes its token from the environment before it looks for a login, whatever host it asks. So
        where the tokens are not meant for the host it runs without, and has what its user logged in with.
        """
        if shutil.which(name, path=environ.get("PATH")) is None:
            return None
        return cls(name, frozenset(one for one in environ.items() if is_meant or not _is_secret(one[0])))

    def run(self, *args: str, told: str = "") -> str:
        """Run it and return what it printed.

        Raises:
            Unopened: it failed; in its own words.
        """
        done = self._run(args, told)
        if done.code != 0:
            raise self._failed(done)
        return done.text

    def opened(self, *args: str, told: str = "") -> str | None:
        """Run what opens a request, and return where that is; None if there is one already.

        Raises:
            Unopened: it failed; in its own words.
        """
        done = self._run(args, told)
        if done.code != 0 and _EXISTS in done.stderr:
            return None
        if done.code != 0:
            raise self._failed(done)
        url = url_in(done.text) or url_in(done.stderr)
        if url is None:
            raise Unopened(f"{self.name} says not where it is")
        return url

    def rows(self, *args: str) -> list[dict[str, Any]]:
        """Run it and return the rows of the JSON that it printed; raise as `run` does."""
        try:
            found = json.loads(self.run(*args) or "[]")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise Unopened(f"{self.name} printed something else than rows of JSON")
        return found

    def _run(self, args: tuple[str, ...], told: str) -> Output:
        return ask(self.name, *args, told=told.encode(), seconds=_SECONDS, environ=dict(self.environ))

    def _failed(self, done: Output) -> Unopened:
        why = next((line for line in done.stderr.splitlines() if line.strip()), f"ended with {done.code}")
        return Unopened(f"{self.name}: {without_credentials(why.strip())[:_LONGEST]}")


def _is_secret(name: str) -> bool:
    """Might a variable hold a token? Each tool reads several, and other ones in each release."""
    return "TOKEN" in name.upper()
