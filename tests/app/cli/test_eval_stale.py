"""`croupier eval stale`: which recordings no longer fit, by what changed."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import Result

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "evals" / "tickets" / "demo"


@pytest.fixture
def recorded(croupier: Callable[..., Result], tmp_path: Path) -> Path:
    """Record a ticket, and leave another as it is."""
    folder = tmp_path / "recorded"
    assert croupier("eval", "record", DEMO / "1-issued.json", "--out", folder).exit_code == 0
    (folder / "other.json").write_text((DEMO / "2-not-qualified.json").read_text("utf-8"), "utf-8")
    return folder


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Change a sentence of a procedure."""
    folder = tmp_path / "changed"
    copytree(ROOT / "procedures" / "support", folder)
    path = folder / "bonus-request.md"
    path.write_text(path.read_text("utf-8").replace("Make sure who", "Find out who"), "utf-8")
    return folder


def test_recordings_that_fit_say_so(croupier: Callable[..., Result], recorded: Path) -> None:
    found = croupier("eval", "stale", recorded)
    assert (found.exit_code, found.stdout) == (0, "1 ticket recorded, 0 stale; 1 without a recording\n")


def test_a_changed_sentence_is_named_with_its_tickets(
    croupier: Callable[..., Result], recorded: Path, changed: Path
) -> None:
    found = croupier("eval", "stale", recorded, CROUPIER_PROCEDURES=str(changed))
    chip = "who the player is with `verify_player_identity` (Verify Player Identity)."
    assert (found.exit_code, found.stdout.splitlines()) == (
        4,
        [
            "~ prompt procedure/bonus-request/line/2",
            f"    - 1. Make sure {chip}",
            f"    + 1. Find out {chip}",
            "    1 ticket: issued",
            "1 ticket recorded, 1 stale; 1 without a recording",
        ],
    )
    as_json = croupier("eval", "stale", recorded, "--json", CROUPIER_PROCEDURES=str(changed))
    told = json.loads(as_json.stdout)
    assert (as_json.exit_code, told["tickets"], told["recorded"], told["stale"]) == (
        4,
        2,
        1,
        [{"ticket": "issued", "file": str(recorded / "1-issued.json")}],
    )
    assert [(one["segment"], one["pointer"], one["tickets"]) for one in told["changes"]] == [
        ("procedure/bonus-request", "/line/2", ["issued"])
    ]


def test_every_place_of_a_text_is_told_above_its_tickets(
    croupier: Callable[..., Result], recorded: Path, changed: Path
) -> None:
    path = changed / "bonus-request.md"
    written = path.read_text("utf-8").replace("Name an amount", "Say an amount")
    path.write_text("".join(line for line in written.splitlines(True) if "Deny a reward" not in line), "utf-8")
    found = croupier("eval", "stale", recorded, CROUPIER_PROCEDURES=str(changed))
    lines = found.stdout.splitlines()
    assert [lines[0], *lines[3:]] == [
        "~ prompt procedure/bonus-request/line/2",
        "~ prompt procedure/bonus-request/line/15",
        "    - - Name an amount, a number of spins or a wager that no tool has given you.",
        "    + - Say an amount, a number of spins or a wager that no tool has given you.",
        "~ prompt procedure/bonus-request/line/16",
        "    - - Deny a reward because it has no amount: only cash has one.",
        "    + nothing",
        "    1 ticket: issued",
        "1 ticket recorded, 1 stale; 1 without a recording",
    ]
    run = croupier("eval", "run", recorded, "--json", CROUPIER_PROCEDURES=str(changed))
    told = next(one for one in json.loads(run.stdout)["tickets"] if one["ticket"] == "issued")
    assert told["divergences"] == [f"prompt procedure/bonus-request/line/{at}" for at in (2, 15, 16)]
    assert "stale: prompt procedure/bonus-request/line/2, /line/15, /line/16 at exchange 1" in run.stderr


def test_a_conversation_that_differs_is_told_by_its_first_places(
    croupier: Callable[..., Result], recorded: Path
) -> None:
    path = recorded / "1-issued.json"
    ticket = json.loads(path.read_text("utf-8"))
    ticket["says"] = [f"Hello! {text}" for text in ticket["says"]]
    path.write_text(json.dumps(ticket), "utf-8")
    found = croupier("eval", "stale", recorded)
    assert "~ history history/0/text, /2/text" in found.stdout.splitlines()
    told = json.loads(croupier("eval", "stale", recorded, "--json").stdout)["changes"]
    (history,) = [one for one in told if one["segment"] == "history"]
    assert (history["pointer"], [one["pointer"] for one in history["others"]][:1]) == ("/0/text", ["/2/text"])


def test_a_path_without_tickets_is_refused(
    croupier: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    found = croupier("eval", "stale", "gone")
    assert (found.exit_code, one_message(found)) == (3, "gone: there is no such file or folder; check the path")
