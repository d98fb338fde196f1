"""Who asks for changes of what is proposed, and in what words, as last fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.proposals import below
from git_registry.catalog.review_refs import OBJECTIONS
from git_registry.policy import identities
from git_registry.repository import history
from git_registry.repository.process import GitFailed
from git_registry.repository.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Somebody asks for changes of one commit.

    Attributes:
        text: in what words.
        earlier: the commit that they asked it of, if it is another one with the same files; else empty.
    """

    principal: str
    text: str
    earlier: str = ""

    @property
    def said(self) -> str:
        """Return the words, and what they are about if that is another commit."""
        return f"of the same files at {self.earlier[:8]}: {self.text}" if self.earlier else self.text


def objections(catalog: Catalog, commit: str) -> Iterator[Objection]:
    """Yield who asks for changes of a commit, or asked for them of another that has the same files.

    To amend the message alone, or to have somebody else propose it, settles nothing. Whatever changes a file
    does, for then nobody has looked at it yet.
    """
    yield from _objections(catalog, {commit: catalog.reader.root(commit)}).get(commit, ())


def all_objections(catalog: Catalog) -> dict[str, tuple[Objection, ...]]:
    """Return commit → who asks for changes of it, of all commits of proposals; see `objections`."""
    told = _refs(catalog.repository, "%(objectname) %(tree)", below(catalog.repository))
    return _objections(catalog, dict(row.split(" ") for row in told))


def _objections(catalog: Catalog, roots: Mapping[str, str]) -> dict[str, tuple[Objection, ...]]:
    """Return commit → who asks for changes of it, of commits with their trees."""
    same: dict[str, list[str]] = {}
    for commit, tree in roots.items():
        same.setdefault(tree, []).append(commit)
    found: dict[str, tuple[Objection, ...]] = {}
    # An objection lies on top of what it is about, and has its tree.
    for row in _refs(catalog.repository, "%(refname) %(objectname) %(tree)", OBJECTIONS):
        ref, target, tree = row.split(" ")
        name, _, about = ref.removeprefix(OBJECTIONS).partition("/")
        principal = identities.of_ref_name(name)
        if principal is None:
            continue
        for commit in {*same.get(tree, ()), *({about} & roots.keys())}:
            text, earlier = _text(catalog, target), about if about != commit else ""
            one = Objection(principal=principal, text=text, earlier=earlier)
            found[commit] = (*found.get(commit, ()), one)
    return found


def _refs(repository: Repository, form: str, prefix: str) -> list[str]:
    return repository.git("for-each-ref", f"--format={form}", "--", prefix).text.splitlines()


def _text(catalog: Catalog, commit: str) -> str:
    try:
        return history.message(catalog.repository, commit)
    except GitFailed:  # promised by a remote, and not here
        return ""
