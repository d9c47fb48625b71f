from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.bonus.configuration import Configuration, ConfigurationStatus, Tier, parse_configuration
from casino.bonus.files.format import catalogue_text, condition_document, format_configuration
from casino.bonus.files.written import condition_at
from casino.bonus.limits import NO_LIMITS, Limits, Period, PlayerLimit
from casino.bonus.reward import Boosted, Cash, Premium, Standard
from casino.document import load_yaml
from casino.exact import exact_text
from casino.fields.catalogue import OPEN, Catalogue, Field, Origin, parse_catalogue
from casino.fields.field_type import FieldType
from casino.loaded import Loaded
from casino.money import Money
from casino.rules.condition import TAKES_LIST, Bucket, Condition, Operator, Relative, Since
from casino.values import Value

HOUSE = """\
id: autumn
name: Autumn
brands: [lucky-spin, royal-harbour]
priority: 7
status: published
time_zone: Europe/Malta
day_begins: "06:00"
effective_from: 2026-03-01
effective_until: 2026-03-29T10:30:00Z
segmentation:
  - bucket 'autumn' of player.id >= 1000
qualification:
  - days since player.lastDepositAt <= 7
  - field: player.lastDeposit
    operator: ">="
    value:
      amount: 500.00
      currency: EUR
    on_missing: pass
  - field: player.lastDepositAt
    measure: hours since
    operator: "<"
    value: 48
    hear: player
    say: "Deposit first: it is easy."
  - field: player.id
    bucket: it's
    operator: <=
    value: 9
    on_missing: pass
tiers:
  - name: default
    priority: 1
    when: []
    reward:
      type: standard
      spinsCount: 15
      gameProvider: BGaming
      wager: 35
limits:
  per_player:
    - count: 1
      period: week
  campaign:
    count: 10
    budget: 5000 EUR
  cool_off: 36 hours
  one_live_bonus: true
comment: Be kind.
on_unqualified: stop
""".replace("operator: <=", 'operator: "<="')


def read(text: str, catalogue: Catalogue = OPEN) -> Configuration:
    return parse_configuration(load_yaml(text, name="f.yaml"), catalogue)


def test_a_configuration_has_one_form() -> None:
    assert format_configuration(read(HOUSE)) == HOUSE


@pytest.mark.parametrize(
    ("line", "house"),
    [
        ("effective_from: 2026-03-01T06:00", "effective_from: 2026-03-01"),
        ("effective_from: 2026-03-01T05:00:00Z", "effective_from: 2026-03-01"),
        ("effective_from: 2026-03-01T06:01", "effective_from: 2026-03-01T05:01:00Z"),
        ("effective_from: 2026-03-01T05:00:00.5+00:00", "effective_from: 2026-03-01T05:00:00.500000Z"),
        ("effective_from: 0001-01-01T00:00:00Z", "effective_from: 2026-03-01"),
    ],
)
def test_a_moment_is_written_as_the_casino_day_that_begins_then(line: str, house: str) -> None:
    written = format_configuration(read(HOUSE.replace("effective_from: 2026-03-01", line)))
    expected = line if "0001" in line else house
    assert f"{expected}\n" in written


def test_without_a_zone_a_moment_stands_in_utc() -> None:
    text = "id: a\nname: A\npriority: 1\neffective_until: 2026-03-01T01:00:00+01:00\n"
    assert "effective_until: 2026-03-01T00:00:00Z\n" in format_configuration(read(text))
    assert "time_zone" not in format_configuration(read(text))


@pytest.mark.parametrize(
    ("duration", "written"), [("2 days", "2 days"), ("48 hours", "2 days"), ("90 minutes", "90 minutes")]
)
def test_a_duration_is_written_in_its_largest_unit(duration: str, written: str) -> None:
    assert f"  cool_off: {written}\n" in format_configuration(read(HOUSE.replace("36 hours", duration)))


def test_a_rule_too_long_for_the_text_form_is_written_in_the_structured_one() -> None:
    listed: list[Value] = ["x" * 60] * 1_000
    document = condition_document(Condition("player.x", Operator.IS_IN, listed))
    assert document == {"field": "player.x", "operator": "is_in", "value": listed}


FIELDS = """\
fields:
  - path: player.rate
    type: number
    expression: player.total / 2
    description: Half of it
  - path: player.total
    type: number
    integer: true
    values:
      - 1
      - 2
"""


def test_the_fields_of_a_catalogue_have_one_form_and_read_back() -> None:
    built_in = {"player.ngr": Field("player.ngr", FieldType.NUMBER, Origin.BUILT_IN, "Net gaming revenue")}
    base = Catalogue(MappingProxyType(built_in), frozenset(), closed=True)
    catalogue = parse_catalogue(load_yaml(FIELDS, name="f"), base)
    assert catalogue_text(catalogue) == FIELDS
    assert parse_catalogue(load_yaml(catalogue_text(catalogue), name="f"), base) == catalogue


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).map(exact_text)
paths = st.from_regex(r"player(\.[a-zA-Z_][a-zA-Z0-9_]{0,5}){1,2}", fullmatch=True)
numbers = st.integers(-(10**6), 10**6) | st.decimals(-99, 99, places=2)
amounts = st.builds(Money, st.integers(-(10**6), 10**6), st.sampled_from(["EUR", "JPY", "BHD"]))
shifts = st.integers(-999, 999).filter(bool)
relatives = st.sampled_from([Relative("now"), Relative("today")]) | (
    st.builds(Relative, st.just("now"), shifts, st.sampled_from(["minutes", "hours", "days"]))
    | st.builds(Relative, st.just("today"), shifts)
)
places = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL, Operator.GREATER, Operator.LESS_OR_EQUAL])
measures = st.builds(Since, st.sampled_from(["hours", "days"])) | st.builds(Bucket, names)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    path = draw(paths)
    on_missing: Literal["fail", "pass"] = "pass" if draw(st.booleans()) else "fail"
    say = draw(st.none() | names)
    hear: Literal["player", "staff"] = "staff" if say is None else "player"
    kind = draw(st.sampled_from(["place", "measured", "list", "order", "one"]))
    if kind == "place":
        return Condition(path, draw(places), draw(amounts | relatives), on_missing, hear, say)
    if kind == "measured":
        return Condition(path, draw(places), draw(st.integers(0, 9999)), on_missing, hear, say, draw(measures))
    scalars = st.booleans() | numbers | names
    if kind == "list":
        operator = draw(st.sampled_from(sorted(TAKES_LIST)))
        listed: list[Value] = draw(st.lists(scalars, min_size=1, max_size=3))
        return Condition(path, operator, listed, on_missing, hear, say)
    if kind == "order":
        return Condition(path, Operator.LESS, draw(numbers), on_missing, hear, say)
    return Condition(
        path, draw(st.sampled_from([Operator.EQUAL, Operator.CONTAINS])), draw(scalars), on_missing, hear, say
    )


@given(conditions())
def test_the_structured_form_of_every_condition_reads_back_as_the_same(condition: Condition) -> None:
    loaded = Loaded({"it": condition.to_document()}, {}, "f.yaml")
    assert condition_at(loaded, ("it",), OPEN) == condition


@given(conditions())
def test_a_condition_in_a_file_reads_back_as_the_same(condition: Condition) -> None:
    document = condition_document(condition)
    assert condition_at(Loaded({"it": document}, {}, "f.yaml"), ("it",), OPEN) == condition  # pyright: ignore[reportArgumentType]  # what is written is a plain value


rewards = (
    st.builds(
        Standard, spins_count=st.integers(1, 50), game=st.none() | names, game_provider=names, wager=st.integers(0, 50)
    )
    | st.builds(Boosted, template_name=names, value_per_spin_description=names)
    | st.builds(Premium, template_name=names, value_per_spin_description=names)
    | st.builds(
        Cash,
        amount=st.integers(1, 99),
        amount_type=st.sampled_from(["cash", "free_spins"]),
        name=names,
        description=names,
        wager=st.decimals(0, 50, places=1),
    )
)
limits = st.just(NO_LIMITS) | st.builds(
    Limits,
    per_player=st.lists(st.sampled_from(list(Period)), max_size=2, unique=True).map(
        lambda periods: tuple(PlayerLimit(2, period) for period in Period if period in periods)
    ),
    campaign_count=st.none() | st.integers(1, 10**6),
    campaign_budget=st.none() | st.builds(Money, st.integers(1, 10**8), st.sampled_from(["EUR", "JPY"])),
    cool_off=st.none() | st.integers(1, 9_999).map(lambda count: timedelta(minutes=count)),
    one_live_bonus=st.booleans(),
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001  # the zone is put on behind


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    section = st.lists(conditions(), max_size=2).map(tuple)
    tiers = [
        Tier(name=f"{draw(names)}{number}", priority=-number, when=draw(section), reward=draw(rewards))
        for number in range(draw(st.integers(0, 2)))
    ]
    starts, ends = sorted(draw(st.tuples(moments, moments.map(lambda at: at + timedelta(days=20_000)))))
    return Configuration(
        id="a",
        name=draw(names),
        brands=tuple(sorted(draw(st.sets(names, max_size=2)))),
        priority=draw(st.integers(-99, 99)),
        status=draw(st.sampled_from(ConfigurationStatus)),
        segmentation=draw(section),
        qualification=draw(section),
        tiers=tuple(tiers),
        comment=draw(st.none() | names),
        on_unqualified=draw(st.sampled_from(["continue", "stop"])),
        effective_from=draw(st.sampled_from([None, starts])),
        effective_until=draw(st.sampled_from([None, ends])),
        limits=draw(limits),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Malta", "Asia/Tokyo"])),
        day_begins=draw(st.sampled_from([time(0), time(6), time(5, 30)])),
    )


@given(configurations())
def test_what_is_written_reads_back_as_the_same_configuration(configuration: Configuration) -> None:
    again = read(format_configuration(configuration))
    assert again == configuration
    assert again.hash == configuration.hash
