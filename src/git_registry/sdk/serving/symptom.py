"""One thing that is not as it should be on a server."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import Enum

from git_registry.repository.repository import Repository
from git_registry.sdk.serving.status import HookStatus


class Weight(Enum):
    """How much it matters."""

    PROBLEM = "problem"
    ADVICE = "advice"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptom:
    """What was found.

    Attributes:
        about: a hook, a setting, a file.
        message: what is so.
        why: what it means, in a few words.
        mend: the command, or what to do; empty for a note.
    """

    about: str
    weight: Weight
    message: str
    why: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What is looked at: a repository, and what it has of hooks."""

    repository: Repository
    status: HookStatus

    @property
    def path(self) -> str:
        """Return where it is, as a shell reads it."""
        return shlex.quote(str(self.repository.common_dir))

    def config(self, *words: str) -> str:
        """Return the command that changes its settings."""
        return f"git -C {self.path} config {shlex.join(words)}"

    def install(self, *words: str) -> str:
        """Return the command that installs hooks, with what is said of them."""
        return " ".join(["git registry hooks install", self.path, *words])


def problem(about: str, message: str, why: str, mend: str) -> Symptom:
    """Return a symptom that weakens what is enforced, or stops all pushes."""
    return Symptom(about=about, weight=Weight.PROBLEM, message=message, why=why, mend=mend)


def advice(about: str, message: str, why: str, mend: str) -> Symptom:
    """Return a symptom that weakens nothing."""
    return Symptom(about=about, weight=Weight.ADVICE, message=message, why=why, mend=mend)


def note(about: str, message: str, why: str) -> Symptom:
    """Return what can't be told from here."""
    return Symptom(about=about, weight=Weight.NOTE, message=message, why=why)
