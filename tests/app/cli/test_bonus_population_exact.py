"""Tables of players whose values must not change on their way in, and files that are not what they seem."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Croupier = Callable[..., Result]
AT = ("--brand", "b", "--at", "2026-11-22T12:00:00Z")
SAFETY = ("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm")
HEAD = ",".join(["player.id", "player.ngr", *(f"safety.{flag}" for flag in SAFETY), "safety.age_years"])
CLEAR = "false,false,false,false,false,false,34"
TIER = "{name: t, priority: 1, when: [], reward: {type: standard, spinsCount: 5, gameProvider: G, wager: 0}}"


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str], Path]:
    def write(rule: str = "player.ngr > 0") -> Path:
        file = tmp_path / "plain.yaml"
        file.write_text(
            f'id: plain\nname: P\npriority: 1\nstatus: published\nqualification: ["{rule}"]\ntiers: [{TIER}]\n'
        )
        return file

    return write


def csv_of(folder: Path, *rows: str, name: str = "p.csv") -> Path:
    file = folder / name
    file.write_text("\n".join([HEAD, *rows, ""]), "utf-8")
    return file


def database_of(folder: Path, ngr: str, age: str, *rows: tuple[object, ...]) -> str:
    file = folder / "p.db"
    flags = ", ".join(f'"safety.{flag}" BOOLEAN' for flag in SAFETY)
    with sqlite3.connect(file) as database:
        database.execute(f'CREATE TABLE p ("player.id" TEXT, "player.ngr" {ngr}, {flags}, "safety.age_years" {age})')
        marks = ", ".join("?" * 9)
        database.executemany(f"INSERT INTO p VALUES ({marks})", [(a, b, *([False] * 6), c) for a, b, c in rows])  # noqa: S608  # our own
    return f"sqlite:///{file}::p"


@pytest.mark.parametrize(
    ("ngr", "row", "told"),
    [
        ("INTEGER", ("P1", 5, 17.6), 'row 1: a value of the column "safety.age_years"'),
        ("NUMERIC(10,2)", ("P1", 12.996, 34), 'row 1: a value of the column "player.ngr"'),
        ("NUMERIC(10,2)", ("P1", "SECRET", 34), 'row 1: a value of the column "player.ngr"'),
        ("DATE", ("P1", "SECRET-31/12/1990", 34), 'row 1: a value of the column "player.ngr"'),
    ],
)
def test_what_a_database_stores_is_never_rounded(
    croupier: Croupier, config: Callable[..., Path], tmp_path: Path, *, ngr: str, row: tuple[object, ...],
    told: str,
) -> None:  # fmt: skip
    found = croupier("bonus", "population", config(), "--players", database_of(tmp_path, ngr, "INTEGER", row), *AT)
    assert (found.exit_code, told in found.stderr, "SECRET" in found.output) == (3, True, False), found.stderr


def test_a_small_amount_of_a_database_is_above_nothing(
    croupier: Croupier, config: Callable[..., Path], tmp_path: Path
) -> None:
    players = database_of(tmp_path, "NUMERIC(10,3)", "INTEGER", ("P1", 0.004, 34))
    found = croupier("bonus", "population", config(), "--players", players, *AT, "--json")
    assert json.loads(found.stdout)["statuses"]["qualified"] == 1


@pytest.mark.parametrize(
    ("rule", "cells", "qualified"),
    [
        ("player.ngr > 100000000000000.01", ("100000000000000.01", "1"), 0),
        ("player.ngr != 9007199254740993", ("9007199254740993", "1.5"), 1),
        ("player.ngr == 0.1234567890123456789", ("0.1234567890123456789", "-1"), 1),
    ],
)
def test_long_numbers_of_a_csv_file_are_exact(
    croupier: Croupier, config: Callable[..., Path], tmp_path: Path, *, rule: str, cells: tuple[str, str],
    qualified: int,
) -> None:  # fmt: skip
    players = csv_of(tmp_path, *(f"P{number},{cell},{CLEAR}" for number, cell in enumerate(cells)))
    found = croupier("bonus", "population", config(rule), "--players", players, *AT, "--json")
    assert json.loads(found.stdout)["statuses"]["qualified"] == qualified


def test_a_number_that_cannot_be_kept_is_refused_with_its_line(
    croupier: Croupier, config: Callable[..., Path], tmp_path: Path
) -> None:
    players = csv_of(tmp_path, f"P1,1.5,{CLEAR}", f"P2,1.2345678901234567e5,{CLEAR}")
    found = croupier("bonus", "population", config(), "--players", players, *AT)
    assert found.exit_code == 3
    assert f'{players}: line 3: a number of the column "player.ngr" has more digits' in found.stderr


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((f"P1,1,{CLEAR}", f"P2,1,{CLEAR},x", f"P3,1,{CLEAR}"), "p.csv:3: 10 cells, 9 expected."),
        ((f"P1,1,{CLEAR}", "P2"), "p.csv:3: 1 cell, 9 expected."),
    ],
)
def test_a_row_of_another_length_is_told_with_its_line(
    croupier: Croupier, config: Callable[..., Path], tmp_path: Path, *, rows: tuple[str, ...], told: str
) -> None:
    found = croupier("bonus", "population", config(), "--players", csv_of(tmp_path, *rows), *AT)
    assert (found.exit_code, told in found.stderr) == (3, True), found.stderr


def test_an_empty_file_is_told(croupier: Croupier, config: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("")
    found = croupier("bonus", "population", config(), "--players", tmp_path / "e.csv", *AT)
    assert (found.exit_code, "e.csv is empty" in found.stderr) == (3, True)


def test_a_name_with_brackets_is_a_name(croupier: Croupier, config: Callable[..., Path], tmp_path: Path) -> None:
    csv_of(tmp_path, f"OTHER,1,{CLEAR}", f"OTHERS,1,{CLEAR}", name="g1.csv")
    players = csv_of(tmp_path, f"X,1,{CLEAR}", name="g[1].csv")
    found = croupier("bonus", "population", config(), "--players", players, *AT, "--json")
    assert json.loads(found.stdout)["players"] == 1


@pytest.mark.parametrize("name", ["p.csv", "link.csv"])
def test_the_table_of_players_is_never_written_over(
    croupier: Croupier, config: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    players = csv_of(tmp_path, f"P1,1,{CLEAR}")
    (tmp_path / "link.csv").symlink_to(players)
    before = players.read_bytes()
    found = croupier("bonus", "population", config(), "--players", players, *AT, "--out", tmp_path / name)
    assert (found.exit_code, "--out would write over" in found.stderr) == (2, True)
    assert players.read_bytes() == before


def test_an_amount_of_memory_has_its_unit(croupier: Croupier, config: Callable[..., Path], tmp_path: Path) -> None:
    players = csv_of(tmp_path, f"P1,1,{CLEAR}")
    found = croupier("bonus", "population", config(), "--players", players, *AT, "--memory", "abc")
    assert (found.exit_code, '--memory is "abc"' in found.stderr) == (2, True)
    assert croupier("bonus", "population", config(), "--players", players, *AT, "--memory", "500MB").exit_code == 0


def test_a_mistyped_port_shows_no_password(croupier: Croupier, config: Callable[..., Path]) -> None:
    found = croupier("bonus", "population", config(), "--players", "postgresql://u:s3cret@h:abc/db::t", *AT)
    assert (found.exit_code, "s3cret" in found.output) == (3, False)
    assert "this is not the address of a database" in found.stderr


def test_a_request_to_end_leaves_no_copy_of_the_table(config: Callable[..., Path], tmp_path: Path) -> None:
    flags = ", ".join("0" for _ in SAFETY)
    slow = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT 'P' || i, 1, {flags}, 34 FROM n"  # noqa: E501, S608  # our own
    names = ", ".join(f'"{one}"' for one in HEAD.split(","))
    with sqlite3.connect(tmp_path / "s.db") as database:
        database.execute(f"CREATE VIEW p ({names}) AS {slow}")
    folder = tmp_path / "temporary"
    folder.mkdir()
    command = [str(Path(sys.executable).with_name("croupier")), "bonus", "population", str(config()), *AT]
    running = subprocess.Popen(  # noqa: S603  # our own command
        [*command, "--players", f"sqlite:///{tmp_path / 's.db'}::p"],
        env={**os.environ, "TMPDIR": str(folder)}, stderr=subprocess.PIPE,
    )  # fmt: skip
    for _ in range(600):
        if list(folder.glob("croupier-*/run.duckdb*")) or running.poll() is not None:
            break
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert (running.returncode, list(folder.iterdir())) == (143, [])
