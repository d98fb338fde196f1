"""Several changes of a registry that become one commit, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.model.edits import alias as aliases
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.layout import PROJECTS
from git_registry.model.names import ALIAS, TAG
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import linking, mounts, selecting
from git_registry.sdk.selecting import Found
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.workspace import Workspace


class Named(Protocol):
    """A version that was logged or linked."""

    @property
    def standing(self) -> Standing:
        """Return where it stands."""
        ...


class Together:
    """Collects changes in a `with` block, and commits them when that ends without an error.

    Names are those of the registry's collections, `churn` or `churn:v3`; another registry's have it in front.
    An alias that somebody moves meanwhile, away from what it named when it was asked for here, is a conflict.

    Attributes:
        outcome: what was committed, once it is.

    Args:
        workspace: the organization.
        registry: the one whose collections are meant by name alone.
        message: the commit's; None to say what was asked for.
    """

    def __init__(self, workspace: Workspace, registry: str, message: str | None = None) -> None:
        self.outcome: Outcome | None = None
        self._workspace = workspace
        self._registry = registry
        self._message = message
        self._edits: list[Edit] = []
        self._said: list[str] = []
        self._is_open = False

    def link(self, artifact: Named | str, collection: str, aliases: str | Sequence[str] = ()) -> str:
        """Link a version; return what selects it there, for what else is to be done with it.

        Raises:
            NotFound: there is no such version or registry.
            UsageError: a name is not allowed.
        """
        there, selector = selecting.place(self._workspace.catalog, self._selector(artifact))
        found = selecting.version(there, selector)
        manifest = selecting.manifest(there.now(), found)
        content = linking.content(there, found, self._workspace.catalog)
        path = self._own(naming.target(self._workspace, self._placed(collection)))
        self._add(
            f"link {path}@{found.id[:8]}",
            partial(
                versions.link,
                collection=path,
                manifest=manifest,
                content=content,
                title=naming.title(collection),
            ),
        )
        linked = f"{path}@{found.id}"
        for alias in listed(aliases):
            self._point(path, found.id, alias)
        return linked

    def unlink(self, version: Named | str) -> None:
        """Unlink a version; its aliases go.

        Raises:
            NotFound: it is not linked.
        """
        path, identifier = self._version(version)
        self._add(
            f"unlink {path}@{identifier[:8]}",
            partial(versions.unlink, collection=path, version=identifier),
        )

    def promote(self, version: Named | str, alias: str) -> None:
        """Point an alias at a version.

        Raises:
            NotFound: there is no such version.
            UsageError: the alias may not be called that.
        """
        self._point(*self._version(version), alias)

    def alias(self, version: Named | str, *names: str) -> None:
        """Point several aliases at a version. See `promote`."""
        for name in names:
            self.promote(version, name)

    def unalias(self, collection: str, *names: str) -> None:
        """Take aliases away from a collection."""
        path = self._own(naming.target(self._workspace, self._placed(collection)))
        for name in names:
            self._add(f"remove {path}:{name}", partial(aliases.remove, collection=path, alias=name))

    def tag(self, version: Named | str, *tags: str) -> None:
        """Add tags to a version.

        Raises:
            NotFound: there is no such version.
            UsageError: it is no tag.
        """
        for tag in tags:
            TAG.check(tag)
        self._retag(version, f"tag {', '.join(tags)}", partial(versions.retag, add=tags))

    def untag(self, version: Named | str, *tags: str) -> None:
        """Remove tags from a version."""
        self._retag(version, f"untag {', '.join(tags)}", partial(versions.retag, remove=tags))

    def __enter__(self) -> Self:
        self._is_open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_open = False
        if kind is None and self._edits:
            message = self._message or _subject(self._said)
            self.outcome = commit(self._workspace.catalog, Transaction(edits=self._edits, message=message))

    def _add(self, said: str, edit: Edit) -> None:
        if not self._is_open:
            raise UsageError(
                "nothing would ever be committed", hint="with registry.transaction() as together: …"
            )
        self._said.append(said)
        self._edits.append(edit)

    def _retag(self, version: Named | str, said: str, retag: Callable[..., Changes]) -> None:
        path, identifier = self._version(version)
        self._add(
            f"{said} on {path}@{identifier[:8]}",
            partial(retag, collection=path, version=identifier),
        )

    def _point(self, path: str, version: str, alias: str) -> None:
        ALIAS.check(alias)
        now = self._workspace.catalog.now()
        seen = aliases.named(now, path, alias)
        asked = [said for said in self._said if said.endswith(f" to {path}:{alias}")]
        step = partial(_move, path=path, version=version, alias=alias, seen=None if asked else (seen,))
        self._add(f"promote {path}@{version[:8]} to {path}:{alias}", step)

    def _selector(self, artifact: Named | str) -> str:
        if isinstance(artifact, str):
            return naming.selector(self._workspace, self._placed(artifact))
        return artifact.standing.selector

    def _placed(self, name: str) -> str:
        return name if "/" in name else f"{self._registry}/{name}"

    def _version(self, text: Named | str) -> tuple[str, str]:
        """Return path and id of a version; one that is linked in this block is known by its digest."""
        selector = self._selector(text)
        if selector.startswith(PROJECTS):
            raise UsageError(f"{text!r} is a project's; link it first")
        path, at, digits = self._own(selector).partition("@")
        if at and len(digits) == _WHOLE:
            return path, digits
        there, parsed = selecting.place(self._workspace.catalog, selector)
        found: Found = selecting.version(there, parsed)
        return found.collection, found.id

    def _own(self, name: str) -> str:
        """Return a name, unless it is of what a commit here can't change."""
        there, _ = mounts.entered(self._workspace.catalog, name)
        if there.mount:
            raise UsageError(
                f"{name!r} is in the mounted repository {there.mount}, and a transaction is one commit here",
                hint="open that repository by its URL: gr.Api(path=…)",
            )
        return name


_WHOLE = 32
"""Digits of an id."""


def _move(now: Snapshot, path: str, version: str, alias: str, seen: tuple[str | None] | None) -> Changes:
    if seen is not None and aliases.named(now, path, alias) != version:
        aliases.expect(now, path, alias, *seen)
    return aliases.point(now, path, alias, version)


def _subject(said: Sequence[str]) -> str:
    words = "; ".join(said)
    return words[:1].upper() + words[1:]
