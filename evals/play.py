"""Play a ticket: every message of the player, one after the other, and then the end of the chat."""

from contextlib import suppress

from agent.deps import Deps
from agent.run import Close, Handled, Message, handle
from evals.ticket import Ticket
from tools.ports import Unavailable
from tools.session import Identity, session_identity
from tools.world import World


async def play(ticket: Ticket, deps: Deps, world: World, *, ticket_id: str) -> tuple[list[Handled], Handled]:
    """Say what the player says and return what came of each message, and of the whole ticket."""
    turns: list[Handled] = []
    identity = Identity({}, {})
    if ticket.session is not None:
        with suppress(Unavailable):  # then nobody is signed in, and the player is asked who they are
            identity = await session_identity(ticket.session, world, now=deps.clock())
    for number, text in enumerate(ticket.says, start=1):
        turns.append(
            await handle(
                Message(
                    ticket_id=ticket_id,
                    message_id=f"m{number}",
                    brand=ticket.brand,
                    text=text,
                    procedure=ticket.procedure,
                    facts=identity.facts,
                    fields=identity.fields,
                ),
                deps,
            )
        )
    return turns, await handle(Close(ticket_id=ticket_id), deps)
