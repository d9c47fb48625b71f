"""Issue Bonus: by decision id and nothing else; amount, template and player come from the stored decision."""

from casino.facts import Facts, Found, SafetyFacts
from casino.safety import VetoCode, veto
from casino.values import Document
from tools.legal import refusal
from tools.player_facts import gather_safety
from tools.ports import Granted, GrantOrder, Refused, StoredDecision
from tools.tool import Arguments, Call, Intent, Kind, Need, Result, Status, Tool, from_fact
from tools.world import GRANT, GRANTED, VERIFIED, World


class IssueBonusArguments(Arguments):
    """Which decision to carry out."""

    decision_id: str = from_fact(f"{GRANTED}.decision_id", "the decisionId that qualify_for_bonus returned")


async def issue_bonus(arguments: IssueBonusArguments, call: Call[World]) -> Result | Intent:
    """Turn a granted decision of this ticket into an intent; refuse every other."""
    decision = await call.world.decisions.decision(arguments.decision_id)
    if decision is None or not _bound(decision, call):
        return refusal("not_your_decision", "no such decision was made for this player on this ticket")
    if decision.reward is None or decision.status != "qualified":
        return refusal("not_granted", "this decision grants nothing")
    if call.now >= decision.expires_at:
        return refusal("decision_expired", "this decision has expired; call qualify_for_bonus again")
    facts = await gather_safety(call.world.platform, decision.player_id, brand=decision.brand, now=call.now)
    if (unsafe := _unsafe(facts)) is not None:
        return unsafe
    day = decision.decided_at.date().isoformat()
    return Intent(
        key=f"issue:{decision.decision_id}",
        business_key=f"grant:{decision.brand}:{decision.player_id}:{decision.configuration}:{day}",
        body={
            "decision_id": decision.decision_id,
            "player_id": decision.player_id,
            "brand": decision.brand,
            "reward": dict(decision.reward),
            "currency": _currency(facts),
            "reason": f"{decision.configuration}/{decision.tier}",
        },
    )


def _currency(facts: Facts) -> str | None:
    """Return the player's currency: what a budget adds up is in it."""
    look = facts.look("player.currency")
    return look.value if isinstance(look, Found) and isinstance(look.value, str) else None


def _unsafe(facts: Facts) -> Result | None:
    """Look at the vetoes again: what was safe at the decision may not be at the issue, and an outage is not safe."""
    vetoes = veto(SafetyFacts.of(facts))
    if not vetoes:
        return None
    reason = "decision_unknown" if all(one.code is VetoCode.SAFETY_UNKNOWN for one in vetoes) else "effect_refused"
    message = "it cannot be issued now; do not discuss why"
    return Result(status=Status.REFUSED, data={"code": "vetoed", "message": message}, escalate=reason)


def _bound(decision: StoredDecision, call: Call[World]) -> bool:
    """Say whether the decision belongs to this ticket, brand and verified player."""
    player_id = call.facts[VERIFIED].value["player_id"]
    return (decision.ticket_id, decision.brand, decision.player_id) == (call.ticket_id, call.brand, player_id)


async def perform(intent: Intent, world: World) -> Document | Refused:
    """Ask the bonus system for the grant, under the intent's key."""
    body = intent.body
    reward = body["reward"]
    order = GrantOrder(
        decision_id=str(body["decision_id"]),
        player_id=str(body["player_id"]),
        brand=str(body["brand"]),
        reward=reward if isinstance(reward, dict) else {},
        reason=str(body["reason"]),
    )
    granted = await world.bonuses.grant(order, idempotency_key=intent.key)
    return granted if isinstance(granted, Refused) else _given(granted, intent)


async def reconcile(intent: Intent, world: World) -> Document | None:
    """Return the grant made under this key, or None where there is certainly none."""
    found = await world.bonuses.find_grant(intent.key)
    return None if found is None else _given(found, intent)


def _given(granted: Granted, intent: Intent) -> Document:
    return {"issued": True, "grantId": granted.grant_id, "reward": intent.body["reward"]}


ISSUE_BONUS: Tool[World] = Tool(
    name="issue_bonus",
    display_name="Issue Bonus",
    kind=Kind.WRITE,
    description=(
        "Give the player the bonus of a qualified decision of this ticket. Call it only after qualify_for_bonus said "
        "`qualified`, with its decisionId. `issued: true` means that it is on the account now."
    ),
    arguments=IssueBonusArguments,
    run=issue_bonus,
    perform=perform,
    reconcile=reconcile,
    needs=(Need(fact=VERIFIED), Need(fact=GRANTED)),
    establishes=(GRANT,),
    spends=(GRANTED,),
    outcome="issued",
)
