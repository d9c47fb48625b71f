"""Live tickets for tests: a ticket that ships, played, and exported as `croupier tickets show --json` does."""

from pathlib import Path
from typing import Any

from agent.house import House
from casino.document import dump_json
from evals.importing.live import Live, read_live
from evals.replay import replay
from evals.ticket import read_ticket

TICKETS = Path(__file__).parents[3] / "evals" / "tickets"


async def live(name: str, house: House, folder: Path) -> Live:
    """Play a ticket that ships and read its export."""
    played = await replay(read_ticket(TICKETS / f"{name}.json"), house)
    file = folder / "export.json"
    file.write_text(dump_json(played.whole.document()), "utf-8")
    (one,) = read_live(file)
    return one


def entries(one: Live, kind: str) -> list[dict[str, Any]]:
    """Return the entries of a kind, as they stand in the export; they may be changed."""
    found: Any = one.document["entries"]
    return [entry for entry in found if entry["kind"] == kind]
