"""What others wrote is shown in a comment, and does nothing there."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.cli.markdown import plain, table

HOSTILE = {
    "a mention": "ask @ana to approve",
    "another cell": "v1 | yes | by user:ana",
    "a comment": "<!-- hidden -->",
    "html": "<img src=x onerror=alert(1)>",
    "code": "`git push`",
    "a link": "[here](https://evil.example)",
    "a bare link": "https://evil.example and www.evil.example",
    "an image": "![](https://evil.example/x.png)",
    "an issue": "#1 and !2",
    "a heading": "# Approved",
    "a list": "- allowed",
    "lines": "one\ntwo\r\n\n# three",
    "emphasis": "*all* __is__ ~~well~~",
    "a formula": "$x$",
    "a turned direction": "\u202etxt.exe",
    "a terminal's command": "\x1b[2J",
    "an entity": "&lt;b&gt;",
    "an escape": "\\|",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_it_does_nothing(text):
    shown = plain(text)

    bare = shown
    for entity in {f"&#{number};" for number in (*range(128), 8203)}:
        bare = bare.replace(entity, "")
    assert not set(bare) & set("&<>|`*_[]#@!~\\$")
    assert "www." not in bare
    assert "://" not in bare
    assert shown.isprintable()
    assert not html.unescape(shown).startswith("@a")


@given(st.text(max_size=200))
def test_it_is_one_line_that_reads_as_what_was_written(text):
    shown = plain(text)

    assert "\n" not in shown
    assert shown.isprintable()
    read = html.unescape(shown).replace("\u200b", "")
    if text.isprintable():
        assert read == text
    assert not any(
        unicodedata.bidirectional(letter) in ("RLO", "LRO", "RLE", "LRE", "RLI") for letter in read
    )


def test_a_cell_stays_in_its_cell():
    rows = list(table(("One", "Two"), [["a | b", "c\nd"]], most=1_000))

    assert [row.count("|") for row in rows] == [3, 3, 3]
    assert len("\n".join(rows).splitlines()) == 3


def test_a_long_text_ends():
    assert len(plain("x" * 10_000)) == 300


def test_a_table_ends_where_there_is_no_room_for_what_is_written():
    rows = [["_" * 299]] * 100

    every = list(table(("Name",), rows, most=200_000))
    some = list(table(("Name",), rows, most=15_000))

    assert len(every) == 102
    assert sum(len(line.encode()) + 1 for line in some[2:-2]) <= 15_000
    assert some[-1] == f"and {100 - (len(some) - 4)} more rows"
    assert list(table(("Name",), [["é" * 10]], most=20))[-1] == "and 1 more row"
