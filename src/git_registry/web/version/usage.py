"""How a version is used, ready to be pasted: Python, the command line, other libraries, W&B's names."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.model.documents.manifest import FileEntry
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import WANDB_PREFIX
from git_registry.sdk.views import VersionView
from git_registry.web.snippets import Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Snippets for one tool, and what to know about them."""

    title: str
    remark: str
    snippets: tuple[Snippet, ...]


def groups(view: VersionView, example: FileEntry | None, url: str) -> Iterator[Group]:
    """Yield the ways to use a version.

    Args:
        view: the version.
        example: one of its files.
        url: where the organization is to be had; empty if nobody says.
    """
    yield _python(view, url)
    yield _command_line(view)
    if example is not None:
        yield _by_name(view, example)
    if not view.collection.startswith(PROJECTS):
        yield _as_in_wandb(view)
    yield _follow_or_pin(view)


def _python(view: VersionView, url: str) -> Group:
    used = f"""import git_registry as gr

with gr.init(project="my-project", job_type="evaluate") as run:
    version = run.use_artifact("{view.path}")
    directory = version.download()
"""
    read = f"""import git_registry as gr

version = gr.Api().artifact("{view.path}")
directory = version.download()
"""
    snippets = [Snippet("Use it in a run", used), Snippet("Read it without one", read)]
    if url:
        snippets.append(Snippet("Before that, outside a clone", f"export GIT_REGISTRY={shlex.quote(url)}"))
    return Group(title="Python", remark=_TRACED, snippets=tuple(snippets))


_TRACED = (
    "A run that uses it appears in its lineage; reading it by itself leaves no trace. "
    "Outside a clone of the organization, GIT_REGISTRY holds its URL."
)


def _command_line(view: VersionView) -> Group:
    directory = view.collection.rpartition("/")[2]
    lines = {
        "Download it, verified": ["download", view.path, directory],
        "Print where its files are": ["resolve", view.path],
        "Verify that its files are there and unchanged": ["verify", view.path],
    }
    return Group(
        title="Command line",
        remark="Every file is checked against its digest.",
        snippets=tuple(
            Snippet(label, shlex.join(["git", "registry", *words])) for label, words in lines.items()
        ),
    )


def _by_name(view: VersionView, example: FileEntry) -> Group:
    url = json.dumps(f"registry://{view.path}/{example.path}", ensure_ascii=False)
    opened = f"""import fsspec

with fsspec.open({url}, "rb") as file:
    data = file.read()
"""
    return Group(
        title="Data by name",
        remark="pandas, pyarrow, Dask and whatever else reads by fsspec open such a name.",
        snippets=(
            Snippet("Open a file of it", opened),
            Snippet("Where the file lies in the store", example.uri),
        ),
    )


def _as_in_wandb(view: VersionView) -> Group:
    used = f"""import git_registry as wandb

with wandb.init(project="my-project", job_type="evaluate") as run:
    directory = run.use_artifact("{WANDB_PREFIX}{view.path}").download()
"""
    return Group(
        title="As in Weights & Biases",
        remark="Scripts that were written for W&B Registry keep their names; only the import changes.",
        snippets=(Snippet("Use it by W&B's name", used),),
    )


def _follow_or_pin(view: VersionView) -> Group:
    names = [Snippet("This very content, by its digest", f"{view.collection}@{view.id[:16]}")]
    if view.aliases:
        following = f"{view.collection}:{view.aliases[0]}"
        names.insert(0, Snippet("Whatever the alias points at", following))
    return Group(
        title="Follow or pin",
        remark="Any of these may stand where the version's name stands above.",
        snippets=tuple(names),
    )
