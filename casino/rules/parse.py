"""The text form of conditions, read: `player.tags contains any of ['vip', 'whale']`."""

from types import MappingProxyType

from casino.exact import NotExact, exact_number, exact_text
from casino.nearest import did_you_mean
from casino.rules.condition import Condition, Flaw, Operator, flaw, is_path
from casino.rules.tokens import RuleSyntaxError, Token, tokens, unquoted
from casino.values import Value

LONGEST_RULE = 50_000  # characters
MOST_CONDITIONS = 200  # joined in one text

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
_FANCY_QUOTES = frozenset("\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb`")  # what word processors write
_NOT_IN = frozenset({"not in", "is not in", "not is_in", "is_not_in", "not_in"})
_JOINS = MappingProxyType({"and": "and", "&&": "and", "&": "and", "or": "or", "||": "or", "|": "or"})


def parse_condition(text: str) -> Condition:
    """Read exactly one condition; raises RuleSyntaxError."""
    reading = _Reading(text)
    condition = reading.condition()
    reading.end_of_one()
    return condition


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Read conditions joined by the word `and`; raises RuleSyntaxError."""
    reading = _Reading(text)
    conditions = [reading.condition()]
    while reading.takes_and():
        conditions.append(reading.condition())
        if len(conditions) > MOST_CONDITIONS:
            message = f"more than {MOST_CONDITIONS} conditions are joined here"
            raise RuleSyntaxError(message, reading.next.offset, "Compute a field, and compare that.")
    return tuple(conditions)


class _Reading:
    """One pass over the tokens of one text."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_RULE:
            message = f"the rule has {len(text)} characters, more than {LONGEST_RULE}"
            raise RuleSyntaxError(message, LONGEST_RULE, "Split it.")
        self._tokens = tuple(tokens(text))
        self._position = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._position]

    def _take(self) -> Token:
        token = self.next
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def condition(self) -> Condition:
        start = self.next.offset
        path = self._path()
        operator = self._operator()
        expected_at = self.next.offset
        condition = Condition(path, operator, self._value())
        found = flaw(condition)
        if found is not None:
            raise RuleSyntaxError(found.message, start if not is_path(path) else expected_at, found.mend)
        return condition

    def _path(self) -> str:
        token = self._take()
        if token.kind == "word" and token.text not in {"not", "and", "or"}:
            return token.text
        if token.text in {"not", "!"}:
            mend = 'Write "!=" or "does not contain any of", or compare with false.'
            raise RuleSyntaxError("a condition cannot be negated as a whole", token.offset, mend)
        if token.text == "(":
            mend = "All conditions are joined by and; take the brackets out."
            raise RuleSyntaxError("there are no brackets in a rule", token.offset, mend)
        what = f'"{_short(token.text)}"' if token.text else "the end"
        mend = "Begin a condition with a field, as in: player.ngr > 0"
        raise RuleSyntaxError(f"a field is expected here, not {what}", token.offset, mend)

    def _operator(self) -> Operator:
        token = self.next
        if token.kind == "symbol":
            self._take()
            return known_operator(token.text, token.offset)
        words = self._words_ahead()
        if not words:
            what = f'"{_short(token.text)}"' if token.text else "the end"
            mend = "After the field write one of " + ", ".join(operator.value for operator in Operator) + "."
            raise RuleSyntaxError(f"an operator is expected here, not {what}", token.offset, mend)
        for length in range(len(words), 0, -1):
            spelt = " ".join(words[:length])
            if spelt in _WORD_OPERATORS:
                self._position += length
                return _WORD_OPERATORS[spelt]
            if spelt in _MEANT or spelt in _NOT_IN:
                return known_operator(spelt, token.offset)
        return known_operator(" ".join(words), token.offset)

    def _words_ahead(self) -> list[str]:
        words: list[str] = []
        for token in self._tokens[self._position : self._position + _LONGEST_OPERATOR]:
            if token.kind != "word":
                break
            words.append(token.text)
        return words

    def _value(self) -> Value:
        token = self._take()
        if token.text == "[":
            return self._list()
        return _scalar(token)

    def _list(self) -> Value:
        items: list[Value] = []
        if self.next.text == "]":
            self._take()
            return items
        while True:
            items.append(_scalar(self._take()))
            token = self._take()
            if token.text == "]":
                return items
            if token.text != ",":
                raise RuleSyntaxError("the list goes on without a comma", token.offset, _LIST)

    def takes_and(self) -> bool:
        """Step over an `and`; False at the end."""
        token = self._take()
        if token.kind == "end":
            return False
        if token.text == "and":
            return True
        raise _after_condition(token)

    def end_of_one(self) -> None:
        token = self.next
        if _JOINS.get(token.text.casefold()) == "and":
            mend = "Write each condition as an entry of its own; they are joined by and."
            raise RuleSyntaxError("one condition is expected here, not two", token.offset, mend)
        if token.kind != "end":
            raise _after_condition(token)


_LIST = "Write a list as ['a', 'b'], with a comma between the values and a bracket at the end."


def _after_condition(token: Token) -> RuleSyntaxError:
    join = _JOINS.get(token.text.casefold())
    if join == "or":
        mend = "Write a second configuration with its own priority, or another branch, for the other case."
        return RuleSyntaxError('there is no "or" in a rule', token.offset, mend)
    if join == "and":
        return RuleSyntaxError(f'"{token.text}" does not join conditions', token.offset, 'Did you mean "and"?')
    if token.text == ",":
        mend = 'Write numbers without separators, as 1000 or 0.5, and "and" between conditions.'
        return RuleSyntaxError("a comma stands behind the value", token.offset, mend)
    message = f'"{_short(token.text)}" stands behind a complete condition'
    return RuleSyntaxError(message, token.offset, 'Take it out, or write "and" before a further condition.')


def known_operator(spelt: str, offset: int) -> Operator:
    """Return the operator of this spelling; raises RuleSyntaxError with the one that was meant."""
    if spelt in _WORD_OPERATORS:
        return _WORD_OPERATORS[spelt]
    if spelt in _NOT_IN:
        mend = 'Write one condition with "!=" for each value; for a list field "does not contain any of".'
        raise RuleSyntaxError(f'"{spelt}" is not an operator', offset, mend)
    meant = _MEANT.get(spelt.casefold())
    mend = f'Did you mean "{meant.value}"?' if meant is not None else did_you_mean(spelt, _WORD_OPERATORS)
    raise RuleSyntaxError(f'"{_short(spelt)}" is not an operator', offset, mend)


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
    raise RuleSyntaxError(*_no_value(token))


def _no_value(token: Token) -> tuple[str, int, str]:
    """Say why a token is not a value."""
    shown = _short(token.text)
    message, mend = _value_flaw(token, shown)
    return message, token.offset, mend


def _value_flaw(token: Token, shown: str) -> Flaw:
    if token.kind == "end":
        return Flaw("a value is expected here, but the rule ends", "Write a number, true, false, 'text' or a list.")
    if token.kind == "open_string":
        mend = "Close it. In YAML, a rule with # or : in it stands in quotes as a whole."
        return Flaw("the quoted text does not end", mend)
    if token.kind == "bad_number":
        mend = "Write numbers as 500 or 0.5; dates, codes and amounts with a unit stand in quotes."
        return Flaw(f'"{shown}" is not a number', mend)
    if token.kind == "word":
        return _word_flaw(token.text, shown)
    if token.text in _FANCY_QUOTES:
        return Flaw(f"{token.text} is not a quote of the rule language", "Use straight quotes: 'text'.")
    return Flaw(f'"{shown}" is not a value', "Write a number, true, false, 'text' or a list such as ['a', 'b'].")


def _word_flaw(word: str, shown: str) -> Flaw:
    if word.casefold() in {"true", "false"}:
        return Flaw(f'"{word}" is not a value', f'Did you mean "{word.casefold()}"?')
    if word.casefold() in {"null", "none", "nil"}:
        return Flaw("a field that is null fails every condition, so nothing is compared with null", "Drop it.")
    if is_path(word):
        mend = f"Compare with a fixed value, or write '{shown}' in quotes where it is text."
        return Flaw(f'"{shown}" is a field; a rule compares a field with a fixed value', mend)
    return Flaw(f'"{shown}" stands without quotes', f"Write '{shown}'.")


def _short(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"  # noqa: PLR2004  # the width of a glance
