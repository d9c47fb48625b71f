"""Tasks that are wrong themselves are found before a result of them is believed."""

import pytest

from evals.foreign.findings import findings
from evals.foreign.task import Compare, ForeignTask, ForeignTool, GoldCall, UnusableTask
from tests.evals.foreign.library_desk import State, fresh
from tests.evals.foreign.tasks import NAMES, task, tools

GOLD = "task `both`: gold action 1, `pay_fine`"
NO_JSON = "the state cannot be compared: Object of type set is not JSON serializable"
PAY = GoldCall(name="pay_fine", arguments={"card": "C7", "amount": 99})


@pytest.mark.parametrize("name", [name for name in NAMES if name != "reserved"])
async def test_nothing_is_wrong_with_the_library_s_tasks(name: str) -> None:
    assert await findings(task(name)) == ()


async def test_a_task_whose_right_answer_is_a_no_passes_for_doing_nothing() -> None:
    assert await findings(task("reserved")) == ("a model that does nothing passes",)


async def test_a_gold_action_that_is_refused_is_an_error_unless_it_is_meant() -> None:
    assert await findings(task("both", gold=(PAY,))) == (
        f"{GOLD}, is refused: that is more than is owed; mend it, or mark it `refused=True`",
    )
    meant = GoldCall(name=PAY.name, arguments=PAY.arguments, refused=True)
    assert await findings(task("reserve-and-pay", gold=(meant, *task("reserve-and-pay").gold))) == (
        "drop pay_fine: a model that does so passes",
    )


async def test_a_mark_that_is_not_true_is_an_error() -> None:
    wrong = GoldCall(name="renew", arguments={"card": "C7", "book": "B1"}, refused=True)
    assert await findings(task("renew", gold=(wrong,))) == (
        "task `renew`: gold action 1, `renew`, is marked as refused and is not; take the mark away",
    )


async def test_a_read_that_writes_is_found() -> None:
    def peek(state: State, card: str) -> str:
        state["notes"].append(card)
        return "seen"

    own = ForeignTool(name="find_reader", description="Find.", kind="read", schema={}, call=peek)
    found = await findings(task("renew", tools=(own, *tools()[1:])))
    assert found == ("`find_reader` is called a read and changes the state; call it a write",)


async def test_a_state_that_is_handed_out_twice_is_found() -> None:
    one = fresh()
    found = await findings(task("renew", state=lambda: one))
    assert found == ("`state` does not give the same fresh state at every call; make a new one each time",)


async def test_gold_arguments_that_the_schema_does_not_take_are_found() -> None:
    schema = {"type": "object", "properties": {"card": {"type": "integer"}}}
    strict = ForeignTool(name="find_reader", description="Find.", kind="read", schema=schema, call=tools()[0].call)
    assert await findings(task("renew", tools=(strict, *tools()[1:]))) == (
        "gold action 1, `find_reader`: arguments.card: this must be integer",
    )


async def test_words_that_the_desk_would_not_send_are_found() -> None:
    found = await findings(task("renew", must_say=("99.95 euro",)))
    assert found[0] == "the gold actions do not pass: text: never said: '99.95 euro'"


async def test_a_state_that_is_no_json_needs_a_view() -> None:
    found = await findings(task("renew", state=lambda: {**fresh(), "open": {1, 2}}))
    assert found == (f"task `renew`: {NO_JSON}; give `compare.view` to show it as plain JSON",)
    view = Compare(view=lambda state: state["books"])
    assert await findings(task("renew", state=lambda: {**fresh(), "open": {1, 2}}, compare=view)) == ()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"says": ()}, "task `renew`: nobody says anything; give `says` at least one message"),
        ({"tools": (*tools(), tools()[0])}, "task `renew`: two tools are called `find_reader`; rename one"),
    ],
)
def test_a_task_that_cannot_be_played_is_refused(more: dict[str, object], message: str) -> None:
    with pytest.raises(UnusableTask) as error:
        task("renew", **more)
    assert str(error.value) == message


def test_a_gold_action_must_be_a_tool() -> None:
    with pytest.raises(UnusableTask, match="gold action `fly` is no tool of it"):
        ForeignTask(id="x", policy="", tools=(), state=fresh, says=("Hi",), gold=(GoldCall(name="fly"),))
