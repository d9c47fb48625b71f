"""A made-up player from a sentence: "VIP from Malta, 3 deposits, tagged whale". Deterministic, no model involved.

What the sentence does not say is taken from an ordinary adult player, and listed. A word that is not understood is an
error, never ignored: a test on half of what was meant proves nothing.
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

from casino.bonus.law.jurisdictions import LIFETIME_PATH
from casino.bonus.players.place_words import BY_CODE
from casino.bonus.players.words import PHRASES, Phrase
from casino.exact import NotExact, exact_text
from casino.facts import SAFETY_FLAGS, UNAVAILABLE, Absent
from casino.money import Money
from casino.rules.condition import Condition, literal
from casino.values import Value

CAN_READ: Final = (
    'a country ("from Malta"), a category ("VIP", "new player"), a level ("gold"), lists ("tagged whale and loyal", '
    '"badges verified", "restrictions no_bonus", "no tags"), "3 deposits", "last deposit 500 EUR 3 days ago", '
    '"2000 EUR in total", "ngr 120", "balance 30 EUR", "aged 34", "verified", "kyc pending", "kyc down", '
    '"self-excluded", "cooling off", "blocked", "aml hold", "active bonus", "bonuses off", "status banned", '
    'and any field as "player.bonusRate = 25" or "player.biggestWin = 900 EUR" (also null, missing, unavailable)'
)
_FILLING: Final = frozenset(
    {"a", "an", "the", "and", "but", "also", "with", "who", "has", "have", "had", "is", "was", "are"}
    | {"of", "for", "from", "in", "on", "player", "customer", "user", "account"}
)
_TAKEN: Final = "\x00"  # stands where words were read, and parts those on both sides


class NotUnderstood(ValueError):  # noqa: N818  # named by what happened
    """A sentence that cannot be made a player; the message names the words and says what can be read."""


@dataclass(frozen=True, slots=True)
class Mock:
    """A made-up player: the facts document, what was read from the sentence, and what was assumed."""

    document: Mapping[str, Value]
    read: tuple[str, ...]
    assumed: tuple[str, ...]


_Stated: TypeAlias = dict[str, tuple[Value | Absent, str]]  # by path: what is said, and in which words


def mock_player(sentence: str, *, now: datetime, limits: Iterable[Condition] = ()) -> Mock:
    """Read a sentence about a player; `now` is what "3 days ago" counts from. Raises NotUnderstood.

    Of the counters that `limits` compare it is assumed that nothing was granted yet.
    """
    stated: _Stated = {}
    rest = exact_text(sentence)
    try:
        for phrase in PHRASES:
            rest = _without(phrase, rest, stated, now)
    except NotExact as error:
        raise NotUnderstood(f"{error}: no player has such a number. Write a smaller one.") from error
    left = [word for word in re.findall(r"[^\s,.;:!?()&\x00]+", rest) if word.casefold() not in _FILLING]
    if left or not stated:
        words = ", ".join(f'"{word}"' for word in left) or "a sentence that says nothing"
        raise NotUnderstood(f"not understood: {words}. Can be read: {CAN_READ}.")
    return _completed(stated, {LIFETIME_PATH: 0, **_nothing_granted(limits)}, now)


def _without(phrase: Phrase, rest: str, stated: _Stated, now: datetime) -> str:
    """Take in what a phrase says wherever it matches, and return the sentence without it."""

    def take(match: re.Match[str]) -> str:
        words = " ".join(match.group().replace(_TAKEN, " ").split())
        for path, value in phrase.read(match, now).items():
            _state(stated, path, value, words)
        return _TAKEN

    return phrase.pattern.sub(take, rest)


def _state(stated: _Stated, path: str, value: Value | Absent, words: str) -> None:
    if path in stated and stated[path][0] != value:
        raise NotUnderstood(f'"{stated[path][1]}" and "{words}" say two things about {path}. Take one of them out.')
    stated[path] = (value, words)


def _nothing_granted(limits: Iterable[Condition]) -> dict[str, Value]:
    most = {condition.path: condition.expected for condition in limits}
    return {path: {"amount": 0, "currency": of.currency} if isinstance(of, Money) else 0 for path, of in most.items()}


def _completed(stated: _Stated, counted: Mapping[str, Value], now: datetime) -> Mock:
    said = {path: value for path, (value, _) in stated.items() if not isinstance(value, Absent)}
    absent = {path: value for path, (value, _) in stated.items() if isinstance(value, Absent)}
    ordinary = {**ordinary_player(said, now=now), **counted}
    assumed = {path: value for path, value in ordinary.items() if path not in said and not _hidden(path, absent)}
    unavailable: list[Value] = [path for path, why in absent.items() if why is UNAVAILABLE]
    document: dict[str, Value] = {"player": {}, "tools": {}, "safety": {}}
    for path, value in {**assumed, **said}.items():
        put(document, path, value)
    return Mock(
        document={**document, "unavailable": unavailable},
        read=tuple(f'"{words}": {path} {_spelt(value)}' for path, (value, words) in stated.items()),
        assumed=tuple(f"{path} {literal(value)}" for path, value in assumed.items()),
    )


def _spelt(value: Value | Absent) -> str:
    match value:
        case Absent.MISSING | Absent.UNAVAILABLE:
            return value.value
        case {"amount": amount, "currency": currency, **rest} if not rest:
            return f"{amount} {currency}"
        case _:
            return literal(value)


def _hidden(path: str, absent: Mapping[str, Absent]) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}.") for prefix in absent)


def put(document: dict[str, Value], path: str, value: Value) -> None:
    """Set the value at a path; a value that stands where a mapping is needed gives way."""
    *above, last = path.split(".")
    at = document
    for step in above:
        below = at.get(step)
        if not isinstance(below, dict):
            below = at[step] = dict[str, Value]()
        at = below
    at[last] = deepcopy(value)


def ordinary_player(said: Mapping[str, Value], *, now: datetime) -> dict[str, Value]:
    """Return an ordinary player by path: of age, nothing against them, a few deposits, and what follows from `said`."""
    place = BY_CODE.get(str(said.get("player.jurisdiction") or said.get("player.country")))
    return {
        "player.id": "mock-player",
        "player.category": "Regular",
        "player.status": "active",
        "player.ngr": 100,
        **{f"player.{name}": list[Value]() for name in ("tags", "badges", "restrictions", "segments")},
        **_deposits(said, now),
        "player.balance": 20,
        "player.country": "MT",
        "player.currency": "EUR" if place is None else place.currency,
        "player.vipLevel": None,
        "player.wantsBonus": True,
        "player.activeBonus": False,
        "player.kycStatus": "approved",
        "tools.kyc.status": said.get("player.kycStatus", "approved"),
        **dict.fromkeys((f"safety.{name}" for name in SAFETY_FLAGS), False),
        "safety.age_years": 30,
    }


def _deposits(said: Mapping[str, Value], now: datetime) -> dict[str, Value]:
    """Return deposits that agree with each other: none has no last one, and a total is at least count times last."""
    count, last = said.get("player.depositCount", 3), said.get("player.lastDeposit", 50)
    days = said.get("player.daysSinceLastDeposit", 3)
    if count == 0:
        gone = dict.fromkeys(("lastDeposit", "lastDepositAt", "daysSinceLastDeposit"))
        return {"player.depositCount": 0, **{f"player.{name}": None for name in gone}, "player.totalDeposits": 0}
    at = now - timedelta(days=days if isinstance(days, int) else 0)
    return {
        "player.depositCount": count,
        "player.lastDeposit": last,
        "player.lastDepositAt": at.isoformat().replace("+00:00", "Z"),
        "player.daysSinceLastDeposit": days,
        "player.totalDeposits": count * last if isinstance(count, int) and isinstance(last, int | Decimal) else last,
    }
