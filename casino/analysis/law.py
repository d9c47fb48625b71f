"""Findings about the law of a place: what its rules would take away from the players that a configuration is for."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from casino.analysis.finding import Finding, Severity
from casino.analysis.ground import Ground, Read
from casino.analysis.logic import Section
from casino.analysis.term import values_of
from casino.bonus.configuration import Configuration, Tier
from casino.bonus.law.jurisdictions import CURRENCY_PATH, PLACE_PATHS, JurisdictionRule, Packs, Predicate
from casino.bonus.law.places import within
from casino.bonus.reward import Boosted, Cash, Premium, Standard
from casino.money import Money
from casino.rules.condition import Condition, Operator, literal
from casino.values import Value

ELSEWHERE: Final = "-"  # a place that no rule knows


def asked(configurations: Iterable[Configuration], packs: Packs) -> list[Condition]:
    """Return the conditions that the questions about places need."""
    if not packs.rules:
        return []
    places = [*(rule.jurisdiction for rule in packs.rules), *_mentioned(configurations)]
    places = [*places, *(_country(place) for place in places), ELSEWHERE]
    currencies = dict.fromkeys(rule.value.currency for rule in packs.rules if isinstance(rule.value, Money))
    return [
        *(_equals(path, place) for place in dict.fromkeys(places) for path in PLACE_PATHS),
        *(_equals(CURRENCY_PATH, currency) for currency in currencies),
    ]


def _equals(path: str, value: Value) -> Condition:
    return Condition(path, Operator.EQUAL, value)


def _country(place: str) -> str:
    return place.partition("-")[0]


def _mentioned(configurations: Iterable[Configuration]) -> Iterator[str]:
    """Yield the places that configurations name."""
    for one in configurations:
        tiers = (condition for tier in one.tiers for condition in tier.when)
        for condition in (*one.segmentation, *one.qualification, *tiers):
            if condition.path in PLACE_PATHS:
                yield from (value for value in values_of(condition) if isinstance(value, str))


def lawful(ground: Ground, packs: Packs, *, on: date | None, jurisdictions: Collection[str] = ()) -> Iterator[Finding]:
    """Yield where a reward breaks a rule of a place whose players could get it.

    A configuration that names its places is checked against those, one that does not against `jurisdictions`: what
    breaks a verified rule there is an error. The other places are hints, one for all that allow no bonus: whether they
    are served at all nobody has said here, and the law is weighed again, player by player, at every decision.
    """
    rules = [rule for rule in packs.rules if rule.effective_from is None or on is None or rule.effective_from <= on]
    places = _places(ground, rules)
    for read in ground.configurations:
        if read.id in ground.impossible or not rules:
            continue
        named = _named_by(ground, read)
        for rule in rules:
            bound = named is not None or rule.jurisdiction in jurisdictions
            yield from _Weighed(ground, read, rule, named, bound).findings(places)
    yield from _no_bonus_elsewhere(rules, jurisdictions)


def _places(ground: Ground, rules: Iterable[JurisdictionRule]) -> list[str]:
    configurations = (read.configuration for read in ground.configurations)
    return [*dict.fromkeys([*(rule.jurisdiction for rule in rules), *_mentioned(configurations)])]


def _named_by(ground: Ground, read: Read) -> str | None:
    """Return the field by which a configuration names its places: a place that nobody has heard of is shut out."""
    for path in PLACE_PATHS:
        elsewhere = ground.section(read.configuration, [_equals(path, ELSEWHERE)])
        if not ground.logic.can_be([read.qualified, elsewhere]):
            return path
    return None


class _Broken(NamedTuple):
    """How a reward stands to a rule."""

    code: str
    what: str
    mend: str
    key: tuple[str, ...] = ()  # of the reward
    currency: str | None = None  # only for players of this currency


class _Weighed(NamedTuple):
    """One configuration, weighed against one rule."""

    ground: Ground
    read: Read
    rule: JurisdictionRule
    named: str | None  # the field by which the configuration names its places
    bound: bool  # the configuration is for this place

    def findings(self, places: Sequence[str]) -> Iterator[Finding]:
        """Yield what the rule has against the tiers; what it says of the configuration as a whole only once."""
        for tier, stage in self.read.tiers:
            broken = _broken(self.rule, tier)
            if broken is None or (not self.bound and broken.code not in {"B301", "B302"}):
                continue
            base = [*(one.whole for one in self.read.before_tiers), stage.whole]
            for place in (place for place in places if within(place, self.rule.jurisdiction)):
                witness = self._player(base, place, broken)
                if witness is not None:
                    yield self._finding(broken, tier, witness)
                    break
            else:
                continue
            if broken.key == ():
                return

    def _player(self, base: Sequence[Section], place: str, broken: _Broken) -> dict[str, Value] | None:
        """Return a player of the place who could get the tier."""
        asked = [] if broken.currency is None else [_equals(CURRENCY_PATH, broken.currency)]
        jurisdiction, country = PLACE_PATHS
        if place != _country(place) or self.named == jurisdiction:
            asked.append(_equals(jurisdiction, place))
        if place == _country(place) if self.named is None else self.named == country:
            asked.append(_equals(country, _country(place)))
        witness = self.ground.witness([*base, self.ground.section(self.read.configuration, asked)])
        return None if witness is None else {**witness}

    def _finding(self, broken: _Broken, tier: Tier, witness: dict[str, Value]) -> Finding:
        rule = self.rule
        unverified = "" if rule.verified else ", an entry that nobody has verified yet"
        return Finding(
            code=broken.code,
            severity=self._severity(broken),
            message=f"{rule.jurisdiction}: {broken.what} ({rule.id}{unverified})",
            mend=f"{broken.mend} Source: {rule.source}",
            configuration=self.read.id,
            path=("tiers", tier.name, "reward", *broken.key) if broken.key else (),
            witness=witness,
            at=self.ground.at,
        )

    def _severity(self, broken: _Broken) -> Severity:
        if broken.code == "B304":
            return "hint"
        if self.bound:
            return "error" if self.rule.verified else "warning"
        return "hint"


def _broken(rule: JurisdictionRule, tier: Tier) -> _Broken | None:
    match rule.predicate:
        case Predicate.MAX_WAGER:
            return _wagering(rule, tier)
        case Predicate.MAX_VALUE:
            return _value(rule, tier)
        case Predicate.NO_BONUS:
            mend = "Shut the place out, or take the configuration out: every grant there is vetoed."
            return _Broken("B303", "no bonus may be given", mend)
        case Predicate.REVIEW | Predicate.FIRST_TIME_ONLY:
            return _Broken("B304", rule.text, "Let somebody who knows the law of the place look at it.")
        case Predicate.MIN_AGE:
            return None  # weighed of every player, and nothing that a configuration could say


def _wagering(rule: JurisdictionRule, tier: Tier) -> _Broken | None:
    reward = tier.reward
    if isinstance(rule.value, Money) or rule.value is None:
        return None
    if isinstance(reward, Boosted | Premium):
        what = f'only the back office knows the wagering of the template "{reward.template_name}"'
        return _Broken("B304", what, f"See there that it is at most {literal(rule.value)} times.", ("templateName",))
    if reward.wager <= rule.value:
        return None
    what = f'the tier "{tier.name}" has wagering {literal(reward.wager)} times'
    mend = f"Ask for at most {literal(rule.value)} times, or shut the place out."
    return _Broken("B301", what, mend, ("wager",))


def _value(rule: JurisdictionRule, tier: Tier) -> _Broken | None:
    reward = tier.reward
    if not isinstance(rule.value, Money):
        return None
    if not isinstance(reward, Cash) or reward.amount_type != "cash":
        key = (
            ("spinsCount",) if isinstance(reward, Standard) else ("amount",) if isinstance(reward, Cash) else ("type",)
        )
        mend = f"See in the back office that it is at most {literal(rule.value)}."
        return _Broken("B304", f'what the tier "{tier.name}" is worth in money is not said here', mend, key)
    if reward.amount <= rule.value.amount:
        return None
    what = f'the tier "{tier.name}" gives {literal(reward.amount)} to a player of {rule.value.currency}'
    mend = f"Give at most {literal(rule.value)}, or shut the place out."
    return _Broken("B302", what, mend, ("amount",), rule.value.currency)


def _no_bonus_elsewhere(rules: Iterable[JurisdictionRule], jurisdictions: Collection[str]) -> Iterator[Finding]:
    """Say once for the whole set where no bonus may be given at all."""
    none = [rule for rule in rules if rule.predicate is Predicate.NO_BONUS and rule.jurisdiction not in jurisdictions]
    if none:
        places = ", ".join(rule.jurisdiction + ("" if rule.verified else " (not verified)") for rule in none)
        yield Finding(
            code="B303",
            severity="hint",
            message=f"players of these places get nothing, whatever a configuration says: {places}",
            mend="Nothing has to be done: the law of the place is weighed at every decision.",
            configuration=None,
        )
