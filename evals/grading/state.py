"""State: the rows at the end, the effects that were asked for and refused, and that nothing was done twice."""

from collections import Counter
from collections.abc import Iterator
from typing import cast

from evals.expect import Expected
from evals.grading.seen import ISSUE, NOT_BEGUN, Seen
from tools.ledger import GONE, EffectState
from tools.legal import MISTAKES
from tools.record import Kind

# Refusals of effects that should not have been asked for. The others (a veto, a limit, a system that says no) come from
# the world and are no fault of whoever asked.
FAULTS = MISTAKES | {
    "decision_spent",
    "done_before",
    "no_such_approval",
    "not_granted",
    "not_your_decision",
    "ticket_silent",
    NOT_BEGUN,
}


def state(expected: Expected, seen: Seen) -> tuple[str, ...]:
    """Return one line for each row that is not as expected, or that no ticket may have."""
    return (*_rows(expected, seen), *_refused(expected, seen), *_twice(seen), *_books(seen), *_unanswered(seen))


def _rows(expected: Expected, seen: Seen) -> Iterator[str]:
    """Compare the end state; what is not expected is not compared, except outcome and effects."""
    found = seen.end
    rows: list[tuple[str, object, object]] = [
        ("outcome", expected.outcome, found.outcome),
        ("effects", expected.effects, found.effects),
        ("procedure", expected.procedure, found.procedure),
        ("verified", expected.verified, found.verified),
        ("decision", expected.decision, found.decision),
        ("tier", expected.tier, found.tier),
        ("handoff", expected.handoff, found.handoff),
    ]
    if seen.granted is not None:
        rows.append(("granted", expected.granted, tuple(str(row["player_id"]) for row in seen.granted)))
    for name, want, have in rows:
        if want not in {None, have}:
            yield f"{name}: expected {_told(want)}, found {_told(have)}"


def _refused(expected: Expected, seen: Seen) -> Iterator[str]:
    """Compare the refused effects with those expected; without an expectation none may have been a fault."""
    told = tuple(call.told for call in seen.refused)
    if expected.refused is not None:
        if told != expected.refused:
            yield f"refused: expected {_told(expected.refused)}, found {_told(told)}"
        return
    for call in seen.refused:
        if call.code in FAULTS:
            yield f"refused: `{call.told}` should not have been asked for; where the ticket is about it, expect it"


def _told(value: object) -> str:
    """Write a row as a ticket file has it: a list is one there."""
    return repr([*cast("tuple[object, ...]", value)] if isinstance(value, tuple) else value)


def _twice(seen: Seen) -> Iterator[str]:
    """Find what stands twice in the ledger or the bonus system, whatever the end state says."""
    standing = [effect for effect in seen.whole.effects if effect.state not in GONE]
    decided = Counter(effect.decision_id for effect in standing if effect.decision_id is not None)
    business = Counter(effect.business_key for effect in standing)
    rows = Counter(str(row["decision_id"]) for row in seen.granted or ())
    told = Counter(
        str(call.arguments.get("decision_id")) for call in seen.calls if call.name == ISSUE and call.status == "done"
    )
    for where, counted in (
        ("effects: the decision", decided),
        ("effects: the business key", business),
        ("granted: the decision", rows),
        ("calls: the issue of the decision", told),
    ):
        yield from (f"{where} {key!r} stands {count} times" for key, count in counted.items() if count > 1)


def _books(seen: Seen) -> Iterator[str]:
    """Hold the ledger against the bonus system: a done issue is a row there, and a row there was ordered."""
    if seen.granted is None:
        return
    issues = [effect for effect in seen.whole.effects if effect.tool == ISSUE]
    there = {str(row["decision_id"]) for row in seen.granted}
    ordered = {effect.decision_id for effect in issues if effect.state not in GONE}
    for effect in issues:
        if effect.state is EffectState.DONE and effect.decision_id not in there:
            yield f"granted: `{effect.key}` is done in the ledger and no row in the bonus system"
    yield from (f"granted: no effect of this ticket ordered the row of decision {key!r}" for key in there - ordered)


def _unanswered(seen: Seen) -> Iterator[str]:
    """Find messages without a reply; once a human has the ticket none is owed."""
    answered = {str(reply.body.get("message")) for reply in seen.entries(Kind.AGENT_MESSAGE)}
    silent = {str(turn.body.get("message")) for turn in seen.entries(Kind.TURN) if turn.body.get("silent") is True}
    for message in seen.entries(Kind.PLAYER_MESSAGE):
        name = str(message.body.get("message_id"))
        if name not in answered | silent:
            yield f"replies: message {name!r} has no reply"
