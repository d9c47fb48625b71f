"""Rules for the expectations of a ticket: what names nothing, and what can never hold together. All pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, combinations, pairwise
from types import MappingProxyType
from typing import Final

from casino.loaded import Path as Steps
from casino.nearest import did_you_mean
from evals.expect import Expected
from evals.grading.equation import Place, equation
from evals.lint.finding import Remark
from evals.ticket import Ticket
from evals.words import EFFECTS, STATES, SUB_PROCEDURE, TOOLS, ToolKind

ISSUED: Final = "issue_bonus: done"
TRANSFERRED: Final = "transfer_to_live_agent: done"
ENDS: Final[Mapping[str, str]] = MappingProxyType(
    {"issued": ISSUED, "escalated": TRANSFERRED, "messaged": "send_external_message: done"}
)
CALLED: Final[ToolKind] = "decide"  # the kind of a procedure that is called like a tool
KEEP: Final = "Keep the one that is meant."


def names(ticket: Ticket, procedures: Collection[str]) -> Iterator[Remark]:
    """Yield what a ticket names and there is not: procedures, tools, and states of effects.

    What is asked of a tool that there is not never holds, or always. So a run refuses such a ticket too.
    """
    yield from _procedure(("procedure",), ticket.procedure, procedures)
    expected = ticket.expect
    if expected is not None:
        yield from _procedure(("expect", "procedure"), expected.procedure or None, procedures)  # "": none ran
        yield from _names(expected, procedures)


def expectations(ticket: Ticket, procedures: Collection[str]) -> Iterator[Remark]:
    """Yield what is wrong with the expectations of a ticket and with the names in it."""
    yield from names(ticket, procedures)
    yield from _tags(ticket.tags)
    expected = ticket.expect
    if expected is None:
        mend = 'Add at least "outcome" and "effects".'
        yield Remark((), "`expect` is missing: a ticket without criteria proves nothing", mend)
        return
    yield from _end(expected)
    yield from _order(expected)
    yield from _words(expected)


def _procedure(path: Steps, name: str | None, known: Collection[str]) -> Iterator[Remark]:
    if name is not None and name not in known:
        yield Remark(path, f'there is no procedure "{name}"', did_you_mean(name, known))


def _tags(tags: Sequence[str]) -> Iterator[Remark]:
    for at, tag in enumerate(tags):
        if tag in tags[:at]:
            yield Remark(("tags", at), f'the tag "{tag}" stands here twice', "Keep one of them.")


def _names(expected: Expected, procedures: Collection[str]) -> Iterator[Remark]:
    tools: dict[str, ToolKind] = {**TOOLS, **{f"{SUB_PROCEDURE}{name}": CALLED for name in procedures}}
    for path, name in chain(_ordered(expected), _traced(expected)):
        yield from _tool(path, name, tools)
    for at, text in enumerate(expected.effects):
        yield from _told(("expect", "effects", at), text, tools, states=STATES)
    for at, text in enumerate(expected.refused or ()):
        yield from _told(("expect", "refused", at), text, tools, states=None)


def _ordered(expected: Expected) -> Iterator[tuple[Steps, str]]:
    """Yield every tool that the order names, and where."""
    order, path = expected.order, ("expect", "order")
    for number, tools in enumerate(order.before):
        yield from (((*path, "before", number, at), name) for at, name in enumerate(tools))
    for key, counted in (("exactly", order.exactly), ("at_most", order.at_most)):
        yield from (((*path, key, name), name) for name in counted)
    for key, listed in (("forbid", order.forbid), ("eventually", order.eventually)):
        yield from (((*path, key, at), name) for at, name in enumerate(listed))


def _traced(expected: Expected) -> Iterator[tuple[Steps, str]]:
    """Yield every tool that the provenance names, and where."""
    for at, text in enumerate(expected.provenance):
        yield from ((("expect", "provenance", at), side.tool) for side in equation(text) if isinstance(side, Place))


def _tool(path: Steps, name: str, tools: Collection[str]) -> Iterator[Remark]:
    if name not in tools:
        yield Remark(path, f'there is no tool "{name}"', did_you_mean(name, tools))


def _told(path: Steps, text: str, tools: Mapping[str, ToolKind], *, states: Sequence[str] | None) -> Iterator[Remark]:
    """Check `tool: state`, or `tool: code` where any code may stand."""
    tool, colon, word = text.partition(": ")
    form = "tool: code" if states is None else "tool: state"
    if not colon or not word:
        example = "issue_bonus: precondition" if states is None else ISSUED
        yield Remark(path, f'"{text}" is not of the form `{form}`', f'Write one such as "{example}".')
        return
    unknown = [*_tool(path, tool, tools)]
    yield from unknown
    if not unknown and tools[tool] not in EFFECTS:
        changing = ", ".join(name for name, kind in TOOLS.items() if kind in EFFECTS)
        yield Remark(path, f"`{tool}` changes nothing, so it is never among these", f"They are {changing}.")
    if states is not None and word not in states:
        yield Remark(path, f'"{word}" is no state of an effect', did_you_mean(word, states))


def _end(expected: Expected) -> Iterator[Remark]:
    """Find rows of the end that cannot stand beside each other."""
    path, mend = ("expect", "effects"), "Add the effect, or mend the outcome."
    for outcome, effect in ENDS.items():
        if expected.outcome == outcome and effect not in expected.effects:
            yield Remark(path, f'the outcome is "{outcome}" and no effect is "{effect}"', mend)
    yield from _hand_over(expected)
    if ISSUED in expected.effects:
        yield from _issued(expected)


def _hand_over(expected: Expected) -> Iterator[Remark]:
    path, reason = ("expect", "handoff"), expected.handoff
    transfers = TRANSFERRED in expected.effects
    if reason and not transfers:
        yield Remark(path, f'the hand-over is "{reason}" and no effect is "{TRANSFERRED}"', 'Add it, or write "".')
    if reason and expected.outcome != "escalated":
        what = f'the hand-over is "{reason}" and the outcome is "{expected.outcome}"'
        yield Remark(path, what, 'A ticket that a human has taken over ends "escalated".')
    if reason == "" and transfers:
        yield Remark(path, f'there is no hand-over and an effect is "{TRANSFERRED}"', "Write why a human took over.")


def _issued(expected: Expected) -> Iterator[Remark]:
    """Find rows without which nothing is issued."""
    mend = f'Mend it, or remove "{ISSUED}".'
    if expected.decision not in {None, "qualified"}:
        what = f'a bonus is issued and the decision is "{expected.decision}": only "qualified" is carried out'
        yield Remark(("expect", "decision"), what, mend)
    if expected.verified == "":
        yield Remark(("expect", "verified"), "a bonus is issued and nobody is verified", mend)
    if expected.tier == "":
        yield Remark(("expect", "tier"), "a bonus is issued and there is no tier that gives it", mend)
    if expected.granted == ():
        yield Remark(("expect", "granted"), "a bonus is issued and the bonus system has no row of it", mend)


def _order(expected: Expected) -> Iterator[Remark]:
    """Find rules about calls that cannot hold together."""
    order, path = expected.order, ("expect", "order")
    for at, name in enumerate(order.eventually):
        if name in order.forbid or order.exactly.get(name) == 0 or order.at_most.get(name) == 0:
            what = f"`{name}` must succeed once, and must not be called"
            yield Remark((*path, "eventually", at), what, KEEP)
    for name, count in order.exactly.items():
        if name in order.forbid and count:
            yield Remark((*path, "exactly", name), f"`{name}` must be called {count} times, and is forbidden", KEEP)
        if (most := order.at_most.get(name)) is not None and most < count:
            what = f"`{name}` must be called {count} times, and at most {most} times"
            yield Remark((*path, "exactly", name), what, KEEP)
    yield from _done_and_forbidden(expected)
    yield from _both_ways(expected)
    least, most = sum(order.exactly.values()), expected.budget.tool_calls
    if most is not None and most < least:
        what = f"`order.exactly` asks for {least} calls, and the budget allows {most}"
        yield Remark(("expect", "budget", "tool_calls"), what, "Raise it, or ask for less.")


def _done_and_forbidden(expected: Expected) -> Iterator[Remark]:
    """Find effects that must be there and must not be asked for. The house may hand over of itself."""
    order = expected.order
    for at, name in enumerate(text.partition(": ")[0] for text in expected.effects):
        never = name in order.forbid or order.exactly.get(name) == 0 or order.at_most.get(name) == 0
        if never and TOOLS.get(name) == "write":
            yield Remark(("expect", "effects", at), f"`{name}` must be done, and must not be called", KEEP)


def _both_ways(expected: Expected) -> Iterator[Remark]:
    """Find two tools of which each must come before the other."""
    chains = expected.order.before
    pairs = {pair for tools in chains for pair in combinations(tools, 2)}
    for number, tools in enumerate(chains):
        for at, (first, later) in enumerate(pairwise(tools)):
            if first == later or (later, first) in pairs:
                what = f"`{first}` must come before `{later}`, and `{later}` before `{first}`"
                yield Remark(("expect", "order", "before", number, at), what, KEEP)


def _words(expected: Expected) -> Iterator[Remark]:
    """Find words that must be said and must not be."""
    for at, text in enumerate(expected.said):
        for other in expected.never_said:
            if other in text:
                what = f'"{text}" must be said, and "{other}" must not be'
                yield Remark(("expect", "said", at), what, KEEP)
