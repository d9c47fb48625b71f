"""A file of rules: what it says, and for every mistake one message with its place and how to mend it."""

from datetime import timedelta

import pytest

from casino.document import load_yaml
from casino.fields.catalogue import parse_catalogue
from casino.loaded import DocumentError
from casino.rules.parse import parse_condition
from tools.catalog import CATALOG
from tools.fields import built_in_catalogue
from tools.gate.roles import Role
from tools.gate.rules import GateRules, Mode, Policy
from tools.gate.written import load_gate_rules

WHOLE = """\
modes: {bonus-request: automatic, reload: shadow, inquiry: read_only, vip: approval}
approvals:
  - name: large cash
    when: ["effect.rewardType == 'cash'", "effect.amount > 200"]
    approvers: 2
    expires: 90 minutes
  - name: the rest
    approvers: 0
people: {anna: [approver], ben: [approver, administrator], cleo: []}
"""


KNOWN = (
    "Known are effect.tool, effect.rewardType, effect.amount, effect.amountType, effect.currency, "
    "effect.configuration, effect.tier, ticket.procedure, ticket.brand, model.confidence, and the fields of the player "
    "that the platform sends."
)
ROLES = 'Known are "administrator", "approver", "author", "host", "support_agent", "viewer".'


def policies(*lines: str) -> str:
    return "\n".join(["approvals:", "  - name: large cash", *(f"    {line}" for line in lines)]) + "\n"


def when(condition: str) -> str:
    return policies("approvers: 1", f'when: ["{condition}"]')


def test_a_file_says_modes_policies_and_people() -> None:
    assert load_gate_rules(WHOLE, name="gate.yaml") == GateRules(
        modes={
            "bonus-request": Mode.AUTOMATIC,
            "reload": Mode.SHADOW,
            "inquiry": Mode.READ_ONLY,
            "vip": Mode.APPROVAL,
        },
        policies=(
            Policy(
                name="large cash",
                when=(parse_condition("effect.rewardType == 'cash'"), parse_condition("effect.amount > 200")),
                approvers=2,
                expires=timedelta(minutes=90),
            ),
            Policy(name="the rest", approvers=0, expires=timedelta(hours=24)),
        ),
        people={
            "anna": frozenset({Role.APPROVER}),
            "ben": frozenset({Role.APPROVER, Role.ADMINISTRATOR}),
            "cleo": frozenset(),
        },
    )


@pytest.mark.parametrize("text", ["{}", "modes:\napprovals:\npeople:\n"])
def test_a_file_that_says_nothing_leaves_everything_to_humans(text: str) -> None:
    assert load_gate_rules(text, name="gate.yaml") == GateRules()


MISTAKES = {
    "mode: {}": '1:1: unknown key "mode" in the document. Did you mean "modes"?',
    "modes: [automatic]": '1:1: "modes" must be a mapping, but is a list. Write it as name: value.',
    "modes:\n  bonus-request: automatc": (
        '2:3: the mode of "bonus-request" is "automatc", which is no mode. Did you mean "automatic"?'
    ),
    "modes: {a: on}": (
        '1:9: the mode of "a" is "on", which is no mode. Known are "approval", "automatic", "read_only", "shadow".'
    ),
    "modes: {a: 1}": (
        '1:9: the mode of "a" is a number, which is no mode. Known are "approval", "automatic", "read_only", "shadow".'
    ),
    "approvals: {}": (
        '1:1: "approvals" must be a list, but is a mapping. Write each policy as an entry that begins with a hyphen.'
    ),
    "approvals: [large cash]": (
        '1:13: "approvals[0]" must be a mapping, but is text. Its keys are name, when, approvers, expires.'
    ),
    policies("approver: 1"): ('3:5: unknown key "approver" in "approvals[0]". Did you mean "approvers"?'),
    policies(): '2:5: "approvals[0]" needs the key "approvers". Add it.',
    policies("approvers: 3"): '3:5: "large cash" wants 3 approvers. Write 0 (nobody is asked), 1 or 2.',
    policies("approvers: -1"): '3:5: "large cash" wants -1 approvers. Write 0 (nobody is asked), 1 or 2.',
    policies("approvers: true"): (
        '3:5: "approvals[0].approvers" must be a whole number, but is true or false. Write a whole number.'
    ),
    policies("approvers: 1", "expires: 24h"): (
        '4:5: "approvals[0].expires" is not a duration: "24h". Write it as 30 minutes, 24 hours or 3 days.'
    ),
    policies("approvers: 1", "expires: 1 Hour"): (
        '4:5: "approvals[0].expires" is not a duration: "1 Hour". Did you mean "1 hour"?'
    ),
    policies("approvers: 1", "expires: 24hours"): (
        '4:5: "approvals[0].expires" is not a duration: "24hours". Did you mean "24 hours"?'
    ),
    policies("approvers: 1", "expires: 0 hours"): (
        '4:5: "approvals[0].expires" is not a duration: "0 hours". Write it as 30 minutes, 24 hours or 3 days.'
    ),
    policies("approvers: 1", "expires: 400 days"): (
        '4:5: "approvals[0].expires" is longer than a year: "400 days". Ask again instead.'
    ),
    policies("approvers: 1") + "  - {name: large cash, approvers: 0}\n": (
        '4:6: two policies are called "large cash". The record names them: rename one.'
    ),
    when("effect.amout > 200"): ('4:13: a policy cannot read "effect.amout". Did you mean "effect.amount"?'),
    when("effect.amount = 200"): '4:27: "=" is not an operator. Did you mean "=="?',
    when("effect.amount > '200'"): (
        '4:29: ">" compares numbers, money, dates and time stamps. '
        "Write a bare number, 500 EUR, '2026-01-31', '2026-01-31T00:00:00Z', now or today on the right."
    ),
    when("effect.rewardType == 'csh'"): ('4:35: "effect.rewardType" is never "csh". Did you mean "cash"?'),
    when("effect.tool is_in ['issue_bonus', 'send_message']"): (
        '4:48: "effect.tool" is never "send_message". Did you mean "send_external_message"?'
    ),
    when("player.categry == 'VIP'"): '4:13: a policy cannot read "player.categry". Did you mean "player.category"?',
    when("safety.blocked == true"): f'4:13: a policy cannot read "safety.blocked". {KNOWN}',
    when("counters.lifetime_grants > 3"): f'4:13: a policy cannot read "counters.lifetime_grants". {KNOWN}',
    when("effect.amount > 200 EUR"): (
        '4:13: "effect.amount" is a number, and 200 EUR is not. Write a bare number, as 500 or 0.5.'
    ),
    policies("approvers: 1", "when: [5]"): (
        '4:12: "approvals[0].when[0]" must be a condition, but is a number. Write it as in: "effect.amount > 200"'
    ),
    "people: [anna]": '1:1: "people" must be a mapping, but is a list. Write it as name: value.',
    "people: {anna: approver}": ('1:10: the roles of "anna" must be a list, but are text. Write them as [approver].'),
    "people: {anna: [aprover]}": ('1:17: "anna" has the role "aprover", which no person has. Did you mean "approver"?'),
    "people: {anna: [service]}": f'1:17: "anna" has the role "service", which no person has. {ROLES}',
    "people: {anna: [1]}": f'1:17: "anna" has the role a number, which no person has. {ROLES}',
    "people: {croupier: [approver]}": '1:10: "croupier" is the desk itself. Give the person another name.',
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.items())
def test_a_mistake_is_one_message_with_its_place_and_how_to_mend_it(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as error:
        load_gate_rules(text, name="gate.yaml", catalogue=built_in_catalogue(CATALOG), tools=CATALOG.keys())
    assert str(error.value) == f"gate.yaml:{message}"


UNKNOWN = {
    "modes:\n  bonus-requst: read_only\n": ('2:3: there is no procedure "bonus-requst". Did you mean "bonus-request"?'),
    "modes: {reload: no_mode}": '1:9: there is no procedure "reload". Known are "bonus-request", "inquiry".',
    when("ticket.procedure == 'enquiry'"): '4:34: "ticket.procedure" is never "enquiry". Did you mean "inquiry"?',
}


@pytest.mark.parametrize(("text", "message"), UNKNOWN.items())
def test_a_procedure_that_is_not_there_locks_nothing_and_is_refused(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as error:
        load_gate_rules(text, name="gate.yaml", procedures=("bonus-request", "inquiry"))
    assert str(error.value) == f"gate.yaml:{message}"
    known = text.replace("bonus-requst", "inquiry").replace("reload: no_mode", "inquiry: shadow")
    assert load_gate_rules(known.replace("enquiry", "inquiry"), name="gate.yaml", procedures=("inquiry",))


TOO_FEW = {
    "{anna: [approver]}": '"large cash" wants 2 approvers, and in "people" only "anna" is one',
    "{ben: [administrator], vera: []}": '"large cash" wants 2 approvers, and in "people" nobody is one',
}


@pytest.mark.parametrize(("people", "why"), TOO_FEW.items())
def test_a_policy_that_nobody_can_satisfy_is_refused(people: str, why: str) -> None:
    with pytest.raises(DocumentError) as error:
        load_gate_rules(f"{policies('approvers: 2')}people: {people}\n", name="gate.yaml")
    assert str(error.value) == f'gate.yaml:3:5: {why}. Give the role "approver" to two people.'


def test_one_approver_is_enough_for_one_and_a_file_without_people_is_let_be() -> None:
    for approvers, people in ((1, "{anna: [approver]}"), (0, "{vera: [viewer]}"), (2, "{}")):
        text = f"{policies(f'approvers: {approvers}')}people: {people}\n"
        assert load_gate_rules(text, name="gate.yaml").policies[0].approvers == approvers
    with pytest.raises(DocumentError, match=r'wants 1 approver, and in "people" nobody is one\. .* to somebody\.$'):
        load_gate_rules(f"{policies('approvers: 1')}people: {{vera: [viewer]}}\n", name="gate.yaml")


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("1 minute", timedelta(minutes=1)),
        ("1 hour", timedelta(hours=1)),
        ("1 day", timedelta(days=1)),
        ("2 hours", timedelta(hours=2)),
        ("366 days", timedelta(days=366)),
    ],
)
def test_a_duration_is_minutes_hours_or_days(written: str, length: timedelta) -> None:
    text = policies("approvers: 1", f"expires: {written}")
    assert load_gate_rules(text, name="gate.yaml").policies[0].expires == length


@pytest.mark.parametrize("condition", ["player.anything > 5", "effect.tool == 'refund'", "effect.arguments.sum > 5"])
def test_without_a_catalogue_any_player_field_and_any_tool_may_be_named(condition: str) -> None:
    assert load_gate_rules(when(condition), name="gate.yaml").policies[0].when == (parse_condition(condition),)


def test_a_computed_field_is_not_worked_out_here() -> None:
    fields = load_yaml("fields: [{path: player.rate, expression: player.ngr / 2}]", name="fields.yaml")
    catalogue = parse_catalogue(fields, built_in_catalogue(CATALOG))
    with pytest.raises(DocumentError, match=r'a policy cannot read "player\.rate"'):
        load_gate_rules(when("player.rate > 5"), name="gate.yaml", catalogue=catalogue)
