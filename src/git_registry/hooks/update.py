"""A server's update hook, where no pre-receive is offered: judges one ref before it moves.

Refs of the same push that were judged before it have moved: the rules are read anew for each ref, so one that
the default branch precedes is judged by those that came with the push, and were found right. What this one
refuses stays in the repository until git removes it. Gerrit's `ref-update` is this one under another name.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from git_registry.errors import Refused
from git_registry.hooks import bounds
from git_registry.hooks.gate import Wanted, gate
from git_registry.repository.objects import is_id

_OF_GIT = 3


def main() -> int:
    """Judge the ref that git, or Gerrit, tells of by arguments; return the exit code."""
    return gate([told(sys.argv[1:])], sys.argv[1:])


def told(arguments: Sequence[str]) -> Wanted:
    """Return what a ref would hold: `<ref> <old> <new>`, or Gerrit's `--refname … --newrev …`.

    Raises:
        Refused: it is neither.
    """
    if len(arguments) == _OF_GIT and not arguments[0].startswith("-"):
        ref, old, new = arguments
    else:
        named = dict(zip(arguments[::2], arguments[1::2], strict=False))
        ref, old, new = (named.get(f"--{name}", "") for name in ("refname", "oldrev", "newrev"))
    if not (is_id(old) and is_id(new) and ref.startswith("refs/")):
        raise Refused("the hook was told of a ref in a way that is not known here")
    return Wanted(ref, new, old)


if __name__ == "__main__":
    bounds.run(main)
