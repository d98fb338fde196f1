"""No letter is there that nobody sees."""

from hypothesis import given
from hypothesis import strategies as st

from git_registry.wording.letters import seen


@given(st.text())
def test_what_is_left_shows(text):
    assert seen(text).isprintable()
    assert seen(seen(text)) == seen(text)
    assert seen(text, apart=text) == text


def test_a_letter_that_turns_the_text_is_told():
    assert seen("ana\u202e\u2800") == "ana\\u202e\\u2800"
