"""Patterns that are found in known time mean what they mean in `re`."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from git_registry.errors import UsageError
from git_registry.model.filters.automaton import automaton, readable
from git_registry.model.filters.pattern import LONGEST, joined, split, tokens, without_prefix

ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "A",
        ".",
        "_",
        "-",
        r"\n",
        r"\d",
        r"\W",
        r"\s",
        "[ab]",
        "[^a]",
        "[]a]",
        "[a-c_]",
        r"[\]\\b]",
        "^",
        "$",
        r"\A",
        r"\Z",
        r"\b",
        r"\B",
        "é",
        r"\x61",
        r"\.",
        "{",
        "}",
        "ß",
        r"\u0061",
        "\n",
    ]
)
COUNTS = st.sampled_from(["*", "+", "?", "{2}", "{,2}", "{1,}", "{0}", "{1,3}", "*?", "+?", "??", "{1,2}?"])
GROUPS = st.sampled_from(["(", "(?:", "(?P<n>"])


def larger(inner):
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        st.builds(lambda opening, body, count: f"{opening}{body}){count}", GROUPS, inner, COUNTS),
    )


PATTERNS = st.recursive(ATOMS, larger, max_leaves=8)
TEXTS = st.text(st.sampled_from("aabbcA1_- .\né漢ßẞ]\\{}"), max_size=12)
OPTIONS = st.sampled_from(["", "i", "m", "s", "im", "ims"])


@given(PATTERNS, OPTIONS, TEXTS)
@example("a$", "", "a\n")
@example("^b", "m", "a\nb")
@example("a$", "m", "a\nb\n")
@example("(a*)*b", "", "aac")
@example(r"a\Z", "m", "a\n")
@example("", "", "")
@example("(|a)+b", "", "ab")
def test_a_pattern_is_found_where_re_finds_it(body, options, text):
    pattern = joined(options, body)
    try:
        expected = re.search(pattern, text) is not None
    except re.error:
        with pytest.raises(UsageError):
            automaton(pattern)
        return

    if text or r"\B" not in body:  # Python changed its mind there, see below
        assert automaton(pattern).search(text) == expected


@pytest.mark.parametrize("pattern", [r"\b", r"\B", r"a*\B"])
def test_an_empty_text_has_no_place_that_is_or_is_not_at_a_word(pattern):
    """As before Python 3.14, whichever Python it is."""
    assert not automaton(pattern).search("")


@given(st.text(st.sampled_from("ab()[]{}*+?|^$.\\1,-&~im:<>P=!#d\n"), max_size=15))
def test_no_pattern_ends_in_anything_but_a_usage_error(pattern):
    try:
        found = automaton(pattern).search("abba 1")
    except UsageError:
        return
    assert found == (re.search(pattern, "abba 1") is not None)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 20_000 + "!"),
        ("(a|a)*b", "a" * 20_000),
        (".*.*.*.*x", "y" * 20_000),
        ("(a|b)*a(a|b){12}!", "ab" * 5_000),
        (r"^(\w+\s?)*$", "word " * 4_000 + "!"),
    ],
)
def test_no_pattern_takes_longer_than_the_text_is_long(pattern, text):
    began = time.process_time()

    assert not automaton(pattern).search(text)
    assert time.process_time() - began < 20  # `re` would take years


REFUSED = {
    r"(a)\1": "backreference",
    "(?P<n>a)(?P=n)": "not supported",
    "(?=a)": "not supported",
    "(?<!a)b": "not supported",
    "(?>a)": "not supported",
    "a(?i)b": "not supported",
    "(?i:a)": "not supported",
    "(?x)a b": "not supported",
    "(?#why)a": "not supported",
    "a++": "possessive",
    "[[:alpha:]]": "class in a class",
    "[a--b]": "class in a class",
    "[[": "does not end",
    "[]--": "does not end",
    "[^]": "does not end",
    "(a": "no regular expression",
    "*a": "no regular expression",
    "[z-a]": "no regular expression",
    "a{2,1}": "no regular expression",
    "a{99999999999999}": "no regular expression",
    "a{1000}": "repeats too much",
    "((a{30}){30}){30}": "repeats too much",
    "(" * 50 + ")" * 50: "groups in each other",
    "a" * (LONGEST + 1): f"at most {LONGEST} characters",
}


@pytest.mark.parametrize("pattern", REFUSED)
def test_refused(pattern):
    with pytest.raises(UsageError, match=REFUSED[pattern]):
        readable(pattern)


def test_options_are_joined():
    assert readable("(?s)(?i)(?i)a") == "(?is)a"
    assert split("(?mi)a(b)") == ("im", "a(b)")


@given(PATTERNS)
def test_the_parts_are_the_whole(pattern):
    try:
        parts = tokens(pattern)
    except UsageError:
        return
    assert "".join(parts) == pattern


def test_what_is_remembered_is_bounded():
    pattern = automaton("(a|b)*a(a|b){9}x")
    letters = [chr(0x4E00 + number) for number in range(20_000)]

    assert not pattern.search("".join(letters) + "ab" * 100)
    assert pattern.search("".join(letters) + "a" * 10 + "x")
    assert sum(map(len, pattern._states.values())) <= 10_000


def test_what_is_remembered_is_bounded_however_many_places_a_state_has():
    pattern = automaton("(a|b)*a(a|b){90}x")
    digits = f"{3**2_000:b}"  # no two windows of it are alike

    assert not pattern.search(digits.translate({ord("0"): "a", ord("1"): "b"}))
    assert sum(len(state.places) for state in pattern._states.values()) <= 100_000


@pytest.mark.parametrize(
    ("pattern", "without"),
    [
        ("wandb-registry-model", "^model"),
        ("^wandb-registry-model$", "^model$"),
        (r"^wandb\-registry\-mod", "^mod"),
        ("(?i)^wandb-registry-mod", "(?i)^mod"),
        ("wandb-registry-a|b", "^a|b"),
        ("wandb-registry-*a", "wandb-registry-*a"),
        ("registry", "registry"),
        ("^model", "^model"),
        ("x-wandb-registry-", "x-wandb-registry-"),
    ],
)
def test_a_prefix_is_left_out(pattern, without):
    assert without_prefix(pattern, "wandb-registry-") == without
