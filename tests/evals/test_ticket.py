"""Ticket files: what can be read, and every way in which one cannot."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from evals.ticket import Expected, Read, Ticket, TicketError, read_ticket, read_tickets

WHOLE: dict[str, object] = {
    "schema": "ticket/1",
    "id": "own",
    "title": "Our own",
    "brand": "red",
    "clock": "2026-11-20T13:00:00+01:00",
    "procedure": "bonus-request",
    "session": "P1",
    "says": ["Hello", ""],
    "world": {"players": [{"id": "P1", "ngr": 0.1}]},
    "expect": {"outcome": "issued", "effects": ["issue_bonus: done"], "granted": [], "never_said": ["sorry"]},
}


def _write(path: Path, **changed: object) -> Path:
    """Write the whole ticket with some fields changed; None leaves one out."""
    kept = {key: value for key, value in {**WHOLE, **changed}.items() if value is not None}
    path.write_text(json.dumps(kept), "utf-8")
    return path


def _refused(path: Path) -> str:
    with pytest.raises(TicketError) as caught:
        read_tickets(path)
    return str(caught.value)


def test_a_whole_ticket_is_read_with_exact_numbers(tmp_path: Path) -> None:
    path = _write(tmp_path / "own.json")
    ticket = Ticket(
        schema="ticket/1",
        id="own",
        title="Our own",
        brand="red",
        clock=datetime(2026, 11, 20, 12, tzinfo=UTC).isoformat(),  # pyright: ignore[reportArgumentType]  # as in a file
        procedure="bonus-request",
        session="P1",
        says=("Hello", ""),
        world={"players": [{"id": "P1", "ngr": Decimal("0.1")}]},
        expect=Expected(outcome="issued", effects=("issue_bonus: done",), granted=(), never_said=("sorry",)),
    )
    assert read_ticket(path) == Read(ticket, str(path), {"players": [{"id": "P1", "ngr": Decimal("0.1")}]})


def test_what_may_be_left_out_has_a_default(tmp_path: Path) -> None:
    left_out = dict.fromkeys(("clock", "procedure", "session", "world", "expect"))
    read = read_ticket(_write(tmp_path / "own.json", **left_out))
    ticket = read.ticket
    assert (ticket.clock, ticket.procedure, ticket.session, read.world, ticket.expect) == (
        *(datetime(2026, 11, 20, 12, tzinfo=UTC), None, None, {}, None),
    )


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"schema": "ticket/2"}, "schema: Input should be 'ticket/1'"),
        ({"id": "Own ticket"}, "id: String should match pattern '^[a-z0-9][a-z0-9-]*$'"),
        ({"title": ""}, "title: String should have at least 1 character"),
        ({"brand": None}, "brand: this field is missing; add it"),
        ({"says": []}, "says: Tuple should have at least 1 item after validation, not 0"),
        ({"says": "Hello"}, "says: Input should be a valid tuple"),
        ({"says": ["Hello", 1]}, "says.1: Input should be a valid string"),
        ({"clock": "2026-11-20T12:00:00"}, "clock: the time has no zone; write one such as 2026-11-20T12:00:00Z"),
        ({"clock": "noon"}, "clock: write a time with its zone, such as 2026-11-20T12:00:00Z"),
        ({"clock": 1795176000}, "clock: write a time with its zone, such as 2026-11-20T12:00:00Z"),
        ({"world": []}, "world: Input should be a valid dictionary"),
        ({"expect": {"outcome": "issued"}}, "expect.effects: this field is missing; add it"),
        (
            {"expect": {"outcome": "x", "effects": [], "sad": []}},
            'expect.sad: there is no such field. Did you mean "said"?',
        ),
        (
            {"expect": {"outcome": "x", "effects": [], "said": [""]}},
            "expect.said.0: String should have at least 1 character",
        ),
        ({"sessoin": "P1"}, 'sessoin: there is no such field. Did you mean "session"?'),
    ],
)
def test_a_wrong_field_is_refused_with_its_name(tmp_path: Path, changed: dict[str, object], why: str) -> None:
    path = _write(tmp_path / "own.json", **changed)
    assert _refused(path) == f"{path}: {why}"


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = _write(tmp_path / "own.json", brand=None, sayz=[])
    assert _refused(path) == (
        f'{path}: brand: this field is missing; add it\n{path}: sayz: there is no such field. Did you mean "says"?'
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"id": "own"', ":1:13: this is not JSON: expecting ',' delimiter. Mend the text at this place."),
        (b'{"id": NaN}', ": NaN is not a finite number. Write every value once, exactly and in full."),
        (
            b'{"id": 1, "id": 2}',
            ': the key "id" stands twice in one object. Write every value once, exactly and in full.',
        ),
        (b"\n\xfe", ": not UTF-8 text (byte 1); save the ticket as UTF-8"),
        (b"7", ":1:1: a ticket is a JSON object with `schema`, `id`, `title`, `brand` and `says`"),
    ],
)
def test_what_is_no_ticket_is_refused_with_its_place(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(content)
    assert _refused(path) == f"{path}{why}"


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name, id_ in (("b.json", "second"), ("below/a.json", "third"), ("a.json", "first")):
        _write(tmp_path / name, id=id_)
    (tmp_path / "notes.txt").write_text("not a ticket")
    assert [read.ticket.id for read in read_tickets(tmp_path)] == ["first", "second", "third"]


def test_two_tickets_of_one_id_are_refused(tmp_path: Path) -> None:
    first, second = _write(tmp_path / "1.json"), _write(tmp_path / "2.json")
    assert _refused(tmp_path) == f"{second}: the id `own` is taken by {first}; give it another"


def test_a_folder_without_tickets_and_a_path_that_is_not_there_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        assert _refused(path) == f"{path}: there is no ticket here; give a ticket file or a folder of them"
    with pytest.raises(TicketError, match="cannot be read \\(No such file or directory\\); check the path"):
        read_ticket(tmp_path / "none")
