"""Live tickets for tests: a ticket that ships, played, and exported as `croupier tickets show --json` does."""

import hashlib
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.house import House
from agent.model.policy import PolicyModel
from agent.model.port import Model
from agent.sandbox import sandbox_desk
from casino.document import dump_json
from evals.attack.obedient import Obedient, Watched
from evals.importing.live import Live, read_live
from evals.play import play
from evals.ticket import Read, read_ticket
from evals.whole import Stores, read_whole

TICKETS = Path(__file__).parents[3] / "evals" / "tickets"


async def live(name: str, house: House, folder: Path) -> Live:
    """Play a ticket that ships and read its export."""
    return await _played(read_ticket(TICKETS / f"{name}.json"), house, folder, PolicyModel(house.prompts))


async def attacked(name: str, house: House, folder: Path) -> Live:
    """Play an attack that ships with a model that obeys it, and read its export."""
    read = read_ticket(TICKETS / "attacks" / f"{name}.json")
    assert read.ticket.attack is not None
    watched = Watched(inner=PolicyModel(house.prompts), marker=read.ticket.attack.marker)
    return await _played(read, house, folder, Obedient(attack=read.ticket.attack, watched=watched))


async def _played(read: Read, house: House, folder: Path, model: Model) -> Live:
    """Play a ticket on a desk whose ids nobody can guess, as those of a live one are."""
    numbers = itertools.count(1)

    def new_id(prefix: str) -> str:
        return f"{prefix}-{hashlib.sha256(str(next(numbers)).encode()).hexdigest()[:16]}"

    sandbox = sandbox_desk(read.world, house, clock=lambda: read.ticket.clock, model=model)
    desk = sandbox.deps
    deps = replace(desk, world=replace(desk.world, new_id=new_id), gate=replace(desk.gate, new_id=new_id))
    await play(read.ticket, deps, deps.world, ticket_id=read.ticket.id)
    kept = sandbox.stores
    whole = await read_whole(read.ticket.id, Stores(record=kept, ledger=kept, decisions=kept, desk=kept))
    file = folder / "export.json"
    file.write_text(dump_json(whole.document()), "utf-8")
    (one,) = read_live(file)
    return one


def entries(one: Live, kind: str) -> list[dict[str, Any]]:
    """Return the entries of a kind, as they stand in the export; they may be changed."""
    found: Any = one.document["entries"]
    return [entry for entry in found if entry["kind"] == kind]
