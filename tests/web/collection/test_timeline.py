"""Dates on an axis: few enough to read, and where they belong."""

from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.sdk.desk import NOON
from tests.sdk.recorded import alias_at, collection_at, manifest, record, version_at

from git_registry.web.collection.timeline import (
    LEFT,
    MOST_TERMS,
    NARROWEST,
    WIDTH,
    Axis,
    spread,
    ticks,
)

moments = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=20_000)))
def test_a_few_dates_stand_on_the_axis(since, span):
    found = list(ticks(Axis(since, since + span)))

    assert len(found) <= 7
    assert all(LEFT < one.x < WIDTH for one in found)
    assert len({one.text for one in found}) == len(found)


@given(*2 * [st.datetimes(timezones=st.just(UTC))])
def test_whatever_dates_somebody_chose_have_an_axis(one, other):
    assume(abs(one - other) >= timedelta(minutes=1))

    assert len(list(ticks(Axis(min(one, other), max(one, other))))) <= 7


def test_a_step_on_the_last_day_of_the_calendar_is_shown(browse):
    browser, one, place = browse(), manifest("one"), "model/late"
    days = (datetime.max.replace(tzinfo=UTC) - NOON).days
    record(
        browser.desk, "main", collection_at(place), version_at(place, one), alias_at(place, "staging", one)
    )
    record(browser.desk, "main", alias_at(place, "production", one), later=days)

    assert "9999-12-31" in browser.look(f"{place}/").words


def test_days_are_named_by_their_dates():
    since = datetime(2026, 3, 1, 18, tzinfo=UTC)

    found = list(ticks(Axis(since, since + timedelta(days=4))))
    assert [one.text for one in found] == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert round(found[0].x) == round(LEFT + (WIDTH - LEFT) * 6 / 96)


def test_what_lies_outside_stands_at_an_end():
    since = datetime(2026, 3, 1, tzinfo=UTC)
    axis = Axis(since, since + timedelta(days=1))

    assert axis.x(since - timedelta(days=9)) == LEFT
    assert axis.x(since + timedelta(days=9)) == WIDTH


ends = st.floats(LEFT, WIDTH)


@given(st.lists(st.tuples(ends, ends).map(lambda one: (min(one), max(one))), max_size=MOST_TERMS).map(sorted))
def test_bars_are_wide_enough_to_be_seen_and_none_lies_under_another(places):
    found = spread(places)

    edges = [edge for place in found for edge in place]
    assert edges == sorted(edges)
    assert all(LEFT - 1e-6 <= edge <= WIDTH for edge in edges)
    assert all(end - start >= NARROWEST - 1e-6 for start, end in found)


def test_bars_that_have_room_stay_where_they_belong():
    assert spread([(200, 300), (300, 301), (500, WIDTH)]) == [(200, 300), (300, 306), (500, WIDTH)]


def test_an_axis_ends_now_and_says_so_unless_one_looks_back(browse):
    browser, one, other, place = browse(), manifest("one"), manifest("other"), "model/now"
    record(browser.desk, "main", collection_at(place), *(version_at(place, each) for each in (one, other)))
    record(browser.desk, "main", alias_at(place, "staging", one), later=-9)
    record(browser.desk, "main", alias_at(place, "staging", other), later=-1)
    with browser.desk.open() as catalog:
        tip = catalog.tip()

    page, back = browser.look(f"{place}/"), browser.look(f"{place}/", at=tip)
    last = page.named("rect")[-1]
    assert float(last["x"]) + float(last["width"]) == WIDTH
    assert [is_now(one) for one in (page, back)] == [True, False]


def is_now(page):
    return any(one.get("text-anchor") == "end" for one in page.named("text"))
