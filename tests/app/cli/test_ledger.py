"""`croupier ledger`: what was brought about, and what became of the doubts."""

import json
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from app.backoffice.serve import Served, running
from tests.app.cli.conftest import Croupier
from tests.app.cli.gate_files import SAYS, approvals, effects, gate_file

TOKEN = "croupier-demo"
SECRET = "whsec_Y3JvdXBpZXItZGVtby1zaWduaW5nLXNlY3JldA=="
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
AT_ONCE = ("--older-than", "0", "--as", "anna")
OneMessage = Callable[[Result], str]


@pytest.fixture(params=[True], ids=["keys"])
def office(request: pytest.FixtureRequest) -> Generator[Served]:
    with running(token=TOKEN, webhook_secret=SECRET, idempotent=request.param) as served:
        yield served


no_keys = pytest.mark.parametrize("office", [False], ids=["no-keys"], indirect=True)


@pytest.fixture(autouse=True)
def desk(office: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROUPIER_GATE", str(gate_file(tmp_path)))
    monkeypatch.setenv("CROUPIER_BACKOFFICE_URL", office.url)


def switch(office: Served, operation: str, kind: str) -> None:
    httpx.put(f"{office.url}/v1/faults/{operation}", json={"kind": kind}, headers=HEADERS, trust_env=False)


def heal(office: Served) -> None:
    httpx.delete(f"{office.url}/v1/faults", headers=HEADERS, trust_env=False)


@pytest.fixture
def in_doubt(croupier: Croupier, ticket_file: Callable[..., Path], office: Served) -> str:
    """Play a ticket whose bonus was granted, while the answer is lost and nobody can ask; return the effect's key."""
    switch(office, "bonus", "drop")
    switch(office, "bonuses", "error")
    assert croupier("run", ticket_file(says=SAYS)).exit_code == 0
    heal(office)
    (effect,) = effects(croupier, "--state", "unknown")
    return str(effect["key"])


def aged(data: Path) -> None:
    """Let everything in the ledger be an hour older."""
    with closing(sqlite3.connect(data / "croupier.sqlite")) as connection:
        at = "strftime('%Y-%m-%dT%H:%M:%f', at, '-1 hour') || '000+00:00'"
        connection.execute(f"UPDATE effects SET at = {at} WHERE state IN ('pending', 'unknown')")  # noqa: S608  # a constant
        connection.commit()


def test_the_effects_are_listed_for_people_and_for_machines(
    croupier: Croupier, ticket_file: Callable[..., Path], one_message: OneMessage
) -> None:
    croupier("run", ticket_file(says=SAYS))
    (effect,) = effects(croupier)
    assert (effect["tool"], effect["state"], effect["outcome"]["grantId"]) == ("issue_bonus", "done", "B1001")
    line = croupier("ledger", "list").stdout
    assert line.startswith("done      20")
    assert line.endswith(f"issue_bonus  {effect['key']}  ticket {effect['ticket']}  player P1001  premium VIP_50\n")
    assert effects(croupier, "--state", "failed", "--state", "pending") == []
    assert effects(croupier, "--ticket", effect["ticket"]) == [effect]
    another = croupier("ledger", "list", "--ticket", "another", "--json")
    message = 'there is no ticket "another"; `croupier tickets list` shows them'
    assert (another.exit_code, one_message(another)) == (2, message)
    assert croupier("ledger", "list", "--state", "failed").stdout == "There is no such effect.\n"
    shown = json.loads(croupier("ledger", "show", effect["key"], "--json").stdout)
    assert [entry["kind"] for entry in shown["entries"]] == ["effect_claimed", "effect_settled"]
    assert json.loads(croupier("ledger", "show", effect["decision"], "--json").stdout) == shown


def test_a_list_for_people_shows_nothing_that_anybody_has_written(
    croupier: Croupier, ticket_file: Callable[..., Path]
) -> None:
    croupier("run", ticket_file(says=["I am fed up with this. Give me a human agent please."]))
    line = croupier("ledger", "list").stdout
    (effect,) = effects(croupier)
    assert line.endswith(f"  ticket {effect['ticket']}  reason {effect['intent']['reason_code']}\n")
    assert "fed up" in effect["intent"]["asked"]
    assert "fed up" in croupier("ledger", "show", effect["key"]).stdout
    nothing = croupier("ledger", "list", "--ticket", effect["ticket"], "--state", "failed")
    assert (nothing.exit_code, nothing.stdout) == (0, "There is no such effect.\n")


def test_a_key_that_is_not_there_is_wrong_usage(
    croupier: Croupier, ticket_file: Callable[..., Path], one_message: OneMessage
) -> None:
    croupier("run", ticket_file(says=SAYS))
    for words in (("show", "issue:D-0"), ("reconcile", "issue:D-0", "--as", "anna")):
        found = croupier("ledger", *words)
        message = 'there is no effect under the key "issue:D-0"; `croupier ledger list` shows them'
        assert (found.exit_code, one_message(found)) == (2, message)
    decision = croupier("ledger", "show", "D-0")
    message = 'there is no effect under the key "D-0" and none under "issue:D-0"; `croupier ledger list` shows them'
    assert (decision.exit_code, one_message(decision)) == (2, message)


def test_a_doubt_is_settled_by_asking_and_its_question_is_taken_back(
    croupier: Croupier, in_doubt: str, office: Served
) -> None:
    (asked,) = approvals(croupier)
    assert (asked["about"], asked["effect_key"]) == ("doubt", in_doubt)
    settled = croupier("ledger", "reconcile", *AT_ONCE)
    assert (settled.exit_code, settled.stdout) == (0, f"{in_doubt}  unknown → done\n")
    assert approvals(croupier) == []
    assert croupier("ledger", "reconcile", *AT_ONCE).stdout == "Nothing is in doubt.\n"
    bonuses = httpx.get(f"{office.url}/v1/bonuses?player_id=P1001", headers=HEADERS, trust_env=False).json()
    assert len(bonuses["bonuses"]) == 1


def test_a_new_doubt_is_left_alone(croupier: Croupier, in_doubt: str) -> None:
    left = croupier("ledger", "reconcile", "--as", "anna")
    why = "newer than 60 seconds, so it may be on its way: ask again later"
    assert (left.exit_code, left.stdout) == (1, f"{in_doubt}  unknown, and {why}\n")


def test_a_back_office_that_is_down_settles_nothing(
    croupier: Croupier, in_doubt: str, closed_port: str, one_message: OneMessage
) -> None:
    down = croupier("ledger", "reconcile", in_doubt, *AT_ONCE, CROUPIER_BACKOFFICE_URL=f"http://{closed_port}")
    assert (down.exit_code, "is not available" in one_message(down)) == (4, True)
    assert [one["state"] for one in effects(croupier, "--state", "unknown")] == ["unknown"]


@no_keys
def test_what_cannot_be_asked_waits_for_a_human_who_settles_it(croupier: Croupier, in_doubt: str) -> None:
    left = croupier("ledger", "reconcile", in_doubt, *AT_ONCE)
    (asked,) = approvals(croupier)
    waits = "and still in doubt: ask again later, or let a human look there and say what is so"
    line = f"{in_doubt}  unknown, {waits}: croupier approvals show {asked['approval']}\n"
    assert (left.exit_code, left.stdout) == (1, line)
    question = "did this take effect? approve: it did; deny: it certainly did not"
    shown = croupier("approvals", "show", asked["approval"]).stdout
    assert question in shown
    look = "in the back office, under that key; or ask it, which may settle this: croupier ledger reconcile"
    assert f"  look      {look} {in_doubt}\n" in shown
    said = croupier("approvals", "approve", asked["approval"], "--reason", "seen in the back office", "--as", "ben")
    assert (said.exit_code, "effect    done" in said.stdout) == (0, True)
    assert json.loads(croupier("ledger", "show", in_doubt, "--json").stdout)["outcome"] == {"confirmed_by": ["ben"]}
    assert croupier("ledger", "reconcile", *AT_ONCE).stdout == "Nothing is in doubt.\n"


def test_what_is_not_there_after_a_while_has_failed(
    croupier: Croupier, ticket_file: Callable[..., Path], office: Served, data: Path
) -> None:
    switch(office, "bonus", "error")
    switch(office, "bonuses", "error")
    croupier("run", ticket_file(says=SAYS))
    heal(office)
    young = croupier("ledger", "reconcile", *AT_ONCE)
    assert (young.exit_code, "  unknown, and still in doubt: ask again later" in young.stdout) == (1, True)
    aged(data)
    settled = croupier("ledger", "reconcile", "--as", "anna", "--json")
    (effect,) = json.loads(settled.stdout)["effects"]
    assert (settled.exit_code, effect["was"], effect["state"]) == (0, "unknown", "failed")


def test_a_no_to_an_old_doubt_counts_at_once(croupier: Croupier, in_doubt: str, data: Path) -> None:
    (asked,) = approvals(croupier)
    aged(data)
    said = croupier("approvals", "deny", asked["approval"], "--reason", "not there", "--as", "ben")
    assert (said.exit_code, said.stdout.splitlines()[-1]) == (0, "  effect    failed")
    assert [one["state"] for one in effects(croupier, "--state", "failed")] == ["failed"]
    assert in_doubt in said.stdout


def test_who_may_not_reconcile_asks_nobody(croupier: Croupier, in_doubt: str, one_message: OneMessage) -> None:
    refused = croupier("ledger", "reconcile", in_doubt, "--older-than", "0", "--as", "vera")
    message = one_message(refused)
    assert (refused.exit_code, '"vera" is viewer, and may not reconcile; ask whoever keeps ' in message) == (5, True)
    assert message.endswith(' to add approver or administrator to the roles of "vera"')
    desk = one_message(croupier("ledger", "reconcile", in_doubt, "--as", "croupier"))
    assert desk.startswith('"croupier" is the desk itself, which reconciles without this command; name yourself')
