"""A client that speaks the protocol by hand, and lies about what the server has (gitprotocol-pack(5))."""

from __future__ import annotations

import subprocess

from tests.flows.forging import NOTHING, Forge
from tests.flows.servers.server import Done


def push(at: Forge, user: str, *updates: tuple[str, str, str]) -> Done:
    """Send updates, each the id that the ref is claimed to hold, the one it shall hold, and its name."""
    told = at.server.environment(user)
    child = subprocess.Popen(
        [told["GIT_CONFIG_VALUE_0"], str(at.server.repository)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    while size := int(child.stdout.read(4), 16):
        child.stdout.read(size - 4)
    for number, (old, new, ref) in enumerate(updates):
        able = "" if number else "\0report-status side-band-64k delete-refs"
        child.stdin.write(_line(f"{old} {new} {ref}{able}"))
    child.stdin.write(b"0000")
    tips = "".join(f"{new}\n" for _, new, _ in updates if new != NOTHING)
    if tips:
        asked = ["git", "pack-objects", "--revs", "--stdout", "-q"]
        packed = subprocess.run(asked, cwd=at.path, input=tips.encode(), capture_output=True, check=True)
        child.stdin.write(packed.stdout)
    child.stdin.close()
    said = child.stdout.read()
    child.stdout.close()
    return Done(child.wait(), said.decode("utf-8", "replace"))


def _line(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()
