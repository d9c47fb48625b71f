"""One row of a table as the facts of one player: what the engine would be given for this player alone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, cast

from casino.document import Writable
from casino.population.column import ColumnType, Kind, Schema
from casino.population.sheet import UNAVAILABLE
from casino.population.times import moment_text
from casino.rules.condition import is_path

_UNKNOWN_TYPE: Final[Mapping[str, Writable]] = {}  # a mapping is a type mismatch for every condition


def fetched_as(type_: ColumnType) -> str:
    """Return the type under which rows are fetched: moments as text, which needs no library for time zones."""
    match type_.kind:
        case Kind.MOMENT:
            return "VARCHAR"
        case Kind.LIST if type_.item is not None:
            return f"{fetched_as(type_.item)}[]"
        case Kind.RECORD:
            inner = ", ".join(f'"{key}" {fetched_as(field)}' for key, field in type_.fields.items())
            return f"STRUCT({inner})"
        case _:
            return type_.sql


def row_document(row: Mapping[str, object], schema: Schema) -> dict[str, Writable]:
    """Return the document that `Facts.of` takes; columns whose name is no field path are no facts."""
    document: dict[str, Writable] = {}
    for column, value in row.items():
        type_ = schema.columns[column]
        if column == UNAVAILABLE:
            document[column] = [path for path in cast("Sequence[str | None]", value or ()) if path is not None]
        elif is_path(column) or type_.kind is Kind.RECORD:
            _put(document, column, exact(value, type_))
    return document


def exact(value: object, type_: ColumnType) -> Writable:
    """Return a fetched value as the rules read it. NotExact where it is a number that they refuse comes from Facts."""
    if value is None:
        return None
    if type_.kind is Kind.LIST and type_.item is not None:
        item = type_.item
        return [exact(one, item) for one in cast("Sequence[object]", value)]
    if type_.kind is Kind.RECORD:
        fields = cast("Mapping[str, object]", value)
        return {key: exact(fields[key], field) for key, field in type_.fields.items()}
    return _scalar(value, type_.kind)


def _scalar(value: object, kind: Kind) -> Writable:
    match kind:
        case Kind.DOUBLE:
            return Decimal(repr(cast("float", value)))
        case Kind.DATE:
            return cast("date", value).isoformat()
        case Kind.MOMENT:
            return moment_text(datetime.fromisoformat(cast("str", value)))
        case Kind.OTHER:
            return _UNKNOWN_TYPE
        case _:
            return cast("bool | int | Decimal | str", value)


def _put(document: dict[str, Writable], path: str, value: Writable) -> None:
    *above, last = path.split(".")
    at = document
    for step in above:
        at = cast("dict[str, Writable]", at.setdefault(step, {}))
    at[last] = value
