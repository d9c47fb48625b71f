"""What is still personal is found with its place, and what ships trips nothing."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.house import House
from casino.document import load_json
from evals.importing.found import Kind
from evals.importing.leftovers import Leftover, countries, leftovers
from evals.packs import each_written, ticket_files
from evals.record import record
from evals.ticket import read_ticket

TICKETS = Path(__file__).parents[3] / "evals" / "tickets"


def test_of_what_ships_only_the_phone_numbers_trip_it() -> None:
    """They are made up, but not all in a range that is kept for fiction: such a number may be somebody's."""
    found: set[tuple[Kind, str]] = set()
    for file in ticket_files(TICKETS):
        for place, written in each_written(file):
            ticket = load_json(written.decode(), name=place.shown).value
            assert isinstance(ticket, dict)
            found |= {(one.kind, re.sub(r"\d+", "0", one.pointer)) for one in leftovers(ticket)}
    assert found == {(Kind.PHONE, "/world/players/0/phone")}


@pytest.mark.parametrize(
    ("ticket", "found"),
    [
        ({"says": ["Hi", "I am anna@keller.de"]}, Leftover(Kind.EMAIL, "/says/1")),
        ({"says": ["I am anna\uff20keller.de"]}, Leftover(Kind.EMAIL, "/says/0")),
        ({"world": {"a/b~c": "DE89 3704 0044 0532 0130 00"}}, Leftover(Kind.IBAN, "/world/a~1b~0c")),
        ({"world": {"card": 4111111111111111}}, Leftover(Kind.CARD, "/world/card")),
        ({"world": {"anna@keller.de": 1}}, Leftover(Kind.EMAIL, "/world")),
        ({"says": ["+49 151 23456789"]}, Leftover(Kind.PHONE, "/says/0")),
        ({"says": ["0151 23456789"], "world": {}}, Leftover(Kind.PHONE, "/says/0")),
        ({"says": ["4915123456789"]}, Leftover(Kind.PHONE, "/says/0")),
        ({"phone": 4915123456789}, Leftover(Kind.PHONE, "/phone")),
        ({"phone": Decimal("4915123456789.0")}, Leftover(Kind.PHONE, "/phone")),
        ({"says": ["0151  2345  6789"], "country": "DE"}, Leftover(Kind.PHONE, "/says/0")),
        ({"says": ["411 111 1111 111 111"]}, Leftover(Kind.CARD, "/says/0")),
        ({"says": ["my DE89 : 3704 : 0044 : 0532 : 0130 : 00x"]}, Leftover(Kind.IBAN, "/says/0")),
        ({"says": ["anna at gmail dot com"]}, Leftover(Kind.EMAIL, "/says/0")),
        ({"says": ["anna(at)gmail.com"]}, Leftover(Kind.EMAIL, "/says/0")),
        ({"says": ["0151 23456789"], "world": {"country": "DE"}}, Leftover(Kind.PHONE, "/says/0")),
    ],
)
def test_what_is_left_is_told_with_its_place_and_not_its_value(ticket: dict[str, Any], found: Leftover) -> None:
    assert [*leftovers(ticket)] == [found]


@pytest.mark.parametrize(
    "text",
    ["anna@example.com", "a@mail.example.org", "a@x.test", "+1 202-555-0100", "+49 171 3920011", "+44 20 7946 0018"],
)
def test_what_is_kept_for_fiction_is_nobodys(text: str) -> None:
    assert [*leftovers({"says": [text]})] == []


async def test_the_words_of_the_house_in_a_recording_are_the_houses(house: House) -> None:
    read = read_ticket(TICKETS / "demo" / "1-issued.json")
    recording = (await record(read, house)).document()
    exchanges: Any = recording["exchanges"]
    texts: Any = recording["segments"]
    prompt, history = (exchanges[0]["segments"][name] for name in ("prompt/system", "history"))
    texts[prompt] += " Write to help@lucky-spin.io."
    assert [*leftovers({"recording": recording})] == []
    texts[history] += " Write to help@lucky-spin.io."
    assert [*leftovers({"recording": recording})] == [Leftover(Kind.EMAIL, f"/recording/segments/{history}")]


def test_countries_are_read_wherever_a_player_has_one() -> None:
    told: Any = {"players": [{"country": "de"}, {"values": {"player.country": "FI"}}, {"country": "Germany"}]}
    assert [*countries(told)] == ["DE", "FI"]
    assert [*countries({"country": "ZZ"})] == []


def test_the_number_of_a_hand_over_is_no_phone_number() -> None:
    number = "H-0171555012"
    recording: Any = {"tools": [{"data": {"handoffId": number}}], "segments": {"5f": f'{{"handoffId":"{number}"}}'}}
    assert [*leftovers({"recording": recording})] == []
    assert [*leftovers({"says": [number]})] == [Leftover(Kind.PHONE, "/says/0")]


def test_addresses_of_the_house_are_nobodys() -> None:
    assert [*leftovers({"says": ["support@lucky-spin.io"]}, ours=("lucky-spin.io",))] == []


@pytest.mark.parametrize(
    "text",
    [
        "0.50 0.20 0.10 and 1,840.50 2000.00",
        "2026-11-22 2026-11-23",
        "a" * 64,
        "4" * 64,
        "play at casino today",
        "7 @ 1.50",
    ],
)
def test_amounts_dates_and_hashes_are_not_refused(text: str) -> None:
    assert [*leftovers({"says": [text]})] == []
