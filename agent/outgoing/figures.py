"""Figures in a text, in digits and in words: what number is meant, and what it counts where a sign says so.

Digits as they are written in English, German, Spanish, Portuguese, French, Swedish and India (1,000.50, 1.000,50,
1 000,50, 1,00,000), number words of the six languages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, NamedTuple

from tools import spoken_words as words
from tools.spoken_words import any_of, fold


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at `text[start:end]`: the numbers that it can mean, none where its digits make no number."""

    start: int
    end: int
    token: str
    values: frozenset[Decimal]
    currencies: frozenset[str]  # the codes that its sign can mean; empty without a sign
    percent: bool = False
    times: bool = False  # in one word with the number: "fünfmal", "fivefold"


_CURRENCY: Final = "(?:" + "|".join(map(re.escape, sorted(words.CURRENCIES, key=len, reverse=True))) + ")"
_CODES_OF: Final = {fold(name): frozenset(codes.split()) for name, codes in words.CURRENCIES.items()}
# In running text a code counts only in capitals: "try" is a word.
_CURRENCY_WORDS: Final = any_of(name for name in words.CURRENCIES if name.islower())
_CURRENCY_NAMED: Final = re.compile(rf"(?<![^\W\d_])(?:{_CURRENCY}|(?i:{_CURRENCY_WORDS}))(?![^\W\d_])")


def codes_of(sign: str) -> frozenset[str]:
    """Return the currency codes that a sign, code or word can mean."""
    return _CODES_OF.get(fold(sign), frozenset())


def currencies_in(text: str) -> frozenset[str]:
    """Return the codes of all currencies that a text names, with or without a figure."""
    named = (match.group() for match in _CURRENCY_NAMED.finditer(text))
    return frozenset[str]().union(codes_of(text.strip()), *map(codes_of, named))


_END: Final = r"(?![^\W\d_])"
_TAIL: Final = rf"(?:\s?(?:(?P<percent>{any_of(words.PERCENT.split('|'))})|(?P<after>{_CURRENCY})){_END})?"
_DIGITS: Final = r"\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,']\d+)*"
_SCALE: Final = "(?:" + "|".join(sorted(words.SCALES, key=len, reverse=True)) + rf"){_END}"
_FIGURE: Final = re.compile(
    rf"(?:(?<![^\W\d_])(?P<before>{_CURRENCY})\s?)?(?P<digits>{_DIGITS})(?:\s?(?P<scale>{_SCALE})\.?)?{_TAIL}",
    re.IGNORECASE,
)


def in_digits(text: str) -> Iterator[Figure]:
    """Find the figures in digits, with the scale, per cent or currency around them."""
    for match in _FIGURE.finditer(text):
        scale = Decimal(words.SCALES.get((match["scale"] or "").lower(), "1"))
        values = {reading * scale for reading in _readings(match["digits"])}
        yield _figure(text, (match.start(), match.end()), values, match)


def _figure(text: str, span: tuple[int, int], values: set[Decimal], around: re.Match[str] | None) -> Figure:
    """Return a figure with what its surroundings say.

    A percentage below 100 may be known as a fraction; 100 % may not, or every known 1 would prove it.
    """
    signs = around.groupdict("") if around is not None else {}
    if signs.get("percent"):
        values = values | {value / 100 for value in values if value < 100}  # noqa: PLR2004  # per cent
    codes = (codes_of(signs.get(side, "")) for side in ("before", "after"))
    percent = bool(signs.get("percent"))
    return Figure(*span, text[slice(*span)].strip(), frozenset(values), frozenset[str]().union(*codes), percent)


_GROUP: Final = 3


def _readings(digits: str) -> set[Decimal]:
    """Return what digits with points, commas and spaces can mean; nothing where they make no number.

    "1.000" and "1,000" are a thousand; "1.234" may also be a decimal figure, which would not end in a zero.
    """
    bare = digits.replace(" ", "").replace("'", "")
    marks = [c for c in bare if c in ".,"]
    groups = re.split(r"[.,]", bare)
    if not marks:
        return {Decimal(bare)}
    if len(set(marks)) == 1 and len(marks) > 1:
        return {Decimal("".join(groups))} if _are_groups(groups) else set()
    if len(marks) > 1:  # the last mark parts the decimals, the others part thousands
        grouped = set(marks[:-1]) != {marks[-1]} and len(set(marks[:-1])) == 1 and _are_groups(groups[:-1])
        return {Decimal("".join(groups[:-1]) + "." + groups[-1])} if grouped else set()
    decimal = Decimal(".".join(groups))
    if not _are_groups(groups):
        return {decimal}
    return {Decimal("".join(groups))} | (set() if bare.endswith("0") else {decimal})


def _are_groups(groups: list[str]) -> bool:
    """Tell whether digits are grouped: by threes, or as in India by twos before the last three."""
    head, *middle, last = groups
    inside = all(len(group) in {2, _GROUP} for group in middle)
    return 1 <= len(head) <= _GROUP and not head.startswith("0") and inside and len(last) == _GROUP


class _Number(NamedTuple):
    value: int
    times: bool = False  # hundred, thousand, million


_NUMBER_OF: Final = {
    fold(spelling): _Number(int(value.removeprefix("x")), value.startswith("x"))
    for numbers in words.NUMBERS.values()
    for value, *spellings in (entry.split() for entry in numbers.split("|"))
    for spelling in spellings
}
_ONES: Final = frozenset(fold(word) for word in words.ONES.split("|"))
_PART: Final = rf"(?:{any_of((*_NUMBER_OF, *_ONES, 'und'))})"  # German and Swedish write numbers as one word
_GLUED: Final = re.compile(rf"{_PART}+")
_CONNECTORS: Final = frozenset({"and", "und", "y", "e", "et"})
_COMMON: Final = {language: frozenset(map(fold, listed.split())) for language, listed in words.COMMON_WORDS.items()}
_COUNTED_ONE: Final = re.compile(
    rf"\s(?:(?:free|gratis|bonus|extra|single|kostenlos\w*|gratuit\w*)\s)?{any_of(words.UNITS.split('|'))}{_END}",
    re.IGNORECASE,
)
_AFTER_WORDS: Final = re.compile(_TAIL, re.IGNORECASE)
_HALF: Final = re.compile(rf"\s(?:and a half|y medi[oa]|e mei[oa]|et demie?|och en halv){_END}", re.IGNORECASE)
_TIMES: Final = re.compile(r"(?:mal|fach(?:e[mnrs]?)?|fold|faldigt?)$")  # in one word with its number


def in_words(text: str) -> Iterator[Figure]:
    """Find the figures in words; a word for one only where a unit follows it."""
    spoken = _languages(text)
    after = 0
    for start, end, numbers in _runs(text, spoken):
        if start < after:  # the "cent" of "dix pour cent"
            continue
        if numbers == [_Number(1)] and _COUNTED_ONE.match(text, end) is None:
            continue
        half = _HALF.match(text, end)
        value = Decimal(_total(numbers)) + (Decimal("0.5") if half is not None else 0)
        tail = _AFTER_WORDS.match(text, end if half is None else half.end())
        after = end if tail is None else tail.end()
        figure = _figure(text, (start, after), {value}, tail)
        yield replace(figure, times=_TIMES.search(fold(text[start:end])) is not None)


def _languages(text: str) -> frozenset[str]:
    """Return the languages that a text looks like by its commonest words; none where no homograph asks for them."""
    said = [fold(word) for word in re.findall(r"[^\W\d_]+", text)]
    if words.HOMOGRAPHS.keys().isdisjoint(said):
        return frozenset()
    score = {language: sum(word in common for word in said) for language, common in _COMMON.items()}
    return frozenset(language for language, hits in score.items() if hits == max(score.values()))


def _runs(text: str, spoken: frozenset[str]) -> Iterator[tuple[int, int, list[_Number]]]:
    """Group number words that make one number: "one hundred and fifty", "vingt-cinq"."""
    start = end = reach = 0
    run: list[_Number] = []
    for match in re.finditer(r"[^\W\d_]+", text):
        word = fold(match.group())
        numbers = _numbers(word) if words.HOMOGRAPHS.get(word, "") in {"", *spoken} else []
        near = bool(run) and text[reach : match.start()] in {" ", "-"}
        if near and word in _CONNECTORS:
            reach = match.end()
            continue
        if not (near and numbers and _joins(run, numbers)):
            if run:
                yield start, end, run
            start, run = match.start(), []
        if numbers:
            run, end, reach = [*run, *numbers], match.end(), match.end()
    if run:
        yield start, end, run


def _numbers(word: str) -> list[_Number]:
    """Return the numbers that a folded word is made of; none where it is another word."""
    if (times := _TIMES.search(word)) is not None:
        counted = _numbers(word[: times.start()])
        return [] if counted == [_Number(1)] else counted  # "einmal", "einfach"
    word = word.replace("ettus", "etttus")  # Swedish drops a letter in "ettusen"
    if word in _NUMBER_OF:
        return [_NUMBER_OF[word]]
    if word in _ONES:
        return [_Number(1)]
    if not _GLUED.fullmatch(word):
        return []
    parts: list[str] = re.findall(_PART, word)
    for at in range(len(parts) - 2, 0, -1):  # fünf und zwanzig: the tens go first
        if parts[at] == "und":
            parts[at - 1 : at + 2] = [parts[at + 1], parts[at - 1]]
    return [_NUMBER_OF.get(part, _Number(1)) for part in parts if part != "und"]


def _split(numbers: Sequence[_Number]) -> tuple[int, int]:
    """Return what is complete (thousands) and what is still growing."""
    done = growing = 0
    for number in numbers:
        if number.times and number.value > 100:  # noqa: PLR2004  # thousand, million
            done, growing = done + max(growing, 1) * number.value, 0
        elif number.times:
            growing = max(growing, 1) * number.value
        elif (growing, number.value) == (4, 20):  # quatre-vingt
            growing = 80
        else:
            growing += number.value
    return done, growing


def _total(numbers: Sequence[_Number]) -> int:
    return sum(_split(numbers))


def _joins(run: Sequence[_Number], numbers: Sequence[_Number]) -> bool:
    """Tell whether the next number word goes on with the number so far: "twenty five" does, "two three" does not."""
    done, growing = _split(run)
    following = numbers[0]
    if following.times:
        return growing > 0 and (following.value > 100 or growing < 100)  # noqa: PLR2004  # thousand or hundred
    if growing == 0:
        return done > 0
    rest, value = growing % 100, _total(numbers)
    teens_after = rest in {60, 80} and value in range(10, 20)  # soixante-dix, quatre-vingt-douze
    ones_after = rest % 10 == 0 and rest >= 20 and value < 10  # noqa: PLR2004  # twenty five
    dix_sept = rest == 10 and value in {7, 8, 9}  # noqa: PLR2004  # French only, harmless elsewhere
    return teens_after or ones_after or dix_sept or (rest == 0 and value < 100) or (growing, value) == (4, 20)  # noqa: PLR2004  # after hundred
