"""A model's words for an explanation stand only where every number and name of them is in the trace."""

from datetime import UTC, datetime

import pytest

from agent.bonus.phrasing import phrase, refusal
from agent.model.fallback import FallbackModel
from agent.model.port import Proposal, Request
from agent.model.scripted import ScriptedModel, say
from agent.prompts import read_prompts
from agent.settings import shipped
from casino.bonus.configuration import load_set
from casino.bonus.decide import decide
from casino.bonus.told.explain import Explanation, Style, explain
from casino.document import load_yaml
from casino.facts import SAFETY_FLAGS, Facts
from casino.values import Document, Value

CONFIGURATION = """\
id: loyalty
name: Loyalty
priority: 1
status: published
qualification: [player.lastDeposit >= 500, "player.tags contains 'whale'"]
tiers: [{name: default, priority: 1, reward: {type: standard, spinsCount: 15, game: Elvis Frog, gameProvider: BGaming, wager: 35}}]
"""  # noqa: E501  # a file as authors write it
PROMPTS = read_prompts(shipped("prompts"))


def explained(deposit: int, **document: Value) -> tuple[Explanation, Document]:
    facts = Facts.of(
        {
            "player": {"lastDeposit": deposit, "tags": ["whale"]},
            "safety": {**dict.fromkeys(SAFETY_FLAGS, False), "age_years": 34},
            **document,
        }
    )
    configurations = load_set([load_yaml(CONFIGURATION, name="c.yaml")])
    record = decide(configurations, facts, brand="lucky-spin", now=datetime(2026, 11, 22, tzinfo=UTC)).record()
    return explain(record, Style.CSM), record


async def test_a_text_that_says_only_what_is_in_the_trace_stands_below_what_was_decided() -> None:
    told, record = explained(120)
    text = "The last deposit was 120, and at least 500 is needed. Nothing else stood in the way for loyalty."
    phrased = await phrase(told, record, model=ScriptedModel([say(text)]), prompts=PROMPTS, json=False)
    assert (phrased.model, phrased.refused) == ("scripted", None)
    assert phrased.text == (
        "The player does not qualify for a bonus.\n"
        "Decided for the brand lucky-spin, at 2026-11-22T00:00:00+00:00.\n\n" + text
    )


async def test_the_model_reads_the_explanation_and_rules_and_is_offered_no_action() -> None:
    told, record = explained(120)
    seen: list[Request] = []

    def answer(request: Request) -> Proposal:
        seen.append(request)
        return say("It is not enough.")

    await phrase(told, record, model=ScriptedModel(answer), prompts=PROMPTS, json=True)
    (request,) = seen
    assert [turn for turn in request.prompt.turns if getattr(turn, "text", "") == told.text] == [*request.prompt.turns]
    assert (request.prompt.actions, request.prompt.may_reply) == ((), True)
    assert "customer success manager" in request.prompt.head
    assert '{"do": {"action": "reply"' in request.prompt.head


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The last deposit was 130, and 500 is needed.", "not in the trace: 130"),
        ("At least six hundred is needed.", "not in the trace: six hundred"),
        ("The tag 'abuser' is missing.", "not in the trace: abuser"),
        ("The template VIP_50 was not reached.", "not in the trace: VIP_50"),
        ("They may ask for the Platinum Club.", "not in the trace: Platinum, Club"),
        ("Ask Deborah about it.", "not in the trace: Ask, Deborah"),
        ('The game "Book of Dead" is not on offer.', "not in the trace: Book of Dead, Book, Dead"),
        ("It was decided on 23 November 2026.", "not in the trace: 23 November 2026"),
        ("The player qualifies.", "it does not say what was decided (not_qualified)"),
        ("They will receive a bonus soon.", "it does not say what was decided (not_qualified)"),
        ("", "the model said nothing"),
    ],
)
async def test_a_number_or_name_that_is_not_in_the_trace_refuses_the_text(text: str, why: str) -> None:
    told, record = explained(120)
    phrased = await phrase(told, record, model=ScriptedModel([say(text)]), prompts=PROMPTS, json=False)
    assert (phrased.text, phrased.refused) == (told.text, why)


@pytest.mark.parametrize(
    "text",
    [
        "It's 120 instead of 500.",
        "Unfortunately, the last deposit (120) is too small: at least 500 is needed.",
        "For “loyalty” it needs a last deposit of 500; the player's is 120.",
        "The tag 'whale' is there.",
        "The player does not qualify, but would qualify if the last deposit was 500.",
        "I looked at it on 22 November 2026.",
    ],
)
def test_true_sentences_are_not_refused(text: str) -> None:
    told, record = explained(120)
    assert refusal(text, told, record) is None


def test_a_yes_is_not_turned_into_a_no_and_an_unknown_into_neither() -> None:
    granted, record = explained(500)
    assert refusal("The player qualifies for 15 free spins on Elvis Frog.", granted, record) is None
    wrong = "it does not say what was decided (qualified)"
    assert refusal("The player isn't eligible.", granted, record) == wrong
    open_, unknown = explained(500, unavailable=["player.tags"])
    assert refusal("Nothing could be decided, as a system did not answer.", open_, unknown) is None
    assert refusal("The player does not qualify.", open_, unknown) == "it does not say what was decided (unknown)"


async def test_a_model_that_is_down_leaves_the_deterministic_text_and_says_why() -> None:
    told, record = explained(120)
    model = FallbackModel(ScriptedModel([]), ScriptedModel([say("never asked")]))
    phrased = await phrase(told, record, model=model, prompts=PROMPTS, json=False)
    assert phrased.text == told.text
    assert phrased.refused == "the script of the scripted model has run out: add a proposal to it"


async def test_a_record_without_its_moment_is_a_broken_promise() -> None:
    told, record = explained(120)
    with pytest.raises(ValueError, match="the moment"):
        await phrase(told, {**record, "now": None}, model=ScriptedModel([]), prompts=PROMPTS, json=False)
