"""A population run: configurations over a table of players, from files to counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

from agent.bonus.files import Bonuses
from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus
from casino.bonus.law.jurisdictions import LIFETIME_PATH, PLACE_PATHS
from casino.loaded import DocumentError
from casino.loaded import Path as Place
from casino.nearest import nearest
from casino.population.column import AmbiguousColumn, Kind, Lane, Schema
from casino.population.computed import Question, questions
from casino.population.cost import Draw
from casino.population.counting import Counting, Refused
from casino.population.expected_cost import ExpectedCost, expected_cost
from casino.population.payouts import Payouts
from casino.population.plan import plan
from casino.population.result import Counts
from casino.population.sheet import Asked, Mismatch, Need, Sheet
from casino.population.source import BadPlayers, csv_types
from casino.population.words import several, shown_example, without_password
from casino.rules.condition import text
from casino.values import Value
from tools.adapters.duckdb_population import Players, open_players

Watch = Callable[[str, float | None], None]
"""Hears what the run is at, and how far (0 to 1; None: not known)."""

_MOST_TOLD: Final = 5  # missing columns in one message


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationRun:
    """What to run over which table. `live` is what the draft is compared with."""

    draft: Bonuses
    players: str  # a file, or URL::table
    brand: str
    now: datetime
    live: Bonuses | None = None
    funnel: bool = False
    with_drafts: bool = False  # drafts count as if they were published
    allow_missing: bool = False
    out: Path | None = None
    payouts: Payouts | None = None  # for the expected cost
    seed: int = 0
    threads: int | None = None
    memory: str | None = None


@dataclass(frozen=True, slots=True)
class PopulationResult:
    """What was found, what it costs, and what a reader should know about it."""

    counts: Counts
    cost: ExpectedCost | None
    warnings: tuple[str, ...]
    configurations: tuple[Configuration, ...]  # those that were tried


def run_population(run: PopulationRun, watch: Watch) -> PopulationResult:
    """Run configurations over a table; raises BadPlayers or DocumentError, and then nothing has been written."""
    shown = without_password(run.players)
    try:
        return _counted(run, watch)
    except BadPlayers as error:
        named = str(error).startswith((shown, shown.partition("::")[0]))
        raise error if named else BadPlayers(f"{shown}: {error}") from error


def _counted(run: PopulationRun, watch: Watch) -> PopulationResult:
    draft = _tried(run.draft.configurations, run, with_drafts=run.with_drafts)
    live = () if run.live is None else _tried(run.live.configurations, run, with_drafts=False)
    types = csv_types((*draft, *live), run.draft.catalogue)
    with open_players(run.players, types=types, threads=run.threads, memory=run.memory) as players:
        counting, warnings = _planned(run, players, draft, live, watch)
        row = players.one_row(counting.query(players.source), lambda done: watch("counting", done))
        _check_refused(counting.refused(row))
        counts = counting.counts(row)
        warnings += _misdated(counting, row, players)
        if run.out is not None:
            warnings += _repeated(counting, players)
            players.write(counting.told(players.source), run.out, lambda done: watch(f"writing {run.out}", done))
    cost = None
    if run.payouts is not None:
        watch("simulating cost", None)
        cost = expected_cost(counts, draft, run.payouts, _seeded(run.payouts, run.seed))
    return PopulationResult(counts, cost, tuple(warnings), draft)


def _tried(configurations: ConfigurationSet, run: PopulationRun, *, with_drafts: bool) -> tuple[Configuration, ...]:
    kept = configurations.configurations
    if with_drafts:
        drafts = {one.id for one in kept if one.status is ConfigurationStatus.DRAFT}
        kept = tuple(replace(one, status=ConfigurationStatus.PUBLISHED) if one.id in drafts else one for one in kept)
    return tuple(one for one in kept if one.is_in_force(brand=run.brand, now=run.now))


def _planned(
    run: PopulationRun,
    players: Players,
    draft: Sequence[Configuration],
    live: Sequence[Configuration],
    watch: Watch,
) -> tuple[Counting, list[str]]:
    """Check the table against the rules, work out what SQL cannot, and write the query."""
    asked = [questions(draft), questions(live)]
    names = {
        side: [f"verdict_{side}{number}" for number in range(len(own))] for side, own in zip("dl", asked, strict=True)
    }
    try:
        sheet = Sheet(players.schema, _verdicts(asked[0], names["d"]))
        plans = [plan(sheet, draft, now=run.now, funnel=run.funnel, packs=run.draft.packs)]
        if run.live is not None:
            sheet.verdicts = _verdicts(asked[1], names["l"])
            plans.append(plan(sheet, live, now=run.now, packs=run.live.packs, prefix="l_"))
    except AmbiguousColumn as error:
        raise BadPlayers(f"{without_password(run.players)}: {error}. Keep one of them.") from error
    warnings = [*_missing(run, sheet), *_mismatches(run, sheet.mismatches)]
    warnings += _law_unknown(run, players.schema)
    if not draft:
        warnings.append(_nothing_tried(run))
    everything = [*asked[0], *asked[1]]
    if everything:
        asked_of = f"{several(len(everything), 'condition')} on computed fields {_were(len(everything))}"
        warnings.append(f"{asked_of} worked out row by row, before the count")
        told = "working out computed fields"
        players.answer(everything, [*names["d"], *names["l"]], run.now, lambda done: watch(told, done))
    return Counting(sheet, plans[0], plans[1] if run.live is not None else None), warnings


def _verdicts(asked: Sequence[Question], names: Sequence[str]) -> dict[Asked, str]:
    return {question.asked: name for question, name in zip(asked, names, strict=True)}


def _missing(run: PopulationRun, sheet: Sheet) -> Iterator[str]:
    """Refuse a table that lacks a column, or warn where the run was told to go on."""
    needs: dict[str, Need] = {}
    for need in sheet.missing:
        needs.setdefault(need.path, need)
    told = [_missing_column(run, need, sheet.schema) for need in needs.values()]
    if told and not run.allow_missing:
        more = [f"… and {len(told) - _MOST_TOLD} more columns"] if len(told) > _MOST_TOLD else []
        raise BadPlayers("\n".join([*told[:_MOST_TOLD], *more]))
    yield from told


def _missing_column(run: PopulationRun, need: Need, schema: Schema) -> str:
    near = nearest(need.path, schema.leaves())
    mend = "Add it, or run with --allow-missing."
    if near is not None:
        mend = f'Did you mean "{near}"? {mend}'
    message = f'the table of players has no column "{need.path}"'
    if need.configuration is None:
        follows = "every player would be vetoed, for what is not known about safety vetoes"
        return f"{without_password(run.players)}: {message}, and {follows}. {mend}"
    error = _placed(run, need.configuration, need.place, message, mend)
    return str(error)


def _mismatches(run: PopulationRun, mismatches: Sequence[Mismatch]) -> Iterator[str]:
    """Refuse columns of another type than the catalogue says; warn of others with which a condition can never hold."""
    told: list[str] = []
    for one in mismatches:
        message = f"{text(one.condition)} can never hold: {_of_type(one)}"
        field = run.draft.catalogue.field(one.condition.path)
        if field is None or run.allow_missing:
            yield f"{one.configuration or 'safety'}: {message}"
            continue
        message += f", and the catalogue says {field.type.value.replace('_', ' ')}"
        mend = "Mend the column, or run with --allow-missing."
        if one.configuration is None:
            told.append(f"safety: {message}. {mend}")
        else:
            told.append(str(_placed(run, one.configuration, one.place, message, mend)))
    if told:
        more = [f"… and {several(len(told) - _MOST_TOLD, 'more condition')}"] if len(told) > _MOST_TOLD else []
        raise BadPlayers("\n".join([*told[:_MOST_TOLD], *more]))


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _of_type(one: Mismatch) -> str:
    if one.type.kind is Kind.OTHER:
        return "the column is of a type that no rule reads, such as a TIMESTAMP without its zone"
    return f"the column is {one.type.sql}"


def _misdated(counting: Counting, row: Sequence[object], players: Players) -> Iterator[str]:
    """Tell how many texts were meant as dates, with one example where it says nothing about who a player is."""
    for path, rows in counting.misdated(row):
        (value,) = players.one_row(counting.example(path, players.source), lambda _: None)
        example = shown_example(path, value)
        shown = "" if example is None else f", as {example}"
        told = f"{several(rows, 'value')} of {path} {'is' if rows == 1 else 'are'} no date or moment{shown}"
        yield f"{told}; write 2026-01-31 or 2026-01-31T12:00:00Z"


def _repeated(counting: Counting, players: Players) -> Iterator[str]:
    query = counting.repeated(players.source)
    (rows,) = (0,) if query is None else players.one_row(query, lambda _: None)
    if isinstance(rows, int) and rows > 0:
        told = f"{several(rows, 'row')} {'has' if rows == 1 else 'have'} the player.id of an earlier one"
        yield f"{told}: every row is decided and written by itself"


def _law_unknown(run: PopulationRun, schema: Schema) -> Iterator[str]:
    """Say what the law of a place cannot be weighed by: the engine would not know it either."""
    if run.draft.packs.rules and not any(isinstance(schema.find(path), Lane) for path in PLACE_PATHS):
        yield f"the law of no place was weighed: the table has no column {' or '.join(PLACE_PATHS)}"
    elif run.draft.packs.rules and not isinstance(schema.find(LIFETIME_PATH), Lane):
        told = "where the law allows one bonus for good, a grant is unknown"
        yield f"{told}: the table has no column {LIFETIME_PATH}"


def _nothing_tried(run: PopulationRun) -> str:
    drafts = sum(one.status is ConfigurationStatus.DRAFT for one in run.draft.configurations.configurations)
    hint = (
        f"; {drafts} {'is a draft, and counts' if drafts == 1 else 'are drafts, and count'} with --drafts"
        if drafts and not run.with_drafts
        else ""
    )
    return f'no configuration is in force for the brand "{run.brand}" at {run.now.isoformat()}{hint}'


def _placed(run: PopulationRun, configuration: str, place: Place, message: str, mend: str) -> DocumentError:
    """Return the error that points at a condition in its file."""
    for bonuses in (run.draft, *(() if run.live is None else (run.live,))):
        loaded = bonuses.documents.get(configuration)
        if loaded is not None:
            return loaded.error(_written_at(loaded.value, place), message, mend)
    return DocumentError(message, name=configuration, line=None, column=None, mend=mend)


def _written_at(document: Value, place: Place) -> Place:
    """Return where a condition stands in its file; a tier goes by its name, a limit by the limits as a whole."""
    if place[0] == "limits":
        return ("limits",)
    if place[0] != "tiers" or not isinstance(document, dict):
        return place
    tiers = document.get("tiers")
    listed = tiers if isinstance(tiers, list) else []
    index = next((at for at, tier in enumerate(listed) if isinstance(tier, dict) and tier.get("name") == place[1]), 0)
    return ("tiers", index, *place[2:])


def _check_refused(refused: Sequence[Refused]) -> None:
    if refused:
        told = "\n".join(
            f'the column "{path}" holds {several(rows, "value")} that no rule can read' for path, rows in refused
        )
        raise BadPlayers(f"{told}. NaN, infinities and dates out of the calendar are refused: mend or empty them.")


def _seeded(payouts: Payouts, seed: int) -> Callable[[str], Draw]:
    outcomes = [prize.hundredths for prize in payouts.prizes]
    weights = [*accumulate(prize.weight for prize in payouts.prizes)]

    def draw_of(name: str) -> Draw:
        random = Random(f"{seed}/{name}")  # noqa: S311  # a simulation that can be repeated, not a secret
        return lambda spins: random.choices(outcomes, cum_weights=weights, k=spins)

    return draw_of
