"""What a bisection has found out so far, kept until it is done."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from git_registry.errors import Conflict


class Answer(StrEnum):
    """What a trial said of a version."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What makes two bisections the same: the ids of both ends, and how a version is judged."""

    good: str
    bad: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """The answers to one question, by version id, in a file that is always whole."""

    path: Path
    question: Question
    answers: Mapping[str, Answer]

    @classmethod
    def resumed(cls, path: Path, question: Question) -> Trials:
        """Return what is known of a question; nothing, if it was not asked before.

        Raises:
            Conflict: the file holds the answers to another question, or can't be read.
        """
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(path=path, question=question, answers={})
        except ValueError:
            raise Conflict(
                "what is remembered of a bisection can't be read",
                where=str(path),
                hint="--restart begins anew",
            ) from None
        answers = kept.pop("answers")
        other = Question(good=kept["good"], bad=kept["bad"], command=tuple(kept["command"]))
        if other != question:
            raise Conflict(
                f"another bisection is unfinished: good @{other.good[:8]}, bad @{other.bad[:8]}, "
                f"command {' '.join(other.command)!r}",
                where=str(path),
                hint="finish it with the same command line, or --restart to forget it",
            )
        return cls(path=path, question=question, answers={one: Answer(said) for one, said in answers.items()})

    def add(self, version: str, answer: Answer) -> Trials:
        """Return them with one more answer, which is remembered from now on whatever happens."""
        more = replace(self, answers={**self.answers, version: answer})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        draft.write_text(json.dumps({**asdict(self.question), "answers": more.answers}), encoding="utf-8")
        draft.replace(self.path)
        return more

    def forget(self) -> None:
        """Remember nothing of them."""
        self.path.unlink(missing_ok=True)
