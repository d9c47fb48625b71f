"""Text: what must and must not be said, the language, and that the player was told the truth."""

from dataclasses import replace

import pytest

from tests.evals.grading.played import Played, edited, with_body

PROMISE = "it says that something was or will be done, but no result says so. Say only what the results say."


def test_what_must_and_must_not_be_said_is_looked_for(issued: Played) -> None:
    assert issued.wrong(said=("VIP_50",), never_said=("VIP_100",)) == {}
    assert issued.wrong(said=("VIP_100",), never_said=("VIP_50",)) == {
        "text": ("said: no reply contains 'VIP_100'", "never_said: a reply contains 'VIP_50'")
    }


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (
            "Good news: the VIP_100 bonus is on your account now.",
            "these values stand in no result of this ticket: VIP_100. Use only values from results.",
        ),
        (
            "I am sorry, no bonus was added.",
            "it says that nothing was given, but a result says that it is done. Say what the results say.",
        ),
        (
            "I have forwarded this to a colleague.",
            "it says that something was passed on, but no result says so. Say only what the results say.",
        ),
    ],
)
def test_a_reply_that_no_result_bears_out_is_wrong(issued: Played, said: str, why: str) -> None:
    assert issued.wrong(with_body(issued.seen, "agent_message", text=said)) == {"text": (f"untrue: {said!r}: {why}",)}


def test_a_promise_counts_by_what_was_done_before_it(issued: Played) -> None:
    first, *others = (entry for entry in issued.seen.whole.entries if entry.kind == "agent_message")
    newest = others[-1].body["text"]
    early = {**first.body, "text": newest}
    entries = [
        entry
        if entry is not first
        else type(first)(ticket_id=first.ticket_id, seq=first.seq, kind=first.kind, at=first.at, body=early)
        for entry in issued.seen.whole.entries
    ]
    (line,) = issued.wrong(edited(issued.seen, entries=entries))["text"]
    assert "these values stand in no result of this ticket: VIP_50" in line
    promised = with_body(edited(issued.seen, entries=entries[:5]), "agent_message", text="I have added your bonus.")
    assert issued.wrong(promised)["text"] == (f"untrue: 'I have added your bonus.': {PROMISE}",)


def test_a_long_reply_is_quoted_short(issued: Played) -> None:
    long = "I have added your bonus. " * 5
    none = edited(issued.seen, entries=[one for one in issued.seen.whole.entries if one.kind != "tool_result"])
    (line,) = (one for one in issued.wrong(with_body(none, "agent_message", text=long))["text"] if PROMISE in one)
    assert line == f"untrue: {long[:80] + '…'!r}: {PROMISE}"


def test_the_language_of_every_reply_is_looked_at(issued: Played) -> None:
    assert issued.wrong(language="en") == {}
    lines = issued.wrong(language="de")["text"]
    assert [line.split(":")[:2] for line in lines] == [["language", " expected 'de', en is written"]] * 2


def test_replies_that_tell_no_language_prove_nothing(issued: Played) -> None:
    mute = replace(issued.seen, end=replace(issued.seen.end, replies=("VIP_50!",)))
    assert issued.wrong(mute, language="en") == {"text": ("language: expected 'en', and no reply tells its language",)}
