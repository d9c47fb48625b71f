"""Tables of players as DuckDB sees them: types, sources, and files that are written whole or not at all."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from casino.population.column import BOOLEAN, DATE, DOUBLE, MOMENT, OTHER, TEXT, decimal, list_of, record_of, whole
from casino.population.source import BadPlayers
from tools.adapters.duckdb_population import open_players

EVERY = """
SELECT 'P1' AS "player.id", 1::FLOAT AS f, 1::DOUBLE AS d, 1::HUGEINT AS h, 1::UTINYINT AS u, 1.5::DECIMAL(10,2) AS n,
    TRUE AS b, 'a'::ENUM('a', 'b') AS e, uuid() AS i, DATE '2026-01-02' AS day,
    TIMESTAMPTZ '2026-01-02 03:04:05+01' AS at,
    TIMESTAMP '2026-01-02 03:04:05' AS naive, TIME '03:04:05' AS clock, [1.5::FLOAT, NULL] AS l,
    [1, 2]::INTEGER[2] AS a,
    {'amount': 1.5::DECIMAL(10,2), 'currency': 'EUR'} AS m, MAP {'k': 1} AS map
"""


def silent(share: float | None) -> None:
    del share


@pytest.fixture
def players(tmp_path: Path) -> str:
    file = tmp_path / "players.parquet"
    duckdb.execute(f"COPY ({EVERY}) TO '{file}'")
    return str(file)


def test_every_type_is_one_that_the_rules_know(players: str) -> None:
    with open_players(players, types={}) as opened:
        assert dict(opened.schema.columns) == {
            "player.id": TEXT, "f": DOUBLE, "d": DOUBLE, "h": DOUBLE, "u": whole("UTINYINT"), "n": decimal(10, 2),
            "b": BOOLEAN, "e": TEXT, "i": TEXT, "day": DATE, "at": MOMENT, "naive": OTHER, "clock": OTHER,
            "l": list_of(DOUBLE), "a": list_of(whole("INTEGER")),
            "m": record_of({"amount": decimal(10, 2), "currency": TEXT}), "map": OTHER,
        }  # fmt: skip
        (document,) = opened.documents()
    assert document == {"player": {"id": "P1"}, "m": {"amount": Decimal("1.50"), "currency": "EUR"}}


def test_a_file_is_written_whole_or_not_at_all(players: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before", "utf-8")
    with open_players(players, types={}, threads=1, memory="200MB") as opened:
        with pytest.raises(BadPlayers, match="the table of players cannot be read"):
            opened.write("SELECT error('no') FROM range(3)", out, silent)
        assert (out.read_text("utf-8"), list(tmp_path.glob(".*"))) == ("before", [])
        opened.write("SELECT 1 AS one", out, silent)
        folder = tmp_path / "folder.csv"
        folder.mkdir()
        with pytest.raises(BadPlayers, match="this file cannot be written"):
            opened.write("SELECT 1 AS one", folder, silent)
    assert out.read_text("utf-8") == "one\n1\n"


def test_no_extension_is_fetched(players: str) -> None:
    with open_players(players, types={}) as opened:
        row = opened.connection.execute("SELECT current_setting('autoinstall_known_extensions')").fetchone()
    assert row == (False,)


def test_a_database_keeps_its_declared_types(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'p.db'}"
    engine = sa.create_engine(url)
    table = sa.Table(
        "players", sa.MetaData(), sa.Column("player.id", sa.String), sa.Column("whole", sa.Integer),
        sa.Column("real", sa.Float), sa.Column("exact", sa.Numeric(10, 2)), sa.Column("any", sa.Numeric),
        sa.Column("yes", sa.Boolean), sa.Column("day", sa.Date), sa.Column("at", sa.DateTime),
    )  # fmt: skip
    day = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    with engine.begin() as writing:
        table.metadata.create_all(writing)
        row = ("P1", 2**40, 0.1, Decimal("12.50"), Decimal("0.5"), True, day.date(), day)
        writing.execute(sa.insert(table).values([row, (None,) * 8]))
    engine.dispose()
    with open_players(f"{url}::players", types={}) as opened:
        found = opened.connection.execute(f"SELECT * FROM {opened.source}").fetchall()  # noqa: S608  # our own
        types = {name: one.sql for name, one in opened.schema.columns.items()}
    assert types == {
        "player.id": "VARCHAR", "whole": "BIGINT", "real": "DOUBLE", "exact": "DECIMAL(10,2)", "any": "DOUBLE",
        "yes": "BOOLEAN", "day": "DATE", "at": "VARCHAR",
    }  # fmt: skip
    first = ("P1", 2**40, 0.1, Decimal("12.50"), 0.5, True, day.date(), "2026-01-02 03:04:05.000000")
    assert found == [first, (None,) * 8]


def test_a_database_that_is_not_there_is_told_without_its_password() -> None:
    with (
        pytest.raises(BadPlayers) as caught,
        open_players("postgresql+psycopg://u:secret@127.0.0.1:1/x::players", types={}),
    ):
        pass
    assert str(caught.value) == "the table of players cannot be read: OperationalError. Check the URL."
