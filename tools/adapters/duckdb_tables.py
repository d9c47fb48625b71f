"""Where a table of players comes from: Parquet, CSV, a DuckDB file, or any database that SQLAlchemy reaches."""

import re
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import duckdb
import sqlalchemy as sa
from duckdb.sqltypes import DuckDBPyType
from sqlalchemy.exc import ArgumentError, NoSuchTableError, SQLAlchemyError

from casino.population import sql
from casino.population.column import (
    BOOLEAN,
    DATE,
    DOUBLE,
    MOMENT,
    OTHER,
    TEXT,
    ColumnType,
    Schema,
    decimal,
    list_of,
    record_of,
    whole,
)
from casino.population.source import BadPlayers
from casino.population.words import without_password
from tools.adapters.duckdb_csv import as_pattern, csv_relation
from tools.adapters.table_values import Unfit, declared, fitted

BATCH: Final = 10_000
_CSV: Final = (".csv", ".csv.gz", ".tsv")
_MEND: Final = "Name a .parquet or .csv file, or a table as sqlite:///FILE::TABLE."


@dataclass(frozen=True, slots=True)
class Table:
    """A file, or a table of a database (`url` as SQLAlchemy or `duckdb:///` writes it)."""

    file: Path | None = None
    url: str | None = None
    name: str | None = None

    @property
    def has_lines(self) -> bool:
        """Tell whether it is a text file, of which each row is a line."""
        return self.file is not None and self.file.suffix != ".parquet"


def found_table(written: str) -> Table:
    """Read what the command names; raises BadPlayers where it is neither a file that is there nor `URL::table`."""
    url, mark, name = written.partition("::")
    if mark and "://" in url:
        return Table(url=url, name=name)
    file, shown = Path(written), without_password(written)
    if not file.is_file():
        raise BadPlayers(f"{shown}: there is no such file. {_MEND}")
    if file.suffix != ".parquet" and not written.endswith(_CSV):
        raise BadPlayers(f"{shown}: this is neither Parquet nor CSV by its name. {_MEND}")
    return Table(file=file)


def source_of(connection: duckdb.DuckDBPyConnection, table: Table, types: Mapping[str, str]) -> str:
    """Return the table as a relation of SQL; what another database holds is copied in first.

    `types` are those of CSV files (`tools.adapters.duckdb_csv`).
    """
    if table.file is not None and table.file.suffix == ".parquet":
        return f"read_parquet({sql.text(as_pattern(table.file))})"
    if table.file is not None:
        return csv_relation(connection, table.file, types)
    url, name = table.url or "", table.name or ""
    if url.startswith("duckdb:///"):
        file = Path(url.removeprefix("duckdb:///"))
        if not file.is_file():
            raise BadPlayers(f"{file}: there is no such file. {_MEND}")
        connection.execute(f"ATTACH {sql.text(str(file))} AS players_ (READ_ONLY)")
        return f"players_.{sql.name(name)}"
    return _copied(connection, url, name)


def schema_of(connection: duckdb.DuckDBPyConnection, source: str) -> tuple[Schema, str]:
    """Return the columns of a relation, and the relation with every column in a type that the rules know."""
    relation = connection.sql(sql.select(["*"], source))
    columns = dict(zip(relation.columns, (_type(one) for one in relation.types), strict=True))
    casts = {
        name: f"CAST({sql.name(name)} AS {columns[name].sql}) AS {sql.name(name)}"
        for name, found in zip(relation.columns, relation.types, strict=True)
        if str(found) != columns[name].sql
    }
    if not casts:
        return Schema(columns), source
    replaced = f"* REPLACE ({', '.join(casts.values())})"
    return Schema(columns), f"({sql.select([replaced], source)})"


_NAMED = {
    "boolean": BOOLEAN,
    "float": DOUBLE,
    "double": DOUBLE,
    "varchar": TEXT,
    "enum": TEXT,
    "uuid": TEXT,
    "date": DATE,
    "timestamp with time zone": MOMENT,
}


def _type(found: DuckDBPyType) -> ColumnType:
    name = found.id
    if name in _NAMED:
        return _NAMED[name]
    children = cast("Sequence[tuple[str, DuckDBPyType]]", found.children if name in _NESTED else ())
    match name:
        case "decimal":
            parts = cast("dict[str, int]", dict(found.children))
            return decimal(parts["precision"], parts["scale"])
        case "list" | "array":
            return list_of(_type(children[0][1]))
        case "struct":
            return record_of({key: _type(child) for key, child in children})
        case _:
            return _whole(name)


_NESTED: Final = frozenset({"list", "array", "struct"})


def _whole(name: str) -> ColumnType:
    try:
        return whole(name.upper())
    except KeyError:
        return OTHER


@contextmanager
def telling() -> Generator[None]:
    """Turn what DuckDB and databases complain of into BadPlayers, without the values of any player."""
    try:
        yield
    except duckdb.Error as error:
        raise BadPlayers(f"the table of players cannot be read: {_told(str(error))}") from error
    except ImportError as error:
        raise BadPlayers(f"this kind of database needs the package {error.name}. Install it.") from error
    except SQLAlchemyError as error:
        raise BadPlayers(f"the table of players cannot be read: {type(error).__name__}. Check the URL.") from error


_CONVERTING = re.compile(r"converting column .*? to '(?P<type>[^']+)'", re.DOTALL)
_LINE = re.compile(r"on Line: (?P<line>[0-9]+)")


def _told(message: str) -> str:
    """Return DuckDB's message without the line of the file that it quotes."""
    line, converting = _LINE.search(message), _CONVERTING.search(message)
    where = "" if line is None else f"line {line['line']}: "
    if converting is not None:  # of which column, DuckDB says wrongly where it reads only some of them
        return f"{where}a value is not {converting['type']}, as those above it. Mend it, or leave it empty."
    return where + re.sub(r'"[^"]*"|\'[^\']*\'', "…", message.splitlines()[0])


def _copied(connection: duckdb.DuckDBPyConnection, url: str, name: str) -> str:
    """Copy a table of another database in batches, with its declared types; a value of another type is refused."""
    address = _address(url)
    _check_there(address)
    engine = sa.create_engine(address)
    try:
        with engine.connect() as reading:
            table = sa.Table(name, sa.MetaData(), autoload_with=reading)
            columns = {column.name: declared(column.type) for column in table.columns}
            types = ", ".join(f"{sql.name(one)} {type_}" for one, type_ in columns.items())
            connection.execute(f"CREATE TABLE players_ ({types})")
            numbered = enumerate(columns.values(), start=1)
            inserted = ", ".join(f"unnest(CAST(${number} AS {type_}[]))" for number, type_ in numbered)
            raw = [sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in table.columns]
            streamed = reading.execution_options(stream_results=True).execute(sa.select(*raw).select_from(table))
            done = 0
            for batch in streamed.partitions(BATCH):
                values = [_fitted(batch, at, column, done) for at, column in enumerate(columns.items())]
                connection.execute(f"INSERT INTO players_ SELECT {inserted}", values)  # quoted above
                done += len(batch)
    except NoSuchTableError:
        raise BadPlayers(f'there is no table "{name}" in this database. {_MEND}') from None
    finally:
        engine.dispose()
    return "players_"


def _fitted(batch: Sequence[Sequence[Any]], at: int, column: tuple[str, str], done: int) -> list[object]:
    """Return one column of a batch as its type promises it; `done` rows stand before."""
    name, type_ = column
    values: list[object] = []
    for number, row in enumerate(batch, start=done + 1):
        try:
            values.append(fitted(row[at], type_))
        except Unfit as error:
            told = f'row {number}: a value of the column "{name}" is not what the column declares, {error}'
            raise BadPlayers(f"{told}. Mend the value, or declare the column otherwise.") from None
    return values


def _address(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except (ValueError, ArgumentError):  # they quote the address, and it may hold a password
        raise BadPlayers(f"this is not the address of a database. {_MEND}") from None


def _check_there(url: sa.URL) -> None:
    """Refuse an SQLite file that is not there: opening it would leave an empty one behind."""
    file = url.database or ""
    if url.get_backend_name() == "sqlite" and not file.startswith("file:") and not Path(file).is_file():
        raise BadPlayers(f"{file or 'sqlite'}: there is no such file. {_MEND}")
