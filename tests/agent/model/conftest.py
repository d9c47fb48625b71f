"""The endpoint of the model tests."""

from collections.abc import AsyncGenerator

import httpx
import pytest
import respx
from openai import AsyncOpenAI

from tests.agent.model.builders import KEY, URL, Endpoint


@pytest.fixture
async def endpoint() -> AsyncGenerator[Endpoint]:
    # The classic client: the SDK would take another one by default, which respx does not see.
    async with httpx.AsyncClient(trust_env=False) as http:
        client = AsyncOpenAI(api_key=KEY, base_url=URL, http_client=http, max_retries=0)  # pyright: ignore[reportArgumentType]  # typed for its own choice, takes both
        with respx.mock(base_url=URL, assert_all_called=False) as router:
            yield Endpoint(router.post("/chat/completions"), client)
