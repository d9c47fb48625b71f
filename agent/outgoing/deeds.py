"""What a text says was done, is being done or will be done, or was not: read sentence by sentence in six languages.

Whether it is true the caller decides by the state of the ticket. Questions and conditions ("once it has been
credited") say nothing.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from agent.outgoing import deed_words as words
from agent.outgoing import own_deeds as own
from tools.spoken_words import any_of, fold

_NO_LETTER_BEFORE: Final = r"(?<![\w'-])"


def _claim(language: str) -> re.Pattern[str]:
    """Return the pattern of what claims an effect: its words, an arrival, and a bonus on the player's account."""
    bonus, account = own.BONUS[language], own.ACCOUNT[language]
    there = rf"{bonus}.{{0,60}}? {account}|{account}.{{0,40}}? {bonus}"
    pattern = f"{words.CLAIMS[language]}|{own.ARRIVED[language]}|{there}".replace("~", words.DEEDS[language])
    pattern = pattern.replace("(?:+)", words.WILL[language]).replace("#", words.THINGS[language])
    return re.compile(rf"{_NO_LETTER_BEFORE}(?:{pattern})(?!\w)")


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_NO_LETTER_BEFORE}(?:{pattern})(?![\w'])")


_PROMISES: Final = {language: _claim(language) for language in words.CLAIMS}
_OWN_DEEDS: Final = {language: _whole(pattern) for language, pattern in own.OWN_DEED.items()}
_HARMLESS: Final = {language: re.compile(any_of(said.split("|"))) for language, said in own.HARMLESS.items()}
_PASSED_ON: Final = {language: _whole(pattern) for language, pattern in words.PASSED_ON.items()}
_UNCLAIMED: Final = {language: _whole(any_of(said.split("|"))) for language, said in words.UNCLAIMED.items()}
_NEGATION: Final = {language: _whole(pattern) for language, pattern in words.NEGATION.items()}
_GIVING: Final = {language: _whole(pattern) for language, pattern in words.GIVING.items()}
_NOT_OURS: Final = _whole(words.NOT_OURS)
_ANOTHER: Final = _whole(words.ANOTHER)
_GIVEN_THINGS: Final = _whole(words.GIVEN_THINGS)
_PEOPLE: Final = _whole(words.PEOPLE)
_BY_US: Final = re.compile(
    r"(?:i|we|i'|we'|let me|habe|he|hemos|voy|vamos|vou|j'|avons|je|on|jag|vi)\b|\w+(?:ei|amos)\b"
)
# Spanish "se le ha…" begins no condition, as Portuguese "se" does.
_CONDITION: Final = re.compile(
    rf"\W*(?!se (?:l[eo]s?|las?|te|me|nos|os|ha|han)\b){any_of(words.CONDITIONS.split('|'))},?\s"
)
_CLAUSE_BREAK: Final = re.compile(rf"[,;:]|\b{any_of(words.CLAUSE_BREAKS.split('|'))}\b")
_SENTENCE: Final = re.compile(r"(?:[^.!?\n]|[.!?](?=\S))+[.!?]?")
_BLANKS: Final = re.compile(r"\s+(?=(\w?))")
# Folded, Spanish "sí" (yes) would read as "si" (if); an underscore within a name is no mark of emphasis.
_YES: Final = re.compile(
    r"\bs(?:í|i\u0301)(?!\w)|(?:^|(?<=[.!?¡\n])) *si(?=,)(?!, (?:p[oa]r|pour|en|como|a|al|tras|seg|desp|apr|malgr))",
    re.IGNORECASE,
)
_CAN_SAY: Final = re.compile(words.CAN_SAY)
_EMPHASIS: Final = re.compile(r"[*`\"“”„«»]|(?<!\w)_{1,3}|_{1,3}(?!\w)")


@lru_cache(maxsize=16)  # every question about one text begins with it
def statements(text: str) -> tuple[str, ...]:
    """Return the folded sentences that state something: no question, and nothing that is all condition."""
    folded = fold(_BLANKS.sub(_blank, _YES.sub("", _EMPHASIS.sub("", text))))
    sentences: Sequence[str] = _SENTENCE.findall(_CAN_SAY.sub(r"\g<who> ", folded))
    return tuple(one for one in sentences if not one.endswith("?") and not _CONDITION.match(one))


def _blank(run: re.Match[str]) -> str:
    """Return a run of blanks as one; a line break stays, unless the next line goes on with a sentence."""
    return "\n" if "\n" in run[0] and not run[1].islower() else " "


@lru_cache(maxsize=256)  # asked for every claim of a sentence: from its start each time, a long one takes minutes
def _found(pattern: re.Pattern[str], sentence: str) -> tuple[list[int], list[int]]:
    """Return where a pattern stands in a sentence: all starts and all ends."""
    spans = [match.span() for match in pattern.finditer(sentence)]
    return [start for start, _ in spans], [end for _, end in spans]


def stands(pattern: re.Pattern[str], sentence: str, start: int, end: int) -> bool:
    """Tell whether a pattern stands between two places of a sentence."""
    starts, ends = _found(pattern, sentence)
    before = bisect_right(ends, end)
    return before > 0 and starts[before - 1] >= start


def clause_start(sentence: str, place: int) -> int:
    """Return where the clause begins in which a place of a sentence lies."""
    _, ends = _found(_CLAUSE_BREAK, sentence)
    before = bisect_right(ends, place)
    return ends[before - 1] if before else 0


def clause_end(sentence: str, place: int) -> int:
    """Return where the clause ends in which a place of a sentence lies."""
    starts, _ = _found(_CLAUSE_BREAK, sentence)
    behind = bisect_left(starts, place)
    return starts[behind] if behind < len(starts) else len(sentence)


def _stated(patterns: dict[str, re.Pattern[str]], sentence: str) -> Iterator[tuple[int, int, int]]:
    """Find what a sentence claims without denying it: start of the clause, start and end of the claim."""
    for language, pattern in patterns.items():
        for match in pattern.finditer(sentence):
            clause = clause_start(sentence, match.start())
            if not stands(_UNCLAIMED[language], sentence, clause, match.end()):
                yield clause, match.start(), match.end()


def promises_effect(text: str) -> bool:
    """Tell whether a text says that something was, is being or will be done for the player's account.

    "I've added", "has been credited", "is on your account now", "I will add", "your spins are ready" in six
    languages. What arrived without us (a deposit, a message) and what a colleague will look at is no promise.
    """
    return any(_promises(sentence) for sentence in statements(text))


def _promises(sentence: str) -> bool:
    for clause, start, end in _stated(_PROMISES, sentence):
        if _BY_US.match(sentence, start) or not stands(_NOT_OURS, sentence, clause, end):
            return True
    if any(_HARMLESS[language].fullmatch(verb) is None for language, verb in _own_deeds(sentence)):
        return True
    return any(_is_a_gift(sentence) for _ in _stated(_PASSED_ON, sentence))


def _own_deeds(sentence: str) -> Iterator[tuple[str, str]]:
    """Return the verbs of what somebody says that they have done, each with its language."""
    for language, pattern in _OWN_DEEDS.items():
        for _, start, end in _stated({language: pattern}, sentence):
            match = pattern.match(sentence, start, end)
            if match is not None:
                yield language, "".join(match.groups(""))


def _is_a_gift(sentence: str) -> bool:
    """Tell whether what was sent is money or spins and went to nobody of ours."""
    return _GIVEN_THINGS.search(sentence) is not None and _PEOPLE.search(sentence) is None


def says_passed_on(text: str) -> bool:
    """Tell whether a text says that something has gone to other people: a report sent, a chat handed over."""
    return any(next(_stated(_PASSED_ON, sentence), None) is not None for sentence in statements(text))


def denies_effect(text: str) -> bool:
    """Tell whether a text says that nothing was given: "no bonus was added", "I could not credit it".

    That another one, or the same one again, was not given denies nothing.
    """
    return any(_denies(clause) for sentence in statements(text) for clause in _CLAUSE_BREAK.split(sentence))


def _denies(clause: str) -> bool:
    if _ANOTHER.search(clause):
        return False
    return any(_NEGATION[spoken].search(clause) and _GIVING[spoken].search(clause) for spoken in _GIVING)
