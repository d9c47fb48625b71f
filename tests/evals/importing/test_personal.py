"""What is personal by its form is found however it is written, and nothing else is."""

from collections.abc import Iterator
from time import process_time

import pytest

from evals.importing.found import Found, Kind
from evals.importing.personal import by_form, cards, distinct, found_in, plain, remembering

IBAN = "DE89370400440532013000"
CARD = "4111111111111111"


def _found(text: str, *regions: str) -> list[tuple[str, str, str]]:
    found = found_in(text, by_form(regions))
    return [(one.kind.value, text[one.start : one.end], one.value) for one in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mail Anna.Keller+bonus@Gmail.com.", ("email", "Anna.Keller+bonus@Gmail.com", "anna.keller+bonus@gmail.com")),
        ("<zoé@müller.de>", ("email", "zoé@müller.de", "zoé@müller.de")),
        (f"to {IBAN}, please", ("iban", IBAN, IBAN)),
        ("to de89 3704 0044 0532 0130 00 please", ("iban", "de89 3704 0044 0532 0130 00", IBAN)),
        ("card 4111 1111 1111 1111!", ("card", "4111 1111 1111 1111", CARD)),
        ("5500-0055-5555-5559", ("card", "5500-0055-5555-5559", "5500005555555559")),
        ("amex 378282246310005", ("card", "378282246310005", "378282246310005")),
        ("call +49 171 5550123 now", ("phone", "+49 171 5550123", "+491715550123")),
        ("call 0171/5550123 now", ("phone", "0171/5550123", "+491715550123")),
        ("call (0)171 555 0123", ("phone", "(0)171 555 0123", "+491715550123")),
    ],
)
def test_each_kind_is_found_where_it_stands(text: str, found: tuple[str, str, str]) -> None:
    assert _found(text, "DE") == [found]


@pytest.mark.parametrize(
    "text",
    [
        "1840.50 EUR and 12,500.00",
        "2026-11-22T15:50:57.868129+00:00",
        "12.04.1990 or 04/12/1990 or 1990-04-12",
        "D-dd5779463dfdeaf2 and issue:D-1 and A-0123456789abcdef",
        "3265de8ecdff5d825da8c36b55798e543027a44eb16d77cfe87a793862108046",
        "4111 1111 1111 1112",
        "DE89370400440532013001",
        "GB00 0000 0000 0000 0000 00 0",
        "20261122155056",
        "order 12345678, ticket 1000000001",
        "player P1001, VIP_50 at 1 EUR per spin, 40x within 72 hours",
        "me @ home",
        "2000-05-23 2000-05-23 2000-05-24",
    ],
)
def test_amounts_dates_hashes_and_ids_of_ours_are_nobodys(text: str) -> None:
    assert _found(text, "DE", "US", "FI") == []


def test_a_phone_number_before_a_date_is_no_card_number() -> None:
    assert _found("+49 171 3873250 2000-01-09") == [("phone", "+49 171 3873250", "+491713873250")]


def test_two_that_stand_beside_each_other_are_two() -> None:
    assert [value for _, _, value in _found(f"{IBAN} {IBAN} {CARD} {CARD}")] == [IBAN, IBAN, CARD, CARD]


def test_a_number_without_its_country_is_found_in_the_regions_that_are_named_or_else_in_those_that_ship() -> None:
    assert _found("0171 5550123") == [("phone", "0171 5550123", "+491715550123")]
    assert _found("0171 5550123", "US") == []
    assert _found("0171 5550123", "FR", "DE") == [("phone", "0171 5550123", "+491715550123")]


def test_of_two_that_meet_the_first_kind_counts_and_then_the_longer() -> None:
    found = [Found(Kind.NAME, 0, 4, "anna"), Found(Kind.EMAIL, 0, 10, "a@b.de"), Found(Kind.NAME, 11, 13, "an")]
    assert distinct(iter([*found, Found(Kind.NAME, 11, 15, "anna")])) == [
        Found(Kind.EMAIL, 0, 10, "a@b.de"),
        Found(Kind.NAME, 11, 15, "anna"),
    ]


def test_signs_in_full_width_and_what_is_invisible_are_read_as_people_read_them() -> None:
    assert plain("anna\uff20example。com") == "anna@example.com"
    assert plain("an\u200bna") == "anna"
    assert plain("é") == "é"
    assert plain("\u0661\u2013\u2212e\u0301") == "1--é"


@pytest.mark.parametrize(
    "text", ["'{}'", "-{}", "+{}", "...{}", "%{}", "mailto:{}", "{}'", "{}@x", "\u200b{}", "to <{}>,"]
)
@pytest.mark.parametrize(
    "written", ["jk82@gmx.de", "jk82\uff20gmx.de", "jk82%40gmx.de", "jk82 @ gmx.de", "jk82@gmx。de"]
)
def test_an_address_is_found_whatever_stands_around_it(text: str, written: str) -> None:
    assert [found[2] for found in _found(text.format(written))] == ["jk82@gmx.de"]


@pytest.mark.parametrize("gap", [" ", ".", "/", "-", "_", "\u2013", "  ", "\n", "\u00a0", " - "])
def test_account_and_card_numbers_are_found_with_any_gap(gap: str) -> None:
    parts = gap.join(["DE 89".replace(" ", gap[:1]), "3704", "0044", "0532", "0130", "00"])
    assert [found[2] for found in _found(f"to {parts} please")] == [IBAN]
    assert [found[2] for found in _found(f"to {gap.join(['4111'] + ['1111'] * 3)} please")] == [CARD]


@pytest.mark.parametrize(
    "text", [f"Nr.{CARD}", f"card-{CARD}", f"No{CARD}", f",{CARD}", "41111111 11111111", "\u0664" + "\u0661" * 15]
)
def test_a_card_number_is_found_after_a_word_in_halves_and_in_digits_of_other_scripts(text: str) -> None:
    assert [found[2] for found in _found(text)] == [CARD]


def test_an_account_number_is_found_right_after_its_word() -> None:
    assert [found[2] for found in _found(f"IBAN{IBAN}")] == [IBAN]


def test_a_phone_number_before_an_amount_is_found() -> None:
    assert _found("+49 171 3873250 12.50", "DE") == [("phone", "+49 171 3873250", "+491713873250")]


@pytest.mark.parametrize(
    "groups", ["4000 1234 5678 9010 12", "4111 1111 1111 111", "3782 822463 1000", "4222 2222 2222 "]
)
def test_a_card_number_in_groups_is_found_with_the_one_check_digit_that_is_right(groups: str) -> None:
    written = [f"{groups}{last}" for last in range(10)]
    found = [[(one.start, one.end) for one in cards(f"no {one} of mine")] for one in written]
    assert sorted(found) == [*[[]] * 9, [(3, 4 + len(groups))]]


def test_a_long_text_of_digits_in_groups_is_read_once() -> None:
    began = process_time()
    assert [*cards("4000 " * 40_000)] == []
    assert process_time() - began < 10  # a thirtieth of that is needed; what reads on from every group takes minutes


def test_what_is_remembered_is_looked_for_once() -> None:
    looked: list[str] = []

    def look(text: str) -> Iterator[Found]:
        looked.append(text)
        yield Found(Kind.NAME, 0, len(text), text)

    again = remembering(look)
    found = [[*again(text)] for text in ("anna", "ben", "anna")]
    assert found == [[Found(Kind.NAME, 0, len(name), name)] for name in ("anna", "ben", "anna")]
    assert looked == ["anna", "ben"]
