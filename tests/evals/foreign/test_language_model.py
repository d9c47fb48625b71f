"""A language model on a foreign desk, in both ways of calling tools: what it is sent, and that its calls arrive."""

from collections.abc import AsyncGenerator
from decimal import Decimal

import httpx
import pytest
import respx
from openai import AsyncOpenAI

from evals.foreign.run import run_foreign
from evals.foreign.task import GoldCall
from tests.agent.model.builders import KEY, URL, Endpoint, completion, step
from tests.evals.foreign.tasks import task, tools

PAY = task(
    "reserve-and-pay",
    says=("Card C7: I pay 2.50 of what I owe.",),
    gold=(GoldCall(name="pay_fine", arguments={"card": "C7", "amount": 2.5}),),
)


@pytest.fixture
async def endpoint() -> AsyncGenerator[Endpoint]:
    async with httpx.AsyncClient(trust_env=False) as http:
        client = AsyncOpenAI(api_key=KEY, base_url=URL, http_client=http, max_retries=0)  # pyright: ignore[reportArgumentType]  # typed for its own choice, takes both
        with respx.mock(base_url=URL, assert_all_called=False) as router:
            yield Endpoint(router.post("/chat/completions"), client)


async def test_native_calls_arrive_as_they_were_sent(endpoint: Endpoint) -> None:
    endpoint.will(
        completion(calls=[("find_reader", '{"card": "C7"}')], finish="tool_calls"),
        completion(calls=[("pay_fine", '{"card": "C7", "amount": 2.50}')], finish="tool_calls"),
        completion("Thank you, nothing is left to pay."),
    )
    result = await run_foreign(PAY, endpoint.model())
    assert (result.wrong, result.calls[1].arguments) == ({}, {"card": "C7", "amount": Decimal("2.50")})
    assert [one["function"]["parameters"] for one in endpoint.asked[0]["tools"]] == [one.schema for one in tools()]
    assert '"fines": 2.5' in endpoint.asked[1]["messages"][-2]["content"]


async def test_json_actions_arrive_too(endpoint: Endpoint) -> None:
    endpoint.will(
        step("pay_fine", {"card": "C7", "amount": 2.5}),
        step("reply", {"text": "Thank you, nothing is left to pay."}),
    )
    result = await run_foreign(PAY, endpoint.model("json"), json_mode=True)
    assert result.wrong == {}
    head = endpoint.asked[0]["messages"][0]["content"]
    assert "- pay_fine(card, amount): Pay a fine." in head
    assert "4. Fines are paid in full." in head
