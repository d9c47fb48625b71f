"""The text form of conditions, read: `player.tags contains any of ['vip', 'whale']`."""

from types import MappingProxyType

from casino.rules.condition import Condition, is_path
from casino.rules.flaws import Flaw, flaw
from casino.rules.left_side import left_side
from casino.rules.operators import operator_at
from casino.rules.right_side import right_side
from casino.rules.tokens import Cursor, RuleSyntaxError, Token, short, tokens

LONGEST_RULE = 50_000  # characters
MOST_CONDITIONS = 200  # joined in one text

_JOINS = MappingProxyType({"and": "and", "&&": "and", "&": "and", "or": "or", "||": "or", "|": "or"})
_UNITS_BEHIND = frozenset({"day", "days", "hour", "hours", "minute", "minutes", "week", "weeks", "month", "months"})


def parse_condition(text: str) -> Condition:
    """Read exactly one condition; raises RuleSyntaxError."""
    cursor = _cursor(text)
    condition = _condition(cursor)
    token = cursor.next
    if _JOINS.get(token.text.casefold()) == "and":
        mend = "Write each condition as an entry of its own; they are joined by and."
        raise RuleSyntaxError("one condition is expected here, not two", token.offset, mend)
    if token.kind != "end":
        raise _after(condition, token)
    return condition


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Read conditions joined by the word `and`; raises RuleSyntaxError."""
    cursor = _cursor(text)
    conditions = [_condition(cursor)]
    while _takes_and(cursor, conditions[-1]):
        conditions.append(_condition(cursor))
        if len(conditions) > MOST_CONDITIONS:
            message = f"more than {MOST_CONDITIONS} conditions are joined here"
            raise RuleSyntaxError(message, cursor.next.offset, "Compute a field, and compare that.")
    return tuple(conditions)


def _cursor(text: str) -> Cursor:
    if len(text) > LONGEST_RULE:
        message = f"the rule has {len(text)} characters, more than {LONGEST_RULE}"
        raise RuleSyntaxError(message, LONGEST_RULE, "Split it.")
    return Cursor(tokens(text))


def _condition(cursor: Cursor) -> Condition:
    start = cursor.next.offset
    path, measure = left_side(cursor)
    operator = operator_at(cursor)
    expected_at = cursor.next.offset
    condition = Condition(path, operator, right_side(cursor), measure=measure)
    found = flaw(condition)
    if found is not None:
        raise RuleSyntaxError(found.message, expected_at if is_path(path) else start, found.mend)
    return condition


def _takes_and(cursor: Cursor, condition: Condition) -> bool:
    """Step over an `and`; False at the end."""
    token = cursor.take()
    if token.kind == "end":
        return False
    if token.text == "and":
        return True
    raise _after(condition, token)


def _after(condition: Condition, token: Token) -> RuleSyntaxError:
    found = _behind(condition, token)
    return RuleSyntaxError(found.message, token.offset, found.mend)


def _behind(condition: Condition, token: Token) -> Flaw:
    """Say what is wrong with a token behind a complete condition."""
    join = _JOINS.get(token.text.casefold())
    if join == "or":
        mend = "Write a second configuration with its own priority, or another branch, for the other case."
        return Flaw('there is no "or" in a rule', mend)
    if join == "and":
        return Flaw(f'"{token.text}" does not join conditions', 'Did you mean "and"?')
    if token.text == ",":
        mend = 'Write numbers without separators, as 1000 or 0.5, and "and" between conditions.'
        return Flaw("a comma stands behind the value", mend)
    if token.text.casefold() in _UNITS_BEHIND:
        return _unit_behind(condition, token)
    message = f'"{short(token.text)}" stands behind a complete condition'
    return Flaw(message, 'Take it out, or write "and" before a further condition.')


def _unit_behind(condition: Condition, token: Token) -> Flaw:
    if condition.measure is not None:
        return Flaw(f'"{token.text}" stands behind the number', "Take it out: the unit stands in front of the field.")
    unit = "hours" if token.text.casefold().startswith("hour") else "days"
    return Flaw(f'"{token.text}" stands behind the number', f'Did you mean "{unit} since {short(condition.path)}"?')
