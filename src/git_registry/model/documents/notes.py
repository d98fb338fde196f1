"""What people and evaluations add to a version after its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from git_registry.model.digest import Digest
from git_registry.model.documents.record import Document, Number, Record, Value
from git_registry.model.names import Tag, Text, Uri


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBundle(Record):
    """Where a model-signing bundle for the version lies."""

    uri: Uri
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes(Document):
    """The part of a version that may change; its metrics and metadata win over the manifest's.

    Attributes:
        ttl: whole seconds from the manifest's `created`, after which an unlinked version may go.
    """

    kind: ClassVar[str] = "notes"

    description: Text | None = None
    tags: tuple[Tag, ...] = ()
    metrics: Mapping[str, Number] = field(default_factory=dict)
    metadata: Mapping[str, Value] = field(default_factory=dict)
    ttl: int | None = None
    signature: SignatureBundle | None = None
