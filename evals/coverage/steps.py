"""Steps and branches of a procedure, and which of them a text that a model was shown has in force. All pure.

What is shown of a procedure changes as its conditionals are decided. So every way in which they can be decided is
rendered once, and a shown text tells by itself which way was taken: nothing about the run is guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import product
from math import prod
from typing import Final, NamedTuple

from agent.playbook.procedure import Block, Branch, Conditional, Mention, Procedure, Step, Text, walk
from agent.playbook.resolve import for_brand, render
from casino.clock import CasinoTime
from casino.facts import NO_COMPUTED, Facts

BINDING: Final = frozenset({"action", "context", "procedure"})  # kinds of mentions that are called
ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)  # where nothing is known, no time decides
MOST_WAYS: Final = 5_000  # of a procedure; one with more is followed by its unconditional steps only


class Point(NamedTuple):
    """A step or a branch of a procedure."""

    line: int
    what: str  # `step` or `branch`
    text: str
    calls: tuple[str, ...] = ()  # the tools that a step asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """A procedure as one brand has it: its points, and those in force by the text that is shown."""

    points: tuple[Point, ...]
    always: frozenset[int]  # lines of the points that no condition stands before
    by_text: Mapping[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])

    def in_force(self, shown: str) -> frozenset[int]:
        """Return the lines of the points that a shown text has in force."""
        return self.by_text.get(shown, self.always)


def ways_of(procedure: Procedure, brand: str) -> Ways:
    """Return the ways through a procedure of a brand."""
    own = for_brand(procedure, brand)
    always = frozenset(block.place.line for block in own.blocks if isinstance(block, Step | Text))
    by_text: dict[str, frozenset[int]] = {}
    unknown = Facts.of({}).seen(at=CasinoTime(ANY_TIME), computed=NO_COMPUTED)
    if _count(own.blocks) <= MOST_WAYS:
        for blocks, taken in _decided(own.blocks):
            text = render(replace(own, blocks=blocks), brand, unknown)
            # Two ways that read the same cannot be told apart: what they have in common was in force.
            by_text[text] = by_text[text] & taken if text in by_text else taken
    return Ways(points=tuple(sorted(_points(own.blocks))), always=always, by_text=by_text)


def _points(blocks: tuple[Block, ...]) -> Iterator[Point]:
    """Yield every step and branch in the order of the file; a paragraph counts where it asks for a call."""
    for block in walk(blocks):
        if isinstance(block, Conditional):
            yield from (Point(one.place.line, "branch", _named(one)) for one in block.branches)
        elif isinstance(block, Step) or (isinstance(block, Text) and _calls(block.mentions)):
            yield Point(block.place.line, "step", block.markdown.strip().split("\n")[0], _calls(block.mentions))


def _named(branch: Branch) -> str:
    return "else" if branch.conditions is None else f"if {branch.text}"


def _calls(mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    return tuple(
        f"procedure_{one.id}" if one.kind == "procedure" else one.id for one in mentions if one.kind in BINDING
    )


def _count(blocks: tuple[Block, ...]) -> int:
    """Return in how many ways some blocks can be decided."""
    each = (2 + sum(_count(one.blocks) for one in block.branches) for block in blocks if isinstance(block, Conditional))
    return prod(each)


def _decided(blocks: tuple[Block, ...]) -> Iterator[tuple[tuple[Block, ...], frozenset[int]]]:
    """Yield the blocks for every way to decide them, with the lines of what is in force then."""
    for chosen in product(*(tuple(_options(block)) for block in blocks)):
        kept = tuple(block for one, _ in chosen for block in one)
        yield kept, frozenset(line for _, lines in chosen for line in lines)


def _options(block: Block) -> Iterator[tuple[tuple[Block, ...], frozenset[int]]]:
    """Yield a block as it is, and a conditional also with each branch taken, and with none."""
    if not isinstance(block, Conditional):
        yield (block,), frozenset({block.place.line})
        return
    yield (block,), frozenset()
    yield (), frozenset()
    for branch in block.branches:
        for blocks, lines in _decided(branch.blocks):
            yield blocks, lines | {branch.place.line}
