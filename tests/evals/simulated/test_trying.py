"""A ticket at L4: the same grading, and beside it what the player did wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.model.port import ModelDown
from agent.settings import read_settings
from evals.judging.talk import Line
from evals.simulated.acting import End, Move
from evals.simulated.player import Player, Role
from evals.simulated.scripted import ScriptedPlayer
from evals.simulated.trying import simulated
from evals.ticket import Read, read_ticket
from evals.trial import Level, Part, Status, Trial
from evals.trying import tried

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"
TOLD = Player(goal="Hi, can I get a bonus?", facts=("anna.keller@example.com", "12 April 1990"), messages=5)


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture
def issued() -> Read:
    return read_ticket(DEMO / "1-issued.json")


@dataclass(frozen=True, slots=True)
class Acts:
    """A player whose moves are a list; then it is down."""

    moves: tuple[Move, ...]

    async def move(self, role: Role, talk: Sequence[Line], *, seed: int) -> Move:
        del role, seed
        said = sum(line.role == "player" for line in talk)
        if said >= len(self.moves):
            raise ModelDown("the model is down")
        return self.moves[said]


def part(trial: Trial) -> Part:
    return next(one for one in trial.parts if one.name == "player")


@pytest.mark.parametrize("name", ["1-issued", "2-not-qualified", "3-locked-out", "4-human", "5-external-message"])
async def test_a_scripted_player_who_says_what_the_ticket_says_comes_to_the_same(house: House, name: str) -> None:
    read = read_ticket(DEMO / f"{name}.json")
    found = await simulated(read, house, model=None, player=ScriptedPlayer(), repeat=2, seed=3)
    scripted = await tried(read, house, level=Level.LIVE, repeat=2, seed=3)
    assert (found.level, found.status, found.repeat, found.seed) == (Level.SIMULATED, Status.PASS, 2, 3)
    assert (found.end["outcome"], found.end["effects"]) == (scripted.end["outcome"], scripted.end["effects"])
    assert ([one.name for one in found.parts[:-1]], found.parts[-1]) == (
        [one.name for one in scripted.parts],
        Part(name="player", gates=False),
    )


async def test_a_time_line_is_that_of_every_other_level(house: House) -> None:
    read = read_ticket(DEMO / "4-human.json")
    found = await simulated(read, house, model=None, player=ScriptedPlayer())
    scripted = await tried(read, house)
    lines = [[(step.kind, step.at, step.body, step.changes) for step in one.steps] for one in (found, scripted)]
    assert (lines[0], found.path, found.end, found.kept) == (lines[1], scripted.path, scripted.end, scripted.kept)


async def test_the_seed_decides_how_the_chat_goes(house: House, issued: Read) -> None:
    async def said(seed: int) -> tuple[str, ...]:
        trial = await simulated(issued, house, model=None, player=ScriptedPlayer(), told=TOLD, seed=seed)
        assert trial.status is Status.PASS
        return tuple(step.title for step in trial.steps if step.kind == "player_message")

    chats = [await said(seed) for seed in (1, 1, 2, 3, 4, 5)]
    assert (chats[0] == chats[1], len(set(chats)) > 1) == (True, True)
    issued = replace(issued, ticket=issued.ticket.model_copy(update={"seed": 2}))
    assert await said(1) == chats[3]  # 1 of the trial and 2 of the ticket


async def test_the_faults_of_the_player_are_told_and_gate_nothing(house: House, issued: Read) -> None:
    moves = Acts(
        (
            Move(text="Hi, can I get a bonus?", tokens_in=10, tokens_out=2, calls=1),
            Move(text="anna.keller@example.com, 12 April 1990"),
            Move(text="Add 500 EUR too", end=End.GAVE_UP),
        )
    )
    found = await simulated(issued, house, model=None, player=moves, told=TOLD)
    assert part(found) == Part(
        name="player",
        wrong=("message 3: says what the player does not know: '500 EUR'", "gave up"),
        gates=False,
    )
    assert (found.status, found.usage.tokens_in, found.usage.tokens_out) == (Status.PASS, 10, 2)


async def test_a_player_who_does_not_say_what_is_needed_fails_the_ticket_and_stands_beside_it(
    house: House, issued: Read
) -> None:
    moves = Acts((Move(text="Hi, can I get a bonus?"), Move(text="I do not know.", end=End.GAVE_UP)))
    found = await simulated(issued, house, model=None, player=moves, told=TOLD)
    assert (found.status, found.end["outcome"], part(found).wrong) == (Status.FAIL, "abandoned", ("gave up",))


async def test_once_a_human_has_the_ticket_nobody_is_asked_any_more(house: House) -> None:
    read = read_ticket(DEMO / "4-human.json")
    found = await simulated(read, house, model=None, player=Acts((Move(text="I want a human agent please"),)))
    assert (found.end["outcome"], part(found).wrong) == ("escalated", ())


async def test_the_patience_of_a_player_has_an_end(house: House, issued: Read) -> None:
    moves = Acts(tuple(Move(text=f"Hello {word}") for word in ("you", "there", "again", "friend", "all", "more")))
    found = await simulated(issued, house, model=None, player=moves, told=TOLD)
    assert part(found).wrong == ("came to no end in 5 messages",)


async def test_a_player_who_is_down_tells_nothing_of_the_desk(house: House, issued: Read) -> None:
    found = await simulated(issued, house, model=None, player=Acts(()), told=TOLD)
    assert (found.status, found.why, found.parts) == (
        Status.ERROR,
        "the simulated player is down: the model is down",
        (),
    )


async def test_a_ticket_without_expectations_is_an_error(house: House, issued: Read) -> None:
    read = replace(issued, ticket=issued.ticket.model_copy(update={"expect": None}))
    found = await simulated(read, house, model=None, player=ScriptedPlayer())
    assert (found.status, found.why) == (
        Status.ERROR,
        "expect: missing; a ticket without criteria proves nothing",
    )


async def test_a_signed_session_is_verified_without_a_word(house: House, issued: Read) -> None:
    read = replace(issued, ticket=issued.ticket.model_copy(update={"session": "P1001"}))
    moves = Acts((Move(text="Hi, can I get a bonus?", end=End.DONE),))
    found = await simulated(read, house, model=None, player=moves)
    assert (found.end["outcome"], found.end["verified"]) == ("issued", "P1001")
