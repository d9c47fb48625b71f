"""Expectations in a ticket file: every wrong one is refused with its place and how to mend it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from evals.expect import Budget, Expected, Order
from evals.ticket import TicketError, read_ticket

FORM = "two values joined by ==, such as issue_bonus.reward == qualify_for_bonus.reward is expected. Change it."


def _write(path: Path, **expect: object) -> Path:
    ticket = {"schema": "ticket/1", "id": "own", "title": "Our own", "brand": "red", "says": ["Hello"]}
    path.write_text(json.dumps({**ticket, "expect": {"outcome": "issued", "effects": [], **expect}}), "utf-8")
    return path


def test_every_kind_of_expectation_is_read(tmp_path: Path) -> None:
    order = {
        "before": [["a", "b"]],
        "exactly": {"a": 1},
        "at_most": {"b": 2},
        "forbid": ["c"],
        "eventually": ["b", "d"],
    }
    path = _write(
        tmp_path / "own.json",
        refused=["issue_bonus: precondition"],
        order=order,
        provenance=["a.x == b.y"],
        language="de",
        budget={"model_calls": 3, "cost": 0.5},
    )
    expected = Expected(
        outcome="issued",
        effects=(),
        refused=("issue_bonus: precondition",),
        order=Order(before=(("a", "b"),), exactly={"a": 1}, at_most={"b": 2}, forbid=("c",), eventually=("b", "d")),
        provenance=("a.x == b.y",),
        language="de",
        budget=Budget(model_calls=3, cost=Decimal("0.5")),
    )
    read = read_ticket(path).ticket.expect
    assert read == expected
    assert expected.order.tools == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("expect", "why"),
    [
        ({"order": {"befor": []}}, 'order.befor: there is no such field. Did you mean "before"?'),
        (
            {"order": {"before": [["a"]]}},
            (
                "order.before.0: a list is written, a list of two tools or more, the earlier one first, is expected. "
                "Change it."
            ),
        ),
        ({"order": {"forbid": "a"}}, 'order.forbid: "a" is written, a list is expected. Put it in [ ].'),
        (
            {"order": {"exactly": {"a": -1}}},
            "order.exactly.a: -1 is written, a whole number, 0 or more, is expected. Change it.",
        ),
        (
            {"order": {"at_most": {"a": True}}},
            "order.at_most.a: true is written, a whole number, 0 or more, is expected. Change it.",
        ),
        (
            {"budget": {"tokens": 1.5}},
            "budget.tokens: 1.5 is written, a whole number, 0 or more, is expected. Change it.",
        ),
        ({"budget": {"cost": "1"}}, 'budget.cost: "1" is written, a number, 0 or more, is expected. Change it.'),
        ({"budget": {"token": 1}}, 'budget.token: there is no such field. Did you mean "tokens"?'),
        ({"provenance": ["a.x"]}, f'provenance.0: "a.x" is written, {FORM}'),
        ({"provenance": ["a == b.x"]}, f'provenance.0: "a == b.x" is written, {FORM}'),
        ({"provenance": ["a.x == b"]}, f'provenance.0: "a.x == b" is written, {FORM}'),
        (
            {"language": "pl"},
            'language: "pl" is no word that is known here. Known are "de", "en", "es", "fr", "pt", "sv".',
        ),
    ],
)
def test_a_wrong_expectation_is_refused_with_its_place(tmp_path: Path, expect: dict[str, object], why: str) -> None:
    path = _write(tmp_path / "own.json", **expect)
    with pytest.raises(TicketError) as caught:
        read_ticket(path)
    assert str(caught.value) == f"{path}: expect.{why}"
