"""What every ledger knows of effects: which are grants, and what limits count of them. Nothing of bonuses is needed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from casino.values import Document
from tools.ledger import GONE, Denied, Effect, EffectState

GRANTING: Final = "issue_bonus"  # the tool whose effects are grants
SPENT: Final = Denied("decision_spent", "this decision was carried out before, and counts once")
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


def granted_by(intent: Document) -> str:
    """Return the configuration that a grant was made by; its reason is `configuration/tier`."""
    return str(intent.get("reason")).partition("/")[0]


def parts_of(effect: Effect) -> GrantParts:
    """Return what limits count of an effect: nothing where it is no grant."""
    if effect.tool != GRANTING:
        return GrantParts()
    intent, reward = effect.intent, effect.intent.get("reward")
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
