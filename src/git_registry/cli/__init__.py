"""The command line: parse, call one verb, print. The only place that prints."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `git registry` with the process's arguments, and exit."""
    from git_registry.cli.entry import run

    sys.exit(run(sys.argv[1:]))
