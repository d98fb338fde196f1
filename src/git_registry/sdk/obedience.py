"""Did the pushes that the server noted obey the policy of their time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.pushes import LOG
from git_registry.errors import InvalidDocument, Refused, RegistryError
from git_registry.model.dates import typed
from git_registry.sdk.rejudging import NOBODY, UNKNOWN, VIOLATES, Replayed
from git_registry.sdk.remembering import Memory
from git_registry.sdk.replaying import Replay, replay
from git_registry.sdk.unnoted import HINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Obedience:
    """What was found; nothing where there is no push log.

    Attributes:
        counts: `obeys`, `violates`, `identity unknown` and `can't be known` → how many pushes.
        problems: each thing that a push did and nobody might; each move of a judged ref that no push says;
            and what on the log is not the server's.
        not_checked: what can't be known, in sentences.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[RegistryError, ...] = ()
    not_checked: tuple[str, ...] = ()


def obedience(catalog: Catalog, memory: Memory | None = None) -> Obedience:
    """Hold every push that the server noted against the rules that held before it; see `replay` of memory."""
    if catalog.repository.ref(LOG) is None:
        return Obedience()
    try:
        done = replay(catalog, memory=memory)
    except RegistryError as broken:
        return Obedience(not_checked=(f"the pushes that the server noted, after {broken}",))
    return Obedience(
        counts=Counter(one.outcome for one in done.pushes),
        problems=tuple(_problems(done)),
        not_checked=(
            *(_unknown(one) for one in done.pushes if one.outcome in (NOBODY, UNKNOWN)),
            *done.doubts,
        ),
    )


def _problems(done: Replay) -> Iterator[RegistryError]:
    for odd in done.strange:
        yield InvalidDocument(f"the push log is not the server's: {odd.problem}", where=odd.commit[:8])
    for gap in done.unnoted:
        yield Refused(str(gap), where=gap.ref, hint=HINT)
    for one in done.pushes:
        for wrong in one.found if one.outcome == VIOLATES else ():
            yield Refused(
                f"{wrong.violation.message} ({_name(one)})",
                where=wrong.violation.path or wrong.ref,
                hint=wrong.violation.hint,
            )


def _name(one: Replayed) -> str:
    who = one.principal or (str(one.push.account) if one.push.account else "somebody")
    return f"pushed by {who} on {typed(one.push.at)}"


def _unknown(one: Replayed) -> str:
    return f"whether what was {_name(one)} obeys: {one.outcome}, {one.unknown}"
