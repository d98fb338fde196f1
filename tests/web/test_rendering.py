"""What templates write of values."""

from __future__ import annotations

import pytest

from git_registry.web.rendering import as_data, ticked, when


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("merge it: `git registry merge x`", "merge it: <code>git registry merge x</code>"),
        ("one ` alone", "one ` alone"),
        ("`<b>` and <i>", "<code>&lt;b&gt;</code> and &lt;i&gt;"),
        ("turned \u202e around", "turned \\u202e around"),
    ],
)
def test_a_command_in_a_sentence_looks_like_one(text, html):
    assert str(ticked(text)) == html


def test_data_ends_no_script():
    assert "<" not in as_data({"name": "</script><script>alert(1)</script>"})


@pytest.mark.parametrize("text", ["yesterday", "<b>", ""])
def test_a_time_that_is_none_is_shown_as_it_is_written(text):
    assert str(when(text)) == text.replace("<", "&lt;").replace(">", "&gt;")
