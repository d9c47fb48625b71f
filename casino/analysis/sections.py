"""Findings inside one configuration: what nobody can pass, what nobody can match, and what says nothing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from casino.analysis.finding import Finding
from casino.analysis.ground import Ground, Read, Stage, said
from casino.analysis.logic import Section
from casino.bonus.configuration import Tier
from casino.loaded import Path


def inside(ground: Ground, read: Read) -> Iterator[Finding]:
    """Yield what is wrong within one configuration."""
    blocked = _blocked(ground, read)
    if blocked is not None:
        ground.impossible.add(read.id)
        yield blocked
        return
    base = [stage.whole for stage in read.before_tiers]
    matched: list[tuple[Tier, Stage]] = []
    for tier, stage in read.tiers:
        found = _unmatched(ground, read, tier, stage) or _shadowed(ground, read, tier, stage, above=matched)
        if found is None:
            matched.append((tier, stage))
        else:
            yield found
    yield from _left_without(ground, read, base)
    yield from _redundant(ground, read)


class _Clash(NamedTuple):
    """The fewest conditions that cannot hold together, and where the last of them stands."""

    words: str
    path: Path


def _blocked(ground: Ground, read: Read) -> Finding | None:
    """Find the first section that nobody passes who passed those before it."""
    passed: list[Stage] = []
    for stage in read.before_tiers:
        passed.append(stage)
        if not ground.logic.can_be([one.whole for one in passed]):
            clash = _clash(ground, passed)
            message = f"nobody can pass the {stage.path[0]}: {clash.words}"
            mend = "Mend or take out one of them." if stage.path != ("limits",) else "Allow at least one grant."
            return _error("B101", message, mend, read=read, path=clash.path)
    return None


def _clash(ground: Ground, stages: Sequence[Stage]) -> _Clash:
    """Narrow a contradiction down. Fields are free of each other, so it lies within the conditions on one field."""
    placed = [(one, stage.path_of(index)) for stage in stages for index, one in enumerate(stage.each)]
    by_field = (
        [entry for entry in placed if entry[0].fields == field]
        for field in dict.fromkeys(one.fields for one, _ in placed)
    )
    own = next(entries for entries in by_field if not ground.logic.can_be([one for one, _ in entries]))
    for entry in tuple(own):
        fewer = [other for other in own if other is not entry]
        if not ground.logic.can_be([one for one, _ in fewer]):
            own = fewer
    words = " and ".join(said(one) for one, _ in own)
    return _Clash(f"{words} {'never holds' if len(own) == 1 else 'never hold together'}", own[-1][1])


def _unmatched(ground: Ground, read: Read, tier: Tier, stage: Stage) -> Finding | None:
    stages = [*read.before_tiers, stage]
    if ground.logic.can_be([one.whole for one in stages]):
        return None
    clash = _clash(ground, stages)
    message = f'nobody who qualifies can match the tier "{tier.name}": {clash.words}'
    path = clash.path if clash.path[0] == "tiers" else stage.path
    return _error("B102", message, "Mend one of them, or take the tier out.", read=read, path=path)


def _error(code: str, message: str, mend: str, *, read: Read, path: Path) -> Finding:
    return Finding(code=code, severity="error", message=message, mend=mend, configuration=read.id, path=path)


def _shadowed(
    ground: Ground, read: Read, tier: Tier, stage: Stage, *, above: Sequence[tuple[Tier, Stage]]
) -> Finding | None:
    here = [*(one.whole for one in read.before_tiers), stage.whole]
    if not above or ground.logic.can_be(here, [one.whole for _, one in above]):
        return None
    guilty = fewest(ground, here, [(higher.name, one.whole) for higher, one in above])
    message = f'the tier "{tier.name}" is never reached: whoever matches it matches {either(guilty)} first'
    return Finding(
        code="B103",
        severity="error",
        message=message,
        mend=f'Give "{tier.name}" a higher priority, or narrow what stands above it.',
        configuration=read.id,
        path=stage.path[:2],
        witness=ground.witness(here),
        at=ground.at,
    )


def fewest(ground: Ground, here: Sequence[Section], above: Sequence[tuple[str, Section]]) -> list[str]:
    """Return the names of the fewest sections that leave nobody: one alone if there is such a one."""
    for name, one in above:
        if not ground.logic.can_be(here, [one]):
            return [name]
    kept = [*above]
    for entry in above:
        fewer = [other for other in kept if other is not entry]
        if not ground.logic.can_be(here, [one for _, one in fewer]):
            kept = fewer
    return [name for name, _ in kept]


def either(names: Sequence[str]) -> str:
    """Write names as alternatives."""
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"one of {', '.join(quoted)}"


def _left_without(ground: Ground, read: Read, base: Sequence[Section]) -> Iterator[Finding]:
    unless = [stage.whole for _, stage in read.tiers]
    witness = ground.witness(base, unless)
    if witness is None:
        return
    message = "a player can qualify and match no tier, and then gets nothing" if unless else "there are no tiers"
    mend = "Add a default tier: the lowest priority, and no conditions."
    yield Finding(
        code="B105",
        severity="warning",
        message=message,
        mend=mend,
        configuration=read.id,
        path=("tiers",),
        witness=witness,
        at=ground.at,
    )


def _redundant(ground: Ground, read: Read) -> Iterator[Finding]:
    yield from _redundant_in(ground, read, read.segmentation, ())
    yield from _redundant_in(ground, read, read.qualification, read.segmentation.each)
    base = (*read.segmentation.each, *read.qualification.each)
    for _, stage in read.tiers:
        yield from _redundant_in(ground, read, stage, base)


def _redundant_in(ground: Ground, read: Read, stage: Stage, before: Sequence[Section]) -> Iterator[Finding]:
    """Find conditions that follow from others on their field; one with words for the player says more than it asks."""
    kept = [*stage.each]
    for index, one in reversed([*enumerate(stage.each)]):
        condition = one.terms[0].condition
        others = [other for other in (*before, *kept) if other is not one and other.fields == one.fields]
        if condition.say is not None or ground.logic.can_be(others, [one]):
            continue
        kept.remove(one)
        for other in tuple(others):
            fewer = [further for further in others if further is not other]
            others = fewer if not ground.logic.can_be(fewer, [one]) else others
        words = " and ".join(said(other) for other in others)
        yield Finding(
            code="B106",
            severity="hint",
            message=f"{said(one)} always holds where {words} {'holds' if len(others) == 1 else 'hold'}",
            mend="Take it out.",
            configuration=read.id,
            path=stage.path_of(index),
        )
