"""A run: one execution, what it used and what it made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from git_registry.model.digest import Digest
from git_registry.model.documents.manifest import Code, Input
from git_registry.model.documents.record import Document, Record, Value
from git_registry.model.names import Place, Rule, Text, Timestamp, Uri, VersionId

RUNNING = "running"

State = Annotated[str, Rule("running, finished, failed or crashed", f"{RUNNING}|finished|failed|crashed")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made(Record):
    """A version that a run made of an artifact in its own project."""

    artifact: Place
    version: VersionId


@dataclass(frozen=True, slots=True, kw_only=True)
class History(Record):
    """Where what a run measured over time lies: a blob of `rows` JSON objects, one a line."""

    uri: Uri
    digest: Digest
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Document):
    """One execution, written when it starts and when it ends; its id is the file's name.

    Attributes:
        group: which runs belong together.
        ended: when it ended, as far as somebody knows; of a run that crashed often nobody does.
        config: what it was told to do.
        summary: what it measured last.
        outputs: versions in the run's own project.
    """

    kind: ClassVar[str] = "run"
    block: ClassVar[frozenset[str]] = frozenset({"inputs", "outputs"})

    name: Text | None = None
    job_type: Text | None = None
    group: Text | None = None
    state: State
    started: Timestamp
    ended: Timestamp | None = None
    tags: tuple[Text, ...] = ()
    notes: Text | None = None
    config: Mapping[str, Value] = field(default_factory=dict)
    summary: Mapping[str, Value] = field(default_factory=dict)
    code: Code | None = None
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Made, ...] = ()
    history: History | None = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield a problem if it is said to run and to have ended."""
        if self.state == RUNNING and self.ended is not None:
            yield "ended", "a run that is still running has not ended"
