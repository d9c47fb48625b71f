"""Where langgraph keeps the states of tickets, so that a failure of its database says what happens next."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeAlias

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)

Answering: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]


class AnsweringSaver(BaseCheckpointSaver[str]):
    """A saver whose database's own errors come out as `StatesUnavailable` or `UnusableStates`."""

    def __init__(self, inner: BaseCheckpointSaver[str], answering: Answering) -> None:
        """Take the saver that does the work, and what turns the errors of its database."""
        super().__init__(serde=inner.serde)
        self._inner = inner
        self._answering = answering

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Return where a ticket stands."""
        async with self._answering():
            return await self._inner.aget_tuple(config)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep where a ticket stands."""
        async with self._answering():
            return await self._inner.aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a node has come to."""
        async with self._answering():
            await self._inner.aput_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """Delete everything about a ticket."""
        async with self._answering():
            await self._inner.adelete_thread(thread_id)

    def get_next_version(self, current: str | None, channel: None) -> str:
        """Number the versions as the inner saver does."""
        return self._inner.get_next_version(current, channel)

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> "AnsweringSaver":
        """Let the inner saver read no other types than these."""
        return AnsweringSaver(self._inner.with_allowlist(extra_allowlist), self._answering)
