"""Time as a value: what can be said of dates without asking a clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_BEHIND_ALL = timedelta(hours=12)  # no clocks on Earth are further behind UTC
_DAY = timedelta(days=1)
_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})  # not the same zone everywhere


def age_years(birth: date, on: date) -> int:
    """Return the completed years of age on a day; negative before birth.

    Somebody born on 29 February completes a year on 1 March where there is no 29 February: the later, safer reading.
    """
    had_birthday = (on.month, on.day) >= (birth.month, birth.day)
    return on.year - birth.year - (0 if had_birthday else 1)


def earliest_day(at: datetime) -> date:
    """Return the earliest calendar day that it still is somewhere at an aware moment: nobody is older than on it."""
    return (at.astimezone(UTC) - _BEHIND_ALL).date()


@dataclass(frozen=True, slots=True)
class CasinoTime:
    """A moment as a casino sees it: aware, in its zone (IANA name), with the hour at which its day begins."""

    at: datetime
    zone: str = "UTC"
    day_begins: time = time(0)

    @property
    def day(self) -> date:
        """Return the casino day: 03:00 still belongs to the day before where the day begins at 06:00."""
        return casino_day(self.at, zone=self.zone, day_begins=self.day_begins)


def casino_day(at: datetime, *, zone: str, day_begins: time) -> date:
    """Return the casino day that an aware moment belongs to: the last one that has begun by then.

    It is found by the beginnings themselves, and not by the clocks: these leave hours out and show hours twice.
    """
    moment = at.astimezone(UTC)
    day = moment.astimezone(ZoneInfo(zone)).date()
    if day < date.max:
        day += _DAY  # clocks that went back over midnight show the day before once more
    while _begins(day, zone, day_begins) > moment:
        day -= _DAY
    return day


def day_start(day: date, *, zone: str, day_begins: time) -> datetime:
    """Return the moment in UTC at which a casino day begins: half-open windows run from one start to another.

    Where the clocks show that time twice it is the first one; where they leave it out, it is as long after the leap as
    it would have been.
    """
    return _begins(day, zone, day_begins).astimezone(UTC)


def _begins(day: date, zone: str, day_begins: time) -> datetime:
    return datetime.combine(day, day_begins, tzinfo=ZoneInfo(zone))


def is_zone(name: str) -> bool:
    """Tell whether this is the IANA name of a time zone, as Europe/Malta."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last two: names that are no keys, and folders of zones
        return False
    return name not in _OF_THE_MACHINE
