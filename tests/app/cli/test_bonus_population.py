"""`croupier bonus population`: configurations over tables of players, from every kind of file."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # reads what this program has written itself

import duckdb
import pytest
from click.testing import Result

AT = ("--brand", "b", "--at", "2026-11-22T12:00:00Z")
LIVE = """
id: loyal
name: Loyal
priority: 10
status: published
segmentation: ["player.tags contains any of ['loyal', 'whale']"]
qualification: [player.ngr > 0, "player.tags does not contain any of ['abuser']"]
tiers:
  - {name: high, priority: 2, when: ["player.lastDeposit >= 500"],
     reward: {type: cash, amount: 20, amountType: cash, name: n, description: d, wager: 0}}
  - {name: default, priority: 1, when: [], reward: {type: standard, spinsCount: 5, gameProvider: G, wager: 0}}
"""
SAFETY = ("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm")
CLEAR = ", ".join(f'FALSE AS "safety.{flag}"' for flag in SAFETY) + ', 34 AS "safety.age_years"'
PLAYERS = """
SELECT * FROM (VALUES
    ('P1', 120.5::DOUBLE, ['loyal'], 900), ('P2', 0.0, ['loyal'], 900), ('P3', 0.1, ['whale', NULL], 499),
    ('P4', 50.0, ['loyal', 'abuser'], 900), ('P5', 50.0, NULL, 900), ('P6', NULL, ['loyal'], 900),
    ('P7', 50.0, ['new'], 900)
) players("player.id", "player.ngr", "player.tags", "player.lastDeposit")
"""
COUNTED = {
    "players": 7,
    "statuses": {"qualified": 2, "not_qualified": 5, "unknown": 0, "vetoed": 0},
    "endings": [
        {"status": "not_qualified", "configuration": None, "tier": None, "players": 5},
        {"status": "qualified", "configuration": "loyal", "tier": "high", "players": 1},
        {"status": "qualified", "configuration": "loyal", "tier": "default", "players": 1},
    ],
}
Croupier = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "loyal.yaml"
    file.write_text(LIVE, "utf-8")
    return file


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Write a table of players: `table("players.csv", select=…, clear=…)`."""

    def write(name: str = "players.parquet", *, select: str = PLAYERS, clear: str = CLEAR) -> Path:
        file = tmp_path / name
        duckdb.execute(f"COPY (SELECT *, {clear} FROM ({select})) TO '{file}'")  # noqa: S608  # our own
        return file

    return write


def counted(found: Result) -> dict[str, Any]:
    assert found.exit_code == 0, found.stderr
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def core(document: dict[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in COUNTED}


@pytest.mark.parametrize("name", ["players.parquet", "players.csv"])
def test_a_file_is_counted_by_status_configuration_and_tier(
    croupier: Croupier, config: Path, table: Callable[..., Path], name: str
) -> None:
    found = counted(croupier("bonus", "population", config, "--players", table(name), *AT, "--json"))
    assert core(found) == COUNTED
    assert (found["configurations"], found["brand"], found["at"]) == (["loyal"], "b", "2026-11-22T12:00:00+00:00")


def test_a_table_of_a_database_is_counted_too(croupier: Croupier, config: Path, tmp_path: Path) -> None:
    flags = ", ".join(f'"safety.{flag}" BOOLEAN' for flag in SAFETY)
    with sqlite3.connect(tmp_path / "p.db") as database:
        database.execute(
            f'CREATE TABLE p ("player.id" TEXT, "player.ngr" DECIMAL(10,2), {flags}, "safety.age_years" INT)'
        )
        rows = [("P1", 5, *([False] * 6), 34), ("P2", -5, *([False] * 6), 34), ("P3", 5, None, *([False] * 5), 34)]
        database.executemany(f"INSERT INTO p VALUES ({', '.join('?' * 9)})", rows)  # noqa: S608  # our own
    config.write_text(_plain(), "utf-8")
    url = f"sqlite:///{tmp_path / 'p.db'}"
    found = counted(croupier("bonus", "population", config, "--players", f"{url}::p", *AT, "--json"))
    assert found["statuses"] == {"qualified": 1, "not_qualified": 1, "unknown": 0, "vetoed": 1}
    none = croupier("bonus", "population", config, "--players", f"{url}::q", *AT)
    assert (none.exit_code, 'there is no table "q" in this database' in none.stderr) == (3, True)


def _plain() -> str:
    kept = [line for line in LIVE.splitlines() if "segmentation" not in line and "lastDeposit" not in line]
    kept = [line for line in kept if "amountType" not in line]
    return "\n".join(kept).replace(", \"player.tags does not contain any of ['abuser']\"", "")


def test_a_duckdb_file_is_read_in_place(croupier: Croupier, config: Path, tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "p.duckdb") as connection:
        connection.execute(f"CREATE TABLE players AS SELECT *, {CLEAR} FROM ({PLAYERS})")  # noqa: S608  # our own
    table = f"duckdb:///{tmp_path / 'p.duckdb'}::players"
    assert core(counted(croupier("bonus", "population", config, "--players", table, *AT, "--json"))) == COUNTED
    gone = croupier("bonus", "population", config, "--players", f"duckdb:///{tmp_path / 'q.duckdb'}::players", *AT)
    assert (gone.exit_code, "there is no such file" in gone.stderr) == (3, True)


def test_one_row_a_player_is_written_whole(
    croupier: Croupier, config: Path, table: Callable[..., Path], tmp_path: Path
) -> None:
    for name in ("out.parquet", "out.csv"):
        out = tmp_path / name
        found = croupier("bonus", "population", config, "--players", table(), *AT, "--out", out)
        assert found.exit_code == 0, found.stderr
        rows = duckdb.execute(f"SELECT * FROM '{out}'").fetchall()  # noqa: S608  # our own
        assert rows[:3] == [
            ("P1", "qualified", "loyal", "high"),
            ("P2", "not_qualified", None, None),
            ("P3", "qualified", "loyal", "default"),
        ]
    assert not list(tmp_path.glob(".*.part"))


def test_the_funnel_says_where_players_fall(croupier: Croupier, config: Path, table: Callable[..., Path]) -> None:
    found = counted(croupier("bonus", "population", config, "--players", table(), *AT, "--funnel", "--json"))
    (funnel,) = found["funnels"]
    assert [one["players"] for one in funnel["fallen"]] == [2, 2, 1]
    assert (funnel["begun"], funnel["unknown"], funnel["passed"]) == (7, 0, 2)
    assert found["top_blocking"] == {
        "configuration": "loyal",
        "stage": "classification",
        "condition": "player.tags contains any of ['loyal', 'whale']",
        "players": 2,
    }


def test_the_picture_is_whole_and_has_words(
    croupier: Croupier, config: Path, table: Callable[..., Path], tmp_path: Path
) -> None:
    picture = tmp_path / "funnel.svg"
    assert croupier("bonus", "population", config, "--players", table(), *AT, "--picture", picture).exit_code == 0
    root = ET.fromstring(picture.read_text("utf-8"))  # noqa: S314  # the same
    space = "{http://www.w3.org/2000/svg}"
    assert (root.findtext(f"{space}title") or "").startswith("Where players fall: b, 2026-11-22")
    assert (root.findtext(f"{space}desc") or "").startswith("7 players: 2 qualified")
    assert "prefers-color-scheme: dark" in picture.read_text("utf-8")
    assert "player.ngr &gt; 0" in picture.read_text("utf-8")


def test_a_draft_is_compared_with_what_is_live(
    croupier: Croupier, config: Path, table: Callable[..., Path], tmp_path: Path
) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text(
        LIVE.replace("published", "draft").replace("ngr > 0,", "ngr >= 0,").replace(">= 500", ">= 901"), "utf-8"
    )
    asked = ("bonus", "population", draft, "--against", config, "--players", table(), *AT)
    found = counted(croupier(*asked, "--drafts", "--json"))
    live, high = (
        {"status": "not_qualified", "configuration": None, "tier": None},
        {"configuration": "loyal", "tier": "high"},
    )
    default = {"status": "qualified", "configuration": "loyal", "tier": "default"}
    assert found["changes"] == [
        {"live": live, "draft": live, "players": 4},
        {"live": live, "draft": default, "players": 1},
        {"live": {"status": "qualified", **high}, "draft": default, "players": 1},
        {"live": default, "draft": default, "players": 1},
    ]
    shown = croupier(*asked, "--drafts")
    assert "With the draft 1 gain, 0 lose, 1 get something else, 5 see no difference" in " ".join(shown.stdout.split())
    asleep = croupier(*asked)
    assert "1 is a draft, and counts with --drafts" in asleep.stderr


def test_cost_names_its_assumptions(
    croupier: Croupier, config: Path, table: Callable[..., Path], tmp_path: Path
) -> None:
    asked = ("bonus", "population", config, "--players", table(), *AT, "--cost")
    found = counted(croupier(*asked, "--json"))["cost"]
    high, default = found["tiers"]
    assert (high["all"]["mean"], high["each"]["trials"], default["each"]["mean"]) == (20.0, 0, 0.48)
    assert (found["total"]["currency"], found["unpriced_players"]) == ("EUR", 0)
    assert "RTP 96.00 %" in " ".join(croupier(*asked).stdout.split())
    own = tmp_path / "pay.yaml"
    own.write_text(
        '{name: p, source: s, minimum_bet: "1 SEK", stake_share: 0.1, prizes: [{pays: 1, weight: 1}]}', "utf-8"
    )
    assert counted(croupier(*asked, "--payouts", own, "--json"))["cost"]["total"]["mean"] == 25.0


def test_what_could_not_be_read_is_unknown(croupier: Croupier, config: Path, table: Callable[..., Path]) -> None:
    out = "CASE WHEN \"player.id\" = 'P2' THEN ['player.ngr'] WHEN \"player.id\" = 'P7' THEN ['player.ngr'] ELSE [] END"
    players = table(clear=f"{CLEAR}, {out} AS unavailable")
    found = counted(croupier("bonus", "population", config, "--players", players, *AT, "--funnel", "--json"))
    assert found["statuses"] == {"qualified": 2, "not_qualified": 4, "unknown": 1, "vetoed": 0}
    assert found["funnels"][0]["unknown"] == 1


def test_a_computed_field_is_worked_out_row_by_row(
    croupier: Croupier, config: Path, table: Callable[..., Path], tmp_path: Path
) -> None:
    fields = tmp_path / "half.yaml"
    fields.write_text('fields: [{path: player.half, expression: "player.ngr / 2", description: half}]', "utf-8")
    config.write_text(LIVE.replace("player.ngr > 0", "player.half > 0.05"), "utf-8")
    found = croupier("bonus", "population", config, "--players", table(), *AT, "--fields", fields, "--json")
    assert counted(found)["statuses"]["qualified"] == 1
    assert "1 condition on computed fields was worked out row by row" in found.stderr


def test_the_law_of_the_place_is_weighed(croupier: Croupier, config: Path, table: Callable[..., Path]) -> None:
    players = table(clear=f"{CLEAR}, CASE WHEN \"player.id\" = 'P1' THEN 'BR' ELSE 'MT' END AS \"player.country\"")
    found = counted(croupier("bonus", "population", config, "--players", players, *AT, "--json"))
    assert {"status": "vetoed", "configuration": "loyal", "tier": None, "players": 1} in found["endings"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "player.lastDeposit",
            "player.lastDeposits",
            'no column "player.lastDeposit". Did you mean "player.lastDeposits"?',
        ),
        ("safety.blocked", "blocked", 'no column "safety.blocked", and every player would be vetoed'),
        ("'P2', 0.0", "'P2', 'NaN'", 'the column "player.ngr" holds 1 value that no rule can read'),
        ("34 AS", "{ngr: 1} AS player, 34 AS", 'the columns "player" and "player.tags" both claim'),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    croupier: Croupier, config: Path, table: Callable[..., Path], *, old: str, new: str, told: str
) -> None:
    players = table(select=PLAYERS.replace(old, new), clear=CLEAR.replace(old, new))
    out = players.with_name("out.csv")
    found = croupier("bonus", "population", config, "--players", players, *AT, "--out", out)
    assert (found.exit_code, found.stdout, out.exists()) == (3, "", False)
    assert told in found.stderr


def test_a_missing_column_points_at_the_rule(croupier: Croupier, config: Path, table: Callable[..., Path]) -> None:
    players = table(select=PLAYERS.replace('"player.lastDeposit"', '"x"'))
    found = croupier("bonus", "population", config, "--players", players, *AT)
    assert found.exit_code == 3
    assert f"{config.name}:9:39: the table of players has no column" in found.stderr
    going_on = croupier("bonus", "population", config, "--players", players, *AT, "--allow-missing", "--json")
    assert counted(going_on)["endings"][1]["tier"] == "default"
    assert "has no column" in going_on.stderr


def test_a_type_that_can_never_match_is_said(croupier: Croupier, config: Path, table: Callable[..., Path]) -> None:
    players = table(select=PLAYERS.replace(", 900)", ", 'much')").replace(", 499)", ", 'less')"))
    asked = ("bonus", "population", config, "--players", players, *AT)
    refused = croupier(*asked)
    assert refused.exit_code == 3
    told = "player.lastDeposit >= 500 can never hold: the column is VARCHAR"
    assert f"{config.name}:9:39: {told}, and the catalogue says number" in refused.stderr
    found = croupier(*asked, "--allow-missing", "--json")
    assert counted(found)["statuses"]["qualified"] == 2
    assert f"loyal: {told}" in found.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[loyal],900,", "loyal,900,", "line 2: a value of the column \"player.tags\" is no list: write ['loyal']"),
        ("P1,120.5", 'P1,"1,200.5"', 'line 2: a value of the column "player.ngr" is no number: write 1200.5'),
        (
            "P2,0.0,[loyal],900",
            "P2,0.0,[loyal],9 EUR",
            'line 3: a value of the column "player.lastDeposit" is no number',
        ),
    ],
)
def test_a_cell_of_a_csv_file_is_told_with_its_column_and_its_form(
    croupier: Croupier, config: Path, table: Callable[..., Path], *, old: str, new: str, told: str
) -> None:
    players = table("players.csv")
    players.write_text(players.read_text("utf-8").replace(old, new, 1), "utf-8")
    found = croupier("bonus", "population", config, "--players", players, *AT)
    assert (found.exit_code, told in found.stderr) == (3, True), found.stderr


@pytest.mark.parametrize("name", ["players.csv", "players.parquet"])
def test_money_is_written_as_in_the_rules(
    croupier: Croupier, config: Path, table: Callable[..., Path], name: str
) -> None:
    config.write_text(LIVE.replace("player.ngr > 0", "player.win >= 100.50 EUR"), "utf-8")
    wins = "CASE \"player.id\" WHEN 'P1' THEN '100.50 EUR' WHEN 'P3' THEN '900 SEK' WHEN 'P2' THEN '100 EUR' END"
    players = table(name, clear=f'{CLEAR}, {wins} AS "player.win"')
    found = counted(croupier("bonus", "population", config, "--players", players, *AT, "--json"))
    assert found["statuses"] == {"qualified": 1, "not_qualified": 6, "unknown": 0, "vetoed": 0}
    bad = table(name, clear=f"{CLEAR}, 'EUR 5' AS \"player.win\"")
    refused = croupier("bonus", "population", config, "--players", bad, *AT)
    where = "line 2" if name.endswith("csv") else "row 1"
    told = (
        f'{where}: a value of the column "player.win" is no money: write 900 EUR, or leave it empty (6 more such values'
    )
    assert (refused.exit_code, told in refused.stderr) == (3, True), refused.stderr


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("20.11.2026", "1 value of player.lastDepositAt is no date or moment, as 20.11.2026; write 2026-01-31"),
        ("by mara", "1 value of player.lastDepositAt is no date or moment; write 2026-01-31"),
        ("2026-02-30", "1 value of player.lastDepositAt is no date or moment, as 2026-02-30"),
        ("2026-11-20", None),
    ],
)
def test_a_text_that_is_no_date_is_said(
    croupier: Croupier, config: Path, table: Callable[..., Path], *, value: str, told: str | None
) -> None:
    config.write_text(LIVE.replace("player.ngr > 0", "days since player.lastDepositAt <= 7"), "utf-8")
    written = f"CASE \"player.id\" WHEN 'P1' THEN '{value}' WHEN 'P2' THEN '2026-11-20T18:30:00Z' END"
    players = table(clear=f'{CLEAR}, {written} AS "player.lastDepositAt"')
    found = croupier("bonus", "population", config, "--players", players, *AT, "--funnel")
    assert (found.exit_code, "is no date" in found.stderr) == (0, told is not None)
    assert told is None or told in " ".join(found.stderr.split())
    assert "-0" not in found.stdout


def test_a_player_who_stands_there_twice_is_said(
    croupier: Croupier, config: Path, table: Callable[..., Path], tmp_path: Path
) -> None:
    players = table(select=PLAYERS.replace("'P2'", "'P1'"))
    asked = ("bonus", "population", config, "--players", players, *AT)
    found = croupier(*asked, "--out", tmp_path / "out.csv")
    told = "1 row has the player.id of an earlier one"
    assert (found.exit_code, told in found.stderr, told in croupier(*asked).stderr) == (0, True, False)


def test_an_sqlite_file_that_is_not_there_is_not_made(croupier: Croupier, config: Path, tmp_path: Path) -> None:
    found = croupier("bonus", "population", config, "--players", f"sqlite:///{tmp_path / 'q.db'}::p", *AT)
    assert (found.exit_code, "there is no such file" in found.stderr) == (3, True)
    assert not (tmp_path / "q.db").exists()


@pytest.mark.parametrize(
    "table_", ["postgresql://u:s3cret@h/x", "postgresql://h/x?user=u&password=s3cret", "nodb://u:s3cret@h/x::p"]
)
def test_no_message_shows_a_password(croupier: Croupier, config: Path, table_: str) -> None:
    found = croupier("bonus", "population", config, "--players", table_, *AT)
    assert (found.exit_code, "s3cret" in found.output) == (3, False)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--out", "out.txt"), "--out writes .parquet or .csv"),
        (("--picture", "f.png"), "--picture writes .svg"),
        (("--out", "nowhere/out.csv"), "There is no folder nowhere"),
        (("--payouts", "p.yaml"), "--payouts is for --cost"),
        (("--at", "today"), '"today" is no moment'),
    ],
)
def test_an_option_that_cannot_be_is_a_usage_error(
    croupier: Croupier, config: Path, table: Callable[..., Path], *, option: tuple[str, str], told: str
) -> None:
    found = croupier("bonus", "population", config, "--players", table(), *option)
    assert (found.exit_code, told in found.stderr) == (2, True)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("players.txt", "x", "this is neither Parquet nor CSV by its name"),
        ("gone.csv", None, "there is no such file"),
        ("broken.parquet", "x", "the table of players cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_without_its_values(
    croupier: Croupier, config: Path, tmp_path: Path, *, name: str, content: str | None, told: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_text(content, "utf-8")
    found = croupier("bonus", "population", config, "--players", file, *AT, "--allow-missing")
    assert (found.exit_code, told in found.stderr, "secret" in found.stderr) == (3, True, False), found.stderr


def test_a_wrong_value_in_a_csv_file_is_told_without_it(
    croupier: Croupier, config: Path, table: Callable[..., Path]
) -> None:
    players = table("players.csv")
    players.write_text(
        players.read_text("utf-8").replace("P2,0.0,[loyal],900,false", "P2,0.0,[loyal],900,secret"), "utf-8"
    )
    found = croupier("bonus", "population", config, "--players", players, *AT)
    assert (found.exit_code, "secret" in found.stderr) == (3, False)
    assert (
        'line 3: a value of the column "safety.self_excluded" is neither true nor false: write true, or leave it empty'
        in found.stderr
    )


def test_people_see_tables(croupier: Croupier, config: Path, table: Callable[..., Path]) -> None:
    found = croupier("bonus", "population", config, "--players", table(), *AT, "--funnel")
    assert "7 players" in found.stdout
    assert "Where players fall in loyal" in found.stdout
    assert "Most fall at loyal, classification" in found.stdout


def test_an_empty_table_counts_nobody(croupier: Croupier, config: Path, table: Callable[..., Path]) -> None:
    players = table(select=f"SELECT * FROM ({PLAYERS}) LIMIT 0")  # noqa: S608  # our own
    found = croupier("bonus", "population", config, "--players", players, *AT, "--funnel", "--json")
    assert counted(found)["players"] == 0
    assert croupier("bonus", "population", config, "--players", players, *AT).exit_code == 0
