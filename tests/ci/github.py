"""GitHub's runner, as far as our workflows need it: conditions, environments, and the shell of each step."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.ci.machine import Ended, Machine

PAYLOADS = Path(__file__).parent / "payloads"
CHECKOUT, SETUP = "actions/checkout@", "actions/setup-python@"
TEMP = "${{ runner.temp }}"


def payload(event, **words):
    """Return what GitHub tells of an event; a word such as HEAD is replaced by a commit."""
    text = (PAYLOADS / f"{event}.json").read_text()
    for word, value in words.items():
        text = text.replace(word, value)
    return json.loads(text)


def outputs(text):
    """Read a file as the runner reads `$GITHUB_OUTPUT`: each value ends where its mark stands alone."""
    found, lines = {}, iter(text.split("\n"))
    for line in filter(None, lines):
        name, _, mark = line.partition("<<")
        value = []
        while (line := next(lines)) != mark:
            value.append(line)
        found[name] = "\n".join(value)
    return found


@dataclass
class Run:
    """A workflow that an event started.

    Attributes:
        told: the event's payload.
        sha: the commit that is checked out, where one is.
        secrets: those of the environment `registry`; no job has them but one that names it.
    """

    machine: Machine
    workflow: dict
    event: str
    told: dict
    sha: str = ""
    secrets: dict = field(default_factory=dict)

    def job(self, name):
        """Run a job; None if its condition leaves it out."""
        job = self.workflow["jobs"][name]
        if not self.value(job.get("if", "true")):
            return None
        with tempfile.TemporaryDirectory(dir=self.machine.place) as place:
            work = Path(place) / "work"
            self.machine.leave(work)
            (work.parent / "temp").mkdir()
            return self._steps(job, work)

    def _steps(self, job, work):
        ended = Ended(code=0, said="")
        page, output = work.parent / "summary", work.parent / "output"
        page.unlink(missing_ok=True)
        output.unlink(missing_ok=True)
        for step in job["steps"]:
            condition = step.get("if", "success()")
            if not self.value(condition, failed=ended.code != 0):
                continue
            ended.ran.append(step.get("name", step.get("uses")))
            code, said = self._step(job, step, work)
            ended.said += said
            if code and not step.get("continue-on-error"):
                ended.code = ended.code or code
        ended.summary = page.read_text() if page.exists() else ""
        ended.outputs = outputs(output.read_text()) if output.exists() else {}
        return ended

    def _step(self, job, step, work):
        if "uses" in step:
            return self._action(step, work), ""
        given = {**self.workflow.get("env", {}), **job.get("env", {}), **step.get("env", {})}
        secrets = self.secrets if job.get("environment") == "registry" else {}
        env = {name: str(self.text(value, secrets)) for name, value in given.items()}
        (work.parent / "event.json").write_text(json.dumps(self.told))
        env |= {
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_EVENT_PATH": str(work.parent / "event.json"),
            "GITHUB_SERVER_URL": f"file://{self.machine.origin.parents[1]}",
            "GITHUB_REPOSITORY": "acme/registry",
            "GITHUB_STEP_SUMMARY": str(work.parent / "summary"),
            "GITHUB_OUTPUT": str(work.parent / "output"),
        }
        place = work.parent / "temp" if step.get("working-directory") == TEMP else work
        return self.machine.shell(step["run"], place, env)

    def _action(self, step, work):
        if step["uses"].startswith(CHECKOUT):
            assert step["with"] == {"fetch-depth": 0, "persist-credentials": False}
            shutil.rmtree(work)
            subprocess.run(["git", "clone", "--quiet", self.machine.origin, work], check=True)
            subprocess.run(["git", "-C", work, "switch", "--quiet", "-C", "main", self.sha], check=True)
        else:
            assert step["uses"].startswith(SETUP)
        return 0

    def text(self, text, secrets):
        """Return a text with its expressions worked out; a secret is nowhere but in an environment."""
        given = re.sub(r"\$\{\{ secrets\.(\w+) \}\}", lambda found: secrets.get(found[1], ""), str(text))
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(self.value(found[1])), given)

    def value(self, expression, *, failed=False):
        """Work out an expression: names of contexts, texts, comparisons, `&&`, `||` and `!`."""
        inner = re.fullmatch(r"\s*\$\{\{(.*)\}\}\s*", expression)
        source = inner[1] if inner else expression
        if not re.search(r"success\(\)|cancelled\(\)", source):
            source = f"success() && ({source})"
        tokens = re.findall(r"'[^']*'|[a-z_]+\(\)|[a-z_]+(?:\.[a-z_]+)*|&&|\|\||!=|==|!|[()]", source)
        assert "".join(tokens) == re.sub(r"\s(?=(?:[^']*'[^']*')*[^']*$)", "", source), source
        words = {"&&": "and", "||": "or", "!": "not ", "true": "True", "success()": str(not failed)}
        words["cancelled()"] = "False"
        parts = [words.get(token) or self._name(token) for token in tokens]
        return eval(" ".join(parts))

    def _name(self, token):
        if not re.match("[a-z]", token):
            return token
        context, *path = token.split(".")
        assert context == "github", token
        github = {
            "event_name": self.event,
            "repository": "acme/registry",
            "token": "the job's token",
            "sha": self.sha,
            "event": self.told,
        }
        value = github
        for part in path:
            value = value.get(part, "") if isinstance(value, dict) else ""
        return repr(value)
