"""While a ticket waits for a human's yes or no: messages are taken and answered, and nothing goes on by itself."""

from collections.abc import Mapping
from typing import NamedTuple, cast

from agent.deps import Deps
from agent.incoming import heard_of_harm
from agent.nodes.escalate import hand_over
from agent.state import State, stored, waiting_for
from agent.turns import say, write_turn
from tools.approvals import ApprovalState
from tools.record import Entry
from tools.spoken import wants_human
from tools.tool import Fact


class Meanwhile(NamedTuple):
    """A message that came while the ticket waits: its entry on the record, and who the channel says has sent it."""

    entry: Entry
    facts: Mapping[str, Fact]


async def is_open(state: State, deps: Deps) -> bool:
    """Say whether what the ticket waits for is still to be decided."""
    approval = await deps.gate.approvals.approval(waiting_for(state) or "")
    return approval is not None and approval.standing(deps.clock()) is ApprovalState.OPEN


def same_person(facts: Mapping[str, Fact], state: State) -> bool:
    """Say whether the channel's facts are among those of the ticket."""
    before = state["facts"]
    return all(name in before and before[name]["value"] == fact["value"] for name, fact in stored(facts).items())


async def answer_meanwhile(state: State, deps: Deps, message: Meanwhile) -> State:
    """Answer that it is still waited for; or hand over, where a human is asked for or somebody else has signed in.

    The way to a human is never closed. Whoever takes the ticket decides what is to be done: the request is withdrawn.
    """
    message_id = str(message.entry.body["message_id"])
    here = cast("State", {**state, "message_id": message_id, "path": ["waiting"]})
    reason = _reason_to_hand_over(state, deps, message)
    if reason is None:
        return await _answered(here, deps, deps.prompts.reply(("waiting",), {"again": True}))
    changes = await hand_over(here, deps, reason)
    ended = cast("State", {**here, **changes, "path": ["waiting", "escalate"], "message_seq": message.entry.seq})
    if ended["silent"]:
        await deps.graph.write(state["ticket_id"], ended)
    names = (deps.escalation or "trouble", "trouble") if ended["silent"] else ("later",)
    values = {"result": {"reason_code": reason}, "status": "done", "again": False}
    return await _answered(ended, deps, deps.prompts.reply(names, values))


async def _answered(state: State, deps: Deps, text: str) -> State:
    await say(state, deps, text, once=f"reply:meanwhile:{state['message_id']}")
    await write_turn(state, deps, once=f"turn:{state['message_id']}")
    return state


def _reason_to_hand_over(state: State, deps: Deps, message: Meanwhile) -> str | None:
    if deps.escalation is None:
        return None
    if not same_person(message.facts, state):
        return "cannot_help"
    if heard_of_harm(message.entry.body):
        return "player_protection"
    return "player_request" if wants_human(str(message.entry.body["text"])) else None
