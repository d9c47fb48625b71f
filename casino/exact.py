"""Exact scalars: numbers without rounding, text in one Unicode form. Every border reads through here."""

import re
from decimal import Decimal, InvalidOperation
from unicodedata import is_normalized, normalize

LONGEST_NUMBER = 64  # digits, and powers of ten: beyond it exact arithmetic costs without bound
_SURROGATE = re.compile("[\ud800-\udfff]")


class NotExact(ValueError):  # noqa: N818  # named by what is wrong with the value
    """This scalar cannot be kept exactly; the message says why."""


def exact_number(text: str) -> int | Decimal:
    """Read a decimal literal as an int, or as a Decimal where it has a fraction or an exponent."""
    if len(text) > LONGEST_NUMBER:
        raise NotExact(f"a number of {len(text)} characters is too long (at most {LONGEST_NUMBER})")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise NotExact(f'"{text}" is not a number') from None
    checked_number(number)
    return number if any(sign in text for sign in ".eE") else int(number)


def checked_number(number: int | Decimal) -> int | Decimal:
    """Return the number, or refuse one that is not finite or too large or small to be kept exactly."""
    if isinstance(number, int):
        if abs(number) >= 10**LONGEST_NUMBER:
            raise NotExact(f"a whole number has more than {LONGEST_NUMBER} digits")
        return number
    if not number.is_finite():
        raise NotExact(f"{number} is not a finite number")
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise NotExact(f"{number} is beyond {LONGEST_NUMBER} powers of ten")
    return number


def exact_text(text: str) -> str:
    """Return the text in Unicode form NFC, or refuse one that no file can hold (a lone surrogate)."""
    if _SURROGATE.search(text) is not None:
        raise NotExact("a text holds half a character (a lone surrogate)")
    return text if is_normalized("NFC", text) else normalize("NFC", text)
