"""A large organization to measure on, made through one `git fast-import`: no commands, no blobs.

Its commits are such as the verbs make: collections are created on the way, each version is linked in a commit
of its own, every third one as an alias; versions are promoted, annotated and unlinked now and then. A few
collections are large (one has about a sixth of all versions, spread over directories from 2,000 on) and most
are small.

Run it: `python tests/benchmarks/generated.py PATH [VERSIONS] [COLLECTIONS]`. PATH becomes a bare repository,
in which every command works that needs no blobs.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from git_registry.codec.canonical import encode
from git_registry.codec.scalars import write_text
from git_registry.model import layout
from git_registry.model.dates import timestamp
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import FileEntry, Input, Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.record import Document
from git_registry.repository.repository import Repository
from git_registry.sdk.initialize import Setup, initialize

BEGINNING = datetime(2024, 1, 1, 8, tzinfo=UTC)
TOPICS = ("churn", "fraud", "ranking", "pricing", "demand", "vision", "speech", "leads", "risk", "search")
FRAMEWORKS = ("xgboost", "pytorch", "sklearn", "lightgbm")
TAGS = ("eu", "us", "nightly", "candidate", "small model")
PEOPLE = tuple(f"{name} <{name.lower()}@acme.example>" for name in ("Ana", "Bob", "Chloe", "Dai", "Eve"))
METRICS = ("auc", "loss", "accuracy", "precision", "recall", "f1", "brier", "log_loss", "latency_ms", "lift")
FILES = (("card.md", 4_000), ("model.bin", 2_000_000_000))
ALIASES = ("staging", "staging", "champion", "production")
FEW = 5
"""Nothing is unlinked from a collection that holds no more versions than this."""

COMPARED = 500
"""Of so many manifests one is also written by the codec, and must be the same."""


def generate(
    path: Path | str, *, versions: int = 100_000, collections: int = 1_000, per_commit: int = 1, seed: int = 0
) -> list[str]:
    """Make the organization `acme` in a new bare repository, on `main`.

    Args:
        path: where; nothing may be there yet. Its store would be beside it.
        versions: how many are linked, those among them that are unlinked later.
        collections: how many there are, no more than versions; every fifth holds data sets.
        per_commit: how many versions one commit links.
        seed: the same one gives the same organization.

    Returns:
        The collections in the order they were created: the first is the largest, the second holds data sets.
    """
    directory = Path(path).absolute()
    store = f"file://{directory}-store"
    _begin(directory, store)
    with _stream(directory) as stream:
        story = _Story(stream, random.Random(seed), store)
        for first in range(0, versions, per_commit):
            numbers = range(first, min(first + per_commit, versions))
            story.link([story.collection_for(number * collections // versions) for number in numbers])
            story.happens()
    return [one.path for one in story.collections]


def collection_path(number: int) -> str:
    """Return what the collection created as this one is called."""
    registry = "dataset" if number % 5 == 1 else "model"
    return f"{registry}/{TOPICS[number % len(TOPICS)]}-{number:04}"


def _begin(directory: Path, store: str) -> None:
    """Create the organization with the verb itself."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", directory], check=True)
    repository = Repository.open(directory)
    repository.set_config("user.name", "Ana")
    repository.set_config("user.email", "ana@acme.example")
    initialize(repository, Setup(name="acme", store=store, admin="user:ana"), clock=lambda: BEGINNING)


class _Stream:
    """The commits, as git-fast-import(1) reads them."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._parent = "from refs/heads/main^0\n"

    def commit(self, who: str, when: datetime, message: str, changes: Iterable[bytes]) -> None:
        text = message.encode()
        head = f"commit refs/heads/main\ncommitter {who} {int(when.timestamp())} +0000\ndata {len(text)}\n"
        self._write(b"".join((head.encode(), text, b"\n", self._parent.encode(), *changes, b"\n")))
        self._parent = ""


@contextmanager
def _stream(directory: Path) -> Iterator[_Stream]:
    # The trees are large and soon replaced by the next: packing them tightly is the work of `git gc`.
    command = ["git", "-C", directory, "-c", "pack.compression=1", "fast-import", "--quiet", "--done"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=1 << 20) as importer:
        yield _Stream(importer.stdin.write)
        importer.stdin.write(b"done\n")
    if importer.returncode:
        raise subprocess.CalledProcessError(importer.returncode, command)


def _written(path: str, data: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)


def _document(path: str, document: Document) -> bytes:
    return _written(path, encode(document))


@dataclass(eq=False, slots=True)
class _Version:
    """A linked version: its number, where its manifest is, and its notes."""

    id: str
    number: int
    place: str
    notes: Notes | None = None


@dataclass(eq=False)
class _Growing:
    """A collection as it is by now.

    Attributes:
        taken: how many numbers.
        entries: the names in `versions/`, and how many manifests and notes each one is or holds.
    """

    path: str
    type: str
    taken: int = 0
    linked: list[_Version] = field(default_factory=list)
    aliases: dict[str, _Version] = field(default_factory=dict)
    entries: Counter[str] = field(default_factory=Counter)

    def take(self, version: str) -> _Version:
        """Give a version the next number, and its place."""
        crowded = len(self.entries) >= layout.SPREAD_FROM
        taken = _Version(version, self.taken, layout.manifest_path(self.path, version, spread=crowded))
        self.taken += 1
        self.linked.append(taken)
        self._count(taken.place, 1)
        return taken

    def note(self, version: _Version, **added: Any) -> bytes:
        """Add to a version's notes."""
        path = layout.notes_path(version.place)
        if version.notes is None:
            self._count(path, 1)
        version.notes = replace(version.notes or Notes(), **added)
        return _document(path, version.notes)

    def point(self, alias: str, version: _Version) -> bytes:
        """Point an alias at a version."""
        self.aliases[alias] = version
        return _document(layout.alias_path(self.path, alias), Alias(version=version.id))

    def unlink(self, version: _Version) -> Iterator[bytes]:
        """Move a version out of the way, and remove its aliases."""
        self.linked.remove(version)
        for path in (version.place, layout.notes_path(version.place))[: 2 if version.notes else 1]:
            self._count(path, -1)
            yield f"R {path} {path.replace('/versions/', '/unlinked/')}\n".encode()
        for alias in [name for name, one in self.aliases.items() if one is version]:
            del self.aliases[alias]
            yield f"D {layout.alias_path(self.path, alias)}\n".encode()

    def _count(self, path: str, more: int) -> None:
        name = path.removeprefix(f"{self.path}/versions/").partition("/")[0]
        self.entries[name] += more
        if not self.entries[name]:
            del self.entries[name]


class _Story:
    """What happens, one commit after the other."""

    def __init__(self, stream: _Stream, chance: random.Random, store: str) -> None:
        self.collections: list[_Growing] = []
        self._stream = stream
        self._chance = chance
        self._store = store
        self._now = BEGINNING
        self._weights: list[float] = []
        self._drawn = 0

    def collection_for(self, newest: int) -> _Growing:
        """Return where the next version goes: to a new collection, once there may be one with this number."""
        if newest < len(self.collections):
            return self._some()
        path = collection_path(newest)
        registry, _, name = path.partition("/")
        document = Collection(type=registry, title=name.capitalize(), tags=(name[:-5], "acme"))
        self._passes()
        self._commit(f"Create the collection {path}", [_document(layout.collection_path(path), document)])
        self.collections.append(_Growing(path, registry))
        self._weights.append((self._weights or [0])[-1] + 1 / len(self.collections))
        return self.collections[-1]

    def link(self, targets: Sequence[_Growing]) -> None:
        """Link a version into each collection, every third one as an alias."""
        self._passes()
        linked = [self._linked(collection) for collection in targets]
        changes = [change for one in linked for change in one[1]]
        self._commit(f"Link {' and '.join(named for named, _ in linked)}", changes)

    def _linked(self, collection: _Growing) -> tuple[str, list[bytes]]:
        """Return what the version is called that is linked, and the changes."""
        self._now += timedelta(milliseconds=1)
        manifest = self._draw(collection)
        version = collection.take(manifest.id)
        changes = [_written(version.place, self._text(manifest))]
        if self._once_in(8):
            changes.append(collection.note(version, tags=(self._chance.choice(TAGS),)))
        named = f"{collection.path}@{version.id[:8]}"
        if not self._once_in(3):
            return named, changes
        alias = self._chance.choice(ALIASES)
        return f"{named} as {alias}", [*changes, collection.point(alias, version)]

    def happens(self) -> None:
        """Let happen what happens now and then."""
        for happening, times in ((self._promote, 20), (self._annotate, 25), (self._unlink, 200)):
            if self._once_in(times):
                self._passes()
                happening(self._some())

    def _promote(self, collection: _Growing) -> None:
        version = collection.aliases.get("staging")
        if version and collection.aliases.get("production") is not version:
            message = f"Promote {collection.path} v{version.number} to production"
            self._commit(message, [collection.point("production", version)])

    def _annotate(self, collection: _Growing) -> None:
        version = self._chance.choice(collection.linked)
        gap, reviewer = self._number(1), self._chance.choice(TOPICS)
        change = collection.note(version, metrics={"fairness_gap": gap}, metadata={"reviewed_by": reviewer})
        self._commit(f"Annotate {collection.path}@{version.id[:8]}", [change])

    def _unlink(self, collection: _Growing) -> None:
        if len(collection.linked) > FEW:
            version = self._chance.choice(collection.linked)
            self._commit(f"Unlink {collection.path}@{version.id[:8]}", collection.unlink(version))

    def _draw(self, collection: _Growing) -> Manifest:
        sizes = [(path, self._chance.randrange(1, largest)) for path, largest in FILES]
        files = tuple(self._file(path, size) for path, size in sizes)
        return Manifest(
            artifact=collection.path.partition("/")[2],
            type=collection.type,
            digest=list_digest((one.path, one.digest, one.uri) for one in files),
            size=sum(size for _, size in sizes),
            created=timestamp(self._now),
            metadata={
                "framework": self._chance.choice(FRAMEWORKS),
                "max_depth": self._chance.randrange(3, 12),
                "learning_rate": self._number(0.3),
                "seed": self._chance.randrange(100_000),
            },
            metrics={name: self._number(1) for name in METRICS},
            files=files,
            inputs=self._inputs(collection),
        )

    def _file(self, path: str, size: int) -> FileEntry:
        digest = Digest("sha256", self._chance.randbytes(32).hex())
        uri = f"{self._store}/sha256/{digest.value[:2]}/{digest.value}"
        return FileEntry(path=path, size=size, digest=digest, uri=uri)

    def _inputs(self, collection: _Growing) -> tuple[Input, ...]:
        """Every fourth model names the data set it was made from."""
        datasets = self.collections[1::5]
        if collection.type == "dataset" or not datasets or not self._once_in(4):
            return ()
        dataset = self._chance.choice(datasets)
        return (Input(registry=dataset.path, version=self._chance.choice(dataset.linked).id),)

    def _text(self, manifest: Manifest) -> bytes:
        text = _in_our_words(manifest)
        if self._drawn % COMPARED == 0:
            assert text == encode(manifest), f"the codec writes {encode(manifest)!r}"
        self._drawn += 1
        return text

    def _commit(self, message: str, changes: Iterable[bytes]) -> None:
        self._stream.commit(self._chance.choice(PEOPLE), self._now, message, changes)

    def _passes(self) -> None:
        self._now += timedelta(milliseconds=self._chance.randrange(1_000, 600_000))

    def _once_in(self, times: int) -> bool:
        return self._chance.random() * times < 1

    def _number(self, most: float) -> float:
        return round(self._chance.uniform(0.01, most), 4)

    def _some(self) -> _Growing:
        """Return a collection; the older it is, the likelier."""
        point = self._chance.random() * self._weights[-1]
        return self.collections[bisect(self._weights, point, hi=len(self._weights) - 1)]


def _in_our_words(manifest: Manifest) -> bytes:
    """Write a manifest that was drawn here, ten times as fast as the codec can who knows them all."""
    lines = [
        f"format: 1\nartifact: {manifest.artifact}\ntype: {manifest.type}\ndigest: {manifest.digest}",
        f'size: {manifest.size}\ncreated: "{manifest.created}"',
        f"metadata: {_flow(manifest.metadata)}\nmetrics: {_flow(manifest.metrics)}\nfiles:",
    ]
    for one in manifest.files or ():
        lines.append(f'  - {{path: {one.path}, size: {one.size}, digest: "{one.digest}", uri: "{one.uri}"}}')
    for source in manifest.inputs:
        version = write_text(source.version or "", inline=True)
        lines.append(f"inputs:\n  - {{registry: {source.registry}, version: {version}}}")
    return ("\n".join(lines) + "\n").encode()


def _flow(mapping: Mapping[str, object]) -> str:
    return "{" + ", ".join([f"{key}: {value}" for key, value in mapping.items()]) + "}"


def main(path: str, versions: int = 100_000, collections: int = 1_000) -> None:
    before = time.perf_counter()
    generate(path, versions=versions, collections=collections)
    print(
        f"{path}: {versions:,} versions in {time.perf_counter() - before:.1f} s; `git gc` packs them tightly"
    )


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:4]))
