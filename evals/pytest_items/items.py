"""The items of pytest that play tickets: what is planned, what is played, and what a failure says."""

import asyncio
import importlib
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NoReturn, TypeAlias, cast

import pytest

from agent.house import House, read_house
from agent.settings import SettingsError, read_settings
from evals.pytest_items.network import Guard
from evals.pytest_items.suite import FILTER, FIXTURE, LEVEL, LEVELS, MARK, TicketSuite
from evals.report.words import clipped, in_line, near_difference
from evals.run.plan import Case, Item, PlanError, filter_from, seed_of
from evals.run.plug import attempted
from evals.ticket import Read, TicketError, read_tickets
from evals.trial import Divergence, Level, Status, Trial

Player: TypeAlias = Callable[..., Awaitable[Trial]]  # (read, house, *, repeat, seed)
PLAYERS: Final[Mapping[Level, str]] = MappingProxyType(
    {
        Level.LINT: "evals.mutants.played:linted",
        Level.CODE: "evals.trying:tried",
        Level.ATTACK: "evals.attack.oracle:attacked",
    }
)
LONGEST: Final = 600  # characters of one line


@dataclass(frozen=True, slots=True)
class Planned:
    """A ticket, and the level at which it is played."""

    read: Read
    level: Level

    @property
    def case(self) -> Case:
        """Return the ticket as filters see it."""
        ticket = self.read.ticket
        return Case(ticket=ticket.id, file=self.read.file, title=ticket.title, content="", tags=ticket.tags)


@dataclass(slots=True)
class Table:
    """Where the tickets of a session are played: one house and one loop for all of them."""

    house: House
    runner: asyncio.Runner
    guard: Guard

    def play(self, planned: Planned) -> Trial:
        """Play a ticket; what raises is a trial without a verdict."""
        case = planned.case
        seed = seed_of(0, ticket=case.ticket, repeat=1)
        item = Item(case=case, level=planned.level, match="strict", repeat=1, seed=seed, key="")
        player = _player(planned.level)

        async def play(_: Item) -> Trial:
            return await player(planned.read, self.house, repeat=1, seed=seed)

        self.runner.get_loop()  # before the guard is up: on some systems a loop connects to itself
        with self.guard.up():
            return self.runner.run(attempted(play, item))


_TABLE: Final = pytest.StashKey[Table]()


class TicketItem(pytest.Item):
    """One ticket. It is played when the item is set up, so that one without a verdict is an error and no failure."""

    def __init__(self, *, planned: Planned, **rest: Any) -> None:  # noqa: ANN401  # pytest's own
        super().__init__(**rest)  # pyright: ignore[reportUnknownMemberType]  # pytest leaves its words untyped
        self.planned = planned
        self._trial: Trial | None = None

    def setup(self) -> None:
        """Play the ticket."""
        self._trial = played(self.config, self.planned)

    def runtest(self) -> None:
        """Judge what it came to."""
        if self._trial is not None:  # pytest sets up first
            judged(self._trial)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the item in its module, where no line of it stands."""
        return self.path, None, self.name


def suite_items(collector: pytest.Collector, name: str, suite: TicketSuite) -> Iterator[TicketItem]:
    """Yield the items of a suite."""
    for one in planned(collector.config, suite, beside=collector.path.parent):
        item = TicketItem.from_parent(  # pyright: ignore[reportUnknownMemberType]  # pytest leaves its words untyped
            collector, name=f"{name}[{one.read.ticket.id}]", planned=one
        )
        item.add_marker(getattr(pytest.mark, MARK)(suite.path, level=one.level.value))  # for `-m tickets`
        yield item


def planned(config: pytest.Config, suite: TicketSuite, *, beside: Path) -> list[Planned]:
    """Return the tickets of a suite in order. Raises `CollectError` where there is none, or one cannot be used."""
    try:
        level = _level(config.getoption(LEVEL) or suite.level)
        chosen = [Planned(read, level) for read in read_tickets(_place(config, suite.path, beside))]
        return _chosen(chosen, suite.filters)
    except (TicketError, PlanError) as error:
        raise pytest.Collector.CollectError(str(error)) from error


def filtered(config: pytest.Config, items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return the items without the tickets that the options leave out, and tell pytest of those."""
    try:
        tests = [filter_from(text) for text in cast("list[str]", config.getoption(FILTER))]
    except PlanError as error:
        raise pytest.UsageError(str(error)) from error
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        one = _planned_of(item)
        (kept if one is None or all(passes(one.case) for passes in tests) else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    return kept


def refuse_unplayed(items: Sequence[pytest.Item]) -> None:
    """Raise `UsageError` where a test has a mark whose tickets nobody plays."""
    unplayed = [item.nodeid for item in items if _has_idle_mark(item)]
    if unplayed:
        raise pytest.UsageError(
            f"pytest.mark.{MARK} plays nothing on {', '.join(unplayed)}: mark a plain test function, or the method or"
            " class of a test class that is no unittest.TestCase; a `ticket_suite` takes no further mark"
        )


def _has_idle_mark(item: pytest.Item) -> bool:
    marks = [*item.iter_markers(MARK)]
    if isinstance(item, TicketItem):
        return len(marks) > 1  # its own says what it plays
    late = getattr(getattr(item, "callspec", None), "marks", ())  # of one set of parameters: seen after the planning
    return bool(marks) and (_planned_of(item) is None or any(mark.name == MARK for mark in late))


def played(config: pytest.Config, planned: Planned) -> Trial:
    """Play a ticket, and end as an error where it comes to no verdict."""
    table = config.stash.get(_TABLE, None) or _opened(config)
    trial = table.play(planned)
    if table.guard.heard:
        tried = ", ".join(dict.fromkeys(table.guard.heard))
        _end([f"error: at {planned.level} nothing leaves the machine, and this ticket tried: {tried}"], trial)
    if trial.status in {Status.ERROR, Status.NOT_RUN}:
        _end([f"error: {trial.why}"], trial)
    return trial


def judged(trial: Trial) -> None:
    """Fail with what is wrong with a trial, part by part. A stale one fails too: it proves nothing of today's agent."""
    match trial.status:
        case Status.PASS:
            return
        case Status.STALE:
            _end([*map(_stale, trial.divergences)], trial, mend="Look at the change, and record again.")
        case _:
            _end([*_wrong(trial)], trial)


def _opened(config: pytest.Config) -> Table:
    """Read the house that this process is set to, once."""
    try:
        house = read_house(read_settings(os.environ))
    except SettingsError as error:
        raise pytest.UsageError(str(error)) from error
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)  # its own loop: that of the tests stays theirs
    config.add_cleanup(runner.close)
    table = config.stash[_TABLE] = Table(house, runner, Guard.installed())
    return table


def _player(level: Level) -> Player:
    module, _, function = PLAYERS[level].partition(":")
    return cast("Player", getattr(importlib.import_module(module), function))  # a name says nothing of its type


def _level(name: str) -> Level:
    if name not in LEVELS:
        raise PlanError(
            f'the level is "{name}"; a test plays {", ".join(LEVELS)}. A live run is judged against earlier ones:'
            " croupier eval run --level L3, and croupier eval gate"
        )
    return Level(name)


def _place(config: pytest.Config, path: str, beside: Path) -> Path:
    """Return where a suite is: beside its module, else from the root of the tests; named from here, as people do."""
    places = [folder / path for folder in (beside, config.rootpath)]
    place = next((one for one in places if one.exists()), None)
    if place is None:
        raise TicketError(f"{path}: there is no such suite in {' or '.join(str(one.parent) for one in places)}")
    return Path(os.path.relpath(place)) if place.is_relative_to(Path.cwd()) else place


def _chosen(cases: list[Planned], filters: Sequence[str]) -> list[Planned]:
    for text in filters:
        passes = filter_from(text)
        cases = [one for one in cases if passes(one.case)]
        if not cases:
            raise PlanError(f'no ticket passes the filter "{text}"')
    return cases


def _planned_of(item: pytest.Item) -> Planned | None:
    """Return the ticket of an item; None for every other test."""
    if isinstance(item, TicketItem):
        return item.planned
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params.get(FIXTURE)


def _wrong(trial: Trial) -> Iterator[str]:
    for part in trial.parts:
        if part.gates:
            yield from (f"{part.name}: {line}" for line in part.wrong)


def _stale(one: Divergence) -> str:
    pair = near_difference(one.was, one.now)
    where = f"{one.kind} {one.segment}{one.pointer}"
    return f"stale: {where} changed at exchange {one.exchange}: was {pair.was!r}, is now {pair.now!r}"


def _end(lines: Sequence[str], trial: Trial, *, mend: str = "") -> NoReturn:
    """End an item with what is wrong, the ticket, and how to see more of it. Nobody needs our frames for that."""
    about = [f"{trial.file}: {trial.title}", mend, f"croupier eval run {trial.file} --level {trial.level}"]
    shown = [clipped(in_line(line), LONGEST) for line in [*lines, *filter(None, about)]]
    pytest.fail("\n".join(shown), pytrace=False)
