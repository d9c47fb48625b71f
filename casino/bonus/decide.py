"""The decision: does this player get a bonus, which one, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from casino.bonus.configuration import Configuration, ConfigurationSet
from casino.bonus.reading import End, Reading, Reason, ReasonCode, read_configuration
from casino.bonus.reward import Reward
from casino.facts import Facts, SafetyFacts
from casino.safety import LOWEST_LEGAL_AGE, Veto, check_safety
from casino.values import Value
from casino.verdict import Outcome, TraceNode, Verdict

# One text for a veto and for a plain no: two texts would tell a player which of the two it was.
NO_BONUS: Final = "You do not qualify for a bonus at the moment."
NOT_KNOWN_YET: Final = "We could not check everything that is needed just now, so nothing has been decided yet."


class Status(StrEnum):
    """How a decision ended."""

    QUALIFIED = "qualified"
    NOT_QUALIFIED = "not_qualified"
    UNKNOWN = "unknown"
    VETOED = "vetoed"


_VERDICTS: Mapping[Status, Verdict] = MappingProxyType(
    {
        Status.QUALIFIED: Verdict.YES,
        Status.NOT_QUALIFIED: Verdict.NO,
        Status.UNKNOWN: Verdict.UNKNOWN,
        Status.VETOED: Verdict.NO,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision and all that it rests on."""

    status: Status
    brand: str
    now: datetime
    legal_age: int
    configuration: str | None  # the one that decided, or that the decision hangs on
    configuration_hash: str  # of that configuration; where none decided, of the whole set
    tier: str | None
    reward: Reward | None
    comment: str | None
    reasons: tuple[Reason, ...]
    trace: TraceNode
    values: Mapping[str, Value]  # every value that was resolved, by path
    unavailable: tuple[str, ...]  # every path that could not be read

    def told(self) -> list[str]:
        """Return what the player may hear about a decision that gives nothing; never a safety fact."""
        match self.status:
            case Status.QUALIFIED:
                return []
            case Status.VETOED:
                return [NO_BONUS]
            case Status.UNKNOWN:
                return [NOT_KNOWN_YET]
            case Status.NOT_QUALIFIED:
                said = dict.fromkeys(reason.player_text for reason in self.reasons if reason.player_text is not None)
                return [*said] or [NO_BONUS]

    def result(self) -> dict[str, Value]:
        """Return the fields that a procedure works with; reasons as the player may hear them."""
        fields: dict[str, Value] = {
            "qualified": self.status is Status.QUALIFIED,
            "status": self.status.value,
            "rewardType": None,
        }
        if self.reward is not None:
            fields |= self.reward.result_fields()
        if self.comment is not None:
            fields["comment"] = self.comment
        return {**fields, "reasons": [*self.told()]}

    def record(self) -> dict[str, Value]:
        """Return all of it as a plain document, for staff and for the audit trail."""
        return {
            "status": self.status.value,
            "brand": self.brand,
            "now": self.now.isoformat(),
            "legal_age": self.legal_age,
            "configuration": self.configuration,
            "configuration_hash": self.configuration_hash,
            "tier": self.tier,
            "reward": None if self.reward is None else self.reward.result_fields(),
            "comment": self.comment,
            "reasons": [reason.to_document() for reason in self.reasons],
            "values": {**self.values},
            "unavailable": [*self.unavailable],
            "trace": self.trace.to_document(),
        }


def decide(
    configurations: ConfigurationSet,
    facts: Facts,
    *,
    brand: str,
    now: datetime,
    legal_age: int = LOWEST_LEGAL_AGE,
) -> Decision:
    """Decide for one player; pure, so that the same arguments give the same decision, byte for byte.

    Safety comes first. Then the brand's published, effective configurations are tried by descending priority. What
    cannot be read leaves several ends open: a configuration whose segmentation, qualification or tier is unknown could
    grant, or could let the next one have its turn. The decision is "qualified" only where one single end is left,
    "not_qualified" where none of the ends grants anything, and "unknown" otherwise. So an outage is never taken for a
    no, and a later configuration or a lower tier is never granted in place of one that nobody could rule out; but an
    outage that makes no difference does not hold up the decision.

    `now` must be aware (ValueError); `legal_age` is in years and at least 18 (ValueError).
    """
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    vetoes, safety = check_safety(SafetyFacts.of(facts), legal_age=legal_age)
    ending = _vetoed(vetoes) if vetoes else _tried(configurations.in_force(brand=brand, now=now), facts)
    children = (safety, *(reading.node for reading in ending.readings))
    trace = TraceNode(kind="decision", label=ending.status.value, verdict=_VERDICTS[ending.status], children=children)
    configuration = ending.at.configuration
    granted = ending.at.tier if ending.status is Status.QUALIFIED else None
    return Decision(
        status=ending.status,
        brand=brand,
        now=now,
        legal_age=legal_age,
        configuration=None if configuration is None else configuration.id,
        configuration_hash=configurations.hash if configuration is None else configuration.hash,
        tier=None if granted is None else granted.name,
        reward=None if granted is None else granted.reward,
        comment=None if granted is None or configuration is None else configuration.comment,
        reasons=ending.reasons,
        trace=trace,
        values=_resolved(trace),
        unavailable=_unavailable(trace),
    )


class _Ending(NamedTuple):
    status: Status
    at: End
    reasons: tuple[Reason, ...]
    readings: tuple[Reading, ...]


def _vetoed(vetoes: tuple[Veto, ...]) -> _Ending:
    reasons = tuple(Reason(veto.code.value, veto.text, None, veto.fact) for veto in vetoes)
    return _Ending(Status.VETOED, End(), reasons, ())


def _tried(configurations: tuple[Configuration, ...], facts: Facts) -> _Ending:
    readings = tuple(_readings(configurations, facts))
    ends = _ends(readings)
    status = _status(ends)
    # Several ends that all give nothing have no one configuration to name; an open decision hangs on its first end.
    at = ends[0] if len(ends) == 1 or status is Status.UNKNOWN else End()
    return _Ending(status, at, _reasons(status, readings, ends), readings)


def _readings(configurations: tuple[Configuration, ...], facts: Facts) -> Iterator[Reading]:
    """Read one configuration after the other, until one certainly leaves no turn to the next."""
    for configuration in configurations:
        reading = read_configuration(configuration, facts)
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


def _conditions(node: TraceNode) -> Iterator[TraceNode]:
    if node.kind == "condition":
        yield node
    for child in node.children:
        yield from _conditions(child)


def _resolved(trace: TraceNode) -> Mapping[str, Value]:
    absent = {Outcome.MISSING, Outcome.UNAVAILABLE}
    found = {node.path: node.actual for node in _conditions(trace) if node.outcome not in absent}
    return MappingProxyType({path: found[path] for path in sorted(path for path in found if path is not None)})


def _unavailable(trace: TraceNode) -> tuple[str, ...]:
    paths = {node.path for node in _conditions(trace) if node.outcome is Outcome.UNAVAILABLE}
    return tuple(sorted(path for path in paths if path is not None))
