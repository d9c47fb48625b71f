"""A player is opened by its name, and what raises is a trial like another."""

from dataclasses import replace

import pytest

from evals.run.plan import Item
from evals.run.plug import LONGEST_WHY, Plug, PlugError, attempted
from evals.trial import Status, Trial
from tests.evals.run.players import items, trial

ITEM, OTHER = items("a", "b")


@pytest.mark.parametrize("name", ["no.such.module:play", "evals.run.plug:nothing", "evals.run.plug", ""])
def test_a_player_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(PlugError, match=f"there is no player `{name}`"):
        Plug(name).opened()


async def test_a_trial_has_the_tags_by_which_it_was_chosen() -> None:
    async def play(item: Item) -> Trial:
        return replace(trial(item), tags=("other",))

    item = replace(ITEM, case=replace(ITEM.case, tags=("bonus", "attack")))
    assert (await attempted(play, item)).tags == ("bonus", "attack")


async def test_a_trial_is_given_on_as_it_is() -> None:
    async def play(item: Item) -> Trial:
        return trial(item)

    assert await attempted(play, ITEM) == trial(ITEM)


async def test_what_raises_is_an_error_with_its_type_and_place() -> None:
    async def play(item: Item) -> Trial:
        raise KeyError(item.case.ticket)

    found = await attempted(play, ITEM)
    assert (found.ticket, found.status, found.repeat, found.seed) == ("a", Status.ERROR, 1, ITEM.seed)
    assert found.why.startswith("KeyError: 'a' (in play, test_plug.py:")


async def test_a_long_reason_is_cut() -> None:
    async def play(_: Item) -> Trial:
        raise ValueError("x" * 10_000)

    assert LONGEST_WHY < len((await attempted(play, ITEM)).why) < LONGEST_WHY + 60


async def test_a_trial_of_something_else_does_not_count() -> None:
    async def play(_: Item) -> Trial:
        return trial(OTHER)

    found = await attempted(play, ITEM)
    assert (found.status, found.ticket) == (Status.ERROR, "a")
    assert found.why.startswith("something else was played: ('b', <Level.CODE")
