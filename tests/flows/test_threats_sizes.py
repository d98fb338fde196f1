"""Pushes that are small on the wire and huge for who reads them cost little time and memory."""

import re
import zlib
from hashlib import sha1

import pytest
from tests.flows.forging import DIRECTORY, FILE, MAIN, PROJECT_BRANCH, WHO, Entry, forged
from tests.flows.servers.local import Local
from tests.flows.steps import SECOND, VERSIONS

PROPOSAL = "refs/heads/proposals/bob/x"

MEASURED = """\
#!/bin/sh
exec {python} -I -c '
import resource, subprocess, sys
code = subprocess.run([{python!r}, "-I", "-m", "git_registry.hooks.pre_receive"]).returncode
# That of the hook, and of the git that it asks: the largest of them.
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=sys.stderr)
sys.exit(code)'
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    directory = tmp_path_factory.mktemp("sizes")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        made = forged(directory / "work", server)
        server.configure(receive_fsckObjects="false")
        hook = server.repository / "hooks" / "pre-receive"
        python = re.search("^python=(.*)$", hook.read_text(), re.MULTILINE)[1].strip("'\"")
        server.hook("pre-receive", MEASURED.replace("{python!r}", f'"{python}"').replace("{python}", python))
        yield made
        assert made.is_sound()


def peak(done):
    """Return the megabytes that the hook took, git's children included."""
    (told,) = (line for line in done.remotely if line.startswith("peak "))
    return int(told.split()[1])


def of_zeros(at, kind, size, head=b""):
    """Write an object that is nearly all zeros, without ever having it in memory, and return its id."""
    header = b"%s %d\0" % (kind.encode(), size)
    name, packed = sha1(header + head, usedforsecurity=False), zlib.compressobj(1)
    parts = [packed.compress(header + head)]
    zeros, left = bytes(1 << 24), size - len(head)
    while left:
        some = zeros[: min(left, len(zeros))]
        name.update(some)
        parts.append(packed.compress(some))
        left -= len(some)
    parts.append(packed.flush())
    place = at.path / ".git/objects" / name.hexdigest()[:2]
    place.mkdir(exist_ok=True)
    (place / name.hexdigest()[2:]).write_bytes(b"".join(parts))
    return name.hexdigest()


@pytest.fixture(scope="module")
def zeros(at):
    return of_zeros(at, "blob", 128 << 20)


class TestBombs:
    def test_a_document(self, zeros, at):
        path = f"{VERSIONS}/{SECOND.id}.notes.yaml"
        at.git("read-tree", at.base)
        at.git("update-index", "--add", "--cacheinfo", f"100644,{zeros},{path}")
        bomb = at.step(at.git("write-tree"), at.base)

        done = at.refused("bob", f"{bomb}:{MAIN}", says=[f"{path}: it has", "at most 262144 are taken"])

        assert peak(done) < 100

    @pytest.mark.parametrize("ref", [PROPOSAL, "refs/heads/aside", "refs/tags/v1"])
    def test_a_file_on_a_branch_that_is_not_judged_by_steps(self, ref, zeros, at):
        bomb = at.step(at.tree([Entry(FILE, b"zeros", zeros)]))

        done = at.refused("bob", f"{bomb}:{ref}", says=["a blob has", "at most"])

        assert peak(done) < 100

    def test_a_tag_of_nothing_but_that(self, zeros, at):
        done = at.refused("bob", f"{zeros}:refs/tags/zeros", says=["a blob has"])

        assert peak(done) < 100

    @pytest.mark.parametrize("ref", [MAIN, PROJECT_BRANCH])
    def test_what_only_another_parent_brings(self, ref, zeros, at):
        """It is in no tree of the line that is judged, and everybody would fetch it."""
        tip = at.at(ref)
        side = at.step(at.tree([Entry(FILE, b"zeros", zeros)]))
        merge = at.step(at.git("rev-parse", f"{tip}^{{tree}}"), tip, side)

        at.refused("ana", f"{merge}:{ref}", says=["a blob has"])

    @pytest.mark.parametrize("ref", [MAIN, PROPOSAL])
    def test_a_message(self, ref, at):
        tree = at.git("rev-parse", f"{at.base}^{{tree}}").encode()
        lines = [b"tree " + tree, b"parent " + at.base.encode(), b"author " + WHO, b"committer " + WHO]
        bomb = of_zeros(at, "commit", 64 << 20, b"\n".join([*lines, b"", b""]))

        done = at.refused("bob", f"{bomb}:{ref}", says=["commit", "bytes; at most"])

        assert peak(done) < 300


class TestTrees:
    def nested(self, at, levels, width):
        tree = at.tree([Entry(FILE, b"f", at.blob("x"))])
        for _ in range(levels):
            tree = at.tree([Entry(DIRECTORY, b"d%02d" % number, tree) for number in range(width)])
        return Entry(DIRECTORY, b"zz", tree)

    @pytest.mark.parametrize("levels", [6, 10])
    def test_of_more_paths_than_there_is_time(self, levels, at):
        bomb = at.with_entries(at.base, "", self.nested(at, levels, 10))

        done = at.refused("ana", f"{bomb}:{MAIN}")

        assert "more than 40000 files and directories" in done.said or "nested more than 8" in done.said
        assert peak(done) < 200

    def test_of_a_project(self, at):
        bomb = at.with_entries(at.project, "churn", self.nested(at, 5, 12))

        done = at.refused("bob", f"{bomb}:{PROJECT_BRANCH}", says=["more than 40000"])

        assert peak(done) < 200

    @pytest.mark.parametrize("ref", [MAIN, PROPOSAL])
    def test_that_are_deep(self, ref, at):
        deep = at.with_entries(at.base, "", self.nested(at, 300, 1))

        done = at.refused("ana" if ref == MAIN else "bob", f"{deep}:{ref}", says=["nested more than 8 deep"])

        assert peak(done) < 100

    def test_of_100_000_files(self, at):
        blob = at.blob("x")
        wide = at.tree([Entry(FILE, b"%06d" % number, blob) for number in range(100_000)])
        many = at.with_entries(at.base, "", Entry(DIRECTORY, b"zz", wide))

        done = at.refused("ana", f"{many}:{MAIN}", says=["more than 40000 files and directories"])

        assert peak(done) < 200

    def test_of_which_one_is_huge(self, at):
        """A tree of 20 MB: 700,000 times the same line, which no honest git would write."""
        line = b"100644 a\0" + bytes.fromhex(at.blob("x"))
        huge = at.store("tree", line * 700_000)

        done = at.refused("ana", f"{at.with_entries(at.base, '', Entry(DIRECTORY, b'zz', huge))}:{MAIN}")

        assert "40000" in done.said or "a name twice" in done.said


class TestMuch:
    def test_more_refs_than_a_push_has(self, at):
        refs = [f"{at.base}:refs/heads/proposals/bob/{number}" for number in range(1_001)]

        at.refused("bob", *refs, says=["more than 1000 refs are pushed at once", "push them in parts"])

    def test_more_time_than_there_is(self, at):
        at.server.configure(registry_hookSeconds="1")
        tip = at.base
        lines = ["feature done", "reset refs/heads/long", f"from {at.base}", ""]
        for number in range(4_900):
            text = f"format: 1\ndescription: {number}\n"
            lines += [
                "commit refs/heads/long",
                "committer C <c@acme.example> 1790000000 +0000",
                "data 1",
                "x",
            ]
            lines += [f"M 100644 inline {VERSIONS}/{SECOND.id}.notes.yaml", f"data {len(text)}", text]
        at.git("fast-import", "--quiet", "--force", stdin="\n".join([*lines, "done", ""]))
        tip = at.git("rev-parse", "refs/heads/long")
        try:
            at.refused("bob", f"{tip}:{MAIN}", says=["judging it takes too long", "push it in parts"])
        finally:
            at.server.configure(registry_hookSeconds="60")
