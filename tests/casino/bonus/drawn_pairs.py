"""Random configurations and random players that often meet: the pairs on which two readers are compared.

Everything is drawn from small pools, so that values, types and paths collide: missing, null, wrong types, empty lists,
nulls inside lists, Unicode twins, dates, moments, money, measures, computed fields, limits, outages.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.limits import Limits, Period, PlayerLimit
from casino.bonus.reward import Boosted
from casino.facts import MISSING, UNAVAILABLE, Facts, Found, Look
from casino.money import Money
from casino.rules.condition import Bucket, Condition, Expected, Measure, Operator, Relative, Since
from casino.values import Value
from tests.casino.bonus import naive

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
SUM = "player.sum"
TEXTS = (
    "vip", "VIP", "é", "e\u0301", "\u212a", "K", "", "500", "true", "2026-11-21", "2026-11-22", "2026-02-30",
    "2026-11-22T03:30:00Z", "2026-11-21T03:30:00.5+00:00", "2026-11-22T04:30+01:00", "2026-11-22T24:00Z",
    "2026-11-22T03", "2026-11-22T03:30:60Z", "0001-01-01T00:00:00+00:01",
)  # fmt: skip
NUMBERS: tuple[int | Decimal, ...] = (
    -1, 0, 1, 2, 500, 10**40, Decimal("0.1"), Decimal("1.0"), Decimal("500.00"), Decimal("-0.0"), Decimal("1E+2"),
)  # fmt: skip
AMOUNTS: tuple[Value, ...] = (
    {"amount": 500, "currency": "EUR"}, {"amount": Decimal("499.99"), "currency": "EUR"},
    {"amount": 500, "currency": "SEK"}, {"amount": True, "currency": "EUR"}, {"amount": 1, "currency": "eur"},
    {"amount": 500, "currency": "EUR", "x": 1}, {"amount": 500},
)  # fmt: skip
TIMES = tuple(text for text in TEXTS if text[:3] in {"202", "000"} and text != "2026-11-22T03")
ORDERING = (Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL)
EQUALITY = (Operator.EQUAL, Operator.NOT_EQUAL)
HELD: tuple[Value, ...] = ("vip", "VIP", "é", "e\u0301", 0, 1, True, False, 500, Decimal("1.0"))
CONTAINING = (Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE)
KINDS = {
    "player.a": "text", "player.b": "number", "player.c": "list", "player.deep.d": "time", "player.deep.e": "money",
    "tools.t.f": "number", "player.sum": "number", "player.a.x": "text",
}  # fmt: skip
PATHS = tuple(KINDS)
ZONES = ("UTC", "Europe/Malta", "America/New_York")
COUNTERS: tuple[Value, ...] = (
    0, 0, 0, 0, 1, 2, Decimal("0.0"), -1, None, "1", {"amount": 1, "currency": "EUR"}, {"amount": 1, "currency": "SEK"},
    {"amount": -1, "currency": "EUR"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sum:
    """A computed field: the sum of two; worked out twice, for the engine and for the naive interpreter."""

    inputs: tuple[str, str] = ("player.b", "tools.t.f")

    @property
    def text(self) -> str:
        return " + ".join(self.inputs)

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(self.inputs)

    def value(self, facts: Facts) -> Look:
        first, second = (facts.look(path) for path in self.inputs)
        if first is UNAVAILABLE or second is UNAVAILABLE:
            return UNAVAILABLE
        if first is MISSING or second is MISSING:
            return MISSING
        return Found(_sum(first.value, second.value))

    def naive(self, first: naive.Found, second: naive.Found) -> naive.Found:
        states = {first[0], second[0]}
        for state in ("unavailable", "missing"):
            if state in states:
                return state, None
        return "value", _sum(first[1], second[1])


def _sum(first: Value, second: Value) -> Value:
    both = naive.kind(first) == naive.kind(second) == "number"
    return first + second if both and isinstance(first, int) and isinstance(second, int) else None


def draw_set(random: Random, most: int = 4) -> ConfigurationSet:
    return ConfigurationSet(tuple(_configuration(random, number) for number in range(random.randrange(most + 1))))


def _configuration(random: Random, number: int) -> Configuration:
    conditions = [_section(random, 2), _section(random, 2), *(_section(random, 2) for _ in range(random.randrange(4)))]
    name = f"c{number}"
    return Configuration(
        id=name,
        name=name,
        brands=(),
        priority=-number,
        status=ConfigurationStatus.PUBLISHED,
        segmentation=conditions[0],
        qualification=conditions[1],
        tiers=tuple(
            Tier(
                name=f"t{place}",
                priority=-place,
                when=when,
                reward=Boosted(template_name=f"T{number}{place}", value_per_spin_description="1 EUR"),
            )
            for place, when in enumerate(conditions[2:])
        ),
        comment=None,
        on_unqualified="stop" if random.random() < 0.3 else "continue",
        effective_from=None,
        effective_until=None,
        limits=_limits(random) if random.random() < 0.3 else Limits(),
        time_zone=random.choice(ZONES),
        day_begins=random.choice((time(0), time(6), time(23, 30))),
        computed={SUM: Sum()} if random.random() < 0.7 else {},
    )


def _limits(random: Random) -> Limits:
    return Limits(
        per_player=(PlayerLimit(random.choice((1, 2)), Period.WEEK),),
        campaign_budget=Money(random.choice((0, 500)), "EUR") if random.random() < 0.3 else None,
        cool_off=timedelta(hours=1) if random.random() < 0.3 else None,
        one_live_bonus=random.random() < 0.3,
    )


def _section(random: Random, most: int) -> tuple[Condition, ...]:
    return tuple(_condition(random) for _ in range(random.randrange(most + 1)))


def _condition(random: Random) -> Condition:
    """Draw a condition; most fit what the field mostly holds, so that they pass and fail, and not only mismatch."""
    path = random.choice(PATHS)
    kind = KINDS[path] if random.random() < 0.75 else random.choice(("text", "number", "list", "time", "money", "any"))
    missing = random.choice(("fail", "fail", "pass"))
    measure: Measure | None = None
    operator, expected = _compared(random, kind)
    if kind in {"text", "time"} and random.random() < 0.2:
        operator = random.choice((*ORDERING, *EQUALITY))
        measure, expected = _measured(random, kind)
    return Condition(path, operator, expected, missing, measure=measure)


def _compared(random: Random, kind: str) -> tuple[Operator, Expected]:
    match kind:
        case "text" | "number":
            pool = TEXTS[:9] if kind == "text" else NUMBERS
            if random.random() < 0.3:
                return Operator.IS_IN, [*random.sample(pool, random.randrange(1, 4))]
            return random.choice(EQUALITY if kind == "text" else (*ORDERING, *EQUALITY)), random.choice(pool)
        case "list":
            return _contained(random)
        case "time":
            days = Relative("today", random.choice((-1, 0, 1)))
            times = (days, Relative("now", random.choice((-24, 0, 1)), "hours"), Relative("now"), *TIMES)
            expected = random.choice(times)
            return random.choice(ORDERING if isinstance(expected, str) else (*ORDERING, *EQUALITY)), expected
        case "money":
            amounts = (Money(50_000, "EUR"), Money(1, "EUR"), Money(50_000, "SEK"))
            return random.choice((*ORDERING, *EQUALITY)), random.choice(amounts)
        case _:
            operator = random.choice((Operator.IS_IN, *EQUALITY))
            mixed: list[Value] = [_scalar(random) for _ in range(random.randrange(1, 4))]
            return operator, mixed if operator is Operator.IS_IN else _scalar(random)


def _contained(random: Random) -> tuple[Operator, Expected]:
    operator = random.choice(CONTAINING)
    if operator is Operator.CONTAINS:
        return operator, random.choice(HELD)
    drawn = random.random()
    if drawn < 0.4:
        few = random.sample(TEXTS[:4], 2)  # long, and yet a player may hold all of it
        return operator, [random.choice(few) for _ in range(12)]
    return operator, [random.choice(HELD) for _ in range(12 if drawn < 0.45 else random.randrange(1, 4))]


def _measured(random: Random, kind: str) -> tuple[Measure, Expected]:
    if kind == "text":
        return Bucket(random.choice(("autumn", "é"))), random.choice((0, 2_000, 5_000, 9_999))
    return Since(random.choice(("hours", "days"))), random.choice((-1, 0, 1, 24, Decimal("0.5")))


def _scalar(random: Random) -> Value:
    drawn = random.random()
    if drawn < 0.5:
        return random.choice(TEXTS[:9])
    return random.choice(NUMBERS) if drawn < 0.8 else random.random() < 0.5


def _value(random: Random, kind: str) -> Value:
    drawn = random.random()
    if drawn < 0.05:
        return None
    if drawn > 0.8:
        kind = random.choice(("text", "number", "list", "time", "money", "other"))
    pools: dict[str, tuple[Value, ...]] = {
        "text": TEXTS,
        "number": NUMBERS,
        "time": TIMES,
        "money": AMOUNTS,
        "other": (True, False, {"x": 1}, {"x": "vip"}, {}, [[]]),
    }
    if kind in pools:
        return random.choice(pools[kind])
    return [random.choice((None, *HELD)) for _ in range(random.randrange(7))]


def draw_player(random: Random) -> dict[str, Value]:
    """Draw the facts of one player, as a document; one in ten has an outage, one in twenty is not clear."""
    found = {key: _value(random, KINDS[f"player.{key}"]) for key in "abc" if random.random() < 0.9}
    deep: Value = {key: _value(random, KINDS[f"player.deep.{key}"]) for key in "de" if random.random() < 0.9}
    if random.random() < 0.1:
        deep = random.choice((None, "text", 5, ["d"], {}))
    tool: Value = {"f": _value(random, "number")} if random.random() < 0.9 else random.choice((None, {}))
    counters: dict[str, Value] = {
        f"c{number}": {
            key: random.choice(COUNTERS)
            for key in ("grants_week", "grants_in_cool_off", "spent")
            if random.random() < 0.9
        }
        for number in range(4)
    }
    document: dict[str, Value] = {
        "player": {**found, "deep": deep} if random.random() < 0.97 else random.choice((None, [], "x")),
        "tools": {"t": tool},
        "counters": {**counters, "live_bonuses": random.choice(COUNTERS)},
        "safety": {**dict.fromkeys(naive.CLEAR, False), "age_years": 34},
    }
    if random.random() < 0.05:
        document["safety"] = {
            **dict.fromkeys(naive.CLEAR, random.choice((False, None, True))),
            "age_years": random.choice((34, 17, "34", None, True, Decimal("18.5"))),
        }
    if random.random() < 0.1:
        wanted = (
            "player",
            "player.a",
            "player.deep",
            "tools.t",
            "tools.t.f",
            "counters.c1",
            "safety.blocked",
            "other.x",
        )
        document["unavailable"] = [*random.sample(wanted, random.randrange(1, 3))]
    return document
