"""What the law of a place says about bonuses, as dated, sourced data: a guard before every grant.

The rules themselves are data (`procedures/jurisdictions/`), each with its legal source, its date, and whether somebody
has verified it against that source. Code knows only what a rule can demand. Not legal advice.

Every rule of the player's place that is in force is weighed, so the strictest one decides. An entry that nobody has
verified is shown in the trace and vetoes nothing. What code cannot weigh (a template whose wagering only the back
office knows, a value in another currency, the terms of an offer) is flagged for the person who saves the configuration.
It does not stop a grant, or no template could ever be granted where there is a cap.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple, assert_never

from casino.bonus.configuration import Configuration
from casino.bonus.law.places import is_place, within
from casino.bonus.reward import Cash, Reward, Standard
from casino.facts import MISSING, UNAVAILABLE, Facts, Found, Look, source_of
from casino.money import Money, is_currency
from casino.rules.condition import Condition, Operator, literal
from casino.rules.evaluate import Checked, condition_node, weigh
from casino.values import Value
from casino.verdict import Outcome, TraceNode, Verdict, together


class Predicate(StrEnum):
    """What a rule can demand."""

    NO_BONUS = "no_bonus"  # none at all
    MAX_WAGER = "max_wager"  # times the bonus
    MAX_VALUE = "max_value"  # money
    MIN_AGE = "min_age"  # years
    FIRST_TIME_ONLY = "first_time_only"  # one bonus for a player with the licensee, ever
    REVIEW = "review"  # nothing that code can weigh: a person looks


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionRule:
    """One rule of one place. An entry that is not verified is shown and linted, and vetoes nothing."""

    id: str
    jurisdiction: str  # ISO 3166, as GB or CA-ON
    predicate: Predicate
    value: int | Decimal | Money | None
    effective_from: date | None
    source: str
    verified: bool
    text: str  # the rule in one sentence, for staff

    def is_in_force(self, place: str, *, on: date) -> bool:
        """Tell whether the rule holds in a place on a day; a rule of CA holds in CA-ON too."""
        return within(place, self.jurisdiction) and (self.effective_from is None or self.effective_from <= on)


@dataclass(frozen=True, slots=True)
class Packs:
    """The rules of all places. `required`: a player whose place is not known gets nothing before a person looked."""

    rules: tuple[JurisdictionRule, ...] = ()
    required: bool = False


NO_PACKS = Packs()
PLACE_PATHS = ("player.jurisdiction", "player.country")  # the first that says something
CURRENCY_PATH = "player.currency"
AGE_PATH = "safety.age_years"
NO_PLACE: Final = "jurisdiction (no place is known: the law of no place was weighed)"
LONGEST_PLACE = 40  # characters of what stands where a place should
LIFETIME_PATH = "counters.lifetime_grants"  # grants of any configuration to the player; not supplied: unknown
FIRST_GRANT: Final = Condition(LIFETIME_PATH, Operator.LESS, 1, on_missing="unknown")


@dataclass(frozen=True, slots=True)
class JurisdictionCheck:
    """What stands against a grant (for staff), what could not be known, and the trace of it; None: nothing applied."""

    against: tuple[str, ...]
    unknown: tuple[str, ...]
    node: TraceNode | None
    values: dict[str, Value]  # the facts that were read, by path


def check_jurisdiction(
    packs: Packs, *, configuration: Configuration, reward: Reward, facts: Facts, on: date
) -> JurisdictionCheck:
    """Weigh the rules of the player's place (`player.jurisdiction`, else `player.country`) against one reward.

    `on` is the day by which a rule has begun (`casino.bonus.law.places.latest_day`). A place is an ISO 3166 code.
    Anything else that is given leaves the grant open, required or not, and so does a place that could not be read: it
    is not known, and neither a slip nor an outage must switch the law off. Where no place is given and none is
    required, no law is weighed, and the trace says so.
    """
    if not packs.rules and not packs.required:
        return JurisdictionCheck((), (), None, {})
    stage = _Stage(configuration, reward, facts, {})
    place = stage.place()
    if not (place.may_be_given or packs.required):
        node = TraceNode(kind="jurisdiction", label=NO_PLACE, verdict=Verdict.YES)
        return JurisdictionCheck((), (), node, stage.values())
    in_force = [rule for rule in packs.rules if place.code is not None and rule.is_in_force(place.code, on=on)]
    weighed = (place.weighed, *(stage.weigh(rule) for rule in sorted(in_force, key=lambda rule: rule.id)))
    nodes = tuple(one.node for one in weighed)
    return JurisdictionCheck(
        against=tuple(one.said for one in weighed if one.node.verdict is Verdict.NO),
        unknown=tuple(one.said for one in weighed if one.node.verdict is Verdict.UNKNOWN),
        node=TraceNode(
            kind="jurisdiction",
            label=f"jurisdiction {place.code or 'not known'}",
            verdict=together(node.verdict for node in nodes),
            children=nodes,
        ),
        values=stage.values(),
    )


class _Weighed(NamedTuple):
    node: TraceNode
    said: str  # for staff, with the legal source


class _Place(NamedTuple):
    code: str | None  # None: not known
    weighed: _Weighed

    @property
    def may_be_given(self) -> bool:
        """Whether the facts name something, be it a place or not, or could name it if they could be read."""
        return self.weighed.node.outcome not in {Outcome.MISSING, Outcome.NULL}


@dataclass(frozen=True, slots=True)
class _Stage:
    """One reward of one configuration for one player, against the rules of the place; `read` is what was looked at."""

    configuration: Configuration
    reward: Reward
    facts: Facts
    read: dict[str, Value]

    def values(self) -> dict[str, Value]:
        """Return what was looked at, by path."""
        return {path: self.read[path] for path in sorted(self.read)}

    def look(self, path: str) -> Look:
        """Look a fact up, and keep what was found for the record."""
        look = self.facts.look(path)
        if isinstance(look, Found):
            self.read[path] = look.value
        return look

    def place(self) -> _Place:
        """Find the place. A path that could not be read is not passed over: it might have named another place."""
        for path in PLACE_PATHS:
            look = self.look(path)
            if look is not MISSING and look != Found(None):
                return self._placed(path, look)
        return self._placed(PLACE_PATHS[-1], self.look(PLACE_PATHS[-1]))

    def _placed(self, path: str, look: Look) -> _Place:
        value = look.value if isinstance(look, Found) else None
        code = value.strip().upper() if isinstance(value, str) else ""
        outcome = Outcome.PASS if is_place(code) else _unplaced(look)
        node = TraceNode(
            kind="condition",
            label=f"{path} names a place",
            verdict=Verdict.YES if outcome is Outcome.PASS else Verdict.UNKNOWN,
            path=path,
            operator="names a place",
            actual=value,
            outcome=outcome,
            source=source_of(path),
        )
        what = "the player's place is not known"
        if outcome is Outcome.TYPE_MISMATCH:
            shown = literal(value)
            cut = shown if len(shown) <= LONGEST_PLACE else f"{shown[: LONGEST_PLACE - 1]}…"
            what = f"{path} is {cut}, which is no ISO 3166 code (write GB or CA-ON)"
        said = f"{self.configuration.id}: {what}, so nobody can say which law applies"
        return _Place(code if outcome is Outcome.PASS else None, _Weighed(node, said))

    def weigh(self, rule: JurisdictionRule) -> _Weighed:
        """Weigh one rule; what nobody has verified is shown and no more."""
        if rule.verified:
            return self._verified(rule)
        return self._flagged(rule, "not verified, so it vetoes nothing")

    def _verified(self, rule: JurisdictionRule) -> _Weighed:
        match rule.predicate:
            case Predicate.NO_BONUS:
                return self._found(rule, Verdict.NO)
            case Predicate.MAX_WAGER:
                return self._wager(rule)
            case Predicate.MAX_VALUE:
                return self._value(rule)
            case Predicate.MIN_AGE:
                return self._on_a_fact(rule, Condition(AGE_PATH, Operator.GREATER_OR_EQUAL, rule.value))
            case Predicate.FIRST_TIME_ONLY:
                return self._on_a_fact(rule, FIRST_GRANT)
            case Predicate.REVIEW:
                return self._flagged(rule, "for the person who saves the configuration")
            case _:
                assert_never(rule.predicate)

    def _wager(self, rule: JurisdictionRule) -> _Weighed:
        match self.reward:
            case Standard(wager=wager) | Cash(wager=wager):
                over = isinstance(rule.value, int | Decimal) and wager > rule.value
                return self._found(rule, Verdict.NO if over else Verdict.YES, f" Here it is {wager}x.")
            case _:
                return self._flagged(rule, "cannot be weighed: only the back office's template knows the wagering")

    def _value(self, rule: JurisdictionRule) -> _Weighed:
        """Compare cash in the rule's own currency. Rates change daily, and the worth of spins is not known here.

        The player's currency is read as a place is, 'eur ' as EUR. What is no code leaves it open: a slip must not
        switch the cap off.
        """
        reward, most = self.reward, rule.value
        if not isinstance(reward, Cash) or reward.amount_type != "cash" or not isinstance(most, Money):
            return self._flagged(rule, "cannot be weighed: the value of this reward is not known")
        same = Condition(CURRENCY_PATH, Operator.EQUAL, most.currency)
        checked = _weighed_currency(same, self.look(CURRENCY_PATH))
        if checked.outcome is Outcome.FAIL:
            return self._flagged(rule, f"cannot be weighed: the player's currency is not {most.currency}")
        verdict = Verdict.UNKNOWN
        if checked.outcome is Outcome.PASS:
            verdict = Verdict.NO if reward.amount > most.amount else Verdict.YES
        found = f" Here it is {reward.amount} of the player's currency."
        return self._found(rule, verdict, found, condition_node(same, checked))

    def _on_a_fact(self, rule: JurisdictionRule, condition: Condition) -> _Weighed:
        checked = weigh(condition, self.look(condition.path))
        # A fact that nobody has does not show that the law is kept, and not that it is broken.
        verdict = Verdict.UNKNOWN
        if checked.outcome in {Outcome.PASS, Outcome.FAIL}:
            verdict = checked.verdict
        return self._found(rule, verdict, "", condition_node(condition, checked))

    def _found(self, rule: JurisdictionRule, verdict: Verdict, found: str = "", *children: TraceNode) -> _Weighed:
        label = f"{rule.id}: {rule.text}{found}"
        node = TraceNode(kind="jurisdiction", label=label, verdict=verdict, children=children)
        return _Weighed(node, f"{self.configuration.id}: {label} ({rule.source})")

    def _flagged(self, rule: JurisdictionRule, why: str) -> _Weighed:
        node = TraceNode(kind="jurisdiction", label=f"{rule.id} ({why}): {rule.text}", verdict=Verdict.YES)
        return _Weighed(node, f"{self.configuration.id}: {node.label} ({rule.source})")


def _weighed_currency(same: Condition, look: Look) -> Checked:
    value = look.value if isinstance(look, Found) else None
    if not isinstance(value, str):
        return weigh(same, look)
    code = value.strip().upper()
    if not is_currency(code):
        return Checked(Outcome.TYPE_MISMATCH, value, Verdict.NO)
    return replace(weigh(same, Found(code)), actual=value)


def _unplaced(look: Look) -> Outcome:
    if look is UNAVAILABLE:
        return Outcome.UNAVAILABLE
    if look is MISSING:
        return Outcome.MISSING
    return Outcome.NULL if look.value is None else Outcome.TYPE_MISMATCH
