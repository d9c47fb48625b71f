"""What a ticket expects: the end that must come about, and what may and may not happen on the way."""

from typing import Annotated

from casino.bonus.decide import Status
from evals.shapes import Strict, Text, one_of
from tools.transfer_to_live_agent import WHY

OUTCOMES = ("issued", "informed", "escalated", "messaged", "resolved", "abandoned")
DECISIONS = (*(status.value for status in Status), "")  # "" is no decision
HANDOFFS = (*WHY, "")  # "" is no hand-over


class Expected(Strict):
    """The end state that must come about. What is left out is not compared; `outcome` and `effects` never are."""

    outcome: Annotated[str, one_of(*OUTCOMES)]
    effects: tuple[str, ...]  # `tool: state`, in order, such as `issue_bonus: done`
    procedure: str | None = None
    verified: str | None = None  # the player id, or "" for nobody
    decision: Annotated[str, one_of(*DECISIONS)] | None = None
    tier: str | None = None
    handoff: Annotated[str, one_of(*HANDOFFS)] | None = None  # the reason code
    granted: tuple[str, ...] | None = None  # player ids of the rows in the bonus system
    said: tuple[Text, ...] = ()  # stands in some reply
    never_said: tuple[Text, ...] = ()  # stands in no reply
