"""Packs: many tickets in a file, one a line, read as a stream and written whole."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casino.values import Value
from evals.packs import (
    PackError,
    PackWriter,
    Place,
    each_written,
    new_pack,
    place_from,
    ticket_files,
    write_ticket,
    written_at,
)
from evals.ticket import MOST_SHOWN, TicketError, each_ticket, read_at, read_ticket, read_tickets


def _ticket(name: str, **changed: Value) -> dict[str, Value]:
    return {"schema": "ticket/1", "id": name, "title": "Ours", "brand": "red", "says": ["Hello"], **changed}


def _pack(file: Path, *lines: object) -> Path:
    file.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines), "utf-8")
    return file


def _refused(path: Path) -> str:
    with pytest.raises(TicketError) as caught:
        read_tickets(path)
    return str(caught.value)


def test_the_tickets_of_a_pack_come_in_order_with_their_places(tmp_path: Path) -> None:
    pack = _pack(tmp_path / "own.jsonl", _ticket("a", title="Für alle"), "", _ticket("b"))
    found = read_tickets(pack)
    assert [(one.ticket.id, one.file) for one in found] == [("a", f"{pack}:1"), ("b", f"{pack}:3")]
    assert [read_at(one.file, offset=one.offset) for one in found] == found
    assert [read_ticket(Path(one.file)).ticket for one in found] == [one.ticket for one in found]


def test_a_pack_is_read_one_line_at_a_time(tmp_path: Path) -> None:
    pack = _pack(tmp_path / "own.jsonl", _ticket("a"), "no JSON at all")
    found = each_ticket(pack)
    assert isinstance(found, Iterator)
    assert next(found).ticket.id == "a"
    with pytest.raises(TicketError, match=r"own\.jsonl:2:1: this is not JSON"):
        next(found)


def test_files_and_packs_stand_beside_each_other_in_a_folder(tmp_path: Path) -> None:
    _pack(tmp_path / "b.jsonl", _ticket("second"), _ticket("third"))
    _pack(tmp_path / "a.json", _ticket("first"))
    (tmp_path / "notes.jsonl.txt").write_text("no pack")
    assert [one.ticket.id for one in read_tickets(tmp_path)] == ["first", "second", "third"]
    assert ticket_files(tmp_path) == [tmp_path / "a.json", tmp_path / "b.jsonl"]


def test_what_is_wrong_in_a_pack_is_said_with_its_lines(tmp_path: Path) -> None:
    pack = _pack(tmp_path / "own.jsonl", _ticket("a"), '{"id": "b"', _ticket("c", title=""), "7", _ticket("a"))
    object_ = "a ticket is a JSON object with `schema`, `id`, `title`, `brand` and `says`"
    assert _refused(pack).splitlines() == [
        f"{pack}:2:11: this is not JSON: expecting ',' delimiter. Mend the text at this place.",
        f'{pack}:3: title: "" is written, text that is not empty is expected. Write it.',
        f"{pack}:4:1: {object_}",
        f"{pack}:5: the id `a` is taken by {pack}:1; give it another",
    ]


def test_a_pack_that_is_wrong_on_every_line_does_not_fill_the_screen(tmp_path: Path) -> None:
    lines = _refused(_pack(tmp_path / "own.jsonl", *["7"] * (MOST_SHOWN + 3))).splitlines()
    assert (len(lines), lines[-1]) == (MOST_SHOWN + 1, "… and 3 more like these")


def test_a_pack_that_is_empty_or_is_meant_for_one_ticket_is_refused(tmp_path: Path) -> None:
    empty = _pack(tmp_path / "empty.jsonl", "", "")
    assert _refused(empty) == f"{empty}: there is no ticket here; a pack has one on each line"
    with pytest.raises(TicketError, match="one ticket is wanted, and this is a pack; name the line"):
        read_ticket(empty)
    assert _refused(Path(f"{empty}:2")) == (
        f"{empty}:2: there is no ticket on this line; look whether the pack has changed"
    )
    assert _refused(Path(f"{empty}:9")).startswith(f"{empty}:9: there is no ticket on this line")


def test_a_line_that_is_no_text_is_refused_with_its_place(tmp_path: Path) -> None:
    pack = tmp_path / "own.jsonl"
    pack.write_bytes(b"\xff\n")
    assert _refused(pack) == f"{pack}:1: not UTF-8 text (byte 0); save the ticket as UTF-8"


def test_a_file_whose_name_looks_like_a_place_is_that_file(tmp_path: Path) -> None:
    odd = tmp_path / "x.jsonl:7"
    assert place_from(str(odd)) == Place(tmp_path / "x.jsonl", 7)
    odd.write_text("{}")
    assert place_from(str(odd)) == Place(odd)
    assert [*each_written(odd)] == [(Place(odd), b"{}")]
    with pytest.raises(PackError, match=r"none\.json: cannot be read \(No such file or directory\); check the path"):
        written_at(Place(tmp_path / "none.json"))
    with pytest.raises(PackError, match=r"none\.jsonl: cannot be read"):
        written_at(Place(tmp_path / "none.jsonl", 1))


def test_a_pack_takes_its_name_once_it_is_whole(tmp_path: Path) -> None:
    pack = tmp_path / "below" / "own.jsonl"
    with new_pack(pack) as writer:
        assert (writer.add(_ticket("a")), writer.add(_ticket("b"))) == (f"{pack}:1", f"{pack}:2")
        assert not pack.exists()
    assert [one.ticket.id for one in read_tickets(pack)] == ["a", "b"]
    assert [*pack.parent.iterdir()] == [pack]


def test_a_pack_that_is_broken_off_keeps_the_old_one_and_what_it_has(tmp_path: Path) -> None:
    pack = _pack(tmp_path / "own.jsonl", _ticket("old"))
    with pytest.raises(TypeError, match="cannot be written exactly"), new_pack(pack) as writer:
        _add(writer, _ticket("new"), {"id": 0.5})
    assert [one.ticket.id for one in read_tickets(pack)] == ["old"]
    assert json.loads(writer.part.read_text("utf-8"))["id"] == "new"
    writer.part.unlink()
    with pytest.raises(TypeError, match="cannot be written exactly"), new_pack(pack) as writer:
        _add(writer, {"id": 0.5})
    assert [*tmp_path.iterdir()] == [pack]


def _add(writer: PackWriter, *tickets: Any) -> None:  # noqa: ANN401  # also what is no ticket
    for ticket in tickets:
        writer.add(ticket)


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PackError, match=r"cannot be written .*; name another place"):
        write_ticket(tmp_path / "file" / "own.json", {})
    with pytest.raises(PackError, match=r"cannot be written .*; name another place"), new_pack(tmp_path / "file" / "x"):
        pass
    write_ticket(tmp_path / "own.json", _ticket("a"))
    assert (tmp_path / "own.json").stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    before = os.umask(0)
    os.umask(before)
    return before
