"""Texts with names, as the hosts of pipelines read them from a file."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping

from git_registry.cli.output import cell

_LEFT_OUT = ("matrix", "description")
"""What a dotenv file of GitLab's does without: it takes 5 KiB, and one line each, which nobody is to word."""

_CHOSEN = ("type", "proposal", "proposed_by")
"""What people call things, and themselves.

GitLab's runner puts something else for `$NAME`, and takes no blanks.
"""

_PLAIN = re.compile("[A-Za-z0-9._+=@/-]*")


def github(outputs: Mapping[str, str]) -> Iterator[str]:
    """Yield lines for `$GITHUB_OUTPUT`, each value between marks that nobody can have put into it."""
    mark = f"end-{secrets.token_hex(16)}"
    for name, value in outputs.items():
        yield f"{name}<<{mark}"
        yield value
        yield mark


def dotenv(outputs: Mapping[str, str]) -> Iterator[str]:
    """Yield lines for GitLab's `artifacts: reports: dotenv:`; of a person the address alone.

    What somebody chose is left empty if it has letters that could mean something there.
    """
    for name, value in outputs.items():
        if name not in _LEFT_OUT:
            told = value.rpartition("<")[2].removesuffix(">") if name == "proposed_by" else value
            means_something = name in _CHOSEN and not _PLAIN.fullmatch(told)
            yield f"REGISTRY_{name.upper()}={'' if means_something else cell(told)}"
