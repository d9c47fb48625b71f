"""The demo, whole: six stories, and the truth where the back office fails."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from agent.settings import ROOT

TITLES = (
    "issued: A verified VIP asks for a bonus and gets it",
    "not-qualified: A player without a deposit hears why not",
    "locked-out: Three wrong attempts lock the verification",
    "human: A player asks for a human and gets one",
    "external-message: A missing bonus is reported to the back-office team",
    "vetoed: A self-excluded player gets no bonus, whatever the rules say",
)
AS_EXPECTED: dict[str, tuple[str, list[str], str, str]] = {
    "issued": ("issued", ["issue_bonus: done"], "qualified", ""),
    "not-qualified": ("informed", [], "not_qualified", ""),
    "locked-out": ("escalated", ["transfer_to_live_agent: done"], "", "verification_failed"),
    "human": ("escalated", ["transfer_to_live_agent: done"], "", "player_request"),
    "external-message": ("messaged", ["send_external_message: done"], "qualified", ""),
    "vetoed": ("informed", [], "vetoed", ""),
}


def _granted(data: Path) -> list[str]:
    """Return the players of the grants in the back office's own database."""
    (database,) = data.glob("demo-*/backoffice.sqlite")
    with closing(sqlite3.connect(database)) as connection:
        return [player for (player,) in connection.execute("SELECT player_id FROM bonuses")]


def _ends(found: Result) -> dict[str, tuple[object, ...]]:
    document = json.loads(found.stdout)
    assert document["schema_version"] == 1
    ends = {one["ticket"]: one["end_state"] for one in document["tickets"]}
    return {name: (end["outcome"], end["effects"], end["decision"], end["handoff"]) for name, end in ends.items()}


def _sample() -> list[str]:
    """Return the lines of the story that README shows, up to their ellipses."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = next(one for one in readme.split("```") if "   player  " in one)
    return [" ".join(line.partition("…")[0].split()).removesuffix(" ·") for line in block.strip().splitlines()]


def test_the_demo_tells_six_stories_and_ends_well(croupier: Callable[..., Result], data: Path) -> None:
    found = croupier("demo")
    text = found.stdout
    assert (found.exit_code, found.stderr) == (0, "")
    assert [title for title in TITLES if title not in text] == []
    assert "The built-in policy model answers: it is no LLM." in text
    assert "the VIP_50 bonus at 1 EUR per spin is on your account" in text
    assert "differs" not in text
    flat = " ".join(text.replace("│", " ").split())
    assert [line for line in _sample() if line not in flat] == []
    (folder,) = data.iterdir()
    assert text.splitlines()[-2:] == [
        *(
            "6 of 6 tickets ended as expected.",
            f"The whole record: croupier tickets show issued --data {folder}",
        ),
    ]
    assert _granted(data) == ["P1001"]


def test_a_failing_issue_grants_nothing_and_says_so(croupier: Callable[..., Result], data: Path) -> None:
    found = croupier("demo", "--fault", "issue:error", "--json")
    assert (found.exit_code, _granted(data)) == (1, [])
    escalated = ["issue_bonus: unknown", "transfer_to_live_agent: done"]
    assert _ends(found) == {**AS_EXPECTED, "issued": ("escalated", escalated, "qualified", "outcome_unknown")}
    issued = json.loads(found.stdout)["tickets"][0]
    told = issued["end_state"]["replies"][-1]
    assert ("our system did not confirm it" in told, "on your account" in told) == (True, False)
    assert issued["differences"] == [
        "outcome: expected 'issued', found 'escalated'",
        f"effects: expected ['issue_bonus: done'], found {escalated!r}",
        "handoff: expected '', found 'outcome_unknown'",
        "granted: expected ['P1001'], found []",
    ]
    assert "5 of 6 tickets ended as expected." in found.stderr


def test_a_lost_answer_is_looked_up_and_the_bonus_stands_once(croupier: Callable[..., Result], data: Path) -> None:
    found = croupier("demo", "--fault", "issue:drop", "--json")
    assert (found.exit_code, _ends(found), _granted(data)) == (0, AS_EXPECTED, ["P1001"])
    told = json.loads(found.stdout)["tickets"][0]["end_state"]["replies"][-1]
    assert "the VIP_50 bonus at 1 EUR per spin is on your account" in told


def test_a_failing_read_that_no_story_needs_changes_nothing(
    croupier: Callable[..., Result], data: Path, closed_port: str
) -> None:
    elsewhere = f"http://{closed_port}"  # the demo has a back office of its own, whatever is configured
    found = croupier("demo", "--fault", "kyc:error", "--json", CROUPIER_BACKOFFICE_URL=elsewhere)
    assert (found.exit_code, _ends(found), _granted(data)) == (0, AS_EXPECTED, ["P1001"])


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("nonsense", "it must be OPERATION:KIND with KIND one of error, drop, refuse, latency"),
        ("issue:", "it must be OPERATION:KIND with KIND one of error, drop, refuse, latency"),
        (":error", "it must be OPERATION:KIND with KIND one of error, drop, refuse, latency"),
        ("isue:error", "there is no operation `isue`; did you mean `issue`?"),
    ],
)
def test_a_fault_that_there_is_not_is_wrong_usage(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], fault: str, why: str
) -> None:
    found = croupier("demo", "--fault", fault)
    assert (found.exit_code, one_message(found)) == (2, f'--fault is "{fault}"; {why}')


def test_the_demo_says_where_it_may_not_write(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file")
    found = croupier("demo", CROUPIER_DATA=str(taken))
    message = f'CROUPIER_DATA is "{taken}"; no folder can be made there (Not a directory)'
    assert (found.exit_code, one_message(found)) == (2, message)
