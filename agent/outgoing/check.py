"""What the agent is about to say, held against what is known: what the player is told is true.

Every figure, date and name in an outgoing text must be a value of this ticket, and a figure must count what the known
value counts: 15 free spins do not prove "15x". A false alarm costs one more draft, a miss is a lie about money, so
doubt counts as untrue. What is let through unread is listed in `agent.outgoing.claims`.

Where nobody has said what a known value counts (a tool of another business), figures are compared by value alone.
Currencies are compared with the currencies that are known: pass the player's currency wherever amounts are spoken of.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from agent.outgoing.claims import TIME, Claim, claims, plain, quoted_names, without
from agent.outgoing.deeds import denies_effect, promises_effect, says_passed_on
from agent.outgoing.figures import currencies_in
from agent.outgoing.free_text import ungranted
from agent.outgoing.roles import Role, agree, role_of_key
from agent.outgoing.verdicts import approves, pledges, refuses
from casino.values import Value
from tools.spoken_words import fold


@dataclass(slots=True)
class _Known:
    """All that the ticket knows, gathered from trees of values."""

    figures: dict[Decimal, set[Role]] = field(default_factory=dict[Decimal, set[Role]])
    days: set[tuple[int | None, int, int]] = field(default_factory=set[tuple[int | None, int, int]])
    currencies: set[str] = field(default_factory=set[str])
    texts: list[str] = field(default_factory=list[str])
    bonuses: set[str] = field(default_factory=set[str])

    def add(self, value: Value, *, role: Role = Role.ANY) -> None:
        """Take in a tree of values; `role` is what numbers in it count."""
        if isinstance(value, dict):
            self._add_object(value, role)
        elif isinstance(value, list):
            for member in value:
                self.add(member, role=role)
        elif isinstance(value, str):
            self._add_text(plain(value), role)
        elif isinstance(value, (int, Decimal)) and not isinstance(value, bool) and Decimal(value).is_finite():
            self._add_figure(abs(Decimal(value)), role)

    def _add_object(self, value: dict[str, Value], role: Role) -> None:
        own = _reward_role(value) or role
        name = value.get("name")
        if own is Role.BONUS and isinstance(name, str):
            self.bonuses.add(fold(name))
        for key, member in value.items():
            of_key = role_of_key(key)
            amount = own if key in _AMOUNTS else Role.ANY
            self.add(member, role=of_key if of_key is not Role.ANY else amount)

    def _add_figure(self, figure: Decimal, role: Role) -> None:
        self.figures.setdefault(figure, set()).add(role)

    def _add_text(self, text: str, role: Role) -> None:
        self.texts.append(text)
        self.currencies |= currencies_in(text)
        for claim in claims(text):
            self.texts += [claim.token] if TIME.fullmatch(claim.token) else []
            for figure in claim.figures:
                self._add_figure(figure, _role_in_text(claim.role, role))
            self.days |= claim.days | {(None, month, day) for _, month, day in claim.days}
            for year in {year for year, _, _ in claim.days if year is not None}:
                self._add_figure(Decimal(year), Role.ANY)

    def covers(self, claim: Claim) -> bool:
        """Tell whether a claim is true by what is known."""
        if claim.currencies and not claim.currencies & self.currencies:
            return False
        if claim.days & self.days:
            return True
        if any(agree(claim.role, role) for figure in claim.figures for role in self.figures.get(figure, ())):
            return True
        return not claim.figures and self.says(claim.token)

    def says(self, token: str) -> bool:
        """Tell whether a result has these very words."""
        return any(_says(text, token) for text in self.texts)


_AMOUNTS: Final = frozenset({"amount", "description"})


def _reward_role(value: dict[str, Value]) -> Role | None:
    """Return what the amount of a reward counts; None where this is no reward."""
    if "rewardType" not in value:
        return None
    return Role.SPINS if value.get("amountType") == "free_spins" else Role.BONUS


def _role_in_text(said: Role | None, role: Role) -> Role:
    """Return what a figure in a result's text counts: its own words say so unless the key says it better."""
    if said is None or said is Role.MONEY or role is Role.PER_SPIN:
        return role if role is not Role.ANY or said is None else said
    return said


def _says(text: str, token: str) -> bool:
    """Tell whether a known text has these very words; capitals count in template names, not in titles and addresses."""
    exact = "_" in token and "@" not in token and "/" not in token
    flags = re.NOFLAG if exact else re.IGNORECASE
    return re.search(rf"(?<![\w-]){re.escape(token)}(?![\w-])", text, flags) is not None


def untrue_values(text: str, known: Iterable[Value], named: Collection[str] = ()) -> tuple[str, ...]:
    """Return the figures, dates and names in an outgoing text that are not among the known values, as they stand there.

    `known` are the trees of this ticket: tool results, decisions, and the player's own words as strings; `named` the
    names of bonuses, templates, games and providers that the house has, which are untrue where no result has them.
    Figures are read in digits and words of English, German, Spanish, Portuguese, French and Swedish.
    """
    facts = _Known()
    for value in known:
        facts.add(value)
    said = plain(text)
    quoted = list(quoted_names(said))
    rest = without(said, [span for span in quoted if facts.covers(span.claim)])
    found = [*(span.claim for span in quoted), *claims(rest, bonuses=frozenset(facts.bonuses))]
    tokens = [claim.token for claim in found if not facts.covers(claim)]
    return tuple(dict.fromkeys([*tokens, *_foreign_names(rest, facts, named)]))


def _foreign_names(text: str, facts: _Known, named: Collection[str]) -> Iterator[str]:
    """Find names that the house has and this ticket has not. A name of one word counts only as it is written."""
    for name in map(plain, named):
        flags = re.IGNORECASE if " " in name else re.NOFLAG
        if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, flags) and not facts.says(name):
            yield name


def untruth(
    text: str, known: Iterable[Value], *, named: Collection[str] = (), given: bool, passed_on: bool
) -> str | None:
    """Return what is untrue in an outgoing text, in words that a model can act on; None where nothing is.

    `given`: an effect of this ticket that gives the player something is done; `passed_on`: one that tells other people
    (a message, a hand-over) is. `known` and `named` are those of `untrue_values`.
    """
    trees = [*known]
    untrue = untrue_values(text, trees, named)
    if untrue:
        return f"these values stand in no result of this ticket: {', '.join(untrue)}. Use only values from results."
    if planted := ungranted(text, trees):
        return f"no result grants {', '.join(planted)}: only a comment or a note says so. Say only what was granted."
    wrong = _denied(text) if given else _unfounded(text, trees)
    if wrong is None and not passed_on and says_passed_on(text):
        return "it says that something was passed on, but no result says so. Say only what the results say."
    return wrong


def _denied(text: str) -> str | None:
    """Return what is untrue of a text where something was given."""
    if denies_effect(text):
        return "it says that nothing was given, but a result says that it is done. Say what the results say."
    return None


def _unfounded(text: str, known: list[Value]) -> str | None:
    """Return what is untrue of a text where nothing was given."""
    if promises_effect(text) or pledges(text, known):
        return "it says that something was or will be done, but no result says so. Say only what the results say."
    if approves(text, known):
        return "it says that something is approved, but no result says so. Say only what the results say."
    if refuses(text, known):
        return "it says that the player does not qualify, but no result says so. Say only what the results say."
    return None
