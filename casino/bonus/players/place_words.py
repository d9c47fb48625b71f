"""Places that a sentence about a player may name: ISO 3166 code, the currency that is usual there, and its names."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Named:
    """A country, or a part of one that has a law of its own (`jurisdiction`, as CA-ON)."""

    code: str
    currency: str
    jurisdiction: str | None = None


_LISTED: Final = """
AT EUR Austria|AU AUD Australia|BE EUR Belgium|BG EUR Bulgaria|BR BRL Brazil|CA CAD Canada|CH CHF Switzerland
CL CLP Chile|CO COP Colombia|CY EUR Cyprus|CZ CZK Czechia/Czech Republic|DE EUR Germany|DK DKK Denmark|EE EUR Estonia
ES EUR Spain|FI EUR Finland|FR EUR France|GB GBP Great Britain/United Kingdom/Britain/England/Scotland/Wales/UK
GE GEL Georgia|GI GIP Gibraltar|GR EUR Greece|HR EUR Croatia|HU HUF Hungary|IE EUR Ireland|IL ILS Israel|IN INR India
IS ISK Iceland|IT EUR Italy|JP JPY Japan|KE KES Kenya|KW KWD Kuwait|LI CHF Liechtenstein|LT EUR Lithuania
LU EUR Luxembourg|LV EUR Latvia|MT EUR Malta|MX MXN Mexico|NG NGN Nigeria|NL EUR Netherlands/the Netherlands/Holland
NO NOK Norway|NZ NZD New Zealand|PE PEN Peru|PL PLN Poland|PT EUR Portugal|RO RON Romania|RS RSD Serbia|SE SEK Sweden
SI EUR Slovenia|SK EUR Slovakia|TR TRY Turkey|UA UAH Ukraine|US USD United States/USA/America|ZA ZAR South Africa
CA-AB CAD Alberta|CA-ON CAD Ontario|US-CT USD Connecticut|US-MI USD Michigan|US-NJ USD New Jersey
US-PA USD Pennsylvania|US-WV USD West Virginia
"""


def _named() -> Mapping[str, Named]:
    found: dict[str, Named] = {}
    for entry in _LISTED.strip().replace("\n", "|").split("|"):
        code, currency, names = entry.split(maxsplit=2)
        country, dash, _ = code.partition("-")
        place = Named(country, currency, code if dash else None)
        found |= dict.fromkeys(names.casefold().split("/"), place)
    return MappingProxyType(found)


BY_NAME: Final = _named()  # names in small letters
BY_CODE: Final[Mapping[str, Named]] = MappingProxyType(
    {place.jurisdiction or place.code: place for place in BY_NAME.values()}
)
