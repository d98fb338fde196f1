"""A realistic organization to look at and to measure on, made by the verbs that people call.

    python -m tests.web.acme DIR

makes `DIR/acme` (a clone), `DIR/acme.git` (what it was cloned from) and `DIR/store` (the files). It tells a
year of five people: data sets come, models learn from them, are linked, promoted, rolled back and evaluated.
"""

from __future__ import annotations

import random
import shutil
import sys
import time
from pathlib import Path

from tests.web.story import founding, planning, reviewing
from tests.web.story.planning import Size
from tests.web.story.tale import Tale


def build(
    directory: Path, *, collections: int = 30, versions: int = 500, runs: int = 200, seed: int = 0
) -> Path:
    """Make the organization `acme` in a directory that is empty or not there.

    Args:
        directory: where the clone, its remote and the store come to lie.
        collections: how many there are, from 6 to 30.
        versions: how many are linked, those among them that are unlinked later.
        runs: how many there are; some of them fail, and one is under way.
        seed: the same one tells the same story, if not to the second.

    Returns:
        The clone.
    """
    tale = Tale(directory.absolute(), random.Random(seed))
    founding.found(tale)
    planning.tell(tale, Size(collections=collections, versions=versions, runs=runs))
    tale.workspace.close()
    shutil.rmtree(tale.files)
    return reviewing.clone(tale)


if __name__ == "__main__":
    began = time.monotonic()
    print(build(Path(sys.argv[1])), f"in {time.monotonic() - began:.0f} s")
