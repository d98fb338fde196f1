"""A forge's own command line tool, where it is installed: it knows its users' credentials."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from typing import Any

from git_registry.repository.process import Output, ask
from git_registry.repository.remote import without_credentials
from git_registry.sdk.forges.request import Unopened

_SECONDS = 60
_LONGEST = 200
_EXISTS = "already exists"
"""What both tools, and the forges behind them, say of a second request for a branch."""


def is_installed(name: str, environ: Mapping[str, str]) -> bool:
    """Is there such a program?"""
    return shutil.which(name, path=environ.get("PATH")) is not None


def run(name: str, *args: str, told: str = "") -> str:
    """Run a tool and return what it printed.

    Raises:
        Unopened: it failed; in its own words.
    """
    done = ask(name, *args, told=told.encode(), seconds=_SECONDS)
    if done.code != 0:
        raise _failed(name, done)
    return done.text


def opened(name: str, *args: str, told: str = "") -> str | None:
    """Run what opens a request, and return where that is; None if there is one already.

    Raises:
        Unopened: it failed; in its own words.
    """
    done = ask(name, *args, told=told.encode(), seconds=_SECONDS)
    if done.code != 0 and _EXISTS in done.stderr:
        return None
    if done.code != 0:
        raise _failed(name, done)
    url = url_in(done.text) or url_in(done.stderr)
    if url is None:
        raise Unopened(f"{name} says not where it is")
    return url


def _failed(name: str, done: Output) -> Unopened:
    why = next((line for line in done.stderr.splitlines() if line.strip()), f"ended with {done.code}")
    return Unopened(f"{name}: {without_credentials(why.strip())[:_LONGEST]}")


def rows(name: str, *args: str) -> list[dict[str, Any]]:
    """Run a tool and return the rows of the JSON that it printed; raise as `run` does."""
    try:
        found = json.loads(run(name, *args) or "[]")
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Unopened(f"{name} printed something else than rows of JSON")
    return found


def url_in(text: str) -> str | None:
    """Return the last URL in what a tool, or a server, said."""
    found = re.findall(r"https?://[^\s\"'<>]+", text)
    return found[-1] if found else None
