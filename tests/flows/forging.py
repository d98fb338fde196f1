"""A hostile client: objects that Git never writes, and pushes of them that have to be refused."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.flows.servers.server import Done, Server
from tests.flows.stepping import DECLINED, Work, organization
from tests.flows.steps import PROJECT

MAIN = "refs/heads/main"
PROJECT_BRANCH = "refs/heads/projects/churn"
NOTHING = "0" * 40
WHO = b"Claimed <ceo@acme.example> 1790000000 +0000"

FILE, DIRECTORY, PROGRAM, LINK, SUBMODULE = b"100644", b"40000", b"100755", b"120000", b"160000"


class Entry(NamedTuple):
    """A line of a tree, as it is stored."""

    mode: bytes
    name: bytes
    id: str


@dataclass
class Forge(Work):
    """Where objects are made by hand, and pushed.

    Attributes:
        base, project: the tips that the server began with.
    """

    base: str = ""
    project: str = ""

    def store(self, kind: str, content: bytes) -> str:
        """Write an object, however malformed, and return its id."""
        return self.raw("hash-object", "-t", kind, "-w", "--literally", "--stdin", told=content).strip()

    def raw(self, *args: str, told: bytes = b"") -> str:
        done = subprocess.run(["git", *args], cwd=self.path, input=told, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode("utf-8", "surrogateescape")

    def blob(self, content: str | bytes) -> str:
        return self.store("blob", content.encode() if isinstance(content, str) else content)

    def tree(self, entries: Iterable[Entry]) -> str:
        """Write a tree with these lines in this order."""
        lines = (b"%s %s\0" % (one.mode, one.name) + bytes.fromhex(one.id) for one in entries)
        return self.store("tree", b"".join(lines))

    def push(self, user: str, *refs: str, **environment: str) -> Done:
        """Push as a user, perhaps with further variables set on the client's side."""
        return self.server.git(user, self.path, "push", self.server.url(user), *refs, **environment)

    def entries(self, tree: str) -> list[Entry]:
        """Return the lines of a tree, or of a commit's."""
        found = []
        for row in self.raw("ls-tree", "-z", tree).split("\0")[:-1]:
            told, _, name = row.partition("\t")
            mode, _, object_id = told.split(" ")
            stored = mode.lstrip("0").encode()
            found.append(Entry(stored, name.encode("utf-8", "surrogateescape"), object_id))
        return found

    def step(self, tree: str, *parents: str, message: bytes = b"Step\n", committer: bytes = WHO) -> str:
        """Write a commit."""
        lines = [b"tree " + tree.encode(), *(b"parent " + one.encode() for one in parents)]
        lines += [b"author " + WHO, b"committer " + committer, b"", message]
        return self.store("commit", b"\n".join(lines))

    def with_entries(self, parent: str, directory: str, *added: Entry, first: bool = False) -> str:
        """Return a commit whose tree has further lines in a directory, at its end or its beginning.

        A line of that name is replaced by the first of them, and only by that.
        """
        return self.step(self._with(f"{parent}^{{tree}}", directory, added, first=first), parent)

    def _with(self, tree: str, directory: str, added: Iterable[Entry], *, first: bool) -> str:
        here = self.entries(tree) if tree else []
        if not directory:
            return self.tree([*added, *here] if first else [*here, *added])
        name, _, rest = directory.partition("/")
        below = next((one.id for one in here if one.name == name.encode()), "")
        inner = Entry(DIRECTORY, name.encode(), self._with(below, rest, added, first=first))
        others = [one for one in here if one.name != name.encode()]
        return self.tree(sorted([*others, inner], key=_order))

    def replacing(self, parent: str, *replaced: Entry, also: Iterable[Entry] = ()) -> str:
        """Return a commit whose root has these lines for those of the same name, and others behind them."""
        names = {one.name for one in replaced}
        kept = [one for one in self.entries(parent) if one.name not in names]
        return self.step(self.tree([*sorted([*kept, *replaced], key=_order), *also]), parent)

    def refs(self) -> str:
        """Return all that the server's refs hold."""
        return self.there("for-each-ref", "--format=%(refname) %(objectname) %(symref)")

    def objects(self) -> frozenset[str]:
        """Return the names of all files in the server's object store."""
        store = self.server.repository / "objects"
        return frozenset(str(one.relative_to(store)) for one in store.rglob("*") if one.is_file())

    def is_sound(self) -> bool:
        """Does git find nothing wrong in the server's repository?"""
        return "error" not in self.there("fsck", "--strict", "--no-dangling")

    def there(self, *args: str) -> str:
        """Run git in the server's repository, as its admin."""
        return self.server.run("git", "-C", str(self.server.repository), *args)

    def refused(self, user: str, *refs: str, says: Iterable[str] = (), force: bool = True) -> Done:
        """Push, and check that it is refused for all these reasons, said plainly, and nothing is left."""
        refs_before, objects_before = self.refs(), self.objects()

        done = self.push(user, *(["--force"] if force else []), *refs)

        moved, left = self.refs() != refs_before, self.objects() - objects_before
        self.restore(refs_before)
        assert not moved, done.said
        assert not left
        require_refused(done, *says)
        return done

    def accepted(self, user: str, *refs: str) -> Done:
        """Push, and check that it is accepted; then have the server's refs where they were."""
        before = self.refs()

        done = self.push(user, *refs)

        assert done.code == 0, done.said
        self.restore(before)
        return done

    def restore(self, refs: str) -> None:
        """Have the server's refs hold what they held."""
        wanted = {name: target for name, target, _ in (row.split(" ") for row in refs.splitlines())}
        here = {name: target for name, target, _ in (row.split(" ") for row in self.refs().splitlines())}
        for name in here.keys() - wanted.keys():
            self.there("update-ref", "-d", name)
        for name, target in wanted.items():
            if here.get(name) != target:
                self.there("update-ref", name, target)


def require_refused(done: Done, *says: str) -> None:
    """Check that a hook of ours refused a push, for all these reasons."""
    assert done.code == 1, done.said
    assert DECLINED in done.said, done.said
    require_plain(done)
    for reason in says:
        assert reason in "\n".join(done.remotely), done.said


def require_plain(done: Done) -> None:
    """Check that nothing the server said would be obeyed by a terminal, and that it knew what it said."""
    remotely = "\n".join(done.remotely)
    assert "Traceback" not in remotely, remotely
    assert "could not be judged" not in remotely, remotely
    assert all(one.isprintable() for one in done.remotely), ascii(remotely)


def forged(path: Path, server: Server, **changed: str | None) -> Forge:
    """Have an organization and a project on a server, and return where to work."""
    path.mkdir()
    made = Forge(path, server)
    made.git("init", "-q", "-b", "main")
    made.base = made.commit({**organization(server), **changed})
    made.project = made.commit(PROJECT)
    made.put(MAIN, made.base)
    made.put(PROJECT_BRANCH, made.project)
    server.protect()
    return made


def _order(entry: Entry) -> bytes:
    """Return what Git sorts a tree by."""
    return entry.name + b"/" if entry.mode == DIRECTORY else entry.name
