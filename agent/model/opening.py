"""Open the configured model."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from agent.model.fallback import FallbackModel
from agent.model.policy import PolicyModel
from agent.model.port import Model
from agent.prompts import Prompts
from agent.settings import ModelSettings


@asynccontextmanager
async def open_model(settings: ModelSettings | None, prompts: Prompts) -> AsyncGenerator[Model]:
    """Open the configured model with the policy model behind it, or the policy model alone."""
    policy = PolicyModel(prompts)
    if settings is None:
        yield policy
        return
    from openai import AsyncOpenAI, DefaultAioHttpClient  # noqa: PLC0415  # half a second that only an LLM desk pays

    from agent.model.openai import OpenAIModel  # noqa: PLC0415  # the same

    client = AsyncOpenAI(
        api_key=settings.api_key,
        base_url=settings.base_url,
        timeout=settings.timeout_s,
        max_retries=0,
        http_client=DefaultAioHttpClient(),
    )
    async with client:
        first = OpenAIModel(client=client, name=settings.name, tool_mode=settings.tool_mode, prompts=prompts)
        yield FallbackModel(first, policy)
