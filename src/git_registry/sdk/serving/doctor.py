"""What weakens a server: hooks, settings, files and rules, each with what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from git_registry.sdk.serving.examining_automations import answering_symptoms, kept_symptoms
from git_registry.sdk.serving.examining_hooks import hook_symptoms, reach_symptoms
from git_registry.sdk.serving.examining_policy import is_passed_by, passed_symptoms, policy_symptoms
from git_registry.sdk.serving.examining_secrets import secret_symptoms
from git_registry.sdk.serving.examining_settings import (
    file_symptoms,
    git_symptoms,
    head_symptoms,
    setting_symptoms,
)
from git_registry.sdk.serving.examining_trust import identity_symptoms
from git_registry.sdk.serving.ground import opened
from git_registry.sdk.serving.layouts import Wish, layout_of
from git_registry.sdk.serving.status import HookStatus, status_of
from git_registry.sdk.serving.symptom import Examined, Symptom, Weight

_OF_SERVERS: Sequence[Callable[[Examined], Iterator[Symptom]]] = (
    hook_symptoms,
    reach_symptoms,
    identity_symptoms,
    policy_symptoms,
    head_symptoms,
    setting_symptoms,
    file_symptoms,
    git_symptoms,
    answering_symptoms,
    secret_symptoms,
    kept_symptoms,
)
"""One more thing to look at is one more function."""

_OF_PASSED_BY: Sequence[Callable[[Examined], Iterator[Symptom]]] = (
    hook_symptoms,
    reach_symptoms,
    passed_symptoms,
)
"""What is no registry keeps its own settings, but the hook may serve others that are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found, what matters most first."""

    status: HookStatus
    symptoms: Sequence[Symptom]

    @property
    def is_sound(self) -> bool:
        """Is there nothing that weakens what is enforced?"""
        return not any(one.weight is Weight.PROBLEM for one in self.symptoms)


def diagnose(path: Path, layout: str | None = None, into: Path | None = None) -> Diagnosis:
    """Look for what weakens the hooks of a repository; change nothing.

    Raises:
        NotFound: there is no repository.
        UsageError: where hooks go can't be told.
    """
    repository = opened(path)
    where = layout_of(repository, layout, Wish(into=into))
    seen = Examined(repository, status_of(repository, where))
    found = [one for look in _looks(seen) for one in look(seen)]
    weights = list(Weight)
    return Diagnosis(status=seen.status, symptoms=sorted(found, key=lambda one: weights.index(one.weight)))


def _looks(seen: Examined) -> Sequence[Callable[[Examined], Iterator[Symptom]]]:
    """Return what to look at. A clone judges nobody: only its hooks count."""
    if seen.status.layout.name == "clone":
        return (hook_symptoms,)
    return _OF_PASSED_BY if is_passed_by(seen) else _OF_SERVERS
