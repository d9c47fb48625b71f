"""Every player that is shown really shows it: decided on by the rules themselves."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from casino.analysis.analyse import analyse
from casino.analysis.finding import Finding
from casino.analysis.ground import lay_ground
from casino.analysis.logic import Answer
from casino.analysis.witness import Claims, player
from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.decide import Decision, Status, decide
from casino.bonus.reward import Boosted
from casino.document import load_yaml
from casino.facts import Facts
from casino.fields.catalogue import OPEN, parse_catalogue
from casino.rules.condition import TAKES_LIST, Condition, Operator
from casino.rules.flaws import flaw
from casino.rules.parse import parse_condition
from casino.values import Value

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Analysed = Callable[..., list[Finding]]

SCALARS: list[Value] = ["x", "y", 0, 1, 2, True, "2026-11-20"]
PARTS = ("days since player.at <= 7", "player.at < now", "bucket 's' of player.id < 5000", "player.m >= 5 EUR")


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    if draw(st.integers(0, 5)) == 0:
        return parse_condition(draw(st.sampled_from(PARTS)))
    operator = draw(st.sampled_from(Operator))
    scalars = st.sampled_from(SCALARS)
    expected: Value = draw(st.lists(scalars, min_size=1, max_size=2) if operator in TAKES_LIST else scalars)
    path = draw(st.sampled_from(["player.a", "player.b", "tools.t.c"]))
    made = Condition(path, operator, expected, draw(st.sampled_from(["fail", "fail", "pass"])))
    return made if flaw(made) is None else Condition(path, Operator.EQUAL, 1)


sections = st.lists(conditions(), max_size=2).map(tuple)


@st.composite
def configuration(draw: st.DrawFn, number: int) -> Configuration:
    tiers = draw(st.lists(sections, min_size=1, max_size=3))
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
                reward=Boosted(template_name=f"T{index}", value_per_spin_description="1"),
            )
            for index, when in enumerate(tiers)
        ),
        comment=None,
        on_unqualified=draw(st.sampled_from(["continue", "stop"])),
        effective_from=None,
        effective_until=None,
    )


@st.composite
def sets(draw: st.DrawFn) -> ConfigurationSet:
    return ConfigurationSet(tuple(draw(configuration(number)) for number in range(draw(st.integers(1, 3)))))


def decided(finding: Finding, configurations: ConfigurationSet, only: str | None) -> Decision:
    assert finding.witness is not None
    kept = tuple(one for one in configurations.configurations if only is None or one.id == only)
    return decide(ConfigurationSet(kept), Facts.of(finding.witness), brand="b", now=NOW)


@settings(max_examples=150, deadline=None)
@given(sets())
def test_every_player_that_is_shown_shows_it(configurations: ConfigurationSet) -> None:
    for finding in analyse(configurations, OPEN, on=NOW.date()):
        if finding.witness is None:
            continue
        alone = decided(finding, configurations, finding.configuration)
        match finding.code:
            case "B103":  # matches the tier, and gets a higher one
                assert (alone.status, alone.tier == finding.path[1]) == (Status.QUALIFIED, False)
            case "B104":  # qualifies for it, and another one decides
                assert alone.status in {Status.QUALIFIED, Status.NOT_QUALIFIED}
                assert alone.configuration == finding.configuration
                together = decided(finding, configurations, None)
                assert together.configuration != finding.configuration
            case "B105":
                assert alone.reasons[0].code == "no_tier"
            case _:  # a pair: both would have this player
                assert finding.code in {"B107", "B108"}
                assert alone.configuration == finding.configuration


def test_a_player_whose_computed_field_has_the_value_is_found(analysed: Analysed) -> None:
    written = """fields:
  - {path: player.bonusTotal, type: number, description: All bonuses.}
  - {path: player.totalDeposits, type: number, description: All deposits.}
  - {path: player.rate, expression: player.bonusTotal / player.totalDeposits * 100, description: Share of bonuses.}
"""
    known = parse_catalogue(load_yaml(written, name="fields.yaml"), OPEN)
    tier = "{name: t, priority: 1, when: [player.rate > 90], reward: {type: boosted, templateName: T, REST}}".replace(
        "REST", "valuePerSpinDescription: '1'"
    )
    found = analysed(f"qualification: [player.rate > 50]\ntiers:\n  - {tier}", catalogue=known)
    assert [one.code for one in found] == ["B105"]
    assert found[0].witness is not None
    assert found[0].witness["player"] == {"bonusTotal": 2, "totalDeposits": 3}


def test_without_a_player_that_really_does_there_is_none() -> None:
    ground = lay_ground([], OPEN, at=NOW)
    assert player(ground.logic, OPEN, Answer(possible=None), Claims([])) is None


def test_a_path_through_the_value_of_another_has_no_player(analysed: Analysed) -> None:
    found = analysed("qualification: [player.a == 1, player.a.b == 2]\ntiers: []", on=date(2026, 11, 22))
    assert found == []


def test_a_value_that_a_computed_field_cannot_have_is_not_claimed(analysed: Analysed) -> None:
    written = """fields:
  - {path: player.n, type: number, description: A number.}
  - {path: player.never, expression: player.n * 0, description: Always 0.}
"""
    known = parse_catalogue(load_yaml(written, name="fields.yaml"), OPEN)
    text = "qualification: [player.never > 5, player.n > 0]"
    assert analysed(text, text.replace("0]", "1]"), catalogue=known, on=date(2026, 1, 1)) == [
        *(
            one
            for one in analysed(text, text.replace("0]", "1]"), catalogue=known, on=date(2026, 1, 1))
            if one.code == "B104"
        )
    ]
    apart = text.replace(", player.n > 0", "")
    assert analysed(text.replace("n > 0", "n < 0"), apart.replace("> 5", "> 6"), catalogue=known) == []


def test_a_value_below_a_value_has_no_player(analysed: Analysed) -> None:
    assert analysed("qualification: [tools.t.a == 1, tools.t.a.b == 2]\ntiers: []") == []
    nested = "qualification: [player.m >= 5 EUR, player.m.amount > 9]\ntiers: []"
    found = analysed(nested)
    assert found[0].witness is not None
    assert found[0].witness["player"] == {"m": {"amount": 10, "currency": "EUR"}}
