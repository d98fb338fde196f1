"""A file in a repository that a verb makes: where it may go, what it would replace, how it differs."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound, UsageError


def from_top(output: str) -> str:
    """Return where a file goes as it is told, from the top of the repository.

    Raises:
        UsageError: that is not inside of the repository.
    """
    path = PurePosixPath(output)
    if path.is_absolute() or ".." in path.parts or path.name == "":
        raise UsageError("name a file inside of the repository, from its top", where=output)
    return str(path)


def write(catalog: Catalog, path: str, text: str) -> None:
    """Write a file into the work tree, over what is there; whoever asked for it commits it.

    Raises:
        UsageError: there is no work tree.
    """
    place = in_work_tree(catalog, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8", newline="\n")


def in_work_tree(catalog: Catalog, path: str) -> Path:
    """Return where a file lies on disk.

    Raises:
        UsageError: there is no work tree, or a link leads out of it.
    """
    top = catalog.repository.work_tree
    if top is None:
        raise UsageError("there is no work tree to write it into", where=path, hint="--output - prints it")
    place = top / path
    if not place.parent.resolve().is_relative_to(top.resolve()) or place.is_symlink():
        raise UsageError("it would be written past a symbolic link", where=path)
    return place


def require_kept(catalog: Catalog, path: str, mark: str) -> None:
    """Check that nothing is lost when a file is written: what is there begins with a mark, or is committed.

    Raises:
        Conflict: somebody wrote it by hand, or edited it, and it is nowhere else.
        UsageError: there is no work tree.
    """
    place = in_work_tree(catalog, path)
    if not place.exists() or begins_with(place, mark):
        return
    if catalog.repository.git("status", "--porcelain", "--ignored", "--", f":(top,literal){path}").text:
        raise Conflict(
            "somebody wrote it, and it is not committed",
            where=path,
            hint="commit it, so that it is not lost; or give --rewrite, to write over it",
        )


def begins_with(place: Path, mark: str) -> bool:
    """Whether a file begins with a mark, by which what was made is known again."""
    with place.open("rb") as file:
        return file.read(len(mark.encode())) == mark.encode()


def committed(catalog: Catalog, path: str) -> str:
    """Return what a file holds at the commit that is read; empty if there is none."""
    try:
        return catalog.tree(catalog.tip()).content(path).decode("utf-8", "replace")
    except NotFound:
        return ""


def differences(is_: str, should: str) -> Iterator[str]:
    """Yield the lines that a text lacks, `+`, and those that it has besides, `-`."""
    have, want = is_.splitlines(), should.splitlines()
    for kind, first, last, begin, end in SequenceMatcher(None, have, want, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in have[first:last])
            yield from (f"+ {line}" for line in want[begin:end])
    if have == want and is_ != should:
        yield "+ a newline at the end, and no other line ends"
