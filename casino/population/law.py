"""The law of the player's place as SQL: what `casino.bonus.law.jurisdictions` says of a grant, row by row.

A rule depends on the place, and on a fact of the player (age, earlier grants, currency); the rest of it is known of the
reward before the run. So only the rules that can matter for some reward are written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, assert_never

from casino.bonus.law.jurisdictions import (
    AGE_PATH,
    CURRENCY_PATH,
    FIRST_GRANT,
    PLACE_PATHS,
    JurisdictionRule,
    Packs,
    Predicate,
)
from casino.bonus.law.places import COUNTRIES, latest_day
from casino.bonus.reward import Cash, Reward, Standard
from casino.clock import CasinoTime
from casino.money import Money
from casino.population import sql
from casino.population.atoms import atom
from casino.population.column import Kind, Lane
from casino.population.part import Part
from casino.population.sheet import NEVER, Sheet
from casino.rules.condition import Condition, Operator

# What `str.upper` makes ASCII letters of, and SQL does not.
_UPPER: Final = (
    ("\u00df", "SS"), ("\ufb00", "FF"), ("\ufb01", "FI"), ("\ufb02", "FL"), ("\ufb03", "FFI"), ("\ufb04", "FFL"),
    ("\ufb05", "ST"), ("\ufb06", "ST"), ("\u0131", "I"), ("\u017f", "S"),
)  # fmt: skip
_SPACE: Final = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())  # what `str.strip` takes away


class Stance(NamedTuple):
    """Where the law is against a grant, and where it cannot be known, as SQL."""

    against: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Law:
    """The packs over one sheet, at one moment."""

    packs: Packs
    sheet: Sheet
    at: CasinoTime

    def stances(self, part: Part) -> dict[Stance, list[int]]:
        """Return the codes of a configuration's grants by what the law says of them."""
        found: dict[Stance, list[int]] = {}
        for index, tier in enumerate(part.configuration.tiers):
            stance = self._stance(tier.reward, latest_day(self.at.at))
            if stance != Stance(NEVER, NEVER):
                found.setdefault(stance, []).append(part.tier(index))
        return found

    def _stance(self, reward: Reward, on: date) -> Stance:
        against: list[str] = []
        unknown = [*self._unplaced()]
        for rule in self.packs.rules:
            if rule.verified and (rule.effective_from is None or rule.effective_from <= on):
                holds, open_ = self._rule(rule, reward)
                place = self._in(rule.jurisdiction)
                against += [sql.all_of([place, holds])] if holds != NEVER else []
                unknown += [sql.all_of([place, open_])] if open_ != NEVER else []
        return Stance(sql.any_of(against), sql.any_of(unknown))

    def _rule(self, rule: JurisdictionRule, reward: Reward) -> Stance:
        match rule.predicate:
            case Predicate.NO_BONUS:
                return Stance("TRUE", NEVER)
            case Predicate.MAX_WAGER:
                return Stance("TRUE" if _over_wager(rule, reward) else NEVER, NEVER)
            case Predicate.MAX_VALUE:
                return self._value(rule, reward)
            case Predicate.MIN_AGE:
                return self._fact(Condition(AGE_PATH, Operator.GREATER_OR_EQUAL, rule.value))
            case Predicate.FIRST_TIME_ONLY:
                return self._fact(FIRST_GRANT)
            case Predicate.REVIEW:
                return Stance(NEVER, NEVER)
            case _:
                assert_never(rule.predicate)

    def _value(self, rule: JurisdictionRule, reward: Reward) -> Stance:
        if not isinstance(reward, Cash) or reward.amount_type != "cash" or not isinstance(rule.value, Money):
            return Stance(NEVER, NEVER)
        lane = self.sheet.schema.find(CURRENCY_PATH)
        if not isinstance(lane, Lane) or lane.type.kind is not Kind.TEXT:
            return Stance(NEVER, "TRUE")
        code = self.sheet.column(_code(lane.expression))
        known = self._in_reach(CURRENCY_PATH, f"coalesce(regexp_full_match({code}, '[A-Z]{{3}}'), FALSE)")
        same = f"{code} = {sql.text(rule.value.currency)}"
        over = sql.all_of([known, same]) if reward.amount > rule.value.amount else NEVER
        return Stance(over, f"(NOT {known})")

    def _fact(self, condition: Condition) -> Stance:
        """Return where a condition fails, and where nobody can say: a wrong type shows nothing either."""
        lane = self.sheet.schema.find(condition.path)
        if not isinstance(lane, Lane) or lane.type.kind not in {Kind.NUMBER, Kind.DOUBLE}:
            return Stance(NEVER, "TRUE")
        short, type_ = self.sheet.taken(condition.path, lane)
        there = [f"{short} IS NOT NULL"]
        if condition.on_missing == "unknown":
            there.append(atom(Condition(condition.path, Operator.GREATER_OR_EQUAL, 0), Lane(short, type_), self.at))
        known = self._in_reach(condition.path, sql.all_of(there))
        held = atom(condition, Lane(short, type_), self.at)
        return Stance(f"({known} AND NOT ({held}))", f"(NOT {known})")

    def _in_reach(self, path: str, there: str) -> str:
        """Return where a value is there, and could be read."""
        out = self.sheet.out(path)
        return there if out == NEVER else f"({there} AND NOT {out})"

    def _in(self, jurisdiction: str) -> str:
        place = self._place()
        if "-" in jurisdiction:
            return f"{place} = {sql.text(jurisdiction)}"
        return f"regexp_full_match({place}, {sql.text(f'{jurisdiction}(-[A-Z0-9]{{1,3}})?')})"

    def _unplaced(self) -> Iterator[str]:
        """Yield where nobody knows the place: nothing given counts where one is required, all else always."""
        if self.packs.required:
            yield f"({self._is_place()}) IS NOT TRUE"
        elif self.packs.rules and any([*self._said(path)] for path in PLACE_PATHS):
            yield f"({self._is_place()}) IS FALSE"

    def _is_place(self) -> str:
        countries = "|".join(sorted(COUNTRIES))
        return f"regexp_full_match({self._place()}, {sql.text(f'({countries})(-[A-Z0-9]{{1,3}})?')})"

    def _place(self) -> str:
        """Return the column of the place's code, from the first path that says something.

        It is NULL where nothing is given, and empty where what is said is no text or could not be read.
        """
        branches = [branch for path in PLACE_PATHS for branch in self._said(path)]
        return self.sheet.column(sql.first_of(branches, "NULL")) if branches else "CAST(NULL AS VARCHAR)"

    def _said(self, path: str) -> Iterator[tuple[str, str]]:
        out = self.sheet.out(path, alone=True)
        if out != NEVER:
            yield out, "''"
        lane = self.sheet.schema.find(path)
        if isinstance(lane, Lane):
            text = _code(lane.expression) if lane.type.kind is Kind.TEXT else "''"
            yield f"{lane.expression} IS NOT NULL", text


def _over_wager(rule: JurisdictionRule, reward: Reward) -> bool:
    if not isinstance(reward, Standard | Cash) or not isinstance(rule.value, int | Decimal):
        return False
    return reward.wager > rule.value


def _code(expression: str) -> str:
    """Return `strip().upper()` of a text in NFC; a place is ASCII, so other signs matter where they become it."""
    trimmed = f"trim(nfc_normalize({expression}), {sql.text(_SPACE)})"
    spelt = trimmed
    for sign, letters in _UPPER:
        spelt = f"replace({spelt}, {sql.text(sign)}, {sql.text(letters)})"
    return f"upper(CASE WHEN strlen({expression}) = length({expression}) THEN {trimmed} ELSE {spelt} END)"


def law_layers(law: Law, parts: Sequence[Part], granted: str, code: str) -> list[tuple[str, ...]]:
    """Return the layers that turn grants into vetoes and unknowns; none where the law has nothing to say."""
    columns: dict[str, str] = {}
    branches: list[tuple[str, str]] = []

    def named(written: str) -> str:
        return columns.setdefault(written, f"{granted}{len(columns)}")

    for part in parts:
        for (against, unknown), codes in law.stances(part).items():
            grants = f"{granted} IN ({', '.join(map(str, codes))})"
            if against != NEVER:
                branches.append((f"{grants} AND {named(against)}", str(part.against)))
            if unknown != NEVER:
                branches.append((f"{grants} AND {named(unknown)}", str(part.unknown)))
    if not branches:
        return [(f"{granted} AS {code}",)]
    first = tuple(f"({written}) IS TRUE AS {name}" for written, name in columns.items())
    return [first, (f"{sql.first_of(branches, granted)} AS {code}",)]
