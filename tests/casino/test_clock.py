from datetime import date

import pytest

from casino.clock import age_years


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
