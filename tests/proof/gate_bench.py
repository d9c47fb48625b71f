"""A gate over a real store and a real back office, and what must hold between the three. For the proofs."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from casino.values import Document
from tools.adapters.http_bonus import HttpBonusSystem
from tools.adapters.http_link import BackOfficeLink
from tools.adapters.sql.stores import SqlStores
from tools.approvals import About, ApprovalState
from tools.gate.door import Gate
from tools.gate.rules import GateRules, Mode, Policy
from tools.issue_bonus import ISSUE_BONUS
from tools.ledger import Effect, EffectState
from tools.ports import BonusSystem
from tools.tool import Call, Intent, Recheck, Tool

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOKEN = "proof"
SECRET = "whsec_cHJvb2Y="
PLAYER, BRAND = "P1004", "lucky-spin"
AUTOMATIC = GateRules(modes={"proof": Mode.AUTOMATIC}, policies=(Policy(name="all", approvers=0),))


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyBonuses:
    """Hands that reach the bonus system and nothing else."""

    bonuses: BonusSystem


def issue(recheck: Recheck[Any] | None = None) -> Tool[Any]:
    """Return Issue Bonus with what an effect stands on chosen by the test; performed and asked about as it ships."""
    return replace(ISSUE_BONUS, recheck=recheck)


def intent(name: str, *, once_per: str | None = None, player: str = PLAYER, reason: str = "proof/default") -> Intent:
    """Return the intent to grant something under a key of its own."""
    body: Document = {
        "decision_id": name,
        "player_id": player,
        "brand": BRAND,
        "reward": {"rewardType": "cash", "amount": 5, "amountType": "cash"},
        "currency": "EUR",
        "reason": reason,
    }
    return Intent(key=f"issue:{name}", business_key=once_per or f"grant:{name}", body=body)


def call(now: datetime, *, ticket: str = "t1") -> Call[Any]:
    """Return the call that an intent comes from."""
    return Call(
        ticket_id=ticket,
        brand=BRAND,
        call_id="c1",
        now=now,
        world=None,
        facts={},
        said=[],
        asked="",
        tried=[],
        named_fields=[],
        procedure="proof",
    )


def bonuses(client: httpx.AsyncClient, url: str, *, timeout_s: float) -> HttpBonusSystem:
    """Return the shipped adapter."""
    return HttpBonusSystem(link=BackOfficeLink(client=client, url=url, token=TOKEN, timeout_s=timeout_s))


def numbered() -> Callable[[str], str]:
    """Return a source of ids."""
    numbers = itertools.count(1)
    return lambda prefix: f"{prefix}-{next(numbers)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A gate, its store, and the back office seen from behind."""

    gate: Gate[OnlyBonuses]
    kept: SqlStores
    client: httpx.AsyncClient
    office_url: str  # past whatever stands in front of it
    clock: Clock = field(default_factory=Clock)

    async def granted(self, name: str) -> int:
        """Return how often the back office has granted under a decision."""
        answer = await self.client.get(
            f"{self.office_url}/v1/bonuses", params={"player_id": PLAYER}, headers={"Authorization": f"Bearer {TOKEN}"}
        )
        return sum(bonus["decision_id"] == name for bonus in answer.json()["bonuses"])

    async def row(self, name: str) -> Effect:
        """Return the ledger's row of an intent."""
        row = await self.kept.effect(f"issue:{name}")
        assert row is not None
        return row

    async def doubt(self, name: str) -> ApprovalState | None:
        """Return how the question about an intent stands in the inbox."""
        asked = await self.kept.approval_for(f"issue:{name}", About.DOUBT)
        return None if asked is None else asked.state


def consistent(row: Effect, granted: int, doubt: ApprovalState | None) -> bool:
    """Say whether a row tells the truth: nothing doubled, nothing lost, and what nobody knows waits for a human."""
    match row.state:
        case EffectState.DONE:
            return granted == 1 and doubt is not ApprovalState.OPEN
        case EffectState.FAILED:
            return granted == 0 and doubt is not ApprovalState.OPEN
        case EffectState.UNKNOWN:
            return granted <= 1 and doubt is ApprovalState.OPEN
        case _:
            return False
