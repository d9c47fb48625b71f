"""No tracer reads along: an environment variable switches LangSmith on, and it would be sent all that players say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command
from langsmith.run_helpers import (
    tracing_context,  # pyright: ignore[reportUnknownVariableType]  # of a parameter that is not used here
)

from agent.deps import Deps, Graph, Snapshot


@dataclass(frozen=True, slots=True)
class Untraced:
    """`Graph` without a tracer, whatever the environment says. What is kept about a ticket is on its record."""

    graph: Graph

    async def ainvoke(
        self,
        changes: Mapping[str, Any] | Command[Any] | None,
        /,
        config: RunnableConfig,
        *,
        context: Deps,
        durability: Literal["sync"],
    ) -> dict[str, Any]:
        """Run a turn."""
        with tracing_context(enabled=False):
            return await self.graph.ainvoke(changes, config, context=context, durability=durability)

    async def aget_state(self, config: RunnableConfig) -> Snapshot:
        """Return where the ticket stands; nothing runs."""
        return await self.graph.aget_state(config)

    async def aupdate_state(self, config: RunnableConfig, values: Mapping[str, Any], as_node: str) -> object:
        """Write changes as if a node had made them; the edges behind it run."""
        with tracing_context(enabled=False):
            return await self.graph.aupdate_state(config, values, as_node)
