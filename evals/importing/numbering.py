"""What the digits of a phone number look like that is dialled in a region. Importing it loads heavy metadata."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

LEAST_DIGITS: Final = 4  # of the shortest number that any country has
_LEAST_ABROAD: Final = 7  # the same, dialled from abroad: `00`, the country's code, and the number
_NOTHING: Final = re.compile(r"(?!)")
_LONGEST_HEAD: Final = 20  # digits in front of a number whose prefix is told by a rule, and more than any has


class Plan(NamedTuple):
    """What must be true of a number that is dialled in a region, before it is worth a closer look."""

    region: str | None  # None: only a number with its country is meant
    least: int  # digits
    shape: re.Pattern[str] | None  # of its digits where it has no plus and no extension; None: they may be anything

    def may_be(self, digits: str, *, is_plain: bool) -> bool:
        """Tell whether these may be the digits of a number. `is_plain`: it has no plus and no extension."""
        if len(digits) < self.least:
            return False
        return not is_plain or self.shape is None or self.shape.fullmatch(digits) is not None


def plan_of(region: str | None) -> Plan:
    """Return what is known of a region. One that nobody knows has numbers with their country only."""
    own = None if region is None else PhoneMetadata.metadata_for_region(region)
    if own is None or own.country_code is None or own.general_desc is None:
        return Plan(region, LEAST_DIGITS, _NOTHING)
    of_one_code = [PhoneMetadata.metadata_for_region(one) for one in COUNTRY_CODE_TO_REGION_CODE[own.country_code]]
    shape = _shape(own, [one for one in of_one_code if one is not None])
    if own.national_prefix_transform_rule is not None:
        return Plan(region, LEAST_DIGITS, shape)  # the rule may add digits
    return Plan(region, min(_LEAST_ABROAD, *own.general_desc.possible_length), shape)


def _shape(own: PhoneMetadata, of_one_code: Sequence[PhoneMetadata]) -> re.Pattern[str] | None:
    """Return what the digits look like: those of a number of this country's code, or of one dialled abroad.

    phonenumbers takes off the country's code and the prefixes of its region, or of the first with that code. More looks
    so than is a number: behind a prefix for calls abroad anything may stand.
    """
    dialling = (own, *of_one_code[:1])
    rules = [rule for one in dialling if (rule := one.national_prefix_transform_rule)]
    if any(re.fullmatch(r"\\\d", rule) is None for rule in rules):
        return None  # the rule puts digits in
    prefixes = dict.fromkeys(one.national_prefix_for_parsing for one in dialling)
    taken_off = rf"(?:{own.country_code})?(?:{_any_of(prefixes)}){{0,2}}"
    head = rf"\d{{0,{_LONGEST_HEAD}}}" if rules else taken_off
    numbers = dict.fromkeys(pattern for one in of_one_code for pattern in _patterns(one))
    return re.compile(rf"(?:{own.international_prefix or '(?!)'})[1-9]\d*|{head}(?:{_any_of(numbers)})")


def _any_of(patterns: Iterable[str | None]) -> str:
    return "|".join(one for one in patterns if one) or "(?!)"


def _patterns(one: PhoneMetadata) -> Iterator[str | None]:
    """Yield what phonenumbers compares a number with to see that it is valid."""
    kinds = (
        one.fixed_line,
        one.mobile,
        one.toll_free,
        one.premium_rate,
        one.shared_cost,
        one.personal_number,
        one.voip,
        one.pager,
        one.uan,
        one.voicemail,
    )
    yield from (kind.national_number_pattern for kind in kinds if kind is not None)
