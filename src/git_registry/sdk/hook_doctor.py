"""What weakens a server: hooks, settings, files and rules, each with what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from git_registry.sdk.hook_status import HookStatus, status_of
from git_registry.sdk.serving.examining_hooks import hook_findings, reach_findings
from git_registry.sdk.serving.examining_settings import (
    file_findings,
    git_findings,
    head_findings,
    setting_findings,
)
from git_registry.sdk.serving.examining_trust import identity_findings, policy_findings
from git_registry.sdk.serving.finding import Examined, Finding, Weight
from git_registry.sdk.serving.ground import opened
from git_registry.sdk.serving.layouts import Asked, layout_of

_OF_SERVERS: Sequence[Callable[[Examined], Iterator[Finding]]] = (
    hook_findings,
    reach_findings,
    identity_findings,
    policy_findings,
    head_findings,
    setting_findings,
    file_findings,
    git_findings,
)
"""One more thing to look at is one more function. A clone judges nobody: only its hooks are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found, what matters most first."""

    status: HookStatus
    findings: Sequence[Finding]

    @property
    def is_sound(self) -> bool:
        """Is there nothing that weakens what is enforced?"""
        return not any(one.weight is Weight.PROBLEM for one in self.findings)


def diagnose(path: Path, layout: str | None = None, into: Path | None = None) -> Diagnosis:
    """Look for what weakens the hooks of a repository; change nothing.

    Raises:
        NotFound: there is no repository.
        UsageError: where hooks go can't be told.
    """
    repository = opened(path)
    where = layout_of(repository, layout, Asked(into=into))
    seen = Examined(repository, status_of(repository, where))
    looks = _OF_SERVERS if where.name != "clone" else (hook_findings,)
    found = [one for look in looks for one in look(seen)]
    weights = list(Weight)
    return Diagnosis(status=seen.status, findings=sorted(found, key=lambda one: weights.index(one.weight)))
