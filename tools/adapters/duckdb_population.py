"""Population runs in DuckDB: a table of players from a file or a database, and the queries over it.

Everything stays on this machine: DuckDB loads no extension, and a table of another database is copied in batches.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias, cast

import duckdb

from casino.document import Writable
from casino.exact import NotExact
from casino.facts import Facts
from casino.population import sql
from casino.population.column import Schema
from casino.population.computed import Question, columns_read
from casino.population.rows import fetched_as, row_document
from casino.population.source import BadPlayers
from tools.adapters.duckdb_cells import read_cells
from tools.adapters.duckdb_tables import found_table, schema_of, source_of, telling

Watch: TypeAlias = Callable[[float | None], None]
"""Hears how far the run is, 0 to 1; None: not known. It is called a few times a second."""

BATCH: Final = 10_000  # rows fetched at once for what is worked out outside
_LOOK_S: Final = 0.1
_VERDICTS: Final = "verdicts_"


@dataclass(slots=True)
class Players:
    """One open table of players."""

    connection: duckdb.DuckDBPyConnection
    source: str  # as a relation of SQL
    schema: Schema
    lines: bool = False  # it is a text file, of which each row is a line

    def one_row(self, query: str, watch: Watch) -> Sequence[object]:
        """Run a query that gives a single row."""
        row = self._run(query, watch).fetchone()
        if row is None:
            raise BadPlayers("the table of players gave no answer. Run it again.")
        return cast("Sequence[object]", row)

    def write(self, query: str, file: Path, watch: Watch) -> None:
        """Write the rows of a query as Parquet or CSV, by the file's ending: whole, or not at all."""
        part = file.with_name(f".{file.name}.part")
        form = "FORMAT parquet, COMPRESSION zstd" if file.suffix == ".parquet" else "FORMAT csv, HEADER"
        try:
            self._run(f"COPY ({query}) TO {sql.text(str(part))} ({form})", watch)
            part.replace(file)
        except OSError as error:
            raise BadPlayers(f"{file}: this file cannot be written ({error.strerror}). Choose another one.") from error
        finally:
            part.unlink(missing_ok=True)

    def answer(self, questions: Sequence[Question], names: Sequence[str], now: datetime, watch: Watch) -> None:
        """Work out the conditions on computed fields for every row, and put them beside the table as columns."""
        columns = columns_read(questions, self.schema)
        types = ", ".join(f"{sql.name(name)} BOOLEAN" for name in names)
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {_VERDICTS} ({types})")
        inserted = ", ".join(f"unnest(CAST(${number} AS BOOLEAN[]))" for number in range(1, len(names) + 1))
        total = self._total()
        done = 0
        for batch in self._batches(columns):
            facts = [self._facts(row, columns, done + number) for number, row in enumerate(batch, start=1)]
            answers = [[question.verdict(one, now) for one in facts] for question in questions]
            self.connection.execute(f"INSERT INTO {_VERDICTS} SELECT {inserted}", answers)  # our own names
            done += len(batch)
            watch(done / total if total else None)
        self.source = f"(SELECT * FROM {self.source} POSITIONAL JOIN {_VERDICTS})"  # noqa: S608  # our own names

    def documents(self) -> Iterator[dict[str, Writable]]:
        """Yield every row as the facts of one player, for a comparison with the engine."""
        columns = tuple(self.schema.columns)
        for batch in self._batches(columns):
            for row in batch:
                yield row_document(dict(zip(columns, row, strict=True)), self.schema)

    def _total(self) -> int:
        found = self.connection.execute(sql.select(["count(*)"], self.source)).fetchone()
        return 0 if found is None else int(found[0])

    def _batches(self, columns: Sequence[str]) -> Iterator[list[tuple[object, ...]]]:
        """Fetch the rows in the order of the table, on a cursor of its own."""
        written = [f"CAST({sql.name(one)} AS {fetched_as(self.schema.columns[one])})" for one in columns]
        with self.connection.cursor() as cursor, telling():
            cursor.execute("SET TimeZone = 'UTC'")
            cursor.execute(sql.select(written, self.source))
            while batch := cursor.fetchmany(BATCH):
                yield cast("list[tuple[object, ...]]", batch)

    def _facts(self, row: Sequence[object], columns: Sequence[str], number: int) -> Facts:
        try:
            return Facts.of(row_document(dict(zip(columns, row, strict=True)), self.schema))
        except NotExact as error:
            where = f"line {number + 1}" if self.lines else f"row {number}"  # the first line holds the names
            raise BadPlayers(f"{where}: {error}. Mend the value, or leave it empty.") from error

    def _run(self, query: str, watch: Watch) -> duckdb.DuckDBPyConnection:
        with ThreadPoolExecutor(1) as pool, telling():
            running = pool.submit(self.connection.execute, query)
            try:
                _wait(running, watch)
            except (KeyboardInterrupt, SystemExit):
                self.connection.interrupt()
                raise
            return running.result()


def _wait(running: "Future[duckdb.DuckDBPyConnection]", watch: Watch) -> None:
    """Wait, and say a few times a second that the run goes on. DuckDB's own percentage stops at 20 for a histogram."""
    while not running.done():
        try:
            running.exception(timeout=_LOOK_S)
        except TimeoutError:
            watch(None)


@contextmanager
def open_players(
    table: str, *, types: Mapping[str, str], threads: int | None = None, memory: str | None = None
) -> Generator[Players]:
    """Open a table of players: a Parquet or CSV file, or `URL::table`; `types` are for CSV files, and for money.

    `memory` is DuckDB's limit, as "500MB". Raises BadPlayers.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if threads is not None:
        config["threads"] = threads
    if memory is not None:
        config["memory_limit"] = memory
    with TemporaryDirectory(prefix="croupier-") as folder:
        config["temp_directory"] = folder
        with telling(), duckdb.connect(str(Path(folder) / "run.duckdb"), config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            found = found_table(table)
            relation = read_cells(connection, source_of(connection, found, types), types, lines=found.has_lines)
            schema, cast_source = schema_of(connection, relation)
            yield Players(connection, cast_source, schema, found.has_lines)
