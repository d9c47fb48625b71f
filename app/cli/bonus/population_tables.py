"""The result of a population run as tables for people."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from agent.bonus.population import PopulationResult
from casino.bonus.story import Status
from casino.population.cost import Cost, Unpriced
from casino.population.expected_cost import ExpectedCost
from casino.population.plan import Ending
from casino.population.result import Counts, FunnelCounts, totals
from casino.population.words import several

_MOST_CHANGES = 20
_STYLES = {Status.QUALIFIED: "green", Status.NOT_QUALIFIED: "", Status.UNKNOWN: "yellow", Status.VETOED: "red"}


def population_tables(result: PopulationResult) -> Iterator[RenderableType]:
    """Yield the tables: who ends how, what changes, where players fall, what it costs."""
    counts = result.counts
    yield _endings(counts)
    if counts.changes:
        yield _changes(counts)
    for funnel in counts.funnels:
        yield _funnel(funnel)
    top = counts.top_blocking()
    if top is not None:
        who = f"{several(top.players, 'player')}, {_share(top.players, counts.players)}"
        told = f"Most fall at {top.configuration}, {top.stage}: {top.condition}  ({who})"
        yield Text(told, style="bold")
    if result.cost is not None:
        yield _costs(result.cost)
        yield Text(_assumed(result.cost), style="dim")


def _table(title: str, *columns: str) -> Table:
    """Return a table whose last columns are figures."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="dim")
    for column in columns:
        figures = column in {"players", "share", "left", "each", "± 95 %", "all", "textbook"}
        table.add_column(column, justify="right" if figures else "left", overflow="fold", min_width=len(column))
    return table


def _endings(counts: Counts) -> Table:
    table = _table(several(counts.players, "player"), "status", "configuration", "tier", "players", "share")
    ordered = sorted(counts.endings, key=lambda one: ([*Status].index(one.ending.status), -one.players))
    for (status, configuration, tier), players in ordered:
        words = Text(status.value, style=_STYLES[status])
        table.add_row(words, configuration or "", tier or "", f"{players:,}", _share(players, counts.players))
    table.add_section()
    for status, players in counts.by_status().items():
        if players:
            table.add_row(Text(status.value, style="dim"), "", "", f"{players:,}", _share(players, counts.players))
    return table


def _changes(counts: Counts) -> Table:
    found = totals(counts.changes)
    title = (
        f"With the draft {found.gain:,} gain, {found.lose:,} lose, {found.other:,} get something else, "
        f"{found.same:,} see no difference"
    )
    table = _table(title, "live", "draft", "players", "share")
    changed = sorted((one for one in counts.changes if one.live != one.draft), key=lambda one: -one.players)
    for live, draft, players in changed[:_MOST_CHANGES]:
        table.add_row(_named(live), _named(draft), f"{players:,}", _share(players, counts.players))
    rest = sum(one.players for one in changed[_MOST_CHANGES:])
    if rest:
        table.add_row("other changes", "", f"{rest:,}", _share(rest, counts.players))
    return table


def _named(ending: Ending) -> str:
    where = " · ".join(part for part in (ending.configuration, ending.tier) if part is not None)
    return f"{ending.status.value}{f' · {where}' if where else ''}"


def _funnel(funnel: FunnelCounts) -> Table:
    table = _table(f"Where players fall in {funnel.configuration}", "stage", "condition", "players", "left")
    left = funnel.begun
    table.add_row("", "let through by safety", "", f"{left:,}")
    for one in funnel.fallen:
        left -= one.players
        table.add_row(one.stage, one.condition, _less(one.players), f"{left:,}")
    if funnel.unknown:
        table.add_row("", "could not be decided", _less(funnel.unknown), f"{funnel.passed:,}")
    return table


def _less(players: int) -> str:
    return f"-{players:,}" if players else "0"


def _costs(cost: ExpectedCost) -> Table:
    title = f"Expected cost in {cost.payouts.currency}"
    table = _table(title, "configuration", "tier", "each", "all", "± 95 %", "textbook")
    for one in cost.tiers:
        if isinstance(one.each, Unpriced):
            table.add_row(one.configuration, one.tier, "not known")
        else:
            each = f"{one.each.mean:,.4f}"
            table.add_row(one.configuration, one.tier, each, *_figures(one.each.times(one.players)))
    table.add_section()
    table.add_row("all that is priced", "", "", *_figures(cost.total))
    return table


def _figures(cost: Cost) -> tuple[str, str, str]:
    return f"{cost.mean:,.2f}", f"{cost.high - cost.mean:,.2f}", f"{cost.textbook:,.2f}"


def _assumed(cost: ExpectedCost) -> str:
    unpriced = ""
    if cost.unpriced:
        whys = dict.fromkeys(one.each.why for one in cost.tiers if isinstance(one.each, Unpriced))
        got = f"{several(cost.unpriced, 'player')} get a reward that could not be priced and is in no sum"
        unpriced = f" {got}: {'; '.join(whys)}."
    return f"Played through on {cost.payouts.name}: {cost.payouts.source}{unpriced}"


def _share(players: int, whole: int) -> str:
    return f"{players / whole:.1%}" if whole else ""
