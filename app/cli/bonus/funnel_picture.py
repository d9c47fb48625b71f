"""The funnel as a picture: an SVG that reads in light and in dark, with words for those who do not see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from casino.population.result import Counts, FunnelCounts
from casino.population.words import several

_WIDTH: Final = 1120
_TOP: Final = 118
_ROW: Final = 22
_GAP: Final = 52
_LONGEST: Final = 60  # signs of a condition; the whole of it stands in the bar's title
_LEGEND: Final = (
    ("left", "players still there"),
    ("fell", "fell at this condition"),
    ("open", "could not be decided"),
    ("grant", "passed all of them"),
)


class _Bars(NamedTuple):
    x: int
    width: int


_BARS: Final = _Bars(460, 420)


@dataclass(frozen=True, slots=True)
class _Row:
    y: int
    label: str
    whole: str
    mark: str
    left: float  # width of the bar
    fell: float
    number: str
    lost: str


class _Block(NamedTuple):
    y: int
    name: str
    rows: tuple[_Row, ...]


def funnel_picture(counts: Counts, *, title: str) -> str:
    """Return the SVG of all funnels."""
    blocks: list[_Block] = []
    y = _TOP
    for funnel in counts.funnels:
        rows = tuple(_rows(funnel))
        blocks.append(_Block(y + 8, funnel.configuration, rows))
        y += _GAP + _ROW * len(rows)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    template = environment.get_template("funnel.svg.j2")
    description = _described(counts)
    return template.render(
        width=_WIDTH, height=y, title=title, description=description, blocks=blocks, bars=_BARS, legend=_legend(counts)
    )


def _legend(counts: Counts) -> tuple[tuple[str, str], ...]:
    """Explain the colours that occur."""
    some_open = any(funnel.unknown for funnel in counts.funnels)
    return tuple(pair for pair in _LEGEND if pair[0] != "open" or some_open)


def _described(counts: Counts) -> str:
    granted = ", ".join(
        f"{players:,} {status.value.replace('_', ' ')}" for status, players in counts.by_status().items()
    )
    players = several(counts.players, "player")
    return f"{players}: {granted}. Each configuration is asked for every player that safety lets through."


def _rows(funnel: FunnelCounts) -> Iterator[_Row]:
    scale = _BARS.width / max(1, funnel.begun)
    there = funnel.begun
    lines: list[tuple[str, str, int, int]] = [("players", "left", there, 0)]
    for one in funnel.fallen:
        there -= one.players
        lines.append((one.condition, "left", there, one.players))
    if funnel.unknown:
        lines.append(("could not be decided", "open", funnel.unknown, 0))
    lines.append(("passed all", "grant", funnel.passed, 0))
    for number, (label, mark, left, fell) in enumerate(lines):
        lost = f"−{fell:,}" if fell else ""  # noqa: RUF001  # a minus sign, in a picture
        yield _Row(
            y=14 + number * _ROW,
            label=_short(label),
            whole=f"{label}: {several(left, 'player')}" + (f", {fell:,} fell here" if fell else ""),
            mark=mark,
            left=round(left * scale, 2),
            fell=round(fell * scale, 2),
            number=f"{left:,}",
            lost=lost,
        )


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
