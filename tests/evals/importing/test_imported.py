"""A live ticket becomes a ticket file that plays as it went; else that is said and nothing is recorded."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.house import House
from evals.importing.impersonal import impersonal, vocabulary
from evals.importing.imported import NotImported, imported
from evals.importing.known import originals
from evals.importing.leftovers import leftovers
from evals.importing.world import PATHS, rebuilt
from evals.recording import Redaction
from evals.ticket import ticket_from
from evals.trial import Status
from evals.trying import tried
from tests.evals.importing.lives import entries, live
from tools.adapters.player_mapping import FIELDS

PLAYER: dict[str, Any] = {
    "id": "P1001",
    "brand": "lucky-spin",
    "email": "anna.keller@example.com",
    "date_of_birth": "1990-04-12",
    "country": "DE",
    "currency": "EUR",
    "blocked": False,
    "aml_hold": False,
    "category": "VIP",
    "status": "active",
    "tags": ["vip", "loyal"],
    "kpi": {"active_bonus": False, "deposit_count": 96, "last_deposit": 250, "ngr": Decimal("1840.5")},
    "settings": {"want_bonus": True},
    "responsible_gaming": {"cooling_off": False, "rg_closed": False, "self_excluded": False, "strong_harm": False},
}
# One for each way in which a ticket can go.
WAYS = (
    "demo/1-issued",
    "demo/2-not-qualified",
    "demo/3-locked-out",
    "demo/4-human",
    "demo/5-external-message",
    "demo/6-vetoed",
    "conversation/german-human",
    "conversation/turns-spent",
    "faults/issue-error",
    "faults/issue-refused",
    "faults/issue-unavailable",
    "faults/issue-wrong-token",
    "faults/kyc-down",
    "faults/message-answer-lost",
    "faults/platform-down",
    "faults/profile-down",
    "faults/template-spelling",
    "qualify/cash",
    "vetoes/account-state-down",
)


@pytest.mark.parametrize("name", WAYS)
async def test_a_live_ticket_without_anybody_in_it_plays_as_it_went(name: str, house: House, tmp_path: Path) -> None:
    one = await live(name, house, tmp_path)
    (redacted,), redaction, aliases = impersonal([one], house)
    found = await imported(redacted, house, redaction=redaction)
    assert (found.unlike, found.wrong, [*leftovers(found.ticket), *originals(found.ticket, aliases.by)]) == ((), (), [])
    trial = await tried(ticket_from(found.ticket, name="own.json"), house)
    assert (trial.status, trial.wrong, trial.divergences) == (Status.PASS, (), ())


async def test_a_ticket_says_what_was_said_known_and_done(house: House, tmp_path: Path) -> None:
    found = (await imported(await live("demo/1-issued", house, tmp_path), house)).ticket
    recording = found.pop("recording")
    assert isinstance(recording, dict)
    assert found == {
        "schema": "ticket/1",
        "id": "issued",
        "title": "A live ticket: bonus-request ends issued",
        "brand": "lucky-spin",
        "clock": "2026-11-20T12:00:00+00:00",
        "says": ["Hi, can I get a bonus?", "My e-mail is anna.keller@example.com and I was born on 12 April 1990."],
        "world": {"players": [PLAYER], "templates": {"lucky-spin": ["VIP_50"]}},
        "expect": {
            "outcome": "issued",
            "procedure": "bonus-request",
            "verified": "P1001",
            "decision": "qualified",
            "tier": "vip",
            "effects": ["issue_bonus: done"],
            "handoff": "",
            "granted": ["P1001"],
        },
        "tags": ["imported"],
        "source": {"kind": "production", "by": "croupier-policy-1 (no LLM)"},
    }


async def _changed(house: House, folder: Path, change: Callable[[Any], object]) -> Any:  # noqa: ANN401  # JSON
    one = await live("demo/1-issued", house, folder)
    change(one)
    return one


async def test_another_result_of_a_tool_is_said_and_nothing_is_recorded(house: House, tmp_path: Path) -> None:
    def other(one: Any) -> None:  # noqa: ANN401  # JSON
        entries(one, "tool_result")[1]["body"]["data"]["templateName"] = "VIP_90"

    found = await imported(await _changed(house, tmp_path, other), house)
    assert found.unlike == ("results/qualify_for_bonus/data/templateName: tool result",)
    assert not found.is_faithful
    assert "recording" not in found.ticket


async def test_numbers_of_other_systems_are_their_own(house: House, tmp_path: Path) -> None:
    def other(one: Any) -> None:  # noqa: ANN401  # JSON
        entries(one, "tool_result")[2]["body"]["data"]["grantId"] = "8f3a-77"

    assert (await imported(await _changed(house, tmp_path, other), house)).is_faithful


async def test_another_reply_is_said(house: House, tmp_path: Path) -> None:
    def other(one: Any) -> None:  # noqa: ANN401  # JSON
        entries(one, "agent_message")[0]["body"]["text"] = "What?"

    assert (await imported(await _changed(house, tmp_path, other), house)).unlike == ("its replies differ",)


async def test_what_went_wrong_is_told(house: House, tmp_path: Path) -> None:
    def other(one: Any) -> None:  # noqa: ANN401  # JSON
        for kind in ("model_reply", "agent_message"):
            entries(one, kind)[-1]["body"]["text"] = "You have won 5,000 EUR."

    found = await imported(await _changed(house, tmp_path, other), house)
    assert found.unlike or any("5,000" in line or "5000" in line for line in found.wrong)


async def test_a_ticket_that_has_not_ended_is_not_imported(house: House, tmp_path: Path) -> None:
    def open_again(one: Any) -> None:  # noqa: ANN401  # JSON
        for entry in (*entries(one, "turn"), *entries(one, "outcome")):
            entry["body"]["outcome"] = None

    one = await _changed(house, tmp_path, open_again)
    with pytest.raises(NotImported, match="it has not ended yet"):
        await imported(one, house)


async def test_what_is_not_on_record_is_said_and_not_invented(house: House, tmp_path: Path) -> None:
    def signed_in(one: Any) -> None:  # noqa: ANN401  # JSON
        told: Any = one.document
        told["decisions"][0]["record"]["read"]["values"]["counters.lifetime_grants"] = 2
        verified = entries(one, "tool_result")[0]
        verified["body"] |= {"establishes": {}, "status": "refused"}
        for entry in entries(one, "player_message"):
            entry["body"]["establishes"] = {"verified_player": {"player_id": "P1001"}}
            entry["body"]["as_sent"] = "5f"

    found = await imported(await _changed(house, tmp_path, signed_in), house, redaction=Redaction(version="1"))
    assert found.ticket["session"] == "P1001"
    assert str(found.ticket["id"]).startswith("live-")
    assert set(found.notes) == {
        "`counters.lifetime_grants` was not 0; a replay begins without earlier grants",
        "the date of birth is not on record: one of the same age stands in its place",
        "the e-mail address of the player is not on record: `unknown@example.invalid` stands in its place",
        "message m1 was changed as it came in; only evidence has it as it was sent",
        "message m2 was changed as it came in; only evidence has it as it was sent",
    }


async def test_the_procedure_that_the_channel_chose_is_known_by_the_first_prompt(house: House, tmp_path: Path) -> None:
    found = await imported(await live("verification/spanish-date", house, tmp_path), house)
    assert (found.ticket["procedure"], found.unlike, found.wrong, found.notes) == ("bonus-request", (), (), ())


async def test_a_procedure_that_the_channel_chose_and_no_prompt_tells_has_to_be_added(
    house: House, tmp_path: Path
) -> None:
    one = await live("verification/spanish-date", house, tmp_path)
    for entry in entries(one, "model_request"):
        entry["body"]["head"] = "0" * 64
    found = await imported(one, house)
    assert found.notes == ("the channel chose the procedure, and which is not on record: add `procedure`",)
    assert isinstance(found.ticket["expect"], dict)
    assert "procedure" not in found.ticket["expect"]
    assert "procedure" not in found.ticket


async def test_who_was_signed_in_and_could_not_be_read_is_of_another_brand(house: House, tmp_path: Path) -> None:
    found = await imported(await live("verification/signed-session-other-brand", house, tmp_path), house)
    assert (found.unlike, found.wrong, found.notes[0]) == (
        (),
        (),
        "the player was signed in and could not be read: one of `another-brand` stands in their place",
    )


async def test_who_was_signed_in_and_could_not_be_read_by_a_tool_met_an_outage(house: House, tmp_path: Path) -> None:
    one = await live("verification/signed-session-other-brand", house, tmp_path)
    told: Any = one.document
    seq = len(told["entries"])
    called: dict[str, Any] = {"id": "p", "name": "player_profile", "arguments": {}}
    result: dict[str, Any] = {"id": "p", "name": "player_profile", "status": "unavailable", "data": {}}
    for kind, body in (("tool_call", called), ("tool_result", result)):
        seq += 1
        told["entries"].append({"seq": seq, "kind": kind, "at": told["entries"][-1]["at"], "body": body})
    world = rebuilt(one.whole(), brand="royal-harbour")
    assert (world.faults, world.notes[0]) == (
        {"player": "unavailable"},
        "`player` failed and answered on the same ticket; a fault lasts for the whole chat",
    )


@pytest.mark.parametrize("name", ["T-370", "T-447", "T-457"])
async def test_the_id_of_a_redacted_ticket_looks_like_nobodys_number(name: str, house: House, tmp_path: Path) -> None:
    def named(one: Any) -> None:  # noqa: ANN401  # JSON
        one.document["ticket"] = name

    one = await _changed(house, tmp_path, named)
    found = await imported(one, house, redaction=Redaction(version="1"), keep_personal=True)
    assert re.fullmatch("live-[a-p]{12}", str(found.ticket["id"]))
    assert [*leftovers({"id": found.ticket["id"], "country": "DE"})] == []


async def test_an_operation_that_failed_once_cannot_be_a_fault_of_the_whole_chat(house: House, tmp_path: Path) -> None:
    one = await live("faults/platform-down", house, tmp_path)
    told: Any = one.document
    failed, seq = entries(one, "tool_call")[0], len(told["entries"])
    body = {**failed["body"], "id": "again"}
    told["entries"] += [
        {**failed, "seq": seq + 1, "body": body},
        {
            **failed,
            "seq": seq + 2,
            "kind": "tool_result",
            "body": {"id": "again", "name": body["name"], "status": "refused", "data": {"code": "no_match"}},
        },
    ]
    assert rebuilt(one.whole(), brand="lucky-spin").notes == [
        "`players` failed and answered on the same ticket; a fault lasts for the whole chat"
    ]


def test_where_the_platform_says_what_is_what_the_adapters_read() -> None:
    assert dict(PATHS) == dict(FIELDS)


def test_the_words_of_the_house_are_no_names(house: House) -> None:
    words = vocabulary(house)
    assert {"bonus", "player", "will"} <= words
    assert "keller" not in words
