"""How long something took, as people say it."""

import pytest

from git_registry.wording.durations import duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.6, "1s"),
        (59.4, "59s"),
        (59.6, "1m 00s"),
        (243, "4m 03s"),
        (3_599.5, "1h 00m"),
        (5_160, "1h 26m"),
    ],
)
def test_a_duration_has_two_units_at_most(seconds, text):
    assert duration(seconds) == text
