"""The situation that a model is asked about, read from where the ticket stands."""

from agent.deps import Deps
from agent.desk import Standing
from agent.memory.conversation import this_turn
from agent.model.port import Situation


def situate(standing: Standing, deps: Deps, *, brand: str) -> Situation:
    """Return the situation of one look at a ticket."""
    return Situation(
        brand=brand,
        category=standing.procedure.category,
        steps=bool(standing.actions),
        phase=standing.phase,
        next_action=standing.next_action,
        asked_for_human=standing.asked_for_human,
        missing=standing.missing,
        verifier=deps.verifier,
        escalation=deps.escalation,
        legal=standing.legal,
        facts=standing.facts,
        today=standing.today,
        turns=standing.turns,
        this_turn=this_turn(standing.turns),
    )
