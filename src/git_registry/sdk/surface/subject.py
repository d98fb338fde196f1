"""An artifact's state: a draft, on its way, or standing in a project or a registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from git_registry.catalog.catalog import Catalog
from git_registry.index.numbers import at_hand
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.edits.alias import named
from git_registry.model.numbers import Numbered
from git_registry.sdk import selecting
from git_registry.sdk.drafting import Draft
from git_registry.sdk.surface.failures import ArtifactFinalizedError, ArtifactNotLoggedError
from git_registry.sdk.surface.fields import LATEST, Fields
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.upload import Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A version as it was when somebody asked for it.

    Attributes:
        collection: its path on its branch, `model/churn` or `churn/churn-xgb`.
        numbered: its number and the step it came in; None where history is not at hand.
        aliases: what points at it; `latest` last, if it is that.
    """

    collection: str
    manifest: Manifest
    notes: Notes
    numbered: Numbered | None
    aliases: tuple[str, ...]

    @property
    def version(self) -> str:
        """Return `v3`; digits where the number is unknown."""
        return f"v{self.numbered.number}" if self.numbered else self.manifest.id[:8]


def read(standing: Standing) -> Read:
    """Return a version as it is now.

    Raises:
        NotFound: it isn't there any more.
    """
    there, selector = selecting.place(standing.workspace.catalog, standing.selector)
    found = selecting.version(there, selector)
    now, known = there.now(), at_hand(there)
    known.learn([(found.collection, found.id)], [found.collection])
    aliases = [one for one in now.alias_names(found.collection) if _names(there, found, one)]
    latest = [LATEST] * (known.latest(found.collection) == found.id)
    return Read(
        collection=found.collection,
        manifest=selecting.manifest(now, found),
        notes=now.notes(found.manifest),
        numbered=known.get(found.collection, found.id),
        aliases=(*aliases, *latest),
    )


def _names(there: Catalog, found: selecting.Found, alias: str) -> bool:
    return named(there.now(), found.collection, alias) == found.id


class Subject:
    """What every part of an artifact goes by.

    While it is uploaded it is what it was. It becomes a version when somebody waits for it, as the end of its
    run does, or asks for what only a version has: how fast it is uploaded makes no difference.

    Attributes:
        draft: the files that were added, until it is logged.
    """

    def __init__(self, name: str, artifact_type: str, fields: Fields, draft: Draft) -> None:
        self.draft = draft
        self._name = name
        self._type = artifact_type
        self._fields = fields
        self._seen = fields.copy()
        self._read: Read | None = None
        self._files: dict[str, FileEntry] | None = None
        self._final = False
        self._upload: Upload | None = None
        self._stands: Standing | None = None

    def is_draft(self) -> bool:
        """Was it not logged yet? What is on its way is no draft any more; what could not be logged is one."""
        return self._stands is None and (self._upload is None or _failed(self._upload))

    def finalize(self) -> None:
        """Let nobody change its files any more. Logging does that by itself."""
        self._final = True

    def _whole(self) -> Any:  # noqa: ANN401 - the class that has all parts is made of this one
        return self

    def _place(self) -> Standing | None:
        """Return where it stands, if anybody waited for that."""
        upload = self._upload
        if self._stands is None and upload is not None and upload.told and not _failed(upload):
            self._arrive()
        return self._stands

    def _logging(self, upload: Upload) -> None:
        """Note that it is being logged; `upload` gives where it stands then."""
        self._upload, self._seen = upload, self._fields.copy()

    def _arrive(self, timeout: float | None = None) -> None:
        """Wait until it stands, if it is on its way; raise what went wrong."""
        if self._stands is None and self._upload is not None:
            self._stand(self._upload.result(timeout))

    def _stand(self, standing: Standing) -> None:
        self._stands, self._read, self._files = standing, None, None
        self.draft = Draft()

    def _standing(self, wanted: str) -> Standing:
        """Return where it stands, once it does.

        Raises:
            ArtifactNotLoggedError: nobody logs it; `wanted` is what would have needed that.
            RegistryError: what went wrong while it was logged.
        """
        if not self.is_draft():
            self._arrive()
        if self._stands is None:
            raise ArtifactNotLoggedError(self._name, wanted)
        return self._stands

    def _reading(self, wanted: str) -> Read:
        """Return the version as it was read first, or saved last; what was edited before stays edited."""
        standing = self._standing(wanted)
        if self._read is None:
            self._read = read(standing)
            said = Fields.of(self._read.manifest, self._read.notes, self._read.aliases)
            self._fields, self._seen = self._fields.edited(self._seen, said), said
        return self._read

    def _is_on_its_way(self) -> bool:
        return self._stands is None and self._upload is not None and not self._upload.done()

    def _may_be_edited(self) -> bool:
        return self._read is not None or self._upload is not None

    def _said(self) -> Fields:
        """Return what may be edited: a draft's own, or what the version says."""
        if self._place() is not None:
            self._reading("this")
        return self._fields

    def _require_open(self, wanted: str) -> None:
        """Raise `ArtifactFinalizedError` if its files can't be changed any more."""
        if self._final or not self.is_draft():
            raise ArtifactFinalizedError(self._name, wanted)

    @property
    def is_link(self) -> bool:
        """Does it stand in a registry, where somebody linked it? What is not logged yet is no link."""
        return self._stands is not None and not self._stands.is_logged


def _failed(upload: Upload) -> bool:
    return upload.done() and upload.exception() is not None
