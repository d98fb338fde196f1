"""How the versions of a collection are used, and how one more is linked, ready to be pasted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_registry.web.snippets import Snippet

if TYPE_CHECKING:
    from git_registry.web.collection.versions import Place


def snippets(place: Place, alias: str) -> Iterator[Snippet]:
    """Yield the ways to use what an alias points at; of an empty one nothing is used."""
    if alias:
        selector = f"{place.name}:{alias}"
        yield Snippet("From Python", _script(place, selector))
        yield Snippet("From a shell", shlex.join(["git", "registry", "download", selector]))
    if not place.project:
        yield Snippet("Link another version", f"git registry link ./files {place.name}")


def _script(place: Place, selector: str) -> str:
    """Return how a run uses it; one of its own project finds what was logged there by its name alone."""
    if not place.project:
        return _SCRIPT.format(project="my-project", name=selector)
    return _SCRIPT.format(project=place.project, name=selector.rpartition("/")[2])


_SCRIPT = """\
import git_registry as gr

with gr.init(project="{project}") as run:
    path = run.use_artifact("{name}").download()
"""
