"""Money: whole minor units of one currency. Never a float, never two currencies in one sum."""

import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from casino.exact import NotExact, checked_number, exact_number

# ISO 4217 (list one): the currencies whose minor unit is not a hundredth.
_EXPONENTS = MappingProxyType(
    {
        **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
        **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    }
)
_CURRENCY = re.compile(r"[A-Z]{3}")
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class NotMoney(ValueError):  # noqa: N818  # named by what is wrong with the value
    """This is no amount of this currency; the message says why."""


class CurrencyMismatch(ValueError):  # noqa: N818  # named by what is wrong
    """Two currencies met in one sum or comparison."""


def exponent(currency: str) -> int:
    """Return the number of decimal places of a currency: 2, unless ISO 4217 says otherwise."""
    return _EXPONENTS.get(currency, 2)


def is_currency(code: str) -> bool:
    """Tell whether a text has the form of an ISO 4217 code: three capital letters."""
    return _CURRENCY.fullmatch(code) is not None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, yen, fils) and its ISO 4217 code."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse what is not an ISO code."""
        if not is_currency(self.currency):
            raise NotMoney(f'"{self.currency}" is not a currency code: write three capital letters, as EUR')

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read a plain decimal amount such as "1.50"; more decimal places than the currency has are refused."""
        if _AMOUNT.fullmatch(text) is None:
            raise NotMoney(f'"{text}" is not an amount: write digits and a point, as 1.50')
        try:
            return cls.of(exact_number(text), currency)
        except NotExact as error:
            raise NotMoney(str(error)) from error

    @classmethod
    def of(cls, amount: int | Decimal, currency: str) -> "Money":
        """Make money of an exact number of major units; a fraction of a minor unit is refused."""
        numerator, denominator = amount.as_integer_ratio()
        minor, rest = divmod(numerator * 10 ** exponent(currency), denominator)
        if rest != 0:
            raise NotMoney(f"{amount} {currency} has more than {exponent(currency)} decimal places")
        money = cls(minor, currency)
        try:
            checked_number(money.amount)  # with all its decimal places it is longer than it was
        except NotExact as error:
            raise NotMoney(str(error)) from error
        return money

    @property
    def amount(self) -> Decimal:
        """Return the exact number of major units."""
        return Decimal(f"{self.minor}E-{exponent(self.currency)}")  # arithmetic would round to 28 digits

    def text(self) -> str:
        """Write the amount for people and records: "1.50 EUR"."""
        places = exponent(self.currency)
        digits = str(abs(self.minor)).rjust(places + 1, "0")
        whole, fraction = (digits[:-places], "." + digits[-places:]) if places > 0 else (digits, "")
        return f"{'-' if self.minor < 0 else ''}{whole}{fraction} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.text()} and {other.text()} are of two currencies")
        return other.minor
