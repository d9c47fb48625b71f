"""A ticket's decision as it is on the record, and what a fresh look needs; nothing here can write."""

import sqlite3
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.bonus.read_only import Recorded, open_recorded, open_sources
from agent.settings import Settings, SettingsError
from app.backoffice.serve import running
from app.cli.exits import Exit, Stopped
from app.cli.places import OFFICE_FILE, Place, places
from casino.values import Value
from evals.whole import established
from tools.player_facts import FactSources
from tools.ports import StoredDecision
from tools.record import Entry, Kind
from tools.world import DECISION, VERIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTicket:
    """A ticket with a decision on the record."""

    ticket_id: str
    place: Place
    decision: StoredDecision  # the newest
    decisions: int  # how many there are
    verified: str  # how and when the player was authenticated
    procedure: str | None

    def context(self) -> dict[str, Value]:
        """Return where the decision stands."""
        return {
            "ticket": self.ticket_id,
            "player": self.decision.player_id,
            "brand": self.decision.brand,
            "authentication": self.verified,
            "procedure": self.procedure,
            "decision": self.decision.decision_id,
            "decidedAt": self.decision.decided_at.isoformat(),
            "decisions": self.decisions,
            "record": self.place.shown,
        }


async def recorded_ticket(ticket_id: str, data: Path | None) -> RecordedTicket:
    """Find a ticket and its newest decision; Stopped where there is none."""
    for place in places(data):
        async with open_recorded(place.settings) as recorded:
            if entries := await recorded.entries(ticket_id):
                return await _ticket(ticket_id, place, entries, recorded)
    raise Stopped(f'there is no ticket "{ticket_id}"; `croupier tickets list` shows them', Exit.USAGE)


async def _ticket(ticket_id: str, place: Place, entries: Sequence[Entry], recorded: Recorded) -> RecordedTicket:
    ids = [str(fact["decision_id"]) for fact in established(entries, DECISION)]
    found = [decision for one in ids if (decision := await recorded.decision(one)) is not None]
    if not found:
        mend = "one is made where a procedure asks for Qualify for Bonus and the player is verified"
        raise Stopped(f'there is no decision on ticket "{ticket_id}"; {mend}', Exit.USAGE)
    return RecordedTicket(
        ticket_id=ticket_id,
        place=place,
        decision=found[-1],
        decisions=len(found),
        verified=_verified(entries, found[-1]),
        procedure=next((str(one.body["procedure"]) for one in reversed(entries) if one.kind == Kind.TRIAGE), None),
    )


def _verified(entries: Sequence[Entry], decision: StoredDecision) -> str:
    """Say how the player of a decision was authenticated: by a tool on the ticket, or by the channel before it."""
    for entry in reversed(entries):
        if entry.at <= decision.decided_at and any(True for _ in established([entry], VERIFIED)):
            by = str(entry.body.get("name", "the channel's own session"))
            return f"verified by {by} at {entry.at.isoformat()}"
    return "not on the record"


@asynccontextmanager
async def fresh_sources(ticket: RecordedTicket) -> AsyncGenerator[FactSources]:
    """Open what is read anew for a ticket's player: its back office, asked for reads only, and the grants so far.

    A ticket that was played against the back office that ships is read from a copy of that back office's database.
    """
    with ExitStack() as stack:
        chosen = _with_back_office(stack, ticket.place)
        async with open_recorded(chosen) as recorded:
            try:
                async with open_sources(chosen, recorded) as sources:
                    yield sources
            except ValueError as error:
                raise SettingsError(str(error)) from error


def _with_back_office(stack: ExitStack, place: Place) -> Settings:
    chosen = place.settings
    if chosen.backoffice_url is not None:
        return chosen
    database = chosen.data / OFFICE_FILE
    if not database.is_file():
        message = f"{place.shown} holds no back office of its own; set CROUPIER_BACKOFFICE_URL to read the player again"
        raise Stopped(message, Exit.USAGE)
    return replace(chosen, backoffice_url=stack.enter_context(_copied_office(database, chosen)))


@contextmanager
def _copied_office(database: Path, chosen: Settings) -> Generator[str]:
    """Run the back office that ships on a copy, so that the ticket's own stays as it is to the byte."""
    with TemporaryDirectory(prefix="croupier-") as scratch:
        copy = Path(scratch) / OFFICE_FILE
        source = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        with running(copy, token=chosen.backoffice_token, webhook_secret=chosen.webhook_secret) as served:
            yield served.url
