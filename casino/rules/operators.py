"""The operators as people write them, and what they meant where that is none."""

from types import MappingProxyType

from casino.nearest import did_you_mean
from casino.rules.condition import Operator
from casino.rules.tokens import Cursor, RuleSyntaxError, short

_WORD_OPERATORS = MappingProxyType({operator.value: operator for operator in Operator})
_LONGEST_OPERATOR = max(len(operator.value.split()) for operator in Operator)
_MEANT = MappingProxyType(
    {
        **dict.fromkeys(("=", "===", "is", "equals", "eq"), Operator.EQUAL),
        **dict.fromkeys(("<>", "!==", "~=", "≠", "is not", "not", "ne"), Operator.NOT_EQUAL),
        **dict.fromkeys(("=>", "≥"), Operator.GREATER_OR_EQUAL),
        **dict.fromkeys(("=<", "≤"), Operator.LESS_OR_EQUAL),
        **dict.fromkeys(("in", "is in", "is one of", "one of"), Operator.IS_IN),
        **dict.fromkeys(("has", "includes", "contain"), Operator.CONTAINS),
        **dict.fromkeys(("contains any", "has any of"), Operator.CONTAINS_ANY),
        **dict.fromkeys(("contains all", "has all of"), Operator.CONTAINS_ALL),
        **dict.fromkeys(
            ("does not contain", "not contains", "contains none of", "does not contain any"), Operator.CONTAINS_NONE
        ),
    }
)
_NOT_IN = frozenset({"not in", "is not in", "not is_in", "is_not_in", "not_in"})


def known_operator(spelt: str, offset: int) -> Operator:
    """Return the operator of this spelling; raises RuleSyntaxError with the one that was meant."""
    if spelt in _WORD_OPERATORS:
        return _WORD_OPERATORS[spelt]
    if spelt in _NOT_IN:
        mend = 'Write one condition with "!=" for each value; for a list field "does not contain any of".'
        raise RuleSyntaxError(f'"{spelt}" is not an operator', offset, mend)
    meant = _MEANT.get(spelt.casefold())
    mend = f'Did you mean "{meant.value}"?' if meant is not None else did_you_mean(spelt, _WORD_OPERATORS)
    raise RuleSyntaxError(f'"{short(spelt)}" is not an operator', offset, mend)


def operator_at(cursor: Cursor) -> Operator:
    """Take the operator that stands next, in as many words as it has; raises RuleSyntaxError."""
    token = cursor.next
    if token.kind == "symbol":
        cursor.take()
        return known_operator(token.text, token.offset)
    words = cursor.words_ahead(_LONGEST_OPERATOR)
    if not words:
        mend = "After the field write one of " + ", ".join(operator.value for operator in Operator) + "."
        raise RuleSyntaxError(f"an operator is expected here, not {token.shown}", token.offset, mend)
    for length in range(len(words), 0, -1):
        spelt = " ".join(words[:length])
        if spelt in _WORD_OPERATORS:
            cursor.skip(length)
            return _WORD_OPERATORS[spelt]
        if spelt in _MEANT or spelt in _NOT_IN:
            return known_operator(spelt, token.offset)
    return known_operator(" ".join(words), token.offset)
