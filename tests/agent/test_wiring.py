"""What the settings come to in an open desk."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.settings import read_settings
from agent.wiring import live_desk
from tests.desks import Clock


@pytest.mark.parametrize(("timeout_s", "seconds"), [("5", 120), ("23", 120), ("60", 300)])
async def test_an_order_counts_as_under_way_for_longer_than_a_call_to_the_back_office_may_last(
    tmp_path: Path, timeout_s: str, seconds: int
) -> None:
    clock = Clock()
    settings = read_settings(
        {
            "CROUPIER_DATA": str(tmp_path),
            "CROUPIER_BACKOFFICE_URL": "http://127.0.0.1:9",
            "CROUPIER_BACKOFFICE_TIMEOUT_S": timeout_s,
        }
    )
    async with live_desk(settings, clock=clock) as deps:
        assert deps.gate.in_flight == timedelta(seconds=seconds)
        assert deps.gate.in_flight.total_seconds() > 4 * float(timeout_s)
        assert deps.gate.clock is clock
