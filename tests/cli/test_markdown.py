"""What others wrote is shown in a comment, and does nothing there."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.cli.markdown import plain

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
    "an issue by a forge's letters": "fixes GH-1, gl-23",
    "a heading": "# Approved",
    "a list": "- allowed",
    "lines": "one\ntwo\r\n\n# three",
    "emphasis": "*all* __is__ ~~well~~",
    "a formula": "$x$",
    "a turned direction": "\u202etxt.exe",
    "a terminal's command": "\x1b[2J",
    "an entity": "&lt;b&gt;",
    "an escape": "\\|",
    "a numbered list": "1. one",
    "a quotation": "> one",
    "an epic, a label, a milestone": '&12 ~"bad" %"1.0" ^alert',
}


ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
ACTIVE = re.compile(
    r"[<|`*\[\]~\\$]|&[#\w]|[@#!]\w|\b_|_\b|www\.|://|^[-+=>/#](?!-)|^\d[.)]|\bG[HL]-\d", re.IGNORECASE
)


def read(shown):
    """Return what a reader sees."""
    parts = re.split(r"(\\[!-/:-@\[-`{-~])", shown)
    return "".join(part[1:] if ESCAPED.fullmatch(part) else html.unescape(part) for part in parts)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_it_does_nothing(text):
    shown = plain(text)

    bare = ESCAPED.sub("-", shown).replace("&#8203;", "-").replace("&lt;", "-")
    assert not ACTIVE.search(f".{bare[1:]}" if shown[0] in "\\&" else bare)
    assert shown.isprintable()
    assert not re.search(r"[@#!]\w|www\.|://|(?i:G[HL]-\d)", read(shown)), (
        "forges look for these in what is shown"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 approval by admin of model, not its author", "1 approval by admin of model, not its author"),
        ('metrics are {"auc": {"$gte": 0.9}}', r'metrics are {"auc": {"\$gte": 0.9}}'),
        ("viewer (by default_role)", "viewer (by default_role)"),
        ("it's 50% & 'x' > 2!", "it's 50% & 'x' > 2!"),
        ("model/churn@6531c7b8", "model/churn@&#8203;6531c7b8"),
        ("1. one", r"1\. one"),
        ("_all_", r"\_all\_"),
    ],
)
def test_what_does_nothing_is_left_as_it_is(text, shown):
    assert plain(text) == shown


BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


@pytest.mark.parametrize("letter", BLANK)
def test_a_letter_that_nobody_sees_is_told(letter):
    assert letter.isprintable()
    assert read(plain(f"{letter}all")) == f"{letter.encode('unicode_escape').decode()}all"


@given(st.text(max_size=200))
def test_it_is_one_line_that_reads_as_what_was_written(text):
    shown = plain(text)

    assert "\n" not in shown
    assert shown.isprintable()
    seen = read(shown).replace("\u200b", "")
    if text.isprintable() and not set(text) & set(BLANK):
        assert seen == text
    assert not any(
        unicodedata.bidirectional(letter) in ("RLO", "LRO", "RLE", "LRE", "RLI") for letter in seen
    )


def test_a_long_text_ends():
    assert len(plain("x" * 10_000)) == 300
    assert len(plain("x" * 10_000, 1_000)) == 1_000
