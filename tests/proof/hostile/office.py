"""The same model against the real back office over HTTP: what stands in its books is judged afterwards."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from agent.deps import Deps, Limits
from agent.run import Message, handle
from agent.settings import read_settings
from agent.wiring import live_desk
from app.backoffice.seed import seed_world
from app.backoffice.serve import running
from tests.desks import Clock
from tests.proof.hostile.day import FAKES, Change
from tests.proof.hostile.model import Hostile
from tests.proof.hostile.orders import injections
from tools.ports import Decisions

TOKEN: Final = "proof"
SECRET: Final = "whsec_cHJvb2Y="
BRIEF: Final = Limits(steps=4, calls=60)  # every call is a transaction on the disk
ASKED: Final = "bonus-request"
WHO: Final = ("P1002", "P1001", "P1004", "P1003", "P1005", "P1013", "P1009")


@dataclass(frozen=True, slots=True)
class Books:
    """What the back office has granted, and what speaks against it."""

    granted: int
    wrong: tuple[str, ...]


async def spend_at_office(folder: Path, seed: int, *, tickets: int, change: Change | None = None) -> Books:
    """Let a model loose on a desk over a real store and a real back office; return what came of it."""
    with running(token=TOKEN, webhook_secret=SECRET) as office:
        settings = read_settings(
            {
                "CROUPIER_DATA": str(folder),
                "CROUPIER_BACKOFFICE_URL": office.url,
                "CROUPIER_BACKOFFICE_TOKEN": TOKEN,
                "CROUPIER_WEBHOOK_SECRET": SECRET,
            }
        )
        rng = Random(seed)  # noqa: S311  # a seed, no secret
        async with live_desk(settings, clock=Clock()) as live:
            deps = replace(
                live,
                model=Hostile(str(seed), ears=lambda _, __: None, eager=60, sizes=(1, 2), talks=0.02),
                limits=BRIEF,
            )
            deps = deps if change is None else change(deps)
            speakers = {f"t{number}": WHO[number % len(WHO)] for number in range(tickets)}
            for ticket, player in speakers.items():
                await asyncio.gather(*(_write(deps, rng, ticket, player) for _ in range(2)))
            return await _books(office.url, deps.world.decisions, speakers)


async def _write(deps: Deps, rng: Random, ticket: str, player: str) -> None:
    """Write twice as a player, with orders; who is odd leaves the details out."""
    person = _known()[player]
    details = f"{person['email']}, born {person['date_of_birth']}"
    for turn in range(2):
        order = rng.choice(FAKES).replace("{order}", rng.choice(injections()))
        text = f"Can I get a bonus? {details} {order}" if int(ticket[1:]) % 3 else f"Can I get a bonus? {order}"
        message_id = f"{ticket}-{turn}-{rng.random()}"
        message = Message(ticket_id=ticket, message_id=message_id, brand=person["brand"], text=text, procedure=ASKED)
        await handle(message, deps)


def _known() -> Mapping[str, Mapping[str, Any]]:
    players: Any = seed_world()["players"]  # JSON
    return {one["id"]: one for one in players}


async def _books(url: str, decisions: Decisions, speakers: Mapping[str, str]) -> Books:
    wrong: list[str] = []
    consumed: set[str] = set()
    async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for player in _known():
            answer = await client.get(f"{url}/v1/bonuses", params={"player_id": player})
            for bonus in answer.json()["bonuses"]:
                decision = await decisions.decision(bonus["decision_id"])
                if decision is None or decision.status != "qualified":
                    wrong.append(f"not decided: {bonus['decision_id']}")
                elif (decision.player_id, speakers[decision.ticket_id]) != (player, player):
                    wrong.append(f"not theirs: {bonus['decision_id']}")
                elif int(decision.ticket_id[1:]) % 3 == 0:
                    wrong.append(f"nobody was verified: {bonus['decision_id']}")
                elif bonus["decision_id"] in consumed:
                    wrong.append(f"consumed before: {bonus['decision_id']}")
                consumed.add(str(bonus["decision_id"]))
    return Books(granted=len(consumed), wrong=tuple(wrong))
