"""What a run reads of a table: every field once, under a short name, and how each condition is weighed on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias, assert_never

from casino.bonus.configuration import Configuration
from casino.clock import CasinoTime
from casino.facts import Computed
from casino.fields.expression import Expression
from casino.loaded import Path
from casino.money import Money
from casino.population import sql, times
from casino.population.atoms import NEVER, atom, can_match, reads_time
from casino.population.column import ColumnType, Kind, Lane, NoLane, Schema
from casino.rules.condition import Condition, Operator

_DENYING: Final = frozenset({Operator.NOT_EQUAL, Operator.CONTAINS_NONE})
UNAVAILABLE: Final = "unavailable"  # the column that lists what could not be read for a player
_NO_VERDICTS: Mapping["Asked", str] = MappingProxyType({})


class Asked(NamedTuple):
    """A condition on a computed field, and the configuration whose definitions it is worked out by."""

    configuration: str
    place: Path


def reads(definition: Computed) -> frozenset[str]:
    """Return the fields that the platform must supply for a computed field."""
    return definition.reads if isinstance(definition, Expression) else frozenset()


Verdicts: TypeAlias = Mapping[Asked, str]
"""The columns that hold what conditions on computed fields came to: true, false, null for unknown."""


class Weighed(NamedTuple):
    """A condition as SQL: where it passes (else FALSE or NULL), and where it is unknown."""

    holds: str
    open: str = NEVER

    @property
    def ternary(self) -> str:
        """Return TRUE, FALSE, or NULL for unknown, so that the AND of SQL is that of the engine."""
        known = f"coalesce({self.holds}, FALSE)"
        return known if self.open == NEVER else f"CASE WHEN {self.open} THEN NULL ELSE {known} END"


@dataclass(frozen=True, slots=True)
class Need:
    """A field that a run reads, and who needs it: a condition at its place, or (None) the safety stage."""

    path: str
    configuration: str | None
    place: Path


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A condition that no value of its column's type can meet."""

    condition: Condition
    configuration: str | None
    place: Path
    type: ColumnType


@dataclass(slots=True)
class Sheet:
    """The columns of one query, collected while its conditions are written."""

    schema: Schema
    verdicts: Verdicts = field(default_factory=lambda: _NO_VERDICTS)
    columns: dict[str, str] = field(default_factory=dict[str, str])  # short names, by expression on the table
    missing: list[Need] = field(default_factory=list[Need])
    mismatches: list[Mismatch] = field(default_factory=list[Mismatch])
    timed: dict[str, str] = field(default_factory=dict[str, str])  # texts read as dates or moments: short names by path
    read_lanes: dict[str, Lane] = field(default_factory=dict[str, Lane])  # by path

    def weigh(self, condition: Condition, at: CasinoTime, need: Need) -> Weighed:
        """Return the SQL of one condition that reads a column."""
        lane = self.schema.find(condition.path)
        out = self.out(condition.path)
        if isinstance(lane, NoLane):
            return self._absent(condition, lane, out, need)
        short, _ = self.taken(condition.path, lane)
        if not can_match(condition, lane.type):
            self.mismatches.append(Mismatch(condition, need.configuration, need.place, lane.type))
        if lane.type.kind is Kind.TEXT and reads_time(condition):
            self.timed[condition.path] = short
        written = atom(condition, Lane(short, lane.type), at)
        if condition.on_missing == "unknown":
            return Weighed(written, _uncounted(condition, Lane(short, lane.type), at, out))
        # A comparison with null is null, and so no pass. Where the SQL denies something, that is not left to it.
        denies = condition.operator in _DENYING or written == "TRUE"
        return Weighed(f"({short} IS NOT NULL AND {written})" if denies else written, out)

    def computed(self, condition: Condition, configuration: Configuration, place: Path) -> Weighed:
        """Return the SQL of a condition on a computed field: its verdict stands in a column of its own."""
        for path in sorted(reads(configuration.computed[condition.path])):
            if isinstance(self.schema.find(path), NoLane):
                self.missing.append(Need(path, configuration.id, place))
        verdict = self.verdicts[Asked(configuration.id, place)]
        short = self.column(sql.name(verdict))
        return Weighed(short, f"({short} IS NULL)")

    def read(self, path: str) -> tuple[str, ColumnType] | None:
        """Return the short name and the type of a field, for what is no condition; None where no column gives it."""
        lane = self.schema.find(path)
        if isinstance(lane, NoLane):
            return None
        return self.taken(path, lane)

    def column(self, expression: str) -> str:
        """Give an expression on the table a short name; the same expression keeps the same one."""
        return self.columns.setdefault(expression, f"c{len(self.columns)}")

    def relation(self, source: str, extra: Iterable[str] = ()) -> str:
        """Return the query that gives every short name its column, and further columns as they are."""
        written = [f"{expression} AS {short}" for expression, short in self.columns.items()]
        return sql.select([*written, *extra], source)

    def refused(self) -> dict[str, str]:
        """Return, by path, the SQL that is TRUE where a value is nothing that the rules can read: NaN, infinity."""
        found = {path: _unreadable(lane) for path, lane in self.read_lanes.items()}
        return {path: written for path, written in found.items() if written is not None}

    def misdated(self) -> dict[str, str]:
        """Return, by path, the SQL that is TRUE where a text is read as a date or a moment, and is neither."""
        return {path: times.no_time(short) for path, short in self.timed.items()}

    def taken(self, path: str, lane: Lane) -> tuple[str, ColumnType]:
        """Return the short name and the type of a column that is read, and have it looked through."""
        short = self.column(lane.expression)
        self.read_lanes[path] = Lane(short, lane.type)
        return short, lane.type

    def out(self, path: str, *, alone: bool = False) -> str:
        """Return where the field was unavailable: its path, one above it or one below it is in the list of the player.

        It is a short name, or (`alone`) an expression on the table itself.
        """
        listed = self.schema.columns.get(UNAVAILABLE)
        if listed is None or listed.item is None or listed.item.kind is not Kind.TEXT:
            return NEVER
        steps = path.split(".")
        prefixes = [".".join(steps[:length]) for length in range(1, len(steps) + 1)]
        name = sql.name(UNAVAILABLE)
        covered = [f"list_contains({name}, {sql.text(prefix)})" for prefix in prefixes]
        covering = f"contains(',' || array_to_string({name}, ','), {sql.text(f',{path}.')})"  # no path holds a comma
        hit = sql.any_of([*covered, covering])
        return f"coalesce({hit}, FALSE)" if alone else self.column(f"coalesce({hit}, FALSE)")

    def _absent(self, condition: Condition, lane: NoLane, out: str, need: Need) -> Weighed:
        self.missing.append(need)
        match condition.on_missing:
            case "pass":
                null = lane.null_where
                return Weighed("TRUE" if null == NEVER else f"(NOT {self.column(null)})", out)
            case "fail":
                return Weighed(NEVER, out)
            case "unknown":
                return Weighed(NEVER, "TRUE")
            case _:
                assert_never(condition.on_missing)


def _uncounted(condition: Condition, lane: Lane, at: CasinoTime, out: str) -> str:
    """Return where a counter is nothing that counts in the unit of its limit: see `casino.rules.evaluate.is_count`."""
    limit = condition.expected
    nothing = Money(0, limit.currency) if isinstance(limit, Money) else 0
    counts = atom(Condition(condition.path, Operator.GREATER_OR_EQUAL, nothing), lane, at)
    if counts == NEVER:
        return "TRUE"
    # What counts from 0 by its type, as UINTEGER, can still be null.
    uncounted = f"({lane.expression} IS NULL)" if counts == "TRUE" else f"(({counts}) IS NOT TRUE)"
    return uncounted if out == NEVER else f"({out} OR {uncounted})"


def _unreadable(lane: Lane) -> str | None:
    type_ = lane.type
    if type_.is_money:
        return _unreadable(Lane(f"struct_extract({lane.expression}, 'amount')", type_.fields["amount"]))
    if type_.kind is Kind.LIST and type_.item is not None:
        inner = _unreadable(Lane("one", type_.item))
        return None if inner is None else f"len(list_filter({lane.expression}, lambda one: {inner})) > 0"
    match type_.kind:
        case Kind.DOUBLE:
            return f"NOT {_readable_double(lane.expression)}"
        case Kind.DATE:
            return f"NOT {lane.expression} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
        case Kind.MOMENT:
            first, last = "TIMESTAMPTZ '0001-01-01 00:00:00+00'", "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'"
            return f"NOT {lane.expression} BETWEEN {first} AND {last}"
        case _:
            return None


def _readable_double(x: str) -> str:
    """As `casino.exact.checked_number`: finite and within 64 powers of ten. NaN is above everything in DuckDB."""
    return f"(abs({x}) < CAST('1e65' AS DOUBLE) AND (abs({x}) >= CAST('1e-64' AS DOUBLE) OR {x} = 0))"
