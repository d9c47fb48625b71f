"""The columns of a table of players: their types as the rules see them, and which column a field path means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from casino.population import sql


class Kind(StrEnum):
    """What a column can be compared with. `other` is what no rule knows: it is a type mismatch everywhere."""

    BOOLEAN = "boolean"
    NUMBER = "number"  # exact: whole numbers and DECIMAL
    DOUBLE = "double"  # read as the shortest decimal that stands for it: 0.1 is one tenth
    TEXT = "text"
    DATE = "date"  # read as its ISO text
    MOMENT = "moment"  # TIMESTAMPTZ, read as its ISO text in UTC
    LIST = "list"
    RECORD = "record"
    OTHER = "other"


_NO_FIELDS: Mapping[str, "ColumnType"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A type; `sql` is DuckDB's name of it. A number holds low to high, in units of the last decimal place."""

    kind: Kind
    sql: str
    low: int = 0
    high: int = 0
    scale: int = 0
    item: "ColumnType | None" = None
    fields: Mapping[str, "ColumnType"] = field(default_factory=lambda: _NO_FIELDS)

    @property
    def is_money(self) -> bool:
        """Tell whether it is a STRUCT of exactly an amount and a currency."""
        if self.kind is not Kind.RECORD or set(self.fields) != {"amount", "currency"}:
            return False
        amount, currency = self.fields["amount"], self.fields["currency"]
        return amount.kind in {Kind.NUMBER, Kind.DOUBLE} and currency.kind is Kind.TEXT


BOOLEAN = ColumnType(Kind.BOOLEAN, "BOOLEAN")
DOUBLE = ColumnType(Kind.DOUBLE, "DOUBLE")
TEXT = ColumnType(Kind.TEXT, "VARCHAR")
DATE = ColumnType(Kind.DATE, "DATE")
MOMENT = ColumnType(Kind.MOMENT, "TIMESTAMP WITH TIME ZONE")
OTHER = ColumnType(Kind.OTHER, "VARCHAR")  # cast to text where it is fetched; its value is never looked at

_BITS: Mapping[str, int] = MappingProxyType({"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64, "HUGEINT": 128})


def whole(sql_name: str) -> ColumnType:
    """Return the type of whole numbers that DuckDB calls so, as BIGINT or UTINYINT (KeyError: there is none)."""
    if sql_name in _BITS:
        half = 2 ** (_BITS[sql_name] - 1)
        return ColumnType(Kind.NUMBER, sql_name, -half, half - 1)
    return ColumnType(Kind.NUMBER, sql_name, 0, 2 ** _BITS[sql_name.removeprefix("U")] - 1)


def decimal(precision: int, scale: int) -> ColumnType:
    """Return DECIMAL(precision, scale)."""
    most = 10**precision - 1
    return ColumnType(Kind.NUMBER, f"DECIMAL({precision},{scale})", -most, most, scale)


def list_of(item: ColumnType) -> ColumnType:
    """Return the type of lists of such items."""
    return ColumnType(Kind.LIST, f"{item.sql}[]", item=item)


def record_of(fields: Mapping[str, ColumnType]) -> ColumnType:
    """Return the STRUCT of such fields."""
    inner = ", ".join(f"{sql.name(key)} {column.sql}" for key, column in fields.items())
    return ColumnType(Kind.RECORD, f"STRUCT({inner})", fields=MappingProxyType(dict(fields)))


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a field is read: an SQL expression and its type."""

    expression: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class NoLane:
    """No column gives the field. `null_where` is the SQL that tells where a parent is null, and the field with it."""

    null_where: str


class AmbiguousColumn(ValueError):  # noqa: N818  # named by what is wrong with the table
    """Two columns claim one field; the message names them."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of one table, by name."""

    columns: Mapping[str, ColumnType]

    def find(self, path: str) -> Lane | NoLane:
        """Return where a field path is read: a column of that name, or a field inside a STRUCT column.

        Raises AmbiguousColumn where the value stands in two columns, or a column stands below another that is none.
        """
        claims = [column for column in self.columns if column == path or path.startswith(f"{column}.")]
        if len(claims) > 1:
            both = " and ".join(f'"{column}"' for column in sorted(claims))
            raise AmbiguousColumn(f'the columns {both} both claim the field "{path}"')
        return _inside(claims[0], self.columns[claims[0]], path) if claims else NoLane("FALSE")

    def column_of(self, path: str) -> str | None:
        """Return the name of the column in which a field stands, or would stand."""
        return next((column for column in self.columns if column == path or path.startswith(f"{column}.")), None)

    def leaves(self) -> tuple[str, ...]:
        """Return every field path that the table gives, for messages."""
        return tuple(path for column, type_ in self.columns.items() for path in _leaves(column, type_))


def _inside(column: str, type_: ColumnType, path: str) -> Lane | NoLane:
    expression, nulls = sql.name(column), [f"{sql.name(column)} IS NULL"]
    for step in path[len(column) + 1 :].split(".") if path != column else ():
        if step not in type_.fields:
            return NoLane(sql.any_of(nulls))
        expression = f"struct_extract({expression}, {sql.text(step)})"
        type_ = type_.fields[step]
        nulls.append(f"{expression} IS NULL")
    return Lane(expression, type_)


def _leaves(path: str, type_: ColumnType) -> tuple[str, ...]:
    if not type_.fields or type_.is_money:
        return (path,)
    return tuple(leaf for key, field in type_.fields.items() for leaf in _leaves(f"{path}.{key}", field))
