"""`croupier bonus test`: configurations tried on a recorded, given or made-up player."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

HOUSE = Path(__file__).parents[3]
SHIPPED = HOUSE / "procedures" / "bonus"
DEMO = HOUSE / "evals" / "tickets" / "demo"
AT = "2026-11-22T12:00:00Z"
SENTENCE = "VIP from Malta, 3 deposits, tagged whale"
DRAFT = """\
id: rated
name: Rated
priority: 1
qualification: [player.bonusRate <= 30, "player.tags contains 'whale'"]
tiers: [{name: default, priority: 1, reward: {type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}}]
"""
FIELDS = """\
fields:
  - {path: player.bonusTotal, type: number, description: all bonuses together}
  - path: player.bonusRate
    expression: player.bonusTotal / player.totalDeposits * 100
    description: the share of bonuses in deposits
"""
Croupier = Callable[..., Result]


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Return a folder with one draft that reads a computed field."""
    folder = tmp_path / "bonus"
    folder.mkdir()
    (folder / "rated.yaml").write_text(DRAFT, "utf-8")
    (folder / "fields.yaml").write_text(FIELDS, "utf-8")
    return folder


def tried(croupier: Croupier, *words: str | Path) -> dict[str, Any]:
    result = croupier("bonus", "test", *words, "--json")
    assert result.exit_code == 0, result.stderr
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def test_a_made_up_player_is_tried_and_what_was_assumed_is_said(croupier: Croupier) -> None:
    found = tried(croupier, SHIPPED, "--mock", SENTENCE, "--at", AT)
    assert (found["status"], found["configuration"], found["tier"]) == ("qualified", "deposit-loyalty", "vip")
    assert (found["templateName"], found["at"], found["brand"]) == ("VIP_50", "2026-11-22T12:00:00+00:00", "lucky-spin")
    assert found["read"] == [
        "\"tagged whale\": player.tags ['whale']",
        '"3 deposits": player.depositCount 3',
        "\"VIP\": player.category 'VIP'",
        "\"from Malta\": player.country 'MT'",
    ]
    assert found["notes"][-1].startswith("assumed: player.id 'mock-player', ")


def test_people_see_what_was_read_the_trace_the_reward_and_the_explanation(croupier: Croupier) -> None:
    result = croupier("bonus", "test", SHIPPED, "--mock", SENTENCE, "--at", AT, "--explain", "csm")
    assert result.exit_code == 0
    shown = result.stdout
    parts = [
        '"from Malta": player.country',
        "decision qualified · deposit-loyalty · tier vip",
        "✓ safety (7 checks passed)",
        "reward rewardType premium · templateName VIP_50 · valuePerSpinDescription 1 EUR",
        "What was decided",
        "What was tried before and did not fit",
    ]
    assert [shown.index(part) for part in parts] == sorted(shown.index(part) for part in parts)
    assert "not in force for lucky-spin at 2026-11-22T12:00:00+00:00: harbour-vip, harbour-cash" in result.stderr


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_trace_fits_the_screen_and_tells_six_outcomes_apart_without_colour(
    croupier: Croupier, tmp_path: Path, columns: str
) -> None:
    rules = "\n".join(f"  - player.{name} >= 1" for name in ("passes", "fails", "gone", "empty", "odd", "unread"))
    text = DRAFT.replace("""[player.bonusRate <= 30, "player.tags contains 'whale'"]""", f"\n{rules}")
    (tmp_path / "c.yaml").write_text(text, "utf-8")
    odd = "x" * 200
    player = {
        "player": {"passes": 1, "fails": 0, "empty": None, "odd": odd},
        "safety": dict.fromkeys(
            ("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False
        )
        | {"age_years": 30},
        "unavailable": ["player.unread"],
    }
    (tmp_path / "p.json").write_text(json.dumps(player), "utf-8")
    words = ("bonus", "test", tmp_path / "c.yaml", "--player", tmp_path / "p.json", "--at", AT)
    shown = croupier(*words, COLUMNS=columns).stdout
    assert max(map(len, shown.splitlines())) <= int(columns)
    assert odd not in shown
    said = [line.strip("│├└─ ") for line in shown.splitlines()]
    for line in (
        "✓ player.passes >= 1 (is 1)",
        "✗ player.fails >= 1 (is 0)",
        "○ player.gone >= 1 missing",
        "∅ player.empty >= 1 (is null) null",
        "? player.unread >= 1 unavailable",
    ):
        assert line in said
    assert any(line.startswith("≠ player.odd >= 1 (is") for line in said)


def test_a_draft_is_tried_as_if_published_and_a_computed_field_shows_its_expression(
    croupier: Croupier, draft: Path
) -> None:
    words = ("bonus", "test", draft, "--mock", f"{SENTENCE}, player.bonusTotal = 30", "--at", AT)
    result = croupier(*words, COLUMNS="120")
    assert "tried as if published: rated" in result.stderr
    assert "decision qualified · rated · tier default" in result.stdout
    assert "(is 20.0) ← player.bonusTotal / player.totalDeposits * 100" in result.stdout


def test_a_player_is_taken_from_a_file(
    croupier: Croupier, one_message: Callable[[Result], str], draft: Path, tmp_path: Path
) -> None:
    player = tmp_path / "player.yaml"
    player.write_text("player: {tags: [whale]}\nsafety: {self_excluded: true}\n", "utf-8")
    found = tried(croupier, draft / "rated.yaml", "--player", player, "--explain", "engineering")
    assert found["status"] == "vetoed"
    assert found["explanation"]["style"] == "engineering"
    player.write_text("player: {ngr: .nan}\n", "utf-8")
    refused = croupier("bonus", "test", SHIPPED, "--player", player)
    assert (refused.exit_code, "player.yaml:1:" in one_message(refused)) == (3, True)
    told = croupier("bonus", "test", draft, "--player", tmp_path / "none.json")
    assert (told.exit_code, "cannot be read" in one_message(told)) == (3, True)


@pytest.fixture
def issued(croupier: Croupier) -> str:
    found: str = json.loads(croupier("run", DEMO / "1-issued.json", "--json").stdout)["ticket"]
    return found


def test_a_recorded_player_is_tried_as_the_decision_saw_them(croupier: Croupier, issued: str) -> None:
    same = tried(croupier, SHIPPED, "--ticket", issued)
    assert (same["configuration"], same["tier"]) == ("deposit-loyalty", "vip")
    harbour = SHIPPED / "harbour-vip.yaml"
    other = tried(croupier, harbour, "--brand", "royal-harbour", "--ticket", issued)
    assert other["status"] == "unknown"
    looked = "the decision on the ticket never looked at player.badges, player.restrictions, player.vipLevel"
    assert other["notes"] == [f"{looked}, so this is unavailable; --fresh reads it"]
    fresh = tried(croupier, harbour, "--brand", "royal-harbour", "--ticket", issued, "--fresh")
    assert (fresh["status"], fresh["notes"]) == ("not_qualified", [])
    assert fresh["player"]["player"]["activeBonus"] is True


def test_the_place_is_named_on_the_command_line(
    croupier: Croupier, draft: Path, one_message: Callable[[Result], str]
) -> None:
    (draft / "rated.yaml").write_text(DRAFT.replace("player.bonusRate <= 30, ", ""), "utf-8")
    arguments = ("bonus", "test", draft, "--mock", SENTENCE, "--at", AT)
    here = tried(croupier, *arguments[2:])
    there = tried(croupier, *arguments[2:], "--jurisdiction", "BR")
    assert (here["status"], there["status"]) == ("qualified", "vetoed")
    assert "jurisdiction" not in here["player"]["player"]
    assert there["player"]["player"]["jurisdiction"] == "BR"
    drawn = tried(croupier, draft, "--random", "60", "--at", AT, "--jurisdiction", "BR")
    assert {end["status"] for end in drawn["outcomes"]} <= {"vetoed", "not_qualified", "unknown"}
    wrong = croupier(*arguments, "--jurisdiction", "Brazil")
    assert wrong.exit_code == 2
    assert one_message(wrong) == '--jurisdiction is "Brazil"; write an ISO 3166 code, as GB or CA-ON'


def test_a_place_that_is_named_stands_before_one_that_could_not_be_read(
    croupier: Croupier, tmp_path: Path, draft: Path
) -> None:
    (draft / "rated.yaml").write_text(DRAFT.replace("player.bonusRate <= 30, ", ""), "utf-8")
    safe = dict.fromkeys(("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False)
    facts = {"player": {"tags": ["whale"]}, "safety": {**safe, "age_years": 30}, "unavailable": ["player.jurisdiction"]}
    (tmp_path / "p.json").write_text(json.dumps(facts), "utf-8")
    words = (draft, "--player", tmp_path / "p.json", "--at", AT)
    ways = ((), ("--jurisdiction", "BR"), ("--jurisdiction", "MT"))
    assert [tried(croupier, *words, *way)["status"] for way in ways] == ["unknown", "vetoed", "qualified"]


def test_where_no_place_is_given_it_is_said_that_no_law_was_weighed(
    croupier: Croupier, tmp_path: Path, draft: Path
) -> None:
    (draft / "rated.yaml").write_text(DRAFT.replace("player.bonusRate <= 30, ", ""), "utf-8")
    safe = dict.fromkeys(("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False)
    facts = {"player": {"tags": ["whale"]}, "safety": {**safe, "age_years": 30}}
    (tmp_path / "p.json").write_text(json.dumps(facts), "utf-8")
    words = (draft, "--player", tmp_path / "p.json", "--at", AT)
    said = "no law of any place was weighed; name the place with --jurisdiction XX"
    assert said in croupier("bonus", "test", *words, COLUMNS="120").stdout
    assert said not in croupier("bonus", "test", *words, "--jurisdiction", "MT", COLUMNS="120").stdout


def test_random_players_end_in_every_way_and_the_same_seed_gives_the_same_ones(croupier: Croupier) -> None:
    words = (SHIPPED, "--random", "120", "--at", AT)
    found = tried(croupier, *words)
    assert sum(end["count"] for end in found["outcomes"]) == found["players"] == 120
    assert {"qualified", "not_qualified", "vetoed"} <= {end["status"] for end in found["outcomes"]}
    assert all(end["example"]["safety"] for end in found["outcomes"])
    assert [rule["condition"] for rule in found["conditions"] if not rule.get("yes")] == []
    assert tried(croupier, *words) == found
    assert tried(croupier, *words, "--seed", "2") != found


def test_people_see_counts_and_an_example_of_each_end_and_what_was_never_hit(croupier: Croupier) -> None:
    result = croupier("bonus", "test", SHIPPED, "--random", "60", "--at", AT, COLUMNS="120")
    assert result.exit_code == 0
    assert "60 players, seed 1" in result.stdout
    assert "qualified · deposit-loyalty · vip, for example: " in result.stdout
    assert "never failed" in result.stdout or "was never met" in result.stdout
    vetoed = croupier("bonus", "test", SHIPPED, "--random", "200", "--at", AT, COLUMNS="120").stdout
    assert "vetoed, for example: " in vetoed
    assert "safety." in vetoed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--mock", "purple"], '--mock: not understood: "purple".'),
        (["--mock", "VIP", "--at", "noon"], '"noon" is no moment. Write it with its offset, as 2026-01-31T12:00:00Z.'),
        (["--random", "3", "--brand", "nobody"], "no configuration is in force for the brand nobody"),
    ],
)
def test_what_cannot_be_tried_is_said(croupier: Croupier, words: list[str], message: str) -> None:
    result = croupier("bonus", "test", SHIPPED / "harbour-vip.yaml", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr.splitlines()[-1]


def test_exactly_one_player_is_named(croupier: Croupier) -> None:
    neither = croupier("bonus", "test", SHIPPED)
    both = croupier("bonus", "test", SHIPPED, "--mock", "VIP", "--random", "3")
    lone = croupier("bonus", "test", SHIPPED, "--mock", "VIP", "--fresh")
    assert [one.exit_code for one in (neither, both, lone)] == [2, 2, 2]
    assert "Name the player by one of --ticket, --player, --mock and --random." in neither.stderr
    assert "--fresh reads the player of a --ticket again" in lone.stderr
