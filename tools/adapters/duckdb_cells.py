"""Cells whose type does not show in them: money in any table, and lists, truth and numbers in a CSV file.

They are fetched as texts and turned into what the rules read before the run, so that a cell which is nothing of the
kind is found with its column and its line: DuckDB's reader names another column where it reads only some of them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import duckdb

from casino.population import sql
from casino.population.source import MONEY, NUMBER, BadPlayers
from casino.population.words import several

MONEY_TYPE: Final = "STRUCT(amount DECIMAL(38,6), currency VARCHAR)"
_AMOUNT: Final = r"-?[0-9]{1,30}(\.[0-9]{1,6})?"
_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        MONEY: "no money: write 900 EUR",
        NUMBER: "no number: write 1200.5",
        "BOOLEAN": "neither true nor false: write true",
        "VARCHAR[]": "no list: write ['loyal']",
        "DECIMAL(38,6)[]": "no list of numbers: write [1, 2.5]",
    }
)


class _Cell(NamedTuple):
    """A column of texts, and the SQL of what its cells say; NULL where they say nothing of the kind."""

    column: str
    kind: str
    said: str

    @property
    def bad(self) -> str:
        """Return the SQL that is TRUE where a cell holds something, and not what it should."""
        return f"({_text(self.column)} IS NOT NULL AND {self.said} IS NULL)"


def read_cells(connection: duckdb.DuckDBPyConnection, source: str, types: Mapping[str, str], *, lines: bool) -> str:
    """Return the relation with its texts read as these types; raises BadPlayers for a cell that is none.

    `lines`: it is a CSV file, of which everything is read so; of any other table, only money.
    """
    found = connection.sql(sql.select(["*"], source))
    kinds = {
        name: types[name]
        for name, type_ in zip(found.columns, found.types, strict=True)
        if str(type_) == "VARCHAR" and types.get(name, "VARCHAR") != "VARCHAR" and (lines or types[name] == MONEY)
    }
    cells = [_Cell(name, kind, _said(name, kind)) for name, kind in kinds.items()]
    if not cells:
        return source
    _check(connection, source, cells, lines=lines)
    replaced = ", ".join(f"{one.said} AS {sql.name(one.column)}" for one in cells)
    return f"({sql.select([f'* REPLACE ({replaced})'], source)})"


def _text(column: str) -> str:
    return f"nullif(trim({sql.name(column)}), '')"


def _said(column: str, kind: str) -> str:
    text = _text(column)
    if kind == NUMBER:
        return f"TRY_CAST({text} AS DOUBLE)"
    if kind != MONEY:
        return f"TRY_CAST({text} AS {kind})"
    amount = f"TRY_CAST(regexp_extract({text}, '^{_AMOUNT}') AS DECIMAL(38,6))"
    whole = f"CAST({{'amount': {amount}, 'currency': right({text}, 3)}} AS {MONEY_TYPE})"
    return f"CASE WHEN regexp_full_match({text}, '{_AMOUNT} +[A-Z]{{3}}') THEN {whole} END"


def _check(connection: duckdb.DuckDBPyConnection, source: str, cells: list[_Cell], *, lines: bool) -> None:
    """Refuse the table where cells are not what they should be: how many in each column, and where the first one is."""
    counted = connection.execute(sql.select([f"count_if({one.bad})" for one in cells], source)).fetchone()
    told = [
        _told(one, number, _first(connection, source, one), lines=lines)
        for one, number in zip(cells, counted or (), strict=True)
        if number
    ]
    if told:
        raise BadPlayers("\n".join(told))


def _first(connection: duckdb.DuckDBPyConnection, source: str, cell: _Cell) -> int:
    rows = sql.select(["row_number() OVER () AS number_", sql.name(cell.column)], source)
    found = connection.execute(f"{sql.select(['min(number_)'], f'({rows})')} WHERE {cell.bad}").fetchone()
    return 0 if found is None else int(found[0])


def _told(cell: _Cell, number: int, row: int, *, lines: bool) -> str:
    where = f"line {row + 1}" if lines else f"row {row}"  # the first line of a file holds the names
    more = f" ({several(number - 1, 'more such value')} below)" if number > 1 else ""
    return f'{where}: a value of the column "{cell.column}" is {_FORMS[cell.kind]}, or leave it empty{more}.'
