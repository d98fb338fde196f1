"""`python -m git_registry.cli`, for where the command is not on the path."""

from __future__ import annotations

from git_registry.cli import main

main()
