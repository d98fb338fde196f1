"""What a step changes: paths, and what stands there afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from git_registry.model.documents.record import Document
from git_registry.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Kept:
    """Content that is in the repository already and is put somewhere else unread."""

    id: str


Change: TypeAlias = Document | bytes | Kept | None
"""A document to write, bytes as they are, content to keep; None removes what stands there."""

Changes: TypeAlias = Mapping[str, Change]
"""Path → what stands there afterwards."""

Edit: TypeAlias = Callable[[Snapshot], Changes]
"""A pure step."""
