"""What holds for every configuration, however it is written, and for every player, however odd."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.decide import Decision, Status, decide
from casino.bonus.reward import Boosted
from casino.document import Writable, canonical_json
from casino.facts import SAFETY_FLAGS, Facts
from casino.rules.condition import TAKES_LIST, Condition, Operator
from casino.values import Value

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIELDS = ("player.a", "player.b", "tools.t.c")
CLEAR: dict[str, Value] = {**dict.fromkeys(SAFETY_FLAGS, False), "age_years": 34}

SCALARS: list[Value] = ["x", "y", 0, 1, 2, True, False]
scalars = st.sampled_from(SCALARS)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    operator = draw(st.sampled_from(Operator))
    expected: Value = draw(st.lists(scalars, min_size=1, max_size=2) if operator in TAKES_LIST else scalars)
    return Condition(draw(st.sampled_from(FIELDS)), operator, expected, draw(st.sampled_from(["fail", "fail", "pass"])))


sections = st.lists(conditions(), max_size=2).map(tuple)


@st.composite
def configuration_sets(draw: st.DrawFn) -> ConfigurationSet:
    count = draw(st.integers(0, 3))
    return ConfigurationSet(tuple(draw(one_configuration(number)) for number in range(count)))


@st.composite
def one_configuration(draw: st.DrawFn, number: int) -> Configuration:
    tiers = draw(st.lists(sections, max_size=2))
    return Configuration(
        id=f"c{number}",
        name=f"c{number}",
        brands=(),
        priority=-number,
        status=ConfigurationStatus.PUBLISHED,
        segmentation=draw(sections),
        qualification=draw(sections),
        tiers=tuple(
            Tier(
                name=f"t{index}",
                priority=-index,
                when=when,
                reward=Boosted(template_name=f"T{number}{index}", value_per_spin_description="1"),
            )
            for index, when in enumerate(tiers)
        ),
        comment=None,
        on_unqualified=draw(st.sampled_from(["continue", "stop"])),
        effective_from=None,
        effective_until=None,
    )


lists: st.SearchStrategy[Value] = st.lists(st.none() | scalars, max_size=2).map(lambda items: [*items])
values: st.SearchStrategy[Value] = st.none() | scalars | lists


@st.composite
def players(draw: st.DrawFn) -> dict[str, Value]:
    found: dict[str, Value] = draw(st.dictionaries(st.sampled_from(["a", "b"]), values))
    tool: dict[str, Value] = draw(st.dictionaries(st.just("c"), values))
    return {"player": found, "tools": {"t": tool}}


def decided(configurations: ConfigurationSet, *parts: Mapping[str, Writable]) -> Decision:
    facts: dict[str, Writable] = {"safety": CLEAR}
    for part in parts:
        facts |= part
    return decide(configurations, Facts.of(facts), brand="b", now=NOW)


def choice(decision: Decision) -> tuple[Status, str | None, str | None]:
    granted = decision.status is Status.QUALIFIED
    return decision.status, decision.configuration if granted else None, decision.tier


unread = st.lists(st.sampled_from(FIELDS), unique=True, min_size=1, max_size=2)


@given(configuration_sets(), players(), unread)
def test_the_same_arguments_give_the_same_record_byte_for_byte(
    configurations: ConfigurationSet, player: dict[str, Value], unavailable: list[str]
) -> None:
    parts = (player, {"unavailable": unavailable})
    once, again = decided(configurations, *parts), decided(configurations, *parts)
    assert canonical_json(once.record()) == canonical_json(again.record())


def fill(player: dict[str, Value], path: str, value: Value) -> dict[str, Value]:
    """Put a value where the outage was; None stands for a field that is not there."""
    player_fields, tool_fields = player["player"], player["tools"]
    assert isinstance(player_fields, dict)
    assert isinstance(tool_fields, dict)
    if path.startswith("player."):
        return {"player": with_value(player_fields, path[-1], value), "tools": tool_fields}
    inner = tool_fields["t"]
    assert isinstance(inner, dict)
    return {"player": player_fields, "tools": {"t": with_value(inner, "c", value)}}


def with_value(fields: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    rest = {name: kept for name, kept in fields.items() if name != key}
    return rest if value is None else {**rest, key: value}


WORLDS: tuple[Value, ...] = (None, "x", "y", 0, 1, 2, 3, True, False, [], ["x"], ["y", 0], [True, 1, 2])


@given(configuration_sets(), players(), unread)
def test_a_decision_made_in_an_outage_stands_in_every_world_that_the_outage_hides(
    configurations: ConfigurationSet, player: dict[str, Value], unavailable: list[str]
) -> None:
    decision = decided(configurations, player, {"unavailable": unavailable})
    if decision.status is Status.UNKNOWN:
        return
    for hidden in product(WORLDS, repeat=len(unavailable)):
        world = player
        for path, value in zip(unavailable, hidden, strict=True):
            world = fill(world, path, value)
        assert choice(decided(configurations, world)) == choice(decision)


@given(configuration_sets(), players())
def test_with_all_facts_at_hand_a_decision_is_never_unknown(
    configurations: ConfigurationSet, player: dict[str, Value]
) -> None:
    assert decided(configurations, player).status in {Status.QUALIFIED, Status.NOT_QUALIFIED}


@given(configuration_sets(), players(), st.sampled_from([*CLEAR]), st.sampled_from([None, True, "x", [], 1]))
def test_no_configuration_however_written_grants_past_a_veto(
    configurations: ConfigurationSet, player: dict[str, Value], name: str, value: Value
) -> None:
    assert decided(configurations, player, {"safety": {**CLEAR, name: value}}).status is Status.VETOED
    absent = {key: kept for key, kept in CLEAR.items() if key != name}
    assert decided(configurations, player, {"safety": absent}).status is Status.VETOED
    assert decided(configurations, player, {"unavailable": [f"safety.{name}"]}).status is Status.VETOED
    assert decided(configurations, player, {"unavailable": ["safety"]}).status is Status.VETOED
    assert decided(configurations, player, {"safety": value}).status is Status.VETOED


@given(configuration_sets(), players())
def test_a_grant_that_hangs_on_one_unread_condition_is_not_made(
    configurations: ConfigurationSet, player: dict[str, Value]
) -> None:
    hung = Condition("tools.register.state", Operator.EQUAL, "clear")
    guarded = ConfigurationSet(
        tuple(replace(one, qualification=(*one.qualification, hung)) for one in configurations.configurations)
    )
    assert decided(guarded, player, {"unavailable": ["tools.register"]}).status is not Status.QUALIFIED
