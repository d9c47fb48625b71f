"""What a figure counts: read from the words around it in a text, and from the key under which a tool returned it."""

import re
from enum import StrEnum
from typing import Final

from agent.outgoing import role_words as words
from agent.outgoing.figures import Figure
from tools.spoken_words import fold


class Role(StrEnum):
    """What a figure counts. ANY is a known value of which nobody has said what it counts."""

    ANY = "any"
    SPINS = "spins"
    WAGER = "wager"
    MONEY = "money"  # nobody said whose
    BALANCE = "balance"
    DEPOSIT = "deposit"
    BONUS = "bonus"
    PER_SPIN = "per_spin"
    PERCENT = "percent"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_OWNED: Final = frozenset({Role.BALANCE, Role.DEPOSIT, Role.BONUS})


def agree(said: Role | None, known: Role) -> bool:
    """Tell whether a figure that counts `said` may be proved by one that counts `known`; None: nobody said what."""
    if said is None or known is Role.ANY or said is known:
        return True
    return (said is Role.MONEY and known in _OWNED) or (said in _OWNED and known is Role.MONEY)


_BEFORE, _AFTER = 90, 40  # characters that are looked at
_SENTENCE_END: Final = re.compile(r"[.!?;](?=\s|$)|\n")
_FEW_WORDS: Final = r"(?:\W+\w+){0,4}\W*$"
_SPINS_AFTER: Final = re.compile(rf"\s?(?:x )?(?:(?:{words.SPIN_ADJECTIVES}) ){{0,2}}(?:{words.SPIN})(?!\w)")
_SPINS_BEFORE: Final = re.compile(
    rf"(?<!\w)(?:{words.SPIN})(?: (?:gratis|gratuits?|gratuites?))?\s?(?::|=|\bare\b|\bis\b)\s?$"
)
_TIMES_AFTER: Final = re.compile(rf"\s?(?:{words.TIMES})(?!\w)")
_TIMES_BEFORE: Final = re.compile(r"(?<!\w)[x×]\s?$")  # noqa: RUF001  # the sign
_WAGER_AFTER: Final = re.compile(rf"\s?(?:{words.WAGER})(?!\w)")
_WAGER_BEFORE: Final = re.compile(rf"(?<!\w)(?:{words.WAGER})(?!\w){_FEW_WORDS}")
_PER_SPIN_AFTER: Final = re.compile(rf"[\s,(]*(?:{words.PER_SPIN_AFTER})(?!\w)")
_PER_SPIN_BEFORE: Final = re.compile(rf"(?<!\w)(?:{words.PER_SPIN_BEFORE})(?!\w)")
_TIME_AFTER: Final = {
    Role(unit): re.compile(rf"[\s-]{{0,2}}(?:{pattern})(?!\w)") for unit, pattern in words.TIME.items()
}
_MONEY: Final = {Role(owner): rf"(?<!\w)(?:{pattern})(?!\w)" for owner, pattern in words.MONEY.items()}
_MONEY_NEXT: Final = {owner: re.compile(rf"\s?(?:\w+\s)?{pattern}") for owner, pattern in _MONEY.items()}
_MONEY_BEFORE: Final = {owner: re.compile(pattern) for owner, pattern in _MONEY.items()}
_MONEY_CLOSE: Final = {owner: re.compile(pattern + _FEW_WORDS) for owner, pattern in _MONEY.items()}


def role_in(text: str, figure: Figure, *, bonuses: frozenset[str] = frozenset()) -> Role | None:
    """Return what a figure of a text counts by the words around it; None where they do not say.

    `bonuses` are the names of rewards of this ticket, folded: what stands after such a name is a bonus.
    """
    before = _SENTENCE_END.split(fold(text[max(0, figure.start - _BEFORE) : figure.start]))[-1]
    after = _SENTENCE_END.split(fold(text[figure.end : figure.end + _AFTER]))[0]
    if figure.percent:
        return Role.PERCENT
    if figure.currencies:
        return _money(before, after, bonuses)
    return _counted(before, after, times=figure.times)


def _counted(before: str, after: str, *, times: bool) -> Role | None:
    """Return the role of a figure without a currency: what stands directly behind it counts before what leads to it."""
    if times or _TIMES_AFTER.match(after) or _TIMES_BEFORE.search(before):
        return Role.WAGER
    if _SPINS_AFTER.match(after):
        return Role.SPINS
    for unit, pattern in _TIME_AFTER.items():
        if pattern.match(after):
            return unit
    if _SPINS_BEFORE.search(before):
        return Role.SPINS
    if _WAGER_AFTER.match(after) or _WAGER_BEFORE.search(before):
        return Role.WAGER
    return next((owner for owner, pattern in _MONEY_CLOSE.items() if pattern.search(before)), None)


def _money(before: str, after: str, bonuses: frozenset[str]) -> Role:
    if _PER_SPIN_AFTER.match(after) or _PER_SPIN_BEFORE.search(before):
        return Role.PER_SPIN
    for owner, pattern in _MONEY_NEXT.items():
        if pattern.match(after):
            return owner
    reached = {
        owner: max((found.end() for found in pattern.finditer(before)), default=0)
        for owner, pattern in _MONEY_BEFORE.items()
    }
    named = max((before.rfind(name) + len(name) for name in bonuses if name in before), default=0)
    reached[Role.BONUS] = max(reached[Role.BONUS], named)
    nearest = max(reached, key=reached.__getitem__)
    return nearest if reached[nearest] > 0 else Role.MONEY


_KEY_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_COUNTS: Final = frozenset({"count", "number", "id", "at", "code"})


def role_of_key(key: str) -> Role:
    """Return what a number under this key of a tool's result counts; ANY where the key does not say."""
    parts = [part.lower() for part in _KEY_WORD.findall(key)]
    said = frozenset(parts)
    if said & {"spin"} and said & {"value", "per", "bet", "stake"}:
        return Role.PER_SPIN
    if "spins" in said:
        return Role.SPINS
    for unit in (Role.SECONDS, Role.MINUTES, Role.HOURS, Role.DAYS, Role.WEEKS, Role.MONTHS, Role.YEARS):
        if unit.value in said:
            return unit
    if said & _COUNTS:
        return Role.ANY
    return next((role for names, role in _ROLE_OF_NAME if said & names), Role.ANY)


_ROLE_OF_NAME: Final = (
    (frozenset({"wager", "wagering", "rollover", "playthrough"}), Role.WAGER),
    (frozenset({"percent", "percentage", "pct", "rate", "share"}), Role.PERCENT),
    (frozenset({"balance"}), Role.BALANCE),
    (frozenset({"deposit", "deposits"}), Role.DEPOSIT),
    (frozenset({"age"}), Role.YEARS),
)
