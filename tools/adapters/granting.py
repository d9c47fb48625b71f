"""What every ledger knows of effects: which are grants, and what limits count of them. Nothing of bonuses is needed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from casino.values import Document, Value
from tools.ledger import GONE, Denied, Effect, EffectState
from tools.record import ERASED

GRANTING: Final = "issue_bonus"  # the tool whose effects are grants
SPENT: Final = Denied("decision_spent", "this decision was carried out before, and counts once")
# What of a grant's outcome is a booking. All else (a refusal's text, say) may repeat who somebody is: it is sealed.
BOOKED: Final = frozenset({"issued", "grantId", "reward", "code", "confirmed_by", "denied_by"})
FINAL: Final = frozenset({EffectState.DONE, *GONE})  # states whose outcome stays


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantParts:
    """What limits count of a grant, as it stands in its intent; None where it does not say."""

    player_id: str | None = None
    brand: str | None = None
    configuration: str | None = None
    reason: str | None = None  # `configuration/tier`
    amount_type: str | None = None
    amount: int | Decimal | None = None
    currency: str | None = None


def stays(effect: Effect, *, state: EffectState, outcome: Document) -> bool:
    """Tell whether an effect stays as it is. What is settled does, but a failure that took effect after all is done."""
    if effect.state in FINAL:
        return (effect.state, state) != (EffectState.FAILED, EffectState.DONE)
    return (effect.state, effect.outcome) == (state, outcome)


def is_as_seen(effect: Effect, seen: Effect) -> bool:
    """Tell whether an effect still stands as somebody has read it, and open."""
    return effect.state not in FINAL and (effect.state, effect.at) == (seen.state, seen.at)


def granted_by(intent: Document) -> str:
    """Return the configuration that a grant was made by; its reason is `configuration/tier`."""
    return str(intent.get("reason")).partition("/")[0]


def booked(outcome: Document) -> dict[str, Value]:
    """Return what of a grant's outcome stays readable for ever."""
    return {name: value for name, value in outcome.items() if name in BOOKED}


def said(outcome: Document) -> dict[str, Value]:
    """Return what of a grant's outcome is sealed, and goes when its ticket is erased."""
    return {name: value for name, value in outcome.items() if name not in BOOKED}


def without_said(outcome: Document) -> Document:
    """Return a grant's outcome as it is once its ticket was erased."""
    return {**booked(outcome), **ERASED} if said(outcome) else outcome


def parts_of(effect: Effect) -> GrantParts:
    """Return what limits count of an effect: nothing where it is no grant."""
    return parts_in(effect.intent) if effect.tool == GRANTING else GrantParts()


def parts_in(intent: Document) -> GrantParts:
    """Return what limits count of a grant."""
    reward = intent.get("reward")
    known = reward if isinstance(reward, dict) else {}
    amount = known.get("amount")
    return GrantParts(
        player_id=_text(intent, "player_id"),
        brand=_text(intent, "brand"),
        configuration=granted_by(intent),
        reason=_text(intent, "reason"),
        amount_type=_text(known, "amountType"),
        amount=amount if isinstance(amount, int | Decimal) and not isinstance(amount, bool) else None,
        currency=_text(intent, "currency"),
    )


def _text(document: Document, name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) else None
