"""Findings about the time in which a configuration counts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from casino.analysis.finding import Finding
from casino.bonus.configuration import Configuration, ConfigurationStatus


def windows(configuration: Configuration, *, on: date | None) -> Iterator[Finding]:
    """Yield what is published though its time was over before a day begins; nothing where no day is given."""
    until = configuration.effective_until
    if on is None or until is None or configuration.status is not ConfigurationStatus.PUBLISHED:
        return
    if until <= datetime.combine(on, time(0), tzinfo=UTC):
        yield Finding(
            code="B112",
            severity="warning",
            message=f"its time was over at {until.isoformat().replace('+00:00', 'Z')}: nobody can get it any more",
            mend="Archive it, or write a later effective_until.",
            configuration=configuration.id,
            path=("effective_until",),
        )
