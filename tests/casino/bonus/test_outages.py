"""An outage is not a no, and not a yes either: every way in which a decision can hang on what nobody could read."""

from datetime import UTC, datetime

import pytest

from casino.bonus.configuration import load_set
from casino.bonus.decide import NOT_KNOWN_YET, Decision, Status, decide
from casino.bonus.reading import Reason
from casino.document import load_yaml
from casino.facts import Facts
from casino.values import Value

SAFE: dict[str, Value] = {
    **dict.fromkeys(("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False),
    "age_years": 34,
}
YES, NO, OPEN = "player.one == 1", "player.one == 2", "tools.kyc.status == 'approved'"


def write(name: str, priority: int, *, segment: str, qualify: str, tiers: str, stop: bool) -> str:
    reward = "{type: boosted, templateName: T, valuePerSpinDescription: 1 EUR}"
    conditions = tiers.split(" / ") if tiers else []
    listed = "".join(
        f'\n  - {{name: t{number}, priority: {-number}, when: ["{condition}"], reward: {reward}}}'
        for number, condition in enumerate(conditions)
    )
    return (
        f"id: {name}\nname: {name}\npriority: {priority}\nstatus: published\n"
        f"on_unqualified: {'stop' if stop else 'continue'}\n"
        f'segmentation: ["{segment}"]\nqualification: ["{qualify}"]\n' + (f"tiers:{listed}\n" if listed else "")
    )


def decided(
    *, segment: str = YES, qualify: str = YES, tiers: str = YES, stop: bool = False, rest: str = YES
) -> Decision:
    """Decide on one configuration in question, before one that grants (rest=YES), refuses (NO) or is open."""
    texts = [
        write("first", 2, segment=segment, qualify=qualify, tiers=tiers, stop=stop),
        write("rest", 1, segment=YES, qualify=rest, tiers=YES, stop=False),
    ]
    facts = Facts.of({"player": {"one": 1}, "safety": SAFE, "unavailable": ["tools.kyc"]})
    configurations = load_set(load_yaml(text, name="f.yaml") for text in texts)
    return decide(configurations, facts, brand="lucky-spin", now=datetime(2026, 11, 22, tzinfo=UTC))


def outcome(decision: Decision) -> tuple[str, str | None, str | None]:
    return decision.status.value, decision.configuration, decision.tier


@pytest.mark.parametrize("rest", [YES, NO, OPEN])
def test_an_open_qualification_holds_up_the_decision_whatever_comes_after(rest: str) -> None:
    assert outcome(decided(qualify=OPEN, rest=rest)) == ("unknown", "first", None)
    assert outcome(decided(qualify=OPEN, rest=rest, stop=True)) == ("unknown", "first", None)


@pytest.mark.parametrize("rest", [YES, NO, OPEN])
def test_an_open_segmentation_holds_up_the_decision_where_the_rest_would_grant(rest: str) -> None:
    assert outcome(decided(segment=OPEN, rest=rest)) == ("unknown", "first", None)
    assert outcome(decided(segment=OPEN, qualify=OPEN, rest=rest)) == ("unknown", "first", None)


def test_an_open_segmentation_makes_no_difference_where_the_qualification_failed_anyway() -> None:
    assert outcome(decided(segment=OPEN, qualify=NO)) == ("qualified", "rest", "t0")
    assert outcome(decided(segment=OPEN, qualify=NO, rest=NO)) == ("not_qualified", None, None)


def test_but_it_does_where_failing_would_have_stopped_the_search() -> None:
    assert outcome(decided(segment=OPEN, qualify=NO, stop=True)) == ("unknown", "first", None)
    assert outcome(decided(segment=OPEN, qualify=NO, stop=True, rest=NO)) == ("not_qualified", None, None)


def test_an_open_tier_is_not_replaced_by_a_lower_one() -> None:
    assert outcome(decided(tiers=f"{OPEN} / {YES}")) == ("unknown", "first", None)
    assert outcome(decided(tiers=f"{NO} / {OPEN}")) == ("unknown", "first", None)
    assert outcome(decided(tiers=OPEN)) == ("unknown", "first", None)


def test_an_open_tier_below_the_one_that_matches_is_not_even_read() -> None:
    decision = decided(tiers=f"{YES} / {OPEN}")
    assert outcome(decision) == ("qualified", "first", "t0")
    assert decision.unavailable == ()


def test_an_open_configuration_that_could_grant_nothing_still_holds_up_the_next_one() -> None:
    assert outcome(decided(qualify=OPEN, tiers=NO)) == ("unknown", "first", None)
    assert outcome(decided(segment=OPEN, tiers="")) == ("unknown", "first", None)


def test_where_no_end_grants_anything_it_is_a_no_however_much_is_open() -> None:
    decision = decided(qualify=OPEN, tiers=NO, rest=NO)
    assert outcome(decision) == ("not_qualified", None, None)
    assert [reason.code for reason in decision.reasons] == ["condition_failed", "condition_failed"]


def test_a_no_that_rests_on_nothing_but_open_conditions_names_them() -> None:
    decision = decided(qualify=OPEN, tiers="", stop=True)
    assert outcome(decision) == ("not_qualified", None, None)
    assert [reason.code for reason in decision.reasons] == ["unavailable"]


def test_an_outage_below_a_certain_grant_makes_no_difference() -> None:
    assert outcome(decided(rest=OPEN)) == ("qualified", "first", "t0")


def test_an_outage_after_a_certain_no_holds_up_the_decision() -> None:
    assert outcome(decided(qualify=NO, rest=OPEN)) == ("unknown", "rest", None)
    assert outcome(decided(segment=NO, rest=OPEN)) == ("unknown", "rest", None)


def test_an_unknown_decision_says_what_could_not_be_read_and_promises_nothing() -> None:
    decision = decided(qualify=OPEN)
    assert decision.status is Status.UNKNOWN
    assert decision.reasons == (
        Reason(
            "unavailable",
            "first, qualification (otherwise continue): tools.kyc.status == 'approved' (it could not be read)",
            None,
            "tools.kyc.status",
        ),
    )
    assert decision.unavailable == ("tools.kyc.status",)
    assert decision.result() == {
        "qualified": False,
        "status": "unknown",
        "rewardType": None,
        "reasons": [NOT_KNOWN_YET],
    }
    assert [node.verdict.value for node in decision.trace.children] == ["yes", "unknown", "yes"]


def test_an_unknown_decision_names_every_open_condition_it_hangs_on() -> None:
    decision = decided(segment=OPEN, qualify=OPEN, tiers=OPEN, rest=OPEN)
    assert [reason.text.split(":")[0] for reason in decision.reasons] == [
        "first, classification",
        "first, qualification (otherwise continue)",
        "first, tier t0",
        "rest, qualification (otherwise continue)",
    ]


def test_an_open_condition_beside_a_failed_one_of_the_same_section_is_a_no() -> None:
    both = f'{NO}", "{OPEN}'
    assert outcome(decided(qualify=both)) == ("qualified", "rest", "t0")
    assert outcome(decided(qualify=both, rest=NO)) == ("not_qualified", None, None)
