"""A machine that runs pipelines: a directory, the programs that such a machine has, and what hosts answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
INSTALLED = """#!/bin/sh
[ "$*" = "-I -m pip install --quiet $INSTALL" ] && [ "$INSTALL" = "$EXPECTED" ] && [ -z "$(ls -A)" ] && exit 0
echo "nobody expects python $* beside $(ls -A)" >&2
exit 1
"""
RECORDING = """#!/bin/sh
printf '%s\\n' "$*" >> "$ANSWERS/commands"
"""
COMMAND = """#!/bin/sh
printf '%s\\n' "$*" >> "$ANSWERS/commands"
exec {python} -m git_registry.cli "$@"
"""


@dataclass
class Ended:
    """How a job ended.

    Attributes:
        code: of the first step that failed; 0 if none did.
        ran: the names of its steps that ran.
        summary: what it wrote for a person to read, or for later jobs.
        outputs: what it told later steps, by name.
    """

    code: int
    said: str
    ran: list[str] = field(default_factory=list)
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass
class Machine:
    """A machine in a directory.

    Attributes:
        place: the directory.
        origin: where the repository lies, bare, that the host would serve.
    """

    place: Path
    origin: Path

    def __post_init__(self):
        (self.place / "bin").mkdir()
        (self.place / "tmp").mkdir()
        self.program("git-registry", COMMAND.format(python=sys.executable))
        self.program("gh", f'#!/bin/sh\nexec {sys.executable} -IS {HERE / "gh.py"} "$@"\n')
        self.program("curl", f'#!/bin/sh\nexec {sys.executable} -IS {HERE / "curl.py"} "$@"\n')
        self.program("python", INSTALLED)
        self.program("sleep", "#!/bin/sh\nexit 0\n")
        self.program("apt-get", "#!/bin/sh\nexit 0\n")
        self.answers({})

    def program(self, name, text):
        path = self.place / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def answers(self, known):
        """Say what the host answers, by method and address."""
        (self.place / "answers.json").write_text(json.dumps(known))

    def asked(self, method):
        """Return what was asked of the host by a method: addresses and bodies."""
        log = self.place / "asked.jsonl"
        asked = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [(address, body) for how, address, body in asked if how == method]

    def commands(self):
        """Return what `git registry` was told, and forget it."""
        log = self.place / "commands"
        said = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return said

    def leave(self, work):
        """Leave what a job that ran before may have: what Python would import, and what we would make."""
        for directory in ("pip", "registry.git", "request", ".git"):
            (work / directory).mkdir(parents=True)
            (work / directory / "__main__.py").write_text("raise SystemExit('stolen')\n")
            (work / directory / "config").write_text("[alias]\n\tregistry = !echo stolen\n")
        for name in ("pip.py", "pages", "authors", "approvals", "summary.md"):
            (work / name).write_text("import stolen\n")

    def shell(self, text, work, env):
        """Run a script as a runner does, and return how it ended and what it said."""
        script = self.place / "script.sh"
        script.write_text(text)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=work,
            env={**os.environ, **self.env(), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def env(self):
        return {
            "PATH": f"{self.place / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "ANSWERS": str(self.place),
            "EXPECTED": "git-registry==1.2.3",
            "TMPDIR": str(self.place / "tmp"),
        }
