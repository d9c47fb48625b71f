"""What is published though its time is over."""

from collections.abc import Callable
from datetime import date

import pytest

from casino.analysis.finding import Finding

Analysed = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("lines", "on", "found"),
    [
        ('effective_until: "2026-01-31T00:00:00Z"', date(2026, 1, 31), ["B112"]),
        ('effective_until: "2026-01-31T00:00:01Z"', date(2026, 1, 31), []),
        ('effective_until: "2026-01-31T00:00:00Z"\nstatus: draft', date(2026, 1, 31), []),
        ('effective_until: "2026-01-31T00:00:00Z"', None, []),
        ('effective_from: "2026-01-31T00:00:00Z"', date(2027, 1, 31), []),
    ],
)
def test_what_nobody_can_get_any_more_is_a_warning(
    analysed: Analysed, lines: str, on: date | None, found: list[str]
) -> None:
    assert [one.code for one in analysed(lines, on=on)] == found


def test_the_finding_names_the_moment_and_its_place(analysed: Analysed) -> None:
    (found,) = analysed('effective_until: "2026-01-31T00:00:00Z"', on=date(2026, 2, 1))
    assert (found.severity, found.path) == ("warning", ("effective_until",))
    assert found.message == "its time was over at 2026-01-31T00:00:00Z: nobody can get it any more"
