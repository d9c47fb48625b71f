"""Order: which calls come before which, how often, and the law that every ticket keeps without saying so.

Two words have one meaning throughout. A call is *made* as soon as the model proposes it, whatever came of it: an issue
before the verification is wrong though the tool layer refused it. A call *succeeded* where it read, decided or did
something; a hand-over by the house itself succeeds, but nobody made it. What an expectation lists in `refused` the
ticket is about, so those calls are not held against it here.

The law:

- no call before what its tool needs was established: verify, then qualify, then issue;
- at most one issue for each decision (`state` counts those that are done);
- nothing after a hand-over, by whoever is not the house itself.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from casino.nearest import did_you_mean
from evals.expect import Expected, Order
from evals.grading.seen import NOT_BEGUN, CallSeen, Seen
from tools.record import Entry
from tools.tool import Kind, Status

SUB_PROCEDURE = "procedure_"


def order(expected: Expected, seen: Seen) -> tuple[str, ...]:
    """Return one line for each rule that does not hold, those of the ticket first."""
    calls = _held(expected, seen)
    return (
        *_unknown(expected, seen),
        *_before(expected, calls),
        *_counted(expected, calls),
        *_unmet(calls, seen),
        *_again(calls),
        *_after_hand_over(calls, seen),
    )


def order_of(seen: Seen) -> Order:
    """Return the strictest order that a gold trajectory keeps: how often each tool was called, and in which sequence.

    A ticket needs it where nothing else tells the trajectory from a worse one: a read that was left out, a step that
    the end state does not show.
    """
    made = Counter(call.name for call in seen.calls if not call.by_code)
    sequence: list[CallSeen] = []
    for call in seen.calls:
        known = {one.name for one in sequence}
        if call.succeeded and not call.by_code and call.name not in known and _follows(call, sequence[-1:], seen):
            sequence.append(call)
    chain = tuple(call.name for call in sequence)
    return Order(before=(chain,) if len(chain) > 1 else (), exactly=dict(made))


def _follows(call: CallSeen, last: Sequence[CallSeen], seen: Seen) -> bool:
    """Tell whether no call of this tool was made before the last one of a sequence had ended."""
    ended = max((one.ended or 0 for one in last), default=0)
    return all(one.at > ended for one in seen.calls if one.name == call.name)


def _held(expected: Expected, seen: Seen) -> tuple[CallSeen, ...]:
    """Return the calls that count: without the refused ones that the ticket expects."""
    if expected.refused is None:
        return seen.calls
    about = {id(call) for call in seen.refused if call.told in expected.refused}
    return tuple(call for call in seen.calls if id(call) not in about)


def _unknown(expected: Expected, seen: Seen) -> Iterator[str]:
    """Find rules about tools that there are not: they would hold for ever."""
    for name in expected.order.tools:
        if name not in seen.tools and not name.startswith(SUB_PROCEDURE):
            yield f"order: there is no tool `{name}`. {did_you_mean(name, seen.tools)}"


def _before(expected: Expected, calls: tuple[CallSeen, ...]) -> Iterator[str]:
    pairs = [pair for chain in expected.order.before for pair in pairwise(chain)]
    for first, later in dict.fromkeys(pairs):
        ended = min((call.ended or 0 for call in calls if call.name == first and call.succeeded), default=None)
        made = (call for call in calls if call.name == later and not call.by_code)
        if any(ended is None or call.at < ended for call in made):
            yield f"before: `{later}` was called before `{first}` had succeeded"


def _counted(expected: Expected, calls: tuple[CallSeen, ...]) -> Iterator[str]:
    wanted = expected.order
    made = Counter(call.name for call in calls if not call.by_code)
    for name, count in wanted.exactly.items():
        if made[name] != count:
            yield f"exactly: `{name}` was to be called {count} times, and was {made[name]} times"
    for name, count in wanted.at_most.items():
        if made[name] > count:
            yield f"at_most: `{name}` was to be called at most {count} times, and was {made[name]} times"
    for name in wanted.forbid:
        if made[name]:
            yield f"forbid: `{name}` was called"
    for name in wanted.eventually:
        if not any(call.name == name and call.succeeded for call in calls):
            yield f"eventually: `{name}` never succeeded"


def _unmet(calls: tuple[CallSeen, ...], seen: Seen) -> Iterator[str]:
    """Find calls that began before what their tool needs was on the record."""
    for call in calls:
        tool = seen.tools.get(call.name)
        if tool is None or call.by_code or call.code == NOT_BEGUN:
            continue
        held = _facts(call, seen)
        for need in tool.needs:
            if need.fact not in held:
                yield f"law: `{call.name}` was called before there was a `{need.fact}`"


def _facts(call: CallSeen, seen: Seen) -> set[str]:
    """Return the facts that had been established when a call began, without those that were spent."""
    ended = {one.ended: one for one in seen.calls if one.ended is not None}
    held: set[str] = set()
    for entry in seen.whole.entries:
        if entry.seq >= call.at:
            break
        held |= _established(entry)
        effect = ended.get(entry.seq)
        tool = None if effect is None else seen.tools.get(effect.name)
        if effect is not None and tool is not None and effect.status == Status.DONE:
            held -= {*tool.spends}
    return held


def _established(entry: Entry) -> set[str]:
    facts = entry.body.get("establishes")
    return {*facts} if isinstance(facts, dict) else set()


def _again(calls: tuple[CallSeen, ...]) -> Iterator[str]:
    """Find a decision that somebody asked to carry out more than once."""
    made: dict[str, int] = {}
    for call in calls:
        decision = call.arguments.get("decision_id")
        if isinstance(decision, str):
            made[decision] = made.get(decision, 0) + 1
    yield from (
        f"law: the decision {key!r} was to be carried out {count} times" for key, count in made.items() if count > 1
    )


def _after_hand_over(calls: tuple[CallSeen, ...], seen: Seen) -> Iterator[str]:
    ends = [call.ended for call in calls if call.ended is not None and _hands_over(call, seen)]
    over = min(ends, default=None)
    for call in calls:
        if over is not None and call.at > over and not call.by_code:
            yield f"law: `{call.name}` was called after the ticket had been handed over"


def _hands_over(call: CallSeen, seen: Seen) -> bool:
    tool = seen.tools.get(call.name)
    return tool is not None and tool.kind is Kind.TERMINAL and call.status == Status.DONE
