"""A recording played back: the same end without a model, and word of every place at which a replay left it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path

import pytest

from agent.model.openai import OpenAIModel
from agent.model.port import Action, Answered, Called, Model, ModelDown, Prompt, Proposal, Request, Said, Shown
from agent.model.scripted import ScriptedModel, call, say
from agent.prompts import Prompts, read_prompts
from casino.values import Document, Value
from evals.playback import ASKED, Match, Miss, PlaybackModel, asked_today
from evals.record import RecordingModel
from evals.recording import Desk, Final, Recording, Versions
from evals.trial import Difference, Divergence
from tests.agent.model.builders import PROMPTS, situation

ROOT = Path(__file__).parents[2]
HELLO = Said("player", "Hello")
PLAIN: dict[str, Value] = {"type": "object", "properties": {}}
LOOK_UP = Action("look_up", "Look something up.", PLAIN)
RULES = "Rules\nProcedure: Own\n1. Greet.\n2. Help."
HELP = "1. Greet.\n2. Help."


def asked(
    *turns: Said | Called | Answered,
    shown: str = HELP,
    rules: str = RULES,
    note: str = "Now: answer.",
    tool: Action = LOOK_UP,
    offered: Action | None = None,
    may_reply: bool = True,
) -> Request:
    said = turns or (HELLO,)
    where = situation(*said)
    prompt = Prompt(
        head=rules.replace(HELP, shown),
        turns=said,
        note=note,
        actions=(offered or tool,),
        may_reply=may_reply,
        procedure=Shown("own", "Own", shown),
        bound=(tool,),
    )
    return Request(prompt=prompt, situation=where)


async def recorded(model: Model, *requests: Request) -> Recording:
    """Return the recording of these questions; one that the model is down at is kept as such."""
    recording = RecordingModel(model=model, prompts=PROMPTS)
    for one in requests:
        try:
            await recording.propose(one)
        except ModelDown:
            continue
    return section(recording)


def section(recording: RecordingModel) -> Recording:
    return Recording(
        versions=Versions(croupier="1", model=recording.name),
        segments=recording.texts,
        exchanges=tuple(recording.exchanges),
        final=Final(end={}),
    )


def back(recording: Recording, match: Match = "strict", parameters: Document | None = None) -> PlaybackModel:
    return PlaybackModel(recording=recording, prompts=PROMPTS, match=match, parameters=parameters)


def without(recording: Recording, number: int) -> Recording:
    kept = tuple(one for one in recording.exchanges if one.n != number)
    return recording.model_copy(update={"exchanges": kept})


async def test_a_question_beyond_the_recording_is_an_extra_call() -> None:
    model = back(await recorded(ScriptedModel([say("Hello")]), asked()))
    await model.propose(asked())
    with pytest.raises(Miss, match=r"^question 2 to the model was never recorded: record the ticket again$"):
        await model.propose(asked(note="Now: more."))
    assert model.divergences() == (
        Divergence(
            exchange=0,
            kind=Difference.EXTRA_CALL,
            segment="question",
            pointer="/2",
            now={"role": "player", "text": "Hello"},
        ),
    )


async def test_a_dropped_exchange_is_an_extra_call_and_nothing_after_it_is_told() -> None:
    questions = [asked(note=f"Now: {number}.") for number in range(3)]
    model = back(without(await recorded(ScriptedModel([say("a"), say("b"), say("c")]), *questions), 2), "tolerant")
    assert (await model.propose(questions[0])).text == "a"
    for question in questions[1:]:
        with pytest.raises(Miss):
            await model.propose(question)
    assert [(one.kind, one.pointer) for one in model.divergences()] == [(Difference.EXTRA_CALL, "/2")]


async def test_an_answer_that_nobody_asked_for_is_unused() -> None:
    questions = [asked(note=f"Now: {number}.") for number in range(3)]
    model = back(await recorded(ScriptedModel([call("look_up"), say("b"), say("c")]), *questions))
    assert (await model.propose(questions[1])).text == "b"
    assert model.divergences() == (
        Divergence(exchange=1, kind=Difference.UNUSED, segment="question", pointer="/1", was={"calls": ["look_up"]}),
        Divergence(exchange=3, kind=Difference.UNUSED, segment="question", pointer="/3", was={"text": "c"}),
    )


async def test_one_question_asked_twice_is_answered_in_recorded_order() -> None:
    model = back(await recorded(ScriptedModel([say("first"), say("second")]), asked(), asked()))
    assert [(await model.propose(asked())).text for _ in range(2)] == ["first", "second"]
    assert model.divergences() == ()
    with pytest.raises(Miss):
        await model.propose(asked())


async def test_a_model_that_was_down_is_down_again() -> None:
    model = back(await recorded(ScriptedModel([]), asked()))
    with pytest.raises(ModelDown, match=r"^the script of the scripted model has run out: add a proposal to it$"):
        await model.propose(asked())
    assert model.divergences() == ()


async def test_a_recorded_answer_is_served_whole() -> None:
    answer = Proposal(
        model="small",
        text="Hello",
        tokens_in=3,
        tokens_out=2,
        attempts=("RateLimitError",),
        parameters={"temperature": Decimal("0.5")},
        response={"model": "small", "choices": []},
    )
    model = back(await recorded(ScriptedModel([answer]), asked()))
    assert (await model.propose(asked()), model.tokens_in, model.tokens_out) == (answer, 3, 2)


NARROWED = Action("look_up", "Look something up.", {"type": "object", "properties": {"word": {"enum": ["a"]}}})
ANSWERS = (HELLO, Called("c1", "look_up", {}), Answered("c1", "look_up", "ok", {"found": True}))
FOUND_NOT = (*ANSWERS[:2], Answered("c1", "look_up", "ok", {"found": False}))


Places = list[tuple[str, str, str, Value, Value]]  # kind, segment, pointer, was, now
PARTED: list[tuple[Request, Request, Places]] = [
    (asked(), asked(note="Now: go."), [("prompt", "note", "/line/1", "Now: answer.", "Now: go.")]),
    (asked(), asked(rules=f"Be kind.\n{RULES}"), [("prompt", "prompt/system", "/line/1", None, "Be kind.")]),
    (
        asked(shown="1. Greet.\n2. Help.\n3. Close.", note="Now: answer.\nSoon."),
        asked(shown="1. Hail.\n2. Close.", note="Now: go.\nSoon!"),
        [
            ("prompt", "procedure/own", "/line/2", "1. Greet.", "1. Hail."),
            ("prompt", "procedure/own", "/line/3", "2. Help.", None),
            ("prompt", "note", "/line/1", "Now: answer.", "Now: go."),
            ("prompt", "note", "/line/2", "Soon.", "Soon!"),
        ],
    ),
    (asked(), asked(may_reply=False), [("parameters", "parameters", "/may_reply", True, False)]),
    (
        asked(),
        asked(offered=NARROWED),
        [("history", "offered", "/look_up/~1schema~1properties~1word", None, [{"enum": ["a"]}])],
    ),
    (
        asked(*ANSWERS),
        asked(*FOUND_NOT, note="Now: go."),
        [
            ("tool result", "history", "/2/data/found", True, False),
            ("tool result", "note", "/line/1", "Now: answer.", "Now: go."),
        ],
    ),
    (
        asked(*ANSWERS),
        asked(*ANSWERS[:1]),
        [
            ("history", "history", "/1", {"call": 1, "name": "look_up", "arguments": {}}, None),
            ("history", "history", "/2", {"call": 1, "name": "look_up", "status": "ok", "data": {"found": True}}, None),
        ],
    ),
    (
        asked(shown=HELP, tool=LOOK_UP),
        asked(shown=HELP.replace("Help", "Assist"), tool=Action("seek", "Seek.", {})),
        [
            ("prompt", "procedure/own", "/line/3", "2. Help.", "2. Assist."),
            (
                "tool schema",
                "tools/look_up",
                "",
                {"description": "Look something up.", "schema": PLAIN},
                None,
            ),
            ("tool schema", "tools/seek", "", None, {"description": "Seek.", "schema": {}}),
            ("history", "offered", "/look_up", {}, None),
            ("history", "offered", "/seek", None, {}),
        ],
    ),
]


@pytest.mark.parametrize(("was", "now", "found"), PARTED)
async def test_each_difference_has_its_kind_and_place(was: Request, now: Request, found: Places) -> None:
    recording = await recorded(ScriptedModel([say("Hello")]), was)
    strict, tolerant = back(recording), back(recording, "tolerant")
    with pytest.raises(Miss):
        await strict.propose(now)
    assert (await tolerant.propose(now)).text == "Hello"
    assert strict.divergences() == tolerant.divergences()
    assert [(one.kind.value, one.segment, one.pointer, one.was, one.now) for one in strict.divergences()] == found


async def test_a_line_that_two_questions_show_is_told_once_and_two_lines_of_one_question_twice() -> None:
    was = [
        asked(shown="If so:\n  1. Greet.\n- Be kind.\n- Be kind."),
        asked(shown="1. Greet.\n- Be kind.", note="Next."),
    ]
    now = [asked(shown="If so:\n  1. Hail.\n- Be calm.\n- Be calm."), asked(shown="1. Hail.\n- Be calm.", note="Next.")]
    model = back(await recorded(ScriptedModel([say("a"), say("b")]), *was), "tolerant")
    for question in now:
        await model.propose(question)
    assert [(one.exchange, one.pointer, one.was, one.now) for one in model.divergences()] == [
        (1, "/line/3", "  1. Greet.", "  1. Hail."),
        (1, "/line/4", "- Be kind.", "- Be calm."),
        (1, "/line/5", "- Be kind.", "- Be calm."),
    ]


async def test_other_parameters_make_a_recording_stale() -> None:
    answer = Proposal(model="small", text="Hello", parameters={"temperature": Decimal("0.0"), "model": "small"})
    recording = await recorded(ScriptedModel([answer]), asked())
    same = back(recording, parameters={"model": "small", "temperature": 0})
    assert (await same.propose(asked())).text == "Hello"
    assert same.divergences() == ()
    other = back(recording, "tolerant", parameters={"model": "small", "temperature": Decimal("0.7")})
    assert (await other.propose(asked())).text == "Hello"
    assert other.divergences() == (
        Divergence(
            exchange=1,
            kind=Difference.PARAMETERS,
            segment="parameters",
            pointer="/temperature",
            was=0,
            now=Decimal("0.7"),
        ),
    )


def test_the_parameters_of_today_are_those_of_our_client() -> None:
    ours = {one.name: one.default for one in fields(OpenAIModel)}
    assert {name: ours[name] for name in ASKED} == dict(ASKED)
    assert asked_today(Desk(json_mode=True)) == {"temperature": 0, "max_tokens": 400, "tool_mode": "json"}
    assert asked_today(Desk()) == {"temperature": 0, "max_tokens": 400, "tool_mode": "native"}


@dataclass(frozen=True, slots=True)
class Chooser:
    """A model that only chooses."""

    chosen: Callable[[], str | None]
    name: str = "chooser"
    is_llm: bool = False

    async def propose(self, request: Request) -> Proposal:
        """Say hello."""
        del request
        return say("Hello")

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Choose."""
        del text, options
        return self.chosen()


def down() -> str | None:
    raise ModelDown("no choice")


OWN = {"own": "Our own."}


@pytest.mark.parametrize("chosen", ["own", None])
async def test_a_choice_is_played_back(chosen: str | None) -> None:
    was = RecordingModel(model=Chooser(lambda: chosen), prompts=PROMPTS)
    await was.choose("Hi", OWN)
    model = back(section(was))
    assert (await model.choose("Hi", OWN), model.divergences()) == (chosen, ())
    unused = back(section(was)).divergences()
    assert [(one.kind, one.was) for one in unused] == [(Difference.UNUSED, {"chosen": chosen})]


async def test_a_choice_that_failed_fails_again() -> None:
    was = RecordingModel(model=Chooser(down), prompts=PROMPTS)
    with pytest.raises(ModelDown):
        await was.choose("Hi", OWN)
    with pytest.raises(ModelDown, match="no choice"):
        await back(section(was)).choose("Hi", OWN)
    assert [one.was for one in back(section(was)).divergences()] == [{"down": "no choice"}]


async def test_a_described_otherwise_procedure_makes_a_choice_stale() -> None:
    was = RecordingModel(model=Chooser(lambda: "own"), prompts=PROMPTS)
    await was.choose("Hi", OWN)
    model = back(section(was), "tolerant")
    assert await model.choose("Hi", {"own": "Ours."}) == "own"
    assert model.divergences() == (
        Divergence(
            exchange=1,
            kind=Difference.PROMPT,
            segment="procedure/own",
            pointer="/line/1",
            was="Our own.",
            now="Ours.",
        ),
    )


async def test_a_choice_is_no_answer_to_another_question() -> None:
    was = RecordingModel(model=Chooser(lambda: "own"), prompts=PROMPTS)
    await was.choose("Hi", OWN)
    model = back(section(was), "tolerant")
    with pytest.raises(Miss):
        await model.propose(asked())


async def test_another_routing_prompt_makes_a_choice_stale(tmp_path: Path) -> None:
    was = RecordingModel(model=Chooser(lambda: "own"), prompts=PROMPTS)
    await was.choose("Hi", OWN)
    (tmp_path / "route.j2").write_text("Choose one:{% for name in options %} {{ name }}{% endfor %}", "utf-8")
    model = PlaybackModel(recording=section(was), prompts=prompts_of(tmp_path), match="tolerant")
    await model.choose("Hi", OWN)
    assert [(one.kind, one.segment, one.pointer) for one in model.divergences()] == [
        (Difference.PROMPT, "prompt/route", f"/line/{at}") for at in range(1, 5)
    ]
    assert [one.now for one in model.divergences()] == ["Choose one: own", None, None, None]


def prompts_of(folder: Path) -> Prompts:
    return read_prompts(folder, ROOT / "prompts")
