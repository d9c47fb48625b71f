"""The record in memory: chained only when somebody asks, and then as if it had been chained all along."""

from datetime import UTC, datetime

import pytest

from casino.values import Document
from tools.adapters.memory_log import MemoryLog
from tools.audit.chain import FIRST, digest, read_line
from tools.audit.sealing import unseal
from tools.record import ERASED, Kind

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def said(log: MemoryLog, text: str, *, ticket: str = "t1", once: str | None = None) -> None:
    log.append(ticket, Kind.PLAYER_MESSAGE, {"text": text}, at=NOON, once=once)


def test_the_chain_runs_over_all_entries_however_often_it_is_asked_for() -> None:
    log = MemoryLog()
    said(log, "one", once="m1")
    said(log, "two", ticket="t2")
    before = [*log.links()]
    said(log, "three")
    links = log.links()
    lines = [read_line(one.line) for one in links]
    assert [*links[:2]] == before
    assert [one.hash for one in links] == [digest(one.line) for one in links]
    assert [one.previous for one in lines] == [FIRST, links[0].hash, links[1].hash]
    assert [(one.id, one.ticket, one.seq, one.once) for one in lines] == [
        (1, "t1", 1, "m1"),
        (2, "t2", 1, None),
        (3, "t1", 2, None),
    ]


def test_a_body_is_sealed_under_the_key_of_its_ticket() -> None:
    log = MemoryLog()
    said(log, "hello")
    key = log.keys["t1"]
    assert key is not None
    sealed = read_line(log.links()[0].line).body
    assert unseal(key, sealed, ticket="t1", seq=1, kind="player_message") == '{"text": "hello"}'


def test_what_nobody_has_chained_is_sealed_before_its_key_is_dropped() -> None:
    log = MemoryLog()
    said(log, "my name is Anna")
    assert log.forget("t1")
    log.note("t1", Kind.ERASED, {"by": "ben"}, at=NOON)
    bodies = [read_line(one.line).body for one in log.links()]
    assert bodies[0].startswith("v1:")
    assert bodies[1:] == ['{"by": "ben"}']
    assert [entry.body for entry in log.entries] == [ERASED, {"by": "ben"}]


@pytest.mark.parametrize("body", [{"text": "half \ud83d"}, {"odds": 1.5}], ids=["surrogate", "float"])
def test_what_cannot_be_chained_is_not_taken(body: Document) -> None:
    log = MemoryLog()
    with pytest.raises((ValueError, TypeError)):
        log.append("t1", Kind.FAILURE, body, at=NOON, once=None)
    said(log, "hello")
    assert [(entry.seq, entry.kind) for entry in log.entries] == [(1, Kind.PLAYER_MESSAGE)]


def test_a_time_without_its_zone_is_not_taken() -> None:
    log = MemoryLog()
    with pytest.raises(ValueError, match="offset"):
        log.append("t1", Kind.FAILURE, {}, at=NOON.replace(tzinfo=None), once=None)
    assert log.entries == []
