"""A disk that fills up while a script logs: which one is told, nothing is lost, and the next run finishes."""

from __future__ import annotations

import os
import subprocess

import pytest
from tests.sdk.desk import found

from .crashing import STORY, Scripts, numbered, require_whole, runs


@pytest.fixture
def small(tmp_path):
    """A disk of four megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place]
    if os.geteuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


LARGE = STORY.replace("out.write(sys.argv[2])", "out.write(sys.argv[2] * 500_000)")


def require_next_run_finishes(scripts, clone, git, text, states):
    again = scripts.run(text, 2, "weights")
    assert again[-1].startswith("v0 ")
    there = clone("another")
    require_whole(there, git)
    ended = runs(there)
    assert [(ended[one].state, ended[one].history.rows) for one in "12"] == states


class TestTheStore:
    @pytest.fixture
    def desk(self, tmp_path, small):
        return found(tmp_path / "acme", store=f"file://{small}/store")

    def test_it_is_named_and_the_next_run_finishes(self, small, clone, git):
        scripts = Scripts(clone("desk").path)
        filling = small / "filling"
        filling.write_bytes(b"x" * (2 << 20))

        scripts.run(LARGE, 1, "weights", codes=[1])

        said = scripts.error
        assert said == f"git_registry.errors.StoreError: {small}/store: the disk is full"
        assert not list((small / "store/tmp").iterdir())
        there = clone("reader")
        require_whole(there, git)
        assert numbered(there) == {}
        filling.unlink()
        require_next_run_finishes(scripts, clone, git, LARGE, [("failed", 2), ("finished", 2)])


COPYING = STORY.replace("with made.new_file", "made.add_file(sys.argv[3])\n    with made.new_file")


def test_the_disk_of_copies(small, clone, git, tmp_path):
    scripts = Scripts(clone("desk").path, {"TMPDIR": str(small)})
    large = tmp_path / "large"
    large.write_bytes(b"x" * (5 << 20))

    scripts.run(COPYING, 1, "weights", large, codes=[1])

    said = scripts.error
    assert said.startswith(f"git_registry.errors.StoreError: {small}/git-registry-draft-")
    assert said.endswith(": the disk is full")
    assert not list(small.iterdir())
    scripts.environ["TMPDIR"] = str(tmp_path)
    require_next_run_finishes(scripts, clone, git, STORY, [("failed", 1), ("finished", 2)])


FILLING = STORY.replace(
    "    linked =", "    made.wait()\n    open(sys.argv[3], 'wb', 0).write(bytes(8 << 20))\n    linked ="
)


def test_the_disk_of_the_clone(small, clone, git):
    scripts = Scripts(clone("small/desk").path)

    scripts.run(FILLING, 1, "weights", small / "filling", codes=[1])

    failed = f"GitFailed: {scripts.clone}/.git: an object can't be written: "
    assert any(failed in one and "No space left on device" in one for one in scripts.said.splitlines())
    require_whole(clone("reader"), git)
    (small / "filling").unlink()
    require_next_run_finishes(scripts, clone, git, STORY, [("crashed", 2), ("finished", 2)])
