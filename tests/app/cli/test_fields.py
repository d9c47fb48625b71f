"""`croupier fields`: what a rule may read."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

OWN = """
fields:
  - {path: player.deposits, type: record_list}
  - path: player.bonusRate
    expression: "player.bonusTotal / player.totalDeposits * 100"
    description: bonuses in percent of deposits
  - {path: player.bonusTotal, type: number, description: all bonuses so far}
  - {path: player.mood, type: text, values: [happy, angry]}
"""


def test_every_field_is_listed_with_its_type_and_where_it_comes_from(croupier: Callable[..., Result]) -> None:
    found = croupier("fields", "list")
    assert (found.exit_code, found.stderr) == (0, "")
    lines = found.stdout.splitlines()
    assert "player.ngr  number  built in" in lines
    assert "    net gaming revenue so far, in the player's currency" in lines
    assert "tools.kyc.status  text  tool kyc_status" in lines
    assert "player.deposits  record list  tool deposit_history" in lines
    assert "safety.self_excluded  boolean  safety" in lines
    assert not [line for line in lines if "issue_bonus" in line]


def test_a_catalogue_of_ones_own_stands_beside_what_is_built_in(
    croupier: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "fields.yaml"
    file.write_text(OWN, "utf-8")
    listed = json.loads(croupier("fields", "list", "--fields", file, "--json").stdout)
    fields = {field["path"]: field for field in listed["fields"]}
    assert fields["player.bonusRate"] == {
        "path": "player.bonusRate",
        "type": "number",
        "origin": "computed",
        "description": "bonuses in percent of deposits",
        "expression": "player.bonusTotal / player.totalDeposits * 100",
        "values": [],
        "integer": False,
        "tool": None,
    }
    assert fields["player.mood"]["values"] == ["happy", "angry"]
    assert fields["tools.kyc.level"]["tool"] == "kyc_status"
    people = croupier("fields", "search", "player.", "--fields", file).stdout
    assert "    = player.bonusTotal / player.totalDeposits * 100" in people
    assert "    one of happy, angry" in people


def test_fields_are_found_by_words_of_their_description(croupier: Callable[..., Result]) -> None:
    found = croupier("fields", "search", "Deposit LAST", "--json")
    paths = [field["path"] for field in json.loads(found.stdout)["fields"]]
    assert paths == ["player.daysSinceLastDeposit", "player.lastDeposit", "player.lastDepositAt"]


def test_a_word_that_no_field_says_is_a_finding(
    croupier: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    found = croupier("fields", "search", "shoe size")
    assert found.exit_code == 1
    assert one_message(found) == 'no field says "shoe size"; `croupier fields list` shows all'


def test_a_catalogue_that_cannot_be_read_is_named(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], tmp_path: Path
) -> None:
    file = tmp_path / "fields.yaml"
    file.write_text("fields: [{path: player.x, tpye: text}]", "utf-8")
    found = croupier("fields", "list", "--fields", file)
    assert found.exit_code == 3
    assert one_message(found).startswith(f"{file}:1:")
    assert 'unknown key "tpye"' in found.stderr


def test_the_counters_of_each_configuration_are_listed(croupier: Callable[..., Result]) -> None:
    assert "counters.<configuration>.grants_week  number  counter" in croupier("fields", "list").stdout
    listed = json.loads(croupier("fields", "list", "--json").stdout)["counters_of_each_configuration"]
    assert [one["path"].rpartition(".")[2] for one in listed] == [
        *("grants_day", "grants_week", "grants_month", "grants_year", "grants_lifetime"),
        *("grants_in_cool_off", "campaign_grants", "spent"),
    ]
