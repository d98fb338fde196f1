"""GitLab's runner, as far as our pipeline needs it: rules, variables, and a job's lines in one shell."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.ci.machine import Ended, Machine


@dataclass
class Pipeline:
    """A pipeline that something started.

    Attributes:
        variables: those that GitLab predefines, and the project's.
    """

    machine: Machine
    document: dict
    variables: dict[str, str]

    def job(self, name):
        """Run a job; None if no rule of its lets it in."""
        job = self._whole(name)
        if not any(self.holds(rule["if"]) for rule in job["rules"]):
            return None
        with tempfile.TemporaryDirectory(dir=self.machine.place) as work:
            place = Path(work) / "registry"
            if job["variables"].get("GIT_STRATEGY") == "none":
                self.machine.leave(place)
            else:
                assert job["variables"]["GIT_DEPTH"] == "0"
                self._checked_out(place)
            lines = [*job["before_script"], *job["script"]]
            code, said = self.machine.shell("\n".join(lines), place, {**job["variables"], **self.variables})
            ended = Ended(code=code, said=said)
            for kind, report in job.get("artifacts", {}).get("reports", {}).items():
                assert kind == "dotenv"
                ended.summary = (place / report).read_text() if (place / report).exists() else ""
            return ended

    def _whole(self, name):
        job = self.document[name]
        above = self.document[job["extends"]]
        return {**above, **job, "variables": {**above["variables"], **job.get("variables", {})}}

    def _checked_out(self, place):
        """A runner fetches the one commit and its history, and detaches HEAD there; no branch is made."""
        subprocess.run(["git", "init", "--quiet", place], check=True)
        git = ["git", "-C", place]
        subprocess.run([*git, "remote", "add", "origin", self.variables["CI_REPOSITORY_URL"]], check=True)
        sha = self.variables["CI_COMMIT_SHA"]
        subprocess.run([*git, "fetch", "--quiet", "origin", f"+{sha}:refs/remotes/origin/main"], check=True)
        subprocess.run([*git, "checkout", "--quiet", "--detach", sha], check=True)
        shutil.rmtree(place / ".git" / "hooks", ignore_errors=True)

    def holds(self, rule):
        """Whether a rule holds: comparisons of variables and texts, joined by `&&`."""
        return all(self._same(*one.split(" == ")) for one in rule.split(" && "))

    def _same(self, left, right):
        return self._value(left) == self._value(right)

    def _value(self, word):
        text = re.fullmatch('"([^"]*)"', word)
        return text[1] if text else self.variables.get(word.removeprefix("$"))
