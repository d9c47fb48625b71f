"""What has an alias must stand nowhere once the aliases are in place, however it is written."""

from typing import Any

import pytest

from evals.importing.known import originals, spellings
from evals.importing.leftovers import Leftover
from evals.importing.personal import Kind

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


def test_a_name_has_the_spellings_of_its_languages() -> None:
    assert spellings(["j\u00fcrgen", "bj\u00f8rn"]) == {
        "jurgen": "j\u00fcrgen",
        "juergen": "j\u00fcrgen",
        "bjorn": "bj\u00f8rn",
        "bjoern": "bj\u00f8rn",
    }
    assert spellings(["juergen"]) == {"juergen": "juergen", "jurgen": "juergen"}
