"""A forge's own command line tool, where it is installed: it knows its users' credentials."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from typing import Any

from git_registry.repository.process import ask
from git_registry.repository.remote import without_credentials
from git_registry.sdk.forges.request import Unopened

_SECONDS = 60
_LONGEST = 200


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
        why = next((line for line in done.stderr.splitlines() if line.strip()), f"ended with {done.code}")
        raise Unopened(f"{name}: {without_credentials(why.strip())[:_LONGEST]}")
    return done.text


def rows(name: str, *args: str) -> list[dict[str, Any]]:
    """Run a tool and return the rows of the JSON that it printed; raise as `run` does."""
    try:
        found = json.loads(run(name, *args) or "[]")
    except ValueError:
        raise Unopened(f"{name} printed something that is no JSON") from None
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def url_in(text: str) -> str | None:
    """Return the last URL in what a tool, or a server, said."""
    found = re.findall(r"https?://[^\s\"'<>]+", text)
    return found[-1] if found else None
