"""What a text says as if it were settled: that it is approved, that money will come, that the player gets nothing.

Read sentence by sentence in six languages, as `agent.outgoing.deeds` reads deeds. Questions, conditions ("once it is
approved"), and what the player was told by others settle nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, Literal, TypeAlias

from agent.outgoing import verdict_words as words
from agent.outgoing.deed_words import CLAUSE_BREAKS, UNCLAIMED
from agent.outgoing.deeds import clause_end, clause_start, stands, statements
from casino.values import Document, Value
from tools.spoken_words import any_of, fold

Said: TypeAlias = Literal["approved", "pledged", "refused"]

_PATTERNS: Final[Mapping[Said, Mapping[str, str]]] = {
    "approved": words.APPROVED,
    "pledged": words.PLEDGED,
    "refused": words.REFUSED,
}


def _claim(pattern: str, language: str) -> re.Pattern[str]:
    """Return the pattern of a claim, its signs replaced by the words of the language."""
    filled = pattern.replace("~", words.PARTICIPLES[language]).replace("%", words.MONEY[language])
    return re.compile(rf"(?<![\w'])(?:{filled.replace('#', words.THINGS[language])})(?![\w-])")


def _alone(language: str) -> str:
    """Return the pattern of a heading that approves, as "Bonus approved" does."""
    return rf"(?:\A\W{{0,9}}|(?<=[:;] ))(?:{words.YOURS} )?#(?: \w+)? {words.PARTICIPLES[language]}(?=\W*$|[.!,:;])"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-])(?:{pattern})(?![\w'])")


_CLAIMS: Final = {
    said: {
        language: _claim(f"{pattern}|{_alone(language)}" if said == "approved" else pattern, language)
        for language, pattern in by_language.items()
    }
    for said, by_language in _PATTERNS.items()
}
_STEMS: Final = {
    said: {language: tuple(stems.split("|")) for language, stems in words.STEMS[said].items()} for said in _PATTERNS
}
_DENIED: Final = {language: _whole(any_of(said.split("|"))) for language, said in UNCLAIMED.items()}
_WONDERED: Final = {language: _whole(pattern) for language, pattern in words.WONDERED.items()}
_THINGS: Final = {language: _whole(pattern) for language, pattern in words.THINGS.items()}
_MONEY: Final = {language: _whole(pattern) for language, pattern in words.MONEY.items()}
_PROVIDED: Final = re.compile(rf"(?: (?!{any_of(CLAUSE_BREAKS.split('|'))}\b)\w+){{0,6}},? (?:{words.PROVIDED})\b")
_GIFTS: Final = _whole(words.GIFTS)
_NAMES_ANOTHER: Final = re.compile(words.NAMES_ANOTHER)
_OTHER_RULES: Final = _whole(words.OTHER_RULES)
_REFUNDS: Final = re.compile(words.REFUNDS)
_EITHER_WAY: Final = re.compile(words.EITHER_WAY)
_THAT: Final = re.compile(r" ?(?:dass|that|que|att)\b")
_WHETHER: Final = _whole("whether|if|ob")
_TOLD: Final = re.compile(words.TOLD)


def pledges(text: str, known: Iterable[Value] = ()) -> bool:
    """Tell whether a text promises money or a bonus in so many words, or says that money will come.

    A payout that a result calls paid is on its way.
    """
    for sentence, language in _settled(text, "pledged"):
        if not (_is_of_payout(sentence, language) and _payout_is(_PAID, known)):
            return True
    return False


def approves(text: str, known: Iterable[Value]) -> bool:
    """Tell whether a text says that something was approved which no result has approved.

    An approved identity check proves nothing of a bonus, but "it is approved" may be said of the check.
    """
    for sentence, language in _settled(text, "approved"):
        if _is_of_payout(sentence, language) and _payout_is(_SETTLED | _PAID, known):
            continue
        if not _approved(known, gift=_THINGS[language].search(sentence) is not None):
            return True
    return False


def refuses(text: str, known: Iterable[Value]) -> bool:
    """Tell whether a text says that the player qualifies for no bonus, and no result has decided anything.

    An unknown decision is none: an outage is not a no.
    """
    return any(True for _ in _settled(text, "refused")) and not any(
        _decides(found, about) for found, about in _objects(known)
    )


def _settled(text: str, said: Said) -> Iterator[tuple[str, str]]:
    """Find the sentences that say so without a condition, each with its language."""
    for sentence in statements(text):
        for language, stems in _STEMS[said].items():
            if any(stem in sentence for stem in stems) and _holds(sentence, language, said):
                yield sentence, language


def _holds(sentence: str, language: str, said: Said) -> bool:
    """Tell whether one of the claims of a sentence stands there without a condition or a denial."""
    for match in _CLAIMS[said][language].finditer(sentence):
        if _wondered(sentence, language, match.start()) or _PROVIDED.match(sentence, match.end()):
            continue
        if said == "refused":
            if not _of_another(sentence, match):
                return True
        elif not _denied(sentence, language, match) and not _EITHER_WAY.match(sentence, match.end()):
            return True
    return False


def _wondered(sentence: str, language: str, place: int) -> bool:
    """Tell whether a clause says what others say or nobody knows; "…, dass" hangs on the clause before it."""
    clause = clause_start(sentence, place)
    if not clause:
        return stands(_WONDERED[language], sentence, 0, place)
    before = clause_start(sentence, clause - 1)
    if sentence[clause - 1] == ":" and _TOLD.search(sentence, max(before, clause - 60), clause):
        return True
    if sentence.endswith(("and", "und"), 0, clause) and stands(_WHETHER, sentence, before, clause):
        return True
    if _THAT.match(sentence, clause):
        clause = before
    return stands(_WONDERED[language], sentence, clause, place)


def _denied(sentence: str, language: str, claim: re.Match[str]) -> bool:
    """Tell whether a claim is denied within its clause."""
    return stands(_DENIED[language], sentence, clause_start(sentence, claim.start()), claim.end())


def _of_another(sentence: str, claim: re.Match[str]) -> bool:
    """Tell whether a refusal is of something else than a bonus, or of the wagering that one asks for."""
    if stands(_OTHER_RULES, sentence, claim.start(), clause_end(sentence, claim.end())):
        return True
    return not stands(_GIFTS, sentence, 0, len(sentence)) and _NAMES_ANOTHER.match(sentence, claim.end()) is not None


_SETTLED: Final = frozenset({"approved", "accepted", "authorised", "authorized"})
_PAID: Final = frozenset({"paid", "paid_out", "sent", "completed", "processed"})
_DECIDES: Final = frozenset({"qualified", "qualifies", "eligible", "entitled", "allowed", "approved", "accepted"})
_DECIDED: Final = frozenset({"not_qualified", "vetoed", "not_eligible", "ineligible"})
_TURNED_DOWN: Final = frozenset({"rejected", "declined", "denied", "refused"})  # which a passport may be as well
_OPEN: Final = frozenset({"unknown", "pending", "waiting"})
_WRITTEN: Final = frozenset({"article", "text", "body", "content", "answer", "rule", "rules", "terms", "excerpt"})
_OF_GIFTS: Final = re.compile("qualif|eligib|entitl|decision|grant|bonus|reward|promo|offer|campaign|spin|request")
_OF_PAYOUTS: Final = re.compile("withdraw|pay_?out|cash_?out")


def _objects(known: Iterable[Value], about: str = "") -> Iterator[tuple[Document, str]]:
    """Yield every object in trees of values, each with what it is about: its keys and the one that it stands under."""
    for value in known:
        if isinstance(value, dict):
            yield value, " ".join([about, *value]).lower()
            for key, member in value.items():
                yield from _objects([member], key)
        elif isinstance(value, list):
            yield from _objects(value, about)


def _is_of_payout(sentence: str, language: str) -> bool:
    """Tell whether a sentence speaks of the player's own money that is paid out, and of nothing that is given."""
    if _GIFTS.search(sentence) or _REFUNDS.search(sentence):
        return False
    return _MONEY[language].search(sentence) is not None


def _payout_is(states: AbstractSet[str], known: Iterable[Value]) -> bool:
    """Tell whether a result says that a payout is in one of these states."""
    return any(
        _OF_PAYOUTS.search(about) is not None and not states.isdisjoint(_strings(found))
        for found, about in _objects(known)
    )


def _approved(known: Iterable[Value], *, gift: bool) -> bool:
    """Tell whether a result has approved something; a gift only where it says so in a field of its own."""
    for found, _ in _objects(known):
        if found.get("approved") is True or (not gift and _SETTLED.intersection(_strings(found))):
            return True
    return False


def _decides(found: Document, about: str) -> bool:
    """Tell whether a result says that the player does not get something: as a decision, or as the text of a rule."""
    states = frozenset(_strings(found))
    if states & _OPEN:
        return False
    if any(found.get(key) is False for key in _DECIDES) or states & _DECIDED:
        return True
    if states & _TURNED_DOWN and _OF_GIFTS.search(about):
        return True
    written = (fold(value) for key, value in found.items() if key in _WRITTEN and isinstance(value, str))
    return any(stem in text for text in written for stems in _STEMS["refused"].values() for stem in stems)


def _strings(found: Document) -> Iterator[str]:
    return (value for value in found.values() if isinstance(value, str))
