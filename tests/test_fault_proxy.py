"""The fault proxy itself: what a client sees of each fault, and what arrives behind it."""

from collections.abc import AsyncGenerator, Generator

import httpx
import pytest

from app.backoffice.serve import Served, running
from tests.fault_proxy import ARRIVES, Fault, FaultProxy, proxied

TOKEN = "proxy"
SECRET = "whsec_cHJveHk="
ORDER = {"decision_id": "D", "brand": "lucky-spin", "reward": {"spinsCount": 15}, "reason": "r"}
SEEN = {  # what a client with a short patience sees of each fault
    Fault.NONE: "201",
    Fault.LATENCY: "ReadTimeout",
    Fault.ERROR: "500",
    Fault.RESET: "ReadError",
    Fault.BLACK_HOLE: "ReadTimeout",
    Fault.HALF_CLOSE: "RemoteProtocolError",
    Fault.SLOW_DRIP: "201",
    Fault.DROP: "RemoteProtocolError",
    Fault.RESET_AFTER: "ReadError",
    Fault.BAD_GATEWAY: "502",
}


@pytest.fixture(scope="module")
def office() -> Generator[Served, None, None]:
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        yield served


@pytest.fixture
async def proxy(office: Served) -> AsyncGenerator[FaultProxy]:
    async with proxied(office.url) as standing:
        standing.drip_s = 0.0005
        yield standing


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=0.3) as inside:
        yield inside


async def order(client: httpx.AsyncClient, url: str, key: str) -> str:
    try:
        answer = await client.post(f"{url}/v1/players/P1004/bonus", json=ORDER, headers={"Idempotency-Key": key})
    except httpx.TransportError as error:
        return type(error).__name__
    return str(answer.status_code)


async def arrived(client: httpx.AsyncClient, url: str, key: str) -> bool:
    answer = await client.get(f"{url}/v1/bonuses", params={"idempotency_key": key})
    return answer.json()["bonuses"] != []


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_client_sees_the_fault_and_the_request_arrives_or_does_not(
    office: Served, proxy: FaultProxy, client: httpx.AsyncClient, fault: Fault
) -> None:
    proxy.strike(fault, on=b"POST ")
    seen = await order(client, proxy.url, fault)
    await proxy.settled()
    assert (seen, await arrived(client, office.url, fault)) == (SEEN[fault], fault in ARRIVES)
    assert proxy.met == [fault][: fault is not Fault.NONE]


async def test_a_fault_strikes_as_often_as_it_should_and_where_it_should(
    proxy: FaultProxy, client: httpx.AsyncClient
) -> None:
    proxy.strike(Fault.ERROR, times=2, on=b"POST ")
    read = await client.get(f"{proxy.url}/v1/players/P1001")
    assert (read.status_code, [await order(client, proxy.url, "often") for _ in range(3)]) == (
        200,
        ["500", "500", "201"],
    )


async def test_each_exchange_of_one_connection_meets_a_fault_of_its_own(
    office: Served, proxy: FaultProxy, client: httpx.AsyncClient
) -> None:
    assert [await order(client, proxy.url, f"own-{number}") for number in range(2)] == ["201", "201"]
    proxy.strike(Fault.DROP)
    assert await order(client, proxy.url, "own-2") == "RemoteProtocolError"
    assert await order(client, proxy.url, "own-3") == "201"
    assert [await arrived(client, office.url, f"own-{number}") for number in range(4)] == [True] * 4


async def test_a_server_that_is_not_there_is_a_line_that_breaks(client: httpx.AsyncClient) -> None:
    async with proxied("http://127.0.0.1:1") as proxy:
        assert await order(client, proxy.url, "nobody") == "ReadError"
