"""Time as a value: what can be said of dates without asking a clock."""

from datetime import date


def age_years(birth: date, on: date) -> int:
    """Return the completed years of age on a day; negative before birth.

    Somebody born on 29 February completes a year on 1 March where there is no 29 February: the later, safer reading.
    """
    had_birthday = (on.month, on.day) >= (birth.month, birth.day)
    return on.year - birth.year - (0 if had_birthday else 1)
