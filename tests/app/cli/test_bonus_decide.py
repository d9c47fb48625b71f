"""`croupier bonus decide`: one decision on a file, for people and for machines."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from agent.bonus.files import read_packs
from agent.bonus.store import read_bonuses
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import NO_PLACE
from casino.bonus.replay import replay
from casino.document import canonical_json, load_json

AT = "2026-11-22T12:00:00Z"
CONTRACT = """
id: deposit-loyalty
name: VIP Loyalty Rewards
brands: []
priority: 10
status: published
segmentation: []
qualification:
  - player.ngr > 0
  - player.tags does not contain any of ['abuser', 'restricted']
  - {field: player.wantsBonus, operator: "!=", value: false, on_missing: pass, hear: player, say: Bonuses are off.}
tiers:
  - {name: vip, priority: 3, when: ["player.category == 'VIP'"],
     reward: {type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}}
  - {name: high, priority: 2, when: ["player.lastDeposit >= 500"],
     reward: {type: boosted, templateName: HIGH_30, valuePerSpinDescription: 0.5 EUR}}
  - {name: default, priority: 1, when: [],
     reward: {type: standard, spinsCount: 15, game: Elvis Frog, gameProvider: BGaming, wager: 35}}
comment: Thank the player.
"""
SAFE = {
    "self_excluded": False,
    "cooling_off": False,
    "rg_closed": False,
    "blocked": False,
    "aml_hold": False,
    "strong_harm": False,
    "age_years": 34,
}
Croupier = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "deposit-loyalty.yaml"
    file.write_text(CONTRACT, "utf-8")
    return file


@pytest.fixture
def player(tmp_path: Path) -> Callable[..., Path]:
    """Write a player's facts: `player(lastDeposit=900, safety={…})`."""

    def write(*, safety: Mapping[str, object] = SAFE, unavailable: tuple[str, ...] = (), **fields: object) -> Path:
        known: dict[str, object] = {
            "id": "P1",
            "ngr": 120.5,
            "tags": [],
            "category": "Regular",
            "lastDeposit": 90,
            **fields,
        }
        file = tmp_path / "player.json"
        file.write_text(json.dumps({"player": known, "safety": safety, "unavailable": unavailable}), "utf-8")
        return file

    return write


def decided(found: Result) -> dict[str, Any]:
    assert (found.exit_code, found.stderr) == (0, "")
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def test_a_qualified_player_gets_the_fields_of_the_reward(
    croupier: Croupier, config: Path, player: Callable[..., Path]
) -> None:
    found = decided(croupier("bonus", "decide", config, "--player", player(), "--brand", "b", "--at", AT, "--json"))
    trace, record = found.pop("trace"), found.pop("record")
    assert found == {
        "schema_version": 1,
        "status": "qualified",
        "qualified": True,
        "rewardType": "standard",
        "configuration": "deposit-loyalty",
        "tier": "default",
        "spinsCount": 15,
        "game": "Elvis Frog",
        "gameProvider": "BGaming",
        "wager": 35,
        "comment": "Thank the player.",
        "reasons": [],
        "told": [],
        "decisionId": found["decisionId"],
    }
    assert [child["label"] for child in trace["children"]] == ["safety", "deposit-loyalty", NO_PLACE]
    assert record["now"] == "2026-11-22T12:00:00+00:00"
    assert record["read"]["values"]["player.ngr"] == 120.5
    assert [one["id"] for one in record["in_force"]] == ["deposit-loyalty"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"category": "VIP", "lastDeposit": 900},
            {"tier": "vip", "rewardType": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"},
        ),
        (
            {"lastDeposit": 500},
            {"tier": "high", "rewardType": "boosted", "templateName": "HIGH_30", "valuePerSpinDescription": "0.5 EUR"},
        ),
    ],
)
def test_a_template_has_no_amount(
    croupier: Croupier,
    config: Path,
    player: Callable[..., Path],
    fields: dict[str, object],
    expected: dict[str, object],
) -> None:
    file = player(**fields)
    found = decided(croupier("bonus", "decide", config, "--player", file, "--brand", "b", "--at", AT, "--json"))
    assert {name: found[name] for name in expected} == expected
    assert "amount" not in found


def test_the_id_is_made_of_the_content(croupier: Croupier, config: Path, player: Callable[..., Path]) -> None:
    def id_of(file: Path, at: str = AT) -> str:
        return str(
            decided(croupier("bonus", "decide", config, "--player", file, "--brand", "b", "--at", at, "--json"))[
                "decisionId"
            ]
        )

    first = id_of(player())
    assert first == id_of(player())
    assert len({first, id_of(player(ngr=121)), id_of(player(), "2026-11-22T12:00:01Z")}) == 3


def test_people_see_the_tree_the_reward_and_the_comment(
    croupier: Croupier, config: Path, player: Callable[..., Path]
) -> None:
    found = croupier("bonus", "decide", config, "--player", player(), "--brand", "b", "--at", AT)
    assert (found.exit_code, found.stderr) == (0, "")
    lines = [line.rstrip() for line in found.stdout.splitlines()]
    assert lines[0] == "decision qualified · deposit-loyalty · tier default"
    assert "│   │   ├── ✓ player.ngr > 0 (is 120.5)" in lines
    assert f"└── ✓ {NO_PLACE}" in lines
    assert "no law of any place was weighed; name the place with --jurisdiction XX" in lines
    assert "comment Thank the player." in lines
    assert lines[-1].startswith("D-")


def test_reasons_are_for_staff_and_what_the_player_hears_stands_apart(
    croupier: Croupier, config: Path, player: Callable[..., Path]
) -> None:
    arguments = ("bonus", "decide", config, "--player", player(ngr=-1, wantsBonus=False), "--brand", "b", "--at", AT)
    found = decided(croupier(*arguments, "--json"))
    assert (found["status"], found["qualified"], found["rewardType"]) == ("not_qualified", False, None)
    assert found["told"] == ["Bonuses are off."]
    where = "deposit-loyalty, qualification (otherwise continue)"
    assert found["reasons"] == [
        {
            "code": "condition_failed",
            "text": f"{where}: player.ngr > 0 (it is -1)",
            "player_text": None,
            "path": "player.ngr",
        },
        {
            "code": "condition_failed",
            "text": f"{where}: player.wantsBonus != false (it is false)",
            "player_text": "Bonuses are off.",
            "path": "player.wantsBonus",
        },
    ]
    assert "the player hears Bonuses are off." in croupier(*arguments).stdout


@pytest.mark.parametrize(
    ("safety", "code"),
    [
        ({**SAFE, "self_excluded": True}, "self_excluded"),
        ({**SAFE, "age_years": 17}, "under_age"),
        ({**SAFE, "aml_hold": None}, "safety_unknown"),
        ({}, "safety_unknown"),
    ],
)
def test_safety_stands_before_every_configuration(
    croupier: Croupier, config: Path, player: Callable[..., Path], safety: dict[str, object], code: str
) -> None:
    file = player(safety=safety)
    found = decided(croupier("bonus", "decide", config, "--player", file, "--brand", "b", "--at", AT, "--json"))
    assert (found["status"], found["configuration"]) == ("vetoed", None)
    assert {reason["code"] for reason in found["reasons"]} == {code}


def test_an_outage_is_not_a_no(croupier: Croupier, config: Path, player: Callable[..., Path]) -> None:
    file = player(unavailable=("player.tags",))
    found = decided(croupier("bonus", "decide", config, "--player", file, "--brand", "b", "--at", AT, "--json"))
    assert (found["status"], [reason["code"] for reason in found["reasons"]]) == ("unknown", ["unavailable"])


@pytest.mark.parametrize(
    ("options", "fields", "status"),
    [
        ((), {}, "qualified"),
        (("--jurisdiction", "GB"), {}, "vetoed"),
        (("--jurisdiction", "BR"), {}, "vetoed"),
        (("--jurisdiction", "SE"), {}, "unknown"),  # whether it is the first time, these facts do not say
        (("--jurisdiction", "MT"), {"country": "GB"}, "qualified"),
        ((), {"country": "GB"}, "vetoed"),
        ((), {"country": "GB", "category": "VIP"}, "qualified"),  # the template's wagering is the back office's
        ((), {"country": "gb"}, "vetoed"),
        *(((), {"country": slip}, "unknown") for slip in ("Malta", "UK", "GBR", "XX", 7)),
        *(((), {"jurisdiction": slip, "country": "MT"}, "unknown") for slip in ("United Kingdom", "")),
        ((), {"country": None}, "qualified"),
    ],
)
def test_the_law_of_the_players_place_is_weighed_where_it_is_known(
    croupier: Croupier,
    config: Path,
    player: Callable[..., Path],
    options: tuple[str, ...],
    fields: dict[str, object],
    status: str,
) -> None:
    file = player(**fields)
    arguments = ("bonus", "decide", config, "--player", file, "--brand", "b", "--at", AT, "--json")
    assert decided(croupier(*arguments, *options))["status"] == status


def test_a_veto_by_law_names_the_rule_and_its_source(
    croupier: Croupier, config: Path, player: Callable[..., Path]
) -> None:
    arguments = ("bonus", "decide", config, "--player", player(country="GB"), "--brand", "b", "--json", "--at")
    (reason,) = decided(croupier(*arguments, AT))["reasons"]
    assert reason["code"] == "jurisdiction"
    assert "GB-1: A bonus is wagered at most 10 times. Here it is 35x. (UKGC LCCP, SR Code 5.1.1" in reason["text"]
    assert reason["player_text"] is None
    # From 10:00 UTC on it is the 19th somewhere, and perhaps where the player is.
    assert decided(croupier(*arguments, "2026-01-18T09:59:59Z"))["status"] == "qualified"


def test_the_record_is_written_whole_and_decides_the_same_again(
    croupier: Croupier, config: Path, player: Callable[..., Path], tmp_path: Path
) -> None:
    file = tmp_path / "record.json"
    arguments = ("bonus", "decide", config, "--player", player(country="GB"), "--brand", "b", "--at", AT)
    written = load_json(croupier(*arguments, "--json", "--record", file).stdout, name="stdout").value
    record = load_json(file.read_text("utf-8"), name="record").value
    assert isinstance(record, dict)
    assert isinstance(written, dict)
    assert record["trace"] == written["trace"]
    again = replay(record, _read(config), read_packs())
    assert canonical_json(again.record()) == canonical_json(record)
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def _read(config: Path) -> ConfigurationSet:
    return read_bonuses([config]).configurations


def test_a_folder_is_a_set_and_what_is_not_published_says_that_it_decides_nothing(
    croupier: Croupier, config: Path, player: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    config.rename(folder / "one.yaml")
    (folder / "two.yaml").write_text("{id: other, name: Other, priority: 99}", "utf-8")
    found = croupier("bonus", "decide", folder, "--player", player(), "--brand", "b", "--at", AT, "--json")
    assert json.loads(found.stdout)["configuration"] == "deposit-loyalty"
    assert found.stderr == "other is draft and decides nothing; only what is published does\n"


def test_brand_and_moment_have_defaults(croupier: Croupier, config: Path, player: Callable[..., Path]) -> None:
    record = decided(croupier("bonus", "decide", config, "--player", player(), "--json"))["record"]
    assert record["brand"] == "lucky-spin"
    assert record["now"].endswith("+00:00")


def test_a_computed_field_is_worked_out_by_the_catalogue_that_is_named(
    croupier: Croupier, config: Path, player: Callable[..., Path], tmp_path: Path
) -> None:
    text = CONTRACT.replace("player.ngr > 0", "player.twice > 240")
    config.write_text(text, "utf-8")
    fields = tmp_path / "own-fields.yaml"
    fields.write_text('fields: [{path: player.twice, expression: "player.ngr * 2"}]', "utf-8")
    arguments = ("bonus", "decide", config, "--player", player(), "--brand", "b", "--at", AT)
    found = decided(croupier(*arguments, "--json", "--fields", fields))
    condition = found["trace"]["children"][1]["children"][1]["children"][0]
    assert (found["status"], condition["actual"], condition["expression"]) == ("qualified", 241, "player.ngr * 2")
    assert decided(croupier(*arguments, "--json"))["status"] == "not_qualified"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--jurisdiction", "UK"), '--jurisdiction is "UK"; write an ISO 3166 code, as GB or CA-ON'),
        (
            ("--record", "/dev/null/record.json"),
            '--record is "/dev/null/record.json"; it cannot be written (Not a directory): name another file',
        ),
    ],
)
def test_an_option_that_cannot_be_used_is_said_in_one_line(
    croupier: Croupier,
    config: Path,
    player: Callable[..., Path],
    one_message: Callable[[Result], str],
    options: tuple[str, ...],
    message: str,
) -> None:
    found = croupier("bonus", "decide", config, "--player", player(), *options)
    assert (found.exit_code, one_message(found)) == (2, message)


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("yesterday", "is no moment. Write it with its offset, as 2026-01-31T12:00:00Z."),
        ("2026-11-22T12:00:00", "is no moment. Write it with its offset, as 2026-01-31T12:00:00Z."),
        ("0001-01-01T00:00:00Z", "is out of reach. Write a moment from 1970 to 2199."),
    ],
)
def test_a_moment_that_is_none_is_refused(
    croupier: Croupier, config: Path, player: Callable[..., Path], at: str, why: str
) -> None:
    found = croupier("bonus", "decide", config, "--player", player(), "--at", at)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.splitlines()[-1] == f"Error: Invalid value for '--at': \"{at}\" {why}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CONTRACT.replace("priority: 10", "prioritty: 10"), ':5:1: unknown key "prioritty"'),
        (CONTRACT.replace("player.ngr > 0", "player.ngr > "), ":9:"),
        (CONTRACT.replace("player.ngr > 0", "tools.issue_bonus.issued == true"), ":9:5: "),
        (CONTRACT.replace("player.ngr > 0", "player.tags > 5"), ":9:5: "),
        ("id: [", ":1:"),
        ("", ":1:1: "),
    ],
)
def test_a_configuration_that_cannot_be_read_is_said_with_its_place(
    croupier: Croupier,
    config: Path,
    player: Callable[..., Path],
    one_message: Callable[[Result], str],
    text: str,
    message: str,
) -> None:
    config.write_text(text, "utf-8")
    found = croupier("bonus", "decide", config, "--player", player(), "--brand", "b", "--at", AT, "--json")
    assert found.exit_code == 3
    assert one_message(found).startswith(f"{config}{message}")


@pytest.mark.parametrize("raw", [b'{"player": {"ngr": NaN}}', b"{", b'{"player": {}, "saftey": {}}', b"\xff\xfe", None])
def test_a_player_that_cannot_be_read_is_said_in_one_line(
    croupier: Croupier, config: Path, tmp_path: Path, one_message: Callable[[Result], str], raw: bytes | None
) -> None:
    file = tmp_path / "p.json"
    if raw is not None:
        file.write_bytes(raw)
    found = croupier("bonus", "decide", config, "--player", file, "--brand", "b", "--at", AT, "--json")
    assert found.exit_code == 3
    assert one_message(found).startswith(str(file))
