"""What plays the items of a run, opened once in every process that plays."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final, cast

from agent.settings import read_settings
from agent.wiring import open_model, read_house
from casino.values import Document
from evals.playback import Match
from evals.run.plan import Item
from evals.run.plug import Play
from evals.ticket import read_ticket
from evals.trial import Level, Trial
from evals.trying import tried

NAME: Final = "evals.player:opened"


@asynccontextmanager
async def opened(arguments: Document) -> AsyncGenerator[Play]:
    """Read the house that this process is set to, and open its model where it is played live."""
    settings = read_settings(os.environ)
    house = read_house(settings)
    async with AsyncExitStack() as stack:
        live = arguments.get("level") == Level.LIVE.value
        model = await stack.enter_async_context(open_model(settings.model, house.prompts)) if live else None

        async def play(item: Item) -> Trial:
            return await tried(
                read_ticket(Path(item.case.file)),
                house,
                level=item.level,
                match=cast("Match", item.match),
                repeat=item.repeat,
                seed=item.seed,
                model=model,
            )

        yield play
