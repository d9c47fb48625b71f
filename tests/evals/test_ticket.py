"""Ticket files: what can be read, and every way in which one cannot."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from casino.bonus.decide import Status
from evals.expect import DECISIONS, HANDOFFS, OUTCOMES, Expected
from evals.ticket import Read, Ticket, TicketError, read_ticket, read_tickets
from tools.catalog import CATALOG
from tools.transfer_to_live_agent import TransferArguments

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
FORM = "Write it so: there is no other form yet."
A_TIME = 'is written, a time with its zone is expected. Write one such as "2026-11-20T12:00:00Z".'


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
        (
            {"schema": "ticket/2"},
            'schema: "ticket/2" is of a newer Croupier; this one reads "ticket/1". Update Croupier.',
        ),
        ({"schema": "ticket/0"}, f'schema: "ticket/0" is written, "ticket/1" is expected. {FORM}'),
        (
            {"id": "Own ticket"},
            (
                'id: "Own ticket" is written, an id of small letters, digits and hyphens is expected. '
                'Write one such as "issued-2"; it begins with a letter or a digit.'
            ),
        ),
        ({"title": ""}, 'title: "" is written, text that is not empty is expected. Write it.'),
        ({"title": 5}, "title: 5 is written, text is expected. Put it in double quotes."),
        ({"title": ["x"]}, "title: a list is written, text is expected. Put it in double quotes."),
        ({"brand": None}, "brand: this field is missing; add it"),
        (
            {"says": []},
            "says: an empty list is written, a list with at least one item is expected. Add what the player says.",
        ),
        ({"says": "Hello"}, 'says: "Hello" is written, a list is expected. Put it in [ ].'),
        ({"says": "Hello" * 20}, "says: long text is written, a list is expected. Put it in [ ]."),
        ({"says": ["Hello", 1]}, "says.1: 1 is written, text is expected. Put it in double quotes."),
        ({"clock": "2026-11-20T12:00:00"}, f'clock: "2026-11-20T12:00:00" {A_TIME}'),
        ({"clock": "noon"}, f'clock: "noon" {A_TIME}'),
        ({"clock": 1795176000}, f"clock: 1795176000 {A_TIME}"),
        ({"world": []}, "world: an empty list is written, an object is expected. Put it in { }."),
        ({"expect": "issued"}, 'expect: "issued" is written, an object is expected. Put it in { }.'),
        ({"expect": {"outcome": "issued"}}, "expect.effects: this field is missing; add it"),
        (
            {"expect": {"outcome": "issued", "effects": [], "sad": []}},
            'expect.sad: there is no such field. Did you mean "said"?',
        ),
        (
            {"expect": {"outcome": "issued", "effects": [], "said": [""]}},
            'expect.said.0: "" is written, text that is not empty is expected. Write it.',
        ),
        (
            {"expect": {"outcome": "isued", "effects": []}},
            'expect.outcome: "isued" is no word that is known here. Did you mean "issued"?',
        ),
        (
            {"expect": {"outcome": "issued", "effects": [], "decision": "no"}},
            (
                'expect.decision: "no" is no word that is known here. '
                'Known are "not_qualified", "qualified", "unknown", "vetoed".'
            ),
        ),
        (
            {"expect": {"outcome": "escalated", "effects": [], "handoff": "player_requested"}},
            'expect.handoff: "player_requested" is no word that is known here. Did you mean "player_request"?',
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
        (b'{"id": NaN}', ":1:8: NaN is not a finite number. Write a number, or null where there is none."),
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


def test_all_bad_files_of_a_folder_are_said(tmp_path: Path) -> None:
    _write(tmp_path / "1.json", id="own")
    untitled = _write(tmp_path / "2.json", id="second", title=None)
    (tmp_path / "3.json").write_text("7")
    again = _write(tmp_path / "4.json", id="own")
    assert _refused(tmp_path).splitlines() == [
        f"{untitled}: title: this field is missing; add it",
        f"{tmp_path / '3.json'}:1:1: a ticket is a JSON object with `schema`, `id`, `title`, `brand` and `says`",
        f"{again}: the id `own` is taken by {tmp_path / '1.json'}; give it another",
    ]


def test_every_outcome_of_a_tool_and_every_reason_of_a_model_is_known() -> None:
    assert {tool.outcome for tool in CATALOG.values()} - {None} <= set(OUTCOMES)
    assert set(DECISIONS) == {*Status, ""}
    assert set(get_args(TransferArguments.model_fields["reason_code"].annotation)) < set(HANDOFFS)


def test_nothing_is_no_decision_and_no_hand_over(tmp_path: Path) -> None:
    expect: dict[str, object] = {"outcome": "abandoned", "effects": [], "decision": "", "handoff": ""}
    read = read_ticket(_write(tmp_path / "own.json", expect=expect))
    assert read.ticket.expect == Expected(outcome="abandoned", effects=(), decision="", handoff="")


def test_a_folder_without_tickets_and_a_path_that_is_not_there_are_refused(tmp_path: Path) -> None:
    assert _refused(tmp_path) == f"{tmp_path}: there is no ticket here; give a ticket file or a folder of them"
    none = tmp_path / "none"
    assert _refused(none) == f"{none}: there is no such file or folder; check the path"
    with pytest.raises(TicketError, match="cannot be read \\(No such file or directory\\); check the path"):
        read_ticket(none)
