"""CSV files as relations of DuckDB: exact numbers, and a row of another length found with its line."""

import csv
import gzip
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, TextIO

import duckdb

from casino.population import sql
from casino.population.source import NUMBER, BadPlayers

_EXACT: Final = 15  # significant digits that a DOUBLE keeps, whatever they are
_LONGEST: Final = 38  # digits of a DECIMAL
_SEPARATORS: Final = ",;\t|"
_PLAIN: Final = r"[+-]?[0-9]*([.][0-9]*)?"


def csv_relation(connection: duckdb.DuckDBPyConnection, file: Path, types: Mapping[str, str]) -> str:
    """Return a CSV file as a relation. Raises BadPlayers.

    The columns that `types` names come as texts, but for numbers, which are read as the file shows them: as DOUBLE
    where all of them keep their digits in one, else as a DECIMAL that holds them all.
    """
    plain = _reading(file, {})
    found = connection.sql(sql.select(["*"], plain))
    _check_shape(file, found.columns)
    wanted = {one: "VARCHAR" for one in found.columns if types.get(one, NUMBER) != NUMBER}
    floating = [
        name for name, type_ in zip(found.columns, found.types, strict=True)
        if str(type_) == "DOUBLE" and name not in wanted
    ]  # fmt: skip
    wanted |= _exact(connection, file, floating)
    return _reading(file, wanted)


def _reading(file: Path, types: Mapping[str, str]) -> str:
    listed = ", ".join(f"{sql.text(name)}: '{type_}'" for name, type_ in types.items())
    return f"read_csv({sql.text(as_pattern(file))}, header = true{f', types = {{{listed}}}' if types else ''})"


def as_pattern(file: Path) -> str:
    """Return the pattern that means this one file: DuckDB takes stars and brackets in a name for a pattern."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(file))


def _check_shape(file: Path, columns: Sequence[str]) -> None:
    """Refuse an empty file, and one whose rows differ in length: its reader would take each row for a single cell."""
    if file.stat().st_size == 0:
        raise BadPlayers(f"{file} is empty. Its first line must name the columns, as player.id,player.ngr.")
    if len(columns) != 1 or not any(one in columns[0] for one in _SEPARATORS):
        return
    separator = max(_SEPARATORS, key=columns[0].count)
    with _opened(file) as lines:
        rows = csv.reader(lines, delimiter=separator)
        expected = len(next(rows))
        for row in rows:
            if len(row) != expected:
                cells = f"{len(row)} {'cell' if len(row) == 1 else 'cells'}"
                mend = "Mend the line, or put a cell that holds the separator in quotes."
                raise BadPlayers(f"{file}:{rows.line_num}: {cells}, {expected} expected. {mend}")


def _opened(file: Path) -> TextIO:
    """Open a file that may be packed; whoever calls closes it."""
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8", errors="replace", newline="")
    return file.open(encoding="utf-8", errors="replace", newline="")


def _exact(connection: duckdb.DuckDBPyConnection, file: Path, columns: Collection[str]) -> dict[str, str]:
    """Return the DECIMAL types of columns whose numbers have more digits than a DOUBLE keeps."""
    if not columns:
        return {}
    texts = _reading(file, dict.fromkeys(columns, "VARCHAR"))
    asked = [one for name in columns for one in _digits(sql.name(name))]
    row = connection.execute(sql.select(asked, texts)).fetchone() or ()
    answers = iter(row)
    found: dict[str, str] = {}
    for name in columns:
        significant, is_plain, whole, places = (next(answers) or 0 for _ in range(4))
        if significant > _EXACT:
            if not is_plain or whole + places > _LONGEST:
                raise BadPlayers(_too_long(connection, file, texts, name))
            found[name] = f"DECIMAL({max(whole + places, 1)},{places})"
    return found


def _digits(column: str) -> list[str]:
    """Return the SQL of a column: most significant digits, all plain, most digits before and behind the point."""
    text = f"trim({column})"
    places = f"length(split_part({text}, '.', 2))"
    whole = f"length(ltrim(split_part({text}, '.', 1), '+-0'))"
    plain = f"bool_and(regexp_full_match({text}, '{_PLAIN}')) FILTER ({text} <> '')"
    return [f"max({_significant(column)})", plain, f"max({whole})", f"max({places})"]


def _significant(column: str) -> str:
    digits = f"ltrim(replace(regexp_extract(lower({column}), '[0-9.]+'), '.', ''), '0')"
    return f"length({digits})"


def _too_long(connection: duckdb.DuckDBPyConnection, file: Path, texts: str, name: str) -> str:
    rows = sql.select(["row_number() OVER () AS number_", sql.name(name)], texts)
    first = f"{sql.select(['min(number_)'], f'({rows})')} WHERE {_significant(sql.name(name))} > {_EXACT}"
    row = connection.execute(first).fetchone()
    line = (row[0] if row is not None else 0) + 1  # the first line holds the names
    message = f'a number of the column "{name}" has more digits than can be kept beside the others'
    return f"{file}: line {line}: {message}. Write plain decimals of at most {_LONGEST} digits."
