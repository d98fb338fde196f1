"""Text is safe to print, wide enough to read, and plain in a pipe."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from git_registry.cli import markdown
from git_registry.cli.columns import aligned
from git_registry.cli.output import Output, clean, to_json

HOSTILE = "red\x1b[31m bell\x07 c1\x9b bidi\u202e hidden\u2066 bom\ufeff del\x7f nul\x00"


def test_no_control_character_is_printed(capsys):
    output = Output()
    output.line(HOSTILE)
    output.table(["A"], [[HOSTILE]])
    output.fields([("label", HOSTILE)])
    output.note(HOSTILE)
    printed = "".join(capsys.readouterr())
    assert clean(printed) == printed
    assert r"red\x1b[31m bell\x07 c1\x9b bidi\u202e hidden\u2066 bom\ufeff del\x7f nul\x00" in printed


@pytest.mark.parametrize("letter", "\u034f\u115f\u1160\u3164\uffa0\u2800\xad\u200b\u200d\U000e0041")
def test_a_letter_that_shows_as_nothing_is_told_as_in_a_comment(letter):
    told = letter.encode("unicode_escape").decode()

    assert clean(f"user:ana{letter}") == f"user:ana{told}"
    assert markdown.plain(f"user:ana{letter}") == f"user:ana\\{told}"


def test_what_people_write_is_left_as_it_is():
    for text in ("naïve ☂ 漢字\u3000かな", "5\xa0%", "two\n\tlines", "🦊"):
        assert clean(text) == text


def test_a_description_cannot_break_a_row(churn):
    churn("annotate", "model/churn:v1", "--description", "one\ttwo\nthree")
    assert churn("list", "model/churn").splitlines()[0].endswith("\tone two three")


def test_an_escape_in_a_document_does_not_reach_the_reader(churn, git):
    collection = churn.directory / "model/churn/collection.yaml"
    collection.write_text('format: 1\ntype: model\nlater: "\\u001b]0;gotcha\\u0007\\u202e"\n')
    git(churn.directory, "commit", "-qam", "By hand")
    for words in (["show", "model/churn"], ["list", "model"], ["show", "model/churn", "--json"]):
        assert clean(churn(*words)) == churn(*words)


def test_json_holds_what_text_may_not_show():
    text = to_json({"a": HOSTILE, "b": "\udcff", "c": "naïve ☂"})
    assert clean(text) == text
    assert json.loads(text) == {"a": HOSTILE, "b": "\udcff", "c": "naïve ☂"}


def test_json_wherever_it_stands(churn):
    assert churn("--json", "list") == churn("list", "--json") == churn("--json", "list", "--json")


def test_columns_give_way_at_the_end(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    rows = aligned([["A", "NAME", "TEXT"], ["漢字", "x", "a long description of it"], ["b", "é", "short"]])
    assert rows == ["A     NAME  TEXT", "漢字  x     a long descriptio…", "b     é     short"]


def on_a_terminal(directory, *words, **environ):
    """Run a command with its output on a real terminal, and return what arrived there."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "git_registry.cli", *words],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **environ},
    )
    os.close(theirs)
    arrived = b""
    while True:
        try:
            chunk = os.read(ours, 1 << 16)
        except OSError:  # Linux says EIO when the other end is closed
            break
        if not chunk:
            break
        arrived += chunk
    os.close(ours)
    assert child.wait() == 0
    return arrived.decode()


@pytest.fixture
def real(shell):
    """An organization whose store is a directory, for real processes."""
    shell("init", "acme")
    shell.directory /= "acme"
    shell.write("../model.bin", "x" * 1000)
    shell("link", "../model.bin", "model/churn", "--alias", "staging")
    return shell


def test_a_terminal_gets_a_header_and_colour(real):
    assert "\x1b[1mREGISTRY" in on_a_terminal(real.directory, "list")
    assert "\x1b" not in on_a_terminal(real.directory, "list", NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(real.directory, "list", TERM="dumb")
    assert "REGISTRY" not in real("list")


def test_a_bar_only_on_a_terminal(real):
    assert "Downloading 1 file" in on_a_terminal(real.directory, "download", "model/churn:staging", "there")
    real("download", "model/churn:staging", "here")
    assert real.err == ""
