"""`croupier run` grades as `croupier eval run` does: all of it, and in the same words."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import Result

SHIPPED = Path(__file__).parents[3] / "evals" / "tickets" / "demo" / "1-issued.json"


def shipped(**expected: object) -> dict[str, object]:
    """Return the world and the words of a ticket that ships, expecting something else."""
    ticket = json.loads(SHIPPED.read_text("utf-8"))
    return {**ticket, "expect": {**ticket["expect"], **expected}}


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ({}, []),
        ({"tier": "high"}, ["tier: expected 'high', found 'vip'"]),
        ({"granted": []}, ["granted: expected [], found ['P1001']"]),
        ({"said": ["Anna"], "never_said": ["Good news"]}, None),
        ({"order": {"forbid": ["issue_bonus"]}}, None),
        ({"provenance": ['issue_bonus.player_id == "P9"']}, None),
        ({"language": "de"}, None),
        ({"budget": {"tool_calls": 1}}, None),
    ],
)
def test_a_ticket_is_graded_the_same_wherever_it_is_played(
    croupier: Callable[..., Result],
    ticket_file: Callable[..., Path],
    expected: Mapping[str, object],
    wrong: list[str] | None,
) -> None:
    path = ticket_file(**shipped(**expected))
    live = croupier("run", path, "--json")
    replayed = croupier("eval", "run", path, "--json")
    found = json.loads(live.stdout)["differences"]
    (trial,) = json.loads(replayed.stdout)["tickets"]
    assert found == trial["differences"]
    assert (bool(found), live.exit_code, replayed.exit_code) == (expected != {}, bool(found), bool(found))
    assert wrong is None or found == wrong


def test_every_line_of_the_grading_stands_in_the_story(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path]
) -> None:
    found = croupier("run", ticket_file(**shipped(tier="high", order={"forbid": ["issue_bonus"]})))
    assert [line.split("differs")[1].strip(" │") for line in found.stdout.splitlines() if "differs" in line] == [
        "tier: expected 'high', found 'vip'",
        "forbid: `issue_bonus` was called",
    ]
