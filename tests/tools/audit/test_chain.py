"""The chain: one form for a line, and its hash is what sha256sum says."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.audit.chain import LARGEST, Line, NotALine, chained, digest, read_line
from tools.record import Link

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def first(body: str = "{}") -> Link:
    return chained(
        id=1, ticket="t1", seq=1, kind="turn", at="2026-11-20T12:00:00+00:00", body=body, once=None, previous=""
    )


def test_a_line_is_the_one_form_of_its_eight_values_and_names_the_hash_before_it() -> None:
    line = (
        '{"at":"2026-11-20T12:00:00+00:00","body":"{}","id":1,"kind":"turn","once":null,'
        '"previous":"","seq":1,"ticket":"t1"}'
    )
    assert first() == Link(id=1, line=line, hash=hashlib.sha256(line.encode()).hexdigest())


@given(ticket=TEXT, kind=TEXT, at=TEXT, body=TEXT, once=st.none() | TEXT, number=st.integers(1, LARGEST))
def test_what_a_line_says_is_read_back(
    ticket: str, kind: str, at: str, body: str, once: str | None, number: int
) -> None:
    link = chained(id=number, ticket=ticket, seq=1, kind=kind, at=at, body=body, once=once, previous="")
    said = Line(at=at, body=body, id=number, kind=kind, once=once, previous="", seq=1, ticket=ticket)
    assert (read_line(link.line), digest(link.line)) == (said, link.hash)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        first().line + " ",
        " " + first().line,
        first().line.replace(":1,", ":1.0,", 1),
        first().line.replace('"id":1,', ""),
        first().line.replace('"id":1,', '"id":1,"id":1,'),
        first().line.replace('"id":1', '"id":true'),
        first().line.replace('"id":1', '"id":"1"'),
        first().line.replace('"id":1', f'"id":{LARGEST + 1}'),
        first().line.replace('"id":1', '"id":' + "1" * 5000),
        first().line.replace('"id":1', '"id":NaN'),
        first().line.replace('"turn"', '"turn\\u0021"'),
        first().line.replace('"turn"', '"\\ud800"'),
        first().line.replace('"turn"', "null"),
        first().line[:-1] + ',"zone":"utc"}',
        json.dumps(json.loads(first().line)),
        '{"at":' + "[" * 100_000,
        "\udc80",
    ],
)
def test_whatever_is_not_that_form_is_no_line(line: str) -> None:
    with pytest.raises(NotALine):
        read_line(line)
    assert len(digest(line)) == 64


def test_half_a_letter_cannot_be_chained() -> None:
    with pytest.raises(ValueError, match="non-UTF-8"):
        first(body="\ud800")
