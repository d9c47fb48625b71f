import pytest

from agent.model.fallback import FallbackModel
from agent.model.policy import PolicyModel
from agent.model.port import ModelDown, Proposal, Request
from agent.model.scripted import ScriptedModel, say
from tests.agent.model.builders import PROMPTS, Endpoint, completion, request

DOWN = "model `small` at http://model.test/v1/ answered with HTTP 500; see the endpoint's own log"


def broken(_: Request) -> Proposal:
    raise ModelDown("the first is down")


async def test_while_the_first_answers_the_second_is_not_asked() -> None:
    model = FallbackModel(ScriptedModel([say("first")]), ScriptedModel(broken))
    assert await model.propose(request()) == say("first")
    assert model.down == []


async def test_the_second_answers_where_the_first_is_down_and_the_record_says_why() -> None:
    second = ScriptedModel([Proposal(model="second", text="Hello", attempts=("a try of its own",))])
    model = FallbackModel(ScriptedModel(broken), second)
    assert await model.propose(request()) == Proposal(
        model="second", text="Hello", attempts=("a try of its own", "the first is down")
    )
    assert model.down == ["the first is down"]


async def test_the_first_is_asked_again_at_the_next_step() -> None:
    answers = iter([ModelDown("down for a moment"), say("back")])

    def first(_: Request) -> Proposal:
        answer = next(answers)
        if isinstance(answer, ModelDown):
            raise answer
        return answer

    model = FallbackModel(ScriptedModel(first), ScriptedModel([say("second")]))
    assert [(await model.propose(request())).text for _ in range(2)] == ["second", "back"]


async def test_where_both_are_down_the_model_is_down() -> None:
    model = FallbackModel(ScriptedModel(broken), ScriptedModel([]))
    with pytest.raises(ModelDown, match="run out"):
        await model.propose(request())


async def test_the_policy_model_keeps_the_desk_open_when_the_endpoint_fails(endpoint: Endpoint) -> None:
    endpoint.route.respond(500)
    model = FallbackModel(endpoint.model(tries=2), PolicyModel(PROMPTS))
    proposal = await model.propose(request())
    assert (proposal.model, proposal.attempts) == ("croupier-policy-1 (no LLM)", (DOWN,))
    assert proposal.text == "Is there anything else I can do for you?"


@pytest.mark.parametrize("down", [False, True])
async def test_the_second_chooses_where_the_first_is_down(down: bool, endpoint: Endpoint) -> None:
    if down:
        endpoint.route.respond(500)
    else:
        endpoint.will(completion('{"procedure": "a"}'))
    model = FallbackModel(endpoint.model(tries=1), ScriptedModel([], chosen="b"))
    assert await model.choose("text", {"a": "…", "b": "…"}) == ("b" if down else "a")
    assert model.down == ([DOWN] if down else [])


async def test_its_name_and_kind_are_those_of_the_first(endpoint: Endpoint) -> None:
    model = FallbackModel(endpoint.model(), ScriptedModel([]))
    assert (model.name, model.is_llm) == ("small", True)
