"""The command line: parse, call one verb, print. The only place that prints."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run `git registry` with the process's arguments, and exit."""
    from git_registry.cli.entry import run

    # A short command makes objects that stay, and looking for garbage among them, at the end once more,
    # is a tenth of its time. `entry` turns it on again for the others.
    gc.disable()
    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)
