"""What the bonus adapter makes of a network that fails, in front of the running back office."""

import time
from collections.abc import AsyncGenerator

import httpx
import pytest

from app.backoffice.serve import Served
from tests.contracts.outside import TIMEOUT_S, over_http
from tests.contracts.test_bonus_system import order
from tests.fault_proxy import Fault, FaultProxy, proxied
from tools.adapters.http_link import WHOLE
from tools.ports import BonusSystem, Granted, OutcomeUnknown, Unavailable

FAULTS = [fault for fault in Fault if fault is not Fault.NONE]


@pytest.fixture
async def proxy(office: Served) -> AsyncGenerator[FaultProxy]:
    async with proxied(office.url) as standing:
        standing.drip_s, standing.latency_s = 0.05, 2 * TIMEOUT_S
        yield standing


@pytest.fixture
async def bonuses(proxy: FaultProxy) -> AsyncGenerator[BonusSystem]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield over_http(client, proxy.url).bonuses


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_grant_whose_answer_is_lost_is_unknown_and_sent_once(
    proxy: FaultProxy, bonuses: BonusSystem, key: str, fault: Fault
) -> None:
    proxy.strike(fault)
    before = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        await bonuses.grant(order(), idempotency_key=key)
    assert time.monotonic() - before < 2 * WHOLE * TIMEOUT_S
    assert proxy.met == [fault]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_question_is_asked_again_and_answered(
    proxy: FaultProxy, bonuses: BonusSystem, key: str, fault: Fault
) -> None:
    granted = await bonuses.grant(order(), idempotency_key=key)
    assert isinstance(granted, Granted)
    proxy.strike(fault, times=2)
    assert await bonuses.find_grant(key) == granted
    assert proxy.met == [fault] * 2


async def test_a_question_that_is_never_answered_is_an_outage(
    proxy: FaultProxy, bonuses: BonusSystem, key: str
) -> None:
    proxy.strike(Fault.RESET_AFTER, times=3)
    with pytest.raises(Unavailable):
        await bonuses.find_grant(key)
