"""A crowd at the gate, in two processes over one store and one real back office: nobody is paid twice.

5,000 keys by `make proof` (CROUPIER_PROOF=full).
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.backoffice.serve import Served, running
from tests.contracts.postgres import fresh_database, shared_folder, started
from tests.desks import ANNA
from tests.proof.gate_bench import PLAYER, SECRET, TOKEN
from tools.adapters.sql.stores import open_stores
from tools.approvals import ApprovalState
from tools.ledger import EffectState
from tools.record import Kind

SCRIPT = Path(__file__).with_name("crowd_worker.py")
FULL = os.environ.get("CROUPIER_PROOF") == "full"
PROCESSES, WORKERS = 2, 32  # 64 in all
KEYS = 5_000 if FULL else 6
BUDGET_EUR, GRANT_EUR = 100, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a crowd meets."""

    address: str
    office: Served
    folder: Path

    def granted(self) -> list[str]:
        """Return the decisions that the back office has granted on, one for each bonus."""
        answer = httpx.get(
            f"{self.office.url}/v1/bonuses",
            params={"player_id": PLAYER},
            headers={"Authorization": f"Bearer {TOKEN}"},
            trust_env=False,
            timeout=60,
        )
        return [str(bonus["decision_id"]) for bonus in answer.json()["bonuses"]]


@pytest.fixture(scope="module")
def server() -> str:
    return started(shared_folder())


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Place]:
    with ExitStack() as stack:
        address = f"sqlite:///{tmp_path / 'croupier.sqlite'}"
        if request.param == "postgresql":
            address = stack.enter_context(fresh_database(request.getfixturevalue("server")))
        office = stack.enter_context(running(token=TOKEN, webhook_secret=SECRET))
        stores = open_stores(address)
        await stores.create()
        await stores.close()
        yield Place(address=address, office=office, folder=tmp_path)


@dataclass(frozen=True, slots=True)
class Processes:
    """The processes of a crowd, which live as long as the tests of this file."""

    running: Sequence[subprocess.Popen[str]]

    def together(self, *tasks: Mapping[str, object]) -> list[Any]:
        """Do the tasks in a process each, all at once, and return how they ended."""
        for process, task in zip(self.running, tasks, strict=True):
            _tell(process, json.dumps(task))
        assert [_hear(process) for process in self.running] == ["ready"] * len(tasks)
        for process in self.running:
            _tell(process, "go")
        return [json.loads(_hear(process)) for process in self.running]

    def crowd(self, place: Place, what: str, *, keys: int = 1, limits: str | None = None) -> Counter[str]:
        """Let the crowd at the gate, and return how often each end came."""
        common: dict[str, object] = {"what": what, "address": place.address, "office": place.office.url}
        more = {"workers": WORKERS, "keys": keys, "limits": limits}
        ended: list[dict[str, int]] = self.together(
            *({**common, **more, "process": number} for number in range(PROCESSES))
        )
        return Counter({end: sum(one.get(end, 0) for one in ended) for one in ended for end in one})


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip()


@pytest.fixture(scope="module")
def processes() -> Generator[Processes]:
    environment = os.environ | {"PYTHONPATH": str(SCRIPT.parents[2])}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    both = [subprocess.Popen([sys.executable, str(SCRIPT)], **pipes) for _ in range(PROCESSES)]  # noqa: S603  # our own
    yield Processes(both)
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0] * PROCESSES


async def states(place: Place) -> Counter[EffectState]:
    """Return how the ledger's rows stand; what waits for a human is looked at as well: nothing does."""
    stores = open_stores(place.address)
    rows = await stores.ledger(limit=1_000_000)
    doubts = await stores.approvals(states=(ApprovalState.OPEN,))
    await stores.close()
    assert list(doubts) == []
    return Counter(row.state for row in rows)


async def test_a_crowd_at_the_same_keys_brings_each_about_once(place: Place, processes: Processes) -> None:
    ended = processes.crowd(place, "keys", keys=KEYS)
    assert sorted(place.granted()) == sorted(f"{number}" for number in range(KEYS))
    assert await states(place) == {EffectState.DONE: KEYS}
    assert ended == {"done:": PROCESSES * WORKERS * KEYS}


async def test_a_crowd_with_keys_of_its_own_for_one_bonus_gets_it_once(place: Place, processes: Processes) -> None:
    ended = processes.crowd(place, "business")
    assert len(place.granted()) == 1
    assert await states(place) == {EffectState.DONE: 1}
    assert ended["done:"] == 1
    assert set(ended) <= {"done:", "refused:done_before", "unknown:outcome_unknown"}


async def test_without_the_gate_the_crowd_gets_a_bonus_as_often_as_it_asks(
    tmp_path: Path, processes: Processes
) -> None:
    with running(token=TOKEN, webhook_secret=SECRET, idempotent=False) as office:
        place = Place(address=f"sqlite:///{tmp_path / 'unused.sqlite'}", office=office, folder=tmp_path)
        processes.crowd(place, "unguarded")
        assert len(place.granted()) == PROCESSES * WORKERS


@pytest.mark.parametrize("limits", [f"{{campaign: {{budget: '{BUDGET_EUR} EUR'}}}}", "{campaign: {count: 20}}"])
async def test_a_crowd_never_gets_more_than_the_campaign_has(place: Place, processes: Processes, limits: str) -> None:
    ended = processes.crowd(place, "campaign", limits=limits)
    most = BUDGET_EUR // GRANT_EUR
    assert len(place.granted()) == most
    assert await states(place) == {EffectState.DONE: most}
    assert ended == {"done:": most, "refused:limit_reached": PROCESSES * WORKERS - most}


async def test_without_terms_and_a_common_business_key_the_crowd_gets_a_bonus_for_each_key(
    place: Place, processes: Processes
) -> None:
    processes.crowd(place, "campaign", limits=None)
    assert len(place.granted()) == PROCESSES * WORKERS > BUDGET_EUR // GRANT_EUR


def desk_of(place: Place) -> dict[str, str]:
    """Return the environment of a desk over the place's store."""
    return {
        "CROUPIER_STORE": place.address,
        "CROUPIER_DATA": str(place.folder),
        "CROUPIER_BACKOFFICE_URL": place.office.url,
        "CROUPIER_BACKOFFICE_TOKEN": TOKEN,
        "CROUPIER_WEBHOOK_SECRET": SECRET,
        "CROUPIER_BACKOFFICE_TIMEOUT_S": "30",
    }


async def test_two_messages_at_once_on_one_ticket_are_answered_one_after_the_other(
    place: Place, processes: Processes
) -> None:
    wanted = f"Can I get a bonus? {ANNA}"
    says = [{"environment": desk_of(place), "message_id": name, "text": wanted} for name in ("a", "b")]
    answers = processes.together(*({"message": one} for one in says))
    stores = open_stores(place.address)
    told = [(one.kind, one.body.get("message_id") or one.body.get("message")) for one in await stores.entries("t1")]
    effects = await stores.effects("t1")
    await stores.close()
    turns = [of for kind, of in told if kind in {Kind.PLAYER_MESSAGE, Kind.TURN}]
    assert [len(answer) for answer in answers] == [1, 1]
    assert turns in (["a", "a", "b", "b"], ["b", "b", "a", "a"])
    assert [effect.state for effect in effects if effect.tool == "issue_bonus"] == [EffectState.DONE]
