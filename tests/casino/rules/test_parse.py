from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.document import canonical_json
from casino.money import Money
from casino.rules.condition import TAKES_LIST, Bucket, Condition, Operator, Relative, Since, literal, text
from casino.rules.flaws import flaw
from casino.rules.parse import parse_condition, parse_conditions
from casino.rules.tokens import RuleSyntaxError
from casino.values import Value


@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        ("player.vipLevel == 'gold'", Condition("player.vipLevel", Operator.EQUAL, "gold")),
        ('player.status != "banned"', Condition("player.status", Operator.NOT_EQUAL, "banned")),
        ("player.totalDeposits >= 100", Condition("player.totalDeposits", Operator.GREATER_OR_EQUAL, 100)),
        ("player.ngr>0", Condition("player.ngr", Operator.GREATER, 0)),
        ("player.ngr < -0.50", Condition("player.ngr", Operator.LESS, Decimal("-0.50"))),
        ("player.bonusRate <= 30", Condition("player.bonusRate", Operator.LESS_OR_EQUAL, 30)),
        ("player.tags contains 'loyal'", Condition("player.tags", Operator.CONTAINS, "loyal")),
        (
            "player.status is_in ['active', 'verified']",
            Condition("player.status", Operator.IS_IN, ["active", "verified"]),
        ),
        (
            "player.tags contains any of ['vip','whale']",
            Condition("player.tags", Operator.CONTAINS_ANY, ["vip", "whale"]),
        ),
        (
            "player.badges  contains \n all of [ 1 , 2.5 ]",
            Condition("player.badges", Operator.CONTAINS_ALL, [1, Decimal("2.5")]),
        ),
        (
            "player.restrictions does not contain any of ['banned', 'abuser']",
            Condition("player.restrictions", Operator.CONTAINS_NONE, ["banned", "abuser"]),
        ),
        ("tools.kyc.status == 'approved'", Condition("tools.kyc.status", Operator.EQUAL, "approved")),
        ("player.wantsBonus == true", Condition("player.wantsBonus", Operator.EQUAL, expected=True)),
        ("player.activeBonus != false", Condition("player.activeBonus", Operator.NOT_EQUAL, expected=False)),
        (
            r"player.name == 'it\'s \\ \"x\" \u{e9}\n'",
            Condition("player.name", Operator.EQUAL, 'it\'s \\ "x" \u00e9\n'),
        ),
        ("player.name == 'e\u0301'", Condition("player.name", Operator.EQUAL, "\u00e9")),
        ("player.since < '2026-01-31'", Condition("player.since", Operator.LESS, "2026-01-31")),
        (
            "ticket.openedAt >= '2026-01-31T00:00:00Z'",
            Condition("ticket.openedAt", Operator.GREATER_OR_EQUAL, "2026-01-31T00:00:00Z"),
        ),
        (
            "days since player.lastDepositAt <= 7",
            Condition("player.lastDepositAt", Operator.LESS_OR_EQUAL, 7, measure=Since("days")),
        ),
        (
            "hours  since player.lastDepositAt is_in [-1, 24]",
            Condition("player.lastDepositAt", Operator.IS_IN, [-1, 24], measure=Since("hours")),
        ),
        (
            "bucket 'autumn-2026' of player.id < 1000",
            Condition("player.id", Operator.LESS, 1000, measure=Bucket("autumn-2026")),
        ),
        (
            "player.lastDeposit >= 500 EUR",
            Condition("player.lastDeposit", Operator.GREATER_OR_EQUAL, Money(50000, "EUR")),
        ),
        ("player.balance == -0.50 EUR", Condition("player.balance", Operator.EQUAL, Money(-50, "EUR"))),
        ("player.balance < 1000 JPY", Condition("player.balance", Operator.LESS, Money(1000, "JPY"))),
        ("player.bonusExpiresAt > now", Condition("player.bonusExpiresAt", Operator.GREATER, Relative("now"))),
        (
            "player.registeredOn < today - 30 days",
            Condition("player.registeredOn", Operator.LESS, Relative("today", -30, "days")),
        ),
        ("player.x != now + 12 hours", Condition("player.x", Operator.NOT_EQUAL, Relative("now", 12, "hours"))),
        ("player.x > now -5 minutes", Condition("player.x", Operator.GREATER, Relative("now", -5, "minutes"))),
        ("player.x > today +1 days", Condition("player.x", Operator.GREATER, Relative("today", 1, "days"))),
    ],
)
def test_a_rule_is_read(rule: str, condition: Condition) -> None:
    read = parse_condition(rule)
    assert read == condition
    assert canonical_json(read.to_document()) == canonical_json(condition.to_document())


@pytest.mark.parametrize(
    ("written", "house"),
    [
        ("hours   since player.x>=1", "hours since player.x >= 1"),
        ('bucket "it\'s" of player.id<1', r"bucket 'it\'s' of player.id < 1"),
        ("player.x > 500.00 EUR", "player.x > 500 EUR"),
        ("player.x > 0.5 EUR", "player.x > 0.50 EUR"),
        ("player.x > 12 BHD", "player.x > 12 BHD"),
        (f"player.x > {'9' * 40}.50 EUR", f"player.x > {'9' * 40}.50 EUR"),
        (f"player.x > -{'9' * 62} EUR", f"player.x > -{'9' * 62} EUR"),
        ("player.x > now -5 minutes", "player.x > now - 5 minutes"),
        ("player.x > now - 0 days", "player.x > now"),
    ],
)
def test_every_condition_has_one_spelling(written: str, house: str) -> None:
    assert text(parse_condition(written)) == house


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        (None, "null"),
        (True, "true"),
        (Decimal("1.50"), "1.50"),
        ("a'b\u200b", "'a\\'b\\u{200b}'"),
        ([1, "a"], "[1, 'a']"),
        ({"amount": 5, "to": ["x"]}, "{'amount': 5, 'to': ['x']}"),
    ],
)
def test_every_value_that_a_trace_shows_has_a_spelling(value: Value, spelling: str) -> None:
    assert literal(value) == spelling


def test_conditions_are_joined_by_and_outside_of_quotes_and_lists() -> None:
    assert parse_conditions("a.x == 'this and that' and a.y is_in ['and', 'or']\nand a.z > 1") == (
        Condition("a.x", Operator.EQUAL, "this and that"),
        Condition("a.y", Operator.IS_IN, ["and", "or"]),
        Condition("a.z", Operator.GREATER, 1),
    )


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ([*range(1001)], "the list has 1001 values, more than 1000"),
        ([None], "a list holds texts, numbers and true or false, nothing else"),
        ([["a"]], "a list holds texts, numbers and true or false, nothing else"),
    ],
    ids=["long", "null", "nested"],
)
def test_a_list_that_can_never_be_meant_is_found(expected: Value, message: str) -> None:
    found = flaw(Condition("player.x", Operator.IS_IN, expected))
    assert found is not None
    assert found.message == message


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (
            Condition("player.x", Operator.EQUAL, {"count": 1}),
            "this mapping is no value of the rule language",
        ),
        (
            Condition("player.x", Operator.EQUAL, Relative("now", 876_601, "hours")),
            "the shift is longer than a hundred years",
        ),
        (
            Condition("player.x", Operator.CONTAINS_ANY, Relative("today")),
            '"contains any of" does not go with "today"',
        ),
    ],
)
def test_what_only_the_structured_form_can_hold_is_checked_too(condition: Condition, message: str) -> None:
    found = flaw(condition)
    assert found is not None
    assert found.message == message


def test_nothing_is_compared_with_null() -> None:
    found = flaw(Condition("player.x", Operator.NOT_EQUAL, None))
    assert found is not None
    assert found.message == "nothing can be compared with null: a field that is null fails every condition"


paths = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,8}(\.[a-zA-Z_][a-zA-Z0-9_]{0,8}){1,3}", fullmatch=True).filter(
    lambda path: path.split(".")[0] not in {"not", "and", "or"}
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(10**12), 10**12) | st.decimals(-(10**9), 10**9, places=4)
scalars = st.booleans() | numbers | texts


def settled(relative: Relative) -> Relative:
    return relative if relative.shift else Relative(relative.anchor)


amounts = st.builds(Money, st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "BHD"]))
relatives = st.builds(Relative, st.just("now"), st.integers(-(10**6) // 2, 10**6 // 2), st.just("hours")) | st.builds(
    Relative, st.sampled_from(["now", "today"]), st.integers(-999, 999)
)
orders = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL, Operator.GREATER, Operator.LESS_OR_EQUAL])
measures = st.builds(Since, st.sampled_from(["hours", "days"])) | st.builds(Bucket, texts.filter(bool))


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from(["place", "measured", "plain", "plain"]))
    if kind == "place":
        return Condition(draw(paths), draw(orders), draw(amounts | relatives.map(settled)))
    if kind == "measured":
        bucket = st.integers(0, 9999)
        return Condition(draw(paths), draw(orders), draw(bucket), measure=draw(measures))
    operator = draw(st.sampled_from(Operator))
    if operator in TAKES_LIST:
        return Condition(draw(paths), operator, draw(st.lists(scalars, min_size=1, max_size=5)))
    plain = {Operator.EQUAL, Operator.NOT_EQUAL, Operator.CONTAINS}
    return Condition(draw(paths), operator, draw(scalars if operator in plain else numbers))


@given(conditions())
def test_the_text_form_reads_back_as_the_same_condition(condition: Condition) -> None:
    once = parse_condition(text(condition))
    again = parse_condition(text(once))
    assert canonical_json(again.to_document()) == canonical_json(once.to_document())
    assert text(again) == text(once)
    assert (once.path, once.operator) == (condition.path, condition.operator)


@given(conditions())
def test_what_is_nfc_already_survives_unchanged(condition: Condition) -> None:
    normal = parse_condition(text(condition))
    assert parse_condition(text(normal)) == normal


@given(st.lists(conditions(), min_size=1, max_size=4))
def test_joined_conditions_read_as_each_one_alone(several: list[Condition]) -> None:
    joined = " and ".join(text(condition) for condition in several)
    assert parse_conditions(joined) == tuple(parse_condition(text(condition)) for condition in several)


@given(st.text(max_size=40) | st.text("ab.='\"[]<>! 01\\,", max_size=30))
def test_no_text_makes_the_parser_raise_anything_else(rule: str) -> None:
    with suppress(RuleSyntaxError):
        parse_condition(rule)
