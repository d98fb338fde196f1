"""What lineage is between: versions, runs, code and data, each with a key that is plain text.

Nodes are equal when their keys are. The same content in two places is two nodes: somebody put it there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import quote, unquote

from git_registry.errors import InvalidDocument, UsageError
from git_registry.model.digest import Digest

_SHOWN_ID = 8
_SHOWN_COMMIT = 12


def _key(kind: str, *parts: str | None) -> str:
    # `@` stands between the parts, so it is quoted inside them; what is None stands last and is left out.
    return f"{kind}:{'@'.join(quote(part, safe='/:') for part in parts if part is not None)}"


@dataclass(frozen=True, slots=True)
class Version:
    """A version where it stands.

    Attributes:
        place: `model/churn`, or `projects/churn/churn-xgb` of an artifact in a project.
        id: its id there.
        repository: the organization it is in, if that is another one.
    """

    place: str
    id: str
    repository: str | None = None

    kind = "version"

    @property
    def key(self) -> str:
        """Return `version:model/churn@3fa9…`, with `@acme` behind it in another repository."""
        return _key(self.kind, self.place, self.id, self.repository)

    @property
    def label(self) -> str:
        """Return what it is called where nothing is known of it but its name."""
        place = f"{self.repository}/{self.place}" if self.repository else self.place
        return f"{place}@{self.id[:_SHOWN_ID]}"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a project."""

    project: str
    id: str

    kind = "run"

    @property
    def key(self) -> str:
        """Return `run:churn@k3j2h1`."""
        return _key(self.kind, self.project, self.id)

    @property
    def label(self) -> str:
        """Return what it is called where nothing is known of it but its name."""
        return f"run {self.project}/{self.id}"


@dataclass(frozen=True, slots=True)
class Code:
    """A commit of somebody's code, in the repository it is from if that was written down."""

    commit: str
    repository: str | None = None

    kind = "code"

    @property
    def key(self) -> str:
        """Return `code:4be1…@git%40github.com:acme/churn.git`."""
        return _key(self.kind, self.commit, self.repository)

    @property
    def label(self) -> str:
        """Return the repository and the beginning of the commit."""
        commit = self.commit[:_SHOWN_COMMIT]
        return f"code {self.repository}@{commit}" if self.repository else f"code {commit}"


@dataclass(frozen=True, slots=True)
class Data:
    """Data where it lies, as it was if its digest was written down."""

    uri: str
    digest: Digest | None = None

    kind = "data"

    @property
    def key(self) -> str:
        """Return `data:s3://raw/2026-10/@etag:33a6…`."""
        return _key(self.kind, self.uri, str(self.digest) if self.digest else None)

    @property
    def label(self) -> str:
        """Return where it lies."""
        return self.uri


Node: TypeAlias = Version | Run | Code | Data


def _data(uri: str, digest: str | None = None) -> Data:
    return Data(uri, None if digest is None else Digest.parse(digest))


_OF: dict[str, Callable[..., Node]] = {"version": Version, "run": Run, "code": Code, "data": _data}


def is_key(text: str) -> bool:
    """Is it meant as a node's key, whether or not it is one? No selector begins like one."""
    kind, colon, _ = text.partition(":")
    return bool(colon) and kind in _OF


def parse_key(key: str) -> Node:
    """Return the node whose key this is.

    Raises:
        UsageError: it is nobody's.
    """
    kind, _, rest = key.partition(":")
    try:
        return _OF[kind](*map(unquote, rest.split("@")))
    except (KeyError, TypeError, InvalidDocument):
        raise UsageError(
            f"expected a key such as run:churn@k3j2h1, found {key!r}",
            hint=f"it begins with one of {', '.join(f'{kind}:' for kind in _OF)}",
        ) from None
