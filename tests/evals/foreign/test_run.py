"""Another package's tasks run through our desk: with its gold actions, with a model that errs, and with a user."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from agent.model.port import Proposal, ProposedCall, Request, Said
from agent.model.scripted import ScriptedModel, call, say
from evals.foreign.oracle import run_gold, run_idle, run_wrong, wrongs
from evals.foreign.run import run_foreign, unsaid
from evals.foreign.task import LIMITS, Compare, GoldCall
from tests.evals.foreign.tasks import NAMES, task, tools

FIND = call("find_reader", card="C7")
RENEW = call("renew", card="C7", book="B1")
BYE = say("Please come back any time.")


@pytest.mark.parametrize("name", NAMES)
async def test_every_task_passes_with_its_gold_actions(name: str) -> None:
    result = await run_gold(task(name))
    assert (result.passed, result.wrong, result.end) == (True, {}, result.gold)
    assert [(one.name, one.told) for one in result.calls] == [
        (one.name, f"{one.name}({one.spelled[1]})") for one in task(name).gold
    ]


@pytest.mark.parametrize("name", NAMES)
async def test_a_dropped_and_a_repeated_write_are_caught(name: str) -> None:
    wrong = [(one.kind, one.what, await run_wrong(task(name), one)) for one in wrongs(task(name))]
    assert [(kind, what) for kind, what, result in wrong if result.passed] == []


async def test_a_repeat_that_changes_nothing_is_caught_though_the_state_is_right() -> None:
    repeat = next(one for one in wrongs(task("both")) if one.kind == "repeat")
    result = await run_wrong(task("both"), repeat)
    assert (result.end, result.wrong) == (
        result.gold,
        {
            "order": (
                'not among the gold actions: reserve({"book":"B2","card":"C8"})',
                'repeated: reserve({"book":"B2","card":"C8"})',
            )
        },
    )
    assert result.ledger == ("reserve: done", "reserve: done", "reserve: done")


async def test_a_repeat_that_the_tool_refuses_is_caught() -> None:
    repeat = next(one for one in wrongs(task("renew")) if one.kind == "repeat")
    result = await run_wrong(task("renew"), repeat)
    assert result.wrong == {"order": ('repeated: renew({"book":"B1","card":"C7"})',)}
    assert [one.answer for one in result.errors] == [
        {"code": "tool_said_no", "message": "it has been renewed once"},
    ]


async def test_a_model_that_does_nothing_passes_only_where_nothing_is_to_be_done() -> None:
    assert [name for name in NAMES if (await run_idle(task(name))).passed] == ["reserved"]


async def test_an_error_goes_back_to_the_model_which_may_go_on() -> None:
    seen: list[object] = []

    def script(request: Request) -> Proposal:
        seen.append(request.situation.this_turn[-1])
        return [call("renew", card="C7", book="B3"), RENEW, say("It is due on 2026-03-30.")][len(seen) - 1]

    result = await run_foreign(task("renew"), ScriptedModel(script))
    assert (result.wrong, [one.status for one in result.calls]) == ({}, ["refused", "done"])
    assert getattr(seen[1], "data") == {"code": "tool_said_no", "message": "another reader waits for it"}  # noqa: B009  # one of several kinds of turn
    assert result.ledger == ("renew: done",)


async def test_a_read_may_say_no_too() -> None:
    result = await run_foreign(task("reserved"), ScriptedModel([call("find_book", title="Emma"), BYE]))
    assert [one.answer for one in result.errors] == [{"code": "tool_said_no", "message": "no book is called Emma"}]
    assert result.passed


async def test_a_tool_that_fails_half_way_has_changed_nothing() -> None:
    result = await run_foreign(task("reserved"), ScriptedModel([call("pay_fine", card="C7", amount=9), BYE]))
    assert (result.wrong, result.changes, result.ledger) == ({}, (), ())
    assert result.errors[0].answer["message"] == "that is more than is owed"


@pytest.mark.parametrize(
    ("wanted", "reply", "stands"),
    [
        ("10", "You owe 100 euro.", False),
        ("10", "You owe 10.5 euro.", False),
        ("5", "You owe 10.5 euro.", False),
        ("1,500", "You owe 11500 euro.", False),
        ("1500", "You owe 1,500 euro.", True),
        ("1,500", "You owe 1500.", True),
        ("46.5", "It is $46.50.", True),
        ("46", "It is 46.00, thank you.", True),
        ("12.1.2026", "It is due on 12.10.2026.", False),
        ("emma", "The book is Emmaline.", False),
        ("the Book, is", "The\nbook is", False),
        ("due on 30 March", "It is due\non  30\u00a0march.", True),
        ("Zoë", "ZOE\u0308 has it", True),
        ("(a)", "clause(a)s", True),
    ],
)
def test_words_are_said_where_they_stand_whole(wanted: str, reply: str, *, stands: bool) -> None:
    assert unsaid([wanted], [reply]) == ([] if stands else [f"never said: {wanted!r}"])


async def test_what_was_done_is_told_place_by_place() -> None:
    result = await run_foreign(task("renew"), ScriptedModel([call("pay_fine", card="C7", amount=Decimal("0.5")), BYE]))
    assert [one.told for one in result.changes] == ["/readers/C7/fines: 2.5 -> 2"]
    assert result.wrong == {
        "state": (
            "/readers/C7/fines: 2.5 -> 2",
            '/books/B1/due: "2026-03-30" -> "2026-03-09"',
            "/books/B1/renewed: true -> false",
        ),
        "order": (
            'missing: renew({"book":"B1","card":"C7"})',
            'not among the gold actions: pay_fine({"amount":0.5,"card":"C7"})',
        ),
        "text": ("never said: '2026-03-30'",),
    }


async def test_wrong_arguments_are_refused_before_the_tool_sees_them() -> None:
    script = [call("renew", car="C7"), call("renew", card="C7", book=1), call("fly"), RENEW, BYE]
    result = await run_foreign(task("renew", must_say=()), ScriptedModel(script))
    assert [one.answer.get("code") for one in result.calls] == [
        "invalid_arguments",
        "invalid_arguments",
        "unknown_tool",
        None,
    ]
    assert result.passed
    told = "arguments.card: this is missing; arguments.book: this is missing; arguments.car: there is no such argument"
    assert result.calls[0].answer["problems"] == [f"arguments: {told}"]


async def test_other_routes_to_the_same_end_are_for_the_task_to_allow() -> None:
    swapped = tuple(reversed(task("both").gold))
    model = ScriptedModel([*(call(one.name, **one.arguments) for one in swapped), BYE])
    any_order = Compare(view=lambda state: {**state, "readers": {}})
    assert (await run_foreign(task("both", compare=any_order), model)).wrong == {}
    model = ScriptedModel([*(call(one.name, **one.arguments) for one in swapped), BYE])
    in_order = replace(any_order, writes="in_order")
    assert (await run_foreign(task("both", compare=in_order), model)).wrong == {
        "order": ("the writes are the same, in another order",)
    }


async def test_a_model_that_never_ends_is_cut_off_by_the_task_s_own_limit() -> None:
    limits = replace(LIMITS, steps=3)
    result = await run_foreign(task("reserved", limits=limits), ScriptedModel(lambda _: FIND))
    assert (len(result.calls), result.ended) == (3, "budget_spent")
    assert result.wrong == {"budget": ("the desk left the user to a human: budget_spent",)}


async def test_thirty_five_steps_fit_into_one_turn() -> None:
    result = await run_foreign(task("reserved"), ScriptedModel([*[FIND] * 35, BYE]))
    assert (len(result.calls), result.wrong) == (35, {})


async def test_a_tool_that_breaks_ends_the_run_and_is_no_answer_of_the_tool() -> None:
    model = ScriptedModel([call("pay_fine", card="C7", amount=9), BYE])
    result = await run_foreign(task("reserved", refusals=(LookupError,)), model)
    assert (result.ended, result.calls[0].status, result.changes) == ("system_failure", "", ())
    assert result.wrong == {"budget": ("the desk left the user to a human: system_failure; turn: ValueError",)}


@pytest.mark.parametrize(
    "words", ["A librarian will come.", "Ein Mensch \U0001f642 kommt: {{ 'bald' }}, \"ja\" {% if %}."]
)
async def test_a_hand_over_of_the_package_ends_the_talk_with_its_own_words(words: str) -> None:
    *others, terminal = tools()
    spoken = (*others, replace(terminal, says=words))
    result = await run_gold(task("librarian", tools=spoken))
    assert (result.replies, result.ended, result.passed) == ((words,), "", True)


async def test_a_user_goes_on_where_the_script_ends() -> None:
    heard: list[str] = []

    async def user(said: Sequence[Said]) -> str | None:
        heard.append(said[-1].text)
        return "Card C7, and pay 2.5 please." if len(heard) == 1 else None

    model = ScriptedModel(
        [say("What is your card?"), FIND, call("pay_fine", card="C7", amount=Decimal("2.5")), say("It is paid.")]
    )
    one = task("reserved", gold=(GoldCall(name="pay_fine", arguments={"card": "C7", "amount": 2.5}),))
    result = await run_foreign(one, model, user=user)
    assert (result.wrong, heard) == ({}, ["What is your card?", "It is paid."])


async def test_several_calls_at_once_are_carried_out_in_order() -> None:
    both = tuple(ProposedCall(name="reserve", arguments={"card": "C8", "book": book}) for book in ("B2", "B1"))
    model = ScriptedModel([Proposal(model="scripted", calls=both), BYE])
    assert (await run_foreign(task("both"), model)).wrong == {}


async def test_a_figure_that_stands_in_no_result_is_not_sent_and_told() -> None:
    model = ScriptedModel([FIND, say("You owe 99 euro."), say("You owe 98 euro.")])
    result = await run_foreign(task("reserved"), model)
    assert result.replies == ("I have looked it up. How would you like to go on?",)
    assert [one.split(":")[0] for one in result.rejected] == ["You owe 99 euro.", "You owe 98 euro."]


async def test_the_model_sees_the_policy_and_the_package_s_own_schemas() -> None:
    asked: list[Request] = []

    def script(request: Request) -> Proposal:
        asked.append(request)
        return BYE

    await run_foreign(task("reserved"), ScriptedModel(script))
    prompt = asked[0].prompt
    assert "A reader may have two reservations." in prompt.head
    assert "bonus" not in prompt.head.lower()
    assert {one.name: one.schema for one in prompt.actions} == {one.name: one.schema for one in tools()}
    assert prompt.note == "Now: call the tool that the policy asks for next, or speak to the user."
