"""One configuration read on one player: where it can end, why, and whether the next one may have its turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, assert_never

from casino.bonus.configuration import Configuration, Tier
from casino.clock import CasinoTime
from casino.facts import Facts
from casino.money import Money
from casino.rules.condition import Condition, literal
from casino.rules.evaluate import all_of
from casino.values import Value
from casino.verdict import NodeKind, Outcome, TraceNode, Verdict, together


class ReasonCode(StrEnum):
    """Why a decision gives nothing; the codes of the vetoes come on top."""

    CONDITION_FAILED = "condition_failed"
    FIELD_MISSING = "field_missing"
    FIELD_NULL = "field_null"
    TYPE_MISMATCH = "type_mismatch"
    UNAVAILABLE = "unavailable"
    LIMIT_REACHED = "limit_reached"
    NO_TIER = "no_tier"
    NO_CONFIGURATION = "no_configuration"
    JURISDICTION = "jurisdiction"
    JURISDICTION_UNKNOWN = "jurisdiction_unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: `text` is for staff, `player_text` is what the player may hear, if anything."""

    code: str
    text: str
    player_text: str | None
    path: str | None

    def to_document(self) -> dict[str, Value]:
        """Return the reason as a plain document."""
        return {"code": self.code, "text": self.text, "player_text": self.player_text, "path": self.path}


@dataclass(frozen=True, slots=True)
class End:
    """Where a decision may end: at a tier, at a configuration that gives nothing, or past all of them."""

    configuration: Configuration | None = None
    tier: Tier | None = None
    no_tier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one configuration says about one player."""

    node: TraceNode
    ends: tuple[End, ...]  # where the decision may end inside this configuration
    goes_on: bool  # whether the next configuration may have its turn
    against: tuple[Reason, ...]  # conditions that failed
    open: tuple[Reason, ...]  # conditions that could not be weighed, where more than one way is left because of them


class _Stage(NamedTuple):
    verdict: Verdict
    node: TraceNode
    against: tuple[Reason, ...]
    open: tuple[Reason, ...]


def seen_by(configuration: Configuration, facts: Facts, now: datetime) -> Facts:
    """Return the facts as a configuration sees them: in its casino time, with its computed fields."""
    at = CasinoTime(now, configuration.time_zone, configuration.day_begins)
    return facts.seen(at=at, computed=configuration.computed)


def read_configuration(configuration: Configuration, facts: Facts, now: datetime) -> Reading:
    """Weigh segmentation, qualification, limits and tiers, each only where what stands before does not rule it out.

    A limit that is reached counts as a failed qualification. The stage of the limits is there only where there are any.
    """
    seen = seen_by(configuration, facts, now)
    segment = _stage("classification", "classification", configuration, configuration.segmentation, seen)
    if segment.verdict is Verdict.NO:
        return _reading(configuration, (segment,), (), goes_on=True)
    qualified = _qualified(configuration, seen)
    verdict = together(stage.verdict for stage in qualified)
    ends: list[End] = []
    tiers: tuple[_Stage, ...] = ()
    if verdict is not Verdict.NO:
        tiers = _tier_stages(configuration, seen)
        ends += _tier_ends(configuration, tiers)
    goes_on = segment.verdict is Verdict.UNKNOWN
    if verdict is not Verdict.YES:
        if configuration.on_unqualified == "stop":
            ends.append(End(configuration))
        else:
            goes_on = True
    return _reading(configuration, (segment, *qualified, *tiers), tuple(ends), goes_on=goes_on)


def qualification_label(configuration: Configuration) -> str:
    """Return the label of the stage: what happens where it fails is part of it."""
    return f"qualification (otherwise {configuration.on_unqualified})"


def _qualified(configuration: Configuration, facts: Facts) -> tuple[_Stage, ...]:
    label = qualification_label(configuration)
    qualified = _stage("qualification", label, configuration, configuration.qualification, facts)
    limits = configuration.limits.conditions(configuration.id)
    if qualified.verdict is Verdict.NO or not limits:
        return (qualified,)
    return (qualified, _stage("limits", "limits", configuration, limits, facts))


def _reading(
    configuration: Configuration, stages: tuple[_Stage, ...], ends: tuple[End, ...], *, goes_on: bool
) -> Reading:
    grants = [end.tier is not None for end in ends]
    verdict = Verdict.UNKNOWN
    if not any(grants):
        verdict = Verdict.NO
    elif len(ends) == 1 and not goes_on:
        verdict = Verdict.YES
    children = tuple(stage.node for stage in stages)
    return Reading(
        node=TraceNode(kind="configuration", label=configuration.id, verdict=verdict, children=children),
        ends=ends,
        goes_on=goes_on,
        against=tuple(reason for stage in stages for reason in stage.against),
        open=tuple(reason for stage in stages for reason in stage.open) if len(ends) + goes_on > 1 else (),
    )


def _tier_stages(configuration: Configuration, facts: Facts) -> tuple[_Stage, ...]:
    """Weigh the tiers by descending priority, up to the first that certainly matches."""
    stages: list[_Stage] = []
    for tier in configuration.tiers:
        stage = _stage("tier", tier.name, configuration, tier.when, facts)
        stages.append(stage)
        if stage.verdict is Verdict.YES:
            break
    return tuple(stages)


def _tier_ends(configuration: Configuration, stages: tuple[_Stage, ...]) -> list[End]:
    weighed = zip(configuration.tiers, stages, strict=False)  # those behind the first match were not weighed
    ends = [End(configuration, tier) for tier, stage in weighed if stage.verdict is not Verdict.NO]
    certain = bool(stages) and stages[-1].verdict is Verdict.YES
    return ends if certain else [*ends, End(configuration, no_tier=True)]


def _stage(
    kind: NodeKind, label: str, configuration: Configuration, conditions: tuple[Condition, ...], facts: Facts
) -> _Stage:
    verdict, nodes = all_of(conditions, facts)
    where = f"{configuration.id}, {label if kind != 'tier' else f'tier {label}'}"
    limit = kind == "limits"
    reasons = [
        (node.verdict, _reason(condition, node, where, limit=limit))
        for condition, node in zip(conditions, nodes, strict=True)
    ]
    return _Stage(
        verdict,
        TraceNode(kind=kind, label=label, verdict=verdict, children=nodes),
        tuple(reason for decided, reason in reasons if decided is Verdict.NO),
        tuple(reason for decided, reason in reasons if decided is Verdict.UNKNOWN and verdict is Verdict.UNKNOWN),
    )


_CODES: Mapping[Outcome, ReasonCode] = MappingProxyType(
    {
        Outcome.PASS: ReasonCode.CONDITION_FAILED,
        Outcome.FAIL: ReasonCode.CONDITION_FAILED,
        Outcome.MISSING: ReasonCode.FIELD_MISSING,
        Outcome.NULL: ReasonCode.FIELD_NULL,
        Outcome.TYPE_MISMATCH: ReasonCode.TYPE_MISMATCH,
        Outcome.UNAVAILABLE: ReasonCode.UNAVAILABLE,
    }
)


def _reason(condition: Condition, node: TraceNode, where: str, *, limit: bool) -> Reason:
    outcome = node.outcome or Outcome.FAIL
    said = condition.say if outcome is Outcome.FAIL and condition.hear == "player" else None
    code = ReasonCode.LIMIT_REACHED if limit and outcome is Outcome.FAIL else _CODES[outcome]
    return Reason(code.value, f"{where}: {node.label} ({_found(condition, node, outcome)})", said, condition.path)


def _found(condition: Condition, node: TraceNode, outcome: Outcome) -> str:
    match outcome:
        case Outcome.PASS | Outcome.FAIL:
            measured = "" if node.measured is None else f", which makes {literal(node.measured)}"
            return f"it is {_shown(node.actual)}{measured}"
        case Outcome.MISSING:
            return "there is no such field"
        case Outcome.NULL:
            return "it is null"
        case Outcome.TYPE_MISMATCH:
            return f"{literal(node.actual)} is of another type{_wanted(condition, node.actual)}"
        case Outcome.UNAVAILABLE:
            return _unread(condition, node.actual)
        case _:
            assert_never(outcome)


def _unread(condition: Condition, actual: Value) -> str:
    if actual is not None:
        return f"{literal(actual)} counts nothing{_wanted(condition, actual)}"
    return "nobody supplied it" if condition.path.startswith("counters.") else "it could not be read"


def _shown(value: Value) -> str:
    """Write a value as rules do; what a division left behind as zeros says nothing."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return f"{value:.0f}"
    return f"{value:f}".rstrip("0") if isinstance(value, Decimal) else literal(value)


def _wanted(condition: Condition, actual: Value) -> str:
    """Say how money stands in the facts, where that is what a value of another type should have been."""
    money = condition.expected
    if not isinstance(money, Money):
        return ""
    if isinstance(actual, dict) and actual.keys() == {"amount", "currency"}:
        return f"; only {money.currency} is compared with {money.currency}"
    return f'; money is {{"amount": 900, "currency": "{money.currency}"}}'
