"""Qualify for Bonus: the deterministic engine decides; the decision is minted here and stored."""

from datetime import timedelta

from casino.bonus.decide import Decision, decide
from casino.bonus.decide import Status as Verdict
from casino.safety import VetoCode
from casino.values import Document, Value
from tools.ports import StoredDecision
from tools.tool import Arguments, Call, Fact, Kind, Need, Result, Status, Tool
from tools.world import DECISION, GRANTED, VERIFIED, World


class QualifyForBonusArguments(Arguments):
    """Nothing: who the player is comes from the verified ticket."""


async def qualify_for_bonus(_: QualifyForBonusArguments, call: Call[World]) -> Result:
    """Decide on this ticket's verified player and mint the decision."""
    player_id = str(call.facts[VERIFIED].value["player_id"])
    decision = await _decided(player_id, call)
    stored = _minted(decision, player_id, call)
    await call.world.decisions.mint(stored)
    data: dict[str, Value] = {**decision.result(), "decisionId": stored.decision_id}
    return Result(
        status=Status.OK,
        data=data,
        establishes=_facts(stored, data),
        owed="decision_unknown" if _hangs_on_an_outage(decision) else None,
    )


async def _decided(player_id: str, call: Call[World]) -> Decision:
    world = call.world
    in_force = world.configurations.in_force(brand=call.brand, now=call.now)
    facts = await world.fact_sources.gather(
        player_id, brand=call.brand, now=call.now, configurations=in_force, packs=world.packs
    )
    return decide(world.configurations, facts, brand=call.brand, now=call.now, packs=world.packs)


def _hangs_on_an_outage(decision: Decision) -> bool:
    """Say whether a human must look: an outage is not a no, though a safety fact that is not known still vetoes."""
    if decision.status is Verdict.VETOED:
        return bool(decision.unavailable) and all(one.code == VetoCode.SAFETY_UNKNOWN for one in decision.reasons)
    return decision.status is Verdict.UNKNOWN


def _minted(decision: Decision, player_id: str, call: Call[World]) -> StoredDecision:
    reward: Document | None = None if decision.reward is None else decision.reward.result_fields()
    return StoredDecision(
        decision_id=call.world.new_id("D"),
        ticket_id=call.ticket_id,
        player_id=player_id,
        brand=call.brand,
        status=decision.status.value,
        configuration=decision.configuration,
        configuration_hash=decision.configuration_hash,
        tier=decision.tier,
        reward=reward,
        record=decision.record(),
        decided_at=call.now,
        expires_at=call.now + timedelta(seconds=call.world.decision_ttl_s),
    )


def _facts(stored: StoredDecision, data: Document) -> dict[str, Fact]:
    """Return the facts a decision establishes; only a qualified one can be spent."""
    fact = Fact(value={"decision_id": stored.decision_id, "result": dict(data)}, expires_at=stored.expires_at)
    if stored.status != Verdict.QUALIFIED.value:
        return {DECISION: fact}
    return {DECISION: fact, GRANTED: Fact(value={"decision_id": stored.decision_id}, expires_at=stored.expires_at)}


QUALIFY_FOR_BONUS: Tool[World] = Tool(
    name="qualify_for_bonus",
    display_name="Qualify for Bonus",
    kind=Kind.DECIDE,
    description=(
        "Decide whether the verified player qualifies for a bonus, and for which. `status` is `qualified`, "
        "`not_qualified`, `vetoed` (no bonus is possible; do not discuss why) or `unknown` (a system did not answer). "
        "`rewardType` tells which reward fields there are: only `cash` has an `amount`. It decides; it issues nothing."
    ),
    arguments=QualifyForBonusArguments,
    run=qualify_for_bonus,
    needs=(Need(fact=VERIFIED),),
    establishes=(DECISION, GRANTED),
)
