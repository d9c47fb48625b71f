"""The meaning of a set of configurations, written down as plainly as can be, and slowly: what the engine is held to.

It shares the types with the product and none of its code. Every condition is one of: pass, fail, missing, null,
mismatch, unavailable. A decision is the set of all ends that are possible for somebody who does not know what the
unavailable fields hold.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from casino.bonus.configuration import Configuration
from casino.money import Money
from casino.rules.condition import Bucket, Condition, Relative, Since
from casino.values import Value

Player: TypeAlias = Mapping[str, Value]
Choice: TypeAlias = tuple[str, str | None, str | None]  # status, and of a grant the configuration and the tier
Found: TypeAlias = tuple[str, Value]  # "value", "missing" or "unavailable"
CLEAR = ("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Plain(Protocol):
    """A computed field that can be worked out here too."""

    def naive(self, first: Found, second: Found) -> Found:
        """Work it out from its two inputs."""
        ...

    @property
    def inputs(self) -> tuple[str, str]:
        """The paths of the two."""
        ...


def naive(
    configurations: tuple[Configuration, ...], player: Player, unavailable: tuple[str, ...], *, now: datetime
) -> Choice:
    """Decide. All configurations count for the brand and are in force."""
    for name in CLEAR:
        found, value = look(player, unavailable, f"safety.{name}")
        if found != "value" or value is not False:
            return "vetoed", None, None
    found, age = look(player, unavailable, "safety.age_years")
    if found != "value" or kind(age) != "number" or isinstance(age, str | list | dict | None) or age < 18:
        return "vetoed", None, None
    ends = [*possible_ends(configurations, player, unavailable, now)]
    if all(end is None for end in ends):
        return "not_qualified", None, None
    if len(ends) > 1 or ends[0] is None:
        return "unknown", None, None
    return "qualified", *ends[0]


def possible_ends(  # noqa: C901  # the whole order of a decision, on one page
    configurations: tuple[Configuration, ...], player: Player, unavailable: tuple[str, ...], now: datetime
) -> Iterator[tuple[str, str] | None]:
    """Yield every end that what is not known leaves possible; None is an end that grants nothing."""
    for one in configurations:

        def holds(conditions: tuple[Condition, ...], one: Configuration = one) -> str:
            return section([condition_verdict(each, one, player, unavailable, now) for each in conditions])

        segment = holds(one.segmentation)
        if segment == "no":
            continue
        qualified = section([holds(one.qualification), holds(one.limits.conditions(one.id))])
        sure = False
        if qualified != "no":
            for tier in one.tiers:
                verdict = holds(tier.when)
                if verdict != "no":
                    yield one.id, tier.name
                if verdict == "yes":
                    sure = True
                    break
            if not sure:
                yield None
        if qualified != "yes" and one.on_unqualified == "stop":
            yield None
        if segment == "yes" and (qualified == "yes" or one.on_unqualified == "stop"):
            return
    yield None


def section(verdicts: list[str]) -> str:
    if "no" in verdicts:
        return "no"
    return "unknown" if "unknown" in verdicts else "yes"


def condition_verdict(
    condition: Condition, one: Configuration, player: Player, unavailable: tuple[str, ...], now: datetime
) -> str:
    computed = one.computed.get(condition.path)
    if computed is None:
        found, value = look(player, unavailable, condition.path)
    else:
        plain: Plain = computed  # pyright: ignore[reportAssignmentType]  # the tests compute with these only
        first, second = (look(player, unavailable, path) for path in plain.inputs)
        found, value = plain.naive(first, second)
    if found == "unavailable":
        return "unknown"
    if condition.on_missing == "unknown" and not counts(found, value, condition.expected):
        return "unknown"
    if found == "missing":
        return {"pass": "yes", "fail": "no"}[condition.on_missing]
    return "yes" if value is not None and passes(condition, value, one, now) else "no"


def counts(found: str, value: Value, limit: object) -> bool:
    """Tell whether a counter counts from 0 in the unit of its limit."""
    place = scale(value) if found == "value" else None
    unit = f"money in {limit.currency}" if isinstance(limit, Money) else "number"
    return place is not None and place[0] == unit and place[1] >= 0


def look(player: Player, unavailable: tuple[str, ...], path: str) -> Found:
    for place in range(path.count(".") + 1):
        if ".".join(path.split(".")[: place + 1]) in unavailable:
            return "unavailable", None
    here: Value = {**player}
    for step in path.split("."):
        if here is None:
            return "value", None
        if not isinstance(here, dict) or step not in here:
            return "missing", None
        here = here[step]
    return "value", here


def passes(condition: Condition, value: Value, one: Configuration, now: datetime) -> bool:
    """Tell whether a value that is there, and not null, passes."""
    if isinstance(condition.measure, Bucket):
        if type(value) is not str:
            return False
        value = int(md5(f"{condition.measure.salt}:{value}".encode()).hexdigest()[:8], 16) % 10_000  # noqa: S324  # no secret
    if isinstance(condition.measure, Since):
        value = since(condition.measure.unit, value, one, now)
        if value is None:
            return False
    operator, expected = condition.operator.value, condition.expected
    if operator in {">", ">=", "<", "<="} or isinstance(expected, Money | Relative):
        return ordered(operator, scale(value), wanted_scale(expected, one, now))
    if operator in {"==", "!="}:
        same = kind(value) == kind(expected) and kind(value) in {"text", "number", "boolean"}
        return same and (value == expected) == (operator == "==")
    if operator == "is_in":
        assert isinstance(expected, list)
        alike = [item for item in expected if kind(item) == kind(value)]
        return any(item == value for item in alike)
    return contains(operator, value, expected if isinstance(expected, list) else [expected])


def contains(operator: str, held: Value, wanted: list[Value]) -> bool:
    if type(held) is not list:
        return False
    kinds = {kind(item) for item in held if item is not None}
    if kinds and not kinds & {kind(item) for item in wanted}:
        return False
    there = [any(kind(item) == kind(other) and item == other for other in held) for item in wanted]
    if operator == "contains all of":
        return all(there)
    return not any(there) if operator == "does not contain any of" else any(there)


def kind(value: object) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "boolean"
    names: dict[type, str] = {int: "number", Decimal: "number", str: "text", list: "list", dict: "mapping"}
    return names[type(value)]


def ordered(operator: str, left: tuple[str, int | Decimal] | None, right: tuple[str, int | Decimal] | None) -> bool:
    if left is None or right is None or left[0] != right[0]:
        return False
    below, same = left[1] < right[1], left[1] == right[1]
    return {
        ">": not below and not same,
        ">=": not below,
        "<": below,
        "<=": below or same,
        "==": same,
        "!=": not same,
    }.get(operator, False)


def scale(value: Value) -> tuple[str, int | Decimal] | None:
    if type(value) is int or type(value) is Decimal:
        return "number", value
    if type(value) is dict and set(value) == {"amount", "currency"}:
        amount, currency = value["amount"], value["currency"]
        code = type(currency) is str and len(currency) == 3 and all("A" <= sign <= "Z" for sign in currency)
        if code and (type(amount) is int or type(amount) is Decimal):
            return f"money in {currency}", amount
    if type(value) is not str:
        return None
    day, moment = day_of(value), moment_of(value)
    if day is not None:
        return "day", day.toordinal()
    return None if moment is None else ("moment", moment)


def wanted_scale(expected: object, one: Configuration, now: datetime) -> tuple[str, int | Decimal] | None:
    if isinstance(expected, Money):
        return f"money in {expected.currency}", expected.amount
    if isinstance(expected, Relative):
        if expected.anchor == "today":
            return "day", casino_today(one, now).toordinal() + expected.shift
        seconds = {"minutes": 60, "hours": 3600, "days": 86400}[expected.unit] * expected.shift
        return "moment", microseconds(now) + seconds * 1_000_000
    return scale(expected)  # pyright: ignore[reportArgumentType]  # a plain value is left


def since(unit: str, value: Value, one: Configuration, now: datetime) -> int | None:
    if type(value) is not str:
        return None
    day, moment = day_of(value), moment_of(value)
    if moment is not None:
        return (microseconds(now) - moment) // ({"hours": 3600, "days": 86400}[unit] * 1_000_000)
    return None if day is None or unit == "hours" else casino_today(one, now).toordinal() - day.toordinal()


def casino_today(one: Configuration, now: datetime) -> date:
    clock = now.astimezone(ZoneInfo(one.time_zone)).replace(tzinfo=None)
    return (clock - timedelta(minutes=one.day_begins.hour * 60 + one.day_begins.minute)).date()


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def digits(text: str, count: int) -> int | None:
    return int(text) if len(text) == count and all("0" <= sign <= "9" for sign in text) else None


def day_of(text: str) -> date | None:
    year, month, day = digits(text[:4], 4), digits(text[5:7], 2), digits(text[8:], 2)
    if year is None or month is None or day is None or text[4] + text[7] != "--":
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moment_of(text: str) -> int | None:
    """Read YYYY-MM-DDTHH:MM[:SS[.ffffff]] with Z or an offset; microseconds since 1970."""
    day = day_of(text[:10])
    offset = 0 if text.endswith("Z") else offset_of(text[-6:])
    clock = text[11:-1] if text.endswith("Z") else text[11:-6]
    if day is None or offset is None or text[10:11] != "T" or clock[2:3] != ":" or clock[5:6] not in {"", ":"}:
        return None
    hour, minute = digits(clock[:2], 2), digits(clock[3:5], 2)
    second, fraction = digits(clock[6:8], 2) if clock[5:] else 0, clock[8:]
    parts = fraction[1:]
    if fraction and (fraction[0] != "." or not 1 <= len(parts) <= 6 or digits(parts, len(parts)) is None):
        return None
    if hour is None or minute is None or second is None or hour > 23 or minute > 59 or second > 59:
        return None
    at = (day.toordinal() * 86_400 + hour * 3600 + minute * 60 + second - offset * 60) * 1_000_000
    at += int(parts.ljust(6, "0")) if parts else 0
    first, last = 86_400 * 1_000_000, (date.max.toordinal() + 1) * 86_400 * 1_000_000
    return at - EPOCH.toordinal() * 86_400 * 1_000_000 if first <= at < last else None


def offset_of(text: str) -> int | None:
    hours, minutes = digits(text[1:3], 2), digits(text[4:], 2)
    if hours is None or minutes is None or text[0] not in "+-" or text[3] != ":" or hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if text[0] == "-" else 1)
