"""What a player wants by their newest words: a bonus, none, or only to know. Nothing is given against their word.

A guard over words in six languages, and a narrow one: what is not said in so many words changes nothing. A wish stands
until other words replace it; of two in one message the later one counts.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from tools import declined_words as words
from tools.legal import refusal
from tools.spoken import clauses, yes_no
from tools.spoken_words import fold
from tools.tool import Arguments, Call, Intent, Result, Tool

DECLINED: Final = "declined"  # the code of the refusal


class Wish(StrEnum):
    """What the newest words say of a bonus. Where they say nothing there is no wish, and the procedure goes on."""

    HAVE = "have"
    KNOW = "know"  # to be told, and to be given nothing
    NONE = "none"


class _Heard(StrEnum):
    """What one clause says."""

    DECLINES = "declines"
    DROPPED = "dropped"
    ONLY_TO_KNOW = "only to know"
    TO_KNOW = "to know"
    WANTS = "wants"
    ASKS = "asks"


_BEGINS: Final = rf"(?:^|.* (?:{words.JOINS}) )(?:(?:{words.BEFORE}) ){{0,6}}"  # bounded: more are no sentence
_THING: Final = "|".join(words.THINGS.values())


def _declining(language: str) -> str:
    """Return the pattern of a language for a clause in which something is declined."""
    ends = rf"(?: (?:{words.ENDINGS[language]}))*(?:$| (?:{words.GOES_ON})\b)"
    core = rf"(?:(?:{'|'.join(words.DECLINES[language])}){ends}|(?:{words.NO_BONUS[language]})(?: {_COURTESY})*$)"
    return core.replace("#", f"(?:{words.THINGS[language]})")


_COURTESY: Final = f"(?:{words.COURTESY})"
_DECLINES: Final = re.compile(_BEGINS + "(?:" + "|".join(_declining(one) for one in words.DECLINES) + ")")
_DROPPED: Final = re.compile(rf"(?:(?:{words.BEFORE}) ){{0,6}}(?:{words.DROPPED})(?: (?:{words.COURTESY}|now|jetzt))*")
_ONLY: Final = re.compile(rf"\b(?:{words.ONLY})\b")
_TO_KNOW: Final = re.compile(rf"\b(?:{words.TO_KNOW})\b")
_GIVEN: Final = (
    rf"(?![\w'-])(?: (?:{words.BETWEEN}))* (?:{_THING}|{words.PRONOUNS})"
    rf"(?: (?:{words.BEHIND}))*(?:$| (?:{words.GOES_ON})\b)"
)
_WANTS: Final = re.compile(rf"(?<![\w'-])(?:{words.WANTS}){_GIVEN}")
_ASKS: Final = re.compile(rf"(?<![\w'-])(?:{words.ASKS}){_GIVEN}")
_UNCLEAR: Final = re.compile(rf"(?<![\w'-])(?:{words.UNCLEAR})(?![\w'-])")
_AND_WANTS: Final = re.compile(rf" (?:{words.JOINS}) (?=(?:(?:{words.COURTESY}) )?(?:{words.WANTS})(?![\w'-]))")
_GLUED: Final = re.compile(rf",\s*(?=(?:{words.COURTESY}|ob|whether)\b)")
_LONGEST_YES: Final = 4  # words; a longer yes may be the yes to something else
_KEPT: Final = 256  # readings of texts: a turn asks for the same ones at each of its steps


def newest_wish(said: Sequence[str]) -> Wish | None:
    """Return what the player wants by their words, oldest first; None where they have not spoken of it."""
    wish: Wish | None = None
    for text in said:
        wish = _after(text, wish)
    return wish


@lru_cache(maxsize=_KEPT)
def _after(text: str, wish: Wish | None) -> Wish | None:
    """Return what is wanted once this has been said as well."""
    if wish is Wish.KNOW and yes_no(text) is True and len(text.split()) <= _LONGEST_YES:
        return Wish.HAVE
    parts = [part for clause in clauses(_GLUED.sub(" ", fold(text))) for part in _AND_WANTS.split(clause)]
    heard = [one for part in parts if (one := _heard(part)) is not None]
    knows = _Heard.TO_KNOW in heard or _Heard.ONLY_TO_KNOW in heard
    here = False  # whether it is in this message that something is declined
    for one in heard:
        match one:
            case _Heard.DECLINES:
                wish, here = (Wish.KNOW if knows else Wish.NONE), True
            case _Heard.DROPPED:
                wish = Wish.NONE
            case _Heard.ONLY_TO_KNOW:
                wish, here = Wish.KNOW, True
            case _Heard.TO_KNOW:
                wish = Wish.KNOW if wish is Wish.NONE else wish
            case _Heard.WANTS:
                wish, here = Wish.HAVE, False
            case _Heard.ASKS:  # "issue none yet; could I get one?" asks to be told
                wish = Wish.KNOW if here else Wish.HAVE
    return wish


def _heard(clause: str) -> _Heard | None:
    """Return what a clause says of a bonus. A question declines nothing: "why do you not give me a bonus?"."""
    plain = clause.removesuffix("?").rstrip()
    asks = plain != clause
    found = _to_know(plain) or (None if asks else _declines(plain))
    if found is not None or _UNCLEAR.search(plain):
        return found
    if _ASKS.search(plain):
        return _Heard.ASKS
    return _Heard.WANTS if not asks and _WANTS.search(plain) else None


def _to_know(plain: str) -> _Heard | None:
    if _ONLY.search(plain):
        return _Heard.ONLY_TO_KNOW
    return _Heard.TO_KNOW if _TO_KNOW.search(plain) else None


def _declines(plain: str) -> _Heard | None:
    if _DECLINES.match(plain):
        return _Heard.DECLINES
    return _Heard.DROPPED if _DROPPED.fullmatch(plain) else None


def can_be_declined(tool: Tool[Any]) -> bool:
    """Say whether a tool gives the player what was granted to them before: that is what they may want no more.

    It is known by what it spends, so that tools of another business, which give no bonus, are not held back by a word.
    """
    return tool.gives and bool(tool.spends)


def held_back(tool: Tool[Any]) -> Tool[Any]:
    """Return the tool as it is while the player wants nothing given: whoever calls it, it refuses and says why.

    It refuses before the gate claims anything as well, so that what a colleague approves later is not done either.
    """
    return replace(tool, run=_refuse, recheck=_refuse_at_the_gate)


async def _refuse(_: Arguments, __: Call[Any]) -> Result:
    return _ANSWER


async def _refuse_at_the_gate(_: Intent, __: Call[Any]) -> Result:
    return _ANSWER


_ANSWER: Final = refusal(
    DECLINED,
    "the player has said that nothing is to be given to them; nothing was. Tell them so, and give it only once they "
    "ask for it in words of their own",
)
