"""`croupier eval coverage`: which steps some tickets reach."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"


def test_every_step_stands_with_how_many_tickets_reach_it(croupier: Callable[..., Result]) -> None:
    found = croupier("eval", "coverage", DEMO)
    lines = found.stdout.splitlines()
    assert found.exit_code == 0
    assert "      1    20    3. Give it with @[Issue Bonus](action:issue_bonus)." in lines
    assert "      -    24  else" in lines
    assert "outcomes: issued 1, informed 2, escalated 2, messaged 1" in lines
    assert "    never: resolved, abandoned" in lines
    assert lines[-1] == "6 tickets reach 13 of 40 steps and branches (32.5 %)"


def test_the_counts_are_written_as_json(croupier: Callable[..., Result]) -> None:
    told = json.loads(croupier("eval", "coverage", DEMO / "1-issued.json", "--json").stdout)
    assert (told["tickets"], told["share"], told["words"]["outcomes"]["issued"]) == (1, 0.125, 1)
    assert told["procedures"]["bonus-request"][2] == {
        "line": 19,
        "what": "branch",
        "text": "if tools.qualify_for_bonus.status == 'qualified'",
        "tickets": 1,
    }


def test_too_few_steps_exit_with_1_where_that_is_asked(croupier: Callable[..., Result]) -> None:
    found = croupier("eval", "coverage", DEMO / "1-issued.json", "--min", "90")
    assert (found.exit_code, found.stderr) == (1, "12.5 % are reached, at least 90 % are wanted\n")
    assert croupier("eval", "coverage", DEMO / "1-issued.json", "--min", "12.5").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((DEMO, "--min", "101"), 2, "--min is 101; it is a percentage, from 0 to 100"),
        (("gone",), 3, "gone: there is no such file or folder; check the path"),
    ],
)
def test_what_cannot_be_done_is_one_message(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    arguments: tuple[str | Path, ...],
    code: int,
    message: str,
) -> None:
    found = croupier("eval", "coverage", *arguments)
    assert (found.exit_code, one_message(found)) == (code, message)
