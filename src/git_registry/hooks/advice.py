"""What the hooks of a clone say: advice, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from git_registry.catalog.judging.found import Found
from git_registry.hooks.wording import plain, refusal

UNKNOWN = (
    "advice: who you are is not known, so nothing is said of what the policy would say; "
    "git config registry.user user:NAME"
)


def say(found: Iterable[Found], first: str) -> None:
    """Say what is wrong, after a line that says what it means."""
    sys.stderr.write("".join(f"{plain(row)}\n" for row in (f"advice: {first}", *refusal(found))))
