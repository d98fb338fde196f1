"""What is said of a branch that is not what others see."""

from __future__ import annotations

import pytest

from git_registry.sdk.standing import Standing
from git_registry.wording.standing import notice


@pytest.mark.parametrize(
    ("unpublished", "unseen", "words"),
    [
        (0, 0, ""),
        (1, 0, "1 commit on main is not published: `git registry sync` does that"),
        (0, 2, "2 commits on origin/main are not shown: `git registry sync` brings what was published"),
        (
            2,
            1,
            (
                "2 commits on main are not published, and 1 commit on origin/main is not shown: "
                "`git registry sync` brings them together"
            ),
        ),
    ],
)
def test_what_is_not_published_and_what_is_not_shown(unpublished, unseen, words):
    stands = Standing(shown="main", upstream="origin/main", unpublished=unpublished, unseen=unseen)

    assert notice(stands) == words
