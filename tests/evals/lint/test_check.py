"""Ticket files are checked without being played."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from casino.bonus.decide import Status as Decided
from evals.lint.check import Linted, lint, read_procedures
from evals.words import DECISIONS, FAULTS, HANDOFFS, OPERATIONS, PLAYER, STATES, TOOLS, WORLD
from tools.adapters.memory import Fault, Operation, WorldJson, WorldPlayer
from tools.catalog import CATALOG
from tools.ledger import EffectState
from tools.transfer_to_live_agent import WHY

SHIPPED = Path(__file__).parents[3] / "evals" / "tickets"
PROCEDURES = {"bonus-request": "a" * 64, "general-fallback": "b" * 64}
ADA = {"id": "P1", "brand": "lucky-spin", "email": "ada@example.com", "country": "DE", "currency": "EUR"}
ISSUED = {
    "outcome": "issued",
    "effects": ["issue_bonus: done"],
    "verified": "P1",
    "decision": "qualified",
    "granted": ["P1"],
}


def ticket(expect: Mapping[str, object] | None = None, **changed: object) -> dict[str, Any]:
    """Return a ticket that is in order, with these fields changed; None leaves one out."""
    whole: dict[str, Any] = {
        "schema": "ticket/1",
        "id": "first",
        "title": "A bonus",
        "brand": "lucky-spin",
        "says": ["Hi"],
        "world": {"players": [ADA]},
        "expect": {**ISSUED, **(expect or {})},
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


def said(folder: Path, *tickets: Mapping[str, Any]) -> list[str]:
    """Lint some tickets in files of their own; return what is said, without the folder."""
    for number, one in enumerate(tickets, start=1):
        (folder / f"{number}.json").write_text(json.dumps(one, indent=1), "utf-8")
    return [one.text().removeprefix(f"{folder}/") for one in lint(folder, PROCEDURES).findings]


def test_a_ticket_in_order_has_no_findings(tmp_path: Path) -> None:
    assert said(tmp_path, ticket()) == []


def test_the_tickets_that_ship_have_no_findings() -> None:
    shipped = read_procedures(SHIPPED.parents[1] / "procedures" / "support")
    found = lint(SHIPPED, shipped)
    assert (found.findings, found.tickets > 90) == ((), True)


def test_a_ticket_without_expectations_is_an_error(tmp_path: Path) -> None:
    assert said(tmp_path, ticket(expect=None) | {"expect": None}) == [
        (
            "1.json:1:1: error: `expect` is missing: a ticket without criteria proves nothing. "
            'Add at least "outcome" and "effects".'
        )
    ]


@pytest.mark.parametrize(
    ("expect", "finding"),
    [
        ({"order": {"forbid": ["isue_bonus"]}}, 'there is no tool "isue_bonus". Did you mean "issue_bonus"?'),
        ({"order": {"exactly": {"verify": 1}}}, 'there is no tool "verify". Known are'),
        (
            {"order": {"before": [["kyc_status", "qualify"]]}},
            'there is no tool "qualify". Known are ',
        ),
        (
            {"order": {"forbid": ["procedure_bonus-reqest"]}},
            'there is no tool "procedure_bonus-reqest". Did you mean "procedure_bonus-request"?',
        ),
        ({"provenance": ["procedure_nope.x == 1"]}, 'there is no tool "procedure_nope". Did you mean '),
        ({"refused": ["procedure_bonus-request: no"]}, "`procedure_bonus-request` changes nothing, so it is never"),
        ({"provenance": ["issue.reward == 1"]}, 'there is no tool "issue". Did you mean "issue_bonus"?'),
        ({"procedure": "bonus-reqest"}, 'there is no procedure "bonus-reqest". Did you mean "bonus-request"?'),
        ({"effects": ["issue_bonus: done", "issue_bonus: fine"]}, '"fine" is no state of an effect. Did you mean'),
        ({"effects": ["issue_bonus: done", "issue_bonus"]}, '"issue_bonus" is not of the form `tool: state`. Write'),
        ({"refused": ["kyc_status: locked"]}, "`kyc_status` changes nothing, so it is never among these. They are"),
        ({"refused": ["issue"]}, '"issue" is not of the form `tool: code`. Write one such as "issue_bonus: precondi'),
        ({"effects": []}, 'the outcome is "issued" and no effect is "issue_bonus: done". Add the effect'),
        ({"decision": "vetoed"}, 'a bonus is issued and the decision is "vetoed": only "qualified" is carried out'),
        ({"verified": ""}, "a bonus is issued and nobody is verified. Mend it"),
        ({"tier": ""}, "a bonus is issued and there is no tier that gives it. Mend it"),
        ({"granted": []}, "a bonus is issued and the bonus system has no row of it. Mend it"),
        ({"granted": ["P2"]}, 'the world has no player "P2". Known are "P1".'),
        ({"order": {"forbid": ["kyc_status"], "eventually": ["kyc_status"]}}, "`kyc_status` must succeed once, and"),
        ({"order": {"exactly": {"kyc_status": 0}, "eventually": ["kyc_status"]}}, "`kyc_status` must succeed once"),
        (
            {"order": {"exactly": {"kyc_status": 2}, "at_most": {"kyc_status": 1}}},
            "`kyc_status` must be called 2 times",
        ),
        ({"order": {"exactly": {"kyc_status": 2}, "forbid": ["kyc_status"]}}, "`kyc_status` must be called 2 times, a"),
        ({"order": {"forbid": ["issue_bonus"]}}, "`issue_bonus` must be done, and must not be called. Keep"),
        ({"order": {"exactly": {"kyc_status": 3}}, "budget": {"tool_calls": 2}}, "`order.exactly` asks for 3 calls, a"),
        ({"said": ["not today"], "never_said": ["today"]}, '"not today" must be said, and "today" must not be. Keep'),
    ],
)
def test_an_expectation_that_names_nothing_or_cannot_hold_is_an_error(
    tmp_path: Path, expect: Mapping[str, Any], finding: str
) -> None:
    (found,) = said(tmp_path, ticket(expect))
    assert found.partition(": error: ")[2].startswith(finding)


def test_a_procedure_that_is_called_like_a_tool_is_known(tmp_path: Path) -> None:
    called = "procedure_bonus-request"
    assert said(tmp_path, ticket({"order": {"exactly": {called: 1}, "before": [[called, "issue_bonus"]]}})) == []


def test_two_tools_cannot_both_be_first(tmp_path: Path) -> None:
    found = said(
        tmp_path, ticket({"order": {"before": [["kyc_status", "issue_bonus"], ["issue_bonus", "kyc_status"]]}})
    )
    assert [one.partition(": error: ")[2].partition(". ")[0] for one in found] == [
        "`kyc_status` must come before `issue_bonus`, and `issue_bonus` before `kyc_status`",
        "`issue_bonus` must come before `kyc_status`, and `kyc_status` before `issue_bonus`",
    ]


def test_a_hand_over_needs_its_effect_and_ends_the_ticket(tmp_path: Path) -> None:
    escalated: dict[str, object] = {"outcome": "escalated", "effects": [], "handoff": "procedure"}
    open_ = {"outcome": "escalated", "effects": ["transfer_to_live_agent: done"], "handoff": ""}
    found = said(
        tmp_path,
        ticket(expect=None) | {"expect": escalated},
        ticket({"handoff": "procedure"}, id="second"),
        ticket(expect=None, id="third") | {"expect": open_},
    )
    assert [one.partition(": error: ")[2].partition(". ")[0] for one in found] == [
        'the outcome is "escalated" and no effect is "transfer_to_live_agent: done"',
        'the hand-over is "procedure" and no effect is "transfer_to_live_agent: done"',
        'the hand-over is "procedure" and no effect is "transfer_to_live_agent: done"',
        'the hand-over is "procedure" and the outcome is "issued"',
        'there is no hand-over and an effect is "transfer_to_live_agent: done"',
    ]


def test_the_world_has_known_words_and_players_of_the_brand(tmp_path: Path) -> None:
    other = {**ADA, "brand": "harbour"}
    world = {"players": [other, {**other, "email": 1}], "faults": {"bonu": "drop", "kyc": "dorp"}, "template": {}}
    assert said(tmp_path, ticket(tags=["a", "b", "a"], session="P7", world=world)) == [
        (
            '1.json:10:3: error: every player is of another brand (harbour) than the chat ("lucky-spin"). '
            'Mend the brand, or expect `verified: ""`.'
        ),
        '1.json:19:5: error: "P1" is the id of the player number 1 too. Give every player an id of its own.',
        "1.json:21:5: error: the player has no `email`. Write it as text.",
        '1.json:27:4: error: there is no operation "bonu". Did you mean "bonus"?',
        '1.json:28:4: error: there is no fault "dorp". Did you mean "drop"?',
        '1.json:30:3: error: a world has no "template". Did you mean "templates"?',
        '1.json:46:3: error: the tag "a" stands here twice. Keep one of them.',
        '1.json:48:2: error: the world has no player "P7". Known are "P1".',
    ]


def test_nobody_of_the_brand_is_no_error_where_nobody_is_to_be_verified(tmp_path: Path) -> None:
    nobody: dict[str, object] = {"outcome": "informed", "effects": [], "verified": ""}
    away = ticket(world={"players": [{**ADA, "brand": "harbour"}]}) | {"expect": nobody}
    assert said(tmp_path, away) == []


def test_what_cannot_be_read_is_said_at_its_place(tmp_path: Path) -> None:
    wrong = ticket({"outcome": "isued"}, tag=["a"])
    (tmp_path / "4.json").write_bytes(b"\xff")
    (tmp_path / "5.json").write_text('{\n "id": nul}')
    found = said(tmp_path, ticket(), wrong, ticket())
    assert found == [
        '2.json:21:3: error: expect.outcome: "isued" is no word that is known here. Did you mean "issued"?',
        '2.json:31:2: error: tag: there is no such field. Did you mean "tags"?',
        f"3.json:1:1: error: the id `first` is taken by {tmp_path}/1.json; give it another",
        "4.json:1:1: error: not UTF-8 text (byte 0); save the ticket as UTF-8",
        "5.json:2:8: error: this is not JSON: expecting value. Mend the text at this place.",
    ]
    assert lint(tmp_path, PROCEDURES).unusable == len(found)


def test_a_ticket_of_a_pack_is_found_by_its_line(tmp_path: Path) -> None:
    lines = [json.dumps(ticket()), "", json.dumps(ticket({"tier": ""}, id="second")), json.dumps({"schema": "x"})]
    (tmp_path / "pack.jsonl").write_text("\n".join(lines), "utf-8")
    found = lint(tmp_path, PROCEDURES).findings
    column = lines[2].index('"tier"') + 1
    assert [(one.line, one.column) for one in found][:1] == [(3, column)]
    assert {one.line for one in found[1:]} == {4}


def test_a_folder_without_tickets_is_unusable(tmp_path: Path) -> None:
    found = lint(tmp_path, PROCEDURES)
    assert (found.tickets, found.unusable, [one.what for one in found.findings]) == (
        0,
        1,
        ["there is no ticket here; give a ticket file or a folder of them"],
    )


def test_a_recording_of_another_procedure_is_a_warning(tmp_path: Path) -> None:
    def recorded(procedure: str) -> Linted:
        recording: dict[str, object] = {
            "versions": {"croupier": "1", "procedure": procedure, "model": "policy"},
            "segments": {},
            "exchanges": [],
            "final": {"end": {}},
        }
        (tmp_path / "1.json").write_text(json.dumps(ticket(procedure="bonus-request", recording=recording)), "utf-8")
        return lint(tmp_path, PROCEDURES)

    assert recorded(f"bonus-request@{'a' * 64}").findings == ()
    for procedure, what in (
        (f"bonus-request@{'b' * 64}", 'it was recorded with another version of "bonus-request"'),
        (f"bonus-inquiry@{'a' * 64}", 'it was recorded with "bonus-inquiry", and the ticket is about "bonus-request"'),
    ):
        found = recorded(procedure)
        assert (found.errors, [(one.level, one.what) for one in found.findings]) == (0, [("warning", what)])


def test_the_words_are_those_of_the_house() -> None:
    assert {name: tool.kind.value for name, tool in CATALOG.items()} == TOOLS
    assert tuple(state.value for state in EffectState) == STATES
    assert set(get_args(Operation)) == set(OPERATIONS)
    assert tuple(fault.value for fault in Fault) == FAULTS
    assert tuple(WorldJson.model_fields) == WORLD
    assert {name for name, field in WorldPlayer.model_fields.items() if field.is_required()} == set(PLAYER)
    assert {status.value for status in Decided} == set(DECISIONS)
    assert tuple(WHY) == HANDOFFS


def test_a_lint_imports_no_graph_and_no_client() -> None:
    asked = "import sys, evals.lint.check; print({'langgraph', 'httpx', 'openai', 'sqlalchemy'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)  # noqa: S603  # ours
    assert told.stdout == "set()\n"
