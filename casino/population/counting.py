"""The one pass over the table that counts everything: endings, funnels, changes, and what could not be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from casino.population import sql
from casino.population.plan import VETOED, Plan
from casino.population.result import Change, Counted, Counts, counted, funnel_counts
from casino.population.sheet import Sheet


class Misdated(NamedTuple):
    """A column of texts that are read as dates or moments, and values of it that are neither."""

    path: str
    rows: int


class Refused(NamedTuple):
    """A column that holds values that no rule can read: NaN, infinities, numbers or dates beyond all bounds."""

    path: str
    rows: int


@dataclass(frozen=True, slots=True)
class Counting:
    """The query of a run, and how its single row is read."""

    sheet: Sheet
    draft: Plan
    live: Plan | None = None

    def relation(self, source: str) -> str:
        """Return the query that gives the decision of every row."""
        query = self.draft.over(self.sheet.relation(source))
        return query if self.live is None else self.live.over(query)

    def query(self, source: str) -> str:
        """Return the query that counts."""
        columns = [f"histogram({self._pair()})", *(f"histogram({one.column})" for one in self.draft.funnels)]
        columns += [f"count_if({where})" for where in (*self.sheet.misdated().values(), *self.sheet.refused().values())]
        return sql.select(columns, f"({self.relation(source)})")

    def _pair(self) -> str:
        if self.live is None:
            return self.draft.code
        return f"CAST({self.draft.code} AS UINTEGER) * {len(self.live.endings)} + {self.live.code}"

    def refused(self, row: Sequence[object]) -> tuple[Refused, ...]:
        """Return what could not be read; where anything is, the counts are not to be used."""
        paths = self.sheet.refused()
        rows = cast("Sequence[int | None]", row[len(row) - len(paths) :])  # null: there were no rows at all
        return tuple(Refused(path, found) for path, found in zip(paths, rows, strict=True) if found)

    def misdated(self, row: Sequence[object]) -> tuple[Misdated, ...]:
        """Return what is meant as a date or a moment, and is none."""
        begins = 1 + len(self.draft.funnels)
        paths = self.sheet.misdated()
        rows = cast("Sequence[int | None]", row[begins : begins + len(paths)])
        return tuple(Misdated(path, found) for path, found in zip(paths, rows, strict=True) if found)

    def example(self, path: str, source: str) -> str:
        """Return the query for one value that is neither a date nor a moment."""
        relation = f"({self.sheet.relation(source)})"
        return f"{sql.select([f'min({self.sheet.timed[path]})'], relation)} WHERE {self.sheet.misdated()[path]}"

    def repeated(self, source: str) -> str | None:
        """Return the query for how many rows have the player.id of another one; None where there is no such column."""
        found = self.sheet.read("player.id")
        if found is None:
            return None
        columns = [f"count({found[0]}) - count(DISTINCT {found[0]})"]
        return sql.select(columns, f"({self.sheet.relation(source)})")

    def counts(self, row: Sequence[object]) -> Counts:
        """Return the counts; an empty table has none."""
        pairs = _codes(row[0])
        width = 1 if self.live is None else len(self.live.endings)
        vetoed = sum(found for code, found in pairs.items() if code // width == VETOED)
        funnels = tuple(
            funnel_counts(one, _codes(found), vetoed=vetoed)
            for one, found in zip(self.draft.funnels, row[1 : 1 + len(self.draft.funnels)], strict=True)
        )
        players = sum(pairs.values())
        if self.live is None:
            return Counts(players, counted(self.draft, pairs), funnels)
        changes = tuple(
            Change(self.live.endings[code % width], self.draft.endings[code // width], found)
            for code, found in sorted(pairs.items())
        )
        return Counts(players, _drafted(changes), funnels, changes)

    def told(self, source: str) -> str:
        """Return the query that gives one row for every player: who, and how the decision ended."""
        found = self.sheet.read("player.id")
        player = "NULL" if found is None else found[0]
        endings = self.draft.endings
        columns = [
            f'{player} AS "player.id"',
            f"{self._named([one.status.value for one in endings])} AS status",
            f"{self._named([one.configuration for one in endings])} AS configuration",
            f"{self._named([one.tier for one in endings])} AS tier",
        ]
        return sql.select(columns, f"({self.relation(source)})")

    def _named(self, names: Sequence[str | None]) -> str:
        listed = ", ".join("NULL" if name is None else sql.text(name) for name in names)
        return f"CAST([{listed}] AS VARCHAR[])[{self.draft.code} + 1]"


def _codes(histogram: object) -> dict[int, int]:
    return dict(cast("Mapping[int, int]", histogram or {}))


def _drafted(changes: Sequence[Change]) -> tuple[Counted, ...]:
    found = {one.draft: 0 for one in changes}
    for one in changes:
        found[one.draft] += one.players
    return tuple(Counted(ending, players) for ending, players in found.items())
