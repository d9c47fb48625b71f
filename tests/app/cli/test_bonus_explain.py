"""`croupier bonus explain`: the decision of a ticket, as it was and as it would be now."""

import json
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import Result

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"
Croupier = Callable[..., Result]


@pytest.fixture
def issued(croupier: Croupier) -> str:
    """Play a ticket on which a VIP gets a bonus; return its id."""
    found: str = json.loads(croupier("run", DEMO / "1-issued.json", "--json").stdout)["ticket"]
    return found


@pytest.fixture
def denied(croupier: Croupier) -> str:
    """Play a ticket on which a player does not qualify; return its id."""
    found: str = json.loads(croupier("run", DEMO / "2-not-qualified.json", "--json").stdout)["ticket"]
    return found


def explained(croupier: Croupier, ticket: str, *words: str, **environment: str) -> dict[str, Any]:
    result = croupier("bonus", "explain", "--ticket", ticket, "--json", *words, **environment)
    assert (result.exit_code, result.stderr) == (0, "")
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def files(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder; SQLite's own scratch files aside."""
    found = [file for file in folder.rglob("*") if file.is_file() and not file.name.endswith(("-shm", "-wal"))]
    return {str(file): sha256(file.read_bytes()).hexdigest() for file in found}


def test_a_cached_explanation_shows_the_decision_as_it_was(croupier: Croupier, issued: str) -> None:
    found = explained(croupier, issued)
    context = found["context"]
    assert (context["ticket"], context["player"], context["brand"]) == (issued, "P1001", "lucky-spin")
    assert context["authentication"].startswith("verified by verify_player_identity at ")
    assert context["procedure"] == "bonus-request"
    assert (found["status"], found["configuration"], found["tier"]) == ("qualified", "deposit-loyalty", "vip")
    assert found["reward"]["templateName"] == "VIP_50"
    came_to = {name: [entry["configuration"] for entry in found[name]] for name in ("classification", "qualification")}
    assert came_to == {
        "classification": ["first-deposit-welcome", "deposit-loyalty"],
        "qualification": ["deposit-loyalty"],
    }
    seen = {field["path"]: field.get("value") for field in found["playerContext"]}
    assert (seen["player.category"], seen["player.activeBonus"], seen["safety.self_excluded"]) == ("VIP", False, False)
    assert found["explanation"]["parts"][0]["lines"][0].startswith("The player qualifies: premium free spins")
    assert "difference" not in found


def test_people_see_the_sections_of_the_manual(croupier: Croupier, denied: str) -> None:
    result = croupier("bonus", "explain", "--ticket", denied)
    assert (result.exit_code, result.stderr) == (0, "")
    headings = ["Context", "Classification", "Qualification", "Reward tier", "Player context", "What was decided"]
    places = [result.stdout.index(f"{heading}\n") for heading in headings]
    assert places == sorted(places)
    assert "What would have to change" in result.stdout
    assert "The player may hear" in result.stdout


def test_an_engineer_sees_paths_and_hashes(croupier: Croupier, denied: str) -> None:
    parts = explained(croupier, denied, "--style", "engineering")["explanation"]["parts"]
    assert [part["heading"] for part in parts] == ["Decision", "Reasons", "Trace"]
    assert any("player." in line for line in parts[2]["lines"])


def test_a_fresh_look_shows_what_has_changed_and_changes_nothing(croupier: Croupier, issued: str, data: Path) -> None:
    before = files(data)
    found = explained(croupier, issued, "--fresh")
    assert files(data) == before
    changed = {
        one["name"]: (one["before"].get("value"), one["after"].get("value")) for one in found["difference"]["values"]
    }
    assert changed["player.activeBonus"] == (False, True)
    verdict = {one["name"]: (one["before"]["value"], one["after"]["value"]) for one in found["difference"]["verdict"]}
    assert verdict["status"] == ("qualified", "not_qualified")
    assert verdict["tier"] == ("vip", None)
    shown = croupier("bonus", "explain", "--ticket", issued, "--fresh")
    assert "Verdict that changed" in shown.stdout
    assert "false → true" in shown.stdout
    assert explained(croupier, issued)["status"] == "qualified"


def test_a_fresh_look_at_what_has_not_changed_says_none(croupier: Croupier, denied: str) -> None:
    found = explained(croupier, denied, "--fresh")
    assert found["difference"] == {"verdict": [], "values": []}
    assert "none" in croupier("bonus", "explain", "--ticket", denied, "--fresh").stdout


def test_a_fresh_look_where_no_back_office_answers_says_so(
    croupier: Croupier, one_message: Callable[[Result], str], issued: str, data: Path, closed_port: str
) -> None:
    away = explained(croupier, issued, "--fresh", CROUPIER_BACKOFFICE_URL=f"http://{closed_port}")
    assert away["status"] == "vetoed"  # safety facts that could not be read
    bad = croupier("bonus", "explain", "--ticket", issued, "--fresh", CROUPIER_BACKOFFICE_URL="nowhere")
    assert (bad.exit_code, "CROUPIER_BACKOFFICE_URL" in one_message(bad)) == (2, True)
    (office,) = data.glob("*/backoffice.sqlite")
    office.unlink()
    gone = croupier("bonus", "explain", "--ticket", issued, "--fresh")
    assert (gone.exit_code, "holds no back office of its own" in one_message(gone)) == (2, True)


def test_what_is_not_there_is_said(
    croupier: Croupier, one_message: Callable[[Result], str], data: Path, ticket_file: Callable[..., Path]
) -> None:
    nothing = croupier("bonus", "explain", "--ticket", "t1")
    message = f"{data}: there is no record here; play a ticket first, or name its folder with --data"
    assert (nothing.exit_code, one_message(nothing)) == (3, message)
    played = json.loads(croupier("run", ticket_file(), "--json").stdout)["ticket"]
    unknown = croupier("bonus", "explain", "--ticket", "t1")
    assert (unknown.exit_code, one_message(unknown)) == (
        2,
        'there is no ticket "t1"; `croupier tickets list` shows them',
    )
    undecided = croupier("bonus", "explain", "--ticket", played)
    why = "one is made where a procedure asks for Qualify for Bonus and the player is verified"
    message = f'there is no decision on ticket "{played}"; {why}'
    assert (undecided.exit_code, one_message(undecided)) == (2, message)
    (folder,) = data.iterdir()
    (folder / "croupier.sqlite").write_bytes(b"no database" * 100)
    broken = croupier("bonus", "explain", "--ticket", played, "--data", folder)
    assert (broken.exit_code, "the store cannot be used (file is not a database)" in one_message(broken)) == (3, True)


class _Answers(BaseHTTPRequestHandler):
    text = ""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": self.text}}
        body = json.dumps({"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]})
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing on stderr, which is looked at."""


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("The player's category is VIP, so the spins of VIP_50 are theirs.", None),
        ("The player gets 70 spins.", "not in the trace: 70"),
    ],
)
def test_a_model_may_phrase_it_and_is_checked(croupier: Croupier, issued: str, text: str, refused: str | None) -> None:
    handler = type("Answers", (_Answers,), {"text": text})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/v1"
        found = explained(croupier, issued, "--phrase", OPENAI_BASE_URL=url)
        shown = croupier("bonus", "explain", "--ticket", issued, "--phrase", OPENAI_BASE_URL=url)
        server.shutdown()
        thread.join()
    assert found["phrased"]["refused"] == refused
    assert (text in found["phrased"]["text"]) is (refused is None)
    assert ("The model's text was not taken" in shown.stdout) is (refused is not None)
    assert ("phrased by gpt-4.1-mini and checked" in shown.stdout) is (refused is None)


def test_without_a_model_there_is_nobody_to_phrase(croupier: Croupier, one_message: Callable[[Result], str]) -> None:
    result = croupier("bonus", "explain", "--ticket", "t1", "--phrase")
    message = "--phrase needs a language model; set OPENAI_BASE_URL or OPENAI_API_KEY"
    assert (result.exit_code, one_message(result)) == (2, message)
