"""Time as a value: what can be said of dates without asking a clock."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_OF_THE_MACHINE = frozenset({"localtime", "posixrules", "Factory"})  # not the same zone everywhere


def age_years(birth: date, on: date) -> int:
    """Return the completed years of age on a day; negative before birth.

    Somebody born on 29 February completes a year on 1 March where there is no 29 February: the later, safer reading.
    """
    had_birthday = (on.month, on.day) >= (birth.month, birth.day)
    return on.year - birth.year - (0 if had_birthday else 1)


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
    """Return the casino day that an aware moment belongs to."""
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return (local - timedelta(hours=day_begins.hour, minutes=day_begins.minute)).date()


def day_start(day: date, *, zone: str, day_begins: time) -> datetime:
    """Return the moment at which a casino day begins: half-open windows run from one start to another."""
    return datetime.combine(day, day_begins, tzinfo=ZoneInfo(zone))


def is_zone(name: str) -> bool:
    """Tell whether this is the IANA name of a time zone, as Europe/Malta."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last two: names that are no keys, and folders of zones
        return False
    return name not in _OF_THE_MACHINE
