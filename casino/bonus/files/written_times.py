"""Times as written in a configuration: its zone, when its day begins, and from when until when it counts."""

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from casino.clock import day_start, is_zone
from casino.loaded import Loaded
from casino.nearest import nearest
from casino.rules.condition import iso_date, iso_moment

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_SPELT_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T|$)")
_DAY_LENGTH = len("2026-01-31")
_LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def zone_at(loaded: Loaded, key: str, written: str | None) -> str:
    """Return the zone of a configuration, UTC where none is written; raises DocumentError where there is no such."""
    if written is None:
        return "UTC"
    if is_zone(written):
        return written
    near = nearest(written, sorted(available_timezones()))
    mend = "Write its IANA name, as Europe/Malta." if near is None else f'Did you mean "{near}"?'
    raise loaded.error((key,), f'"{written}" is not a time zone', mend)


def clock_at(loaded: Loaded, key: str, written: str | None) -> time:
    """Return the time at which the casino day begins, midnight where none is written; raises DocumentError."""
    if written is None:
        return time(0)
    if _CLOCK.fullmatch(written) is None:
        raise loaded.error((key,), f'"{written}" is not a time of day', 'Write it as "06:00".')
    return time.fromisoformat(written)


def moment_at(loaded: Loaded, key: str, written: str | None, *, zone: str | None, day_begins: time) -> datetime | None:
    """Return a moment in UTC; raises DocumentError.

    Where a time zone is written, a date means the beginning of that casino day, and a time without its offset is one
    on the clocks of that zone.
    """
    if written is None:
        return None
    moment = iso_moment(written)
    if moment is not None:
        return moment
    day = iso_date(written)
    if _SPELT_DAY.match(written) is not None and iso_date(written[:_DAY_LENGTH]) is None:
        raise loaded.error((key,), f'there is no day "{written[:_DAY_LENGTH]}"', "Write a day that the calendar has.")
    if zone is None or (day is None and _LOCAL.fullmatch(written) is None):
        mend = "Write it with its offset, as 2026-01-31T00:00:00Z."
        if day is not None:
            mend = "Write it with its offset, as 2026-01-31T00:00:00Z, or add time_zone."
        raise loaded.error((key,), f'"{written}" is not a moment', mend)
    return _local(loaded, key, written, zone=zone, day_begins=day_begins)


def _local(loaded: Loaded, key: str, written: str, *, zone: str, day_begins: time) -> datetime:
    try:
        day = iso_date(written)
        if day is not None:
            return day_start(day, zone=zone, day_begins=day_begins).astimezone(UTC)
        local = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        mend = "Write it with its offset, as 2026-01-31T00:00:00Z."
        raise loaded.error((key,), f'"{written}" is not a moment', mend) from None
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        message = f'the clocks of {zone} change at "{written}", so it is not one moment'
        raise loaded.error((key,), message, "Write it with its offset, as 2026-01-31T00:00:00Z.")
    return moment
