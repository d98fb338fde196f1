"""What a bisection has found out so far, kept until it is done."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePath

from git_registry.errors import Conflict, NotFound, RegistryError
from git_registry.model.digest import Digest
from git_registry.store.local import read_up_to
from git_registry.store.steady import opened


class Answer(StrEnum):
    """What a trial said of a version."""

    GOOD = "good"
    BAD = "bad"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What makes two bisections the same: the ids of both ends, and how a version is judged.

    Attributes:
        program: what the command begins with, for people.
        command: the digest of the whole command, which may hold secrets and is not kept.
    """

    good: str
    bad: str
    program: str
    command: str

    @classmethod
    def asked(cls, good: str, bad: str, command: Sequence[str]) -> Question:
        """Return the question that a command line asks."""
        program = PurePath(*command[:1]).name
        return cls(good=good, bad=bad, program=program, command=str(Digest.of(json.dumps(command).encode())))


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
            with opened(path) as file:
                other, answers = _parsed(read_up_to(file.descriptor, file.size))
        except NotFound:
            return cls(path=path, question=question, answers={})
        except (RegistryError, OSError, ValueError, RecursionError):
            raise Conflict(
                "what is remembered of a bisection can't be read",
                where=str(path),
                hint="--restart begins anew",
            ) from None
        if other != question:
            raise _unfinished(path, other, question)
        return cls(path=path, question=question, answers=answers)

    @classmethod
    def anew(cls, path: Path, question: Question) -> Trials:
        """Return no answers, and forget what was known of this or another question."""
        trials = cls(path=path, question=question, answers={})
        trials.forget()
        return trials

    def add(self, version: str, answer: Answer) -> Trials:
        """Return them with one more answer, which is remembered from now on whatever happens."""
        more = replace(self, answers={**self.answers, version: answer})
        text = json.dumps({**asdict(self.question), "answers": more.answers})
        with _keeping(self.path):
            draft = self.path.with_name(f".{self.path.name}.draft")
            draft.unlink(missing_ok=True)
            # Which program judges, and what of, is nobody else's business.
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            draft.replace(self.path)
        return more

    def forget(self) -> None:
        """Remember nothing of them."""
        with _keeping(self.path):
            if self.path.is_dir() and not self.path.is_symlink():
                self.path.rmdir()
            else:
                self.path.unlink(missing_ok=True)


@contextmanager
def alone(path: Path, collection: str) -> Iterator[None]:
    """Keep others from bisecting what is remembered at `path`, until this is left or the process ends.

    Raises:
        Conflict: another process is at it.
    """
    with _keeping(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # It is never removed: who had opened it would lock a file that no other can find.
        how = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        lock = os.open(path.with_name(f"{path.name}.lock"), how, 0o600)
    try:
        with _keeping(path):
            _lock(lock, collection)
        yield
    finally:
        os.close(lock)


def _lock(descriptor: int, collection: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(
            f"another bisection of {collection} is running", hint="wait until it ends, or interrupt it"
        ) from None


@contextmanager
def _keeping(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RegistryError(
            f"what a bisection finds out can't be kept: {error.strerror}", where=str(path)
        ) from error


def _parsed(text: bytes) -> tuple[Question, Mapping[str, Answer]]:
    """Read what `Trials.add` writes; raise `ValueError` if it is anything else."""
    match json.loads(text):
        case {
            "good": str(good),
            "bad": str(bad),
            "program": str(program),
            "command": str(command),
            "answers": dict(answers),
        }:
            question = Question(good=good, bad=bad, program=program, command=command)
            return question, {one: Answer(said) for one, said in answers.items()}
    raise ValueError(text)


def _unfinished(path: Path, other: Question, question: Question) -> Conflict:
    is_near = other.program == question.program and other.command != question.command
    also = " with other arguments" if is_near else ""
    return Conflict(
        f"another bisection is unfinished: good @{other.good[:8]}, bad @{other.bad[:8]}, "
        f"command {other.program}{also}",
        where=str(path),
        hint="finish it with the same command line, or --restart to forget it",
    )
