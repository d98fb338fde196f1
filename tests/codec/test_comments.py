"""Which comments a rewrite would drop."""

import pytest

from git_registry.codec import Comment, comments, strict
from git_registry.errors import InvalidDocument

TEXT = b"""# who may
format: 1   # always
title: a#b
description: "not # one"
tags: [a, 'b # no', c]  # three
notes: |  # as written
  # content
  more # content

  # still content
  # outside? no
# after
plain: it's # here
folded: >-
  x # y
empty:   # nothing
# last"""

EXPECTED = (
    Comment(1, "# who may"),
    Comment(2, "# always"),
    Comment(5, "# three"),
    Comment(6, "# as written"),
    Comment(12, "# after"),
    Comment(13, "# here"),
    Comment(16, "# nothing"),
    Comment(17, "# last"),
)


def test_comments_are_what_no_scalar_holds():
    assert comments(TEXT) == EXPECTED


def test_the_pure_python_parser_finds_the_same(monkeypatch):
    from yaml import BaseLoader

    monkeypatch.setattr(strict, "_parser", BaseLoader)

    assert comments(TEXT) == EXPECTED


def test_comments_survive_windows_line_ends():
    assert comments(b"a: 1 # x\r\n# y\r\n") == (Comment(1, "# x"), Comment(2, "# y"))


@pytest.mark.parametrize("text", [b"", b"a: 1\n", b'a: "# no"\n', "a: é#é\n".encode()])
def test_where_there_are_none(text):
    assert comments(text) == ()


def test_a_file_that_is_not_yaml_has_no_comments_to_tell():
    with pytest.raises(InvalidDocument, match="line 2"):
        comments(b"a: [ # x\nb: ]: c")
