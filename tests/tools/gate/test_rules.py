"""The rules of the gate: the first policy that holds decides, and what nobody knows is a human's."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from casino.values import Document
from tools.catalog import CATALOG
from tools.fields import built_in_catalogue
from tools.gate.roles import Role
from tools.gate.rules import UNNAMED, GateRules, Mode, Policy, policy_facts
from tools.gate.written import load_gate_rules
from tools.tool import Arguments, Call, Intent, Kind, Tool

SHIPPED = Path(__file__).parents[3] / "procedures" / "gate.yaml"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def _run(_: Arguments, __: Call[None]) -> Intent:
    return Intent(key="k", business_key="b", body={})


async def _perform(_: Intent, __: object) -> Document:
    return {}


def tool(name: str = "issue_bonus") -> Tool[Any]:
    return Tool(
        name=name,
        display_name=name,
        kind=Kind.WRITE,
        description="",
        arguments=Arguments,
        run=_run,
        perform=_perform,
    )


def call(*, confidence: Decimal | None = None) -> Call[None]:
    return Call(
        ticket_id="t1",
        brand="lucky-spin",
        call_id="c1",
        now=NOON,
        world=None,
        facts={},
        said=(),
        asked="",
        tried=(),
        named_fields=(),
        procedure="bonus-request",
        confidence=confidence,
    )


def policy(*when: str, approvers: int = 1) -> Policy:
    lines = "".join(f'\n      - "{condition}"' for condition in when) or " []"
    text = f"approvals:\n  - name: it\n    when:{lines}\n    approvers: {approvers}\n"
    return load_gate_rules(text, name="gate.yaml").policies[0]


def holds(one: Policy, effect: Document, *, player: Document | None = None, confidence: str | None = None) -> bool:
    given: Document = {
        "effect": dict(effect),
        "player": {} if player is None else dict(player),
        "unavailable": ["player.x"],
    }
    sure = None if confidence is None else Decimal(confidence)
    return one.holds(policy_facts(tool(), call(confidence=sure), given))


def test_a_workflow_that_nobody_named_asks_a_human() -> None:
    rules = GateRules(modes={"bonus-request": Mode.AUTOMATIC})
    assert [rules.mode(name) for name in ("bonus-request", "new", "")] == [
        Mode.AUTOMATIC,
        Mode.APPROVAL,
        Mode.APPROVAL,
    ]


def test_where_no_policy_holds_one_human_has_a_day() -> None:
    rules = GateRules(policies=(policy("effect.amount > 200", approvers=2),))
    assert rules.policy(policy_facts(tool(), call(), {"effect": {"amount": 5}})) is UNNAMED
    assert (UNNAMED.approvers, UNNAMED.expires) == (1, timedelta(hours=24))


def test_the_first_policy_that_holds_decides() -> None:
    first, second = policy("effect.amount > 1000", approvers=2), policy("effect.amount > 200")
    rules = GateRules(policies=(first, second))
    weighed = [rules.policy(policy_facts(tool(), call(), {"effect": {"amount": one}})) for one in (5000, 500)]
    assert weighed == [first, second]


def test_all_conditions_have_to_hold() -> None:
    cash = policy("effect.rewardType == 'cash'", "effect.amount > 200")
    assert holds(cash, {"rewardType": "cash", "amount": 201})
    assert not holds(cash, {"rewardType": "cash", "amount": 200})
    assert not holds(cash, {"rewardType": "standard", "amount": 201})


UNDECIDED: list[tuple[str, Document]] = [
    ("effect.amount > 200", {}),  # missing
    ("effect.amount > 200", {"amount": None}),  # null
    ("effect.amount > 200", {"amount": "300"}),  # another type
    ("player.x == 'VIP'", {}),  # unavailable
    ("model.confidence < 0.8", {}),  # the model did not say
]


@pytest.mark.parametrize(("condition", "effect"), UNDECIDED)
def test_what_cannot_be_decided_wants_approvers_and_lets_nothing_through(condition: str, effect: Document) -> None:
    assert holds(policy(condition, approvers=1), effect)
    assert holds(policy(condition, approvers=2), effect)
    assert not holds(policy(condition, approvers=0), effect)


@pytest.mark.parametrize(("condition", "effect"), UNDECIDED)
def test_beside_a_condition_that_failed_it_does_not_matter(condition: str, effect: Document) -> None:
    assert not holds(policy(condition, "effect.tool == 'other'"), effect)


def test_a_policy_without_conditions_always_holds() -> None:
    assert holds(policy(approvers=0), {})
    assert holds(policy(approvers=2), {})


def test_policies_read_the_tool_the_ticket_the_player_and_how_sure_the_model_was() -> None:
    everything = policy(
        "effect.tool == 'issue_bonus'",
        "effect.arguments.amount > 5",
        "ticket.procedure == 'bonus-request'",
        "ticket.brand == 'lucky-spin'",
        "player.category == 'VIP'",
        "model.confidence >= 0.8",
        "days since player.lastDepositAt < 2",
        approvers=0,
    )
    vip: Document = {"category": "VIP", "lastDepositAt": "2026-11-19T12:00:00Z"}
    effect: Document = {"arguments": {"amount": Decimal(6)}}
    assert holds(everything, effect, player=vip, confidence="0.9")
    assert not holds(everything, effect, player=vip, confidence="0.7")
    assert not holds(everything, effect, player={**vip, "category": "New"}, confidence="0.9")


def test_a_tool_cannot_pass_for_another_one() -> None:
    facts = policy_facts(tool("pay_out"), call(), {"effect": {"tool": "send_external_message"}})
    assert not policy("effect.tool == 'send_external_message'", approvers=0).holds(facts)


def test_somebody_who_is_not_named_has_no_role() -> None:
    rules = GateRules(people={"vera": frozenset({Role.VIEWER}), "anna": frozenset({Role.APPROVER})})
    assert rules.approvers() == ["anna"]
    assert [rules.actor(name).roles for name in ("anna", "ben")] == [frozenset({Role.APPROVER}), frozenset()]


@pytest.mark.parametrize(
    ("name", "effect", "approvers"),
    [
        ("send_external_message", {}, 0),
        ("issue_bonus", {"rewardType": "standard"}, 0),
        ("issue_bonus", {"rewardType": "boosted"}, 0),
        ("issue_bonus", {"rewardType": "premium"}, 0),
        ("issue_bonus", {"rewardType": "cash", "amountType": "cash", "amount": 200}, 0),
        ("issue_bonus", {"rewardType": "cash", "amountType": "free_spins", "amount": 25}, 0),
        ("issue_bonus", {"rewardType": "cash", "amountType": "free_spins", "amount": 201}, 1),
        ("issue_bonus", {"rewardType": "cash", "amountType": "cash", "amount": Decimal("200.01")}, 1),
        ("issue_bonus", {"rewardType": "cash", "amountType": "cash", "amount": 1000}, 1),
        ("issue_bonus", {"rewardType": "cash", "amountType": "cash", "amount": 1001}, 2),
        ("issue_bonus", {"rewardType": "cash", "amountType": "cash"}, 2),  # nobody knows how much
        ("issue_bonus", {"rewardType": "voucher"}, 1),
        ("issue_bonus", {}, 2),  # nobody knows what
        ("refund", {}, 1),
    ],
)
def test_the_shipped_rules_ask_who_they_say(name: str, effect: Document, approvers: int) -> None:
    text, catalogue = SHIPPED.read_text("utf-8"), built_in_catalogue(CATALOG)
    rules = load_gate_rules(text, name="gate.yaml", catalogue=catalogue, tools=CATALOG.keys())
    assert rules.policy(policy_facts(tool(name), call(), {"effect": {**effect}})).approvers == approvers


def test_the_shipped_rules_name_every_procedure_that_ships_and_no_person() -> None:
    rules = load_gate_rules(SHIPPED.read_text("utf-8"), name="gate.yaml")
    shipped = {path.stem for path in (SHIPPED.parent / "support").glob("*.md")}
    assert dict(rules.modes) == dict.fromkeys(sorted(shipped), Mode.AUTOMATIC)
    assert rules.people == {}
