"""The whole story of a decision, told by the interpreter from what was read: every reason, and the trace.

It is the meaning of a set of configurations; the compiled function only gets to the same end sooner.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from casino.bonus.configuration import Configuration
from casino.bonus.law.jurisdictions import (
    AGE_PATH,
    CURRENCY_PATH,
    LIFETIME_PATH,
    PLACE_PATHS,
    JurisdictionCheck,
    Packs,
    check_jurisdiction,
)
from casino.bonus.law.places import latest_day
from casino.bonus.reading import End, Reading, Reason, ReasonCode, read_configuration, seen_by
from casino.facts import SAFETY_AGE, SAFETY_FLAGS, Facts, SafetyFacts
from casino.safety import Veto, check_safety
from casino.verdict import TraceNode, Verdict

LAW_READS: Final = (*PLACE_PATHS, CURRENCY_PATH, AGE_PATH, LIFETIME_PATH)  # what the law of a place looks at

SAFETY_READS: Final = tuple(f"safety.{name}" for name in (*SAFETY_FLAGS, SAFETY_AGE))


class Status(StrEnum):
    """How a decision ended."""

    QUALIFIED = "qualified"
    NOT_QUALIFIED = "not_qualified"
    UNKNOWN = "unknown"
    VETOED = "vetoed"


VERDICTS: Mapping[Status, Verdict] = MappingProxyType(
    {
        Status.QUALIFIED: Verdict.YES,
        Status.NOT_QUALIFIED: Verdict.NO,
        Status.UNKNOWN: Verdict.UNKNOWN,
        Status.VETOED: Verdict.NO,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """How a decision ended, where, why, and how many configurations were tried."""

    status: Status
    end: End
    reasons: tuple[Reason, ...]
    trace: TraceNode
    tried: int


def tell(
    configurations: tuple[Configuration, ...], facts: Facts, *, now: datetime, legal_age: int, packs: Packs
) -> Story:
    """Decide by reading everything, one stage after the other: safety, configurations, the law of the place.

    What cannot be read leaves several ends open: a configuration whose segmentation, qualification or tier is unknown
    could grant, or could let the next one have its turn. The decision is "qualified" only where one single end is left,
    "not_qualified" where none of the ends grants anything, and "unknown" otherwise. So an outage is never taken for a
    no, and a later configuration or a lower tier is never granted in place of one that nobody could rule out; but an
    outage that makes no difference does not hold up the decision.
    """
    vetoes, safety = check_safety(SafetyFacts.of(facts), legal_age=legal_age)
    if vetoes:
        return _vetoed(vetoes, safety)
    readings = tuple(_readings(configurations, facts, now))
    ends = _ends(readings)
    status = _status(ends)
    # Several ends that all give nothing have no one configuration to name; an open decision hangs on its first end.
    end = ends[0] if len(ends) == 1 or status is Status.UNKNOWN else End()
    reasons = _reasons(status, readings, ends)
    nodes = (safety, *(reading.node for reading in readings))
    if status is Status.QUALIFIED:
        law = weigh_law(end, facts, now=now, packs=packs)
        status = lawful(law)
        reasons = _reasons_of_law(law)
        nodes = nodes if law.node is None else (*nodes, law.node)
    trace = TraceNode(kind="decision", label=status.value, verdict=VERDICTS[status], children=nodes)
    return Story(status=status, end=end, reasons=reasons, trace=trace, tried=len(readings))


def weigh_law(end: End, facts: Facts, *, now: datetime, packs: Packs) -> JurisdictionCheck:
    """Weigh the law of the player's place on the tier that would be granted; without packs there is none to weigh.

    The day is the latest one on Earth, and not that of the casino: a rule that may already hold where the player is,
    holds.
    """
    if end.configuration is None or end.tier is None or not (packs.rules or packs.required):
        return JurisdictionCheck((), (), None, {})
    seen = seen_by(end.configuration, facts, now)
    on = latest_day(now)
    return check_jurisdiction(packs, configuration=end.configuration, reward=end.tier.reward, facts=seen, on=on)


def lawful(law: JurisdictionCheck) -> Status:
    """Return what the law leaves of a grant: what stands against it vetoes, what nobody knows leaves it open."""
    if law.against:
        return Status.VETOED
    return Status.UNKNOWN if law.unknown else Status.QUALIFIED


def _reasons_of_law(law: JurisdictionCheck) -> tuple[Reason, ...]:
    if law.against:
        return tuple(Reason(ReasonCode.JURISDICTION.value, said, None, None) for said in law.against)
    return tuple(Reason(ReasonCode.JURISDICTION_UNKNOWN.value, said, None, None) for said in law.unknown)


def _vetoed(vetoes: tuple[Veto, ...], safety: TraceNode) -> Story:
    trace = TraceNode(kind="decision", label=Status.VETOED.value, verdict=Verdict.NO, children=(safety,))
    reasons = tuple(Reason(veto.code.value, veto.text, None, veto.fact) for veto in vetoes)
    return Story(status=Status.VETOED, end=End(), reasons=reasons, trace=trace, tried=0)


def _readings(configurations: tuple[Configuration, ...], facts: Facts, now: datetime) -> Iterator[Reading]:
    """Read one configuration after the other, until one certainly leaves no turn to the next."""
    for configuration in configurations:
        reading = read_configuration(configuration, facts, now)
        yield reading
        if not reading.goes_on:
            return


def _ends(readings: tuple[Reading, ...]) -> tuple[End, ...]:
    ends = tuple(end for reading in readings for end in reading.ends)
    falls_through = not readings or readings[-1].goes_on
    return (*ends, End()) if falls_through else ends


def _status(ends: tuple[End, ...]) -> Status:
    if all(end.tier is None for end in ends):
        return Status.NOT_QUALIFIED
    return Status.QUALIFIED if len(ends) == 1 else Status.UNKNOWN


def _reasons(status: Status, readings: tuple[Reading, ...], ends: tuple[End, ...]) -> tuple[Reason, ...]:
    open_ = tuple(reason for reading in readings for reason in reading.open)
    match status:
        case Status.QUALIFIED:
            return ()
        case Status.UNKNOWN:
            return open_
        case _:
            against = tuple(reason for reading in readings for reason in reading.against)
            return (*_whole(readings, ends), *against) or open_


def _whole(readings: tuple[Reading, ...], ends: tuple[End, ...]) -> tuple[Reason, ...]:
    """Return the reasons that are no single condition's."""
    if not readings:
        return (Reason(ReasonCode.NO_CONFIGURATION.value, "no configuration of this brand is in force", None, None),)
    end = ends[0]
    if len(ends) == 1 and end.no_tier and end.configuration is not None:
        return (Reason(ReasonCode.NO_TIER.value, f"{end.configuration.id}: no tier matches", None, None),)
    return ()
