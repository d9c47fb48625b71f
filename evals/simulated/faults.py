"""What the simulated player did wrong. It is counted beside the verdict: a failure may be the player's, not the desk's.

Source: 9 of 35 failures in a public benchmark were the fault of its simulated user (tau2-bench, issue 392).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agent.outgoing.check import untrue_values
from evals.grading.language import languages_of
from evals.judging.talk import Line
from evals.simulated.acting import End, Move
from evals.simulated.player import Role
from tools.spoken import emails
from tools.spoken_words import fold

_AS_THE_DESK: Final = re.compile(
    r"\b(?:how (?:can|may) i (?:help|assist)|as an? (?:ai|assistant|language model)|i am (?:the|an?) (?:\w+ )?assistant"
    r"|your account has been|please (?:provide|send (?:me|us)|tell (?:me|us)) your|on behalf of the (?:player|desk)"
    r"|(?:i|we) (?:can|could|will|have) (?:provide|give|issue|grant|credit|offer)\w*\b.{0,20}\b(?:bonus|spins|reward)"
    r"|(?:to|on|in) your account)\b"
    r"|</?(?:player|agent|result|desk)>|^\s*\{\s*\"do\""
)


@dataclass(frozen=True, slots=True)
class Acted:
    """One move, and the chat that it answered."""

    move: Move
    before: tuple[Line, ...]


def faults(role: Role, acted: Sequence[Acted]) -> tuple[str, ...]:
    """Return one line for each fault of the player."""
    spoken = [one for one in acted if one.move.text]
    return (
        *(line for number, one in enumerate(spoken, start=1) for line in _message(role, one, number)),
        *_repeated(spoken),
        *_end(role, acted),
    )


def _message(role: Role, one: Acted, number: int) -> Iterator[str]:
    text = _own(role, one.move.text)
    told = [line.text for line in one.before if line.role == "agent"]
    heard = [role.goal, *role.facts, *role.unknown, *told]
    known = {address for words in heard for address in emails(words)}
    strange = [address for address in emails(text) if address not in known]
    if made_up := dict.fromkeys([*strange, *untrue_values(text, heard)]):
        yield f"message {number}: says what the player does not know: {', '.join(map(repr, made_up))}"
    if _AS_THE_DESK.search(fold(text)):
        yield f"message {number}: out of role, it speaks as the desk"
    languages = languages_of(text)
    if role.language is not None and languages and role.language not in languages:
        yield f"message {number}: out of role, it is written in {'/'.join(languages)} and not in {role.language}"


def _own(role: Role, text: str) -> str:
    """Return what the player has added to the words of the role, which are no fault of theirs."""
    for given in sorted((role.goal, *role.facts), key=len, reverse=True):
        text = text.replace(given, "") if given else text
    return text


def _repeated(spoken: Sequence[Acted]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, one in enumerate(spoken, start=1):
        before = first.setdefault(" ".join(fold(one.move.text).split()), number)
        if before != number:
            yield f"message {number}: says the same as message {before}"


def _end(role: Role, acted: Sequence[Acted]) -> Iterator[str]:
    last = acted[-1].move if acted else Move()
    if any(not one.move.text and one.move.end is End.STAYS for one in acted):
        yield "out of role: stays and says nothing"
    elif last.end is End.GAVE_UP:
        yield "gave up"
    elif last.end is End.STAYS and len(acted) >= role.messages:
        yield f"came to no end in {role.messages} messages"
