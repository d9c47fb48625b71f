"""What has an alias must stand nowhere once the aliases are in place, however it is written."""

import time
from datetime import date, timedelta
from typing import Any

import pytest

from evals.importing.found import Kind
from evals.importing.known import looks_for, originals, spellings
from evals.importing.leftovers import Leftover

KNOWN: dict[Kind, dict[str, str]] = {
    **{kind: {} for kind in Kind},
    Kind.NAME: {"j\u00fcrgen": "NameA", "keller": "NameB", "ann": "NameC"},
    Kind.PLAYER: {"P1001": "pid-a", "77": "pid-b"},
    Kind.EMAIL: {"jk82@gmx.de": "person-a@redacted.example"},
    Kind.PHONE: {"+491715550123": "+12025550100"},
    Kind.BIRTH: {"1990-04-12": "1990-05-23"},
}


@pytest.mark.parametrize(
    ("ticket", "found"),
    [
        ({"says": ["xKellerx", "Juergens"]}, [Leftover(Kind.NAME, "/says/0"), Leftover(Kind.NAME, "/says/1")]),
        ({"says": ["P1001x"]}, []),
        ({"says": ["p1001"]}, [Leftover(Kind.PLAYER, "/says/0")]),
        ({"Keller": 1}, [Leftover(Kind.NAME, "")]),
        ({"says": ["j k 8 2 @ g m x . d e"]}, [Leftover(Kind.EMAIL, "/says/0")]),
        ({"phone": 1715550123}, [Leftover(Kind.PHONE, "/phone")]),
        ({"born": 120490}, [Leftover(Kind.BIRTH, "/born")]),
        ({"says": ["annual plan of 77 EUR, NameA at person-a@redacted.example, born 1990-05-23"], "ann": 1}, []),
    ],
)
def test_an_original_is_told_with_its_place(ticket: dict[str, Any], found: list[Leftover]) -> None:
    assert [*originals(ticket, KNOWN)] == found


def test_a_text_is_looked_at_once_however_many_people_there_are() -> None:
    many = {f"person{number}@gmx.de": f"person-{number}@redacted.example" for number in range(1000)}
    ticket: dict[str, Any] = {"says": ["Where is my bonus? " * 400] * 40}
    begun = time.process_time()
    assert [*originals(ticket, {**KNOWN, Kind.EMAIL: many})] == []
    assert time.process_time() - begun < 5  # seconds: a tenth of that is needed, and a minute if each looked anew


def test_a_number_is_looked_up_however_many_dates_of_birth_there_are() -> None:
    births = [date(1950, 1, 1) + timedelta(days=17 * number) for number in range(1000)]
    known = {**{kind: {} for kind in Kind}, Kind.BIRTH: {f"{one}": f"{one}" for one in births}}
    (look,) = looks_for(known, frozenset())
    begun = time.process_time()
    for number in range(60):
        assert [*look(f"order 7{number:02}00000 " * 100)] == []
    assert time.process_time() - begun < 5  # seconds: a tenth of that is needed, and half a minute if each is tried
    text = "born 01011950 or 19500101, on 2 January 1950 or 1/1/1950"
    assert [(one.kind, text[one.start : one.end], one.value) for one in look(text)] == [
        (Kind.BIRTH, "1/1/1950", "1950-01-01"),
        (Kind.BIRTH, "01011950", "1950-01-01"),
        (Kind.BIRTH, "19500101", "1950-01-01"),
    ]


def test_a_name_has_the_spellings_of_its_languages() -> None:
    assert spellings(["j\u00fcrgen", "bj\u00f8rn"]) == {
        "jurgen": "j\u00fcrgen",
        "juergen": "j\u00fcrgen",
        "bjorn": "bj\u00f8rn",
        "bjoern": "bj\u00f8rn",
    }
    assert spellings(["juergen"]) == {"juergen": "juergen", "jurgen": "juergen"}
