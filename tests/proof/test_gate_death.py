"""A process dies at every place of its path, and at any instant: nothing is lost, nothing is done twice.

200 rounds for each marker, store and back office by `make proof` (CROUPIER_PROOF=full).
"""

import os
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.backoffice.serve import running
from tests.contracts.postgres import fresh_database, shared_folder, started
from tests.proof.death.mortal import Marker
from tests.proof.death.nursery import Nursery, nursery
from tests.proof.death.rounds import Rounds, both_answered
from tests.proof.death.scene import SECRET, TOKEN, Scene, Seen
from tools.adapters.sql.stores import open_stores
from tools.ledger import EffectState

FULL = os.environ.get("CROUPIER_PROOF") == "full"
BATCHES = int(os.environ.get("CROUPIER_DEATHS", "200")) if FULL else 1  # of a round for each marker
AT_RANDOM = 2 if FULL else 1  # rounds of a batch that end at any instant
BATCHES_A_STORE = 10
LEASE_S = 1.0
SERVED = Seen(granted=1, rows=(EffectState.DONE,), told=1, asked=0, doubts=(), handed_over=0)
HELD = [Marker.CALLED, Marker.CLAIMED, Marker.GRANTED, Marker.ANSWERED, Marker.SETTLED, Marker.TOLD]


@pytest.fixture(scope="module")
def server() -> str:
    return started(shared_folder())


@pytest.fixture(params=["sqlite", "postgresql"])
def system(request: pytest.FixtureRequest) -> str:
    """The database; of the one that is a server, the address as well."""
    return str(request.getfixturevalue("server")) if request.param == "postgresql" else "sqlite"


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@asynccontextmanager
async def scene(system: str, folder: Path, *, keys: bool = True) -> AsyncGenerator[Scene]:
    """Open a fresh store and a fresh back office."""
    with ExitStack() as stack:
        address = f"sqlite:///{folder / 'croupier.sqlite'}"
        if system != "sqlite":
            address = stack.enter_context(fresh_database(system))
        office = stack.enter_context(running(token=TOKEN, webhook_secret=SECRET, idempotent=keys))
        stores = open_stores(address)
        await stores.create()
        await stores.close()
        yield Scene(address=address, folder=folder, office=office, keys=keys)


@pytest.fixture(scope="module")
def born() -> Generator[Nursery]:
    with nursery() as opened:
        yield opened


@pytest.fixture
async def warm(born: Nursery, system: str, tmp_path: Path) -> Nursery:
    """A nursery in which everything has been done once on this kind of store."""
    if system not in born.warmed:
        async with scene(system, made(tmp_path / "warm")) as here:
            born.warm(here.life(serves=[here.new_player("warm", asks=True)], recovers=True), kind=system)
    return born


@pytest.mark.parametrize("keys", [True, False], ids=["keys", "no-keys"])
async def test_wherever_a_process_dies_nothing_is_lost_or_doubled(
    warm: Nursery, system: str, tmp_path: Path, *, keys: bool
) -> None:
    drawing = Random(20261122)  # noqa: S311  # reproducible, and no secret
    batches = [*range(BATCHES)]
    markers = [*Marker] if FULL or system == "sqlite" else [*Marker][keys::2]
    count = 0
    for begin in range(0, BATCHES, BATCHES_A_STORE):
        async with scene(system, made(tmp_path / f"{begin}"), keys=keys) as here:
            rounds = Rounds(scene=here, nursery=warm, drawing=drawing)
            assert await rounds.unkilled("alive") == SERVED
            for number in batches[begin : begin + BATCHES_A_STORE]:
                drawn = rounds.drawn(number, markers, AT_RANDOM)
                await rounds.batch(drawn, operator_first=number % 2 == 1)
            assert await here.audited()
            count += rounds.tally.rounds
            print(f"\n{'PostgreSQL' if system != 'sqlite' else 'SQLite'}, keys: {keys}: {rounds.tally}")  # noqa: T201  # the figures of the proof
            assert rounds.tally.wrong == []
    assert count == BATCHES * (len(markers) + AT_RANDOM)


@pytest.mark.parametrize("marker", HELD if FULL else [Marker.ANSWERED])
async def test_of_two_messages_at_once_the_other_process_answers_both_when_the_first_is_killed(
    warm: Nursery, system: str, tmp_path: Path, marker: Marker
) -> None:
    async with scene(system, made(tmp_path / "two")) as here:
        both = await both_answered(here, warm, marker, lease_s=LEASE_S)
    assert (both.waited, both.answered, len(both.replies), both.findings) == (True, ["two-a", "two-b"], 1, [])
    assert replace(both.seen, told=1) == SERVED


@pytest.mark.parametrize("system", ["sqlite"])
async def test_the_answer_to_the_second_of_two_messages_does_not_tell_of_the_bonus_as_new(
    warm: Nursery, system: str, tmp_path: Path
) -> None:
    async with scene(system, made(tmp_path / "two")) as here:
        assert (await both_answered(here, warm, Marker.CLAIMED, lease_s=LEASE_S)).seen == SERVED


async def one_batch(warm: Nursery, here: Scene, gate: str, *markers: Marker) -> list[str]:
    """Return what is wrong after a round at each of some markers."""
    rounds = Rounds(scene=here, nursery=warm, drawing=Random(1), gate=gate)  # noqa: S311  # reproducible
    assert await rounds.unkilled("alive") == SERVED
    await rounds.batch(rounds.drawn(0, markers, 0))
    return [found.split(": ")[1] for found in rounds.tally.wrong]


@pytest.mark.parametrize("system", ["sqlite"])
@pytest.mark.parametrize("gate", ["performs_first", "retries_blindly"])
async def test_a_gate_that_acts_before_it_claims_or_retries_blindly_grants_twice(
    warm: Nursery, system: str, tmp_path: Path, gate: str
) -> None:
    async with scene(system, made(tmp_path / "worse"), keys=False) as here:
        assert "doubled" in await one_batch(warm, here, gate, Marker.GRANTED, Marker.ANSWERED)


@pytest.mark.parametrize("system", ["sqlite"])
async def test_a_ticket_that_nobody_takes_up_again_is_found_to_be_lost(
    warm: Nursery, system: str, tmp_path: Path
) -> None:
    async with scene(system, made(tmp_path / "left")) as here:
        said = here.new_player("left", asks=False)
        assert warm.lived(here.life(serves=[said], marker=Marker.CALLED.value)).killed
        assert (await here.seen(["left"]))["left"].wrong(keys=True) == ["lost"]
