"""The generated function against a naive interpreter, and what it is made of."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from casino.bonus.compiled.program import Program, flat
from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.decide import Compact, Status, decide
from casino.bonus.reading import End
from casino.bonus.reward import Boosted
from casino.facts import Facts
from casino.money import Money
from casino.rules.condition import TAKES_LIST, Condition, Expected, Operator, Relative
from casino.values import Value
from tests.casino.bonus.drawn_pairs import NOW
from tests.casino.bonus.naive import naive
from tests.casino.bonus.pairs import compare_all

PAIRS = 4_000


def test_on_random_pairs_the_engine_decides_as_the_naive_interpreter() -> None:
    seen = compare_all(Random(3), pairs=PAIRS, players_of_a_set=40)  # noqa: S311  # reproducible, and no secret
    # The pairs are worth their while: every status comes up, and the generated function decides most of them.
    assert min(seen[status] for status in Status) > PAIRS // 100
    assert seen["compiled"] > PAIRS // 2


def configuration(*when: Condition, name: str = "c", segment: tuple[Condition, ...] = ()) -> Configuration:
    reward = Boosted(template_name="T", value_per_spin_description="1 EUR")
    return Configuration(
        id=name,
        name=name,
        brands=(),
        priority=1,
        status=ConfigurationStatus.PUBLISHED,
        segmentation=segment,
        qualification=(),
        tiers=(Tier(name="t", priority=1, when=when, reward=reward),),
        comment=None,
        on_unqualified="continue",
        effective_from=None,
        effective_until=None,
    )


HOSTILE = ("'", '"', "\\", "\n", "k0", "'k0'", "') or exit('", "{v0}", "MISSING", "tree", "%s")


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_an_author_wrote_becomes_code(text: str) -> None:
    listed: list[Value] = [text, *(str(number) for number in range(20))]
    conditions = (
        Condition("player.a", Operator.EQUAL, text),
        Condition("player.b", Operator.CONTAINS_ANY, listed),
        Condition("player.c", Operator.IS_IN, [text, 1, True]),
        Condition(f"player.{text}", Operator.NOT_EQUAL, "x"),
    )
    program = Program((configuration(*conditions, name=text),))
    player: Value = {"a": text, "b": [text], "c": text, text: "y"}
    end = program.decide({"player": player}, NOW)
    assert end == End(program.configurations[0], program.configurations[0].tiers[0])
    other: Value = {"a": text + ".", "b": [text], "c": text, text: "y"}
    assert program.decide({"player": other}, NOW) == End(program.configurations[0], no_tier=True)


EVEN: tuple[tuple[Operator, Expected], ...] = (
    *((operator, expected) for operator in Operator if operator not in TAKES_LIST for expected in ("x", 1, True)),
    *((operator, [expected]) for operator in sorted(TAKES_LIST) for expected in ("x", 1, True, 0, Decimal("1.0"))),
    *((operator, [*"abcdefghijkl"]) for operator in sorted(TAKES_LIST)),
    *((operator, Money(100, "EUR")) for operator in Operator if operator not in TAKES_LIST),
    *((operator, "2026-11-22") for operator in Operator if operator not in TAKES_LIST),
    *((operator, Relative("today")) for operator in Operator if operator not in TAKES_LIST),
)
# Conditions that no file can hold (the loader refuses them) still mean what the interpreter says they mean.
ODD: tuple[tuple[Operator, Expected], ...] = (
    (Operator.GREATER, True), (Operator.GREATER, None), (Operator.LESS, "no date"), (Operator.EQUAL, None),
    (Operator.EQUAL, ["x"]), (Operator.IS_IN, "x"), (Operator.IS_IN, []), (Operator.IS_IN, [None, "x"]),
    (Operator.CONTAINS, None), (Operator.CONTAINS_ANY, []), (Operator.CONTAINS_ANY, [["x"], "x"]),
    (Operator.CONTAINS_NONE, [None, "x"]), (Operator.CONTAINS_ALL, "x"),
    (Operator.CONTAINS_NONE, [*range(12)]), (Operator.CONTAINS_ALL, [*"abcdefghijkl"]),
    (Operator.CONTAINS_NONE, [*"abcdefghijkl"]), (Operator.NOT_EQUAL, True), (Operator.NOT_EQUAL, 1),
)  # fmt: skip
HELD: tuple[Value, ...] = (
    True, False, 0, 1, "x", "no date", [], ["x"], [None], [["x"], "x"], [1], [True], [*range(12)], [*"abcdefghijkl"],
    {}, {"x": 1}, [{"x": 1}], "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-22T00:00:00Z", Decimal("1.0"), [0],
    [None, "x"], [1, "x"], ["a", "b"], {"amount": 1, "currency": "EUR"}, {"amount": 2, "currency": "EUR"},
    {"amount": 1, "currency": "SEK"}, {"amount": True, "currency": "EUR"}, None,
)  # fmt: skip


@pytest.mark.parametrize(("operator", "expected"), [*EVEN, *ODD])
def test_conditions_mean_what_the_interpreter_says(operator: Operator, expected: Expected) -> None:
    only = configuration(Condition("player.a", operator, expected))
    for held in HELD:
        facts = Facts.of({"player": {"a": held}, "safety": CLEAR})
        decision = decide(ConfigurationSet((only,)), facts, brand="b", now=NOW)
        assert isinstance(decision.read, Compact)
        assert decision.status is decision.story.status, held
        assert decision.trace_document() == decision.trace.to_document(), held


CLEAR: dict[str, Value] = {
    **dict.fromkeys(("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False),
    "age_years": 34,
}


def test_a_configuration_that_nobody_gets_past_ends_the_function() -> None:
    program = Program((configuration(name="all"), configuration(name="never")))
    assert program.decide({}, NOW) == End(program.configurations[0], program.configurations[0].tiers[0])
    stopping = replace(
        configuration(name="stop"), on_unqualified="stop", qualification=(Condition("p.a", Operator.EQUAL, 1),)
    )
    program = Program((stopping, configuration(name="never")))
    assert program.decide({"p": {"a": 2}}, NOW) == End(stopping)
    assert naive((stopping, configuration(name="never")), {"safety": CLEAR}, (), now=NOW)[0] == "not_qualified"


def test_values_are_recorded_as_far_as_they_were_read() -> None:
    first = configuration(name="first", segment=(Condition("p.a", Operator.EQUAL, 1),))
    second = configuration(Condition("p.b.c", Operator.EQUAL, 1), name="second")
    program = Program((first, second))
    assert program.paths == ("p.a", "p.b.c")
    one = program.decide_recorded({"p": {"a": 1, "b": {"c": [2]}}}, NOW)
    both = program.decide_recorded({"p": {"a": 2, "b": {"c": [2]}}}, NOW)
    assert one is not None
    assert both is not None
    assert flat(one[1]) == (1,)
    assert flat(both[1]) == (2, [2])


def test_a_section_of_many_conditions_and_lists_of_a_thousand_values_compile() -> None:
    wide = tuple(Condition(f"p.f{number}", Operator.NOT_EQUAL, "x") for number in range(200))
    long = Condition("p.tags", Operator.CONTAINS_NONE, [f"tag{number}" for number in range(1_000)])
    program = Program((configuration(*wide, long),))
    player: dict[str, Value] = {f"f{number}": "y" for number in range(200)}
    assert program.decide({"p": {**player, "tags": ["other"]}}, NOW) == End(
        program.configurations[0], program.configurations[0].tiers[0]
    )
    assert program.decide({"p": {**player, "tags": ["tag999"]}}, NOW) == End(program.configurations[0], no_tier=True)
