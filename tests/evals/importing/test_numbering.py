"""No number that phonenumbers finds valid is left out by the look of its digits, in any region of the world."""

from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.importing.numbering import plan_of

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
PLANS = {region: plan_of(region) for region in REGIONS}


def _left_out(digits: str, region: str) -> list[str]:
    """Return what phonenumbers finds in these digits, and the plan of the region takes for none."""
    found = [one.raw_string for one in phonenumbers.PhoneNumberMatcher(digits, region)]
    return [one for one in found if not PLANS[region].may_be(one, is_plain=True)]


def _dialled(region: str) -> Iterator[str]:
    """Yield an example of each kind of number, as it is dialled there with each prefix, and from abroad."""
    for kind in phonenumbers.PhoneNumberType.values():
        number = phonenumbers.example_number_for_type(region, kind)
        if number is not None:
            national, code = phonenumbers.national_significant_number(number), number.country_code
            prefix = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) or ""
            yield from (national, prefix + national, f"{code}{national}", f"{code}{prefix}{national}")
            yield from (f"00{code}{national}", f"011{code}{national}")


def test_every_kind_of_number_of_every_region_looks_like_one() -> None:
    dialled = [(digits, region) for region in REGIONS for digits in _dialled(region)]
    assert [(region, _left_out(digits, region)) for digits, region in dialled if _left_out(digits, region)] == []
    assert sum(PLANS[region].shape is not None for region in REGIONS) > 200


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(REGIONS), st.from_regex(r"(0|00|1|8)?[0-9]{4,16}", fullmatch=True))
def test_no_digits_that_are_a_number_are_left_out(region: str, digits: str) -> None:
    assert _left_out(digits, region) == []


@pytest.mark.parametrize(
    ("region", "digits"),
    [("DE", "1234"), ("DE", "0" * 12), ("DK", "123456789"), ("US", "1234567890"), ("DE", "49" * 40), ("XX", "1234567")],
)
def test_digits_that_are_no_number_of_a_region_do_not_look_like_one(region: str, digits: str) -> None:
    plan = plan_of(region)
    assert not plan.may_be(digits, is_plain=True)
    assert plan.may_be(digits, is_plain=False) is (len(digits) >= plan.least)  # a plus or an extension is looked at
