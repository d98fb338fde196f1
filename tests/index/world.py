"""A repository whose history is made by small operations, among them those that people regret."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pygit2

from git_registry.codec.canonical import encode
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.organization import Organization
from git_registry.model.documents.registry import Registry

Files = Mapping[str, tuple[int, bytes]]
"""Path → mode and content; a submodule's content is the id of its commit."""

FILE, PROGRAM, SYMLINK, SUBMODULE = 0o100644, 0o100755, 0o120000, 0o160000
PLACES = ("model/churn", "model/fraud", "dataset/churn")
PROJECT = "projects/fish"
TRACKING = {"main": "refs/remotes/origin/main", PROJECT: f"refs/remotes/origin/{PROJECT}"}


def _manifest(number: int) -> tuple[str, bytes]:
    digest = Digest.of(b"%d" % number)
    entry = FileEntry(path="model.bin", size=1, digest=digest, uri=f"file:///store/{digest.value}")
    manifest = Manifest(
        artifact="churn",
        type="model",
        digest=list_digest([(entry.path, entry.digest, entry.uri)]),
        size=1,
        created=f"2026-01-0{1 + number % 3}T00:00:00.000Z",  # some were created together
        files=(entry,),
    )
    return manifest.id, encode(manifest)


MANIFESTS = dict(map(_manifest, range(8)))
VERSIONS = sorted(MANIFESTS)


def plain(content: bytes | str) -> tuple[int, bytes]:
    return FILE, content.encode() if isinstance(content, str) else content


def directories(files: Files) -> set[str]:
    return {path[:at] for path in files for at, letter in enumerate(path) if letter == "/"}


@dataclass
class World:
    """A repository.

    Attributes:
        path: where.
        remote: does it have one? It is played by the refs that remember it.
        files: commit → its files.
        parents: commit → its parents.
        regretted: was published history rewritten?
    """

    path: Path
    remote: bool
    files: dict[str, Files] = field(default_factory=dict)
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    regretted: bool = False

    def __post_init__(self) -> None:
        self.git = pygit2.init_repository(str(self.path), initial_head="main")
        self.git.config["core.fsyncObjectFiles"] = "false"
        if self.remote:
            self.git.remotes.create("origin", "https://git.acme.example/registry.git")
            target = self.path / ".git/refs/remotes/origin"
            target.mkdir(parents=True)
            (target / "HEAD").write_text("ref: refs/remotes/origin/main\n")
        organization = Organization(name="acme", store="file:///store", admins=("user:ada",))
        start = {"organization.yaml": plain(encode(organization))}
        for registry in ("model", "dataset"):
            start[f"{registry}/registry.yaml"] = plain(encode(Registry()))
        self.current = "main"
        self.commit(start)

    @property
    def branches(self) -> list[str]:
        return sorted(self.git.branches.local)

    def tip(self, branch: str | None = None) -> str:
        return str(self.git.branches.local[branch or self.current].target)

    def published(self, branch: str) -> str | None:
        """Return what the remote's branch is at."""
        ref = self.git.references.get(TRACKING.get(branch, "refs/none"))
        return str(ref.target) if ref else None

    def line(self, commit: str | None) -> list[str]:
        """Return a commit's first-parent line, the newest first."""
        found = []
        while commit:
            found.append(commit)
            commit = next(iter(self.parents[commit]), None)
        return found

    def set(self, branch: str, commit: str) -> None:
        self.git.references.create(f"refs/heads/{branch}", commit, force=True)

    def commit(self, files: Files, parents: tuple[str, ...] | None = None, onto: str | None = None) -> str:
        """Commit files on the current branch, or on another one."""
        branch = onto or self.current
        if parents is None:
            parents = (self.tip(branch),) if branch in self.branches else ()
        index = pygit2.Index()
        for path, (mode, content) in files.items():
            blob = pygit2.Oid(hex=content.decode()) if mode == SUBMODULE else self.git.create_blob(content)
            index.add(pygit2.IndexEntry(path, blob, mode))
        who = pygit2.Signature("Ada", "ada@example.org", 1_767_225_600 + len(self.files), 0)
        tree = index.write_tree(self.git)
        made = str(self.git.create_commit(None, who, who, f"Step {len(self.files)}", tree, list(parents)))
        self.files[made], self.parents[made] = dict(files), parents
        self.set(branch, made)
        return made

    def merged(self, base: Files, ours: Files, theirs: Files) -> Files:
        """Return what a merge makes: theirs where only they changed something."""
        result = dict(ours)
        for path in {*base, *theirs}:
            if ours.get(path) == base.get(path):
                result.pop(path, None)
                if path in theirs:
                    result[path] = theirs[path]
        below = directories(result)
        return {path: content for path, content in result.items() if path not in below}

    def base(self, one: str, other: str) -> Files:
        found = self.git.merge_base(one, other)
        return self.files[str(found)] if found else {}


Operation = Callable[[World, int, int], None]
OPERATIONS: dict[str, Operation] = {}


def operation(function: Operation) -> Operation:
    OPERATIONS[function.__name__] = function
    return function


def pick(choices, number):
    choices = sorted(choices)
    return choices[number % len(choices)] if choices else None


def there(world: World) -> dict[str, tuple[int, bytes]]:
    """Return the files at the tip, to be changed."""
    return dict(world.files[world.tip()])


def places(world: World) -> tuple[str, ...]:
    return ("fish/net", "fish/rod") if world.current == PROJECT else PLACES


def below(files: Files, directory: str) -> Iterator[str]:
    return (path for path in list(files) if path.startswith(f"{directory}/"))


def put(files: dict[str, tuple[int, bytes]], path: str, content: tuple[int, bytes]) -> None:
    """Put a file in place, and take away what it can't stand beside."""
    for other in list(files):
        if other.startswith(f"{path}/") or path.startswith(f"{other}/"):
            del files[other]
    files[path] = content


def step(change):
    """Make an operation of what changes the files of the current branch."""

    def run(world: World, one: int, two: int) -> None:
        files = there(world)
        change(files, places(world), one, two)
        if files != world.files[world.tip()]:
            world.commit(files)

    run.__name__ = change.__name__
    return operation(run)


@step
def link(files, places, one, two):
    place = pick(places, one)
    if f"{place}/collection.yaml" not in files:
        put(files, f"{place}/collection.yaml", plain(encode(Collection(type="model"))))
    for number in {two % 8, two // 8 % 8, two // 64 % 8}:
        version = VERSIONS[number]
        linked, spread = f"{place}/versions/{version}.yaml", f"{place}/versions/{version[:2]}/{version}.yaml"
        for path in (f"{place}/unlinked/{version}.yaml", linked, spread):
            files.pop(path, None)
        put(files, spread if two % 5 == 0 else linked, plain(MANIFESTS[version]))


@step
def unlink(files, places, one, two):
    path = pick((path for path in files if "/versions/" in path), one)
    if path:
        content = files.pop(path)
        put(files, f"{path.partition('/versions/')[0]}/unlinked/{path.rpartition('/')[2]}", content)


@step
def purge(files, places, one, two):
    files.pop(pick((path for path in files if "/versions/" in path or "/unlinked/" in path), one), None)


@step
def replace_the_only_file(files, places, one, two):
    """Git keeps no empty directory; one that is emptied and filled in the same step stays."""
    path = pick((path for path in files if "/versions/" in path), one)
    if path:
        for other in list(below(files, "/".join(path.split("/")[:2]))):
            del files[other]
        place = path.partition("/versions/")[0]
        put(files, f"{place}/versions/{VERSIONS[two % 8]}.yaml", plain(MANIFESTS[VERSIONS[two % 8]]))


@step
def delete(files, places, one, two):
    place = pick(places, one)
    for path in list(below(files, place)):
        content = files.pop(path)
        if "/versions/" in path:
            files[f"{place}/unlinked/{path.rpartition('/')[2]}"] = content
        elif "/unlinked/" in path:
            files[path] = content


@step
def rename(files, places, one, two):
    old, new = pick(places, one), pick(places, two)
    if old == new or f"{old}/collection.yaml" not in files or any(below(files, new)):
        return
    for path in list(below(files, old)):
        put(files, new + path.removeprefix(old), files.pop(path))
    put(files, f"{new}/collection.yaml", plain(encode(Collection(type="model", renamed_from=old))))


@step
def promote(files, places, one, two):
    path = pick((path for path in files if "/versions/" in path and "notes" not in path), one)
    if path:
        alias = Alias(version=path.rpartition("/")[2].removesuffix(".yaml"))
        name = pick(("production", "staging"), two)
        put(files, f"{path.partition('/versions/')[0]}/aliases/{name}.yaml", plain(encode(alias)))


@step
def note(files, places, one, two):
    path = pick((path for path in files if "/versions/" in path and "notes" not in path), one)
    if path:
        # Nearly always another content, which was not read yet.
        notes = Notes(description=f"{two}", tags=("eu",) if two % 2 else ())
        put(files, path.replace(".yaml", ".notes.yaml"), plain(encode(notes)))


@step
def oddity(files, places, one, two):
    """What a person can do by hand, though it is no good."""
    place = pick(places, one)
    version = VERSIONS[one % 8]
    odd = (
        (f"{place}/versions/{version}.yaml", (SYMLINK, b"elsewhere")),
        (f"{place}/versions/{version}.yaml", (PROGRAM, MANIFESTS[version])),
        (f"{place}/versions/{version}.yaml", plain("no: [manifest")),
        (f"{place}/versions/{VERSIONS[two % 8]}.yaml", plain("format: 1\n")),
        (f"{place}/aliases/staging.yaml", (SUBMODULE, b"%040x" % (one + 1))),
        (f"{place}/collection.yaml", (SUBMODULE, b"%040x" % (one + 1))),
        (f"{place}/versions", plain("a file where a directory belongs")),
        (place, plain("a file")),
        (f"{place}/collection.yaml/inside.yaml", plain("a directory where a file belongs")),
        ("docs/guide/README.md", plain(f"{one}")),
        ("README.md", plain(f"{one}")),
        ("organization.yaml", plain("broken: [")),
        (f"{place}/versions/{version[:2]}/{version}.yaml", plain(MANIFESTS[version])),
    )
    put(files, *odd[two % len(odd)])


@operation
def nothing(world, one, two):
    world.commit(there(world))


@operation
def branch(world, one, two):
    name = f"side-{two % 2}"
    if name not in world.branches:
        world.set(name, world.tip())
    world.current = name


@operation
def switch(world, one, two):
    world.current = pick(world.branches, one)


@operation
def project(world, one, two):
    if PROJECT not in world.branches:
        world.commit({"fish/project.yaml": plain("format: 1\n")}, (), onto=PROJECT)
    world.current = PROJECT


@operation
def merge(world, one, two, foxtrot=False, squash=False):
    other = pick(set(world.branches) - {PROJECT, world.current}, one)
    if not other or world.current == PROJECT:
        return
    ours, theirs = world.tip(), world.tip(other)
    files = world.merged(world.base(ours, theirs), world.files[ours], world.files[theirs])
    world.commit(files, (ours,) if squash else (theirs, ours) if foxtrot else (ours, theirs))


@operation
def foxtrot(world, one, two):
    merge(world, one, two, foxtrot=True)


@operation
def squash(world, one, two):
    merge(world, one, two, squash=True)


@operation
def fast_forward(world, one, two):
    other = pick(world.branches, one)
    if world.tip() in world.line(world.tip(other)):
        world.set(world.current, world.tip(other))


@operation
def rebase(world, one, two):
    other = pick(set(world.branches) - {PROJECT, world.current}, one)
    if not other or world.current == PROJECT:
        return
    known = set(world.line(world.tip(other)))
    mine = [commit for commit in world.line(world.tip()) if commit not in known][::-1]
    world.set(world.current, world.tip(other))
    for commit in mine:
        before = world.files[world.parents[commit][0]] if world.parents[commit] else {}
        world.commit(world.merged(before, there(world), world.files[commit]))


@operation
def amend(world, one, two):
    commit = world.tip()
    files = there(world)
    path = pick((path for path in files if "/versions/" in path), one)
    if two % 2 and path:
        del files[path]
    world.commit(files, world.parents[commit])


@operation
def reset(world, one, two):
    line = world.line(world.tip())
    world.set(world.current, line[min(one % 3, len(line) - 1)])


@operation
def push(world, one, two):
    for name in ("main", PROJECT):
        if world.remote and name in world.branches:
            held = world.published(name)
            if held in (None, *world.line(world.tip(name))):
                world.git.references.create(TRACKING[name], world.tip(name), force=True)


@operation
def force_push(world, one, two):
    name = pick(world.branches, one)
    if world.remote and name in TRACKING:
        world.git.references.create(TRACKING[name], world.tip(name), force=True)


@operation
def unpublish(world, one, two):
    ref = TRACKING[pick(TRACKING, one)]
    if one % 4 == 0 and world.git.references.get(ref):
        world.git.references.delete(ref)
