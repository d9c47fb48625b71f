"""What is written for the model is not for the player: our orders, the tools, and the marks around what it is shown.

A small model that is told to mend its answer sometimes repeats what it was told instead. Of a procedure only the words
around a tool are for nobody else: the rest may be meant to be said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from tools.spoken_words import fold

RUN: Final = 7  # so many words of an order, one after the other, are no chance
SHORTEST: Final = 5  # an order with fewer words than a run counts as a whole from here on
Orders: TypeAlias = frozenset[tuple[str, ...]]

_FEW: Final = 2  # names of so many tools are a list of them; one may be a title on a page
_CHIP: Final = re.compile(r"@\[([^\[\]\n]{1,200})\]\((?:action|context|procedure):[^\s()]{1,200}\)")
_LABEL: Final = re.compile(r"@\[([^\[\]\n]{1,200})\]\((?:field|knowledge|human):[^\s()]{1,200}\)")
_ITEM: Final = re.compile(r"^[ \t]*(?:\d+[.)][ \t]|[-*>:#]|$)", re.MULTILINE)
_TAG: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_MARK: Final = re.compile(r"</?(?:player|result|desk)>")
_WORD: Final = re.compile(r"\w+")


def orders_in(templates: Iterable[str]) -> Orders:
    """Return the runs of words that our templates for the model hold; what they fill in is none of them."""
    return frozenset(run for text in templates for stretch in _stretches(text) for run in _runs(_words(stretch)))


def steps_in(procedures: Iterable[str]) -> Orders:
    """Return the runs of words of procedures that hold the whole name of a tool, as its chip shows it."""
    items = (item for text in procedures for item in _ITEM.split(_LABEL.sub(r"\1", text)))
    return frozenset(run for item in items for run in _runs_with_a_name(item))


def lists_tools(text: str, names: Iterable[str]) -> bool:
    """Tell whether a text lists tools by the names that only their procedures use, written as there.

    A name of one word is a word like any other, and does not count.
    """
    return sum(" " in name and name in text for name in set(names)) >= _FEW


def echoes(text: str, orders: Orders) -> bool:
    """Tell whether a text repeats an order to the model, or the marks around what it is shown."""
    said = _words(text)
    return _MARK.search(text) is not None or any(
        said[at : at + length] in orders for length in range(SHORTEST, RUN + 1) for at in range(len(said) - length + 1)
    )


def _stretches(text: str) -> Iterator[str]:
    """Yield what stands between the tags of a template, line by line."""
    for literal in _TAG.split(text):
        yield from literal.splitlines()


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if SHORTEST <= len(words) < RUN:
        yield words
    for at in range(len(words) - RUN + 1):
        yield words[at : at + RUN]


def _runs_with_a_name(item: str) -> Iterator[tuple[str, ...]]:
    """Yield the runs of one item of a procedure in which a whole name stands."""
    words: list[str] = []
    names: list[tuple[int, int]] = []
    for at, part in enumerate(_CHIP.split(item)):  # every second part is the name of a chip
        start = len(words)
        words += _words(part)
        names += [(start, len(words))] if at % 2 else []
    length = min(RUN, len(words))
    for at in range(len(words) - length + 1) if length >= SHORTEST else ():
        if any(at <= start and end <= at + length for start, end in names):
            yield tuple(words[at : at + length])


def _words(text: str) -> tuple[str, ...]:
    found: Sequence[str] = _WORD.findall(fold(text))
    return tuple(found)
