"""`bisect`: a command judges versions, its exit code is the answer."""

from __future__ import annotations

import json

import pytest

from .once import once

JUDGE = """\
#!/bin/sh
echo "judging $GIT_REGISTRY_VERSION"
test "$1" = "$GIT_REGISTRY_PATH" || exit 200
exit $(cat "$1/model.bin")
"""


@once
def nine(acme):
    """Versions whose content is what judging them ends with: v0 to v4 are good, v5 to v8 bad."""
    for number in range(9):
        code = 0 if number < 5 else 1
        acme.write("../model.bin", f"{code}{' ' * number}")
        acme("link", "../model.bin", "model/churn", "--metric", f"auc=0.9{number}")
    acme.write("judge.sh", JUDGE).chmod(0o755)
    return acme


def bisect(shell, *command, code=0, good="v0", bad="v8", json=False):
    options = ["--json"] if json else []
    return shell("bisect", "model/churn", "--good", good, "--bad", bad, *options, "--", *command, code=code)


def test_the_first_bad_version(nine):
    said = bisect(nine, "./judge.sh")

    assert said == (
        "model/churn:v4 is good\n"
        "model/churn:v6 is bad\n"
        "model/churn:v5 is bad\n"
        "The first bad version is model/churn:v5, linked by Ada Lovelace on 2026-01-01\n"
        "The last good one is model/churn:v4\n"
        "metrics.auc: 0.94 → 0.95 (+0.01)\n"
    )
    assert nine.err.endswith(
        "\nhint: `git registry compare model/churn:v4 model/churn:v5` shows what else differs\n"
    )
    assert "--verify-ends" not in nine.err


def test_a_first_one_next_to_the_good_end_is_doubted(nine):
    assert "The first bad version is model/churn:v1" in bisect(nine, "false")
    assert "hint: nothing was tried and found good; --verify-ends tries both ends first\n" in nine.err


def test_the_good_end_may_be_newer(nine):
    said = bisect(nine, "sh", "-c", "! ./judge.sh $0", good="v8", bad="v0")

    assert "The first that differs: the first good version is model/churn:v5" in said
    assert "The last bad one is model/churn:v4" in said


def test_as_json_what_the_command_prints_is_not_in_it(nine, golden):
    said = bisect(nine, "./judge.sh", json=True)

    golden("bisect.json", said)
    shape = json.loads(said)

    assert (shape["first"]["path"], shape["before"]["path"]) == ("model/churn:v5", "model/churn:v4")
    assert shape["answer"] == "bad"
    assert shape["suspects"] == ["model/churn:v5"]
    assert shape["linked"]["author"] == {"name": "Ada Lovelace", "email": "ada@example.org"}
    assert shape["metrics"]["auc"]["delta"] == pytest.approx(0.01)
    assert [(one["version"], one["answer"]) for one in shape["trials"]] == [
        ("model/churn:v4", "good"),
        ("model/churn:v5", "bad"),
        ("model/churn:v6", "bad"),
    ]
    assert shape["unlinked"] == 0


def test_the_commands_options_are_its_own(nine):
    nine.write("judge.sh", "#!/bin/sh\n[ $1 = --json ] && shift\n" + JUDGE.partition("\n")[2])

    assert "The first bad version is model/churn:v5" in bisect(nine, "./judge.sh", "--json")


@pytest.mark.parametrize("code", ["1", "2", "124"])
def test_codes_that_mean_bad(nine, code):
    assert "model/churn:v4 is bad" in bisect(nine, "sh", "-c", f"exit {code}")


def test_a_code_that_skips(nine):
    said = bisect(nine, "sh", "-c", "exit 125", code=1)

    assert said.count("is skipped") == 7
    assert "One of these is the first that is bad; those between were skipped: model/churn:v1, " in said
    assert nine.err.count("about") == 1
    assert "hint" not in nine.err
    assert json.loads(bisect(nine, "sh", "-c", "exit 125", code=1, json=True))["first"] is None


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("exit 126", "with exit code 126 (a program in it can't be run)"),
        ("exit 127", "with exit code 127 (a program in it was not found)"),
        ("exit 128", "with exit code 128"),
        ("kill -9 $$", "by signal 9"),
    ],
)
def test_what_stops(nine, how, said):
    error = bisect(nine, "sh", "-c", how, code=1)

    assert error == ""
    assert f"model/churn:v4: the command ended {said}, which stops the bisection" in nine.err


def test_a_command_that_is_not_there(nine):
    nine.write("plain.sh", JUDGE)
    nine.write("odd", "#!/nowhere/interpreter\n").chmod(0o755)

    assert bisect(nine, "./nothing", code=5) == ""
    assert "./nothing: there is no such command, or it may not be run" in nine.err
    assert bisect(nine, "./plain.sh", code=5) == ""
    assert bisect(nine, "./odd", code=5) == ""
    assert "./odd: it can't be run: no such file or directory" in nine.err


def test_an_interpreter_that_is_not_there_condemns_nothing(nine):
    nine.write("judge.sh", "#!/usr/bin/env no-such-interpreter\n").chmod(0o755)

    assert bisect(nine, "./judge.sh", code=1) == ""
    assert "model/churn:v4: the command ended with exit code 127" in nine.err


def test_without_a_command(nine):
    nine("bisect", "model/churn", "--good", "v0", "--bad", "v8", code=2)


def test_unlinked_ones_are_counted(nine):
    nine("unlink", "model/churn:v5")

    said = bisect(nine, "./judge.sh")

    assert "The first bad version is model/churn:v6" in said
    assert said.endswith("1 unlinked version in between left out\n")
