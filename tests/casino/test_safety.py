from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.facts import SAFETY_FLAGS, Facts, SafetyFacts
from casino.safety import Veto, VetoCode, check_safety, veto
from casino.values import Value
from casino.verdict import Verdict

CLEAR: dict[str, Value] = {**dict.fromkeys(SAFETY_FLAGS, False), "age_years": 34}


def safety(*unavailable: str, **changes: Value) -> SafetyFacts:
    return SafetyFacts.of(Facts.of({"safety": {**CLEAR, **changes}, "unavailable": [*unavailable]}))


def without(name: str) -> SafetyFacts:
    return SafetyFacts.of(Facts.of({"safety": {key: value for key, value in CLEAR.items() if key != name}}))


def test_known_and_clear_facts_veto_nothing() -> None:
    assert veto(safety()) == ()
    assert check_safety(safety()).node.verdict is Verdict.YES


@pytest.mark.parametrize("name", SAFETY_FLAGS)
def test_each_raised_flag_vetoes_under_its_own_name(name: str) -> None:
    assert veto(safety(**{name: True})) == (Veto(VetoCode(name), f"safety.{name}", f"safety.{name} is true"),)


def test_a_player_under_age_is_vetoed() -> None:
    under_age = Veto(VetoCode.UNDER_AGE, "safety.age_years", "the player is 17, the legal age is 18")
    assert veto(safety(age_years=17)) == (under_age,)
    assert veto(safety(age_years=18)) == ()
    assert [found.code for found in veto(safety(age_years=20), legal_age=21)] == [VetoCode.UNDER_AGE]
    assert [found.code for found in veto(safety(age_years=-1))] == [VetoCode.UNDER_AGE]


@pytest.mark.parametrize("name", [*SAFETY_FLAGS, "age_years"])
def test_what_is_not_known_is_a_veto_that_names_the_fact(name: str) -> None:
    path = f"safety.{name}"
    unknown = VetoCode.SAFETY_UNKNOWN
    assert veto(without(name)) == (Veto(unknown, path, f"{path} was not supplied"),)
    assert veto(safety(**{name: None})) == (Veto(unknown, path, f"{path} is null"),)
    assert veto(safety(**{name: "no"})) == (Veto(unknown, path, f"{path} is of the wrong type"),)
    assert veto(safety(path)) == (Veto(unknown, path, f"{path} could not be read"),)


@pytest.mark.parametrize("value", [0, Decimal(0), "", [], "false"])
def test_only_a_real_false_clears_a_flag(value: Value) -> None:
    assert [found.code for found in veto(safety(self_excluded=value))] == [VetoCode.SAFETY_UNKNOWN]


def test_true_is_no_age() -> None:
    assert [found.code for found in veto(safety(age_years=True))] == [VetoCode.SAFETY_UNKNOWN]


def test_nothing_at_all_known_vetoes_seven_times_and_says_no() -> None:
    check = check_safety(SafetyFacts.of(Facts.of({"unavailable": ["safety"]})))
    assert len(check.vetoes) == 7
    assert check.node.verdict is Verdict.NO


def test_the_legal_age_cannot_be_lowered() -> None:
    with pytest.raises(ValueError, match="the legal age is 16, below 18"):
        veto(safety(), legal_age=16)


@given(st.dictionaries(st.sampled_from([*CLEAR]), st.sampled_from([None, True, False, "x", 0, 1, 17, 18, 99, []])))
def test_only_six_times_false_and_an_adult_age_pass(facts: dict[str, Value]) -> None:
    age = facts.get("age_years")
    clear = (
        all(facts.get(name) is False for name in SAFETY_FLAGS) and age in {18, 99} if isinstance(age, int) else False
    )
    assert (veto(SafetyFacts.of(Facts.of({"safety": facts}))) == ()) is clear
