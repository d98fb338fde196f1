"""What is asked to be reviewed, as it is printed: whether it can be merged or not."""

from __future__ import annotations

from collections.abc import Callable

from git_registry.catalog.catalog import Catalog
from git_registry.cli.answers import review
from git_registry.cli.answers.review_conflicts import Unmergeable
from git_registry.index.numbers import settled
from git_registry.sdk.reviewing import Conflicting, Review
from git_registry.wording.summary import Summary


def reviewed(catalog: Catalog, number: str, asked: Callable[[], Review]) -> review.Answer | Unmergeable:
    """Return what is said of what is `asked`, with version numbers as they are at its base.

    `number` is what a forge calls it; empty if nobody says.
    """
    try:
        done = asked()
    except Conflicting as conflict:
        return Unmergeable(conflict, number)
    there = catalog.registries()
    numbers = settled(there.seen_from(there.branch, done.judgement.base))
    return review.Answer(Summary(done, numbers, number))
