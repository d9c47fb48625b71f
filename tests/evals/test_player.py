"""What plays the items of a run: the ticket that was planned, and what it costs."""

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.model.policy import PolicyModel
from agent.model.port import Proposal, Request
from agent.settings import read_settings
from evals.expect import Budget
from evals.how import How
from evals.player import opened
from evals.run.digest import case_of
from evals.run.plan import Choice, Item, plan
from evals.run.price import Price
from evals.simulated.scripted import ScriptedPlayer
from evals.simulated.trying import simulated
from evals.ticket import Read, read_ticket
from evals.trial import Level, Status
from evals.trying import tried

ISSUED = Path(__file__).parents[2] / "evals" / "tickets" / "demo" / "1-issued.json"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@dataclass(frozen=True, slots=True)
class Counting:
    """The policy model, which counts tokens as a language model does."""

    policy: PolicyModel
    name: str = "counting"
    is_llm: bool = False

    async def propose(self, request: Request) -> Proposal:
        """Answer, for a thousand tokens in and ten out."""
        return replace(await self.policy.propose(request), tokens_in=1000, tokens_out=10)

    async def choose(self, text: str, options: object) -> None:
        """Have no opinion."""


def costing(most: str) -> Read:
    """Return a ticket that may cost so much."""
    read = read_ticket(ISSUED)
    assert read.ticket.expect is not None
    expect = read.ticket.expect.model_copy(update={"budget": Budget(cost=Decimal(most))})
    return replace(read, ticket=read.ticket.model_copy(update={"expect": expect}))


def item_of(path: Path) -> Item:
    (item,) = plan([case_of(read_ticket(path))], Choice(level=Level.CODE), agent="")
    return item


@pytest.mark.parametrize(("most", "status"), [("0.0051", Status.PASS), ("0.005", Status.FAIL)])
@pytest.mark.parametrize("level", [Level.LIVE, Level.SIMULATED])
async def test_a_ticket_that_costs_more_than_its_budget_fails(
    house: House, most: str, status: Status, level: Level
) -> None:
    price, model, read = Price(Decimal(1), Decimal(2)), Counting(PolicyModel(house.prompts)), costing(most)
    if level is Level.LIVE:
        trial = await tried(read, house, level=level, model=model, price=price)
    else:
        trial = await simulated(read, house, model=model, player=ScriptedPlayer(), price=price)
    assert (trial.status, trial.usage.cost) == (status, Decimal("0.0051"))
    assert trial.wrong == (() if status is Status.PASS else ("cost: at most 0.005, spent were 0.0051",))
    assert price.of(trial) == trial


async def test_a_ticket_that_has_changed_since_the_plan_is_no_verdict(tmp_path: Path) -> None:
    path = tmp_path / "ticket.json"
    path.write_text(ISSUED.read_text("utf-8"), "utf-8")
    item = item_of(path)
    async with opened(How(level=Level.CODE).arguments()) as play:
        assert (await play(item)).status is Status.PASS
        document = json.loads(path.read_text("utf-8"))
        document["expect"]["outcome"] = "escalated"
        path.write_text(json.dumps(document), "utf-8")
        trial = await play(item)
    why = "the ticket has changed since the run was planned; run it again"
    assert (trial.status, trial.why, trial.parts) == (Status.ERROR, why, ())
