"""The phrases of a sentence about a player, each with what it says: field paths and values."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from casino.bonus.players.place_words import BY_CODE, BY_NAME, Named
from casino.exact import NotExact, exact_number
from casino.facts import MISSING, UNAVAILABLE, Absent
from casino.money import Money
from casino.rules.right_side import right_side
from casino.rules.tokens import Cursor, RuleSyntaxError, tokens
from casino.values import Value

Says: TypeAlias = Mapping[str, Value | Absent]  # by path; MISSING: the field is not there at all
Reader: TypeAlias = Callable[[re.Match[str], datetime], Says]


class Phrase(NamedTuple):
    """A pattern, and what a match of it says."""

    pattern: re.Pattern[str]
    read: Reader


_COUNTS: Final[tuple[str, ...]] = (
    *("no", "zero", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_N: Final = rf"(?:-?\d+(?:,\d{{3}})*(?:\.\d+)?k?|{'|'.join(_COUNTS)})(?!\w)"
_CODE: Final = r"(?:(?-i:[A-Z]{3})|€|£|\$|euros?|pounds?|dollars?)"
_SIGNS: Final = {"€": "EUR", "£": "GBP", "$": "USD", "euro": "EUR", "pound": "GBP", "dollar": "USD"}
_NAME: Final = r"(?:'[^']*'|\"[^\"]*\"|[\w-]+)"
# Words that begin something else, so that "tagged whale and aged 34" does not tag the player "aged".
_OTHERS: Final = (
    r"(?:aged?|from|with|in|on|no|not|has|deposits?|deposited|ngr|status|balance|badges?|segments?|tags?)\b"
)
_LIST: Final = rf"{_NAME}(?:\s*(?:\band\b|/|\+)\s*(?!{_OTHERS}|-?\d){_NAME})*"
_QUOTED: Final = r"'(?:[^'\\]|\\.)*'|\"[^\"]*\""
_STATED: Final = (  # the right side of "player.x = …": a list, money, a moment, or one word or number
    rf"\[(?:{_QUOTED}|[^\]'\"])*\]|{_QUOTED}|-?\d+(?:\.\d+)?\s(?-i:[A-Z]{{3}})(?!\w)"
    rf"|\d{{4}}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|{_NAME}(?:\.\d+)?|-\d+(?:\.\d+)?"
)
_PATH: Final = r"(?:player|tools|safety|counters)(?:\.[\w-]+)+"


def number(text: str) -> int | Decimal:
    """Read a number as people write it: "3", "three", "1,000.50", "10k"."""
    word = text.casefold()
    if word in _COUNTS:
        return max(_COUNTS.index(word) - 1, 0)
    digits = word.replace(",", "")
    return exact_number(digits.removesuffix("k")) * 1000 if digits.endswith("k") else exact_number(digits)


def _money(match: re.Match[str], group: str, path: str) -> Says:
    """Return an amount and, where it carries a sign or a code, the player's currency."""
    code = (match[f"{group}_before"] or match[f"{group}_after"] or "").casefold()
    currency = _SIGNS.get(code.removesuffix("s"), code.upper())
    amount: Says = {path: number(match[group])}
    return {**amount, "player.currency": currency} if currency else amount


def _amount(group: str) -> str:
    return rf"(?P<{group}_before>{_CODE})?\s?(?P<{group}>{_N})(?:\s?(?P<{group}_after>{_CODE})(?!\w))?"


def _name(text: str) -> str:
    return text[1:-1] if text[:1] in {"'", '"'} else text


def _names(text: str) -> list[Value]:
    return [_name(one) for one in re.findall(_NAME, text) if one.casefold() != "and"]


def _plain(text: str) -> Value | Absent:
    """Read the right side of "player.x = …": a literal of the rule language, or a word that needs no quotes here."""
    word = text.strip()
    literal = _literal(word)
    if literal is not None:
        return literal
    if word.startswith("["):
        return [part for one in re.findall(_NAME, word) if not isinstance(part := _plain(one), Absent)]
    if re.fullmatch(r"-?\d+(\.\d+)?", word):
        return exact_number(word)
    words: Says = {"true": True, "false": False, "null": None, "missing": MISSING, "unavailable": UNAVAILABLE}
    return words.get(word.casefold(), word)


def _literal(word: str) -> Value:
    """Read a value as a rule writes it; None where it is none."""
    try:
        cursor = Cursor(tokens(word))
        value = right_side(cursor)
    except (RuleSyntaxError, NotExact):
        return None
    match value:
        case Money():
            amount = value.amount
            return {"amount": int(amount) if amount == int(amount) else amount, "currency": value.currency}
        case bool() | int() | Decimal() | str() | list() if cursor.next.kind == "end":
            return value
        case _:
            return None


def _since_deposit(days: int, now: datetime) -> Says:
    at = (now - timedelta(days=days)).isoformat().replace("+00:00", "Z")
    return {"player.daysSinceLastDeposit": days, "player.lastDepositAt": at}


def _days(match: re.Match[str], now: datetime) -> Says:
    word = next(text for text in match.groups() if text is not None).casefold()
    days = {"today": 0, "yesterday": 1}.get(word)
    return _since_deposit(int(number(word)) if days is None else days, now)


def _last_deposit(match: re.Match[str], now: datetime) -> Says:
    said = _money(match, "last", "player.lastDeposit")
    return said if match["ago"] is None else {**said, **_since_deposit(int(number(match["ago"])), now)}


def _deposits(match: re.Match[str], _: datetime) -> Says:
    count = number(match["count"])
    said: Says = {"player.depositCount": count}
    if match["each"] is None:
        return said
    money = _money(match, "each", "player.lastDeposit")
    return {**said, **money, "player.totalDeposits": count * number(match["each"])}


def _place(country: Named) -> Says:
    said: Says = {"player.country": country.code}
    return said if country.jurisdiction is None else {**said, "player.jurisdiction": country.jurisdiction}


def _fixed(**values: Value | Absent) -> Reader:
    """Say the same whatever the words; `__` stands for the dot of a path."""
    said: Says = {path.replace("__", "."): value for path, value in values.items()}
    return lambda _match, _now: said


def _word(path: str) -> Reader:
    return lambda match, _now: {path: _name(match[1])}


def _listed(path: str) -> Reader:
    return lambda match, _now: {path: _names(match[1])}


def _listed_none(path: str) -> Reader:
    return lambda _match, _now: {path: []}


def _counted(path: str) -> Reader:
    return lambda match, _now: {path: number(match[1])}


def _paid(group: str, path: str) -> Reader:
    return lambda match, _now: _money(match, group, path)


def _phrase(pattern: str, read: Reader) -> Phrase:
    return Phrase(re.compile(rf"(?<![\w.]){pattern}(?!\w)", re.IGNORECASE), read)


_KNOWN_PLACES: Final = "|".join(sorted(map(re.escape, BY_NAME), key=len, reverse=True))
_KNOWN_CODES: Final = "|".join(sorted(map(re.escape, BY_CODE), key=len, reverse=True))

# In the order in which they are tried; each takes its words out of the sentence before the next one reads.
PHRASES: Final[tuple[Phrase, ...]] = (
    _phrase(
        rf"({_PATH})\s*(?:=|\bis\b)\s*({_STATED})",
        lambda match, _now: {match[1]: _plain(match[2])},
    ),
    *(
        phrase
        for name, words in {
            "tags": "tagged|(?:with )?(?:the )?tags?",
            "badges": "(?:with )?(?:the )?badges?",
            "restrictions": "restricted|restrictions?",
            "segments": "(?:in )?(?:the )?segments?",
        }.items()
        for phrase in (
            _phrase(rf"no {name}", _listed_none(f"player.{name}")),
            _phrase(rf"(?:{words}):? ({_LIST})", _listed(f"player.{name}")),
        )
    ),
    _phrase(r"not self[- ]?excluded", _fixed(safety__self_excluded=False)),
    _phrase(
        r"(?:self[- ])?exclusion (?:list |register )?(?:is )?(?:unknown|unreachable|unavailable|down)",
        _fixed(safety__self_excluded=UNAVAILABLE),
    ),
    _phrase(r"self[- ]?excluded", _fixed(safety__self_excluded=True)),
    _phrase(r"(?:cooling[- ]?off|on a break)", _fixed(safety__cooling_off=True)),
    _phrase(r"closed for (?:player protection|responsible gaming|rg)", _fixed(safety__rg_closed=True)),
    _phrase(r"not blocked", _fixed(safety__blocked=False)),
    _phrase(r"blocked", _fixed(safety__blocked=True)),
    _phrase(r"aml[- ]hold", _fixed(safety__aml_hold=True)),
    _phrase(r"(?:strong )?(?:signs|indicators) of (?:strong )?harm|strong harm", _fixed(safety__strong_harm=True)),
    _phrase(r"(?:under[- ]?age|a minor)", _fixed(safety__age_years=17)),
    _phrase(r"age unknown", _fixed(safety__age_years=None)),
    _phrase(rf"age[d:]? (?:of )?({_N})", _counted("safety.age_years")),
    _phrase(rf"({_N})[- ]years?[- ]old", _counted("safety.age_years")),
    _phrase(
        rf"last deposit (?:of |was )?(?!{_N} days? ago){_amount('last')}(?:,? (?P<ago>{_N}) days? ago)?",
        _last_deposit,
    ),
    _phrase(rf"(?:last deposit(?:ed)?(?: was)?|deposited) (?:({_N}) days? ago|(today|yesterday))", _days),
    _phrase(rf"({_N}) days? since (?:the )?last deposit", _days),
    _phrase(r"never deposited", _fixed(player__depositCount=0)),
    _phrase(r"first[- ](?:time depositor|deposit)", _fixed(player__depositCount=1)),
    _phrase(
        rf"(?:total|lifetime) deposits?:? (?:of )?{_amount('total')}|(?:deposited )?{_amount('sum')} in total",
        lambda match, _now: _money(match, "total" if match["total"] else "sum", "player.totalDeposits"),
    ),
    _phrase(rf"(?P<count>{_N}) deposits?(?: of {_amount('each')}(?: each)?)?", _deposits),
    _phrase(r"positive ngr", _fixed(player__ngr=100)),
    _phrase(r"negative ngr", _fixed(player__ngr=-100)),
    _phrase(rf"ngr:? (?:of |is )?({_N})(?: ?{_CODE}(?!\w))?", _counted("player.ngr")),
    _phrase(rf"({_N}) (?:{_CODE} )?(?:of )?ngr", _counted("player.ngr")),
    _phrase(rf"balance:? (?:of |is )?{_amount('balance')}", _paid("balance", "player.balance")),
    _phrase(r"(?:no|without an?) active bonus", _fixed(player__activeBonus=False)),
    _phrase(r"(?:an )?active bonus", _fixed(player__activeBonus=True)),
    _phrase(r"bonuses (?:switched |turned )?off|opted out", _fixed(player__wantsBonus=False)),
    _phrase(r"bonuses (?:switched |turned )?on|wants (?:a )?bonus(?:es)?|opted in", _fixed(player__wantsBonus=True)),
    _phrase(r"(?:kyc|identity check) (?:is )?(?:down|unavailable|unreachable)", _fixed(tools__kyc=UNAVAILABLE)),
    _phrase(r"not verified|unverified", _fixed(player__kycStatus="pending")),
    _phrase(r"verified", _fixed(player__kycStatus="approved")),
    _phrase(rf"kyc (?:status |is )?({_NAME})", _word("player.kycStatus")),
    _phrase(rf"(?:vip )?level ({_NAME})", _word("player.vipLevel")),
    _phrase(
        r"(bronze|silver|gold|platinum|diamond)(?: level)?",
        lambda match, _now: {"player.vipLevel": match[1].casefold()},
    ),
    _phrase(rf"category ({_NAME})", _word("player.category")),
    _phrase(r"vip", _fixed(player__category="VIP")),
    _phrase(r"new(?= player| customer|,|$)", _fixed(player__category="New")),
    _phrase(r"regular", _fixed(player__category="Regular")),
    _phrase(rf"status ({_NAME})", _word("player.status")),
    _phrase(r"(active|inactive|banned|suspended|closed)", lambda match, _now: {"player.status": match[1].casefold()}),
    _phrase(r"(?:currency|paying in) ((?-i:[A-Z]{3}))", _word("player.currency")),
    _phrase(rf"id ({_NAME})", _word("player.id")),
    _phrase(rf"(?:from |in )?({_KNOWN_PLACES})", lambda match, _now: _place(BY_NAME[match[1].casefold()])),
    _phrase(rf"(?:from|in|country) ((?-i:{_KNOWN_CODES}))", lambda match, _now: _place(BY_CODE[match[1]])),
)
