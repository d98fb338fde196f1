"""How much of a push is looked at. More is refused, whoever pushes (DESIGN §5)."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """What one push may have.

    Attributes:
        commits: on the first-parent line of each branch.
        entries: files and directories that differ, in all steps of a branch together.
        objects: new ones on a branch that is not judged step by step.
        file: bytes of a file.
        commit: bytes of a commit with its message and signature.
        depth: nested directories.
        ahead: seconds that a commit may be dated in the future: clocks differ.
    """

    commits: int = 5_000
    entries: int = 40_000
    objects: int = 100_000
    file: int = 10 << 20
    commit: int = 1 << 20
    depth: int = 8
    ahead: int = 24 * 60 * 60
