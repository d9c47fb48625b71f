"""The right side of a condition: numbers, texts, lists, money, and what is relative to the decision's moment."""

import re
from types import MappingProxyType

from casino.exact import NotExact, exact_number, exact_text
from casino.money import Money, NotMoney, is_currency
from casino.rules.condition import UNITS, Expected, Relative, Unit, is_path
from casino.rules.flaws import Flaw
from casino.rules.tokens import Cursor, RuleSyntaxError, Token, short, unquoted
from casino.values import Value

_FANCY_QUOTES = frozenset("\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb`")  # what word processors write
_ANCHORS = frozenset({"now", "today"})
_JOINING = frozenset({"and", "or"})
_LETTERS_OF_CURRENCY = 3
_WHOLE = re.compile(r"(?P<sign>[-+]?)(?P<number>[0-9]{1,9})")
_UNITS_MEANT = MappingProxyType(
    {
        **dict.fromkeys(("minute", "min", "mins", "minutes"), "minutes"),
        **dict.fromkeys(("hour", "h", "hrs", "hours"), "hours"),
        **dict.fromkeys(("day", "d", "days"), "days"),
    }
)
_GLUED_MONEY = re.compile(r"(?P<amount>-?[0-9]+(\.[0-9]+)?)(?P<currency>[A-Za-z]{3})")
_GLUED_SHIFT = re.compile(r"(?P<anchor>now|today)(?P<sign>-)(?P<rest>[0-9]*)", re.IGNORECASE)
_LIST = "Write a list as ['a', 'b'], with a comma between the values and a bracket at the end."
_SHIFT = "Write it as now - 30 days."


def right_side(cursor: Cursor) -> Expected:
    """Take the value of a condition; raises RuleSyntaxError."""
    token = cursor.take()
    if token.text == "[":
        return _list(cursor)
    if token.kind == "word" and token.text in _ANCHORS:
        return _relative(token, cursor)
    if token.kind == "number" and _is_unit_of_money(cursor.next):
        return _money(token, cursor.take())
    if token.kind == "word" and is_currency(token.text) and cursor.next.kind == "number":
        mend = f'Did you mean "{cursor.next.text} {token.text}"?'
        raise RuleSyntaxError("the amount stands before its currency", token.offset, mend)
    return _scalar(token)


def _list(cursor: Cursor) -> list[Value]:
    items: list[Value] = []
    if cursor.next.text == "]":
        cursor.take()
        return items
    while True:
        items.append(_scalar(cursor.take()))
        token = cursor.take()
        if token.text == "]":
            return items
        if token.text != ",":
            raise RuleSyntaxError("the list goes on without a comma", token.offset, _LIST)


def _is_unit_of_money(token: Token) -> bool:
    return (
        token.kind == "word"
        and len(token.text) == _LETTERS_OF_CURRENCY
        and token.text.isalpha()
        and token.text.casefold() not in _JOINING
        and token.text.casefold() not in _UNITS_MEANT
    )


def _money(amount: Token, currency: Token) -> Money:
    if not is_currency(currency.text):
        mend = f'Did you mean "{amount.text} {currency.text.upper()}"?'
        raise RuleSyntaxError(f'"{currency.text}" is not a currency', currency.offset, mend)
    try:
        return Money.of(exact_number(amount.text), currency.text)
    except (NotMoney, NotExact) as error:
        raise RuleSyntaxError(str(error), amount.offset, "Write the amount as 500 EUR or 0.50 EUR.") from error


def _relative(anchor: Token, cursor: Cursor) -> Relative:
    shift = _shift(cursor)
    if shift is None:
        return Relative("now" if anchor.text == "now" else "today")
    unit = _unit(cursor.take(), abs(shift))
    return Relative("now" if anchor.text == "now" else "today", shift, unit)


def _shift(cursor: Cursor) -> int | None:
    """Take `- 30`, `+ 30` or `-30`; None where nothing of this kind stands here."""
    token = cursor.next
    if token.kind == "mark" and token.text in {"-", "+"}:
        sign, number = cursor.take().text, cursor.take()
    elif token.kind in {"number", "bad_number"}:
        sign, number = "", cursor.take()
    else:
        return None
    found = _WHOLE.fullmatch(number.text)
    if found is None or bool(found["sign"]) is bool(sign):
        raise RuleSyntaxError(f"a whole number of units is expected here, not {number.shown}", number.offset, _SHIFT)
    return int(found["number"]) * (-1 if "-" in {sign, found["sign"]} else 1)


def _unit(token: Token, count: int) -> Unit:
    for unit in UNITS:
        if token.text == unit:
            return unit
    meant = _UNITS_MEANT.get(token.text.casefold())
    if meant is not None:
        raise RuleSyntaxError(f'"{token.text}" is not a unit', token.offset, f'Did you mean "{count} {meant}"?')
    message = f"a unit is expected here, not {token.shown}"
    raise RuleSyntaxError(message, token.offset, "The units are minutes, hours and days.")


def _scalar(token: Token) -> Value:
    try:
        if token.kind == "string":
            return exact_text(unquoted(token))
        if token.kind == "number":
            return exact_number(token.text)
    except NotExact as error:
        mend = "Write whole characters." if token.kind == "string" else "Write it shorter."
        raise RuleSyntaxError(str(error), token.offset, mend) from error
    if token.kind == "word" and token.text in {"true", "false"}:
        return token.text == "true"
    found = _value_flaw(token, short(token.text))
    raise RuleSyntaxError(found.message, token.offset, found.mend)


def _value_flaw(token: Token, shown: str) -> Flaw:
    if token.kind == "end":
        return Flaw("a value is expected here, but the rule ends", "Write a number, true, false, 'text' or a list.")
    if token.kind == "open_string":
        mend = "Close it. In YAML, a rule with # or : in it stands in quotes as a whole."
        return Flaw("the quoted text does not end", mend)
    if token.kind == "bad_number":
        return _number_flaw(token.text, shown)
    if token.kind == "word":
        return _word_flaw(token.text, shown)
    if token.text in _FANCY_QUOTES:
        return Flaw(f"{token.text} is not a quote of the rule language", "Use straight quotes: 'text'.")
    return Flaw(f'"{shown}" is not a value', "Write a number, true, false, 'text' or a list such as ['a', 'b'].")


def _number_flaw(text: str, shown: str) -> Flaw:
    money = _GLUED_MONEY.fullmatch(text)
    if money is not None:
        return Flaw(f'"{shown}" is not a number', f'Did you mean "{money["amount"]} {money["currency"].upper()}"?')
    mend = "Write numbers as 500 or 0.5, and money as 500 EUR; dates and codes stand in quotes."
    return Flaw(f'"{shown}" is not a number', mend)


def _word_flaw(word: str, shown: str) -> Flaw:
    if word.casefold() in {"true", "false", *_ANCHORS}:
        return Flaw(f'"{word}" is not a value', f'Did you mean "{word.casefold()}"?')
    if word.casefold() in {"null", "none", "nil"}:
        return Flaw("a field that is null fails every condition, so nothing is compared with null", "Drop it.")
    shift = _GLUED_SHIFT.fullmatch(word)
    if shift is not None:
        meant = f"{shift['anchor'].casefold()} - {shift['rest'] or '30'} days"
        return Flaw(f'"{shown}" is written without spaces', f'Did you mean "{meant}"?')
    if is_path(word):
        mend = f"Compare with a fixed value, or write '{shown}' in quotes where it is text."
        return Flaw(f'"{shown}" is a field; a rule compares a field with a fixed value', mend)
    return Flaw(f'"{shown}" stands without quotes', f"Write '{shown}'.")
