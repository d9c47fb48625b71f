"""What plays the items of a run at every level, opened once in every process that plays."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, cast

from agent.house import House, read_house
from agent.model.fallback import FallbackModel
from agent.model.opening import open_model
from agent.model.port import Model
from agent.settings import read_settings
from casino.values import Document
from evals.attack.live import tempted
from evals.attack.oracle import attacked
from evals.how import LIVE, How, desk_of, how_from
from evals.mutants.played import linted
from evals.playback import Match
from evals.recording import Desk
from evals.run.digest import case_of
from evals.run.plan import Item
from evals.run.plug import Play, broken
from evals.run.price import Price
from evals.ticket import Read, read_at
from evals.trial import Level, Trial
from evals.trying import down, tried

CHANGED: Final = "the ticket has changed since the run was planned; run it again"


@asynccontextmanager
async def opened(arguments: Document) -> AsyncGenerator[Play]:
    """Read the house that this process is set to, and open its model where one is asked."""
    how, settings = how_from(arguments), read_settings(os.environ)
    house = read_house(settings)
    async with AsyncExitStack() as stack:
        asked = how.level in LIVE or how.judge is not None
        model = await stack.enter_async_context(open_model(settings.model, house.prompts)) if asked else None

        async def play(item: Item) -> Trial:
            read = read_at(item.case.file, offset=item.case.offset)
            if read.written != item.case.written and case_of(read).content != item.case.content:
                return broken(item, CHANGED)
            if how.level in LIVE:
                trial = await _live(read, house, how, item, model=model, desk=desk_of(settings))
            else:
                trial = await _offline(read, house, how, item)
            if how.judge is not None and model is not None:
                trial = await _judged(trial, how.judge, model, json_mode=desk_of(settings).json_mode)
            return how.price.of(trial)

        yield play


async def _offline(read: Read, house: House, how: How, item: Item) -> Trial:
    match how.level:
        case Level.LINT:
            return await linted(read, house, repeat=item.repeat, seed=item.seed, kinds=how.kinds)
        case Level.ATTACK:
            return await attacked(read, house, repeat=item.repeat, seed=item.seed)
        case _:
            return await tried(
                read,
                house,
                match=cast("Match", item.match),
                repeat=item.repeat,
                seed=item.seed,
                controls=how.controls,
                price=how.price,
            )


async def _live(read: Read, house: House, how: How, item: Item, *, model: Model | None, desk: Desk) -> Trial:
    """Play with the configured model, by the seeds of the trial and of its ticket together."""
    own = _own(model, item.seed + read.ticket.seed)
    if how.level is Level.SIMULATED:
        trial = await _simulated(read, house, item, model=own, desk=desk, price=how.price)
    elif how.attack and own is not None:
        return await tempted(read, house, model=own, desk=desk, repeat=item.repeat, seed=item.seed)
    else:
        trial = await tried(
            read,
            house,
            level=how.level,
            repeat=item.repeat,
            seed=item.seed,
            model=own,
            desk=desk,
            unknown=how.unknown,
            price=how.price,
        )
    reasons = own.down if isinstance(own, FallbackModel) else ()
    return down(trial, reasons[0]) if reasons else trial


def _own(model: Model | None, seed: int) -> Model | None:
    """Return the model for one trial: what is known of its failures is known of this trial."""
    if not isinstance(model, FallbackModel):
        return model
    from agent.model.openai import seeded  # noqa: PLC0415  # half a second that only a live run pays

    return FallbackModel(seeded(model.first, seed), model.second)


async def _simulated(read: Read, house: House, item: Item, *, model: Model | None, desk: Desk, price: Price) -> Trial:
    from evals.simulated.model import model_player  # noqa: PLC0415  # the same
    from evals.simulated.scripted import ScriptedPlayer  # noqa: PLC0415  # beside it
    from evals.simulated.trying import simulated  # noqa: PLC0415  # the same

    language = model is not None and model.is_llm
    actor = model_player(model, json_mode=desk.json_mode) if model is not None and language else ScriptedPlayer()
    return await simulated(
        read,
        house,
        model=model,
        player=actor,
        told=read.ticket.player,
        repeat=item.repeat,
        seed=item.seed,
        desk=desk,
        price=price,
    )


async def _judged(trial: Trial, calibration: str, model: Model, *, json_mode: bool) -> Trial:
    from evals.judging.calibration import read_calibration  # noqa: PLC0415  # only a judged run pays for it
    from evals.judging.judge import model_judge  # noqa: PLC0415  # the same
    from evals.judging.judged import judged  # noqa: PLC0415  # the same

    found = read_calibration(calibration, name="judge")
    return await judged(trial, model_judge(model, json_mode=json_mode), found)
