"""Figures that stand only in free text: in a comment, a note, a name, whatever people or other systems have written.

Such a figure may be repeated as a term ("the highest bet is 5 EUR"). That it was granted, received or is owed only a
structured value says: a number, an amount in words of its own ("20 EUR"), the reward and the reasons of a decision.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, pairwise
from typing import Final, NamedTuple

from agent.outgoing import deed_words
from agent.outgoing import term_words as words
from agent.outgoing.claims import claims, plain
from agent.outgoing.deeds import promises_effect
from agent.outgoing.figures import Figure, in_digits, in_words
from agent.outgoing.roles import Role, agree, role_in, role_of_key
from casino.values import Value
from tools.spoken_words import any_of, fold

# What a reward and a decision are told in: the author of a bonus has written it for the player.
_TOLD: Final = frozenset(
    {"name", "description", "game", "gameProvider", "templateName", "valuePerSpinDescription", "reasons"}
)
_GIVEN: Final = frozenset({Role.MONEY, Role.BONUS, Role.BALANCE, Role.DEPOSIT, Role.SPINS, Role.PER_SPIN})
# An id or a moment: `claims` finds no figure in it, and would take its time over it.
_NO_FIGURE: Final = re.compile(r"[A-WYZ]-?\d[\da-f]*|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+[\d:]+)")
_KEY_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def ungranted(text: str, known: Iterable[Value]) -> tuple[str, ...]:
    """Return the figures that a text tells as granted, received or owed, and that stand only in free text.

    `known` are the trees of this ticket's results; a text that is no member of one is written for the player.
    """
    results = tuple(known)
    free = _free(results)
    said = plain(text) if free else ""
    suspects = [figure for figure in _figures(said) if figure.values & free]
    if not suspects:
        return ()
    firm = _Firm()
    for value in results:
        firm.add(value)
    return tuple(dict.fromkeys(_planted(said, suspects, firm)))


def _free(results: Iterable[Value]) -> frozenset[Decimal]:
    """Return the figures in the free texts of results."""
    texts = (plain(text) for value in results for text in _free_texts(value, key="", told=True))
    found = (claim.figures for text in texts if _may_hold_figure(text) for claim in claims(text))
    return frozenset[Decimal]().union(*found)


def _free_texts(value: Value, *, key: str, told: bool) -> Iterator[str]:
    """Yield the texts that are not `told`, which is what is written for the player, and that are no bare amounts."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _free_texts(member, key=name, told=_is_told(value, name))
    elif isinstance(value, list):
        for member in value:
            yield from _free_texts(member, key=key, told=told)
    elif isinstance(value, str) and not told and not is_amount(value, key):
        yield value


def _is_told(value: Mapping[str, Value], key: str) -> bool:
    """Tell whether a text under this key was written for the player by the author of a bonus."""
    return "rewardType" in value and key in _TOLD


def _may_hold_figure(text: str) -> bool:
    """Tell whether a text is worth reading: most are states, ids and moments."""
    if any(map(str.isdigit, text)):
        return _NO_FIGURE.fullmatch(text) is None
    return next(in_words(text), None) is not None


@dataclass(slots=True)
class _Firm:
    """The figures of structured values, each with what it counts."""

    figures: dict[Decimal, set[Role]] = field(default_factory=dict[Decimal, set[Role]])
    names: set[str] = field(default_factory=set[str])  # of rewards, folded

    def add(self, value: Value, *, key: str = "", told: bool = True) -> None:
        """Take in a tree of values."""
        if isinstance(value, dict):
            name = value.get("name") if "rewardType" in value else None
            self.names |= {fold(name)} if isinstance(name, str) else set()
            for inner, member in value.items():
                self.add(member, key=inner, told=_is_told(value, inner))
        elif isinstance(value, list):
            for member in value:
                self.add(member, key=key, told=told)
        elif isinstance(value, str):
            self._add_text(value if told or is_amount(value, key) else "")
        elif isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            self._add_figure(abs(Decimal(value)), role_of_key(key))

    def _add_text(self, text: str) -> None:
        for claim in claims(plain(text)):
            for figure in claim.figures:
                self._add_figure(figure, claim.role or Role.ANY)

    def _add_figure(self, figure: Decimal, role: Role) -> None:
        self.figures.setdefault(figure, set()).add(role)

    def proves(self, figure: Figure, role: Role) -> bool:
        """Tell whether a structured value says this figure."""
        return any(agree(role, known) for value in figure.values for known in self.figures.get(value, ()))

    def says(self, role: Role) -> bool:
        """Tell whether a structured value counts this at all."""
        return any(role in roles for roles in self.figures.values())


def is_amount(text: str, key: str) -> bool:
    """Tell whether a text is nothing but an amount, under a key that counts money or spins."""
    counts = {word.lower() for word in _KEY_WORD.findall(key)} & words.AMOUNT_KEYS
    return bool(counts) and any(text.strip() == figure.token for figure in in_digits(text))


_BREAK: Final = re.compile(r"[,;:](?!\d)|\b(?:and|but|und|aber|sondern|pero|mas|et|mais|men|och|which|whose)\b")
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s|$)|\n")
_CONDITION: Final = re.compile(rf"\W*{any_of(deed_words.CONDITIONS.split('|'))}\s")
_GIFT: Final = re.compile(rf"(?<!\w)(?:{words.GIFT})(?!\w)")
_HAS: Final = re.compile(rf"(?<!\w)(?:{words.HAS})\W*$")
_OF_TERMS: Final = re.compile(rf"(?<!\w)(?:{words.TERM}|{words.BOUNDED})(?!\w)")
_BETWEEN: Final = rf"(?:\W+(?:{words.BETWEEN}|{words.BOUND}|{words.BOUNDED})){{0,4}}\W*"
_TERM_BEFORE: Final = re.compile(rf"(?<!\w)(?:(?P<without>{words.FREE_OF})\s)?(?:{words.TERM})(?!\w){_BETWEEN}$")
_TERM_AFTER: Final = re.compile(
    rf"\W?(?:(?:in|im|no|en|dans|i|as|als) )?(?:the |der |den |el |o |le )?(?:{words.TERM})(?!\w)"
)
_LIMIT_BEFORE: Final = re.compile(
    rf"(?<!\w)(?:(?:{words.BOUNDED})\s(?:{words.MOVE})|(?:{words.MOVE})\s(?:{words.BOUNDED}))(?!\w)"
)
_MOVE_BEFORE: Final = re.compile(rf"(?<!\w)(?:{words.MOVE})(?:\s(?:of|von|de|d'|pa|em|on|i))?\W*(?:{words.BOUND})\W*$")
_CAP_BEFORE: Final = re.compile(rf"(?<!\w)(?:{words.CAP})(?: \w+){{0,3}}\W*$")
_BOUND_BEFORE: Final = re.compile(rf"(?<!\w)(?:{words.BOUND})\W*$")
_MOVED_AFTER: Final = re.compile(rf"(?:\W+\w+){{0,4}}?\W+(?:{words.MOVED})(?!\w)")


_BEFORE, _AFTER = 160, 80  # characters of a clause that are looked at


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence at `text[start:end]`, and whether it tells what somebody gets, has or is owed."""

    start: int
    end: int
    gives: bool
    promises: bool


class _Clause(NamedTuple):
    """What stands around a figure in its clause, folded."""

    before: str
    after: str


def _sentences(text: str) -> list[_Sentence]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    return [_sentence(text, start, end) for start, end in pairwise((0, *ends, len(text)))]


def _sentence(text: str, start: int, end: int) -> _Sentence:
    said = text[start:end]
    folded = fold(said)
    if folded.rstrip().endswith("?") or _CONDITION.match(folded):
        return _Sentence(start, end, gives=False, promises=False)
    promises = promises_effect(said)
    return _Sentence(start, end, gives=promises or _GIFT.search(folded) is not None, promises=promises)


def _clause(text: str, figure: Figure, sentence: _Sentence) -> _Clause:
    begin, end = max(sentence.start, figure.start - _BEFORE), min(sentence.end, figure.end + _AFTER)
    before, after = fold(text[begin : figure.start]), fold(text[figure.end : end])
    return _Clause(_BREAK.split(before)[-1], _BREAK.split(after)[0])


def _figures(text: str) -> list[Figure]:
    """Return the figures of a text, in digits and in words, as they stand."""
    digits = [*in_digits(text)]
    return sorted((*digits, *in_words(_blanked(text, digits))), key=lambda figure: figure.start)


def _blanked(text: str, figures: Iterable[Figure]) -> str:
    parts, at = list[str](), 0
    for figure in figures:
        parts += [text[at : figure.start], "|" * (figure.end - figure.start)]
        at = figure.end
    return "".join((*parts, text[at:]))


def _planted(text: str, suspects: Iterable[Figure], firm: _Firm) -> Iterator[str]:
    """Find the figures that are told as given though no structured value says them."""
    sentences = _sentences(text)
    for figure in suspects:
        sentence = next(one for one in sentences if figure.start < one.end)
        if _is_planted(text, figure, sentence, firm):
            yield figure.token


def _is_planted(text: str, figure: Figure, sentence: _Sentence, firm: _Firm) -> bool:
    """Tell whether a figure of free text is told as given, and no structured value says it.

    How often winnings are wagered is free text's to say only where no structured value says it.
    """
    role = role_in(text, figure, bonuses=frozenset(firm.names))
    if role is Role.WAGER:
        return firm.says(Role.WAGER) and not firm.proves(figure, role)
    clause = _clause(text, figure, sentence)
    if role is None and sentence.promises and clause.after.strip(" .!)") == "":
        role = Role.MONEY  # "You have received 500."
    if role is None or role not in _GIVEN or firm.proves(figure, role):
        return False
    around = text[sentence.start : figure.start], text[figure.end : sentence.end]
    bare = not any(map(str.isalnum, chain(*around)))  # the sentence is nothing but the sum
    return (bare or sentence.gives or _is_given(clause)) and not _is_term(clause)


def _is_given(clause: _Clause) -> bool:
    """Tell whether a clause tells its sum as given, though its sentence is a condition or a question."""
    if _GIFT.search(f"{clause.before} # {clause.after}"):
        return True
    return _HAS.search(clause.before) is not None and _OF_TERMS.search(clause.before) is None


def _is_term(clause: _Clause) -> bool:
    """Tell whether the clause of a figure names a term: a stake, a fee, a bound of what is paid in or out."""
    term = _TERM_BEFORE.search(clause.before)
    if term is not None and term["without"] is None:
        return True
    led = (_CAP_BEFORE, _LIMIT_BEFORE, _MOVE_BEFORE)
    if _TERM_AFTER.match(clause.after) or any(pattern.search(clause.before) for pattern in led):
        return True
    return _BOUND_BEFORE.search(clause.before) is not None and _MOVED_AFTER.match(clause.after) is not None
