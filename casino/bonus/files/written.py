"""The keys of a configuration file, and its conditions in both forms."""

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from casino.fields.catalogue import Catalogue
from casino.loaded import Loaded, Path
from casino.money import Money, NotMoney, is_currency
from casino.rules.condition import UNITS, Bucket, Condition, Expected, Measure, Relative, Since
from casino.rules.flaws import flaw
from casino.rules.operators import known_operator
from casino.rules.parse import parse_condition
from casino.rules.tokens import RuleSyntaxError
from casino.shape import Shape, named, shape, spelt
from casino.values import Value

_Text: TypeAlias = Annotated[str, Field(min_length=1)]


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 64


def _id(text: str) -> str:
    if _ID.fullmatch(text) is None:
        meant = "-".join(re.findall(r"[a-z0-9]+", text.casefold())) or "winter-reload"
        wanted = "an id is lower-case letters, digits and hyphens, as {meant}"
        raise PydanticCustomError("id", wanted, {"meant": meant[:_LONGEST_ID]})
    if len(text) > _LONGEST_ID:
        raise PydanticCustomError("id", "an id has at most {most} characters", {"most": _LONGEST_ID})
    return text


class ConfigurationShape(Shape):
    """One configuration, as written; conditions, tiers and moments are read on their own."""

    id: Annotated[str, AfterValidator(_id)]
    name: _Text
    brands: list[_Text] = Field(default_factory=list[_Text])
    priority: int
    status: Literal["draft", "published", "archived"] = "draft"
    segmentation: list[object] = Field(default_factory=list[object])
    qualification: list[object] = Field(default_factory=list[object])
    tiers: list[object] = Field(default_factory=list[object])
    comment: _Text | None = None
    on_unqualified: Literal["continue", "stop"] = "continue"
    effective_from: str | None = None
    effective_until: str | None = None
    time_zone: str | None = None
    day_begins: str | None = None
    limits: object = None


class TierShape(Shape):
    """One tier, as written."""

    name: _Text
    priority: int
    when: list[object] = Field(default_factory=list[object])
    reward: object


class ConditionShape(Shape):
    """One condition in the structured form."""

    field: str
    measure: Literal["days since", "hours since"] | None = None
    bucket: str | None = None
    operator: str
    value: object
    on_missing: Literal["fail", "pass"] = "fail"
    say: _Text | None = None
    hear: Literal["player", "staff"] = "staff"


def condition_at(loaded: Loaded, path: Path, catalogue: Catalogue) -> Condition:
    """Read the condition at a path, in the text form or the structured one; raises DocumentError."""
    written = loaded.at(path)
    if isinstance(written, dict):
        condition = _structured(loaded, path)
    elif isinstance(written, str):
        condition = _text(loaded, path, written)
    else:
        message = f"{spelt(path)} must be a condition, but is {named(written)}"
        raise loaded.error(path, message, "Write it as in: player.ngr > 0")
    found = catalogue.flaw(condition)
    if found is None:
        return condition
    if isinstance(written, str):
        raise loaded.error(path, found.message, found.mend, shift=written.index(condition.path))
    raise loaded.error((*path, "field"), found.message, found.mend)


def _text(loaded: Loaded, path: Path, written: str) -> Condition:
    try:
        return parse_condition(written)
    except RuleSyntaxError as error:
        raise loaded.error(path, error.message, error.mend, shift=error.offset) from error


def _structured(loaded: Loaded, path: Path) -> Condition:
    read = shape(ConditionShape, loaded, path)
    try:
        operator = known_operator(read.operator, 0)
    except RuleSyntaxError as error:
        raise loaded.error((*path, "operator"), error.message, error.mend) from error
    condition = Condition(
        read.field,
        operator,
        _expected(loaded, (*path, "value")),
        read.on_missing,
        read.hear,
        read.say,
        _measure(read, loaded, path),
    )
    found = flaw(condition)
    if found is not None:
        raise loaded.error(path, found.message, found.mend)
    _check_hearing(condition, loaded, path)
    return condition


_SINCE: Mapping[str, Measure] = MappingProxyType({"days since": Since("days"), "hours since": Since("hours")})


def _measure(read: ConditionShape, loaded: Loaded, path: Path) -> Measure | None:
    if read.measure is not None and read.bucket is not None:
        message = "one condition measures one thing, and here are two"
        raise loaded.error((*path, "bucket"), message, 'Take "measure" or "bucket" out.')
    if read.bucket is not None:
        return Bucket(read.bucket)
    return None if read.measure is None else _SINCE[read.measure]


_MONEY = frozenset({"amount", "currency"})


def _expected(loaded: Loaded, path: Path) -> Expected:
    value = loaded.at(path)
    if not isinstance(value, dict):
        return value
    if value.keys() & _MONEY:
        return _money(loaded, path, value)
    return _relative(loaded, path, value) if value.keys() & {"now", "today"} else value


def _money(loaded: Loaded, path: Path, value: dict[str, Value]) -> Money:
    amount, currency = value.get("amount"), value.get("currency")
    mend = "Write it as {amount: 500, currency: EUR}."
    if value.keys() != _MONEY or isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise loaded.error(path, "money is an amount and its currency, and nothing else", mend)
    if not isinstance(currency, str) or not is_currency(currency):
        raise loaded.error((*path, "currency"), "a currency has three capital letters", mend)
    try:
        return Money.of(amount, currency)
    except NotMoney as error:
        raise loaded.error((*path, "amount"), str(error), mend) from error


def _relative(loaded: Loaded, path: Path, value: dict[str, Value]) -> Relative:
    anchor = "now" if "now" in value else "today"
    shift = value[anchor]
    mend = "Write it as {now: {}}, {now: {hours: -12}} or {today: {days: -30}}."
    if len(value) > 1 or not isinstance(shift, dict) or len(shift) > 1:
        raise loaded.error(path, f'"{anchor}" takes one unit and nothing else', mend)
    if not shift:
        return Relative(anchor)
    for unit in UNITS:
        count = shift.get(unit)
        if isinstance(count, int) and not isinstance(count, bool):
            return Relative(anchor, count, unit) if count else Relative(anchor)
    raise loaded.error((*path, anchor), "the shift is a whole number of minutes, hours or days", mend)


def _check_hearing(condition: Condition, loaded: Loaded, path: Path) -> None:
    if condition.hear == "staff" and condition.say is None:
        return
    if condition.path.startswith("safety."):
        raise loaded.error(path, "a player never hears about a safety fact", 'Take "say" and "hear" out.')
    if condition.say is None:
        raise loaded.error(path, "the player may hear this reason, but there is no text for it", 'Add "say".')
    if condition.hear == "staff":
        raise loaded.error(path, 'there is a text for the player, but "hear" is staff', 'Add "hear: player".')
