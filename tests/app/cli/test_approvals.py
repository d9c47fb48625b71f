"""`croupier approvals`: a ticket waits in one process, and a human's word in another lets it go on."""

import inspect
import json
import re
from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from agent.wiring import live_desk, utc_now
from app.backoffice.serve import Served, running
from tests.app.cli.conftest import Croupier
from tests.app.cli.gate_files import PEOPLE, SAYS, approvals, effects, gate_file

TOKEN = "croupier-demo"
SECRET = "whsec_Y3JvdXBpZXItZGVtby1zaWduaW5nLXNlY3JldA=="
OneMessage = Callable[[Result], str]


@pytest.fixture
def office() -> Generator[Served]:
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        yield served


@pytest.fixture
def waiting(
    croupier: Croupier,
    ticket_file: Callable[..., Path],
    tmp_path: Path,
    office: Served,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., str]:
    """Play a ticket until it waits, and return the id of the approval."""

    def play(approvers: int = 1) -> str:
        monkeypatch.setenv("CROUPIER_GATE", str(gate_file(tmp_path, approvers=approvers)))
        monkeypatch.setenv("CROUPIER_BACKOFFICE_URL", office.url)
        assert croupier("run", ticket_file(says=SAYS)).exit_code == 0
        (asked,) = approvals(croupier, "--all")
        return str(asked["approval"])

    return play


def granted(office: Served) -> int:
    answer = httpx.get(
        f"{office.url}/v1/bonuses",
        params={"player_id": "P1001"},
        headers={"Authorization": f"Bearer {TOKEN}"},
        trust_env=False,
    )
    return len(answer.json()["bonuses"])


def test_what_waits_is_shown_with_what_for_whom_why_and_until_when(
    croupier: Croupier, waiting: Callable[..., str], office: Served
) -> None:
    approval_id = waiting()
    found = croupier("approvals", "show", approval_id)
    assert (found.exit_code, found.stderr) == (0, "")
    for words in (
        f"{approval_id}  open  may this be done?",
        "issue_bonus: premium (templateName VIP_50, valuePerSpinDescription 1 EUR)",
        "player P1001 of lucky-spin, ticket hello-",
        'policy "ours": one approver',
        "by croupier, ",
        "(23 h 59 min left)",
        "decision qualified · deposit-loyalty · tier vip",
        "✓ vip → player.category == 'VIP' (is \"VIP\")",
    ):
        assert words in found.stdout
    line = croupier("approvals", "list").stdout
    assert line.startswith(
        f"{approval_id}  open       effect  0 of 1  issue_bonus  player P1001 of lucky-spin  premium"
    )
    assert (effects(croupier), granted(office)) == ([], 0)


def test_a_yes_lets_the_ticket_go_on_and_the_player_is_told(
    croupier: Croupier, waiting: Callable[..., str], office: Served
) -> None:
    approval_id = waiting()
    said = croupier("approvals", "approve", approval_id, "--reason", "a good player", "--as", "anna", "--json")
    document = json.loads(said.stdout)
    votes = [(vote["approver"], vote["verdict"], vote["reason"]) for vote in document["votes"]]
    assert (said.exit_code, document["state"], document["effect"]) == (0, "approved", "done")
    assert votes == [("anna", "approve", "a good player")]
    assert [text for text in document["told"] if "VIP_50 bonus at 1 EUR per spin is on your account now" in text]
    (effect,) = effects(croupier)
    assert (effect["state"], effect["approval"], granted(office)) == ("done", approval_id, 1)
    shown = croupier("tickets", "show", effect["ticket"]).stdout
    assert "is on your account now" in shown


def test_a_second_answer_changes_nothing(
    croupier: Croupier, waiting: Callable[..., str], office: Served, one_message: OneMessage
) -> None:
    approval_id = waiting()
    croupier("approvals", "approve", approval_id, "--reason", "ok", "--as", "anna")
    before = croupier("approvals", "show", approval_id, "--json").stdout
    for verdict, who in (("approve", "anna"), ("deny", "ben"), ("approve", "ben")):
        again = croupier("approvals", verdict, approval_id, "--reason", "again", "--as", who)
        told = one_message(again)
        assert again.exit_code == 5
        assert re.fullmatch(rf"{approval_id}: it has been decided: approved by anna, 20\S+ \S+ UTC", told), told
    assert croupier("approvals", "resume", "--as", "ben").stdout == "0 tickets went on.\n"
    assert croupier("approvals", "show", approval_id, "--json").stdout == before
    assert granted(office) == 1


def test_a_no_is_told_and_nothing_is_given(croupier: Croupier, waiting: Callable[..., str], office: Served) -> None:
    approval_id = waiting()
    said = croupier("approvals", "deny", approval_id, "--reason", "not this one", "--as", "anna", "--json")
    document = json.loads(said.stdout)
    assert (said.exit_code, document["state"], document["effect"]) == (0, "denied", None)
    assert document["told"] != []
    assert not any("account now" in text for text in document["told"])
    assert [(one["tool"], one["state"]) for one in effects(croupier)] == [("transfer_to_live_agent", "done")]
    assert granted(office) == 0


def test_two_approvers_are_two_people(
    croupier: Croupier, waiting: Callable[..., str], office: Served, one_message: OneMessage
) -> None:
    approval_id = waiting(approvers=2)
    first = croupier("approvals", "approve", approval_id, "--reason", "ok", "--as", "anna", "--json")
    assert (json.loads(first.stdout)["state"], granted(office)) == ("open", 0)
    assert "1 of 2" in croupier("approvals", "list").stdout
    again = croupier("approvals", "approve", approval_id, "--reason", "ok", "--as", "anna")
    message = f"{approval_id}: you have voted on this before; it takes the vote of somebody else"
    assert (again.exit_code, one_message(again)) == (5, message)
    second = croupier("approvals", "approve", approval_id, "--reason", "ok", CROUPIER_USER="ben")
    assert (second.exit_code, granted(office)) == (0, 1)


def test_an_expired_request_cannot_be_approved_and_the_ticket_goes_on_without_it(
    croupier: Croupier,
    waiting: Callable[..., str],
    office: Served,
    one_message: OneMessage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    defaults = inspect.unwrap(live_desk).__kwdefaults__
    with monkeypatch.context() as yesterday:
        yesterday.setitem(defaults, "clock", lambda: utc_now() - timedelta(hours=25))
        approval_id = waiting()
    assert approvals(croupier) == []
    assert [one["state"] for one in approvals(croupier, "--all")] == ["expired"]
    late = croupier("approvals", "approve", approval_id, "--reason", "ok", "--as", "anna")
    message = f"{approval_id}: it has expired; `croupier approvals resume` tells the player so"
    assert (late.exit_code, one_message(late)) == (5, message)
    assert croupier("approvals", "resume", "--as", "anna").stdout == "1 ticket went on.\n"
    assert [(one["tool"], one["state"]) for one in effects(croupier)] == [("transfer_to_live_agent", "done")]
    assert json.loads(croupier("approvals", "resume", "--as", "anna", "--json").stdout)["resumed"] == 0
    assert granted(office) == 0


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (
            (),
            "nobody is named who does this; name yourself with --as NAME or CROUPIER_USER, as you stand in `people` of",
        ),
        (
            ("--as", "anne"),
            '"anne" has no role (did you mean "anna"?); ask whoever keeps GATE to add you to `people`, as approver',
        ),
        (
            ("--as", "vera"),
            '"vera" is viewer, and may not approve; ask whoever keeps GATE to add approver to the roles of "vera"',
        ),
        (
            ("--as", "croupier"),
            '"croupier" is the desk itself and never approves; name yourself with --as NAME or CROUPIER_USER',
        ),
    ],
)
def test_who_may_not_approve_is_told_why_and_how_to_mend_it(  # noqa: PLR0913, PLR0917  # fixtures
    croupier: Croupier,
    waiting: Callable[..., str],
    office: Served,
    one_message: OneMessage,
    tmp_path: Path,
    who: tuple[str, ...],
    why: str,
) -> None:
    approval_id = waiting()
    for verdict in ("approve", "deny"):
        refused = croupier("approvals", verdict, approval_id, "--reason", "ok", *who)
        assert refused.exit_code == 5
        assert one_message(refused).startswith(why.replace("GATE", str(tmp_path / "gate.yaml")))
    assert granted(office) == 0
    assert len(approvals(croupier)) == 1


def test_a_named_reader_needs_a_role_as_well(croupier: Croupier, waiting: Callable[..., str]) -> None:
    approval_id = waiting()
    assert croupier("approvals", "show", approval_id, "--as", "vera").exit_code == 0
    assert croupier("approvals", "list", "--as", "nobody").exit_code == 5


def test_a_request_that_is_not_there_is_wrong_usage(
    croupier: Croupier, waiting: Callable[..., str], one_message: OneMessage
) -> None:
    waiting()
    shown = "`croupier approvals list` shows what waits, and with --all what was decided too"
    message = f'there is no approval "A-0"; {shown}'
    for words in (("show", "A-0"), ("approve", "A-0", "--reason", "ok", "--as", "anna")):
        found = croupier("approvals", *words)
        assert (found.exit_code, one_message(found)) == (2, message)


def test_a_vote_needs_a_reason(croupier: Croupier, waiting: Callable[..., str]) -> None:
    approval_id = waiting()
    assert croupier("approvals", "approve", approval_id, "--as", "anna").exit_code == 2
    assert croupier("approvals", "approve", approval_id, "--as", "anna", "--reason", " ").exit_code == 2


def test_a_back_office_that_is_down_is_said_before_anybody_has_voted(
    croupier: Croupier, waiting: Callable[..., str], closed_port: str, one_message: OneMessage
) -> None:
    approval_id, down = waiting(), {"CROUPIER_BACKOFFICE_URL": f"http://{closed_port}"}
    said = croupier("approvals", "approve", approval_id, "--reason", "ok", "--as", "anna", **down)
    assert (said.exit_code, "is not available" in one_message(said)) == (4, True)
    assert [one["votes"] for one in approvals(croupier)] == [[]]


def test_a_ticket_on_a_back_office_of_its_own_goes_on_with_that_one(
    croupier: Croupier, ticket_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROUPIER_GATE", str(gate_file(tmp_path, mode="approval")))
    croupier("run", ticket_file(says=SAYS))
    (asked,) = approvals(croupier)
    assert asked["policy"] == "ours (mode approval)"
    said = croupier("approvals", "approve", asked["approval"], "--reason", "ok", "--as", "anna")
    assert (said.exit_code, "effect    done" in said.stdout) == (0, True)
    assert "is on your account now" in said.stdout


def test_without_a_record_there_is_nothing_to_list(croupier: Croupier, one_message: OneMessage, data: Path) -> None:
    found = croupier("approvals", "list")
    message = f"{data}: there is no record here; play a ticket first, or name its folder with --data"
    assert (found.exit_code, one_message(found)) == (3, message)


def test_a_folder_of_records_is_told_with_the_records_in_it(
    croupier: Croupier, ticket_file: Callable[..., Path], one_message: OneMessage, data: Path
) -> None:
    croupier("run", ticket_file())
    (folder,) = data.iterdir()
    found = croupier("approvals", "list", "--data", data)
    mend = f"name one with --data ({folder}), or set CROUPIER_DATA to this folder for all of them"
    message = f"{data}: there is no record here, but below it; {mend}"
    assert (found.exit_code, one_message(found)) == (3, message)


def test_where_nobody_may_approve_it_is_said_at_the_start_and_beside_what_waits(
    croupier: Croupier, waiting: Callable[..., str], ticket_file: Callable[..., Path], tmp_path: Path
) -> None:
    approval_id = waiting()
    assert croupier("approvals", "list").stderr == ""
    gate = gate_file(tmp_path, approvers=1)
    gate.write_text(gate.read_text().replace(PEOPLE, "people: {}\n"))
    note = f"Note: nobody in `people` of {gate} may approve, so what waits for a yes runs out of time; "
    listed = croupier("approvals", "list")
    assert (listed.exit_code, listed.stdout.startswith(approval_id), listed.stderr.startswith(note)) == (0, True, True)
    played = croupier("run", ticket_file(), "--json")
    assert (played.exit_code, [line for line in played.stderr.splitlines() if line.startswith(note)] != []) == (0, True)


def test_a_broken_gate_file_is_an_invalid_file_with_its_place(
    croupier: Croupier, one_message: OneMessage, tmp_path: Path
) -> None:
    path = tmp_path / "gate.yaml"
    path.write_text("modes: {}\npeople: {anna: [aprover]}\n")
    found = croupier("approvals", "list", CROUPIER_GATE=str(path))
    assert found.exit_code == 3
    assert one_message(found).startswith(f"{path}:2:")
