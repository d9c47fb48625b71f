"""Issue Bonus: by decision id and nothing else; amount, template and player come from the stored decision."""

from collections.abc import Mapping
from decimal import Decimal

from casino.bonus.configuration import Configuration
from casino.bonus.counters import Spent
from casino.bonus.reward import RewardType
from casino.clock import casino_day
from casino.facts import Facts, Found, SafetyFacts
from casino.safety import VetoCode, veto
from casino.values import Document, Value
from tools.grant_terms import GrantTerms
from tools.legal import refusal
from tools.player_facts import gather_safety
from tools.ports import Granted, GrantOrder, Refused, StoredDecision, Unavailable
from tools.tool import Arguments, Call, Grounds, Intent, Kind, Need, Result, Status, Tool, from_fact
from tools.world import GRANT, GRANTED, VERIFIED, Hands, World


class IssueBonusArguments(Arguments):
    """Which decision to carry out."""

    decision_id: str = from_fact(f"{GRANTED}.decision_id", "the decisionId that qualify_for_bonus returned")


async def issue_bonus(arguments: IssueBonusArguments, call: Call[World]) -> Result | Intent:
    """Turn a granted decision of this ticket into an intent; refuse every other.

    The business key is (brand, player, configuration, casino day of the decision, in the configuration's own zone and
    from its own hour): two decisions of one casino day are one bonus, however many tickets, tools or keys ask for it.
    The day is the decision's and not the issue's, so that an approval after midnight cannot open a second one.
    """
    decision = await call.world.decisions.decision(arguments.decision_id)
    if decision is None or not _bound(decision, call):
        return refusal("not_your_decision", "no such decision was made for this player on this ticket")
    if decision.reward is None or decision.status != "qualified":
        return refusal("not_granted", "this decision grants nothing")
    whose = f"{decision.brand}:{decision.player_id}"
    return Intent(
        key=f"issue:{decision.decision_id}",
        business_key=f"grant:{whose}:{decision.configuration}:{_day(decision, call.world)}",
        body={
            "decision_id": decision.decision_id,
            "player_id": decision.player_id,
            "brand": decision.brand,
            "reward": dict(decision.reward),
            "currency": await _currency(decision, call.world),
            "reason": f"{decision.configuration}/{decision.tier}",
        },
        decision_id=decision.decision_id,
        expires_at=decision.expires_at,
    )


async def recheck(intent: Intent, call: Call[World]) -> Grounds | Result:
    """Read again all that the grant rests on: the stored decision, the vetoes, the configuration in force.

    Approvals take time, so this counts and not what held when the tool was called. That the decision is not spent, and
    the limits, are looked at by the claim itself.
    """
    decision = await call.world.decisions.decision(str(intent.decision_id))
    if decision is None or not _same(decision, intent, call):
        return _stopped("decision_changed", "the stored decision is not the one that this was asked for")
    facts = await gather_safety(call.world.platform, decision.player_id, brand=decision.brand, now=call.now)
    if (unsafe := _unsafe(facts)) is not None:
        return unsafe
    configuration = _in_force(decision, call)
    if configuration is None:
        return _stopped("configuration_changed", "the bonus is no longer in force as it was decided on")
    effect = _effect(intent.body["reward"])
    return Grounds(
        facts={
            "effect": {
                **effect,
                "configuration": decision.configuration,
                "tier": decision.tier,
                **_its_currency(facts),
            },
            "player": facts.tree["player"],
            "unavailable": [*facts.unavailable],
        },
        terms=GrantTerms(
            player_id=decision.player_id,
            brand=decision.brand,
            configuration=configuration,
            cost=_cost(effect, intent.body["currency"]),
            active_bonus=_active_bonus(facts),
        ),
        expires_at=decision.expires_at,
    )


def _bound(decision: StoredDecision, call: Call[World]) -> bool:
    """Say whether the decision belongs to this ticket, brand and verified player."""
    player_id = call.facts[VERIFIED].value["player_id"]
    return (decision.ticket_id, decision.brand, decision.player_id) == (call.ticket_id, call.brand, player_id)


def _same(decision: StoredDecision, intent: Intent, call: Call[World]) -> bool:
    """Say whether an intent is still what its stored decision grants, on this ticket."""
    wanted = (intent.body["player_id"], intent.body["brand"], intent.body["reward"])
    granted = (decision.player_id, decision.brand, decision.reward)
    return decision.ticket_id == call.ticket_id and decision.status == "qualified" and wanted == granted


def _in_force(decision: StoredDecision, call: Call[World]) -> Configuration | None:
    """Return the decision's configuration where it is in force for the brand, with the content that was decided on."""
    in_force = call.world.configurations.in_force(brand=decision.brand, now=call.now)
    wanted = (decision.configuration, decision.configuration_hash)
    return next((one for one in in_force if (one.id, one.hash) == wanted), None)


def _day(decision: StoredDecision, world: World) -> str:
    """Return the casino day of a decision, by the clock of its configuration."""
    known = (one for one in world.configurations.configurations if one.id == decision.configuration)
    configuration = next(known, None)
    if configuration is None:  # the recheck refuses it
        return decision.decided_at.date().isoformat()
    zone, day_begins = configuration.time_zone, configuration.day_begins
    return casino_day(decision.decided_at, zone=zone, day_begins=day_begins).isoformat()


async def _currency(decision: StoredDecision, world: World) -> str | None:
    """Return the currency that a budget adds this grant up in; None where it is no cash, or nobody says."""
    if _effect(decision.reward).get("rewardType") != RewardType.CASH:
        return None
    try:
        player = await world.platform.player(decision.player_id)
    except Unavailable:
        return None
    return None if player is None else player.currency


def _effect(reward: Value | Document) -> Document:
    """Return what a policy may read of a reward."""
    known = reward if isinstance(reward, Mapping) else {}
    return {name: known[name] for name in ("rewardType", "amount", "amountType") if name in known}


def _cost(effect: Document, currency: Value) -> Spent | None:
    """Return what a reward costs; only cash has a cost in money."""
    amount = effect.get("amount")
    if effect.get("amountType") != "cash" or not isinstance(amount, int | Decimal):
        return None
    return Spent(1, amount, currency if isinstance(currency, str) else None)


def _its_currency(facts: Facts) -> dict[str, Value]:
    look = facts.look("player.currency")
    return {"currency": look.value} if isinstance(look, Found) else {}


def _active_bonus(facts: Facts) -> bool | None:
    look = facts.look("player.activeBonus")
    return look.value if isinstance(look, Found) and isinstance(look.value, bool) else None


def _unsafe(facts: Facts) -> Result | None:
    """Look at the vetoes again: what was safe at the decision may not be at the issue, and an outage is not safe."""
    vetoes = veto(SafetyFacts.of(facts))
    if not vetoes:
        return None
    reason = "decision_unknown" if all(one.code is VetoCode.SAFETY_UNKNOWN for one in vetoes) else "effect_refused"
    return _stopped("vetoed", "it cannot be issued now; do not discuss why", reason)


def _stopped(code: str, message: str, reason: str = "effect_refused") -> Result:
    """Return a refusal that a human looks at: what was granted is not given."""
    return Result(status=Status.REFUSED, data={"code": code, "message": message}, escalate=reason)


async def perform(intent: Intent, hands: Hands) -> Document | Refused:
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
    granted = await hands.bonuses.grant(order, idempotency_key=intent.key)
    return granted if isinstance(granted, Refused) else _given(granted, intent)


async def reconcile(intent: Intent, hands: Hands) -> Document | None:
    """Return the grant made under this key, or None where there is certainly none."""
    found = await hands.bonuses.find_grant(intent.key)
    return None if found is None else _given(found, intent)


def confirmed(intent: Intent) -> Document:
    """Return what was issued, where a human has found the grant in the bonus system, and nobody knows its id."""
    return {"issued": True, "reward": intent.body["reward"]}


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
    recheck=recheck,
    perform=perform,
    reconcile=reconcile,
    confirmed=confirmed,
    needs=(Need(fact=VERIFIED), Need(fact=GRANTED)),
    establishes=(GRANT,),
    spends=(GRANTED,),
    outcome="issued",
)
