"""What of a procedure holds now: code takes the branches that are decided, and shows those that are not.

A branch holds when all its conditions pass, and is out as soon as one fails; in between it is open. A condition is
open while its field is not there yet or its source is out of reach: neither is a no. Null and values of another type
fail. A field that is missing from the answer of a tool that has answered will not come any more, so it fails too.
Branches are tried in order. The first that holds is taken; an open one before it leaves the conditional open, with
the branches that are out left away.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeAlias

from agent.playbook.mentions import replace_chips
from agent.playbook.procedure import Block, Body, Branch, Conditional, Mention, Never, Procedure, Step, Text
from agent.playbook.vocabulary import Named
from casino.facts import Facts, Found
from casino.rules.condition import Condition
from casino.rules.evaluate import check
from casino.verdict import Outcome

Held: TypeAlias = Literal["yes", "no", "open"]


@dataclass(frozen=True, slots=True)
class Live:
    """A block that holds now, with the mentions that it binds (none in a never-block)."""

    block: Text | Step | Never
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """A conditional that cannot be decided yet: some fields are still missing, or their source is out of reach."""

    conditional: Conditional
    missing: tuple[str, ...]
    unavailable: tuple[str, ...]


def for_brand(procedure: Procedure, brand: str) -> Procedure:
    """Return the procedure as one brand has it. Applying it twice changes nothing."""
    if not procedure.overrides:
        return procedure
    own = procedure.overrides.get(brand)
    if own is None:
        return replace(procedure, overrides={})
    body = own.body or Body(blocks=procedure.blocks, mentions=procedure.mentions, never=procedure.never)
    return replace(
        procedure,
        overrides={},
        blocks=body.blocks,
        mentions=body.mentions,
        never=body.never,
        verify_player=procedure.verify_player if own.verify_player is None else own.verify_player,
        active=procedure.active if own.active is None else own.active,
        max_turns=procedure.max_turns if own.max_turns is None else own.max_turns,
        tags=procedure.tags if own.tags is None else own.tags,
        triggers=procedure.triggers if own.triggers is None else own.triggers,
    )


def live_blocks(blocks: tuple[Block, ...], facts: Facts) -> tuple[Block, ...]:
    """Return the blocks that hold: decided conditionals replaced by the branch taken, open ones kept."""
    return tuple(live for block in blocks for live in _live(block, facts))


def steps(procedure: Procedure, brand: str, facts: Facts) -> Iterator[Live | Open]:
    """Walk the blocks that hold now, in the order of the file and without nesting.

    The walk ends at the first open conditional, which is yielded as the last item: what stands below it counts on
    the branch that will be taken. A conditional that is decided and has no branch that holds is passed over. Walk again
    when more is known.
    """
    for block in live_blocks(for_brand(procedure, brand).blocks, facts):
        match block:
            case Conditional():
                yield _open(block, facts)
                return
            case Never():
                yield Live(block, ())
            case Text() | Step():
                yield Live(block, block.mentions)


def render(procedure: Procedure, brand: str, facts: Facts) -> str:
    """Return the instructions for a model: what holds now, open conditionals in words, chips as tool names."""
    return _rendered(live_blocks(for_brand(procedure, brand).blocks, facts))


def _live(block: Block, facts: Facts) -> tuple[Block, ...]:
    if not isinstance(block, Conditional):
        return (block,)
    possible: list[Branch] = []
    for branch in block.branches:
        held = _held(branch, facts)
        if held == "yes" and not possible:
            return live_blocks(branch.blocks, facts)
        if held == "no":
            continue
        blocks = live_blocks(branch.blocks, facts)
        if held == "yes":  # nothing below it can be taken
            possible.append(replace(branch, conditions=None, text="", blocks=blocks))
            break
        possible.append(replace(branch, blocks=blocks))
    return (replace(block, branches=tuple(possible)),) if possible else ()


def _held(branch: Branch, facts: Facts) -> Held:
    if branch.conditions is None:
        return "yes"
    held = {_condition_held(condition, facts) for condition in branch.conditions}
    return "no" if "no" in held else "open" if "open" in held else "yes"


def _condition_held(condition: Condition, facts: Facts) -> Held:
    match check(condition, facts).outcome:
        case Outcome.PASS:
            return "yes"
        case Outcome.FAIL | Outcome.NULL | Outcome.TYPE_MISMATCH:
            return "no"
        case Outcome.UNAVAILABLE:
            return "open"
        case Outcome.MISSING:
            return "no" if _answered(condition.path, facts) else "open"


def _answered(path: str, facts: Facts) -> bool:
    """Tell whether the tool that a path belongs to has answered."""
    root, name, *_ = path.split(".")
    return root == "tools" and isinstance(facts.look(f"{root}.{name}"), Found)


def _open(conditional: Conditional, facts: Facts) -> Open:
    missing: dict[str, None] = {}
    unavailable: dict[str, None] = {}
    for branch in conditional.branches:
        for condition in branch.conditions or ():
            if _condition_held(condition, facts) == "open":
                away = check(condition, facts).outcome is Outcome.UNAVAILABLE
                (unavailable if away else missing)[condition.path] = None
    return Open(conditional, tuple(missing), tuple(unavailable))


def _rendered(blocks: tuple[Block, ...]) -> str:
    parts: list[str] = []
    for index, block in enumerate(blocks):
        in_list = index > 0 and isinstance(block, Step) and isinstance(blocks[index - 1], Step)
        parts += ["\n" if in_list else "\n\n" if index > 0 else "", _rendered_block(block)]
    return "".join(parts)


def _rendered_block(block: Block) -> str:
    match block:
        case Text(markdown=markdown) | Step(markdown=markdown):
            return _worded(markdown)
        case Never(markdown=markdown):
            words = _worded(markdown)
            return f"NEVER:\n{words}" if "\n" in words or words.startswith("- ") else f"NEVER: {words}"
        case Conditional(branches=branches):
            return "\n".join(_rendered_branch(branch, first=index == 0) for index, branch in enumerate(branches))


def _rendered_branch(branch: Branch, *, first: bool) -> str:
    if branch.conditions is None:
        head = "In any case:" if first else "Otherwise:"
    else:
        head = f"{'If' if first else 'Otherwise, if'} {branch.text}:"
    return "\n".join([head, *(f"  {line}" if line else "" for line in _rendered(branch.blocks).split("\n"))])


@lru_cache(maxsize=1024)
def _worded(markdown: str) -> str:
    """Return a text with its chips as tool names: a procedure shows the same ones at every step."""
    return replace_chips(markdown, _tool_words)


def _tool_words(named: Named, label: str) -> str:
    match named.kind:
        case "action" | "context" | "field":
            return f"`{named.id}` ({label})"
        case "knowledge":
            return f"article `{named.id}` ({label})"
        case "procedure":
            return f"procedure `{named.id}` ({label})"
        case "human":
            return f"team `{named.id}` ({label})"
