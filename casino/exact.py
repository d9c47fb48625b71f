"""Exact scalars: numbers without rounding, text in one Unicode form. Every border reads through here."""

import re
from decimal import Decimal, InvalidOperation
from unicodedata import is_normalized, normalize

LONGEST_NUMBER = 64  # digits, and powers of ten: beyond it exact arithmetic costs without bound
# The longest that `str` makes of such a number: a sign, "0.", five zeros, and the digits. So what is kept can be read.
_LONGEST_TEXT = LONGEST_NUMBER + 8
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotExact(ValueError):  # noqa: N818  # named by what is wrong with the value
    """This scalar cannot be kept exactly; the message says why."""


def exact_number(text: str) -> int | Decimal:
    """Read a decimal literal as an int, or as a Decimal where it has a fraction or an exponent."""
    if len(text) > _LONGEST_TEXT:
        raise NotExact(f"a number of {len(text)} characters is too long (at most {LONGEST_NUMBER} digits)")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise NotExact(f'"{text}" is not a number') from None
    checked_number(number)
    return number if any(sign in text for sign in ".eE") else int(number)


def checked_number(number: int | Decimal) -> int | Decimal:
    """Return the number, or refuse one that is not finite, or too long, large or small to be kept exactly.

    It is the one limit: whatever is read, worked out or written down keeps it, so that `exact_number` reads what `str`
    makes of any number that is let through here.
    """
    if isinstance(number, int):
        if abs(number) >= 10**LONGEST_NUMBER:
            raise NotExact(f"a whole number has more than {LONGEST_NUMBER} digits")
        return number
    if not number.is_finite():
        raise NotExact(f"{number} is not a finite number")
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise NotExact(f"{number} is beyond {LONGEST_NUMBER} powers of ten")
    # A short text has few digits: counting them is for long ones.
    if len(str(number)) > LONGEST_NUMBER and len(number.as_tuple().digits) > LONGEST_NUMBER:
        raise NotExact(f"a number has more than {LONGEST_NUMBER} digits")
    return number


def exact_text(text: str) -> str:
    """Return the text in Unicode form NFC, or refuse one that no file can hold (a lone surrogate)."""
    if text.isascii():  # most is: it has one form
        return text
    if _SURROGATE.search(text) is not None:
        raise NotExact("a text holds half a character (a lone surrogate)")
    return text if is_normalized("NFC", text) else normalize("NFC", text)
