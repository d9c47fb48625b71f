"""The player without a model: says all of it in order, as much at a time as the seed says."""

from hypothesis import given
from hypothesis import strategies as st

from evals.judging.talk import Line
from evals.simulated.acting import End, Move
from evals.simulated.player import Role
from evals.simulated.scripted import ScriptedPlayer, messages

FACTS = ("a@example.com", "12 April 1990", "thanks")
ROLE = Role(goal="A bonus?", facts=("A bonus?", *FACTS))


@given(seed=st.integers(0, 2**32), facts=st.lists(st.sampled_from(["one", "two", "three", "four"]), max_size=8))
def test_whatever_the_seed_everything_is_said_once_and_in_order(seed: int, facts: list[str]) -> None:
    said = messages(Role(goal="A bonus?", facts=tuple(facts)), seed=seed)
    assert "\n".join(said).split("\n") == ["A bonus?", *facts]
    assert said == messages(Role(goal="A bonus?", facts=tuple(facts)), seed=seed)


def test_seeds_make_different_chats_of_one_role() -> None:
    assert {messages(ROLE, seed=seed) for seed in range(50)} == {
        ("A bonus?", "a@example.com\n12 April 1990\nthanks"),
        ("A bonus?", "a@example.com\n12 April 1990", "thanks"),
        ("A bonus?", "a@example.com", "12 April 1990\nthanks"),
        ("A bonus?", "a@example.com", "12 April 1990", "thanks"),
    }


async def test_the_player_leaves_once_everything_is_said() -> None:
    player, role = ScriptedPlayer(), Role(goal="A bonus?", facts=("a@example.com",))
    talk: list[Line] = []
    moves: list[Move] = []
    for _ in range(3):
        moves.append(await player.move(role, talk, seed=1))
        talk += [Line("player", moves[-1].text), Line("agent", "And?")]
    assert moves == [Move(text="A bonus?"), Move(text="a@example.com"), Move(end=End.DONE)]
