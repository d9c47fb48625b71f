"""A question taken apart: every text under its name, and a change in one of them found by that name."""

import json
from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.model.port import Action, Answered, Called, Prompt, Request, Said, Shown, Turn
from casino.document import canonical_json
from casino.values import Document, Value
from evals.segments import (
    HISTORY,
    LEFT_OUT,
    RunIds,
    canonical,
    content_of,
    links,
    normal,
    run_ids,
    segments_of,
    segments_of_choice,
)
from tests.agent.model.builders import situation

WORD: dict[str, object] = {"type": "object", "properties": {"word": {"type": "string", "format": "word"}}}
LOOK_UP = Action("look_up", "Look something up.", WORD)
HELLO = Said("player", "Hello")
NUMBERS = st.integers(-(10**9), 10**9) | st.decimals(allow_nan=False, allow_infinity=False, places=3, max_value=10**9)
TEXT = st.text(max_size=4).map(lambda text: normalize("NFC", text))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def asked(
    *turns: Turn,
    head: str = "Rules\n\nProcedure: Own\n1. Greet.",
    shown: str = "1. Greet.",
    note: str = "Now: answer.",
    whole: Action = LOOK_UP,
    offered: Action = LOOK_UP,
    may_reply: bool = True,
) -> Request:
    prompt = Prompt(
        head=head,
        turns=turns or (HELLO,),
        note=note,
        actions=(offered,),
        may_reply=may_reply,
        procedure=Shown("own", "Own", shown),
        bound=(whole,),
    )
    return Request(prompt=prompt, situation=situation(*prompt.turns))


def named(request: Request) -> dict[str, Value]:
    found = segments_of(request)
    return {name: content_of(name, sha256, found.texts) for name, sha256 in found.hashes.items()}


def differing(was: Request, now: Request) -> list[str]:
    before, after = segments_of(was), segments_of(now)
    assert (before.key == after.key) == (before.hashes == after.hashes)
    return [name for name in {**before.hashes, **after.hashes} if before.hashes.get(name) != after.hashes.get(name)]


def test_a_question_is_taken_apart_into_named_texts() -> None:
    assert named(asked()) == {
        "procedure/own": "Own\n1. Greet.",
        "tools/look_up": {"description": "Look something up.", "schema": WORD},
        "prompt/system": f"Rules\n\nProcedure: {LEFT_OUT}\n{LEFT_OUT}",
        "offered": {"look_up": {}},
        "note": "Now: answer.",
        "parameters": {"may_reply": True},
        "history": [{"role": "player", "text": "Hello"}],
    }


NARROWED = Action("look_up", "Look something up.", {**WORD, "properties": {"word": {"type": "string", "enum": ["a"]}}})


@pytest.mark.parametrize(
    ("now", "names"),
    [
        (asked(), []),
        (asked(head="Rules\n\nProcedure: Own\n1. Smile.", shown="1. Smile."), ["procedure/own"]),
        (asked(head="Rule\n\nProcedure: Own\n1. Greet."), ["prompt/system"]),
        (asked(head="Other words: 1. Smile", shown="1. Greet."), ["prompt/system"]),
        (asked(note="Now: go."), ["note"]),
        (asked(may_reply=False), ["parameters"]),
        (asked(Said("player", "Hi")), ["history"]),
        (asked(offered=NARROWED), ["offered"]),
        (asked(whole=Action("look_up", "Look.", WORD), offered=Action("look_up", "Look.", WORD)), ["tools/look_up"]),
    ],
)
def test_one_change_is_found_by_its_name(now: Request, names: list[str]) -> None:
    assert differing(asked(), now) == names


def test_a_tool_that_the_head_lists_is_one_text_with_its_line() -> None:
    head = "Actions\n- look_up(word): Look something up.\n- more\n\nProcedure: Own\n1. Greet."
    was = asked(head=head)
    assert named(was)["tools/look_up"] == {
        "description": "Look something up.",
        "schema": WORD,
        "shown": "- look_up(word): Look something up.",
    }
    assert named(was)["prompt/system"] == f"Actions\n{LEFT_OUT}\n- more\n\nProcedure: {LEFT_OUT}\n{LEFT_OUT}"
    other = Action("look_up", "Seek.", {"type": "object", "properties": {"name": {"type": "string"}}})
    now = asked(head=head.replace("(word): Look something up", "(name): Seek"), whole=other, offered=other)
    assert differing(was, now) == ["tools/look_up"]


def test_what_the_ticket_narrows_stands_by_its_place() -> None:
    word: Value = {"/schema/properties/word/enum": [["a"]], "/schema/properties/word/format": []}
    assert named(asked(offered=NARROWED))["offered"] == {"look_up": word}


def test_exact_numbers_in_a_schema_are_known() -> None:
    few = Action("look_up", "Look.", {"maximum": Decimal("2.50"), "minimum": Decimal(1)})
    many = Action("look_up", "Look.", {"minimum": 1.0, "maximum": 2.5})
    assert differing(asked(whole=few, offered=few), asked(whole=many, offered=many)) == []


def talk(call: str, decision: str) -> tuple[Turn, ...]:
    data: Document = {"id": decision, "ids": [decision], "amount": Decimal("25.0")}
    return (
        HELLO,
        Called(call, "decide", {}),
        Answered(call, "decide", "ok", data),
        Said("agent", f"It is {decision}."),
        Said("player", "Is it D-1?"),
    )


def test_ids_of_a_run_are_positions_but_not_in_what_the_player_writes() -> None:
    live, again = segments_of(asked(*talk("c1-2-1", "D-0123456789abcdef"))), segments_of(asked(*talk("c1-1-1", "D-4")))
    assert (live.key, live.ids) == (again.key, RunIds(("D-0123456789abcdef",)))
    assert content_of(HISTORY, live.hashes[HISTORY], live.texts) == [
        {"role": "player", "text": "Hello"},
        {"call": 1, "name": "decide", "arguments": {}},
        {"call": 1, "name": "decide", "status": "ok", "data": {"id": "D#1", "ids": ["D#1"], "amount": 25}},
        {"role": "agent", "text": "It is D#1."},
        {"role": "player", "text": "Is it D-1?"},
    ]


def test_positions_become_the_ids_of_another_run() -> None:
    ids = run_ids([{"id": "D-9"}, {"more": ["A-10", "A-10 and more", 3, "D-9"]}])
    assert ids == RunIds(("D-9", "A-10"))
    value: Value = {"decision_id": "D#1", "text": ["not A#2", "D#3", None]}
    assert ids.within(value) == {"decision_id": "D-9", "text": ["not A-10", "D#3", None]}
    assert ids.without(ids.within(value)) == value


def test_a_growing_conversation_is_stored_once() -> None:
    short, long = segments_of(asked(*talk("c1", "D-1")[:3])), segments_of(asked(*talk("c1", "D-1")))
    assert {*links(short.hashes[HISTORY], short.texts)} < {*links(long.hashes[HISTORY], long.texts)}
    assert {**short.texts, **long.texts} == long.texts


def test_a_text_in_another_unicode_form_is_the_same() -> None:
    composed, decomposed = (
        asked(Said("player", "h\u00e9"), note="\u00e9"),
        asked(Said("player", "he\u0301"), note="e\u0301"),
    )
    assert differing(composed, decomposed) == []
    assert canonical({"e\u0301": "e\u0301"}) == '{"\u00e9":"\u00e9"}'


def test_a_conversation_without_words_has_a_history() -> None:
    prompt = Prompt(head="Rules", turns=(), note="", actions=(), may_reply=True)
    found = segments_of(Request(prompt=prompt, situation=situation()))
    assert content_of(HISTORY, found.hashes[HISTORY], found.texts) == []


def test_a_choice_is_taken_apart() -> None:
    route = "Choose.\n- own: Our own.\n- other: Another."
    found = segments_of_choice("Hello", {"own": "Our own.", "other": "Another."}, route=route)
    assert {name: content_of(name, sha256, found.texts) for name, sha256 in found.hashes.items()} == {
        "procedure/own": "Our own.",
        "procedure/other": "Another.",
        "prompt/route": f"Choose.\n- own: {LEFT_OUT}\n- other: {LEFT_OUT}",
        "history": [{"role": "player", "text": "Hello"}],
    }


@given(VALUES)
def test_the_canonical_form_knows_no_order_of_keys_and_one_form_of_each_number(value: Value) -> None:
    assert canonical(turned(value)) == canonical(value)
    assert json.loads(canonical(value), parse_float=Decimal) == value
    assert canonical(value) == canonical_json(normal(value))


def turned(value: Value) -> Value:
    """Write a value otherwise: keys the other way round, whole numbers with a fraction."""
    match value:
        case bool() | str() | None:
            return value
        case int():
            return Decimal(f"{value}.00")
        case Decimal():
            return Decimal(f"{value}0") if "E" not in str(value) else value
        case list():
            return [turned(one) for one in value]
        case dict():
            return {name: turned(value[name]) for name in reversed(list(value))}


def test_long_numbers_stay_exact() -> None:
    assert canonical([Decimal("0." + "1" * 60 + "0"), Decimal("-0.0"), Decimal("1E+3")]) == f"[0.{'1' * 60},0,1000]"


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^a set is no JSON value$"):
        canonical({"a": {1}})
