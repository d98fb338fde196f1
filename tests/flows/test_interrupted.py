"""Killed in the middle of long work, and started again: nothing that was done is done twice."""

import os
import signal
import subprocess

from .keyboard import COMMAND, organization

JUDGE = """\
#!/bin/sh
echo "$GIT_REGISTRY_VERSION" >> "{asked}"
test "$GIT_REGISTRY_VERSION" = "$(cat "{hang}")" && echo here > "{pipe}" && exec cat "{never}"
test $(cat "$1") -lt 5
"""


def filled(directory):
    """Nine versions, each a file with its number in it."""
    ada = organization(directory, "--store", f"file://{directory}/store")
    for number in range(9):
        ada.write("../model.bin", str(number))
        ada("link", "../model.bin", "model/churn")
    return ada


def test_a_bisection_goes_on(tmp_path):
    ada = filled(tmp_path)
    names = {name: tmp_path / name for name in ("asked", "hang", "pipe", "never")}
    os.mkfifo(names["pipe"])
    os.mkfifo(names["never"])
    names["hang"].write_text("model/churn:v6")
    text = JUDGE.format(**names).replace('cat "$1"', 'cat "$1/model.bin"')
    ada.write("../judge.sh", text).chmod(0o755)
    words = ["bisect", "model/churn", "--good", "v0", "--bad", "v8", "--", str(tmp_path / "judge.sh")]
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=ada.path, stdin=subprocess.DEVNULL, start_new_session=True
    )
    with names["pipe"].open() as told:
        assert told.read() == "here\n"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert names["asked"].read_text().split() == ["model/churn:v4", "model/churn:v6"]
    names["hang"].write_text("")

    said = ada(*words)

    assert "going on where a bisection stopped after 1 version" in ada.said
    assert "The first bad version is model/churn:v5" in said
    assert names["asked"].read_text().split()[2:] == ["model/churn:v6", "model/churn:v5"]
    assert not list((ada.path / ".git/registry/bisect").rglob("*.json"))


def test_a_verification_goes_on(tmp_path):
    ada = organization(tmp_path, "--store", f"file://{tmp_path}/store")
    with (ada.path / "organization.yaml").open("a") as document:
        document.write(f'references: ["file://{tmp_path}/raw"]\n')
    ada.commit("Allow references")
    raw = ada.write("../raw/data", "").resolve()
    os.truncate(raw, 1 << 30)  # it has no blocks, and takes a while to read all the same
    ada("link", f"file://{raw}", "model/churn", "--reference")
    for number in range(3):
        ada.write("../model.bin", str(number))
        ada("link", "../model.bin", "model/churn")
    process = subprocess.Popen([*COMMAND, "verify", "model/churn", "--jobs", "1"], cwd=ada.path)
    memory = ada.path / ".git/registry/verify/model/churn/_verified.jsonl"
    while not memory.exists():
        assert process.poll() is None
        os.sched_yield()
    process.kill()
    process.wait()

    done = ada.json("verify", "model/churn")

    assert (done["ok"], done["checked"]) == (True, 4)
    assert 1 <= done["resumed"] <= 3
    assert "going on where a run stopped" in ada.said
    assert not memory.exists()
