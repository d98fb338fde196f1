"""Who asks for changes of what is proposed, and in what words, as last fetched."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.proposals import below
from git_registry.catalog.review_refs import OBJECTIONS
from git_registry.errors import RegistryError
from git_registry.policy import identities
from git_registry.repository import branches, history, remote
from git_registry.repository.changes import Side, changed
from git_registry.repository.process import READING, GitFailed
from git_registry.repository.repository import Repository

Effect = frozenset[tuple[str, Side | None]]
"""What a commit does: the paths that it changes, and what they hold then."""

_MOST = 10_000
"""Files and directories that are compared. What changes more is the same where its tree is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Somebody asks for changes of one commit.

    Attributes:
        text: in what words.
        earlier: the commit that they asked it of, if it is another one that does the same; else empty.
    """

    principal: str
    text: str
    earlier: str = ""

    @property
    def said(self) -> str:
        """Return the words, and what they are about if that is another commit."""
        return f"of the same change at {self.earlier[:8]}: {self.text}" if self.earlier else self.text


def objections(catalog: Catalog, commit: str) -> Iterator[Objection]:
    """Yield who asks for changes of a commit, or asked for them of another that does the same.

    To amend the message alone, to begin on a newer default branch, or to have somebody else propose it,
    settles nothing. Whatever does something else does, for then nobody has looked at it yet.
    """
    yield from _objections(catalog, {commit: catalog.reader.root(commit)}).get(commit, ())


def all_objections(catalog: Catalog) -> dict[str, tuple[Objection, ...]]:
    """Return commit → who asks for changes of it, of all commits of proposals; see `objections`."""
    told = _refs(catalog.repository, "%(objectname) %(tree)", below(catalog.repository))
    return _objections(catalog, dict(row.split(" ") for row in told))


def _objections(catalog: Catalog, roots: Mapping[str, str]) -> dict[str, tuple[Objection, ...]]:
    """Return commit → who asks for changes of it, of commits with their trees."""
    told = _refs(catalog.repository, "%(refname) %(objectname) %(tree)", OBJECTIONS)
    rows = [(ref, target, tree) for ref, target, tree in (row.split(" ") for row in told)]
    if not rows:
        return {}
    # An objection lies on top of what it is about, and has its tree.
    effects = _effects(catalog, {**roots, **{target: tree for _, target, tree in rows}})
    same = _alike(roots, effects)
    found: dict[str, tuple[Objection, ...]] = {}
    for ref, target, tree in rows:
        name, _, about = ref.removeprefix(OBJECTIONS).partition("/")
        principal = identities.of_ref_name(name)
        if principal is None:
            continue
        alike = (*same.get(tree, ()), *same.get(effects.get(target, ""), ()))
        for commit in {*alike, *({about} & roots.keys())}:
            text, earlier = _text(catalog, target), about if about != commit else ""
            one = Objection(principal=principal, text=text, earlier=earlier)
            found[commit] = (*found.get(commit, ()), one)
    return found


def _alike(roots: Mapping[str, str], effects: Mapping[str, Effect]) -> dict[str | Effect, list[str]]:
    """Return tree, and effect → the commits that have it."""
    same: dict[str | Effect, list[str]] = {}
    for commit, tree in roots.items():
        same.setdefault(tree, []).append(commit)
        if commit in effects:
            same.setdefault(effects[commit], []).append(commit)
    return same


def _effects(catalog: Catalog, roots: Mapping[str, str]) -> dict[str, Effect]:
    """Return commit → what it does since it left the default branch, of commits with their trees.

    Those are left out that the branch holds already, and that do nothing or too much.
    """
    repository = catalog.repository
    tip = branches.published(repository, remote.default_branch(repository))
    if tip is None:
        return {}
    apart = _apart(repository, roots, tip)
    effects: dict[str, Effect] = {}
    for commit, tree in roots.items():
        # Nobody's strange tree may keep others from being told of theirs.
        with contextlib.suppress(RegistryError):
            fork = _fork(repository, apart, commit, tip)
            before = catalog.reader.root(fork) if fork else None
            differing = changed(catalog.reader, before, tree, entries=_MOST)
            effects[commit] = frozenset((one.path, one.after) for one in differing)
    return {commit: effect for commit, effect in effects.items() if effect}


def _apart(repository: Repository, commits: Iterable[str], tip: str) -> dict[str, list[str]]:
    """Return commit → parents, of all that some commits reach and a branch does not."""
    asked = "".join(f"{one}\n" for one in (*commits, f"^{tip}")).encode()
    told = repository.git("rev-list", "--parents", "--stdin", input=asked, env=READING).text
    return {commit: parents for commit, *parents in (row.split() for row in told.splitlines())}


def _fork(repository: Repository, apart: Mapping[str, list[str]], commit: str, tip: str) -> str | None:
    """Return where a commit left a branch, given the parents of those that are not on it."""
    at = commit
    while at in apart:
        if len(apart[at]) != 1:
            return history.merge_base(repository, tip, commit)
        (at,) = apart[at]
    return at


def _refs(repository: Repository, form: str, prefix: str) -> list[str]:
    return repository.git("for-each-ref", f"--format={form}", "--", prefix).text.splitlines()


def _text(catalog: Catalog, commit: str) -> str:
    try:
        return history.message(catalog.repository, commit)
    except GitFailed:  # promised by a remote, and not here
        return ""
