"""A clone's pre-commit hook: says before a commit what the server would say to it.

What does not follow the format stops the commit; what the policy says is advice, for the commit may be meant
for a proposal. `git commit --no-verify` goes past both.
"""

from __future__ import annotations

import sys

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.beforehand import on_commit
from git_registry.catalog.judging.found import verdict
from git_registry.catalog.judging.laptop import laptop
from git_registry.errors import InvalidDocument, RegistryError
from git_registry.hooks.advice import UNKNOWN, say
from git_registry.hooks.clock import clock
from git_registry.repository.repository import Repository

_FORMAT = "format"


def main() -> int:
    """Judge what is staged; return the exit code."""
    try:
        return judge(Repository.open())
    except RegistryError as error:
        sys.stderr.write(f"warning: what is staged can't be judged: {error}\n")
        return 0


def judge(repository: Repository) -> int:
    """Say what is wrong with what is staged, and return 3 if that is the format."""
    with Catalog(repository=repository, branch=None, clock=clock) as catalog:
        here = laptop(catalog)
        found = tuple(on_commit(here))
    misshapen = [one for one in found if one.violation.rule == _FORMAT]
    if misshapen:
        say(misshapen, "this does not follow the format; `git commit --no-verify` commits it all the same")
        return InvalidDocument.exit_code
    if here.rules is not None and here.principal is None:
        sys.stderr.write(f"{UNKNOWN}\n")
    if found:
        say(found, f"the server would say to this, as far as is known here: {verdict(found).word}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
