"""What a run has to say of itself so far, kept together so that each commit writes all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from git_registry.errors import InvalidDocument
from git_registry.model.dates import parse_date, timestamp
from git_registry.model.documents.manifest import Code, Input, RunReference
from git_registry.model.documents.record import Value
from git_registry.model.documents.run import RUNNING, History, Made, Run
from git_registry.sdk.surface.mapping import Values
from git_registry.sdk.surface.plain import lenient, plain

FINISHED, FAILED, CRASHED = "finished", "failed", "crashed"


def _config(name: str, value: object) -> Value:
    return lenient(value, name=name)


def _summary(name: str, value: object) -> Value:
    return plain(value, name=name)


def _moment(text: str) -> datetime:
    found = parse_date(text)
    if found is None:
        raise InvalidDocument(f"started: {text!r} is no moment", hint="the run can't be continued")
    return found


@dataclass(kw_only=True)
class Account:
    """A run under way. Its attributes are those of the document, as far as they can change."""

    id: str
    project: str
    started: datetime
    name: str | None = None
    job_type: str | None = None
    group: str | None = None
    notes: str | None = None
    tags: tuple[str, ...] = ()
    code: Code | None = None
    state: str = RUNNING
    ended: datetime | None = None
    inputs: tuple[Input, ...] = ()
    outputs: tuple[Made, ...] = ()
    history: History | None = None
    config: Values = field(default_factory=lambda: Values(_config))
    summary: Values = field(default_factory=lambda: Values(_summary))

    @property
    def document(self) -> Run:
        """Return the document that says all this."""
        return Run(
            name=self.name,
            job_type=self.job_type,
            group=self.group,
            state=self.state,
            started=timestamp(self.started),
            ended=timestamp(self.ended) if self.ended else None,
            tags=tuple(dict.fromkeys(self.tags)),
            notes=self.notes,
            config=self.config.as_dict(),
            summary=self.summary.as_dict(),
            code=self.code,
            inputs=self.inputs,
            outputs=self.outputs,
            history=self.history,
        )

    @property
    def reference(self) -> RunReference:
        """Return how a manifest names the run."""
        return RunReference(project=self.project, id=self.id, name=self.name, job_type=self.job_type)

    def close(self, state: str, ended: datetime) -> None:
        """Say how it ended, and take no more."""
        self.state, self.ended = state, ended
        self.config.close()
        self.summary.close()

    def used(self, one: Input) -> None:
        """Note that something was used; the same thing twice is once."""
        if one not in self.inputs:
            self.inputs = (*self.inputs, one)

    def made(self, outputs: Sequence[Made]) -> None:
        """Note what was made."""
        self.outputs = (*self.outputs, *(one for one in outputs if one not in self.outputs))

    def resume(self, document: Run) -> None:
        """Go on where a document ends, unless something else was said this time."""
        self.name, self.job_type = self.name or document.name, self.job_type or document.job_type
        self.group, self.notes = self.group or document.group, self.notes or document.notes
        self.tags = tuple(dict.fromkeys((*document.tags, *self.tags)))
        self.started = _moment(document.started)
        self.inputs, self.outputs, self.history = document.inputs, document.outputs, document.history
        self.config.setdefaults(cast("dict[str, object]", document.config))
        self.summary.setdefaults(cast("dict[str, object]", document.summary))
