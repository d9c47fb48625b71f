"""`croupier eval lint`: findings with their place, and an exit code that CI can act on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"
EXPECT: dict[str, object] = {"outcome": "resolved", "effects": []}


def test_tickets_in_order_say_so(croupier: Callable[..., Result]) -> None:
    found = croupier("eval", "lint", DEMO)
    assert (found.exit_code, found.stdout, found.stderr) == (0, "6 tickets: no errors, no warnings\n", "")


def test_an_error_has_its_place_and_exits_with_1(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path]
) -> None:
    path = ticket_file(expect={**EXPECT, "order": {"forbid": ["isue_bonus"]}})
    found = croupier("eval", "lint", path)
    column = path.read_text("utf-8").index('"isue_bonus"') + 1
    assert (found.exit_code, found.stdout.splitlines()) == (
        1,
        [
            f'{path}:1:{column}: error: there is no tool "isue_bonus". Did you mean "issue_bonus"?',
            "1 tickets: 1 error, no warnings",
        ],
    )
    as_json = croupier("eval", "lint", path, "--json")
    assert json.loads(as_json.stdout) == {
        "schema_version": 1,
        "tickets": 1,
        "findings": [
            {
                "file": str(path),
                "line": 1,
                "column": column,
                "level": "error",
                "what": 'there is no tool "isue_bonus"',
                "mend": 'Did you mean "issue_bonus"?',
            }
        ],
    }
    assert (as_json.exit_code, as_json.stderr.splitlines()[-1]) == (1, "1 tickets: 1 error, no warnings")


def test_what_is_no_ticket_exits_with_3(croupier: Callable[..., Result], ticket_file: Callable[..., Path]) -> None:
    found = croupier("eval", "lint", ticket_file(brand=None))
    assert (found.exit_code, "error: brand: this field is missing; add it" in found.stdout) == (3, True)
    gone = croupier("eval", "lint", "gone")
    assert (gone.exit_code, "gone:1:1: error: there is no such file or folder" in gone.stdout) == (3, True)


def test_the_schema_is_written_and_nothing_is_checked(croupier: Callable[..., Result]) -> None:
    found = croupier("eval", "lint", "--schema")
    assert (found.exit_code, json.loads(found.stdout)["$id"]) == (0, "urn:croupier:ticket:1")


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        ((), {}, "Name the tickets: croupier eval lint PATH."),
        (
            (DEMO,),
            {"CROUPIER_PROCEDURES": "gone"},
            "gone: there is no procedure here, so no name can be checked; mend CR",
        ),
        ((DEMO,), {"CROUPIER_TOOL_MODE": "x"}, 'CROUPIER_TOOL_MODE is "x"; it must be "native"'),
    ],
)
def test_a_lint_without_what_it_needs_is_refused(
    croupier: Callable[..., Result],
    one_message: Callable[[Result], str],
    arguments: tuple[Path, ...],
    environment: dict[str, str],
    message: str,
) -> None:
    found = croupier("eval", "lint", *arguments, **environment)
    assert (found.exit_code, message in one_message(found)) == (2, True)
