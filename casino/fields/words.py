"""The words of expressions: functions, operators, numbers and texts, and what was meant where a word is none."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from casino.exact import NotExact, exact_number, exact_text
from casino.fields.field_type import FieldType
from casino.fields.fitting import named_type
from casino.fields.signatures import Part
from casino.fields.tree import Fixed, Function, Gathering, Order
from casino.nearest import did_you_mean
from casino.rules.tokens import RuleSyntaxError, Token, short, unquoted

MOST_PLACES: Final = 12  # decimal places of round(x, n)

_FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "min": "min",
        "max": "max",
        "abs": "abs",
        "round": "round",
        "if": "if",
        "coalesce": "coalesce",
        "days_since": "days_since",
        "hours_since": "hours_since",
        "day": "day",
    }
)
GATHERINGS: Mapping[str, Gathering] = MappingProxyType({"count": "count", "sum": "sum", "min": "min", "max": "max"})
ORDERS: Mapping[str, Order] = MappingProxyType({"==": "==", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="})
_MEANT_ORDER: Mapping[str, str] = MappingProxyType(
    {"=": "==", "===": "==", "<>": "!=", "≠": "!=", "=>": ">=", "≥": ">=", "=<": "<=", "≤": "<="}
)
_JOINS: Mapping[str, str] = MappingProxyType({"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"})


def order(token: Token) -> Order:
    """Return the comparison that a token is; raises RuleSyntaxError with the one that was meant."""
    if token.text in ORDERS:
        return ORDERS[token.text]
    if token.text in _JOINS:
        mend = f'Did you mean "{_JOINS[token.text]}"?'
    elif token.text in _MEANT_ORDER:
        mend = f'Did you mean "{_MEANT_ORDER[token.text]}"?'
    else:
        mend = "Write one of ==, !=, >, >=, <, <=."
    raise RuleSyntaxError(f'"{short(token.text)}" is not an operator', token.offset, mend)


def number(token: Token, *, sign: str = "") -> int | Decimal:
    """Return what a number token says; raises RuleSyntaxError where it is too long to be exact."""
    try:
        return exact_number(sign + token.text)
    except NotExact as error:
        raise RuleSyntaxError(str(error), token.offset, "Write it shorter.") from error


def text_of(token: Token) -> str:
    """Return what a text token says; raises RuleSyntaxError for an escape that is none."""
    try:
        return exact_text(unquoted(token))
    except NotExact as error:
        raise RuleSyntaxError(str(error), token.offset, "Write whole characters.") from error


def function_of(token: Token) -> Function:
    """Return the function of this name; raises RuleSyntaxError with the one that was meant."""
    if token.text in _FUNCTIONS:
        return _FUNCTIONS[token.text]
    if token.text in GATHERINGS:
        mend = f"Name a list, as in {token.text}(player.deposits.amount)."
        raise RuleSyntaxError(f'"{token.text}" works on a list', token.offset, mend)
    mend = did_you_mean(token.text, {*_FUNCTIONS, *GATHERINGS})
    raise RuleSyntaxError(f'"{short(token.text)}" is not a function', token.offset, mend)


def check_places(part: Part) -> None:
    """Refuse decimal places that are not written down as a whole number."""
    node = part.node
    whole = isinstance(node, Fixed) and isinstance(node.value, int) and 0 <= node.value <= MOST_PLACES
    if not whole:
        mend = f"Write a whole number from 0 to {MOST_PLACES}, as in round(player.ngr, 2)."
        raise RuleSyntaxError("the decimal places of round stand there as a number", part.offset, mend)


def bare(token: Token) -> RuleSyntaxError:
    """Return the error of a name without its root."""
    mend = f"Write the field with its root, as player.{short(token.text)}, or '{short(token.text)}' where it is text."
    return RuleSyntaxError(f'"{short(token.text)}" is no field', token.offset, mend)


def not_scalar(token: Token, type_: FieldType) -> RuleSyntaxError:
    """Return the error of a field that an expression cannot work with as a whole."""
    path = short(token.text)
    if type_ is FieldType.MONEY:
        mend = f"Write {path}.amount, and look after the currency with {path}.currency."
    else:
        mend = f"Count it, as in count({path})."
    return RuleSyntaxError(f'"{path}" is {named_type(type_)}, and no single value', token.offset, mend)


def no_value(token: Token) -> RuleSyntaxError:
    """Return the error of a token where a value is expected."""
    mend = "Write a number, a 'text', true, false, a field such as player.ngr, or a function such as min(a, b)."
    if token.kind == "open_string":
        return RuleSyntaxError("the quoted text does not end", token.offset, "Close it.")
    if token.kind == "bad_number":
        return RuleSyntaxError(f"{token.shown} is not a number", token.offset, "Write numbers as 500 or 0.5.")
    if token.text in _JOINS:
        return RuleSyntaxError(f"{token.shown} is no word", token.offset, f'Did you mean "{_JOINS[token.text]}"?')
    return RuleSyntaxError(f"a value is expected here, not {token.shown}", token.offset, mend)


def after(token: Token) -> RuleSyntaxError:
    """Return the error of a token behind the expression."""
    if token.text == "where":
        mend = "Write it inside of count, sum, min or max, as in count(player.deposits where amount > 10)."
        return RuleSyntaxError('"where" stands outside of a list', token.offset, mend)
    message = f"{token.shown} stands behind a complete expression"
    return RuleSyntaxError(message, token.offset, "Take it out, or put an operator in front of it.")
