"""Which procedure a player's words are about: by shared words, rare ones counting more. Code first, model in doubt."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from tools import trigger_words

CLEAR_SCORE = 0.3  # a lone common word is not clear
CLEAR_LEAD = 1.3  # the best must lead the second by this factor to need no model
SHORTEST = 3  # letters of a word that counts
EMPTY_WORDS = """
about again all also and any are been but can could did does for from had has have hello here hey how its just like may
more much need not now one our out please she should some than thank thanks that the their them then there these they
this those today too very was were what when where which while who why will with would yes you your
"""
EMPTY = frozenset(EMPTY_WORDS.split())  # words that say nothing about what somebody wants
ADDRESS = re.compile(r"\S+@\S+")  # says who, not what


class Ranked(NamedTuple):
    """Procedures by falling score, and whether the first is clear."""

    ids: tuple[str, ...]
    clear: bool


def words(text: str) -> list[str]:
    """Return the words of a text without case, accents and a plural's s."""
    long = [word for word in re.findall(r"\w+", _letters(text)) if len(word) >= SHORTEST and word not in EMPTY]
    return [word.removesuffix("s") for word in long]


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in plain if not unicodedata.combining(one))


def _patterns(listed: Mapping[tuple[str, ...], tuple[str, str]]) -> list[tuple[tuple[str, ...], re.Pattern[str]]]:
    return [
        (english, re.compile(rf"(?<!\w)(?:{_letters(parted)})|(?:{_letters(unparted)})"))
        for english, (parted, unparted) in listed.items()
    ]


_NAMED: Final = frozenset(words("bonus spins"))  # who names no such thing and misses something may miss anything
_THINGS: Final = _patterns(trigger_words.THINGS)
_REPORTS: Final = _patterns(trigger_words.REPORTS)


def meant(text: str) -> frozenset[str]:
    """Return the words of English procedures that another language's words mean: "ilmaiskierroksia" is free spins."""
    letters = _letters(text)
    things = {word for english, pattern in _THINGS if pattern.search(letters) for word in english}
    if not things and _NAMED.isdisjoint(words(text)):
        return frozenset()
    reports = {word for english, pattern in _REPORTS if pattern.search(letters) for word in english}
    return frozenset(words(" ".join(things | reports)))


def rank(text: str, described: Mapping[str, Sequence[str]]) -> Ranked:
    """Rank procedures for a text. `described` maps an id to its texts: utterances first, then the description."""
    known = {key: _vocabulary(tuple(texts)) for key, texts in described.items()}
    said = set(words(ADDRESS.sub(" ", text))) | meant(text)
    scores = {key: _score(said, vocabulary, known) for key, vocabulary in known.items()}
    ordered = sorted((key for key in scores if scores[key] > 0), key=lambda key: (-scores[key], key))
    best, second = ([scores[key] for key in ordered] + [0.0, 0.0])[:2]
    return Ranked(tuple(ordered), clear=best >= CLEAR_SCORE and best >= CLEAR_LEAD * second)


@lru_cache(maxsize=512)
def _vocabulary(texts: tuple[str, ...]) -> Mapping[str, int]:
    """Count the words of a procedure, which are the same for every message."""
    return Counter(word for one in texts for word in words(one))


def _score(said: set[str], vocabulary: Mapping[str, int], known: Mapping[str, Mapping[str, int]]) -> float:
    """Sum the rarity of the shared words, more for a word that the procedure repeats."""
    total = len(known) + 1
    return sum(
        math.log(total / sum(word in other for other in known.values())) * (1 + math.log(vocabulary[word]))
        for word in sorted(said)
        if word in vocabulary
    )
