"""The page on the Bonus Engine is true: its files are written and its commands run, in order, in one empty folder."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.bonus.files import read_catalogue
from agent.bonus.store import read_bonuses
from app.cli.bonus.group import COMMANDS
from app.cli.exits import Exit
from app.cli.main import croupier
from casino.bonus.configuration import load_set
from casino.bonus.files.written import ConfigurationShape
from casino.bonus.reward import RewardType
from casino.document import load_yaml
from casino.rules.condition import Operator
from casino.rules.parse import parse_condition
from casino.verdict import Outcome
from tests.docs.page import blocks, commands, edited, pattern

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "bonus-engine.md").read_text("utf-8")
BLOCKS = blocks(PAGE)
MADE_UP_TICKET = "bonus-1a2b3c"
WIDTH = "100"


def run(command: str, ticket: str | None) -> tuple[str, int]:
    words = shlex.split(command.replace(MADE_UP_TICKET, ticket or MADE_UP_TICKET))
    if words[0] == "sed":
        edited(words)
        return "", 0
    if words[0] == "cat":
        return Path(words[1]).read_text("utf-8"), 0
    assert words[0] == "croupier"
    result = CliRunner().invoke(croupier, words[1:], env={"COLUMNS": WIDTH})
    return result.output, result.exit_code


def newest_ticket() -> str | None:
    result = CliRunner().invoke(croupier, ["tickets", "list", "--json"])
    return json.loads(result.stdout)["tickets"][0]["ticket"] if result.exit_code == 0 else None


def test_an_author_who_follows_the_page_gets_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CROUPIER_DATA", str(tmp_path / ".croupier"))
    for language, name, text in BLOCKS:
        if name:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text, "utf-8")
        for command, shown, code in commands(text) if language == "console" else ():
            ticket = newest_ticket() if MADE_UP_TICKET in command else None
            output, found = run(command, ticket)
            output = output.replace(ticket or MADE_UP_TICKET, MADE_UP_TICKET)
            assert found == code, f"{command}\n{output}"
            assert re.fullmatch(pattern(shown), output), f"{command}\n{output}\n---\n{pattern(shown)}"


def test_every_command_is_run_or_named() -> None:
    named = set(re.findall(r"croupier bonus ([a-z]+)", PAGE))
    assert named == set(COMMANDS)


def test_the_page_names_every_key_operator_outcome_reward_and_exit_code() -> None:
    table = PAGE.split("| key | default | meaning |")[1].split("\n\n")[0]
    keys = {key for row in re.findall(r"^\| (.*?) \|", table, re.MULTILINE) for key in re.findall(r"`(\w+)`", row)}
    assert keys == set(ConfigurationShape.model_fields)
    operators = PAGE.split("| operator | holds where | example |")[1].split("\n\n")[0]
    cells = "".join(re.findall(r"^\| (`.*?`) \|", operators, re.MULTILINE))
    assert set(re.findall(r"`([^`]+)`", cells)) == {operator.value for operator in Operator}
    outcomes = PAGE.split("| outcome | when | counts as |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", outcomes, re.MULTILINE) == [outcome.value for outcome in Outcome]
    rewards = PAGE.split("| reward type | keys")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| (`.*?`) \|", rewards, re.MULTILINE)) == {"`standard`", "`boosted`, `premium`", "`cash`"}
    assert {kind.value for kind in RewardType} == {"standard", "boosted", "premium", "cash"}
    codes = re.findall(r"^\| (\d) \|", PAGE, re.MULTILINE)
    assert [int(code) for code in codes] == [code.value for code in Exit if code <= Exit.UPSTREAM_DOWN]


def test_every_example_of_a_condition_can_be_read() -> None:
    operators = PAGE.split("| operator | holds where | example |")[1].split("\n\n")[0]
    measures = PAGE.split("| written | compares |")[1].split("\n\n")[0]
    examples = re.findall(r"\| `([^`]+)` \|$", operators, re.MULTILINE)
    examples += re.findall(r"^\| `([^`]+)` \|", measures, re.MULTILINE)
    assert len(examples) == 13
    for example in examples:
        parse_condition(example)


def test_the_limits_and_the_expression_on_the_page_can_be_read(tmp_path: Path) -> None:
    declared, limits = [text for language, name, text in BLOCKS if language == "yaml" and not name]
    (tmp_path / "declared.yaml").write_text(declared, "utf-8")
    assert {"player.biggestWin", "player.lastBonusAt"} < set(read_catalogue([tmp_path / "declared.yaml"]).fields)
    (tmp_path / "declared.yaml").unlink()
    head = "id: a\nname: A\npriority: 1\n"
    (configuration,) = load_set([load_yaml(head + limits, name="a.yaml")]).configurations
    assert len(configuration.limits.conditions("a")) == 6
    (expression,) = re.findall(r"as `(sum\([^`]+)`", PAGE)
    fields = "fields:\n  - {path: player.lastBonusAt, type: moment, description: d}\n  - path: player.x\n"
    (tmp_path / "fields.yaml").write_text(f'{fields}    expression: "{expression}"\n    description: d\n', "utf-8")
    (tmp_path / "a.yaml").write_text(f"{head}qualification: [player.x > 0]\n", "utf-8")
    assert set(read_bonuses([tmp_path]).configurations.configurations[0].computed) == {"player.x"}


def test_the_page_has_no_block_that_is_not_looked_at() -> None:
    assert {(language, bool(name)) for language, name, _ in BLOCKS} == {
        ("yaml", True), ("yaml", False), ("json", True), ("csv", True), ("console", False),
    }  # fmt: skip
