"""The policy model: it takes the step that is due, asks for what is missing, and speaks from every template."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from agent.model.policy import NAME, PolicyModel, ask, speak
from agent.model.port import Answered, Proposal, ProposedCall, Said
from casino.bonus.decide import NO_BONUS, NOT_KNOWN_YET
from casino.bonus.reward import Boosted, Cash, Premium, Reward, Standard
from casino.values import Document, Value
from tests.agent.model.builders import PROMPTS, called, request, situation
from tests.agent.snapshots.compare import assert_is_snapshot
from tests.desks import ANNA, desk
from tools.catalog import CATALOG
from tools.tool import Fact
from tools.transfer_to_live_agent import WHY

VERIFY, QUALIFY, ISSUE, TRANSFER = (
    "verify_player_identity",
    "qualify_for_bonus",
    "issue_bonus",
    "transfer_to_live_agent",
)
MODEL = PolicyModel(PROMPTS)


async def test_it_asks_for_what_verification_needs() -> None:
    where = situation(
        Said("player", "Hi"), phase="verify", missing=("email", "date_of_birth"), legal=[VERIFY, TRANSFER]
    )
    assert await MODEL.propose(request(where=where)) == Proposal(
        model=NAME,
        text="To help you I need to find your account first. "
        "Please send me your e-mail address and your date of birth.",
    )


async def test_it_asks_only_for_what_is_still_missing() -> None:
    where = situation(Said("player", "a@example.com"), phase="verify", missing=("date_of_birth",), legal=[VERIFY])
    assert (await MODEL.propose(request(where=where))).text == (
        "To help you I need to find your account first. Please send me your date of birth."
    )


async def test_after_a_refusal_it_asks_for_all_of_it_again() -> None:
    where = situation(Said("player", ANNA), phase="verify", legal=[VERIFY])
    assert (await MODEL.propose(request(where=where))).text == (
        "I could not match those details to an account. "
        "Please check them and send me your e-mail address and your date of birth again."
    )


async def test_it_calls_the_verifier_with_what_the_player_wrote() -> None:
    said = (Said("player", "I am anna.keller@example.com"), Said("agent", "And when …?"), Said("player", "12.4.1990"))
    where = situation(*said[2:], earlier=said[:2], phase="verify", next_action=VERIFY, legal=[VERIFY, TRANSFER])
    assert await MODEL.propose(request(where=where)) == Proposal(
        model=NAME,
        calls=(
            ProposedCall(name=VERIFY, arguments={"email": "anna.keller@example.com", "date_of_birth": "1990-04-12"}),
        ),
    )


async def test_it_issues_by_the_decision_of_the_ticket() -> None:
    facts = {"granted_decision": Fact(value={"decision_id": "D-1"})}
    where = situation(Said("player", "yes"), next_action=ISSUE, legal=[ISSUE, TRANSFER], facts=facts)
    assert (await MODEL.propose(request(where=where))).calls == (
        ProposedCall(name=ISSUE, arguments={"decision_id": "D-1"}),
    )


async def test_it_does_not_call_what_is_not_legal() -> None:
    where = situation(Said("player", "yes"), next_action=ISSUE, legal=[TRANSFER])
    assert await MODEL.propose(request(where=where)) == Proposal(
        model=NAME, text="Is there anything else I can do for you?"
    )


async def test_it_hands_over_with_the_reason_that_the_player_asked_for_it() -> None:
    where = situation(Said("player", "Human!"), asked_for_human=True, next_action=TRANSFER, legal=[TRANSFER])
    assert (await MODEL.propose(request(where=where))).calls == (
        ProposedCall(name=TRANSFER, arguments={"reason_code": "player_request"}),
    )


@pytest.mark.parametrize(
    "words",
    [
        "Can I talk to a human, please?",
        "Ich möchte mit einem Menschen sprechen",
        "Quiero hablar con una persona",
        "Quero falar com um atendente",
        "Je veux parler à un conseiller",
        "Jag vill prata med en människa",
        "Operator!",
    ],
)
async def test_whoever_asks_for_a_human_gets_one_in_their_language(words: str) -> None:
    d = desk("P1001")
    asked = await d.say(words)
    assert (asked.outcome, asked.silent) == ("escalated", True)
    [handoff] = await d.sandbox.stores.handoffs("t1")
    assert handoff["reason_code"] == "player_request"


@pytest.mark.parametrize(
    "said",
    [
        ["I forgot my password, please help me.", "Can you reset my password or not?"],
        ["Hello", "I forgot my password"],
        ["Hello", "Hi, is anybody there?", "I forgot my password"],
        ["saisinko ilmaista kahvia?", "Ette ymmärrä minua"],
    ],
)
async def test_whoever_has_heard_what_can_be_done_and_wants_something_else_gets_a_human(said: list[str]) -> None:
    d = desk("P1001")
    greeted = [await d.say(text) for text in said[:-1]]
    assert {one.replies for one in greeted} == {(WITHOUT_RESULT["fallback"],)}
    handled = await d.say(said[-1])
    [handoff] = await d.sandbox.stores.handoffs("t1")
    assert (handled.outcome, handoff["reason_code"]) == ("escalated", "cannot_help")


@pytest.mark.parametrize("words", ["Hello?", "Good morning, how are you?", "No.", "Thank you!", "Can I get a bonus?"])
async def test_greetings_thanks_and_what_can_be_done_stay_with_the_desk(words: str) -> None:
    d = desk("P1001")
    await d.say("Hi")
    assert (await d.say(words)).outcome is None


async def test_the_same_situation_gives_the_same_proposal() -> None:
    one = request(where=situation(Said("player", "thanks"), steps=False, category="fallback"))
    assert await MODEL.propose(one) == await MODEL.propose(one)


async def test_it_says_that_it_is_no_language_model_and_has_no_opinion() -> None:
    assert (MODEL.is_llm, "no LLM" in MODEL.name) == (False, True)
    assert await MODEL.choose("a bonus", {"bonus-request": "wants a bonus"}) is None


@pytest.mark.parametrize(
    ("category", "steps", "words", "text"),
    [
        ("fallback", False, "Thanks a lot!", "You are welcome. Have a good day."),
        ("bonus", True, "Thanks a lot!", "You are welcome. Have a good day."),
        ("bonus", True, "Hm", "Is there anything else I can do for you?"),
        ("a category without words", False, "Hm", "Is there anything else I can do for you?"),
    ],
)
def test_with_nothing_to_tell_it_is_polite(category: str, steps: bool, words: str, text: str) -> None:
    assert speak(PROMPTS, situation(Said("player", words), category=category, steps=steps)) == text


def test_what_was_done_is_told_before_where_it_stands() -> None:
    done = Answered("1", "send_external_message", "done", {"sent": True, "messageId": "m1"})
    asked = Answered("2", "player_balance", "unavailable", {"code": "unavailable", "message": "…"})
    assert speak(PROMPTS, situation(Said("player", "Hi"), called("x"), done, called("y"), asked)) == (
        "I have passed this on to the responsible team. They will look into it and get back to you. "
        "I am sorry, a system that I need is not answering at the moment, so I cannot tell you the result yet."
    )


# What each tool really answers, for every reward type; a template that lacks one of these names would raise.
REWARDS: Mapping[str, Reward] = {
    "standard": Standard(spins_count=15, game="Elvis Frog", game_provider="BGaming", wager=35),
    "boosted": Boosted(template_name="HIGH_30", value_per_spin_description="0.5 EUR"),
    "premium": Premium(template_name="VIP_50", value_per_spin_description="1 EUR"),
    "cash": Cash(amount=20, amount_type="cash", name="Harbour Thank-You", description="20 EUR in cash", wager=5),
    "cash with cents": Cash(
        amount=Decimal("12.50"), amount_type="cash", name="Tide", description="12.50 EUR in cash", wager=Decimal("2.5")
    ),
    "cash spins": Cash(amount=30, amount_type="free_spins", name="Gift", description="30 free spins", wager=10),
}
ANY_GAME = Standard(spins_count=15, game=None, game_provider="BGaming", wager=35)


def decision(status: str, *reasons: str, reward: Reward | None = None) -> dict[str, Value]:
    fields: dict[str, Value] = {"rewardType": None} if reward is None else reward.result_fields()
    head: dict[str, Value] = {"qualified": status == "qualified", "status": status}
    return {**head, **fields, "reasons": [*reasons], "decisionId": "D-1"}


DECISIONS: Mapping[str, dict[str, Value]] = {
    **{f"qualified, {name}": decision("qualified", reward=reward) for name, reward in REWARDS.items()},
    "not qualified, with a reason": decision("not_qualified", "Your identity check has to be completed first."),
    "not qualified, without one": decision("not_qualified", NO_BONUS),
    "vetoed": decision("vetoed", NO_BONUS),
    "unknown": decision("unknown", NOT_KNOWN_YET),
}
CONTEXT: Mapping[str, Document] = {
    "player_profile": {"firstName": "Anna", "category": "VIP"},
    "player_balance": {"balance": Decimal("310.40"), "currency": "EUR"},
    "deposit_history": {"deposits": []},
    "kyc_status": {"status": "approved", "level": "full"},
}
AWAY: Document = {"code": "unavailable", "message": "the back office did not answer"}
IN_DOUBT: Document = {"code": "outcome_unknown", "message": "it is not known whether this took effect"}
SEND = "send_external_message"


def successes() -> Iterator[tuple[str, Answered]]:
    yield "verified", Answered("1", VERIFY, "ok", {"verified": True})
    for name, data in DECISIONS.items():
        yield name, Answered("1", QUALIFY, "ok", data)
        yield f"told: {name}", Answered("1", "inform_player", "ok", {"tell": data})
    for name, reward in REWARDS.items():
        given: Document = {"issued": True, "grantId": "G-1", "reward": reward.result_fields()}
        yield f"issued, {name}", Answered("1", ISSUE, "done", given)
    yield "sent", Answered("1", "send_external_message", "done", {"sent": True, "messageId": "m1"})
    for code in WHY:
        moved: Document = {"transferred": True, "handoffId": "H-1", "reason_code": code}
        yield f"transferred, {code}", Answered("1", TRANSFER, "done", moved)
    for name, data in CONTEXT.items():
        yield name, Answered("1", name, "ok", data)
    yield "a tool without a template", Answered("1", "procedure_bonus-inquiry", "ok", {"switched": True})


def failures() -> Iterator[tuple[str, Answered]]:
    for name, code in [
        (VERIFY, "no_match"),
        (VERIFY, "locked_out"),
        (ISSUE, "done_before"),
        (ISSUE, "decision_expired"),
        (ISSUE, "template_unknown"),
        (ISSUE, "approval_denied"),
        (ISSUE, "approval_expired"),
        (SEND, "refused"),
    ]:
        yield f"refused, {name}: {code}", Answered("1", name, "refused", {"code": code, "message": "it says why"})
    for name in (VERIFY, ISSUE, SEND, *CONTEXT):
        yield f"unavailable, {name}", Answered("1", name, "unavailable", AWAY)
    for name in (ISSUE, SEND):
        yield f"in doubt, {name}", Answered("1", name, "unknown", IN_DOUBT)
        yield f"shadowed, {name}", Answered("1", name, "shadowed", {"code": "shadowed", "message": "not done"})
    yield "shadowed, without a template", Answered("1", "renew_loan", "shadowed", {"code": "shadowed"})


ANSWERS: Mapping[str, Answered] = {**dict(successes()), **dict(failures())}


def told(answered: Answered, *, again: bool) -> str:
    turns = (Said("player", "Can I get a bonus?"), called(answered.name), answered)
    where = situation(Said("player", "And now?"), earlier=turns) if again else situation(*turns)
    return speak(PROMPTS, where)


@pytest.mark.parametrize(
    ("answered", "begins"),
    [
        (Answered("1", VERIFY, "refused", {"code": "no_match"}), "I could not match those details"),
        (Answered("1", VERIFY, "ok", {"verified": True}), "To help you I need to find your account first"),
        (Answered("1", SEND, "done", {"sent": True}), "I have passed"),
    ],
)
def test_where_verification_expires_within_a_turn_it_tells_what_was_done_and_says_nothing_untrue(
    answered: Answered, begins: str
) -> None:
    where = situation(Said("player", "Hi"), called(answered.name), answered, phase="verify", legal=[VERIFY])
    assert ask(PROMPTS, where).startswith(begins)


@pytest.mark.parametrize("again", [False, True], ids=["at once", "asked again"])
@pytest.mark.parametrize("answered", ANSWERS.values(), ids=ANSWERS.keys())
def test_every_result_can_be_told(answered: Answered, again: bool) -> None:
    text = told(answered, again=again)
    assert text.endswith((".", "?"))
    assert not any(sign in text for sign in ("None", "Undefined", "{", "}", "  ", "Decimal"))


def test_spins_for_every_game_of_a_provider_are_told_without_a_hole() -> None:
    text = told(Answered("1", QUALIFY, "ok", decision("qualified", reward=ANY_GAME)), again=False)
    assert "None" not in text
    assert "BGaming" in text


@pytest.mark.parametrize("name", [f"unavailable, {VERIFY}", f"in doubt, {ISSUE}", f"in doubt, {SEND}"])
def test_what_is_not_known_is_not_told_as_a_no(name: str) -> None:
    assert "could not" not in told(ANSWERS[name], again=False)


@pytest.mark.parametrize("code", ["unknown_tool", "precondition", "not_now", "invalid_arguments", "already_done"])
@pytest.mark.parametrize("name", [*CATALOG, "issue_million", "ask", "_reward", "fallback", "trouble"])
def test_a_call_that_the_model_should_not_have_made_is_not_told_to_the_player(name: str, code: str) -> None:
    mistake = Answered("1", name, "refused", {"code": code, "message": "for the model"})
    assert told(mistake, again=False) == "Is there anything else I can do for you?"


def test_who_wants_to_know_and_does_not_qualify_hears_the_reasons_alone() -> None:
    answered = Answered("1", QUALIFY, "ok", DECISIONS["not qualified, without one"])
    where = situation(Said("player", "I only want to know if I can get one"), called(QUALIFY), answered)
    assert speak(PROMPTS, where) == told(answered, again=False)


WITHOUT_RESULT = {
    "ask": ask(PROMPTS, situation(phase="verify", missing=("email",), legal=[VERIFY])),
    "ask again": ask(PROMPTS, situation(phase="verify", legal=[VERIFY])),
    "idle": speak(PROMPTS, situation(Said("player", "Hm"))),
    "fallback": speak(PROMPTS, situation(Said("player", "Hello"), category="fallback", steps=False)),
    **{name: PROMPTS.reply((name,), {}) for name in ("empty", "later", "too_long", "trouble")},
    "declined": speak(PROMPTS, situation(Said("player", "I do not want a bonus"))),
    "declined, wants to know": speak(
        PROMPTS,
        situation(
            Said("player", "Do not issue a bonus, I just want to know if I qualify"),
            called(QUALIFY),
            Answered("1", QUALIFY, "ok", DECISIONS["qualified, premium"]),
        ),
    ),
    "waiting": PROMPTS.reply(("waiting",), {"again": False}),
    "waiting, asked again": PROMPTS.reply(("waiting",), {"again": True}),
}


def test_all_that_the_templates_say_is_as_it_was_agreed() -> None:
    lines = [f"{name}: {text}" for name, text in WITHOUT_RESULT.items()]
    lines += [f"{name}: {told(one, again=False)}" for name, one in ANSWERS.items()]
    lines += [f"{name}, asked again: {told(one, again=True)}" for name, one in ANSWERS.items()]
    assert_is_snapshot("\n".join(lines) + "\n", "replies.txt")


def test_no_template_is_left_out_here() -> None:
    folder = Path(__file__).parents[3] / "prompts" / "replies"
    shared = {"_any", "_reward"}  # spoken through others
    spoken = {answered.name for answered in ANSWERS.values()} | set(WITHOUT_RESULT)
    assert {file.stem for file in folder.glob("*.j2")} - shared - spoken == set()
