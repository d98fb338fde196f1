"""The CODEOWNERS file that follows from the organization: made, written, held against what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path, PurePosixPath

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import selecting
from git_registry.sdk.ownership import MADE, PLACES, Ownership, spelled

_NEW = {"github": ".github/CODEOWNERS"}
_TOP = "CODEOWNERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codeowners:
    """The file as it should be.

    Attributes:
        path: where it belongs, from the top of the repository.
        told: what a person should know: who is not named, or that the host reads another file.
        differences: the lines that the file which is committed lacks, `+`, or has besides, `-`; none if it
            is as it should be.
        shadowed: another file that the host reads instead; empty if there is none.
    """

    host: str
    path: str
    text: str
    told: tuple[str, ...]
    differences: tuple[str, ...]
    shadowed: str = ""

    @property
    def is_current(self) -> bool:
        """Is the file that is committed the one that is read, and as it should be?"""
        return not self.differences and not self.shadowed


def made(catalog: Catalog, host: str, output: str | None = None) -> Codeowners:
    """Return the file that follows from the documents at the commit that is read.

    A change of an access document brings its CODEOWNERS along, so those documents count, not the ones that
    are published.

    Raises:
        UsageError: `output` is not inside of the repository.
        Refused: no organization admin has an account there, or the file would be too large.
        InvalidDocument: `organization.yaml` can't be read.
    """
    shown = selecting.registries(catalog)
    now = shown.now()
    path = _path(now, host, output)
    ownership = Ownership(rules_at(shown, shown.tip()), host)
    text = spelled(host, list(ownership.lines()))
    shadow = _shadow(now, host, path)
    return Codeowners(
        host=host,
        path=path,
        text=text,
        told=(*ownership.told, *_place_told(host, path, shadow)),
        differences=tuple(_differences(_committed(shown, now, path), text)),
        shadowed=shadow,
    )


def write(catalog: Catalog, owners: Codeowners) -> None:
    """Write the file into the work tree, over what is there; whoever did commits it.

    Raises:
        UsageError: there is no work tree.
    """
    place = _place(catalog, owners)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(owners.text, encoding="utf-8", newline="\n")


def require_replaceable(catalog: Catalog, owners: Codeowners) -> None:
    """Check that nothing is lost when the file is written: what is there was made here, or is committed.

    Raises:
        Conflict: somebody wrote it by hand, or edited it, and it is nowhere else.
        UsageError: there is no work tree.
    """
    place = _place(catalog, owners)
    if not place.exists() or _is_made(place):
        return
    pathspec = f":(top,literal){owners.path}"
    if catalog.repository.git("status", "--porcelain", "--ignored", "--", pathspec).text:
        raise Conflict(
            "somebody wrote it, and it is not committed",
            where=owners.path,
            hint="commit it, so that it is not lost; or give --rewrite, to write over it",
        )


def _is_made(place: Path) -> bool:
    with place.open("rb") as file:
        return file.read(len(MADE)) == MADE.encode()


def _place(catalog: Catalog, owners: Codeowners) -> Path:
    top = catalog.repository.work_tree
    if top is None:
        raise UsageError(
            "there is no work tree to write it into",
            where=owners.path,
            hint="`git registry codeowners --output -` prints it",
        )
    place = top / owners.path
    if not place.parent.resolve().is_relative_to(top.resolve()) or place.is_symlink():
        raise UsageError("it would be written past a symbolic link", where=owners.path)
    return place


def _path(now: Snapshot, host: str, output: str | None) -> str:
    if output is not None:
        path = PurePosixPath(output)
        if path.is_absolute() or ".." in path.parts or path.name == "":
            raise UsageError("name a file inside of the repository, from its top", where=output)
        return str(path)
    there = next((place for place in PLACES[host] if now.entry(place)), None)
    return there or _NEW.get(host, _TOP)


def _shadow(now: Snapshot, host: str, path: str) -> str:
    places = PLACES[host]
    before = places[: places.index(path)] if path in places else places
    return next((place for place in before if now.entry(place)), "")


def _place_told(host: str, path: str, shadow: str) -> Iterator[str]:
    if path not in PLACES[host]:
        yield f"{host} does not look at {path}, only at {', '.join(PLACES[host])}"
    if shadow:
        yield f"{host} reads {shadow} and not {path}: remove it"


def _committed(catalog: Catalog, now: Snapshot, path: str) -> str:
    if now.entry(path) is None:
        return ""
    try:
        return catalog.tree(catalog.tip()).content(path).decode("utf-8", "replace")
    except NotFound:
        return ""


def _differences(is_: str, should: str) -> Iterator[str]:
    have, want = is_.splitlines(), should.splitlines()
    for kind, first, last, begin, end in SequenceMatcher(None, have, want, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in have[first:last])
            yield from (f"+ {line}" for line in want[begin:end])
    if have == want and is_ != should:
        yield "+ a newline at the end, and no other line ends"
