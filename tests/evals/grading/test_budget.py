"""Budget: limits that were passed, and calls that should not have been made."""

from dataclasses import replace
from decimal import Decimal

from agent.house import House
from agent.model.scripted import ScriptedModel, call, say
from evals.trial import Usage
from tests.evals.grading.played import Played, played

SPENT = Usage(model_calls=5, tool_calls=3, tokens_in=90, tokens_out=11, cost=Decimal("0.25"), wall_ms=Decimal("12.5"))


def test_a_limit_that_is_reached_is_kept_and_one_that_is_passed_is_a_line(issued: Played) -> None:
    seen = replace(issued.seen, usage=SPENT)
    most = {"model_calls": 5, "tool_calls": 3, "tokens": 101, "cost": Decimal("0.25"), "ms": Decimal("12.5")}
    assert issued.wrong(seen, budget=most) == {}
    less = {"model_calls": 4, "tool_calls": 2, "tokens": 100, "cost": Decimal("0.2"), "ms": 12}
    assert issued.wrong(seen, budget=less) == {
        "budget": (
            "model_calls: at most 4, spent were 5",
            "tool_calls: at most 2, spent were 3",
            "tokens: at most 100, spent were 101",
            "cost: at most 0.2, spent were 0.25",
            "ms: at most 12, spent were 12.5",
        )
    }


def test_what_the_record_counts_needs_no_telling(issued: Played) -> None:
    assert issued.wrong(budget={"model_calls": 4}) == {"budget": ("model_calls: at most 4, spent were 5",)}


async def test_a_decision_that_was_asked_for_too_early_is_a_mistake_that_a_ticket_may_allow(house: House) -> None:
    details = {"email": "anna.keller@example.com", "date_of_birth": "1990-04-12"}
    rest = [
        call("verify_player_identity", **details),
        call("qualify_for_bonus"),
        call("issue_bonus", decision_id="D-1"),
    ]
    told = say("The VIP_50 bonus is on your account now.")
    script = [say("Who are you?"), call("inform_player"), call("nothing"), *rest, told]
    early = await played("demo/1-issued", house, model=ScriptedModel(script))
    line = "mistakes: at most 1, made were 2: inform_player: precondition, nothing: unknown_tool"
    assert early.wrong(budget={"mistakes": 1})["budget"] == (line,)
    assert "budget" not in early.wrong(budget={"mistakes": 2})
