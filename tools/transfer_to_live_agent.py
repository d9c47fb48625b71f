"""Transfer to Live Agent: hand the ticket to a human, with a note that saves them from asking again."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from casino.values import Document, Value
from tools.ports import Handoff
from tools.tool import Arguments, Call, Intent, Kind, Tool
from tools.world import Hands, World

LONGEST = 500
TRANSFER = "transferred"


class TransferArguments(Arguments):
    """Why, and what was asked. Code has reasons of its own, which a model cannot claim."""

    reason_code: Literal["player_request", "procedure", "cannot_help"] = Field(
        default="procedure",
        description="player_request: the player asks for a human; procedure: the procedure says so; cannot_help: else",
    )
    asked: str = Field(default="", max_length=LONGEST, description="what the player wants, in one sentence")


WHY: Mapping[str, str] = {
    "player_request": "the player asked for a human",
    "procedure": "the procedure hands this case to a human",
    "cannot_help": "the agent cannot help with this",
    "player_protection": "the player speaks of harm from gambling or asks to be excluded: see to that before all else",
    "verification_failed": "the player could not be verified within the allowed attempts",
    "decision_unknown": "a system did not answer, so the decision is unknown: it is not a no",
    "system_unavailable": "a system that is needed did not answer; nothing was changed",
    "outcome_unknown": "an effect was tried and its outcome is not known: check before doing it again",
    "effect_refused": "what was decided could not be done: a rule or the other system refused it",
    "approval_denied": "a colleague has said no to what the agent was about to do",
    "approval_expired": "nobody approved in time what the agent was about to do",
    "approval_withdrawn": "what the agent was about to do was taken back before anybody approved it",
    "budget_spent": "the ticket used up its budget of turns, calls or tokens",
    "system_failure": "something broke on our side",
    "model_failed": "the model did not answer in a usable way",
}


async def transfer_to_live_agent(arguments: TransferArguments, call: Call[World]) -> Intent:
    """Write the hand-over note from the ticket itself."""
    gathered: dict[str, Value] = {name: dict(fact.value) for name, fact in call.facts.items()}
    asked = arguments.asked or call.asked
    reason_code = call.escalation or arguments.reason_code
    body: dict[str, Value] = {
        "ticket_id": call.ticket_id,
        "brand": call.brand,
        "reason_code": reason_code,
        "asked": asked[:LONGEST],
        "tried": list(call.tried),
        "why": WHY.get(reason_code, reason_code),
        "gathered": gathered,
    }
    return Intent(key=f"transfer:{call.ticket_id}", business_key=f"transfer:{call.ticket_id}", body=body)


async def perform(intent: Intent, hands: Hands) -> Document:
    """Put the ticket into the humans' inbox, which takes a key once."""
    body = intent.body
    tried, gathered = body["tried"], body["gathered"]
    handoff = Handoff(
        ticket_id=str(body["ticket_id"]),
        brand=str(body["brand"]),
        reason_code=str(body["reason_code"]),
        asked=str(body["asked"]),
        tried=tuple(str(line) for line in tried) if isinstance(tried, list) else (),
        why=str(body["why"]),
        gathered=gathered if isinstance(gathered, dict) else {},
    )
    handoff_id = await hands.desk.transfer(handoff, key=intent.key)
    return {"transferred": True, "handoffId": handoff_id, "reason_code": handoff.reason_code}


TRANSFER_TO_LIVE_AGENT: Tool[World] = Tool(
    name="transfer_to_live_agent",
    display_name="Transfer to Live Agent",
    kind=Kind.TERMINAL,
    description=(
        "Hand the ticket to a human and stop. Use it when the player asks for a human, when the procedure says so, or "
        "when you cannot help. Never use it to avoid asking the player for their details."
    ),
    arguments=TransferArguments,
    run=transfer_to_live_agent,
    perform=perform,
    repeatable=True,
    establishes=(TRANSFER,),
    outcome="escalated",
    gives=False,
    built_in=True,
)
