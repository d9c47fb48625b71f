"""Findings between configurations: which one takes the players of another, and which meet the same ones."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from casino.analysis.finding import Finding
from casino.analysis.ground import Ground, Read
from casino.analysis.sections import either, fewest
from casino.bonus.configuration import ConfigurationStatus

MOST_OVERLAPS: Final = 20  # shown in one set; the rest is counted
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def unreachable(ground: Ground) -> Iterator[Finding]:
    """Yield the configurations whose players all end at others that are tried before."""
    for number, read in enumerate(ground.configurations):
        if read.id in ground.impossible:
            continue
        guilty = _guilty(ground, read, ground.configurations[:number])
        if not guilty:
            continue
        ground.unreachable.add(read.id)
        yield Finding(
            code="B104",
            severity="warning",
            message=f'nobody gets as far as "{read.id}": whoever qualifies for it ends at {either(guilty)} before',
            mend="Give it a higher priority, narrow what stands before it, or archive it.",
            configuration=read.id,
            path=("priority",),
            witness=ground.witness([read.qualified, read.limits.whole]),
            at=ground.at,
        )


def _guilty(ground: Ground, read: Read, before: Sequence[Read]) -> list[str]:
    """Return the ids of those that take every player of a configuration, whatever the brand and the day; or none."""
    here = [read.qualified, read.limits.whole]
    overlapping = [
        other for other in before if _counts_against(other, read) and ground.logic.can_be([*here, other.taken])
    ]
    names: dict[str, None] = {}
    for company in _companies(read, overlapping):
        if not company or ground.logic.can_be(here, [other.taken for other in company]):
            return []
        names |= dict.fromkeys(fewest(ground, here, [(other.id, other.taken) for other in company]))
    return [*names]


def _counts_against(other: Read, read: Read) -> bool:
    """Tell whether one may stand before another: what is published is not behind a draft."""
    drafted = other.configuration.status is ConfigurationStatus.DRAFT
    return not drafted or read.configuration.status is ConfigurationStatus.DRAFT


def _companies(read: Read, before: Sequence[Read]) -> list[list[Read]]:
    """Return with which of the others a configuration stands together, for each brand and time; the smallest only."""
    own = read.configuration
    named = {brand for other in before for brand in other.configuration.brands}
    found: dict[frozenset[str], list[Read]] = {}
    for brand in own.brands or (*sorted(named), None):
        for moment in _moments(read, before):
            company = [other for other in before if _stands(other, brand, moment)]
            found[frozenset(other.id for other in company)] = company
    return [company for ids, company in found.items() if not any(other < ids for other in found)]


def _moments(read: Read, before: Sequence[Read]) -> list[datetime]:
    """Return a moment of each stretch of time within which nothing begins or ends."""
    start, end = _window(read)
    edges = {edge for other in before for edge in _window(other) if start < edge < end}
    return [start, *sorted(edges)]


def _window(read: Read) -> tuple[datetime, datetime]:
    own = read.configuration
    return (own.effective_from or _ALWAYS, own.effective_until or _NEVER)


def _stands(other: Read, brand: str | None, moment: datetime) -> bool:
    start, end = _window(other)
    brands = other.configuration.brands
    return start <= moment < end and (not brands or brand in brands)


def overlaps(ground: Ground) -> Iterator[Finding]:
    """Yield the pairs that meet the same players: one inside the other as a warning, of the rest the first few."""
    hints = 0
    for number, lower in enumerate(ground.configurations):
        for higher in ground.configurations[:number]:
            found = _overlap(ground, higher, lower, shown=hints < MOST_OVERLAPS)
            if found is None:
                continue
            hints += found.severity == "hint"
            if found.severity != "hint" or hints <= MOST_OVERLAPS:
                yield found
    if hints > MOST_OVERLAPS:
        yield Finding(
            code="B109",
            severity="hint",
            message=f"{hints - MOST_OVERLAPS} more pairs of configurations meet the same players",
            mend="A population run counts how many players each pair shares.",
            configuration=None,
        )


def _overlap(ground: Ground, higher: Read, lower: Read, *, shown: bool) -> Finding | None:
    both = [higher.qualified, lower.qualified]
    if {higher.id, lower.id} & ground.impossible or not _meet(higher, lower) or not ground.logic.can_be(both):
        return None
    inside = not ground.logic.can_be([lower.qualified], [higher.qualified])
    if inside and lower.id in ground.unreachable:
        return None  # said already, and more sharply
    # Most pairs of a large set are only counted: a witness is made for those that are shown.
    witness = ground.witness(both) if shown or inside else None
    if witness is None and (shown or inside):
        return None
    return Finding(
        code="B107" if inside else "B108",
        severity="warning" if inside else "hint",
        message=_words(ground, higher, lower, inside=inside),
        mend="Make sure that the order is meant; narrow one of them if it is not.",
        configuration=lower.id,
        path=("priority",),
        witness=witness,
        at=ground.at,
    )


def _words(ground: Ground, higher: Read, lower: Read, *, inside: bool) -> str:
    if inside:
        return f'whoever qualifies for "{lower.id}" qualifies for "{higher.id}", which is tried first'
    if not ground.logic.can_be([higher.qualified], [lower.qualified]):
        return f'whoever qualifies for "{higher.id}", which is tried first, qualifies for "{lower.id}" too'
    return f'a player can qualify for "{lower.id}" and for "{higher.id}", which is tried first'


def _meet(one: Read, other: Read) -> bool:
    (start, end), (other_start, other_end) = _window(one), _window(other)
    together = start < other_end and other_start < end
    return together and one.configuration.shares_a_brand_with(other.configuration)
