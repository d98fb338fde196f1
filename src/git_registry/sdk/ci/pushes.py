"""Which push a pipeline is of, as its host says it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from git_registry.errors import UsageError

_COMMIT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_NAME_BOTH = "--base REV --head REV"


@dataclass(frozen=True, slots=True)
class Push:
    """From where to where a branch moved.

    Attributes:
        before: the revision that it pointed at; empty if it is new.
    """

    before: str
    after: str


def push(environ: Mapping[str, str]) -> Push:
    """Return the push that a pipeline was started by, on GitHub or GitLab.

    Raises:
        UsageError: it is no pipeline of theirs, or something else started it.
    """
    if environ.get("GITHUB_EVENT_PATH"):
        return _github(environ)
    if environ.get("CI_COMMIT_SHA"):
        return _gitlab(environ)
    raise UsageError("no pipeline of GitHub or GitLab says what was pushed", hint=_NAME_BOTH)


def _github(environ: Mapping[str, str]) -> Push:
    _require_push("GITHUB_EVENT_NAME", environ)
    path = environ["GITHUB_EVENT_PATH"]
    try:
        payload = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError("the event can't be read", where=path, hint=_NAME_BOTH) from error
    if not isinstance(payload, dict):
        raise UsageError("the event is not an object of JSON", where=path, hint=_NAME_BOTH)
    return _push(payload.get("before"), payload.get("after"), path)


def _gitlab(environ: Mapping[str, str]) -> Push:
    _require_push("CI_PIPELINE_SOURCE", environ)
    return _push(environ.get("CI_COMMIT_BEFORE_SHA"), environ["CI_COMMIT_SHA"], "CI_COMMIT_BEFORE_SHA")


def _require_push(name: str, environ: Mapping[str, str]) -> None:
    """Others tell of no commit before, or of zeros: as if all there is had just come."""
    event = environ.get(name)
    if not event:
        raise UsageError("what started this pipeline is not said", where=name, hint=_NAME_BOTH)
    if event != "push":
        raise UsageError(f"this pipeline was started by {event}, and not by a push", hint=_NAME_BOTH)


def _push(before: object, after: object, where: str) -> Push:
    for commit in (before, after):
        if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
            raise UsageError(f"{commit!r} is no commit", where=where, hint=_NAME_BOTH)
    if not str(after).strip("0"):
        raise UsageError("the branch was deleted, so nothing was promoted", where=where)
    return Push(before=str(before) if str(before).strip("0") else "", after=str(after))
