"""Verify Player Identity: compare what the player said with the platform, in code."""

import hashlib
from datetime import date, datetime, timedelta

from pydantic import ConfigDict

from casino.values import Value
from tools.legal import refusal
from tools.ports import Player, Unavailable
from tools.spoken import phones
from tools.tool import Arguments, AttemptLimit, Call, Fact, Kind, Result, Status, Tool, spoken
from tools.world import VERIFIED, VerificationPolicy, World

BASIC, STRONG = 1, 2


class VerifyPlayerArguments(Arguments):
    """What the player said about themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: str = spoken("email", "the e-mail address of the account, as the player wrote it")
    date_of_birth: date = spoken("birth_date", "the player's date of birth, YYYY-MM-DD, from the player's own words")
    phone: str | None = spoken("phone", "the phone number of the account, if the player gave one", default=None)


def _subjects(call: Call[World], email: str) -> list[str]:
    """Name who is counted: the ticket, and the claimed address without writing it down."""
    digest = hashlib.sha256(f"{call.brand}\n{email.strip().casefold()}".encode()).hexdigest()[:32]
    return [f"ticket:{call.ticket_id}", f"email:{digest}"]


async def _take_attempt(call: Call[World], subjects: list[str]) -> bool:
    """Count an attempt before anything is compared, so that many at once are no more than many in a row."""
    policy = call.world.verification
    since = call.now - timedelta(seconds=policy.lockout_s)
    return await call.world.attempts.take(subjects, limit=policy.attempts, since=since, at=call.now)


def _matches(player: Player | None, arguments: VerifyPlayerArguments, region: str | None) -> bool:
    """Compare every fact that was given; one that differs, or that the platform lacks, is no match."""
    if player is None or player.date_of_birth != arguments.date_of_birth:
        return False
    if arguments.phone is None:
        return True
    known = phones(player.phone or "", region=region or player.country)
    return bool(known) and known[0] in phones(arguments.phone, region=region or player.country)


async def verify_player(arguments: VerifyPlayerArguments, call: Call[World]) -> Result:
    """Answer verified or not, and never why not: the reference values stay in code."""
    subjects = _subjects(call, arguments.email)
    if not await _take_attempt(call, subjects):
        return Result(
            status=Status.REFUSED,
            data={"code": "locked_out", "message": "too many failed attempts; a human must take over"},
            escalate="verification_failed",
        )
    try:
        player = await call.world.platform.find_by_email(arguments.email, brand=call.brand)
    except Unavailable as error:
        await call.world.attempts.give_back(subjects, at=call.now)
        data: dict[str, Value] = {"code": "unavailable", "message": str(error)}
        return Result(status=Status.UNAVAILABLE, data=data, escalate="system_unavailable")
    if player is None or not _matches(player, arguments, call.world.verification.region):
        return refusal("no_match", "these details do not match an account of this brand; ask the player to check them")
    await call.world.attempts.give_back(subjects, at=call.now)
    level = BASIC if arguments.phone is None else STRONG
    return Result(
        status=Status.OK,
        data={"verified": True},
        establishes={VERIFIED: verified(player, level=level, now=call.now, policy=call.world.verification)},
        fields={"player": dict(player.fields)},
    )


def verified(player: Player, *, level: int, now: datetime, policy: VerificationPolicy) -> Fact:
    """Return the fact of a verified player, with its expiry."""
    expires_at = now + timedelta(seconds=policy.expires_s)
    return Fact(value={"player_id": player.id}, level=level, expires_at=expires_at)


VERIFY_PLAYER: Tool[World] = Tool(
    name="verify_player_identity",
    display_name="Verify Player Identity",
    kind=Kind.DECIDE,
    description=(
        "Check who the player is, from the e-mail address and date of birth that they wrote. Ask for what is missing; "
        "never guess. `verified: true` means that the account is theirs. `no_match` says nothing about which detail is "
        "wrong: ask the player to check both. The number of attempts is limited."
    ),
    arguments=VerifyPlayerArguments,
    run=verify_player,
    establishes=(VERIFIED,),
    subject="player_id",
    attempts=AttemptLimit(count=3, reason_code="verification_failed"),
)
