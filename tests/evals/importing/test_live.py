"""Exports of live tickets: every form that is written can be read, and what is none is refused with its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.importing.live import LiveError, read_live

HELLO: dict[str, Any] = {
    "ticket": "T1",
    "entries": [
        {
            "seq": 1,
            "kind": "player_message",
            "at": "2026-11-22T12:00:00+00:00",
            "body": {"text": "Hi", "message_id": "m1", "brand": "red"},
        }
    ],
}


def _file(folder: Path, content: object, name: str = "export.json") -> Path:
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def _refused(file: Path) -> str:
    with pytest.raises(LiveError) as caught:
        read_live(file)
    return str(caught.value)


def test_a_ticket_a_list_evidence_and_lines_are_read(tmp_path: Path) -> None:
    other = {**HELLO, "ticket": "T2"}
    one = read_live(_file(tmp_path, {"schema_version": 1, **HELLO}))
    assert [live.whole().ticket_id for live in one] == ["T1"]
    file = _file(tmp_path, [HELLO, other])
    assert [live.place for live in read_live(file)] == [f"{file}: /0", f"{file}: /1"]
    evidence = read_live(_file(tmp_path, {"schema": "evidence/1", "tickets": [HELLO]}))
    assert [live.place for live in evidence] == [f"{file}: /tickets/0"]
    lines = _file(tmp_path, f"{json.dumps(HELLO)}\n{json.dumps(other)}\n", "export.jsonl")
    assert [live.place for live in read_live(lines)] == [f"{lines}:1", f"{lines}:2"]


def test_evidence_has_messages_as_they_were_sent(tmp_path: Path) -> None:
    body = {**HELLO["entries"][0]["body"], "as_sent": "5f"}
    told = {**HELLO, "entries": [{**HELLO["entries"][0], "body": body}], "texts": {"5f": "Hi\u200b", "aa": "a prompt"}}
    (live,) = read_live(_file(tmp_path, {"tickets": [told]}))
    assert live.as_sent == {"5f": "Hi\u200b"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"schema": "ticket/1"}, "this is no live ticket; an object with `ticket` and `entries`"),
        ([7], ": /0: this is no live ticket"),
        ([], "there is no ticket in it"),
        ({"ticket": "T1", "entries": []}, "/entries: tuple should have at least 1 item"),
        ({"ticket": "T1", "entries": [{"seq": 1}]}, "/entries/0/kind: field required; export the ticket again"),
        ('{"ticket": "T1"}\n{"ticket": "T2"}', "Where it has one ticket on each line, name it \\*.jsonl"),
        ({**HELLO, "entries": [{**HELLO["entries"][0], "kind": "erased"}]}, "the ticket was erased"),
        ({**HELLO, "entries": [{**HELLO["entries"][0], "body": {"erased": True}}]}, "the ticket was erased"),
    ],
)
def test_what_is_no_live_ticket_is_refused(tmp_path: Path, content: object, why: str) -> None:
    file = _file(tmp_path, content)
    with pytest.raises(LiveError, match=why):
        read_live(file)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    assert _refused(tmp_path / "none.json").endswith("cannot be read (No such file or directory); check the path")
    (tmp_path / "odd.json").write_bytes(b"\xff")
    assert _refused(tmp_path / "odd.json").endswith("odd.json: not UTF-8 text (byte 0); save it as UTF-8")
