from datetime import UTC, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.clock import CasinoTime
from casino.facts import Facts, Found, Look
from casino.money import Money
from casino.rules.condition import Condition, Operator
from casino.rules.evaluate import Checked, all_of, check
from casino.rules.parse import parse_condition, parse_conditions
from casino.values import Value
from casino.verdict import Outcome, TraceNode, Verdict

EXPECTED: dict[Operator, Value] = {
    Operator.EQUAL: "gold",
    Operator.NOT_EQUAL: "gold",
    Operator.GREATER: 10,
    Operator.GREATER_OR_EQUAL: 10,
    Operator.LESS: 10,
    Operator.LESS_OR_EQUAL: 10,
    Operator.CONTAINS: "vip",
    Operator.IS_IN: ["gold", "silver"],
    Operator.CONTAINS_ANY: ["vip", "whale"],
    Operator.CONTAINS_ALL: ["vip", "whale"],
    Operator.CONTAINS_NONE: ["vip", "whale"],
}
PASSES: dict[Operator, list[Value]] = {
    Operator.EQUAL: ["gold"],
    Operator.NOT_EQUAL: ["silver", "Gold", ""],
    Operator.GREATER: [11, Decimal("10.01")],
    Operator.GREATER_OR_EQUAL: [10, Decimal("10.0"), 11],
    Operator.LESS: [9, Decimal("9.99"), -1],
    Operator.LESS_OR_EQUAL: [10, Decimal("10.0"), 9],
    Operator.CONTAINS: [["vip"], ["x", "vip"], [None, 5, "vip"]],
    Operator.IS_IN: ["gold", "silver"],
    Operator.CONTAINS_ANY: [["vip"], ["whale", "x"], [None, "vip"]],
    Operator.CONTAINS_ALL: [["vip", "whale"], ["whale", "x", "vip"]],
    Operator.CONTAINS_NONE: [[], ["x"], ["VIP"], [None], [None, "x"], [5, "x"]],
}
FAILS: dict[Operator, list[Value]] = {
    Operator.EQUAL: ["silver", "Gold", "gold "],
    Operator.NOT_EQUAL: ["gold"],
    Operator.GREATER: [10, Decimal("10.0"), 9],
    Operator.GREATER_OR_EQUAL: [9, Decimal("9.99")],
    Operator.LESS: [10, Decimal("10.0"), 11],
    Operator.LESS_OR_EQUAL: [11, Decimal("10.01")],
    Operator.CONTAINS: [[], ["x"], [None], ["VIP"]],
    Operator.IS_IN: ["bronze", "GOLD"],
    Operator.CONTAINS_ANY: [[], ["x"], [None]],
    Operator.CONTAINS_ALL: [[], ["vip"], ["whale", "x"]],
    Operator.CONTAINS_NONE: [["vip"], ["x", "whale"], [None, "vip"]],
}
MISMATCHES: dict[Operator, list[Value]] = {
    Operator.EQUAL: [5, True, ["gold"], {"a": "gold"}],
    Operator.NOT_EQUAL: [5, False, ["silver"], {}],
    Operator.GREATER: ["11", True, [11], "2026-01-31"],
    Operator.GREATER_OR_EQUAL: ["10", True, {}],
    Operator.LESS: ["9", False, []],
    Operator.LESS_OR_EQUAL: ["10", False, ""],
    Operator.CONTAINS: ["vip", "vip_old", 5, True, {"vip": 1}, [5], [["vip"]]],
    Operator.IS_IN: [5, True, ["gold"], {}],
    Operator.CONTAINS_ANY: ["vip", 5, {}, [5], [True]],
    Operator.CONTAINS_ALL: ["vip", 5, {}, [5]],
    Operator.CONTAINS_NONE: ["x", "", 5, False, {}, [5], [["vip"]], [{"name": "vip"}]],
}


def outcome(operator: Operator, actual: Value) -> Outcome:
    return check(Condition("player.x", operator, EXPECTED[operator]), Facts.of({"player": {"x": actual}})).outcome


@pytest.mark.parametrize("operator", Operator)
def test_every_operator_ends_in_each_outcome_as_written(operator: Operator) -> None:
    assert {outcome(operator, value) for value in PASSES[operator]} == {Outcome.PASS}
    assert {outcome(operator, value) for value in FAILS[operator]} == {Outcome.FAIL}
    assert {outcome(operator, value) for value in MISMATCHES[operator]} == {Outcome.TYPE_MISMATCH}
    assert outcome(operator, None) is Outcome.NULL


@pytest.mark.parametrize("operator", Operator)
def test_without_a_value_every_operator_fails_and_without_an_answer_it_is_unknown(operator: Operator) -> None:
    condition = Condition("player.x", operator, EXPECTED[operator])
    assert check(condition, Facts.of({"player": {}})) == Checked(Outcome.MISSING, None, Verdict.NO)
    assert check(condition, Facts.of({"player": {"x": None}})) == Checked(Outcome.NULL, None, Verdict.NO)
    unavailable = Facts.of({"player": {"x": PASSES[operator][0]}, "unavailable": ["player.x"]})
    assert check(condition, unavailable) == Checked(Outcome.UNAVAILABLE, None, Verdict.UNKNOWN)


@pytest.mark.parametrize("operator", Operator)
def test_on_missing_pass_lets_a_missing_field_through_and_nothing_else(operator: Operator) -> None:
    condition = Condition("player.x", operator, EXPECTED[operator], on_missing="pass")
    assert check(condition, Facts.of({"player": {}})) == Checked(Outcome.MISSING, None, Verdict.YES)
    assert check(condition, Facts.of({"player": {"x": None}})).verdict is Verdict.NO
    assert check(condition, Facts.of({"player": None})).verdict is Verdict.NO
    assert check(condition, Facts.of({"player": {"x": MISMATCHES[operator][0]}})).verdict is Verdict.NO
    assert check(condition, Facts.of({"unavailable": ["player"]})).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("rule", "actual", "expected"),
    [
        ("player.x == 500", "500", Outcome.TYPE_MISMATCH),
        ("player.x == 1", True, Outcome.TYPE_MISMATCH),
        ("player.x == true", 1, Outcome.TYPE_MISMATCH),
        ("player.x == false", False, Outcome.PASS),
        ("player.x == 0.3", Decimal("0.30"), Outcome.PASS),
        ("player.x == 1", Decimal("1.0"), Outcome.PASS),
        ("player.x is_in [1, 'a']", True, Outcome.TYPE_MISMATCH),
        ("player.x is_in [1, 'a']", "a", Outcome.PASS),
        ("player.x contains 1", [True, 2], Outcome.FAIL),
        ("player.x contains true", [1, True], Outcome.PASS),
        ("player.x == 'é'", "e\u0301", Outcome.PASS),
        ("player.x == '\u0410'", "A", Outcome.FAIL),
        ("player.x > '2026-01-31'", "2026-02-01", Outcome.PASS),
        ("player.x > '2026-01-31'", "2026-01-31", Outcome.FAIL),
        ("player.x > '2026-01-31'", "2026-02-01T00:00:00Z", Outcome.TYPE_MISMATCH),
        ("player.x > '2026-01-31'", "20260201", Outcome.TYPE_MISMATCH),
        ("player.x > '2026-01-31'", "later", Outcome.TYPE_MISMATCH),
        ("player.x >= '2026-01-31T00:00:00Z'", "2026-01-31T01:00:00+01:00", Outcome.PASS),
        ("player.x > '2026-01-31T00:00:00Z'", "2026-01-31T00:00:00.000001Z", Outcome.PASS),
        ("player.x > '2026-01-31T00:00:00Z'", "2026-02-01T00:00:00", Outcome.TYPE_MISMATCH),
        ("player.x > '2026-01-31T00:00:00Z'", "0001-01-01T00:00:00+14:00", Outcome.TYPE_MISMATCH),
        ("player.x == '2026-01-31'", "2026-01-31", Outcome.PASS),
        ("player.x == '2026-01-31T00:00:00Z'", "2026-01-31T00:00:00+00:00", Outcome.FAIL),
    ],
)
def test_nothing_is_converted(rule: str, actual: Value, expected: Outcome) -> None:
    assert check(parse_condition(rule), Facts.of({"player": {"x": actual}})).outcome is expected


MALTA = CasinoTime(datetime(2026, 3, 10, 3, 0, tzinfo=UTC), "Europe/Malta", time(6))  # still the day before there


@pytest.mark.parametrize(
    ("rule", "actual", "expected", "measured"),
    [
        ("days since player.x == 0", "2026-03-09T03:00:00.000001Z", Outcome.PASS, 0),
        ("days since player.x == 1", "2026-03-09T03:00:00Z", Outcome.PASS, 1),
        ("days since player.x == -1", "2026-03-10T03:00:01Z", Outcome.PASS, -1),
        ("days since player.x > 1", "2026-03-09T03:00:00Z", Outcome.FAIL, 1),
        ("days since player.x == 0", "2026-03-09", Outcome.PASS, 0),
        ("days since player.x == -1", "2026-03-10", Outcome.PASS, -1),
        ("days since player.x is_in [7, 8]", "2026-03-01", Outcome.PASS, 8),
        ("hours since player.x >= 25", "2026-03-09T03:00:00+01:00", Outcome.PASS, 25),
        ("hours since player.x >= 0", "2026-03-09", Outcome.TYPE_MISMATCH, None),
        ("days since player.x >= 0", "yesterday", Outcome.TYPE_MISMATCH, None),
        ("days since player.x >= 0", 20260309, Outcome.TYPE_MISMATCH, None),
        ("bucket 'autumn-2026' of player.x == 7841", "P1", Outcome.PASS, 7841),
        ("bucket 'spring' of player.x < 0", "P1", Outcome.FAIL, 1905),
        ("bucket 'autumn-2026' of player.x >= 0", 1, Outcome.TYPE_MISMATCH, None),
        ("player.x > now", "2026-03-10T03:00:00.000001Z", Outcome.PASS, None),
        ("player.x > now", "2026-03-10T04:00:00+01:00", Outcome.FAIL, None),
        ("player.x == now", "2026-03-10T04:00:00+01:00", Outcome.PASS, None),
        ("player.x != now", "2026-03-10T04:00:00+01:00", Outcome.FAIL, None),
        ("player.x >= now - 90 minutes", "2026-03-10T01:30:00Z", Outcome.PASS, None),
        ("player.x < now + 2 hours", "2026-03-10T04:59:59Z", Outcome.PASS, None),
        ("player.x > now", "2026-03-11", Outcome.TYPE_MISMATCH, None),
        ("player.x == today", "2026-03-09", Outcome.PASS, None),
        ("player.x <= today - 30 days", "2026-02-07", Outcome.PASS, None),
        ("player.x <= today - 30 days", "2026-02-08", Outcome.FAIL, None),
        ("player.x < today", "2026-03-08T00:00:00Z", Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", {"amount": 500, "currency": "EUR"}, Outcome.PASS, None),
        ("player.x >= 500 EUR", {"amount": Decimal("499.99"), "currency": "EUR"}, Outcome.FAIL, None),
        ("player.x == 500 EUR", {"amount": Decimal("500.0"), "currency": "EUR"}, Outcome.PASS, None),
        ("player.x != 500 EUR", {"amount": 500, "currency": "SEK"}, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", 500, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500", {"amount": 500, "currency": "EUR"}, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", {"amount": True, "currency": "EUR"}, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", {"amount": 500, "currency": "eur"}, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", {"amount": 500, "currency": 978}, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", {"amount": 500}, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", {"amount": 500, "currency": "EUR", "at": "now"}, Outcome.TYPE_MISMATCH, None),
        ("player.x >= 500 EUR", [500], Outcome.TYPE_MISMATCH, None),
    ],
)
def test_time_money_and_buckets_are_weighed_as_written(
    rule: str, actual: Value, expected: Outcome, measured: int | None
) -> None:
    facts = Facts.of({"player": {"x": actual}}).seen(at=MALTA, computed={})
    found = check(parse_condition(rule), facts)
    verdict = Verdict.YES if expected is Outcome.PASS else Verdict.NO
    assert found == Checked(expected, actual, verdict, measured)


@pytest.mark.parametrize("rule", ["player.x > now", "player.x > today - 1 days", "days since player.x > 1"])
def test_without_a_moment_nothing_relative_to_it_is_known(rule: str) -> None:
    condition = parse_condition(rule)
    known = Facts.of({"player": {"x": "2026-01-01"}})
    assert check(condition, known) == Checked(Outcome.UNAVAILABLE, None, Verdict.UNKNOWN)
    assert check(condition, Facts.of({"player": {"x": None}})).outcome is Outcome.NULL
    assert check(condition, Facts.of({"player": {}})).outcome is Outcome.MISSING


def test_a_bucket_needs_no_moment() -> None:
    facts = Facts.of({"player": {"id": "P1"}})
    assert check(parse_condition("bucket 'autumn-2026' of player.id < 8000"), facts).verdict is Verdict.YES


def test_what_a_list_operator_is_given_that_is_no_list_is_a_mismatch() -> None:
    facts = Facts.of({"player": {"x": {"amount": 500, "currency": "EUR"}}})
    condition = Condition("player.x", Operator.CONTAINS, Money(50000, "EUR"))
    assert check(condition, facts).outcome is Outcome.TYPE_MISMATCH


def test_a_counter_that_nobody_supplied_is_an_outage() -> None:
    condition = Condition("counters.a.grants_week", Operator.LESS, 1, on_missing="unknown")
    assert check(condition, Facts.of({})) == Checked(Outcome.UNAVAILABLE, None, Verdict.UNKNOWN)
    assert check(condition, Facts.of({"counters": {"a": {"grants_week": 0}}})).verdict is Verdict.YES


class Doubled:
    """A computed field."""

    text = "player.ngr * 2"
    reads = frozenset({"player.ngr"})

    def value(self, facts: Facts) -> Look:
        look = facts.look("player.ngr")
        return Found(look.value * 2) if isinstance(look, Found) and isinstance(look.value, int) else look


def test_a_computed_field_appears_resolved_with_its_expression() -> None:
    facts = Facts.of({"player": {"ngr": 21, "doubled": 0}}).seen(at=MALTA, computed={"player.doubled": Doubled()})
    _, nodes = all_of(parse_conditions("player.doubled == 42 and days since player.ngr > 1"), facts)
    assert nodes[0] == TraceNode(
        kind="condition",
        label="player.doubled == 42",
        verdict=Verdict.YES,
        path="player.doubled",
        operator="==",
        expected=42,
        actual=42,
        outcome=Outcome.PASS,
        source="computed",
        expression="player.ngr * 2",
    )
    assert list(nodes[0].to_document()) == [
        "kind", "label", "verdict", "path", "operator", "expected", "outcome", "actual", "source", "expression",
    ]  # fmt: skip
    assert "expression" not in nodes[1].to_document()


def test_the_trace_shows_what_was_measured_and_expected() -> None:
    facts = Facts.of({"player": {"x": "2026-03-01", "y": {"amount": 5, "currency": "EUR"}}}).seen(at=MALTA, computed={})
    _, nodes = all_of(parse_conditions("days since player.x <= 7 and player.y < 5 EUR"), facts)
    assert [node.to_document() for node in nodes] == [
        {
            "kind": "condition",
            "label": "days since player.x <= 7",
            "verdict": "no",
            "path": "player.x",
            "operator": "<=",
            "expected": 7,
            "outcome": "fail",
            "actual": "2026-03-01",
            "measured": 8,
            "source": "player",
        },
        {
            "kind": "condition",
            "label": "player.y < 5 EUR",
            "verdict": "no",
            "path": "player.y",
            "operator": "<",
            "expected": {"amount": Decimal("5.00"), "currency": "EUR"},
            "outcome": "fail",
            "actual": {"amount": 5, "currency": "EUR"},
            "source": "player",
        },
    ]


def test_a_section_is_no_where_one_failed_else_unknown_where_one_is_unavailable_else_yes() -> None:
    facts = Facts.of({"player": {"a": 1, "b": 2}, "unavailable": ["tools"]})

    def section(text: str) -> Verdict:
        return all_of(parse_conditions(text), facts)[0]

    assert section("player.a == 1 and player.b == 2") is Verdict.YES
    assert section("player.a == 1 and tools.kyc.status == 'x'") is Verdict.UNKNOWN
    assert section("tools.kyc.status == 'x' and player.a == 2") is Verdict.NO
    assert section("tools.kyc.status == 'x' and player.none == 2") is Verdict.NO
    assert all_of((), facts) == (Verdict.YES, ())


def test_every_condition_is_traced_with_what_was_there_and_where_it_came_from() -> None:
    facts = Facts.of({"player": {"ngr": -5}, "unavailable": ["tools"]})
    conditions = parse_conditions("player.ngr > 0 and player.tags contains 'a' and tools.kyc.status == 'x'")
    _, nodes = all_of(conditions, facts)
    assert nodes == (
        TraceNode(
            kind="condition",
            label="player.ngr > 0",
            verdict=Verdict.NO,
            path="player.ngr",
            operator=">",
            expected=0,
            actual=-5,
            outcome=Outcome.FAIL,
            source="player",
        ),
        TraceNode(
            kind="condition",
            label="player.tags contains 'a'",
            verdict=Verdict.NO,
            path="player.tags",
            operator="contains",
            expected="a",
            outcome=Outcome.MISSING,
            source="player",
        ),
        TraceNode(
            kind="condition",
            label="tools.kyc.status == 'x'",
            verdict=Verdict.UNKNOWN,
            path="tools.kyc.status",
            operator="==",
            expected="x",
            outcome=Outcome.UNAVAILABLE,
            source="tools.kyc",
        ),
    )
    assert nodes[0].to_document() == {
        "kind": "condition",
        "label": "player.ngr > 0",
        "verdict": "no",
        "path": "player.ngr",
        "operator": ">",
        "expected": 0,
        "outcome": "fail",
        "actual": -5,
        "source": "player",
    }
    assert "actual" not in nodes[1].to_document()


names = st.lists(st.sampled_from(["vip", "abuser", "banned", "x"]), min_size=1, max_size=3)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["vip", "abuser", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=6,
)


@given(
    names,
    st.sampled_from([{}, {"player": {}}, {"player": None}, {"player": {"tags": None}}, {"player": {"tags": "x"}}]),
)
def test_an_exclusion_list_that_is_not_there_never_lets_a_player_through(
    excluded: list[Value], document: dict[str, Value]
) -> None:
    condition = Condition("player.tags", Operator.CONTAINS_NONE, excluded)
    assert check(condition, Facts.of(document)).verdict is Verdict.NO


@given(names, anything)
def test_an_exclusion_that_passes_saw_a_list_without_any_of_the_names(excluded: list[Value], tags: Value) -> None:
    condition = Condition("player.tags", Operator.CONTAINS_NONE, excluded)
    if check(condition, Facts.of({"player": {"tags": tags}})).verdict is Verdict.YES:
        assert isinstance(tags, list)
        assert not [tag for tag in tags if tag in excluded]


@given(st.sampled_from(Operator), anything)
def test_an_operator_and_its_negation_never_both_hold(operator: Operator, actual: Value) -> None:
    opposite = {
        Operator.EQUAL: Operator.NOT_EQUAL,
        Operator.GREATER: Operator.LESS_OR_EQUAL,
        Operator.LESS: Operator.GREATER_OR_EQUAL,
        Operator.CONTAINS_ANY: Operator.CONTAINS_NONE,
    }.get(operator)
    if opposite is not None:
        pair = {outcome(operator, actual), outcome(opposite, actual)}
        assert pair in ({Outcome.PASS, Outcome.FAIL}, {Outcome.NULL}, {Outcome.TYPE_MISMATCH})
