"""Are the automations of a server answered, and have they got what they need? Nothing here weakens it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from git_registry.automation.happening import Placed
from git_registry.automation.queued import DEAD
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.cursor import CURSOR, read
from git_registry.errors import RegistryError
from git_registry.policy.settings import AUTOMATIONS, TIMER
from git_registry.repository import history
from git_registry.sdk import delivering
from git_registry.sdk.clock import clock
from git_registry.sdk.placed import automations_at
from git_registry.sdk.serving.symptom import Examined, Symptom, advice, note

_COUNTED = 100
"""Deliveries that are counted; of more it is said that there are more."""


def answering_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what keeps automations from being answered."""
    tip = seen.repository.ref("HEAD")
    if tip is None:
        return
    yield from _said(seen)
    if standing(seen) and not _is_started(seen):
        yield advice(
            "automations",
            f"{_stand(len(standing(seen)))} at the tip of {_branch(seen)}, and no post-receive of ours runs",
            "no push starts them",
            f"{seen.install()}, or by a timer: {_command(seen, 'run')}",
        )
    yield from _stuck(seen, tip)


def _said(seen: Examined) -> Iterator[Symptom]:
    said = seen.repository.config(AUTOMATIONS)
    if said not in (None, TIMER):
        yield advice(
            AUTOMATIONS,
            f"there is no such thing as {said!r}",
            "each push starts them, as if it were not set",
            f"{seen.config(AUTOMATIONS, TIMER)}, or {seen.config('--unset-all', AUTOMATIONS)}",
        )


def standing(seen: Examined) -> Sequence[Placed]:
    """Return the automations at the tip that are switched on; none where nobody can read which there are."""
    tip = seen.repository.ref("HEAD")
    try:
        with Catalog(repository=seen.repository, branch=None, clock=clock) as catalog:
            found = automations_at(catalog, tip) if tip else []
    except RegistryError:
        return ()  # what can't be read is told of the policy
    return [one for one in found if one.document.enabled]


def _stand(count: int) -> str:
    return f"{count} stands" if count == 1 else f"{count} stand"


def _branch(seen: Examined) -> str:
    return seen.repository.head().branch or "HEAD"


def _command(seen: Examined, *words: str) -> str:
    return f"git registry -C {seen.path} automation {shlex.join(words)}"


def _is_started(seen: Examined) -> bool:
    hooks = (one for one in seen.status.hooks if one.stands.name == "post-receive")
    return any(one.stands.whose.runs_ours and not one.trouble for one in hooks)


def _stuck(seen: Examined, tip: str) -> Iterator[Symptom]:
    stands = read(seen.repository)
    if stands is None or _follows(seen, tip, stands):
        return
    yield advice(
        CURSOR,
        f"it is at {stands[:8]}, which is no step of {_branch(seen)}",
        "what happens is not answered any more: history was rewritten",
        f"{_command(seen, 'run', '--skip')} goes on without what happened; --from REV answers what happened "
        "after a step",
    )


def _follows(seen: Examined, tip: str, stands: str) -> bool:
    try:
        return history.fork(seen.repository, tip, stands) == stands
    except RegistryError:
        return False  # the commit is gone


def kept_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what is paused, and that deliveries were given up: what follows from all that was told before."""
    try:
        with Catalog(repository=seen.repository, branch=None, clock=clock) as catalog:
            paused = delivering.paused(catalog)
            dead = len(delivering.given_up(catalog, _COUNTED))
    except RegistryError as problem:
        yield note("deliveries", f"they can't be read: {problem}", "what waits can't be told from here")
        return
    for one in paused:
        path = one.automation.removesuffix(".yaml")
        yield advice(path, f"it is paused: {one.why}", "what it starts waits", _command(seen, "resume", path))
    if dead:
        many = f"{_COUNTED} or more" if dead == _COUNTED else f"{dead}"
        yield advice(
            "deliveries",
            f"{many} {'is' if dead == 1 else 'are'} given up",
            "nobody tries them again",
            f"{_command(seen, 'deliveries', '--state', DEAD)} lists them, `redeliver` queues one once more",
        )
