"""What people do with versions that are linked: stage, promote, roll back, annotate, unlink."""

from __future__ import annotations

from tests.web.story import words
from tests.web.story.founding import LEGACY
from tests.web.story.tale import Growing, Tale, because, by

from git_registry.model.documents.access import Approvals, Gate
from git_registry.model.edits.version import Addition
from git_registry.sdk import aliasing, linking, managing, noting, protecting, rolling_back


def happens(tale: Tale, one: Growing) -> None:
    """Let somebody do something with a collection, or nothing."""
    likely = MOVES if one.registry == "model" else LESS
    chosen = tale.chance.random()
    for until, move in likely:
        if chosen < until:
            move(tale, one)
            return


def stage(tale: Tale, one: Growing) -> None:
    """Let the latest version be tried."""
    if one.staged[-1:] != one.linked[-1:]:
        one.staged.append(one.linked[-1])
        _point(tale, one, "staging", tale.chance.choice(("Ana", "Bob")))


def promote(tale: Tale, one: Growing) -> None:
    """Let what was tried last be served, if it is good enough."""
    tried = one.staged[-1:]
    is_good = tried and tried[0] in one.linked and one.measured[tried[0]]["accuracy"] >= 0.8
    if is_good and tried != one.promoted[-1:] and not tale.is_frozen:
        one.promoted += tried
        with because(tale.catalog, tale.chance.choice(words.REASONS)):
            _point(tale, one, "production", tale.chance.choice(("Ana", "Bob")), tried[0])


def roll_back(tale: Tale, one: Growing) -> None:
    """Let what was served before be served again."""
    before = [version for version in one.promoted if version != one.promoted[-1]]
    if before and before[-1] in one.linked and not tale.is_frozen:
        with by("Ana"), because(tale.catalog, "Calibration is off in Spain."):
            rolling_back.rollback(tale.catalog, [one.path], "production")
        one.promoted.append(before[-1])


def annotate(tale: Tale, one: Growing) -> None:
    """Add what was learned of the latest version since."""
    person = tale.chance.choice(words.PEOPLE)
    addition = Addition(
        metrics={"latency_ms": round(tale.chance.uniform(2, 30), 1)},
        metadata={"reviewed_by": person},
        tags=("reviewed",),
        description="Looks **fine** on shadow traffic." if tale.chance.random() < 0.4 else None,
    )
    with by(person):
        noting.annotate(tale.catalog, [one.latest], addition)


def unlink(tale: Tale, one: Growing) -> None:
    """Take a version away that nobody uses."""
    unused = [one_ for one_ in one.linked[:-2] if one_ not in one.staged and one_ not in one.promoted]
    if len(one.linked) > 4 and unused:
        with by(tale.chance.choice(("Ana", "Bob"))):
            linking.unlink(tale.catalog, [one.selector(unused[-1])])
        one.linked.remove(unused[-1])


def crown(tale: Tale, one: Growing) -> None:
    """Call the best version that."""
    best = max(one.linked, key=lambda version: one.measured[version].get("accuracy", 0.0))
    _point(tale, one, "champion" if one.registry == "model" else "gold", "Chloe", best)


def freeze(tale: Tale) -> None:
    """Let production wait for somebody else's approval from now on."""
    with by("Ana"):
        gate = Gate(approvals=Approvals(count=2, role="member", not_author=True))
        protecting.protect(tale.catalog, "model", "production", [gate])
    tale.is_frozen = True


def drop_legacy(tale: Tale) -> None:
    """Delete a collection that nobody needs any more."""
    with by("Dai"):
        managing.delete(tale.catalog, LEGACY)


def _point(tale: Tale, one: Growing, alias: str, person: str, version: str = "") -> None:
    with by(person):
        aliasing.promote(tale.catalog, [one.selector(version or one.linked[-1])], alias)


MOVES = ((0.30, stage), (0.48, promote), (0.56, annotate), (0.61, unlink), (0.70, roll_back), (0.78, crown))
LESS = ((0.2, annotate), (0.3, crown))
"""What may happen after a version was linked, each below which number of chance."""
