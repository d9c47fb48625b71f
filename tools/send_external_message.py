"""Send External Message: tell a back-office team, by a signed webhook."""

from pydantic import Field

from casino.values import Document, Value
from tools.ports import ExternalMessage, Refused
from tools.tool import Arguments, Call, Intent, Kind, Need, Tool
from tools.world import DECISION, VERIFIED, Hands, World

MESSAGE = "external_message"
LONGEST = 1000


class SendExternalMessageArguments(Arguments):
    """What the team should know."""

    summary: str = Field(
        default="",
        max_length=LONGEST,
        description="one or two sentences for the team, beside the player's own words",
    )


async def send_external_message(arguments: SendExternalMessageArguments, call: Call[World]) -> Intent:
    """Turn the summary and the facts of the ticket into one message."""
    decision = call.facts.get(DECISION)
    body: dict[str, Value] = {
        "topic": "ticket",
        "ticket_id": call.ticket_id,
        "brand": call.brand,
        "player_id": call.facts[VERIFIED].value["player_id"],
        "asked": call.asked[:LONGEST],  # the player's own words
        "summary_by_model": arguments.summary,  # nobody has checked it
        "decision": None if decision is None else decision.value["result"],
    }
    return Intent(key=f"message:{call.ticket_id}", business_key=f"message:{call.ticket_id}", body=body)


async def perform(intent: Intent, hands: Hands) -> Document | Refused:
    """Send it; the receiver drops a repeated id, so a repeat under the same key is harmless."""
    message = ExternalMessage(topic=str(intent.body["topic"]), body=intent.body)
    sent = await hands.messenger.send(message, message_id=intent.key)
    return sent if isinstance(sent, Refused) else {"sent": True, "messageId": sent.message_id}


SEND_EXTERNAL_MESSAGE: Tool[World] = Tool(
    name="send_external_message",
    display_name="Send External Message",
    kind=Kind.WRITE,
    description=(
        "Send this ticket to the back-office team, once. Use it where the procedure says that the team must be told. "
        "`sent: true` means that the team has it; nothing has been granted by it."
    ),
    arguments=SendExternalMessageArguments,
    run=send_external_message,
    perform=perform,
    repeatable=True,
    needs=(Need(fact=VERIFIED),),
    establishes=(MESSAGE,),
    outcome="messaged",
    gives=False,
)
