"""`croupier tickets`: the record, read back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"


@pytest.fixture
def played(croupier: Callable[..., Result]) -> str:
    """Return the id of a ticket that was handed over."""
    found: str = json.loads(croupier("run", DEMO / "4-human.json", "--json").stdout)["ticket"]
    return found


def test_a_played_ticket_is_listed_with_its_folder(croupier: Callable[..., Result], data: Path, played: str) -> None:
    (folder,) = data.iterdir()
    listed = croupier("tickets", "list")
    assert (listed.exit_code, listed.stdout, listed.stderr) == (0, f"{played}  {folder}\n", "")
    document = {"schema_version": 1, "tickets": [{"ticket": played, "data": str(folder)}]}
    for words in (["tickets", "list", "--json"], ["tickets", "list", "--data", folder, "--json"]):
        assert json.loads(croupier(*words).stdout) == document


def test_a_played_ticket_is_shown_whole(croupier: Callable[..., Result], played: str) -> None:
    shown = json.loads(croupier("tickets", "show", played, "--json").stdout)
    kinds = [entry["kind"] for entry in shown["entries"]]
    assert (shown["schema_version"], shown["ticket"]) == (1, played)
    assert [entry["seq"] for entry in shown["entries"]] == [*range(1, len(kinds) + 1)]
    assert kinds[0] == "player_message"
    assert kinds[-1] == "outcome"
    assert {"triage", "model_request", "model_reply", "tool_call", "tool_result", "turn"} < set(kinds)


def test_a_record_for_people_ends_with_the_conversation(croupier: Callable[..., Result], played: str) -> None:
    shown = croupier("tickets", "show", played)
    assert (shown.exit_code, shown.stderr) == (0, "")
    before, _, short = shown.stdout.partition("in short")
    assert "   1  " in before
    assert "player_message" in before
    assert "player  No, I want to speak to a human agent please." in short


def test_a_ticket_or_a_record_that_is_not_there_is_said(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], data: Path
) -> None:
    missing = croupier("tickets", "list")
    message = f"{data}: there is no record here; play a ticket first, or name its folder with --data"
    assert (missing.exit_code, one_message(missing)) == (3, message)
    croupier("run", DEMO / "4-human.json")
    unknown = croupier("tickets", "show", "human")
    message = 'there is no ticket "human"; `croupier tickets list` shows them'
    assert (unknown.exit_code, one_message(unknown)) == (2, message)
