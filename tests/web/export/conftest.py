"""Exports of a small organization that is made once for each module, and copied for whoever changes it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.sdk.desk import Desk

from git_registry.catalog.catalog import Reach
from git_registry.sdk.surface.workspace import Workspace
from git_registry.web.export.exporting import Exported, export


@dataclass
class Publisher:
    """Whoever exports a desk's clone.

    Attributes:
        desk: where what is shown is made.
        folder: where the pages go.
    """

    desk: Desk
    folder: Path

    def export(self, folder: Path | None = None, processes: int = 1) -> Exported:
        workspace = Workspace(path=str(self.desk.path), reach=Reach.FETCHED, clock=self.desk.clock)
        try:
            return export(workspace, folder or self.folder, processes=processes)
        finally:
            workspace.close()

    def copy(self, place: Path) -> Publisher:
        """Return the same with a clone and pages of its own."""
        shutil.copytree(self.desk.path.parent, place, symlinks=True, dirs_exist_ok=True)
        if self.folder.exists():
            shutil.copytree(self.folder, place / "pages")
        return Publisher(replace(self.desk, path=place / self.desk.path.name), place / "pages")


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of a directory."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="package")
def first(tmp_path_factory) -> Publisher:
    """Two versions of a model, one of them in production, and their pages; only looked at."""
    from tests.sdk.desk import found

    place = tmp_path_factory.mktemp("export")
    desk = found(place / "acme")
    desk.link("first")
    desk.link("second")
    desk.promote("model/churn:v0", "production")
    made = Publisher(desk, place.parent / f"{place.name}-pages")
    made.export()
    return made


@pytest.fixture
def publisher(first, tmp_path) -> Publisher:
    """Somebody who exported once, and whose clone and pages are their own."""
    return first.copy(tmp_path)
