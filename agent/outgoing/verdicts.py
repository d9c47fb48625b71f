"""What a text says as if it were settled: that it is approved, that money will come, that the player gets nothing.

Read sentence by sentence in six languages, as `agent.outgoing.deeds` reads deeds. Questions, conditions ("once it is
approved"), and what the player was told by others settle nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, TypeAlias

from agent.outgoing import verdict_words as words
from agent.outgoing.deed_words import CLAUSE_BREAKS, UNCLAIMED
from agent.outgoing.deeds import statements
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


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'-])(?:{pattern})(?![\w'])")


_CLAIMS: Final = {
    said: {language: _claim(pattern, language) for language, pattern in by_language.items()}
    for said, by_language in _PATTERNS.items()
}
_STEMS: Final = {
    said: {language: tuple(stems.split("|")) for language, stems in words.STEMS[said].items()} for said in _PATTERNS
}
_DENIED: Final = {language: _whole(any_of(said.split("|"))) for language, said in UNCLAIMED.items()}
_WONDERED: Final = {language: _whole(pattern) for language, pattern in words.WONDERED.items()}
_THINGS: Final = {language: _whole(pattern) for language, pattern in words.THINGS.items()}
_CLAUSE_BREAK: Final = re.compile(rf"[,;:]|\b{any_of(CLAUSE_BREAKS.split('|'))}\b")
_PROVIDED: Final = re.compile(rf"(?: (?!{any_of(CLAUSE_BREAKS.split('|'))}\b)\w+){{0,6}},? (?:{words.PROVIDED})\b")
_GIFTS: Final = _whole(words.GIFTS)
_NAMES_ANOTHER: Final = re.compile(words.NAMES_ANOTHER)


def pledges(text: str) -> bool:
    """Tell whether a text promises money or a bonus in so many words, or says that money will come."""
    return any(True for _ in _settled(text, "pledged"))


def approves(text: str, known: Iterable[Value]) -> bool:
    """Tell whether a text says that something was approved which no result has approved.

    An approved identity check proves nothing of a bonus, but "it is approved" may be said of the check.
    """
    for sentence, language in _settled(text, "approved"):
        if not _approved(known, gift=_THINGS[language].search(sentence) is not None):
            return True
    return False


def refuses(text: str, known: Iterable[Value]) -> bool:
    """Tell whether a text says that the player qualifies for no bonus, and no result has decided anything.

    An unknown decision is none: an outage is not a no.
    """
    return any(True for _ in _settled(text, "refused")) and not any(map(_decides, _objects(known)))


def _settled(text: str, said: Said) -> Iterator[tuple[str, str]]:
    """Find the sentences that say so without a condition, each with its language."""
    for sentence in statements(text):
        for language, stems in _STEMS[said].items():
            if any(stem in sentence for stem in stems) and _holds(sentence, language, said):
                yield sentence, language


def _holds(sentence: str, language: str, said: Said) -> bool:
    """Tell whether one of the claims of a sentence stands there without a condition or a denial."""
    for match in _CLAIMS[said][language].finditer(sentence):
        if _WONDERED[language].search(sentence, 0, match.start()) or _PROVIDED.match(sentence, match.end()):
            continue
        if said == "refused":
            if _GIFTS.search(sentence) or not _NAMES_ANOTHER.match(sentence, match.end()):
                return True
        elif not _denied(sentence, language, match):
            return True
    return False


def _denied(sentence: str, language: str, claim: re.Match[str]) -> bool:
    """Tell whether a claim is denied within its clause."""
    breaks = _CLAUSE_BREAK.finditer(sentence, 0, claim.start())
    clause = max((found.end() for found in breaks), default=0)
    return _DENIED[language].search(sentence, clause, claim.end()) is not None


_SETTLED: Final = frozenset({"approved", "accepted", "authorised", "authorized"})
_DECIDES: Final = frozenset({"qualified", "qualifies", "eligible", "entitled", "allowed", "approved", "accepted"})
_DECIDED: Final = frozenset(
    {"not_qualified", "vetoed", "not_eligible", "ineligible", "rejected", "declined", "denied", "refused"}
)
_WRITTEN: Final = frozenset({"article", "text", "body", "content", "answer", "rule", "rules", "terms", "excerpt"})


def _objects(known: Iterable[Value]) -> Iterator[Document]:
    """Yield every object in trees of values."""
    for value in known:
        if isinstance(value, dict):
            yield value
            yield from _objects(value.values())
        elif isinstance(value, list):
            yield from _objects(value)


def _approved(known: Iterable[Value], *, gift: bool) -> bool:
    """Tell whether a result has approved something; a gift only where it says so in a field of its own."""
    for found in _objects(known):
        if found.get("approved") is True or (not gift and _SETTLED.intersection(_strings(found))):
            return True
    return False


def _decides(found: Document) -> bool:
    """Tell whether a result says who gets something: as a decision, or as the text of a rule."""
    if found.get("status") == "unknown":
        return False
    if any(isinstance(found.get(key), bool) for key in _DECIDES) or _DECIDED.intersection(_strings(found)):
        return True
    written = (fold(value) for key, value in found.items() if key in _WRITTEN and isinstance(value, str))
    return any(stem in text for text in written for stems in _STEMS["refused"].values() for stem in stems)


def _strings(found: Document) -> Iterator[str]:
    return (value for value in found.values() if isinstance(value, str))
