"""`croupier eval mutate`: what of every ticket played a little wrong is noticed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

TICKETS = Path(__file__).parents[3] / "evals" / "tickets"
DEMO = TICKETS / "demo"


def test_mutants_are_counted_by_kind(croupier: Callable[..., Result]) -> None:
    found = croupier("eval", "mutate", DEMO / "1-issued.json")
    *table, last = found.stdout.splitlines()
    assert last == "1 tickets, 12 mutants: 100.00 % caught, 0 explained, 0 missed"
    assert (found.exit_code, [line.split() for line in table]) == (
        0,
        [
            ["kind", "made", "caught", "explained", "missed"],
            ["drop", "3", "3", "0", "0"],
            ["repeat", "3", "3", "0", "0"],
            ["swap", "2", "2", "0", "0"],
            ["change", "3", "3", "0", "0"],
            ["drop", "verification", "1", "1", "0", "0"],
            ["all", "12", "12", "0", "0"],
        ],
    )


def test_too_few_that_are_caught_exit_with_1_even_where_all_others_are_explained(
    croupier: Callable[..., Result],
) -> None:
    locked_out = DEMO / "3-locked-out.json"
    found = croupier("eval", "mutate", locked_out, "--kind", "repeat", "--json")
    told = json.loads(found.stdout)
    assert (found.exit_code, told["total"], told["wrong"]) == (
        1,
        {"kind": "all", "made": 3, "caught": 1, "explained": 2, "missed": 0},
        [],
    )
    assert found.stderr.splitlines()[-1].endswith("0 missed; at least 99.00 % are wanted")
    assert croupier("eval", "mutate", locked_out, "--kind", "repeat", "--floor", "0.3").exit_code == 0


def test_a_mutant_that_is_missed_is_named_with_its_trajectory(croupier: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "moved.json"  # away from its explanations
    path.write_text((DEMO / "3-locked-out.json").read_text("utf-8"), "utf-8")
    found = croupier("eval", "mutate", path, "--kind", "repeat", "--floor", "0")
    lines = found.stdout.splitlines()
    assert (found.exit_code, lines[3]) == (1, f"✗ locked-out: {path}")
    assert lines[4].startswith("    mutants: repeat verify_player_identity: not caught: verify_player_identity{")


def test_a_ticket_without_expectations_is_no_verdict(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path]
) -> None:
    found = croupier("eval", "mutate", ticket_file())
    assert (found.exit_code, found.stdout.splitlines()[-2:]) == (
        3,
        [
            "    expect: missing; a ticket without criteria proves nothing",
            "1 tickets, and no mutant of them: nothing is proved",
        ],
    )


@pytest.mark.parametrize("form", ["people", "json"])
def test_tickets_without_a_mutant_prove_nothing(croupier: Callable[..., Result], form: str) -> None:
    quiet = DEMO / "4-human.json"  # nothing is issued there, so no verification can be dropped before it
    arguments = (quiet, "--kind", "drop verification", *(["--json"] if form == "json" else []))
    found = croupier("eval", "mutate", *arguments)
    told = found.stderr if form == "json" else found.stdout
    last = told.splitlines()[-1]
    assert (found.exit_code, last) == (5, "1 tickets, and no mutant of them: nothing is proved")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((DEMO, "--floor", "2"), 2, "--floor is 2; it is a share of the mutants, from 0 to 1"),
        ((DEMO, "--floor", "nan"), 2, "--floor is NaN; it is a share of the mutants, from 0 to 1"),
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
    found = croupier("eval", "mutate", *arguments)
    assert (found.exit_code, one_message(found)) == (code, message)
