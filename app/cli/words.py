"""Words as they are typed and shown: bytes that are no text, control characters, moments."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

import click

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)  # every casino day up to here can be reckoned with

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but the tab and the end of a line
_NO_TEXT = re.compile("[\ud800-\udfff]")  # how Python keeps a byte that is no text


def escaped(text: str) -> str:
    """Write control characters so that a terminal shows them and obeys none, such as that of ESC."""
    return _CONTROLS.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def not_text(words: Iterable[str], environment: Mapping[str, str]) -> str | None:
    """Name the first word of a command line, or the first setting, that holds bytes which are no text."""
    option = None
    for number, word in enumerate(words, 1):
        name = word.partition("=")[0] if word.startswith("-") else option
        if _NO_TEXT.search(word):
            return f"argument {number}" if name is None or _NO_TEXT.search(name) else name
        option = word if word.startswith("-") and "=" not in word else None
    ours = (name for name in sorted(environment) if name.startswith("CROUPIER_"))
    return next((escaped(name) for name in ours if _NO_TEXT.search(environment[name])), None)


class Moment(click.ParamType[datetime]):
    """A moment with its offset, near enough to today for every time zone to have a day for it."""

    name = "moment"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read what was typed; click fails with one message otherwise."""
        # Imported here: the front door, which shares this module, must not wait for the rules.
        from casino.rules.condition import iso_moment  # noqa: PLC0415  # the reason stands above

        moment = value if isinstance(value, datetime) else iso_moment(value)
        if moment is None:
            self.fail(f'"{value}" is no moment. Write it with its offset, as 2026-01-31T12:00:00Z.', param, ctx)
        if not EARLIEST <= moment < LATEST:
            self.fail(f'"{value}" is out of reach. Write a moment from 1970 to 2199.', param, ctx)
        return moment
