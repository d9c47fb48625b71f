"""Places as the law knows them: ISO 3166 codes of countries (GB) and of their parts (CA-ON), and their latest day."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final

# ISO 3166-1 alpha-2, as assigned; "UK" and other names that people use are no codes, and no law is found by them.
COUNTRIES: Final = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905  # a table of 249 codes is read more easily than a list of 249 lines
)
_PART = re.compile(r"[A-Z0-9]{1,3}")
_AHEAD_OF_ALL: Final = timedelta(hours=14)  # no clocks on Earth are further ahead of UTC


def is_place(code: str) -> bool:
    """Tell whether a text is the code of a country or of a part of one, in capitals."""
    country, dash, part = code.partition("-")
    return country in COUNTRIES and (not dash or _PART.fullmatch(part) is not None)


def within(place: str, jurisdiction: str) -> bool:
    """Tell whether what is said of a jurisdiction holds in a place: of CA in CA and in CA-ON."""
    return place == jurisdiction or place.startswith(f"{jurisdiction}-")


def latest_day(at: datetime) -> date:
    """Return the latest calendar day that it already is somewhere on Earth at an aware moment.

    A law begins at midnight of its place, whose clocks nobody knows here. So it holds from the moment at which it may
    hold there: a grant that would have been lawful for some hours more is the smaller wrong.
    """
    try:
        return (at.astimezone(UTC) + _AHEAD_OF_ALL).date()
    except OverflowError:  # behind the last day of the calendar
        return date.max
