"""The section `recording` of a ticket: what it may say, and that it is read back as it was written."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casino.document import canonical_json, dump_json, load_json
from casino.values import Value
from evals.recording import (
    Exchange,
    Final,
    RecordedCall,
    Recording,
    Redaction,
    Response,
    Source,
    ToolExchange,
    Versions,
)
from evals.segments import HISTORY, key_of, sha256_of

NOTE = "Now: answer."
HELLO = canonical_json({"before": None, "turn": {"role": "player", "text": "Hello"}})
AGAIN = canonical_json({"before": sha256_of(HELLO), "turn": {"role": "player", "text": "Hello?"}})
TEXTS = {sha256_of(text): text for text in (NOTE, HELLO, AGAIN)}
NAMED = {"note": sha256_of(NOTE), HISTORY: sha256_of(AGAIN)}
THINK = {"n": 1, "turn": 2, "node": "think", "segments": NAMED, "key": key_of("think", NAMED)}
CHOICE = {"n": 2, "turn": 2, "node": "choose", "segments": NAMED, "key": key_of("choose", NAMED)}
WHOLE: dict[str, Any] = {
    "versions": {"croupier": "1.0", "model": "small"},
    "segments": TEXTS,
    "exchanges": [{**THINK, "down": "the model was down"}, {**CHOICE, "chosen": "own"}],
    "final": {"end": {"outcome": "issued"}},
}
TEXT = st.text(max_size=5).map(lambda text: normalize("NFC", text))
PLAIN = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | TEXT | st.decimals("-9", "9", places=3)
OBJECTS = st.dictionaries(TEXT, PLAIN | st.lists(PLAIN, max_size=2), max_size=3)
_NOTHING: dict[str, object] = {}
WORDS = TEXT.filter(bool)


def read(text: str) -> Recording:
    return Recording.model_validate(load_json(text, name="recording").value)


def test_a_recording_is_read_back_as_it_was_written() -> None:
    recording = Recording.model_validate(WHOLE)
    assert read(dump_json(recording.document())) == recording
    assert recording.document() == WHOLE


@given(
    calls=st.lists(
        st.builds(RecordedCall, name=WORDS, arguments=OBJECTS, confidence=st.none() | st.decimals("0", "1", places=2)),
        max_size=3,
    ).map(tuple),
    parameters=OBJECTS,
    text=st.none() | TEXT,
    data=OBJECTS,
)
def test_every_recording_is_read_back_as_it_was_written(
    calls: tuple[RecordedCall, ...], parameters: dict[str, Value], text: str | None, data: dict[str, Value]
) -> None:
    response = Response(model="small", calls=calls, text=text, tokens_in=3, attempts=("429",), parameters=parameters)
    tool = ToolExchange(
        n=1, exchange=1, name="x", arguments=data, status="ok", data=data, at="2026-11-20T12:00:00+01:00"
    )
    recording = Recording(
        versions=Versions(croupier="1", procedure="own@00", model="small"),
        segments=TEXTS,
        exchanges=(Exchange.model_validate({**THINK, "response": response}), Exchange.model_validate(CHOICE)),
        tools=(tool,),
        final=Final(end=data, effects=(data,), granted=("P1",), replies=("Hello",)),
    )
    again = read(dump_json(recording.document()))
    assert again == recording
    assert dump_json(again.document()) == dump_json(recording.document())


def test_numbers_stay_exact() -> None:
    final = {"end": {"amount": Decimal("0.1"), "count": 25}}
    recording = Recording.model_validate({**WHOLE, "final": final})
    assert '{"amount": 0.1, "count": 25}' in dump_json(recording.document())


def _float(whole: dict[str, Any]) -> None:
    whole["final"] = {"end": {"amounts": [{"one": 0.1}]}}


def _text(whole: dict[str, Any]) -> None:
    whole["segments"] = {**TEXTS, sha256_of(NOTE): "Now: go."}


def _missing(whole: dict[str, Any]) -> None:
    whole["segments"] = {sha256_of(HELLO): HELLO, sha256_of(AGAIN): AGAIN}


def _broken_history(whole: dict[str, Any]) -> None:
    whole["segments"] = {sha256_of(NOTE): NOTE, sha256_of(AGAIN): AGAIN}


def _key(whole: dict[str, Any]) -> None:
    whole["exchanges"] = [{**THINK, "key": "0" * 64, "down": "down"}]


def _order(whole: dict[str, Any]) -> None:
    whole["exchanges"] = [{**CHOICE, "n": 2}, {**THINK, "n": 1, "down": "down"}]


def _two_answers(whole: dict[str, Any]) -> None:
    whole["exchanges"] = [{**THINK, "down": "down", "response": {"model": "small"}}]


def _no_answer(whole: dict[str, Any]) -> None:
    whole["exchanges"] = [THINK]


def _choice_that_thinks(whole: dict[str, Any]) -> None:
    whole["exchanges"] = [{**CHOICE, "response": {"model": "small"}}]


def _unsure(confidence: object) -> Callable[[dict[str, Any]], None]:
    def change(whole: dict[str, Any]) -> None:
        calls: list[dict[str, object]] = [{"name": "x", "arguments": _NOTHING, "confidence": confidence}]
        whole["exchanges"] = [{**THINK, "response": {"model": "small", "calls": calls}}]

    return change


def _clock(at: str) -> Callable[[dict[str, Any]], None]:
    def change(whole: dict[str, Any]) -> None:
        tool = {"n": 1, "exchange": 0, "name": "x", "arguments": _NOTHING, "status": "ok", "data": _NOTHING}
        whole["tools"] = [{**tool, "at": at}]

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_float, "an exact number"),
        (_text, "texts under their own sha256"),
        (_missing, "every text that an exchange names"),
        (_broken_history, "every text that an exchange names"),
        (_key, "the key of these segments"),
        (_order, "exchanges in the order of their numbers"),
        (_two_answers, "one of `response`, `chosen` and `down`, as its node has it"),
        (_no_answer, "one of `response`, `chosen` and `down`, as its node has it"),
        (_choice_that_thinks, "`chosen` or `down`: this node gives no `response`"),
        (_unsure("0.5"), "an exact number"),
        (_unsure(0.5), "an exact number"),
        (_unsure(2), "Input should be less than or equal to 1"),
        (_clock("2026-11-20T12:00:00"), "a time with its zone"),
        (_clock("yesterday"), "a time with its zone"),
    ],
)
def test_what_does_not_hang_together_is_refused(change: Callable[[dict[str, Any]], None], why: str) -> None:
    whole = {**WHOLE}
    change(whole)
    with pytest.raises(ValidationError) as caught:
        Recording.model_validate(whole)
    assert [one["msg"] for one in caught.value.errors()] == [why]


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Recording.model_validate({**WHOLE, "headers": {}})


def test_a_source_says_who_and_how_it_was_made_impersonal() -> None:
    source = {"kind": "production", "by": "small", "redaction": {"version": "1", "counts": {"email": 2}}}
    assert Source.model_validate(source) == Source(
        kind="production", by="small", redaction=Redaction(version="1", counts={"email": 2})
    )
