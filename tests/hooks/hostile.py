"""Pushes that nobody would make by accident: documents, trees, commits and refs, broken one way or another.

Objects are written past git, which would not write them: what a hostile client sends is checked by nobody
before the hook, unless the server sets `receive.fsckObjects`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pygit2
from hypothesis import strategies as st
from tests.flows.steps import BASE, CHURN, FIRST, PROJECT, PROJECT_STEPS, RUN, SECOND, STEPS, THIRD, VERSIONS

MAIN, CHURN_PROJECT = "refs/heads/main", "refs/heads/projects/churn"
NOTHING = "0" * 40
USERS = ("ana", "raj", "alice", "bob", "carol", "eve", "zoe", "mallory")
FILE, EXECUTABLE, LINK, SUBMODULE, DIRECTORY = b"100644", b"100755", b"120000", b"160000", b"40000"

Names = tuple[bytes, ...]
Line = tuple[bytes, bytes, str]
"""Mode, name and id, as a tree has them."""

BASES = {**BASE, f"{CHURN}/README.md": "# Churn\n"}
"""What is on the server: every kind of document, but a run, which the project has."""


@dataclass
class World:
    """A bare repository in which anything can be stored.

    Attributes:
        files: what the default branch holds.
        base: the commit that the default branch is at.
        project: the one that the project's branch is at.
    """

    path: Path
    files: Mapping[str, str] = field(default_factory=lambda: BASES)
    base: str = ""
    project: str = ""
    store: Any = field(init=False)

    def __post_init__(self) -> None:
        self.store = pygit2.init_repository(str(self.path), bare=True, initial_head="main")
        there = {path: (FILE, text.encode()) for path, text in self.files.items()}
        self.base = self.commit(self.tree(there))
        files = {**PROJECT, "churn/runs/k3j2h1.yaml": RUN}
        self.project = self.commit(self.tree({path: (FILE, text.encode()) for path, text in files.items()}))
        self.store.references.create(MAIN, self.base)
        self.store.references.create(CHURN_PROJECT, self.project)

    def write(self, kind: int, content: bytes) -> str:
        """Store an object as it is given."""
        return str(self.store.write(kind, content))

    def blob(self, content: bytes) -> str:
        """Store a file's content."""
        return self.write(pygit2.enums.ObjectType.BLOB, content)

    def lines(self, lines: Sequence[Line]) -> str:
        """Store a tree with these lines, in this order."""
        told = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(one) for mode, name, one in lines)
        return self.write(pygit2.enums.ObjectType.TREE, told)

    def tree(self, files: Mapping[str, tuple[bytes, bytes]]) -> str:
        """Store a tree as git would, of paths with mode and content."""
        below: dict[str, dict[str, tuple[bytes, bytes]]] = {}
        lines: list[Line] = []
        for path, (mode, content) in files.items():
            first, slash, rest = path.partition("/")
            if slash:
                below.setdefault(first, {})[rest] = mode, content
            else:
                lines.append((mode, first.encode("utf-8", "surrogateescape"), self._stored(mode, content)))
        for name, inner in below.items():
            lines.append((DIRECTORY, name.encode("utf-8", "surrogateescape"), self.tree(inner)))
        return self.lines(sorted(lines, key=lambda line: line[1] + (b"/" if line[0] == DIRECTORY else b"")))

    def _stored(self, mode: bytes, content: bytes) -> str:
        return self.base or "1" * 40 if mode == SUBMODULE else self.blob(content)

    def commit(self, tree: str, parents: Sequence[str] = (), text: bytes | None = None) -> str:
        """Store a commit; `text` stands in the place of all that follows its parents."""
        head = [b"tree " + tree.encode(), *(b"parent " + one.encode() for one in parents)]
        rest = text or b"author Ana <ana@acme.example> 1790000000 +0000\n" + COMMITTER + b"\n\nStep\n"
        return self.write(pygit2.enums.ObjectType.COMMIT, b"\n".join([*head, rest]))

    def root(self, commit: str) -> str:
        """Return a commit's tree."""
        return self.raw(commit)[5:45].decode("ascii")

    def raw(self, one: str) -> bytes:
        """Return an object as it is stored."""
        content: bytes = self.store.read(one)[1]
        return content

    def is_tree(self, one: str) -> bool:
        """Is there a tree of this id?"""
        return one in self.store and self.store.read(one)[0] == pygit2.enums.ObjectType.TREE


COMMITTER = b"committer Ana <ana@acme.example> 1790000000 +0000"

TOKENS = (
    *("&a", "*a", "!!python/object/apply:os.system", "<<: {a: 1}", "[" * 40, "{" * 40, "\t", "\0", "\ufeff"),
    *("0x1F", "1_000", "010", ".nan", "-.inf", "9" * 400, "~", "no", "---\n", "%YAML 1.2\n", "? ", "\u202e"),
    *("\r\n", "\x1b[31m", "\x85", '"', "'", "|\n", "# note\n", "format: 2\n", "format: 1\n", "extra: x\n"),
    *("user:bob", "user:ana", "user:carol", "team:nlp", "member", "admin", "viewer", "restricted_viewer"),
    *("  user:carol: admin\n", "admins: [user:bob]\n", "default_role: admin\n", "production", "golden"),
    *("../", "/etc/passwd", "file:///etc", "s3://acme-ml/", "${HOME}", "sha256:", FIRST.id, SECOND.id),
    *("renamed_from: model/moving\n", "type: dataset\n", "x" * 300_000, "- a\n" * 5_000, "a: {b: 1}\n"),
)


@st.composite
def changed_texts(draw: st.DrawFn, text: str) -> bytes:
    """Some bytes that are nearly a document."""
    rows = text.splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(rows) - 1)))
        match draw(st.sampled_from(["put", "drop", "twice", "swap", "within", "replace"])):
            case "put":
                rows.insert(at, draw(st.sampled_from(TOKENS)))
            case "drop" if rows:
                del rows[at]
            case "twice" if rows:
                rows.insert(at, rows[at])
            case "swap" if rows:
                rows.append(rows.pop(at))
            case "within" if rows:
                column = draw(st.integers(0, len(rows[at])))
                rows[at] = rows[at][:column] + draw(st.sampled_from(TOKENS)) + rows[at][column:]
            case "replace" if rows:
                words = rows[at].split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(TOKENS))
                rows[at] = " ".join(words)
    return "".join(rows).encode("utf-8", "surrogatepass")


CONTENTS = st.sampled_from(sorted({*BASES.values(), *PROJECT.values(), RUN, THIRD.manifest})).flatmap(
    lambda text: changed_texts(text) | st.just(text.encode())
) | st.binary(max_size=60)

PARTS = st.sampled_from(
    [
        *("model", "dataset", "lab", "churn", "moving", "empty", "new", "versions", "unlinked", "aliases"),
        *("runs", "automations", "registry.yaml", "access.yaml", "collection.yaml", "organization.yaml"),
        *("project.yaml", "README.md", "production.yaml", "Production.yaml", "candidate.yaml", "x.yaml"),
        *(
            ".gitattributes",
            ".gitmodules",
            ".github",
            "CODEOWNERS",
            ".git",
            ".GIT",
            "git~1",
            "..",
            ".",
            "CON",
        ),
        *("MODEL", "caf\u00e9", "cafe\u0301", "\udcff", "a\nb", "a\\b", "\u202egpj.exe", "x" * 300, "a\tb"),
        *(f"{one.id}.yaml" for one in (FIRST, SECOND, THIRD)),
        *(f"{FIRST.id}.notes.yaml", f"{THIRD.id}.notes.yaml", f"{FIRST.id[:2]}", ":1 2", "0" * 40),
    ]
)
PATHS = st.sampled_from([*BASES, *PROJECT, f"{VERSIONS}/{THIRD.id}.yaml"]) | st.lists(
    PARTS, min_size=1, max_size=5
).map("/".join)
MODES = st.sampled_from([FILE] * 6 + [EXECUTABLE, LINK, SUBMODULE, b"100664", b"0100644", b"100600", b"0"])

Files = dict[str, tuple[bytes, bytes] | None]
"""What a step makes of paths: mode and content; None: it is gone."""

LEGAL = st.sampled_from([*STEPS, *PROJECT_STEPS]).map(
    lambda step: {path: text if text is None else (FILE, text.encode()) for path, text in step.files.items()}
)
STRANGE = st.dictionaries(PATHS, st.none() | st.tuples(MODES, CONTENTS), min_size=1, max_size=3)
CHANGES: st.SearchStrategy[Files] = (
    LEGAL | STRANGE | st.builds(lambda one, two: {**one, **two}, LEGAL, STRANGE)
)

SPOILT = st.none() | st.sampled_from(
    ["twice", "unsorted", "mode", "empty", "wrong kind", "missing", "deep", "slash"]
)
"""What is done to the root tree after that, if anything is."""

COMMITS = st.none() | st.sampled_from(
    [
        b"",
        COMMITTER + b"\n\nno author",
        b"author x\n" + COMMITTER.replace(b"1790000000", b"9" * 30) + b"\n\n",
        b"author x\n" + COMMITTER.replace(b"1790000000", b"-5") + b"\n\n",
        b"author x\n" + COMMITTER.replace(b"1790000000", b"4000000000") + b"\n\n",
        b"author \xff\xfe\n" + COMMITTER + b"\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n\n\x1b[2J\xff",
        b"author x\n" + COMMITTER + b"\nmergetag object\n x\nparent " + b"1" * 40 + b"\n\nmessage",
        b"author x\n" + COMMITTER + b"\n\n" + b"m" * (1 << 20),
    ]
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One commit of a push.

    Attributes:
        spoilt: what is wrong with its tree besides.
        text: what follows its parents; None for what git would write.
        parents: by which of those that are known: `last` is the step before, or the tip that is there.
    """

    files: Files
    spoilt: str | None = None
    text: bytes | None = None
    parents: tuple[str, ...] = ("last",)


PARENTS = st.sampled_from(
    [("last",)] * 8 + [("last", "base"), ("last", "project"), ("project", "last"), (), ("last", "last")]
)
STEP = st.builds(Step, files=CHANGES, spoilt=st.none() | SPOILT, text=st.none() | COMMITS, parents=PARENTS)
PLAIN = st.builds(Step, files=LEGAL)

REFS = st.sampled_from(
    [MAIN] * 8
    + [CHURN_PROJECT] * 3
    + ["refs/heads/projects/new", "refs/heads/projects", "refs/heads/projects/churn/x", "refs/heads/work"]
    + ["refs/heads/proposals/bob/x", "refs/heads/proposals/ana/x", "refs/heads/proposals/bob"]
    + [
        "refs/approvals/bob/%s",
        "refs/approvals/ana/%s",
        "refs/tags/v1",
        "refs/heads/Main",
        "refs/heads/main/x",
    ]
    + [f"refs/replace/{'1' * 40}", "refs/registry/pushes", "refs/notes/commits", "refs/heads/../x", "refs/x"]
    + ["refs/heads/\x1b[31m", "refs/heads/\udcff", "refs/heads/proposals/service.bob/x", "refs/heads/"]
)


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """One push: who, which commits, and to which refs the last of them, or nothing."""

    who: str
    steps: tuple[Step, ...]
    refs: tuple[tuple[str, bool], ...]
    onto: str = "base"


PUSHES = st.builds(
    Hostile,
    who=st.sampled_from(USERS) | st.text(max_size=5),
    steps=st.lists(STEP | PLAIN, max_size=3).map(tuple),
    refs=st.lists(st.tuples(REFS, st.sampled_from([True] * 9 + [False])), min_size=1, max_size=3).map(tuple),
    onto=st.sampled_from(["base"] * 3 + ["project"]),
)


def made(world: World, push: Hostile) -> list[tuple[str, str]]:
    """Store what is pushed, and return each ref with the id that it shall hold."""
    last = world.base if push.onto == "base" else world.project
    for step in push.steps:
        known = {"last": last, "base": world.base, "project": world.project}
        tree = _spoilt(world, _tree(world, world.root(last), step.files), step.spoilt)
        last = world.commit(tree, [known[one] for one in step.parents], step.text)
    return [(ref % last if "%" in ref else ref, last if stays else NOTHING) for ref, stays in push.refs]


def _tree(world: World, root: str, files: Files) -> str:
    there: dict[Names, tuple[bytes, str]] = dict(_flat(world, root))
    for path, content in files.items():
        names = tuple(part.encode("utf-8", "surrogateescape") for part in path.split("/"))
        for other in [one for one in there if one[: len(names)] == names or names[: len(one)] == one]:
            del there[other]
        if content is not None:
            mode, data = content
            there[names] = mode, world.base if mode == SUBMODULE else world.blob(data)
    return _stored(world, there)


_DEEPEST = 6
"""What is nested deeper stays as it is: a tree bomb has as many paths as it likes."""


def _flat(world: World, tree: str, at: Names = ()) -> list[tuple[Names, tuple[bytes, str]]]:
    found = []
    for mode, name, one in parsed(world.raw(tree)):
        if mode == DIRECTORY and world.is_tree(one) and len(at) < _DEEPEST:
            found += _flat(world, one, (*at, name))
        else:
            found.append(((*at, name), (mode, one)))
    return found


def parsed(text: bytes) -> list[Line]:
    """Return a tree's lines."""
    lines = []
    while text:
        head, _, rest = text.partition(b"\0")
        mode, _, name = head.partition(b" ")
        lines.append((mode, name, rest[:20].hex()))
        text = rest[20:]
    return lines


def _stored(world: World, files: Mapping[Names, tuple[bytes, str]]) -> str:
    below: dict[bytes, dict[Names, tuple[bytes, str]]] = {}
    lines: list[Line] = []
    for (first, *rest), (mode, one) in files.items():
        if rest:
            below.setdefault(first, {})[tuple(rest)] = mode, one
        else:
            lines.append((mode, first, one))
    lines += [(DIRECTORY, name, _stored(world, inner)) for name, inner in below.items()]
    return world.lines(sorted(lines, key=lambda line: line[1] + (b"/" if line[0] == DIRECTORY else b"")))


def _spoilt(world: World, tree: str, how: str | None) -> str:
    lines = parsed(world.raw(tree))
    first = lines[-1] if lines else (FILE, b"x", world.blob(b""))
    match how:
        case "twice":
            return world.lines([*lines, first])
        case "unsorted":
            return world.lines(lines[::-1])
        case "mode":
            return world.lines([*lines[:-1], (b"0" + first[0], *first[1:])])
        case "empty":
            return world.lines([*lines, (DIRECTORY, b"zzz", world.lines([]))])
        case "wrong kind":
            return world.lines([*lines, (FILE, b"zzz", tree)])
        case "slash":
            return world.lines([*lines, (FILE, b"zz/z", world.blob(b"z"))])
        case "missing":
            return world.lines([*lines, (FILE, b"zzz.yaml", "2" * 40)])
        case "deep":
            for _ in range(12):
                tree = world.lines([(DIRECTORY, name, tree) for name in (b"a", b"b", b"c")])
            return tree
    return tree
