"""The organization as files: every page that can be reached, and what scripts on them ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from git_registry import __version__
from git_registry.web import addresses
from git_registry.web.export import paths
from git_registry.web.export.crew import Crew, at_hand
from git_registry.web.export.folder import Published, opened
from git_registry.web.export.record import Record

if TYPE_CHECKING:
    from git_registry.sdk.surface.workspace import Workspace

BEGINNINGS = (addresses.HOME, addresses.COMPARE, addresses.SEARCH.beside("index.json"))
"""Where all others are found from: home, and what only scripts ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export did.

    Attributes:
        commit: the one that the pages show.
        problems: path → why that file says only that it can't be made, or is not there.
    """

    folder: Path
    commit: str
    published: Published
    problems: Mapping[str, str]


def _quiet(_made: int) -> None:
    return None


def export(
    workspace: Workspace,
    folder: Path,
    *,
    processes: int | None = None,
    told: Callable[[int], object] = _quiet,
) -> Exported:
    """Write the pages of an organization into a directory; of those it has, only what is another one now.

    What can't be made is a page that says so. The same commit makes the same files, whatever was there.

    Args:
        workspace: the organization.
        folder: an empty directory, one that is not there, or that of an earlier export.
        processes: how many make pages; by default as many as the machine runs at once.
        told: is told how many pages are made, as they are.

    Raises:
        UsageError: the directory holds what no export wrote.
        NotFound: there are no commits yet.
        Conflict: another export is at work in it.
        RegistryError: something that no export wrote is in the way of a page.
    """
    commit = workspace.tip()
    with opened(folder) as place:
        crew = Crew(workspace, place, processes or at_hand())
        found, problems = {}, {}
        for path, body in _beside():
            found[path] = place.lay(path, body).digest
        for number, done in enumerate(crew.made(BEGINNINGS), 1):
            found[done.laid.path] = done.laid.digest
            if done.problem:
                problems[done.laid.path] = done.problem
            told(number)
        for path in paths.clashing(found):
            problems[path] = "a file of another page is called as its directory"
            del found[path]
        published = place.publish(Record(__version__, commit, found))
    return Exported(
        folder=folder, commit=commit, published=published, problems=dict(sorted(problems.items()))
    )


def _beside() -> Iterator[tuple[str, bytes]]:
    """Yield the files that pages need, and those that web hosts look for."""
    web = files("git_registry.web")
    yield paths.NOT_FOUND, web.joinpath("templates", paths.NOT_FOUND).read_bytes()
    yield paths.NO_JEKYLL, b""
    static = Path(str(web.joinpath("static")))
    for file in sorted(static.rglob("*")):
        if file.is_file():
            below = file.relative_to(static).as_posix()
            yield "/".join((*addresses.ASSETS.parts, below)), file.read_bytes()
