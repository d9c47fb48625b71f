"""Words of a population run for people."""

import re
from typing import Final

_PASSWORD: Final = re.compile(r"(?P<user>://[^/@:\s]*:)\S*(?=@)")
_SECRET: Final = re.compile(r"(?P<name>[?&][a-z_]*(?:password|passwd|pwd|secret|token|key)=)[^&\s:]*", re.IGNORECASE)
_DATED: Final = re.compile(r"[0-9TZ:+./, -]{1,32}")
_PERSONAL: Final = re.compile(r"birth|dob|name|mail|phone|address", re.IGNORECASE)


def several(number: int, noun: str) -> str:
    """Write a number and its noun: 1 player, 1,200 players."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def without_password(table: str) -> str:
    """Return the address of a table of players as messages may show it."""
    return _SECRET.sub(r"\g<name>***", _PASSWORD.sub(r"\g<user>***", table))


def shown_example(path: str, value: object) -> str | None:
    """Return a value that was meant as a date, as a message may show it; None: it could say who a player is."""
    if not isinstance(value, str) or _DATED.fullmatch(value) is None or _PERSONAL.search(path) is not None:
        return None
    return value
