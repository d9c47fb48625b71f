"""The left side of a condition: a field, or what is measured of it."""

from types import MappingProxyType

from casino.exact import NotExact, exact_text
from casino.rules.condition import Bucket, Measure, Since
from casino.rules.tokens import Cursor, RuleSyntaxError, Token, unquoted

_SINCE = MappingProxyType({"days": Since("days"), "hours": Since("hours")})
_MEANT_SINCE = MappingProxyType(
    {
        **dict.fromkeys(("days", "day", "days_since", "dayssince", "since"), "days since"),
        **dict.fromkeys(("hours", "hour", "hours_since", "hourssince"), "hours since"),
        **dict.fromkeys(("minute", "minutes", "minutes_since"), "hours since"),
        **dict.fromkeys(("week", "weeks", "month", "months", "year", "years"), "days since"),
    }
)
_BUCKET = "Write it as in: bucket 'autumn-2026' of player.id < 1000"


def left_side(cursor: Cursor) -> tuple[str, Measure | None]:
    """Take the field of a condition and its measure, if there is one; raises RuleSyntaxError."""
    token = cursor.next
    if token.kind == "word" and "." not in token.text:
        if token.text in _SINCE:
            return _since(cursor)
        if token.text == "bucket":
            return _bucket(cursor)
        meant = _MEANT_SINCE.get(token.text.casefold().removesuffix("-since"))
        if meant is not None:
            raise RuleSyntaxError(f'"{token.text}" measures nothing', token.offset, f'Did you mean "{meant}"?')
    return _path(cursor), None


def _since(cursor: Cursor) -> tuple[str, Measure]:
    unit = cursor.take()
    token = cursor.take()
    if token.text != "since":
        mend = f'Did you mean "{unit.text} since"?'
        raise RuleSyntaxError(f'"since" is expected here, not {token.shown}', token.offset, mend)
    return _path(cursor), _SINCE[unit.text]


def _bucket(cursor: Cursor) -> tuple[str, Measure]:
    cursor.take()
    token = cursor.take()
    if token.kind != "string":
        raise RuleSyntaxError(
            f"the name of a bucket is expected here, in quotes, not {token.shown}", token.offset, _BUCKET
        )
    salt = _salt(token)
    of = cursor.take()
    if of.text != "of":
        raise RuleSyntaxError(f'"of" is expected here, not {of.shown}', of.offset, _BUCKET)
    return _path(cursor), Bucket(salt)


def _salt(token: Token) -> str:
    try:
        return exact_text(unquoted(token))
    except NotExact as error:
        raise RuleSyntaxError(str(error), token.offset, "Write whole characters.") from error


def _path(cursor: Cursor) -> str:
    token = cursor.take()
    if token.kind == "word" and token.text not in {"not", "and", "or"}:
        return token.text
    if token.text in {"not", "!"}:
        mend = 'Write "!=" or "does not contain any of", or compare with false.'
        raise RuleSyntaxError("a condition cannot be negated as a whole", token.offset, mend)
    if token.text == "(":
        mend = "All conditions are joined by and; take the brackets out."
        raise RuleSyntaxError("there are no brackets in a rule", token.offset, mend)
    mend = "Begin a condition with a field, as in: player.ngr > 0"
    raise RuleSyntaxError(f"a field is expected here, not {token.shown}", token.offset, mend)
