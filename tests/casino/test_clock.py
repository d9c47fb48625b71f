from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.clock import CasinoTime, age_years, casino_day, day_start, earliest_day, is_zone


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(2008, 11, 22), date(2026, 11, 22), 18),
        (date(2008, 11, 23), date(2026, 11, 22), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
        (date(2027, 1, 1), date(2026, 11, 22), -1),
    ],
)
def test_a_year_of_age_is_completed_on_the_birthday(birth: date, on: date, years: int) -> None:
    assert age_years(birth, on) == years


@pytest.mark.parametrize(
    ("at", "zone", "day_begins", "day"),
    [
        (datetime(2026, 3, 10, 4, 59, 59, tzinfo=UTC), "Europe/Malta", time(6), date(2026, 3, 9)),
        (datetime(2026, 3, 10, 5, 0, tzinfo=UTC), "Europe/Malta", time(6), date(2026, 3, 10)),
        (datetime(2026, 7, 10, 4, 0, tzinfo=UTC), "Europe/Malta", time(6), date(2026, 7, 10)),
        (datetime(2026, 3, 10, 23, 30, tzinfo=UTC), "Asia/Tokyo", time(0), date(2026, 3, 11)),
        (datetime(2026, 3, 10, 0, 29, tzinfo=UTC), "UTC", time(0, 30), date(2026, 3, 9)),
    ],
)
def test_a_casino_day_begins_when_the_casino_says(at: datetime, zone: str, day_begins: time, day: date) -> None:
    assert casino_day(at, zone=zone, day_begins=day_begins) == day
    assert CasinoTime(at, zone, day_begins).day == day


def test_a_casino_day_starts_on_the_clocks_of_its_zone() -> None:
    winter = day_start(date(2026, 3, 10), zone="Europe/Malta", day_begins=time(6))
    summer = day_start(date(2026, 7, 10), zone="Europe/Malta", day_begins=time(6))
    assert (winter, summer) == (datetime(2026, 3, 10, 5, tzinfo=UTC), datetime(2026, 7, 10, 4, tzinfo=UTC))
    assert CasinoTime(winter, "Europe/Malta", time(6)).day == date(2026, 3, 10)


@pytest.mark.parametrize("name", ["UTC", "Europe/Malta", "America/Argentina/Buenos_Aires"])
def test_a_zone_has_a_name_that_is_known(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Maltta", "../etc/passwd", "/etc", "localtime", "+01:00", "\0"])
def test_another_name_is_no_zone(name: str) -> None:
    assert not is_zone(name)


CHANGING = ("Europe/Berlin", "America/St_Johns", "America/Sao_Paulo", "America/Havana", "Pacific/Apia", "Asia/Tokyo")


@given(
    st.datetimes(datetime(1975, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # given a zone here
    st.sampled_from(CHANGING),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_every_moment_lies_between_the_beginning_of_its_casino_day_and_the_next(
    at: datetime, zone: str, day_begins: time
) -> None:
    day = casino_day(at, zone=zone, day_begins=day_begins)
    following = day_start(day + timedelta(days=1), zone=zone, day_begins=day_begins)
    assert day_start(day, zone=zone, day_begins=day_begins) <= at < following


@pytest.mark.parametrize(
    ("at", "zone", "day_begins", "day"),
    [
        (datetime(2026, 3, 29, 1, 10, tzinfo=UTC), "Europe/Berlin", time(2, 30), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Berlin", time(2, 30), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), "Europe/Berlin", time(2, 30), date(2026, 10, 25)),
        (datetime(2009, 11, 1, 2, 45, tzinfo=UTC), "America/St_Johns", time(0), date(2009, 11, 1)),
        (datetime(9999, 12, 31, 12, tzinfo=UTC), "UTC", time(0), date.max),
    ],
)
def test_a_casino_day_begins_once_where_the_clocks_change(at: datetime, zone: str, day_begins: time, day: date) -> None:
    assert casino_day(at, zone=zone, day_begins=day_begins) == day


def test_the_earliest_day_is_that_of_the_clocks_furthest_behind() -> None:
    assert earliest_day(datetime(2026, 11, 23, 11, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert earliest_day(datetime(2026, 11, 23, 12, tzinfo=UTC)) == date(2026, 11, 23)
