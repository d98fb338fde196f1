"""A host that is reached by ssh: git's own transport, with a script where ssh would be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_SSH = """\
#!/bin/sh
for command; do :; done
cd "{top}" || exit 255
echo "$command" >> asked
if [ -e denied ]; then echo 'git@git.acme.example: Permission denied (publickey).' >&2; exit 255; fi
case "$command" in
git-receive-pack*) if [ -e read-only ]; then echo 'ERROR: this key may only read.' >&2; exit 1; fi ;;
esac
eval "$command"
"""


@dataclass(frozen=True)
class Host:
    """Where bare repositories are.

    Attributes:
        top: its directory.
        name: how a URL names it.
    """

    top: Path
    name: str = "git@git.acme.example"

    @classmethod
    def made(cls, top: Path) -> Host:
        """Make one; `ssh` in it is to be given to git as its ssh."""
        top.mkdir()
        script = top / "ssh"
        script.write_text(_SSH.format(top=top))
        script.chmod(0o755)
        return cls(top)

    def url(self, repository: str) -> str:
        return f"{self.name}:{repository}"

    def deny(self) -> None:
        """Let nobody in any more."""
        (self.top / "denied").touch()

    def grant(self) -> None:
        (self.top / "denied").unlink()

    def only_read(self) -> None:
        (self.top / "read-only").touch()

    @property
    def asked(self) -> list[str]:
        """What was asked for, in order."""
        asked = self.top / "asked"
        return asked.read_text().splitlines() if asked.exists() else []
