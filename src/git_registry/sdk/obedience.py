"""Did the pushes that the server noted obey the policy of their time?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.pushes import LOG
from git_registry.errors import InvalidDocument, Refused, RegistryError
from git_registry.model.dates import typed
from git_registry.sdk.replaying import NOBODY, UNKNOWN, VIOLATES, Replay, Replayed, replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Obedience:
    """What was found; nothing where there is no push log.

    Attributes:
        counts: `obeys`, `violates`, `identity unknown` and `can't be known` → how many pushes.
        problems: each thing that a push did and nobody might; and what on the log is not the server's.
        not_checked: what can't be known, in sentences.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[RegistryError, ...] = ()
    not_checked: tuple[str, ...] = ()


def obedience(catalog: Catalog) -> Obedience:
    """Hold every push that the server noted against the rules that held before it."""
    if catalog.repository.ref(LOG) is None:
        return Obedience()
    try:
        done = replay(catalog)
    except RegistryError as broken:
        return Obedience(not_checked=(f"the pushes that the server noted, after {broken}",))
    return Obedience(
        counts=Counter(one.outcome for one in done.pushes),
        problems=tuple(_problems(done)),
        not_checked=tuple(_unknown(one) for one in done.pushes if one.outcome in (NOBODY, UNKNOWN)),
    )


def _problems(done: Replay) -> Iterator[RegistryError]:
    for odd in done.strange:
        yield InvalidDocument(f"the push log is not the server's: {odd.problem}", where=odd.commit[:8])
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
