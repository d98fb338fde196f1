"""A clone somebody works in, with as little to type as at a keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.record import Document
from git_registry.repository.repository import Repository
from git_registry.sdk import aliasing, linking
from git_registry.sdk.initialize import Setup, initialize, repository_for
from git_registry.sdk.linking import Linked, Request

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Clock:
    """Gives a later second each time it is asked."""

    def __init__(self) -> None:
        self.passed = 0

    def __call__(self) -> datetime:
        self.passed += 1
        return NOON + timedelta(seconds=self.passed - 1)


@dataclass
class Desk:
    """One clone, and the sources its user links.

    Attributes:
        path: the clone.
        clock: shared by all desks of a test, so that what is done later has a later date.
        said: what a person would have been told on stderr.
        allowed: the options of the command line that allow more: `trusted`, `rewrite`.
    """

    path: Path
    clock: Callable[[], datetime] = field(default_factory=Clock)
    said: list[str] = field(default_factory=list)
    allowed: dict[str, Any] = field(default_factory=dict)

    def allowing(self, **options: Any) -> Desk:
        """Return the same desk with `--trust-uri`, `--rewrite`."""
        return replace(self, allowed=options)

    def open(self) -> Catalog:
        repository = Repository.open(self.path)
        return Catalog(
            repository=repository,
            branch=repository.current_branch(),
            clock=self.clock,
            notify=self.said.append,
            **self.allowed,
        )

    def __call__(self, verb: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call a verb on this clone; what it yields becomes a list."""
        with self.open() as catalog:
            done = verb(catalog, *args, **options)
            return list(done) if isinstance(done, Iterator) else done

    def link(self, content: str | dict[str, str], target: str = "model/churn", **request: Any) -> Linked:
        """Link a file with this content, or a directory of them."""
        return self(linking.link_files, self.source(content), target, Request(**request))

    def promote(self, selected: str, alias: str, **options: Any) -> Any:
        return self(aliasing.promote, [selected], alias, **options)

    def source(self, content: str | dict[str, str]) -> Path:
        """Write what is to be linked somewhere, and return where."""
        place = self.path.parent / "sources" / f"{len(self._sources())}"
        place.mkdir(parents=True)
        for name, text in (content if isinstance(content, dict) else {"model.bin": content}).items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text)
        return place if isinstance(content, dict) else place / "model.bin"

    def _sources(self) -> list[Path]:
        return list((self.path.parent / "sources").glob("*"))

    def document(self, path: str, kind: type[Document]) -> Any:
        with self.open() as catalog:
            return catalog.now().tree.document(path, kind)

    def files(self, under: str = "") -> list[str]:
        """Return the paths at the branch's tip, sorted."""
        with self.open() as catalog:
            listed = catalog.repository.git("ls-tree", "-r", "--name-only", "HEAD", "--", under or ".").text
        return listed.splitlines()

    def aliases(self, collection: str = "model/churn") -> dict[str, str]:
        with self.open() as catalog:
            return dict(catalog.now().aliases(collection))

    def log(self) -> list[str]:
        """Return the subjects of the branch's commits, newest first."""
        with self.open() as catalog:
            return catalog.repository.git("log", "--first-parent", "--format=%s").text.splitlines()

    @property
    def blobs(self) -> list[Path]:
        """The blobs of a store that lies beside the clone."""
        return [path for path in (self.path.parent / "store/sha256").rglob("*") if path.is_file()]


def found(path: Path, store: str | None = None, clock: Callable[[], datetime] | None = None) -> Desk:
    """Create the organization `acme` in a directory, by default with a store beside it."""
    clock = clock or Clock()
    setup = Setup(name="acme", store=store or f"file://{path.parent}/store", admin="user:ada")
    initialize(repository_for(path), setup, clock=clock)
    return Desk(path, clock)
