"""Inform Player: the exact, true statement of a decision, to be told and nothing more."""

from casino.values import Value
from tools.tool import Arguments, Call, Fact, Kind, Need, Result, Status, Tool
from tools.world import DECISION, World

INFORMED = "informed"


class InformPlayerArguments(Arguments):
    """Nothing: the decision of this ticket says what there is to tell."""


async def inform_player(_: InformPlayerArguments, call: Call[World]) -> Result:
    """Return what may be said about this ticket's decision."""
    decision = call.facts[DECISION]
    told: dict[str, Value] = {"tell": decision.value["result"]}
    return Result(
        status=Status.OK,
        data=told,
        establishes={
            INFORMED: Fact(value={"decision_id": decision.value["decision_id"]}, expires_at=decision.expires_at)
        },
        outcome="informed",
    )


INFORM_PLAYER: Tool[World] = Tool(
    name="inform_player",
    display_name="Inform Player",
    kind=Kind.DECIDE,
    description=(
        "Tell the player the decision of qualify_for_bonus, qualified or not. Call it, then reply with what `tell` "
        "says, in your own words and with no other figures. It issues nothing."
    ),
    arguments=InformPlayerArguments,
    run=inform_player,
    needs=(Need(fact=DECISION),),
    establishes=(INFORMED,),
)
