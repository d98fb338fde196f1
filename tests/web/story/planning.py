"""Which collections there will be, and what happens when in the year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from tests.web.story import founding, moving, running
from tests.web.story.tale import Growing, Tale
from tests.web.story.words import DATASETS, EVALUATIONS, MODELS, Use

FROZEN = 0.92
"""When production begins to wait for approvals. Each model has its last version later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is: collections, versions that were linked, runs."""

    collections: int
    versions: int
    runs: int

    @property
    def failing(self) -> int:
        """Return how many of the runs fail; one more is under way."""
        return max(1, self.runs // 12)


def planned(size: Size) -> list[Growing]:
    """Return the collections, and how many versions each will have: few have many, and most have few."""
    sets = max(2, size.collections * len(DATASETS) // 30)
    judged = max(1, size.collections * len(EVALUATIONS) // 30)
    few = max(size.versions * 15 // 100, sets)
    kinds = (
        ("dataset", DATASETS[:sets], few),
        ("model", MODELS[: size.collections - sets - judged], size.versions - 2 * few),
        ("evaluation", EVALUATIONS[:judged], few),
    )
    return [one for kind in kinds for one in _shared(*kind)]


def _shared(registry: str, uses: Sequence[Use], versions: int) -> list[Growing]:
    parts = [1 / (place + 1.5) for place in range(len(uses))]
    shares = [max(1, int(versions * part / sum(parts))) for part in parts]
    shares[0] += versions - sum(shares)
    return [Growing(registry, use, share) for use, share in zip(uses, shares, strict=True)]


def tell(tale: Tale, size: Size) -> None:
    """Let the year happen."""
    for when, happens in sorted(_events(tale, size), key=lambda event: event[0]):
        tale.clock.reach(when)
        happens()


def _events(tale: Tale, size: Size) -> Iterator[tuple[float, Callable[[], None]]]:
    collections = planned(size)
    each, taken = (size.runs - size.failing - 1) / size.versions, 0.0
    for place, one in enumerate(collections):
        begins = 0.01 + place / len(collections) * (0.06 if one.registry == "dataset" else 0.4)
        yield begins, partial(founding.create, tale, one)
        for when in _moments(tale, one, begins):
            taken += each
            in_run, taken = taken >= 1, taken % 1
            yield when, partial(_grows, tale, one, in_run=in_run)
    models = [one for one in collections if one.registry == "model"]
    for _ in range(size.failing):
        yield tale.chance.uniform(0.45, 0.97), partial(running.fail, tale, tale.chance.choice(models))
    yield 0.5, partial(moving.drop_legacy, tale)
    yield FROZEN, partial(moving.freeze, tale)
    yield 0.994, partial(moving.stage, tale, models[0])
    yield 0.999, partial(running.leave, tale, models[0])


def _moments(tale: Tale, one: Growing, begins: float) -> Iterator[float]:
    """Yield when a collection gets its versions: the first at once, a model's last one in the last weeks."""
    often = one.share - (one.registry == "model")
    for number in range(often):
        later = tale.chance.random() if number else 0.0
        yield begins + (0.94 - begins) * (number + later) / one.share
    if often < one.share:
        yield tale.chance.uniform(0.945, 0.99)


def _grows(tale: Tale, one: Growing, *, in_run: bool) -> None:
    running.grow(tale, one, in_run=in_run)
    tale.clock.now += timedelta(hours=tale.chance.uniform(0.2, 5))
    moving.happens(tale, one)
