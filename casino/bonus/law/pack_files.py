"""Jurisdiction packs as files: one YAML file for each place, every rule with its source and its date.

jurisdiction: GB
name: Great Britain
rules:
  - id: GB-1
    predicate: max_wager
    value: 10
    effective_from: 2026-01-19
    verified: true
    source: UKGC LCCP, SR Code 5.1.1
    text: Wagering on bonus funds is at most 10 times.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import Field

from casino.bonus.law.jurisdictions import JurisdictionRule, Packs, Predicate
from casino.bonus.law.places import is_place
from casino.loaded import Loaded, Path
from casino.money import Money, NotMoney
from casino.nearest import did_you_mean
from casino.rules.condition import iso_date
from casino.shape import Shape, named, shape

_Text: TypeAlias = Annotated[str, Field(min_length=1)]


class _PackShape(Shape):
    jurisdiction: str
    name: _Text
    rules: list[object] = Field(min_length=1)


class _RuleShape(Shape):
    id: _Text
    predicate: str
    value: object = None
    effective_from: str | None = None  # none: since before anybody here can remember, or not known
    source: _Text
    verified: bool
    text: _Text


def load_packs(documents: Iterable[Loaded]) -> Packs:
    """Read pack files; an id that is used twice is refused. Raises DocumentError."""
    rules: dict[str, tuple[JurisdictionRule, Loaded]] = {}
    for loaded in documents:
        read = shape(_PackShape, loaded)
        if not is_place(read.jurisdiction):
            mend = "Write its ISO 3166 code, as GB or CA-ON."
            raise loaded.error(("jurisdiction",), f'"{read.jurisdiction}" is no country or part of one', mend)
        for index in range(len(read.rules)):
            rule = _rule(loaded, ("rules", index), read.jurisdiction)
            if rule.id in rules:
                message = f'the id "{rule.id}" is used in {rules[rule.id][1].name} too'
                raise loaded.error(("rules", index, "id"), message, "Give each rule an id of its own.")
            rules[rule.id] = (rule, loaded)
    return Packs(tuple(rule for rule, _ in rules.values()))


def _rule(loaded: Loaded, path: Path, jurisdiction: str) -> JurisdictionRule:
    read = shape(_RuleShape, loaded, path)
    known = [predicate.value for predicate in Predicate]
    if read.predicate not in known:
        message = f'"{read.predicate}" is nothing that a rule can demand'
        raise loaded.error((*path, "predicate"), message, did_you_mean(read.predicate, known))
    predicate = Predicate(read.predicate)
    return JurisdictionRule(
        id=read.id,
        jurisdiction=jurisdiction,
        predicate=predicate,
        value=_value(loaded, path, predicate),
        effective_from=None if read.effective_from is None else _day(loaded, path, read.effective_from),
        source=read.source,
        verified=read.verified,
        text=read.text,
    )


def _day(loaded: Loaded, path: Path, written: str) -> date:
    day = iso_date(written)
    if day is None:
        raise loaded.error((*path, "effective_from"), f'"{written}" is not a date', "Write it as 2026-01-19.")
    return day


def _value(loaded: Loaded, path: Path, predicate: Predicate) -> int | Decimal | Money | None:
    rule = loaded.at(path)
    value = rule.get("value") if isinstance(rule, dict) else None
    match predicate, value:
        case ((Predicate.NO_BONUS | Predicate.FIRST_TIME_ONLY | Predicate.REVIEW), None):
            return None
        case ((Predicate.MAX_WAGER | Predicate.MIN_AGE), (int() | Decimal())) if (
            not isinstance(value, bool) and value >= 0
        ):
            return value
        case Predicate.MAX_VALUE, str():
            return _money(loaded, path, value)
        case _:
            message = f'"{predicate}" {"needs a value" if value is None else f"does not take {named(value)}"}'
            raise loaded.error((*path, "value"), message, f"It takes {_TAKES[predicate]}.")


_TAKES: Mapping[Predicate, str] = MappingProxyType(
    {
        Predicate.NO_BONUS: "no value",
        Predicate.MAX_WAGER: "a number of times, as 10",
        Predicate.MAX_VALUE: "an amount and its currency, as 1000 DKK",
        Predicate.MIN_AGE: "a number of years, as 24",
        Predicate.FIRST_TIME_ONLY: "no value",
        Predicate.REVIEW: "no value",
    }
)


def _money(loaded: Loaded, path: Path, written: str) -> Money:
    amount, _, currency = written.partition(" ")
    try:
        return Money.parse(amount, currency)
    except NotMoney as error:
        mend = "Write an amount and its currency, as 1000 DKK."
        raise loaded.error((*path, "value"), str(error), mend) from error
