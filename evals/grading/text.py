"""Text: what the player was told is what the rows say, what must be said is said, in the language that was ordered."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from agent.outgoing.check import untruth
from casino.document import canonical_json, load_json
from evals.expect import Expected
from evals.grading.language import languages_of
from evals.grading.seen import CallSeen, Seen
from tools.record import Kind
from tools.tool import Status

LONGEST_QUOTED = 80


def text(expected: Expected, seen: Seen) -> tuple[str, ...]:
    """Return one line for each reply that says what it must not, and each text that no reply says."""
    return (*_wanted(expected, seen), *_language(expected, seen), *_untrue(seen))


def _wanted(expected: Expected, seen: Seen) -> Iterator[str]:
    said = "\n".join(seen.end.replies)
    yield from (f"said: no reply contains {one!r}" for one in expected.said if one not in said)
    yield from (f"never_said: a reply contains {one!r}" for one in expected.never_said if one in said)


def _language(expected: Expected, seen: Seen) -> Iterator[str]:
    """Find replies that read like another language; a ticket whose replies read like none proves nothing."""
    if expected.language is None:
        return
    found = [(reply, languages_of(reply)) for reply in seen.end.replies]
    if not any(languages for _, languages in found):
        yield f"language: expected {expected.language!r}, and no reply tells its language"
    for reply, languages in found:
        if languages and expected.language not in languages:
            yield f"language: expected {expected.language!r}, {'/'.join(languages)} is written: {_quoted(reply)}"


def _untrue(seen: Seen) -> Iterator[str]:
    """Hold every reply against the results that stood on the record before it."""
    for reply in seen.entries(Kind.AGENT_MESSAGE):
        before = [call for call in seen.calls if call.ended is not None and call.ended < reply.seq]
        known = canonical_json([dict(call.data) for call in before if call.succeeded])
        given, passed_on = (_done(before, seen, gives=gives) for gives in (True, False))
        said = str(reply.body["text"])
        wrong = _untruth(said, known, seen.named, given=given, passed_on=passed_on)
        if wrong is not None:
            yield f"untrue: {_quoted(said)}: {wrong}"


# Repeats of a ticket, and tickets that are alike, say the same over the same results; reading it is most of grading.
@lru_cache(maxsize=2048)
def _untruth(said: str, known: str, named: frozenset[str], *, given: bool, passed_on: bool) -> str | None:
    return untruth(said, [load_json(known, name="known").value], named=named, given=given, passed_on=passed_on)


def _done(calls: Sequence[CallSeen], seen: Seen, *, gives: bool) -> bool:
    """Tell whether the newest effect of a kind is done: what was only shadowed is no excuse for a promise."""
    reached = [call for call in calls if call.status in {Status.DONE, Status.SHADOWED} and seen.is_effect(call)]
    of_kind = [call for call in reached if seen.tools[call.name].gives is gives]
    return bool(of_kind) and of_kind[-1].status == Status.DONE


def _quoted(reply: str) -> str:
    return repr(reply if len(reply) <= LONGEST_QUOTED else f"{reply[:LONGEST_QUOTED]}…")
