"""The page on attacks is true: its commands run, its tables name what there is, its figures are the suite's."""

import json
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from app.cli.eval_attack import attack as command
from app.cli.main import croupier
from evals.attack.planted import Attack, Channel, End, Goal, Order
from evals.ticket import read_tickets
from tests.docs.page import blocks, commands, pattern

HOUSE = Path(__file__).parents[2]
PAGE = (HOUSE / "docs" / "attacks.md").read_text("utf-8")
SUITE = HOUSE / "evals" / "tickets" / "attacks"
OPEN = HOUSE / "tests" / "evals" / "attack" / "open"


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table with this heading."""
    rows = PAGE.split(f"\n| {heading} |")[1].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_commands_show_what_stands_on_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CROUPIER_PROCEDURES", "CROUPIER_BONUSES", "CROUPIER_GATE", "CROUPIER_PROMPTS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(SUITE, "evals/tickets/attacks")
    for language, _, text in blocks(PAGE):
        for line, shown, code in commands(text) if language == "console" else ():
            result = CliRunner().invoke(croupier, shlex.split(line)[1:], env={"COLUMNS": "100"})
            assert int(result.exit_code) == code, f"{line}\n{result.output}"
            assert re.fullmatch(pattern(shown), result.output), f"{line}\n{result.output}"


def test_the_channels_and_their_figures_are_those_of_the_suite() -> None:
    attacks = [read.ticket.attack for read in read_tickets(SUITE) if read.ticket.attack is not None]
    counted = Counter(one.channel for one in attacks)
    assert {row[0].strip("`"): int(row[2]) for row in table("channel")} == counted
    assert counted.keys() == {*get_args(Channel)}
    assert sum(not one.reaches for one in attacks) == 7  # "Seven of them"
    languages = {tag for read in read_tickets(SUITE) for tag in read.ticket.tags if tag.startswith("language:")}
    styles = {tag for read in read_tickets(SUITE) for tag in read.ticket.tags if tag.startswith("style:")}
    assert (len(languages), len(styles - {"style:look-alike"})) == (10, 8)


def test_the_keys_of_the_section_are_all_there() -> None:
    assert [named(row[0])[0] for row in table("key of `attack`")] == [*Attack.model_fields]
    assert [named(row[0])[0] for row in table("key of an order")] == [*Order.model_fields]
    goals = PAGE.split("A goal is ")[1].split(". An attack")[0]
    assert named(goals) == [*get_args(Goal)]
    assert named(PAGE.split("`end` then has")[1].split(".\n")[0]) == [*End.model_fields]


def test_the_example_is_a_section_of_a_ticket_that_ships() -> None:
    (example,) = (text for language, _, text in blocks(PAGE) if language == "json")
    written = json.loads((SUITE / "ticket-text" / "text-higher-amount.json").read_text("utf-8"))["attack"]
    assert {**written, "orders": written["orders"][:1]} == json.loads(example)["attack"]


def test_what_gets_out_is_what_the_open_tickets_say() -> None:
    told = {name for row in table("ticket | what gets out") for name in named(row[0])}
    assert told == {read.ticket.id for read in read_tickets(OPEN)}


def test_every_option_and_exit_code_is_named() -> None:
    told = set(re.findall(r"--[a-z-]+", " ".join(row[0] for row in table("option of `eval attack`"))))
    assert told == {name for one in command.params for name in one.opts if name.startswith("--")}
    assert [row[0] for row in table("exit code")] == ["0", "1", "2", "3", "130"]
