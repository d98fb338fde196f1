"""Dates on a command line."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import UsageError
from git_registry.model.dates import first_moment, last_moment, parse_date, timestamp, typed


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01+01:00", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026-03-01 14:30", datetime(2026, 3, 1, 14, 30, tzinfo=UTC)),
        ("2026-03-01T14:30:05Z", datetime(2026, 3, 1, 14, 30, 5, tzinfo=UTC)),
        ("2026-03-01 14:30:05-05:30", datetime(2026, 3, 1, 20, 0, 5, tzinfo=UTC)),
        ("2026-03-01 14:30:05.5", datetime(2026, 3, 1, 14, 30, 5, 500_000, tzinfo=UTC)),
        ("2026-03-01T14:30:05.123Z", datetime(2026, 3, 1, 14, 30, 5, 123_000, tzinfo=UTC)),
        ("2028-02-29", datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_date_is_a_moment(text, moment):
    assert parse_date(text) == first_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2026", "2026-03", "20260301", "01.03.2026", "2026-3-1", " 2026-03-01"),
        *("2026-13-01", "2026-02-29", "2026-03-01 24:00", "2026-03-01 14", "2026-03-01 14:30:60"),
        *(
            "2026-03-01 14:30 UTC",
            "2026-03-01 14:30:05.",
            "2026-03-01 14:30:05.1234",
            "2026-03-01 14:30.5",
            "2026-03-01+99:00",
            "2026-03-01\n",
            "٢٠٢٦-03-01",
        ),
        *("0001-01-01+01:00", "deadbeef", "main", "v1.0"),
    ],
)
def test_anything_else_is_none(text):
    assert parse_date(text) is None
    for moment in (first_moment, last_moment):
        with pytest.raises(UsageError, match="expected a date") as caught:
            moment(text)
        assert "YYYY-MM-DD" in caught.value.hint


@given(st.integers(0, 1 << 32), st.integers(-23 * 60, 23 * 60))
def test_what_python_writes_is_read(seconds, minutes):
    at = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    assert parse_date(at.isoformat()) == at
    assert parse_date(at.isoformat(" ", "minutes")) == at.replace(second=0)


def test_a_day_ends_with_its_last_second_and_a_time_at_once():
    assert last_moment("2026-03-01") == datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    assert last_moment("2026-03-01+01:00") == datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC)
    assert last_moment("2026-03-01 12:00") == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_last_day_there_is_has_an_end_too():
    assert last_moment("9999-12-31").second == 59


MOMENTS = st.datetimes(timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)


@given(MOMENTS, MOMENTS)
def test_what_is_written_is_read_again_and_sorts_as_text(one, other):
    assert parse_date(timestamp(one)) == one
    assert parse_date(typed(one)) == one.replace(microsecond=0)
    assert (timestamp(one) < timestamp(other)) == (one < other)


def test_documents_have_milliseconds_and_people_seconds_of_utc():
    at = datetime(2026, 1, 1, 13, 0, 0, 123_999, tzinfo=timezone(timedelta(hours=1)))
    assert timestamp(at) == "2026-01-01T12:00:00.123Z"
    assert typed(at) == "2026-01-01 12:00:00Z"
