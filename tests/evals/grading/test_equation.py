"""Equations: what they say, and what is none."""

import pytest

from evals.grading.equation import Equation, Literal, Place, equation, value_at

LEFT = Place("issue_bonus", ("reward", "amount"))


@pytest.mark.parametrize(
    ("right", "means"),
    [
        ("qualify_for_bonus.reward.amount", Place("qualify_for_bonus", ("reward", "amount"))),
        ("15", Literal(15)),
        ('"VIP_50"', Literal("VIP_50")),
        ("true", Literal(True)),
        ("null", Literal(None)),
        ('{"a": [1]}', Literal({"a": [1]})),
    ],
)
def test_an_equation_has_a_path_and_another_or_a_value(right: str, means: Place | Literal) -> None:
    assert equation(f" issue_bonus.reward.amount=={right} ") == Equation(LEFT, means)


def test_a_number_with_a_point_is_no_path() -> None:
    right = equation("issue_bonus.reward.amount == 0.50").right
    assert isinstance(right, Literal)
    assert str(right.value) == "0.50"


@pytest.mark.parametrize("text", ["", "a.b", "a.b = c.d", "a == b.c", "a.b == c", "a.b ==", "== a.b", "a..b == c.d"])
def test_what_is_no_equation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="two values joined by =="):
        equation(text)


def test_a_value_is_found_by_its_keys() -> None:
    assert value_at({"reward": {"amount": 5}}, LEFT.keys) == 5
    assert str(LEFT) == "issue_bonus.reward.amount"


@pytest.mark.parametrize(("keys", "lacking"), [(("rewrd",), "rewrd"), (("reward", "amount", "x"), "x")])
def test_keys_that_lead_nowhere_are_an_error(keys: tuple[str, ...], lacking: str) -> None:
    with pytest.raises(KeyError, match=lacking):
        value_at({"reward": {"amount": 5}}, keys)
