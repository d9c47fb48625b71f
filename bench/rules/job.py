"""The common job of the rule benchmarks: configurations and players, drawn with a fixed seed.

Ten configurations have 80 conditions (2 segmentation, 3 qualification, 3 tiers each) on 16 dotted fields, with all
eleven operators; a player lacks about two in a hundred of the optional fields. Further configurations are drawn alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.reward import Boosted
from casino.rules.condition import Condition, Operator
from casino.values import Value

SEED = 20261122
COUNTRIES = ("MT", "GB", "DE", "FI", "SE", "CA", "NZ", "IE")
CATEGORIES = ("Regular", "Bronze", "Silver", "VIP")
LEVELS = ("bronze", "silver", "gold", "platinum")
TAGS = ("loyal", "whale", "vip", "new", "high-roller", "sleeper")
BADGES = ("verified", "depositor", "phone", "email")
RESTRICTIONS = ("abuser", "restricted", "banned", "chargeback")
REQUIRED = frozenset({"player.country", "player.status"})
CLEAR: Mapping[str, Value] = {
    "self_excluded": False,
    "cooling_off": False,
    "rg_closed": False,
    "blocked": False,
    "aml_hold": False,
    "strong_harm": False,
    "age_years": 34,
}


@dataclass(frozen=True, slots=True)
class Job:
    """What every engine decides on."""

    configurations: ConfigurationSet
    players: tuple[dict[str, Value], ...]


def job(*, configurations: int = 10, players: int = 1_000) -> Job:
    """Draw a job; the same numbers give the same job, and its first ten configurations are always the same."""
    drawing = Random(SEED)  # noqa: S311  # reproducible, and no secret
    drawn = tuple(_configuration(number, _drawing(number)) for number in range(configurations))
    return Job(ConfigurationSet(drawn), tuple(_player(drawing, number) for number in range(players)))


def _drawing(number: int) -> Random:
    return Random(f"{SEED}/{number}")  # noqa: S311  # reproducible, and no secret


def _configuration(number: int, drawing: Random) -> Configuration:
    conditions = _segment(drawing, number), _qualify(drawing, number), _tiers(drawing, number)
    return Configuration(
        id=f"c{number}",
        name=f"c{number}",
        brands=(),
        priority=1_000 - number,
        status=ConfigurationStatus.PUBLISHED,
        segmentation=conditions[0],
        qualification=conditions[1],
        tiers=tuple(
            Tier(
                name=f"t{place}",
                priority=3 - place,
                when=(condition,),
                reward=Boosted(template_name=f"T{number}-{place}", value_per_spin_description="1 EUR"),
            )
            for place, condition in enumerate(conditions[2])
        ),
        comment=None,
        on_unqualified="continue",
        effective_from=None,
        effective_until=None,
    )


def _segment(drawing: Random, number: int) -> tuple[Condition, ...]:
    some: list[Value] = [*drawing.sample(COUNTRIES, 7)]
    others = (
        Condition("player.category", Operator.NOT_EQUAL, drawing.choice(CATEGORIES[1:3])),
        Condition("player.vipLevel", Operator.IS_IN, [*drawing.sample(LEVELS, 3)]),
        Condition("player.currency", Operator.EQUAL, "EUR"),
        Condition("player.ngr", Operator.GREATER, drawing.randrange(-150, 50)),
    )
    return Condition("player.country", Operator.IS_IN, some), others[number % len(others)]


def _qualify(drawing: Random, number: int) -> tuple[Condition, ...]:
    restrictions: list[Value] = [*drawing.sample(RESTRICTIONS, 3)]
    badges: list[Value] = [*drawing.sample(BADGES, 2)]
    tags: list[Value] = [*drawing.sample(TAGS, 3)]
    pool = (
        Condition("player.totalDeposits", Operator.GREATER_OR_EQUAL, drawing.randrange(300, 700)),
        Condition("player.bonusRate", Operator.LESS_OR_EQUAL, Decimal(drawing.randrange(80, 160)) / 4),
        Condition("player.activeBonus", Operator.EQUAL, expected=False),
        Condition("tools.kyc.status", Operator.EQUAL, "approved"),
        Condition("player.badges", Operator.CONTAINS_ALL, badges),
        Condition("player.tags", Operator.CONTAINS_ANY, tags),
        Condition("player.depositCount", Operator.GREATER, drawing.randrange(5, 12)),
        Condition("player.account.ageDays", Operator.LESS, drawing.randrange(400, 700)),
    )
    never = Condition("player.restrictions", Operator.CONTAINS_NONE, restrictions)
    other = number + 1 + (3 * number + number // len(pool)) % (len(pool) - 1)  # never the same as the first
    return never, pool[number % len(pool)], pool[other % len(pool)]


def _tiers(drawing: Random, number: int) -> tuple[Condition, ...]:
    """Draw three tiers, the last of which every player reaches."""
    first = (
        Condition("player.category", Operator.EQUAL, "VIP"),
        Condition("player.tags", Operator.CONTAINS, "whale"),
    )
    second = Condition("player.lastDeposit", Operator.GREATER_OR_EQUAL, drawing.randrange(100, 600))
    return first[number % len(first)], second, Condition("player.status", Operator.NOT_EQUAL, "closed")


def _player(drawing: Random, number: int) -> dict[str, Value]:
    def some(values: tuple[str, ...], most: int) -> list[Value]:
        return [*drawing.sample(values, drawing.randrange(most + 1))]

    makes: Mapping[str, Callable[[], Value]] = {
        "country": lambda: drawing.choice(COUNTRIES),
        "status": lambda: drawing.choice(("active", "verified", "dormant")),
        "category": lambda: drawing.choice(CATEGORIES),
        "vipLevel": lambda: drawing.choice(LEVELS),
        "currency": lambda: drawing.choice(("EUR", "EUR", "SEK", "CAD")),
        "ngr": lambda: Decimal(drawing.randrange(-800, 2_000)) / 4,
        "totalDeposits": lambda: drawing.randrange(1_000),
        "lastDeposit": lambda: Decimal(drawing.randrange(3_000)) / 4,
        "depositCount": lambda: drawing.randrange(20),
        "bonusRate": lambda: Decimal(drawing.randrange(400)) / 4,
        "activeBonus": lambda: drawing.random() < 0.3,
        "tags": lambda: some(TAGS, 3),
        "badges": lambda: some(BADGES, 4),
        "restrictions": lambda: some(RESTRICTIONS, 1) if drawing.random() < 0.2 else [],
    }
    fields = {name: make() for name, make in makes.items() if f"player.{name}" in REQUIRED or drawing.random() >= 0.02}
    account: dict[str, Value] = {"ageDays": drawing.randrange(1_200)} if drawing.random() >= 0.02 else {}
    kyc: dict[str, Value] = {"status": drawing.choice(("approved", "pending"))} if drawing.random() >= 0.02 else {}
    return {
        "player": {"id": f"P{number}", **fields, "account": account},
        "tools": {"kyc": kyc},
        "safety": {**CLEAR},
    }
