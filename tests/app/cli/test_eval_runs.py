"""What a run is asked is on its record, and an agent that is asked otherwise is another agent."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.settings import read_settings
from app.cli.eval_runs import agent_of, header, need_model, same
from app.cli.exits import Exit, Stopped
from evals.how import How
from evals.run.price import price_from
from evals.trial import Level

SUITE = Path("evals/tickets")


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


def test_an_agent_that_is_asked_otherwise_is_another(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    head, how = header(SUITE, house, Level.LIVE), How(level=Level.LIVE)
    hows = [
        how,
        replace(how, unknown="fail"),
        replace(how, controls=True),
        replace(how, attack=True),
        replace(how, judge="{}"),
        replace(how, kinds=()),
        replace(how, price=price_from("1/2")),
    ]
    agents = [agent_of(head, one) for one in hows]
    for name, value in (
        ("OPENAI_BASE_URL", "http://one/v1"),
        ("OPENAI_BASE_URL", "http://two/v1"),
        ("CROUPIER_TOOL_MODE", "json"),
        ("CROUPIER_HOLD_ORDER", "0"),
    ):
        monkeypatch.setenv(name, value)
        agents.append(agent_of(head, how))
    assert len(set(agents)) == len(agents)


def test_who_pays_for_the_model_does_not_make_another_agent(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def agent(address: str) -> str:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        return agent_of(header(SUITE, house, Level.LIVE), How(level=Level.LIVE))

    assert agent("http://one/v1?key=x") == agent("http://one/v1")


def test_where_no_model_is_asked_none_makes_another_agent(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = agent_of(header(SUITE, house, Level.CODE), How(level=Level.CODE))
    monkeypatch.setenv("OPENAI_BASE_URL", "http://one/v1")
    assert agent_of(header(SUITE, house, Level.CODE), How(level=Level.CODE)) == before


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"filters": ("tag:a", "!b")}, "--filter: the kept run was asked for tag:x, not for tag:a !b"),
        ({"filters": ()}, "--filter: the kept run was asked for tag:x, not for none"),
        ({"level": "L3"}, "--level: the kept run was asked for L1, not for L3"),
        ({"level": "L1", "seed": 4}, "--seed: the kept run was asked for 0, not for 4"),
    ],
)
def test_a_kept_run_is_not_gone_on_with_otherwise(house: House, given: dict[str, object], why: str) -> None:
    kept = header(SUITE, house, Level.CODE, filters=("tag:x",))
    with pytest.raises(Stopped) as refused:
        same(kept, SUITE, house, given)
    end = "leave the option away, or begin a new run"
    assert (refused.value.message, refused.value.exit_code) == (f"{why}; {end}", Exit.USAGE)
    assert same(kept, SUITE, house, {"level": "L1", "filters": ("tag:x",), "repeat": 1}) == kept


def test_a_live_level_needs_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    need_model(Level.LIVE, policy=True)
    need_model(Level.CODE, policy=False)
    for level in (Level.MODEL, Level.LIVE, Level.SIMULATED):
        with pytest.raises(Stopped, match=r"none is configured; set OPENAI_BASE_URL or .* --policy"):
            need_model(level, policy=False)
    with pytest.raises(Stopped, match="--policy: L1 asks no language model"):
        need_model(Level.CODE, policy=True)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    need_model(Level.LIVE, policy=False)
    with pytest.raises(Stopped, match="--policy: a language model is configured"):
        need_model(Level.LIVE, policy=True)
