"""What is written for the model is not for the player: our orders to it, and the marks around what it is shown.

A small model that is told to mend its answer sometimes repeats what it was told instead.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from tools.spoken_words import fold

RUN: Final = 7  # so many words of an order, one after the other, are no chance
SHORTEST: Final = 5  # an order with fewer words than a run counts as a whole from here on
Orders: TypeAlias = frozenset[tuple[str, ...]]

_TAG: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_MARK: Final = re.compile(r"</?(?:player|result|desk)>")
_WORD: Final = re.compile(r"\w+")


def orders_in(templates: Iterable[str]) -> Orders:
    """Return the runs of words that our templates for the model hold; what they fill in is none of them."""
    return frozenset(run for text in templates for stretch in _stretches(text) for run in _runs(_words(stretch)))


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


def _words(text: str) -> tuple[str, ...]:
    found: Sequence[str] = _WORD.findall(fold(text))
    return tuple(found)
