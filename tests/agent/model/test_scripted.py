import pytest

from agent.model.port import ModelDown, Proposal, ProposedCall, Request
from agent.model.scripted import ScriptedModel, call, say
from tests.agent.model.builders import request


async def test_a_list_is_answered_in_its_order_and_is_down_when_it_has_run_out() -> None:
    model = ScriptedModel([call("look_up", word="a"), say("Gladly.")])
    assert [await model.propose(request()), await model.propose(request())] == [
        Proposal(model="scripted", calls=(ProposedCall(name="look_up", arguments={"word": "a"}),)),
        Proposal(model="scripted", text="Gladly."),
    ]
    for _ in range(2):
        with pytest.raises(ModelDown, match="add a proposal"):
            await model.propose(request())


async def test_a_function_sees_every_request() -> None:
    seen: list[Request] = []

    def answer(asked: Request) -> Proposal:
        seen.append(asked)
        return say(f"number {len(seen)}")

    model = ScriptedModel(answer)
    first, second = request(), request(may_reply=False)
    assert [(await model.propose(one)).text for one in (first, second)] == ["number 1", "number 2"]
    assert seen == [first, second]


async def test_two_models_of_one_list_do_not_share_their_place_in_it() -> None:
    script = [say("one")]
    assert (await ScriptedModel(script).propose(request())).text == "one"
    assert (await ScriptedModel(script).propose(request())).text == "one"


@pytest.mark.parametrize(("chosen", "given"), [("a", "a"), ("c", None), (None, None)])
async def test_a_choice_is_the_one_that_was_set_where_it_is_an_option(chosen: str | None, given: str | None) -> None:
    assert await ScriptedModel([], chosen=chosen).choose("text", {"a": "…", "b": "…"}) == given


def test_it_says_that_it_is_no_language_model() -> None:
    assert (ScriptedModel([]).name, ScriptedModel([]).is_llm) == ("scripted", False)
