"""How long ago something was, as people say it."""

from datetime import UTC, datetime, timedelta

import pytest

from git_registry.wording.ages import age

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (86_399, "23 h"),
        (86_400, "1 d"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds, text):
    assert age(NOW, NOW - timedelta(seconds=seconds)) == text
