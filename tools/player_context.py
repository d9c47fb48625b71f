"""Player context: read-only looks at the verified player, least data first."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from casino.values import Document, Value
from tools.player_facts import KYC
from tools.ports import Unavailable
from tools.tool import Arguments, Call, Kind, Need, Result, Status, Tool
from tools.world import VERIFIED, World

NEWEST = 5


class NoArguments(Arguments):
    """Nothing: who the player is comes from the verified ticket."""


class Answer(BaseModel):
    """The base of what a READ tool answers. A platform may add keys on any day; a rule reads those declared here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class KycAnswer(Answer):
    """The state of the identity check."""

    status: str | None = Field(None, description="how the identity check stands, as approved, pending or rejected")
    level: str | None = Field(None, description="how thoroughly the identity was checked, as basic or enhanced")


class BalanceAnswer(Answer):
    """What is on the account."""

    balance: Decimal | None = None
    currency: str | None = None


class Deposit(Answer):
    """One deposit."""

    amount: Decimal | None = Field(None, description="major units of the currency")
    currency: str | None = Field(None, description="ISO 4217 code")
    at: datetime | None = Field(None, description="when it arrived")


class DepositsAnswer(Answer):
    """The deposits, newest first: the model sees the five newest, a rule sees all."""

    deposits: list[Deposit] = Field(description="the deposits, newest first, each with amount, currency and at")


async def _read(asked: Awaitable[Document]) -> Result:
    try:
        return Result(status=Status.OK, data=await asked)
    except Unavailable as error:
        data: dict[str, Value] = {"code": "unavailable", "message": str(error)}
        return Result(status=Status.UNAVAILABLE, data=data, escalate="system_unavailable")


def _player_id(call: Call[World]) -> str:
    return str(call.facts[VERIFIED].value["player_id"])


async def _profile(call: Call[World]) -> Document:
    """Only the fields that the procedure names."""
    player = await call.world.platform.player(_player_id(call))
    if player is None:
        return {}
    return {name: player.fields[name] for name in call.named_fields if name in player.fields}


async def _balance(call: Call[World]) -> Document:
    player = await call.world.platform.player(_player_id(call))
    if player is None or "balance" not in player.fields:
        return {}
    return {"balance": player.fields["balance"], "currency": player.currency}


async def _deposits(call: Call[World]) -> Document:
    newest = (await call.world.platform.deposits(_player_id(call)))[:NEWEST]
    return {"deposits": [{key: one.get(key) for key in ("amount", "currency", "at")} for one in newest]}


async def _kyc(call: Call[World]) -> Document:
    kyc = await call.world.platform.kyc(_player_id(call))
    return {key: kyc[key] for key in ("status", "level") if key in kyc}


def _context(
    name: str, display_name: str, description: str, look: Callable[[Call[World]], Awaitable[Document]]
) -> Tool[World]:
    async def run(_: NoArguments, call: Call[World]) -> Result:
        return await _read(look(call))

    return Tool(
        name=name,
        display_name=display_name,
        kind=Kind.READ,
        description=description,
        arguments=NoArguments,
        run=run,
        needs=(Need(fact=VERIFIED),),
    )


PLAYER_PROFILE = _context(
    "player_profile", "Player Profile", "Read the player fields that the procedure names.", _profile
)
PLAYER_BALANCE = replace(
    _context("player_balance", "Player Balance", "Read the player's balance and its currency.", _balance),
    response=BalanceAnswer,
)
DEPOSIT_HISTORY = replace(
    _context("deposit_history", "Deposit History", "Read the player's five newest deposits.", _deposits),
    response=DepositsAnswer,
    facts_as="player",
)
KYC_STATUS = replace(
    _context("kyc_status", "KYC Status", "Read the state of the player's identity documents.", _kyc),
    response=KycAnswer,
    facts_as=KYC.path,
)
