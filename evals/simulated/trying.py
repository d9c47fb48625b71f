"""Try a ticket at L4: the player is simulated, the rest is as at L3. It never gates."""

import time
from dataclasses import dataclass, replace
from decimal import Decimal

from agent.deps import Deps
from agent.house import House
from agent.model.port import Model, ModelDown
from agent.run import Close, Handled, Message, handle
from agent.sandbox import Sandbox, sandbox_desk
from evals.end_state import end_state
from evals.grading.grade import NoCriteria, grade
from evals.grading.seen import granted_row, see, usage_of
from evals.judging.talk import Line
from evals.kept import kept_of
from evals.recording import Desk
from evals.replay import Replayed
from evals.run.price import FREE, Price
from evals.simulated.acting import Actor, End
from evals.simulated.faults import Acted, faults
from evals.simulated.player import Player, Role, role_of
from evals.steps import steps_of
from evals.ticket import Read
from evals.trial import Level, Part, Status, Trial, Usage
from evals.whole import Stores, read_whole
from tools.session import Identity, session_identity

PART = "player"
NATIVE = Desk()


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat that has ended: every move of the player, every turn of the desk, and what came of it all."""

    acted: tuple[Acted, ...]
    turns: tuple[Handled, ...]
    closed: Handled


async def simulated(  # noqa: PLR0913  # what is tried, with whom, and the how-manieth time
    read: Read,
    house: House,
    *,
    model: Model | None,
    player: Actor,
    told: Player | None = None,
    repeat: int = 1,
    seed: int = 0,
    desk: Desk = NATIVE,
    price: Price = FREE,
) -> Trial:
    """Try a ticket once with a simulated player; `told` says who that is. Without a model the policy model answers.

    The player draws by the seed of the trial and that of the ticket together; a model's own seed is set by `seeded`.
    The faults of the player stand in a part of their own that does not gate. A player who is down is an error: nothing
    is known of the desk then.
    """
    role = role_of(read.ticket.says, told)
    sandbox = sandbox_desk(read.world, house, clock=lambda: read.ticket.clock, model=model)
    deps = replace(sandbox.deps, json_mode=desk.json_mode, hold_order=desk.hold_order)
    cpu, wall = time.process_time(), time.perf_counter()
    try:
        chat = await _chat(read, deps, player, role, seed=seed + read.ticket.seed)
    except ModelDown as error:
        return _trial(read, repeat=repeat, seed=seed, status=Status.ERROR, why=f"the simulated player is down: {error}")
    played = await _played(read, sandbox, chat)
    spent = usage_of(played.whole, cpu_ms=_ms(time.process_time() - cpu), wall_ms=_ms(time.perf_counter() - wall))
    trial = _graded(_trial(read, repeat=repeat, seed=seed), read, played, usage=price.priced(spent))
    return replace(
        trial,
        parts=(*trial.parts, Part(name=PART, wrong=faults(role, chat.acted), gates=False)),
        path=played.path,
        steps=steps_of(played),
        usage=price.priced(_with_player(spent, chat)),
        kept=kept_of(played),
    )


async def _chat(read: Read, deps: Deps, player: Actor, role: Role, *, seed: int) -> Chat:
    """Let both sides talk until the player leaves, a human has the ticket, or the player's patience is at its end."""
    ticket = read.ticket
    identity = Identity({}, {})
    if ticket.session is not None:
        identity = await session_identity(ticket.session, deps.world, now=deps.clock())
    talk: list[Line] = []
    acted: list[Acted] = []
    turns: list[Handled] = []
    for number in range(1, role.messages + 1):
        move = await player.move(role, talk, seed=seed)
        acted.append(Acted(move, tuple(talk)))
        if move.text:
            message = Message(
                ticket_id=ticket.id,
                message_id=f"m{number}",
                brand=ticket.brand,
                text=move.text,
                procedure=ticket.procedure,
                facts=identity.facts,
                fields=identity.fields,
            )
            turns.append(await handle(message, deps))
            talk += [Line("player", move.text), *(Line("agent", text) for text in turns[-1].replies)]
        if move.end is not End.STAYS or not move.text or turns[-1].silent or turns[-1].waiting is not None:
            break
    return Chat(tuple(acted), tuple(turns), await handle(Close(ticket_id=ticket.id), deps))


async def _played(read: Read, sandbox: Sandbox, chat: Chat) -> Replayed:
    kept = sandbox.stores
    whole = await read_whole(read.ticket.id, Stores(record=kept, ledger=kept, decisions=kept, desk=kept))
    return Replayed(
        whole=whole,
        found=end_state(whole, chat.closed),
        granted=tuple(granted_row(grant.order) for grant in sandbox.world.grants),
        path=tuple(node for turn in chat.turns for node in turn.path),
        named=sandbox.deps.named,
    )


def _graded(trial: Trial, read: Read, played: Replayed, *, usage: Usage) -> Trial:
    seen = see(played.whole, played.found, granted=played.granted, usage=usage, named=played.named)
    trial = replace(trial, end=played.found.document())
    try:
        parts = grade(read.ticket.expect, seen)
    except NoCriteria as error:
        return replace(trial, status=Status.ERROR, why=str(error))
    failed = any(part.gates and not part.holds for part in parts)
    return replace(trial, status=Status.FAIL if failed else Status.PASS, parts=parts)


def _trial(read: Read, *, repeat: int, seed: int, status: Status = Status.PASS, why: str = "") -> Trial:
    return Trial(
        ticket=read.ticket.id,
        file=read.file,
        title=read.ticket.title,
        level=Level.SIMULATED,
        repeat=repeat,
        seed=seed,
        status=status,
        tags=read.ticket.tags,
        why=why,
    )


def _with_player(usage: Usage, chat: Chat) -> Usage:
    """Add what the player cost: the ticket's own budget is of the desk alone, the price of the trial is of both."""
    moves = [one.move for one in chat.acted]
    return replace(
        usage,
        model_calls=usage.model_calls + sum(move.calls for move in moves),
        tokens_in=usage.tokens_in + sum(move.tokens_in for move in moves),
        tokens_out=usage.tokens_out + sum(move.tokens_out for move in moves),
    )


def _ms(seconds: float) -> Decimal:
    return Decimal(round(seconds * 1_000_000)) / 1000
