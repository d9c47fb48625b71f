"""Which steps and branches a shown text has in force."""

import pytest

from agent.playbook.parse import parse_procedure
from agent.playbook.procedure import Procedure
from agent.playbook.resolve import render
from agent.playbook.vocabulary import Vocabulary
from casino.clock import CasinoTime
from casino.facts import NO_COMPUTED, Facts
from casino.values import Value
from evals.coverage.steps import ANY_TIME, Point, ways_of

TEXT = """\
---
name: Two questions
description: What a player wants, in two questions.
status: published
---

Read it with @[Read](context:read).

1. Look.

::: if tools.read.status == 'a'
2. Do @[Act](action:act).

::: if tools.read.more == 'b'
3. Do more.
:::
::: else
2. Do nothing.
:::

4. Say so.

> [!NEVER]
> - Lie.
"""
NAMES = Vocabulary(actions={"act": "Act"}, contexts={"read": "Read"})


@pytest.fixture
def procedure() -> Procedure:
    return parse_procedure(TEXT, file="two-questions.md", vocabulary=NAMES)


def shown(procedure: Procedure, **read: Value) -> str:
    """Return what a model is shown once a tool has answered so."""
    known: dict[str, Value] = {"tools": {"read": dict(read)}} if read else {}
    return render(procedure, "red", Facts.of(known).seen(at=CasinoTime(ANY_TIME), computed=NO_COMPUTED))


def test_steps_and_branches_are_points(procedure: Procedure) -> None:
    assert ways_of(procedure, "red").points == (
        Point(7, "step", "Read it with @[Read](context:read).", ("read",)),
        Point(9, "step", "1. Look."),
        Point(11, "branch", "if tools.read.status == 'a'"),
        Point(12, "step", "2. Do @[Act](action:act).", ("act",)),
        Point(14, "branch", "if tools.read.more == 'b'"),
        Point(15, "step", "3. Do more."),
        Point(17, "branch", "else"),
        Point(18, "step", "2. Do nothing."),
        Point(21, "step", "4. Say so."),
    )


@pytest.mark.parametrize(
    ("read", "lines"),
    [
        ({}, {7, 9, 21}),
        ({"status": "a"}, {7, 9, 11, 12, 21}),
        ({"status": "a", "more": "b"}, {7, 9, 11, 12, 14, 15, 21}),
        ({"status": "a", "more": "c"}, {7, 9, 11, 12, 21}),
        ({"status": "z"}, {7, 9, 17, 18, 21}),
    ],
)
def test_a_shown_text_tells_which_way_was_taken(procedure: Procedure, read: dict[str, Value], lines: set[int]) -> None:
    points = {point.line for point in ways_of(procedure, "red").points}
    assert ways_of(procedure, "red").in_force(shown(procedure, **read)) & points == lines


def test_a_text_that_no_way_gives_has_only_the_unconditional_steps_in_force(procedure: Procedure) -> None:
    ways = ways_of(procedure, "red")
    assert ways.in_force("something else") == ways.always == {7, 9, 21}


def test_a_procedure_with_too_many_ways_is_followed_by_its_unconditional_steps() -> None:
    asked = "".join(
        f"::: if tools.read.f{number} == 'a'\n1. {number}\n::: else\n1. no {number}\n:::\n\n" for number in range(8)
    )
    head = "---\nname: Many\ndescription: A great many questions to a player.\nstatus: published\n---\n\n1. Look.\n\n"
    ways = ways_of(parse_procedure(head + asked, file="many.md", vocabulary=NAMES), "red")
    assert (ways.by_text, ways.in_force("anything"), len(ways.points)) == ({}, {7}, 33)
