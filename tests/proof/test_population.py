"""The SQL of a population run against the engine: the same decision for every row, for random rules and random tables.

About 2,000 rows and 40 configurations here; `make proof` (CROUPIER_PROOF=full) puts 200 configurations to 100,000 rows.
"""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from types import MappingProxyType

import duckdb

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.decide import decide
from casino.bonus.law.jurisdictions import NO_PACKS, JurisdictionRule, Packs, Predicate
from casino.bonus.limits import Limits, Period, PlayerLimit
from casino.bonus.reward import Boosted, Cash, Reward, Standard
from casino.facts import SAFETY_FLAGS, Facts
from casino.fields.expression import Expression
from casino.fields.field_type import FieldType
from casino.fields.tree import Arithmetic, Fixed, Read
from casino.money import Money
from casino.population import sql
from casino.population.computed import questions
from casino.population.counting import Counting
from casino.population.plan import plan
from casino.population.rows import row_document
from casino.population.sheet import Sheet
from casino.rules.condition import ORDERING, TAKES_LIST, Bucket, Condition, Expected, Operator, Relative, Since
from casino.rules.flaws import flaw
from casino.values import Value
from tools.adapters.duckdb_population import Players
from tools.adapters.duckdb_tables import schema_of

FULL = os.environ.get("CROUPIER_PROOF") == "full"
ROWS, SETS, IN_A_SET = (100_000, 25, 8) if FULL else (200, 6, 4)
NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
TWINS = ("é", "e\u0301", "K", "\u212a", "Käse", "Ka\u0308se")
DATES = ("2026-11-21", "2026-11-22", "2026-02-30", "0000-01-01", "2026-1-1", "2024-02-29", "9999-12-31")
MOMENTS = (
    "2026-11-22T03:30:00Z", "2026-11-22T04:30+01:00", "2026-11-21T03:30:00.000001Z", "2026-11-22T24:00:00Z",
    "2026-11-22T03:60:00Z", "0001-01-01T00:00:00+00:01", "2026-11-20T03:29:59.5-23:59", "2026-11-22 03:30:00Z",
    "2026-11-22T03:30:00", "9999-12-31T23:59:59-00:01", "2026-11-22T03:30:00+24:00",
)  # fmt: skip
WORDS = ("VIP", "vip", "500", "true", "", "it's", 'a"b', "tab\there", "gold", *TWINS, *DATES, *MOMENTS)
DOUBLES = (0.1, 0.2, 0.30000000000000004, 0.3, -0.0, 0.0, 500.0, 499.99999999999994, 1e22, 5e-7, -12.5, 1 / 3)
WHOLE = (-1, 0, 1, 2, 500, 127, -128)
NUMBERS: tuple[int | Decimal, ...] = (
    0, 1, 2, 500, -128, 128, 10**22, -(10**40), Decimal("0.1"), Decimal("0.30000000000000004"), Decimal("0.3"),
    Decimal("0.300000000000000041"), Decimal("499.99999999999994"), Decimal("12.50"), Decimal("12.505"),
    Decimal("1E+60"), Decimal("0.3333333333333333"), Decimal("-0.0"), Decimal("5E-7"), Decimal("127.5"),
)  # fmt: skip
COLUMNS = {
    "player.id": "VARCHAR", "player.jurisdiction": "VARCHAR", "player.country": "VARCHAR", "player.currency": "VARCHAR",
    "counters.lifetime_grants": "INTEGER", "player.double": "DOUBLE", "player.whole": "BIGINT",
    "player.tiny": "TINYINT",
    "player.byte": "UTINYINT", "player.huge": "HUGEINT", "player.decimal": "DECIMAL(10,2)", "player.yes": "BOOLEAN",
    "player.text": "VARCHAR", "player.kind": "ENUM('VIP', 'vip', 'gold')", "player.day": "DATE",
    "player.moment": "TIMESTAMPTZ", "player.tags": "VARCHAR[]", "player.numbers": "BIGINT[]",
    "player.doubles": "DOUBLE[]", "player.flags": "BOOLEAN[]", "player.days": "DATE[]",
    "player.balance": "STRUCT(amount DECIMAL(12,2), currency VARCHAR)",
    "player.worth": "STRUCT(amount DOUBLE, currency VARCHAR)", "player.clock": "TIME", "player.naive": "TIMESTAMP",
    "tools": "STRUCT(kyc STRUCT(status VARCHAR, level INTEGER))",
    "counters.c0.grants_week": "INTEGER", "counters.live_bonuses": "INTEGER",
    "counters.c0.spent": "STRUCT(amount DECIMAL(12,2), currency VARCHAR)",
    **{f"safety.{flag}": "BOOLEAN" for flag in SAFETY_FLAGS}, "safety.age_years": "INTEGER", "unavailable": "VARCHAR[]",
}  # fmt: skip
PATHS = (
    *(path for path in COLUMNS if path.startswith("player.")), "player.balance.amount", "player.balance.currency",
    "tools.kyc.status", "tools.kyc.level", "tools.kyc.nothing", "player.nothing", "player.computed", "tools.kyc",
)  # fmt: skip
PLACES = (
    "GB",
    " gb\u00a0",
    "DK",
    "d\u212a",
    "SE",
    "SE-1",
    "GB-XXXX",
    "\ufb01",
    "FI",
    "FI-A",
    "CA",
    "CA-ON",
    "XX",
    "",
    None,
)
CURRENCIES = ("DKK", "EUR", "SEK", "dkk", " eur\u00a0", "d\u212ak", "\ufb06K", "", "EURO", None)
SPENT = (
    {"amount": "12.50", "currency": "EUR"},
    {"amount": "0.00", "currency": "EUR"},
    {"amount": "1", "currency": "SEK"},
)
PACKS = Packs(
    tuple(
        JurisdictionRule(
            id=f"r{number}", jurisdiction=place, predicate=predicate, value=value, effective_from=begins, source="",
            verified=number != 9, text="",
        )
        for number, (place, predicate, value, begins) in enumerate((
            ("GB", Predicate.MAX_WAGER, 10, date(2026, 11, 22)), ("FI", Predicate.MAX_VALUE, Money(100, "EUR"), None),
            ("DK", Predicate.MAX_VALUE, Money(10_000, "DKK"), None),
            ("SE", Predicate.FIRST_TIME_ONLY, None, None), ("FI", Predicate.MIN_AGE, 20, None),
            ("CA", Predicate.REVIEW, None, None), ("CA-ON", Predicate.NO_BONUS, None, None),
            ("GB", Predicate.NO_BONUS, None, date(2027, 1, 1)), ("DK", Predicate.MAX_VALUE, Money(90_000, "EUR"), None),
            ("SE", Predicate.NO_BONUS, None, None),
        ))
    )
)  # fmt: skip
COMPUTED = Expression(
    text="player.double + player.whole * 2",
    type=FieldType.NUMBER,
    tree=Arithmetic("+", Read("player.double"), Arithmetic("*", Read("player.whole"), Fixed(2))),
    paths=frozenset({"player.double", "player.whole"}),
    reads=frozenset({"player.double", "player.whole"}),
    cost=5,
)


def _cell(random: Random, type_: str) -> object:
    if random.random() < 0.06:
        return None
    if type_.endswith("[]"):
        return [_cell(random, type_[:-2]) for _ in range(random.randint(0, 3))]
    pools: dict[str, Sequence[object]] = {
        "DOUBLE": DOUBLES, "VARCHAR": WORDS, "BOOLEAN": (True, False), "DATE": (DATES[0], DATES[1], "2024-02-29"),
        "TIMESTAMPTZ": (MOMENTS[0], MOMENTS[2], "2026-10-01T00:00:00Z"), "TIME": ("03:00:00",), "UTINYINT": (0, 1, 255),
        "TIMESTAMP": ("2026-11-22 03:30:00",), "DECIMAL(10,2)": (Decimal("12.50"), Decimal("0.30"), Decimal(500)),
        "HUGEINT": (0, 10**22, -(10**37)), "TINYINT": (-128, 0, 1, 127), "INTEGER": (0, 1, 2),
    }  # fmt: skip
    if type_ == COLUMNS["tools"]:
        return {"kyc": None if random.random() < 0.1 else {"status": random.choice(WORDS[:9]), "level": 1}}
    if type_.startswith("STRUCT"):
        amount = random.choice((Decimal("12.50"), Decimal(500), Decimal("0.30"), None))
        exact = amount if amount is None or "DECIMAL" in type_ else float(amount)
        return {"amount": exact, "currency": random.choice(("EUR", "SEK", "\u212aRW", None))}
    if type_.startswith("ENUM"):
        return random.choice(("VIP", "vip", "gold"))
    return random.choice(pools.get(type_, WHOLE))


def _row(random: Random) -> list[object]:
    row = {name: _cell(random, type_) for name, type_ in COLUMNS.items()}
    for flag in SAFETY_FLAGS:
        row[f"safety.{flag}"] = random.choices((False, True, None), (96, 2, 2))[0]
    row["safety.age_years"] = random.choices((34, 18, 17, None), (90, 5, 3, 2))[0]
    row["player.jurisdiction"] = random.choice(PLACES) if random.random() < 0.3 else None
    row["player.country"], row["player.currency"] = random.choice(PLACES), random.choice(CURRENCIES)
    row["counters.lifetime_grants"] = random.choice((0, 0, 1, -1, None))
    for counter in ("counters.c0.grants_week", "counters.live_bonuses"):
        row[counter] = random.choice((0, 0, 0, 1, 2, -1, None))
    row["counters.c0.spent"] = random.choice((*SPENT, *SPENT, None, {"amount": "-0.01", "currency": "EUR"}))
    out = random.choice(
        (
            *PATHS,
            "player",
            *("player.jurisdiction", "player.country", "player.currency") * 2,
            "counters.lifetime_grants",
            "tools",
            "tools.ky",
            "safety.blocked",
            "counters",
            "player.comp",
        )
    )
    row["unavailable"] = random.choices(([], None, [out], [out, "tools.kyc", None]), (60, 5, 25, 10))[0]
    return [str(cell) if isinstance(cell, Decimal) else cell for cell in row.values()]


def _players(random: Random, rows: int) -> Players:
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        f"CREATE TABLE players ({', '.join(f'{sql.name(one)} {type_}' for one, type_ in COLUMNS.items())})"
    )
    made = [_row(random) for _ in range(rows)]
    numbered = enumerate(COLUMNS.values(), start=1)
    columns = ", ".join(f"unnest(CAST(${number} AS {type_}[]))" for number, type_ in numbered)
    for begin in range(0, rows, 5_000):
        batch = made[begin : begin + 5_000]
        connection.execute(
            f"INSERT INTO players SELECT {columns}", [list(column) for column in zip(*batch, strict=True)]
        )
    schema, source = schema_of(connection, "players")
    return Players(connection, source, schema)


def _scalar(random: Random) -> Value:
    return random.choice((random.choice(WORDS), random.choice(NUMBERS), random.choice((True, False))))


def _expected(random: Random, operator: Operator) -> Expected:
    if operator in TAKES_LIST:
        pool = random.choice((WORDS, NUMBERS, (True, False), (*WORDS, *NUMBERS, True)))
        return [random.choice(pool) for _ in range(random.randint(1, 3))]
    if operator is not Operator.CONTAINS and random.random() < 0.15:
        shift = random.choice((0, -1, -30, 2))
        anchor = random.choice(("now", "today"))
        return Relative(anchor, shift, "days" if anchor == "today" else random.choice(("minutes", "hours", "days")))
    if operator is not Operator.CONTAINS and random.random() < 0.15:
        return Money(random.choice((1250, 50_000, 30, 0)), random.choice(("EUR", "SEK", "KRW")))
    if operator in ORDERING:
        return random.choice(
            (random.choice(NUMBERS), random.choice(NUMBERS), DATES[0], DATES[5], MOMENTS[0], MOMENTS[1])
        )
    return _scalar(random)


def _condition(random: Random) -> Condition:
    while True:
        operator = random.choice(tuple(Operator))
        measure = random.choices((None, Since("days"), Since("hours"), Bucket("a'b")), (80, 8, 6, 6))[0]
        expected = _expected(random, operator)
        if isinstance(measure, Bucket):
            expected = random.choice((2000, 5000, 9000))
        on_missing = "pass" if random.random() < 0.1 else "fail"
        made = Condition(random.choice(PATHS), operator, expected, on_missing, measure=measure)
        if flaw(made) is None:
            return made


def _lenient(random: Random) -> Condition:
    """Return a condition that most rows pass, so that decisions get past it."""
    return random.choice((
        Condition("player.text", Operator.NOT_EQUAL, "nothing"), Condition("player.whole", Operator.LESS, 501),
        Condition("player.tags", Operator.CONTAINS_NONE, ["VIP", "é"]),
        Condition("player.yes", Operator.IS_IN, [True, False]),
        Condition("tools.kyc.level", Operator.EQUAL, 1), Condition("player.computed", Operator.LESS, 10**20),
    ))  # fmt: skip


def _section(random: Random) -> tuple[Condition, ...]:
    return tuple(
        _lenient(random) if random.random() < 0.7 else _condition(random) for _ in range(random.choice((0, 1, 1, 2)))
    )


def _reward(random: Random) -> Reward:
    kind = random.choice(("cash", "free_spins", "standard", "boosted"))
    wager = random.choice((0, 10, Decimal("10.5")))
    if kind == "standard":
        return Standard(spins_count=5, game=None, game_provider="G", wager=wager)
    if kind == "boosted":
        return Boosted(template_name="T", value_per_spin_description="1 EUR")
    amount = random.choice((100, 101, 5_000))
    return Cash(amount=amount, amount_type=kind, name="n", description="d", wager=wager)


def _configuration(random: Random, number: int) -> Configuration:
    tiers = [
        Tier(
            name=f"t{index}", priority=9 - index, when=_section(random) or (_condition(random),), reward=_reward(random)
        )
        for index in range(random.randint(0, 3))
    ]
    if random.random() < 0.5:
        tiers.append(Tier(name="default", priority=0, when=(), reward=_reward(random)))
    limited = random.random()
    own = Limits(
        per_player=(PlayerLimit(2, Period.WEEK),),
        one_live_bonus=limited < 0.1,
        campaign_budget=Money(1000, "EUR") if limited < 0.2 else None,
    )
    return Configuration(
        id=f"c{number}", name="", brands=(), priority=100 - number, status=ConfigurationStatus.PUBLISHED,
        segmentation=_section(random), qualification=_section(random), tiers=tuple(tiers), comment=None,
        on_unqualified="stop" if random.random() < 0.2 else "continue", effective_from=None, effective_until=None,
        limits=own if limited < 0.3 and (number == 0 or limited < 0.05) else Limits(),
        time_zone=random.choice(("UTC", "Europe/Malta", "America/New_York")),
        day_begins=random.choice((time(0), time(6))),
        computed=MappingProxyType({"player.computed": COMPUTED}),
    )  # fmt: skip


def _by_sql(
    players: Players, tried: Sequence[Configuration], *, funnel: bool = False, packs: Packs = NO_PACKS
) -> list[tuple[object, ...]]:
    plain = Players(players.connection, players.source, players.schema)
    asked = questions(tried)
    names = [f"verdict{number}" for number in range(len(asked))]
    sheet = Sheet(plain.schema, {one.asked: name for one, name in zip(asked, names, strict=True)})
    counting = Counting(sheet, plan(sheet, tried, now=NOW, funnel=funnel, packs=packs))
    if asked:
        plain.answer(asked, names, NOW, lambda _: None)
    assert counting.refused(plain.one_row(counting.query(plain.source), lambda _: None)) == ()
    return plain.connection.execute(counting.told(plain.source)).fetchall()


def test_sql_and_the_engine_decide_every_row_alike() -> None:
    random = Random(20261122)  # noqa: S311  # a proof that can be repeated, not a secret
    players = _players(random, ROWS)
    columns = tuple(players.schema.columns)
    facts = [Facts.of(document) for document in players.documents()]
    seen: set[tuple[object, ...]] = set()
    for _ in range(SETS):
        tried = ConfigurationSet(tuple(_configuration(random, number) for number in range(IN_A_SET)))
        packs = random.choice((NO_PACKS, PACKS, Packs(PACKS.rules, required=True)))
        found = _by_sql(players, tried.configurations, funnel=random.random() < 0.5, packs=packs)
        for one, (_, *by_sql) in zip(facts, found, strict=True):
            by_engine = decide(tried, one, brand="b", now=NOW, packs=packs)
            told = [by_engine.status.value, by_engine.configuration, by_engine.tier]
            assert by_sql == told, (tried, one.tree, one.unavailable)
            seen.add((by_engine.status, by_engine.configuration is None))
    assert len(columns) == len(COLUMNS)
    assert len(seen) == 6  # vetoed and not qualified with and without a configuration, unknown and qualified with one


def test_every_single_condition_is_the_same_in_sql() -> None:
    random = Random(7)  # noqa: S311  # the same
    players = _players(random, 400 if FULL else 60)
    facts = [Facts.of(document) for document in players.documents()]
    reward = Boosted(template_name="T", value_per_spin_description="1 EUR")
    for _ in range(2_000 if FULL else 20):
        condition = _condition(random)
        made = _configuration(random, 1)
        only = Tier(name="t", priority=1, when=(condition,), reward=reward)
        configuration = Configuration(
            id="c", name="", brands=(), priority=1, status=ConfigurationStatus.PUBLISHED, segmentation=(),
            qualification=(), tiers=(only,), comment=None, on_unqualified="continue", effective_from=None,
            effective_until=None, time_zone=made.time_zone, day_begins=made.day_begins, computed=made.computed,
        )  # fmt: skip
        found = _by_sql(players, (configuration,))
        for one, (_, status, *_) in zip(facts, found, strict=True):
            by_engine = decide(ConfigurationSet((configuration,)), one, brand="b", now=NOW)
            assert status == by_engine.status.value, (condition, one.tree, one.unavailable)


def test_the_proof_would_see_a_difference() -> None:
    random = Random(3)  # noqa: S311  # the same
    players = _players(random, 200)
    facts = [Facts.of(document) for document in players.documents()]
    tried = ConfigurationSet((_configuration(random, 0), _configuration(random, 1), _configuration(random, 2)))
    found = _by_sql(players, tried.configurations)
    later = NOW + timedelta(days=400)
    by_engine = [decide(tried, one, brand="b", now=later, legal_age=34).status.value for one in facts]
    assert [status for _, status, *_ in found] != by_engine


def test_a_row_reads_as_the_document_of_one_player() -> None:
    players = _players(Random(1), 1)  # noqa: S311  # the same
    row = dict.fromkeys(players.schema.columns)
    row["player.double"], row["unavailable"] = 0.1, ["tools", None]
    document = row_document(row, players.schema)
    assert document["unavailable"] == ["tools"]
    assert Facts.of(document).look("player.double") == Facts.of({"player": {"double": Decimal("0.1")}}).look(
        "player.double"
    )
