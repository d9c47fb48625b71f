"""The CPU of a population run against DuckDB scanning the same columns, in one process; memory in a process of its own.

Run it with `python bench/rules/population.py`; it takes about three minutes. It makes a Parquet file of 5 million
made-up players (16 fields and the seven safety facts, three lists of texts, 2 % nulls) in a temporary folder, runs ten
configurations of 80 conditions over it, and compares with

- the pure count of every column (DuckDB only decodes), and the sum or length of every value (it touches each),
- the row loop: the same rows, fetched and decided one by one by the compiled function, on a sample and extrapolated;
  it leaves the safety facts out, which the run weighs.

Figures are CPU seconds of the whole process on two threads, medians of rounds in which the kinds take turns.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median

import duckdb

from agent.bonus.files import Bonuses
from agent.bonus.population import PopulationRun, run_population
from casino.bonus.compiled.in_force import in_force
from casino.bonus.configuration import ConfigurationSet, load_set
from casino.bonus.law.jurisdictions import NO_PACKS
from casino.document import load_yaml
from casino.fields.catalogue import OPEN
from casino.population.plan import plan
from casino.population.rows import row_document
from casino.population.sheet import Sheet
from tools.adapters.duckdb_population import open_players

ROWS, SAMPLE, ROUNDS, THREADS = 5_000_000, 20_000, 5, 2
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
FLOORS = {"scan": 3.5, "touched": 3.5, "memory": 200.0, "row_loop": 20.0, "funnel": 1.5}
TAGS = (
    "loyal",
    "whale",
    "vip",
    "new",
    "reactivated",
    "crypto",
    "sports",
    "slots",
    "table",
    "mobile",
    "abuser",
    "watch",
)
BADGES = ("verified", "depositor", "email", "phone", "address", "streak", "birthday", "tournament")
RESTRICTIONS = ("none", "banned", "limited", "no-bonus", "review")
CATEGORIES = ("bronze", "silver", "gold", "VIP")
COUNTRIES = ("MT", "SE", "GB", "DE", "FI", "NL", "CA", "NZ")
STATUSES = ("active", "verified", "dormant", "closed")


def _pick(words: tuple[str, ...], salt: int) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"[{listed}][1 + (hash(i, {salt}) % {len(words)})::INT]"


def _some(words: tuple[str, ...], salt: int, most: int) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    one = f"[{listed}][1 + (hash(i, n, {salt}) % {len(words)})::INT]"
    return f"list_transform(range((hash(i, {salt}) % {most + 1})::BIGINT), lambda n: {one})"


def _sometimes(expression: str, salt: int) -> str:
    return f"CASE WHEN hash(i, {salt}, 7) % 50 = 0 THEN NULL ELSE {expression} END"


FIELDS = {
    "player.ngr": "((hash(i, 1) % 400000)::BIGINT - 150000)::DOUBLE / 100",
    "player.totalDeposits": "(hash(i, 2) % 900000)::DOUBLE / 100",
    "player.lastDeposit": "((hash(i, 3) % 100000)::DECIMAL(12,2) / 100)::DECIMAL(12,2)",
    "player.depositCount": "(hash(i, 4) % 60)::INTEGER",
    "player.bonusRate": "(hash(i, 5) % 10000)::DOUBLE / 100",
    "player.balance": "(hash(i, 6) % 300000)::DOUBLE / 100",
    "player.vipLevel": "(hash(i, 7) % 8)::TINYINT",
    "player.sessions": "(hash(i, 8) % 500)::INTEGER",
    "player.category": _pick(CATEGORIES, 9),
    "player.country": _pick(COUNTRIES, 10),
    "player.status": _pick(STATUSES, 11),
    "player.tags": _some(TAGS, 12, 4),
    "player.badges": _some(BADGES, 13, 4),
    "player.restrictions": _some(RESTRICTIONS, 14, 1),
    "player.emailVerified": "hash(i, 15) % 10 < 8",
    "player.daysSinceLogin": "(hash(i, 16) % 90)::SMALLINT",
}
SAFETY = ("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm")


def make_players(file: Path, rows: int) -> None:
    """Write a Parquet file of made-up players; DuckDB makes them, so it takes seconds."""
    columns = ["'P' || i AS \"player.id\""]
    columns += [f'{_sometimes(sql, n)} AS "{name}"' for n, (name, sql) in enumerate(FIELDS.items())]
    columns += [f'(hash(i, {n}, 3) % 200 = 0) AS "safety.{flag}"' for n, flag in enumerate(SAFETY)]
    columns.append('(18 + hash(i, 99) % 60)::TINYINT AS "safety.age_years"')
    made = f"COPY (SELECT {', '.join(columns)} FROM range({rows}) t(i)) TO '{file}' (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608  # our own
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(made)


def _configuration(number: int, random: Random) -> str:
    """Return the YAML of one configuration: two conditions for whom, three to qualify, three tiers."""
    tags = random.sample(TAGS[:10], 3)
    segmentation = [
        f"player.country is_in {random.sample(COUNTRIES, 5)}",
        f"player.tags contains any of {tags}" if number % 2 else f"player.status is_in {random.sample(STATUSES, 2)}",
    ]
    qualification = [
        f"player.ngr > {random.randint(-200, 800)}",
        "player.restrictions does not contain any of ['banned', 'no-bonus']",
        random.choice(["player.badges contains all of ['verified', 'email']", "player.emailVerified == true",
                       f"player.bonusRate <= {random.randint(30, 80)}.5", "player.daysSinceLogin < 30",
                       f"player.depositCount >= {random.randint(1, 20)}", "player.badges contains 'verified'"]),
    ]  # fmt: skip
    tiers = [f"player.category == '{random.choice(CATEGORIES)}'", f"player.lastDeposit >= {random.randint(100, 900)}",
             random.choice(["player.vipLevel > 4", "player.totalDeposits >= 2500.25", "player.sessions > 200",
                            "player.tags does not contain any of ['abuser', 'watch']"])]  # fmt: skip
    reward = "{type: standard, spinsCount: 15, gameProvider: BGaming, wager: 10}"
    lines = [f"id: c{number}", f"name: C {number}", f"priority: {number}", "status: published", "segmentation:"]
    lines += [f'  - "{one}"' for one in segmentation] + ["qualification:"] + [f'  - "{one}"' for one in qualification]
    lines += ["tiers:"]
    lines += [
        f'  - {{name: t{n}, priority: {9 - n}, when: ["{one}"], reward: {reward}}}' for n, one in enumerate(tiers)
    ]
    return "\n".join(lines)


def make_configurations() -> ConfigurationSet:
    """Return ten configurations of eight conditions."""
    random = Random(7)  # noqa: S311  # a fixed job, not a secret
    return load_set(load_yaml(_configuration(n, random), name=f"c{n}.yaml") for n in range(10))


def _run(file: Path, configurations: ConfigurationSet, *, funnel: bool) -> PopulationRun:
    bonuses = Bonuses(configurations, OPEN, NO_PACKS, {})
    return PopulationRun(draft=bonuses, players=str(file), brand="b", now=NOW, funnel=funnel, threads=THREADS)


def _scan(file: Path, written: Callable[[str], str]) -> None:
    """Read every column that the run reads, and do so much with its values."""
    columns = [*FIELDS, *(f"safety.{flag}" for flag in SAFETY), "safety.age_years"]
    with duckdb.connect(config={"threads": THREADS}) as connection:
        read = f"SELECT {', '.join(written(one) for one in columns)} FROM read_parquet('{file}')"  # noqa: S608  # our own
        connection.execute(read).fetchall()


def _touched(column: str) -> str:
    if column in {"player.tags", "player.badges", "player.restrictions"}:
        return f'sum(len("{column}")), sum(strlen("{column}"[1]))'
    if column in {"player.category", "player.country", "player.status"}:
        return f'sum(strlen("{column}"))'
    return (
        f'sum("{column}"::INT)'
        if column in {"player.emailVerified", *(f"safety.{s}" for s in SAFETY)}
        else f'sum("{column}")'
    )


def _funnels(file: Path, configurations: ConfigurationSet) -> None:
    """Count the funnels and nothing else: the codes of the first failing conditions, ten histograms."""
    with open_players(str(file), types={}, threads=THREADS) as players:
        sheet = Sheet(players.schema)
        planned = plan(sheet, configurations.configurations, now=NOW, funnel=True)
        histograms = ", ".join(f"histogram({one.column})" for one in planned.funnels)
        players.one_row(f"SELECT {histograms} FROM ({planned.over(sheet.relation(players.source))})", lambda _: None)  # noqa: S608  # our own


def _row_loop(file: Path, configurations: ConfigurationSet) -> float:
    """Return the CPU seconds of the row loop for all rows, from a sample."""
    program = in_force(configurations, brand="b", now=NOW).program
    program.decide({}, NOW)
    with open_players(str(file), types={}, threads=1) as players:
        columns = tuple(FIELDS)
        listed = ", ".join(f'"{one}"' for one in columns)
        started = time.process_time()
        for row in players.connection.execute(f"SELECT {listed} FROM {players.source} LIMIT {SAMPLE}").fetchall():  # noqa: S608  # our own
            document = row_document(dict(zip(columns, row, strict=True)), players.schema)
            program.decide(document, NOW)
        return (time.process_time() - started) * ROWS / SAMPLE


def _measure(kinds: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS):
        for name, once in kinds.items():
            started = time.process_time()
            once()
            spent[name].append(time.process_time() - started)
    return {name: median(found) for name, found in spent.items()}


def _peak_mb(file: Path) -> float:
    """Return the peak memory of a whole run in a process of its own."""
    done = subprocess.run([sys.executable, __file__, str(file)], capture_output=True, text=True, check=True)  # noqa: S603  # this file
    return float(done.stdout)


def _watch(what: str, share: float | None) -> None:
    del what, share


def compare(file: Path) -> bool:
    """Print the figures; False where one misses its floor."""
    configurations = make_configurations()
    counts = run_population(_run(file, configurations, funnel=False), _watch).counts
    assert counts.players == ROWS
    assert run_population(_run(file, configurations, funnel=True), _watch).counts.endings == counts.endings
    cost = _measure(
        {
            "count": lambda: _scan(file, lambda column: f'count("{column}")'),
            "touch": lambda: _scan(file, _touched),
            "counts": lambda: run_population(_run(file, configurations, funnel=False), _watch),
            "funnel": lambda: _funnels(file, configurations),
            "both": lambda: run_population(_run(file, configurations, funnel=True), _watch),
        }
    )
    loop, peak = _row_loop(file, configurations), _peak_mb(file)
    for status, players in counts.by_status().items():
        print(f"  {status.value:<16}{players:>12,}")
    print(f"{ROWS:,} players, ten configurations, CPU seconds on {THREADS} threads:")
    kinds = {
        "count": "count of every column",
        "touch": "every value touched",
        "counts": "population run",
        "funnel": "ten funnels",
        "both": "population run and ten funnels",
    }
    for name, words in kinds.items():
        print(f"  {words:<40}{cost[name]:8.2f}   {cost[name] / cost['count']:5.2f} x the count")
    print(f"  {'row loop (extrapolated)':<40}{loop:8.2f}   {loop / cost['count']:5.2f} x the count")
    found = {
        "scan": (cost["counts"] / cost["count"], "run, in counts of the same columns, at most"),
        "touched": (cost["counts"] / cost["touch"], "run, in touches of every value, at most"),
        "row_loop": (loop / cost["counts"], "row loop, in runs, at least"),
        "funnel": (cost["funnel"] / cost["counts"], "ten funnels, in runs, at most"),
        "memory": (peak, "peak memory in MB, at most"),
    }
    missed = [name for name, (value, words) in found.items() if not _kept(name, value, words)]
    return not missed


def _kept(name: str, value: float, words: str) -> bool:
    floor = FLOORS[name]
    kept = value >= floor if name == "row_loop" else value <= floor
    print(f"  {'ok    ' if kept else 'MISSED'} {words} {floor:g}: {value:.2f}")
    return kept


def main() -> int:
    """Compare; or, with a file as argument, run once and print the peak memory of this process."""
    if len(sys.argv) > 1:
        run_population(_run(Path(sys.argv[1]), make_configurations(), funnel=False), _watch)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "players.parquet"
        make_players(file, ROWS)
        print(f"{file.stat().st_size / 1e6:.0f} MB of Parquet")
        return 0 if compare(file) else 1


if __name__ == "__main__":
    sys.exit(main())
