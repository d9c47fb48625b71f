"""What the bonus adapter makes of a back office that knows no keys."""

from collections.abc import Generator

import httpx
import pytest

from app.backoffice.serve import Served, running
from tests.contracts.outside import SECRET, TOKEN, over_http
from tests.contracts.test_bonus_system import order
from tools.adapters.http_link import NotOffered
from tools.ports import Granted, OutcomeUnknown


@pytest.fixture(scope="module")
def keyless() -> Generator[Served, None, None]:
    with running(token=TOKEN, webhook_secret=SECRET, idempotent=False) as served:
        yield served


async def test_what_cannot_be_asked_is_unknown_and_neither_there_nor_absent(keyless: Served) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        bonuses = over_http(client, keyless.url).bonuses
        answers = [await bonuses.grant(order(), idempotency_key="k") for _ in range(2)]
        with pytest.raises(OutcomeUnknown, match="cannot be asked"):
            await bonuses.find_grant("k")
    assert answers == [Granted("B1001"), Granted("B1002")]


async def test_a_read_that_is_not_offered_is_an_outage_that_is_not_asked_again() -> None:
    asked: list[httpx.Request] = []

    def not_offered(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(501)

    async with httpx.AsyncClient(transport=httpx.MockTransport(not_offered)) as client:
        with pytest.raises(NotOffered, match="does not offer this"):
            await over_http(client, "http://office.test").platform.player("P1")
    assert len(asked) == 1
