"""Texts with names, as the hosts of pipelines read them from a file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping

from git_registry.cli.output import cell

_LEFT_OUT = ("matrix", "description", "proposal", "proposed_by")
"""What a dotenv file of GitLab's does without: it takes 5 KiB, and one line each, which nobody is to word."""


def github(outputs: Mapping[str, str]) -> Iterator[str]:
    """Yield lines for `$GITHUB_OUTPUT`, each value between marks that nobody can have put into it."""
    mark = f"end-{secrets.token_hex(16)}"
    for name, value in outputs.items():
        yield f"{name}<<{mark}"
        yield value
        yield mark


def dotenv(outputs: Mapping[str, str]) -> Iterator[str]:
    """Yield lines for GitLab's `artifacts: reports: dotenv:`."""
    for name, value in outputs.items():
        if name not in _LEFT_OUT:
            yield f"REGISTRY_{name.upper()}={cell(value)}"
