"""Aliases are the same for the same person everywhere, nobody's, and stay as they are the second time."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casino.clock import age_years, earliest_day
from evals.importing.leftovers import leftovers
from evals.importing.redact import Aliases, Seen, learned, redacted
from tools.spoken import Kind, contains, dates, emails, phones

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUSE_WORDS = frozenset({"bonus", "will", "not"})


def _aliases(*documents: dict[str, Any], names: tuple[str, ...] = (), first: datetime = NOW) -> Aliases:
    return learned([Seen(one, first, NOW) for one in documents], names=names, vocabulary=HOUSE_WORDS)


def _redacted(document: dict[str, Any], **known: Any) -> Any:  # noqa: ANN401  # JSON
    return redacted(document, _aliases(document, **known))


def test_a_person_is_the_same_in_text_arguments_and_world() -> None:
    document = {
        "text": "I am Anna Keller (ANNA.KELLER@gmail.com), born on 12 April 1990, call 0171 5550123.",
        "arguments": {"email": "anna.keller@gmail.com", "date_of_birth": "1990-04-12", "phone": "+49 171 5550123"},
        "player_id": "P1001",
        "key": "grant:red:P1001:2026-11-22",
        "country": "DE",
        "firstName": "Anna",
    }
    found = _redacted(document)
    birth = found["arguments"]["date_of_birth"]
    assert found == {
        "text": f"I am NameA NameB (person-a@redacted.example), born on {birth}, call +12025550100.",
        "arguments": {"email": "person-a@redacted.example", "date_of_birth": birth, "phone": "+12025550100"},
        "player_id": "pid-a",
        "key": "grant:red:pid-a:2026-11-22",
        "country": "DE",
        "firstName": "NameA",
    }
    assert _aliases(document).counts() == {"email": 1, "date_of_birth": 1, "phone": 1, "player": 1, "name": 2}


def test_an_address_with_a_tag_is_another_address_of_the_same_person() -> None:
    found = _redacted({"says": ["a.b@gmail.com", "A.B+casino@gmail.com", "c.d+casino@gmail.com", "a.b+x@gmail.com"]})
    assert found["says"] == [
        "person-a@redacted.example",
        "person-a+b@redacted.example",
        "person-b+b@redacted.example",
        "person-a+c@redacted.example",
    ]


def test_account_and_card_numbers_are_taken_out_in_any_spelling() -> None:
    found = _redacted({"says": ["DE89 3704 0044 0532 0130 00 or 4111-1111-1111-1111", "de89370400440532013000"]})
    assert found["says"] == ["[iban a] or [card a]", "[iban a]"]


def test_a_name_is_known_by_what_people_say_and_by_who_tells_it() -> None:
    text = "Hello, mein Name ist Jürgen Groß und ich will einen Bonus. Herr Maier kennt mich."
    assert _redacted({"text": text}, names=("Maier",))["text"] == (
        "Hello, mein Name ist NameA NameB und ich will einen Bonus. Herr NameC kennt mich."
    )


def test_a_word_of_the_house_is_a_name_with_a_capital_only() -> None:
    document = {"firstName": "Will", "text": "My name is not important, I will wait. Will", "email": "bonus.will@x.de"}
    assert _redacted(document)["text"] == "My name is not important, I will wait. NameA"


def test_a_name_is_replaced_as_a_whole_word_only() -> None:
    assert _redacted({"firstName": "Ann", "text": "Ann's annual plan; ANN"})["text"] == "NameA's annual plan; NameA"


def test_a_short_number_that_is_a_players_id_is_no_amount() -> None:
    document = {"player_id": "500", "text": "Where are my 500 EUR?", "player": {"id": "500"}}
    found = _redacted(document)
    assert found == {"player_id": "pid-a", "text": "Where are my 500 EUR?", "player": {"id": "pid-a"}}


def test_two_of_one_age_have_dates_of_their_own_near_each_other() -> None:
    found = _redacted({"text": "12 April 1990? No: 13.04.1990. My last deposit was on 3 May 2026."})["text"]
    one, two, deposit = (spoken.value for spoken in dates(found))
    assert (abs(one - two), deposit) == (timedelta(days=1), date(2026, 5, 3))
    assert {age_years(day, earliest_day(NOW)) for day in (one, two)} == {36}


def test_a_date_of_birth_keeps_its_age_on_every_ticket() -> None:
    document: dict[str, Any] = {"date_of_birth": "1990-11-20"}
    before = datetime(2026, 11, 19, 12, tzinfo=UTC)
    alias = date.fromisoformat(_redacted(document, first=before)["date_of_birth"])
    assert [age_years(alias, earliest_day(at)) for at in (before, NOW)] == [35, 36]
    leap = date.fromisoformat(_redacted({"date_of_birth": "2004-02-29"})["date_of_birth"])
    assert age_years(leap, earliest_day(NOW)) == 22


def test_hashes_times_and_ids_of_ours_stay() -> None:
    document: dict[str, Any] = {
        "at": "2026-11-22T15:50:57.868129+00:00",
        "sha256": "3265de8ecdff5d825da8c36b55798e543027a44eb16d77cfe87a793862108046",
        "decision_id": "D-dd5779463dfdeaf2",
        "handoffId": "H-0171555012",
        "amount": "1840.50",
        "many": [1, None, True],
    }
    assert _redacted(document) == document


def test_more_phone_numbers_than_there_are_aliases_are_refused() -> None:
    numbers = [f"+49 171 {5_000_000 + number}" for number in range(1001)]
    with pytest.raises(ValueError, match="more than 1,000 phone numbers"):
        _redacted({"says": numbers})


def test_who_is_known_is_known_in_every_spelling() -> None:
    document: dict[str, Any] = {
        "firstName": "Jürgen",
        "lastName": "Keller",
        "player_id": "P1001",
        "date_of_birth": "1990-04-12",
        "says": ["Ju\u0308rgen JUERGEN Jurgen", "Kellers Konto, Keller_x", "p1001 user_P1001 #P1001", "born 12041990"],
        "map": {"P1001": 1, "Keller, J\u00fcrgen": 2, "anna@x.de": 3},
    }
    found = _redacted(document)
    assert found["says"] == [
        "NameA NameA NameA",
        "NameBs Konto, NameB_x",
        "pid-a user_pid-a #pid-a",
        f"born {found['date_of_birth']}",
    ]
    assert found["map"] == {"pid-a": 1, "NameB, NameA": 2, "person-a@redacted.example": 3}


def test_who_writes_without_capitals_has_a_name_too() -> None:
    assert _redacted({"text": "my name is anna keller and I wait"})["text"] == "my name is NameA NameB and I wait"
    assert _redacted({"text": "my name's Anna, hello"})["text"] == "my name's NameA, hello"


def test_a_number_in_json_is_somebodys_as_its_text_is() -> None:
    assert _redacted({"card": 4111111111111111, "amount": 500}) == {"card": "[card a]", "amount": 500}


def test_addresses_of_the_house_stay() -> None:
    document = {"text": "support@lucky-spin.io, anna@gmail.com"}
    aliases = learned([Seen(document, NOW, NOW)], ours=("lucky-spin.io",))
    assert redacted(document, aliases)["text"] == "support@lucky-spin.io, person-a@redacted.example"


_NAMES = st.sampled_from(["anna", "jürgen", "o'brien", "keller", "zoé", "li"])
_EMAILS = st.tuples(
    _NAMES, _NAMES, st.sampled_from(["", "+a", "+casino"]), st.sampled_from(["gmail.com", "web.de", "Mail.Example.org"])
).map(lambda parts: f"{parts[0]}.{parts[1]}{parts[2]}@{parts[3]}")
_BIRTHS = st.dates(date(1930, 1, 1), date(2011, 12, 31)).map(date.isoformat)
_PHONES = st.integers(1_000_000, 9_999_999).map(lambda number: f"+49 171 {number}")
_WORDS = st.lists(
    st.one_of(_EMAILS, _BIRTHS, _PHONES, _NAMES, st.sampled_from(["hello", "12.50", "DE89370400440532013000", "and"])),
    max_size=8,
).map(" ".join)
_DOCUMENTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "text": _WORDS,
        "says": st.lists(_WORDS, max_size=3),
        "arguments": st.fixed_dictionaries({"email": _EMAILS, "date_of_birth": _BIRTHS, "phone": _PHONES}),
        "firstName": _NAMES,
        "player_id": st.sampled_from(["P1", "P1001", "77", "1000001"]),
        "country": st.sampled_from(["DE", "FI"]),
    }
)


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS, _DOCUMENTS)
def test_the_second_time_nothing_changes_and_nothing_is_left(one: dict[str, Any], two: dict[str, Any]) -> None:
    aliases = _aliases(one, two)
    first = [redacted(document, aliases) for document in (one, two)]
    again = _aliases(*first)
    assert [redacted(document, again) for document in first] == first
    assert again.counts() == {}
    assert [left for document in first for left in leftovers(document)] == []


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS)
def test_what_matched_before_matches_afterwards_and_nothing_more(document: dict[str, Any]) -> None:
    after = _redacted(document)
    text = " ".join([document["text"], *document["says"]])
    rewritten = " ".join([after["text"], *after["says"]])
    kinds: tuple[tuple[Kind, str], ...] = (("email", "email"), ("date", "date_of_birth"), ("phone", "phone"))
    for kind, key in kinds:
        said, says = document["arguments"][key], after["arguments"][key]
        assert said != says or kind == "date"  # a date of birth may be its own alias: it says no more than the age
        if contains(kind, said, [text], "DE"):
            assert contains(kind, says, [rewritten], "DE")
    assert len(emails(rewritten)) == len(emails(text))
    # More than a desk reads is somebody's: it misses a number before an amount, and its alias it does not.
    assert len(phones(rewritten, region="DE")) >= len(phones(text, region="DE"))
    assert re.search(r"keller|gmail|web\.de", rewritten + str(after["arguments"])) is None or "keller" in text
