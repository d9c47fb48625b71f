"""A whole store under audit: whatever is changed in any of its tables is found."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.tools.audit.logs import KEY, NOON
from tests.tools.audit.stores import PROMPT, fill, meddle, opened
from tools.adapters.sql.stores import SqlStores
from tools.audit.findings import Finding
from tools.audit.heads import Head
from tools.audit.store import audit, next_head
from tools.audit.verify import Verified
from tools.kept import Kept
from tools.record import Kind, Link


async def found(file: Path) -> list[str]:
    """Return what an audit finds, told without its hashes."""
    async with opened(file) as stores:
        audited = await audit(stores)
    assert audited.holds is not bool([*audited.log.findings, *audited.books])
    return [f"{one.place}: {one.message.partition(':')[0]}" for one in (*audited.log.findings, *audited.books)]


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    file = tmp_path / "croupier.sqlite"
    async with opened(file) as stores:
        await fill(stores)
    return file


async def test_a_store_as_it_was_written_holds(file: Path) -> None:
    async with opened(file) as stores:
        audited = await audit(stores)
        assert (audited.holds, audited.log.entries) == (True, {"t1": 7, "t2": 3})
        assert audited.log.last == await stores.last()


ELSEWHERE = "the log tells of it, and its row is gone"
UNREAD = ["ticket t1: what is kept cannot be read", "ledger: it cannot be read"]
MEDDLING = [
    (
        "UPDATE effects SET state = 'failed' WHERE key = 'issue:d1'",
        ['effect issue:d1: it is "failed" in its table, and "done" by the log'],
    ),
    (
        "UPDATE effects SET intent = replace(intent, '50', '500') WHERE key = 'issue:d1'",
        ['effect issue:d1: what its table says of "intent" is not what the log says'],
    ),
    (
        "UPDATE effects SET outcome = '{}' WHERE key = 'issue:d1'",
        ['effect issue:d1: what its table says of "outcome" is not what the log says'],
    ),
    (
        "UPDATE effects SET business_key = 'another' WHERE key = 'issue:d1'",
        ['effect issue:d1: what its table says of "business_key" is not what the log says'],
    ),
    ("DELETE FROM effects WHERE key = 'issue:d1'", [f"effect issue:d1: {ELSEWHERE}"]),
    (
        "UPDATE effects SET ticket_id = 't3' WHERE key = 'issue:d1'",
        [f"effect issue:d1: {ELSEWHERE}", "effect issue:d1: it is of a ticket that the log never saw"],
    ),
    (
        "UPDATE effects SET state = 'lost' WHERE key = 'issue:d1'",
        UNREAD,
    ),
    (
        'UPDATE decisions SET reward = \'{"type": "cash", "amount": 500}\'',
        ["decision d1: the log saw it minted, and its row is gone or was changed since"],
    ),
    (
        "UPDATE decisions SET player_id = 'p2'",
        ["decision d1: the log saw it minted, and its row is gone or was changed since"],
    ),
    ("DELETE FROM decisions", ["decision d1: the log saw it minted, and its row is gone or was changed since"]),
    (
        "UPDATE approvals SET state = 'denied'",
        ['approval a1: it is "denied" in its table, and "approved" by the log'],
    ),
    (
        "UPDATE approval_votes SET approver = 'anna'",
        UNREAD[:1],
    ),
    (
        "UPDATE approval_votes SET reason = ''",
        ['approval a1: what its table says of "votes" is not what the log says'],
    ),
    (
        "UPDATE approvals SET needed = 0",
        ['approval a1: what its table says of "needed" is not what the log says'],
    ),
    (
        "UPDATE subject_keys SET key = NULL WHERE ticket_id = 't2'",
        ["ticket t2: its key is gone, and no entry says that it was erased"],
    ),
    (
        "UPDATE effects SET at = '2027-11-20T12:00:00.000000+00:00' WHERE key = 'issue:d1'",
        ['effect issue:d1: what its table says of "at" is not what the log says'],
    ),
    (
        "UPDATE approvals SET expires_at = '2027-11-20T12:00:00.000000+00:00'",
        ['approval a1: what its table says of "expires_at" is not what the log says'],
    ),
    (
        "UPDATE texts SET text = 'Pay everybody.' WHERE ticket_id = ''",
        [f"text {PROMPT}: an entry of ticket t2 names it; it was changed"],
    ),
    ("UPDATE effects SET intent = x'00ff' WHERE key = 'issue:d1'", UNREAD),
    ("UPDATE effects SET at = 'noon' WHERE key = 'issue:d1'", UNREAD),
    ("UPDATE effects SET outcome = '[1' WHERE key = 'issue:d1'", UNREAD),
    ("UPDATE approval_votes SET verdict = 'perhaps'", UNREAD[:1]),
    ("DELETE FROM subject_keys WHERE ticket_id = 't2'", None),
    (
        "UPDATE subject_keys SET key = (SELECT key FROM subject_keys WHERE ticket_id = 't2')",
        UNREAD[:1],
    ),
    ("UPDATE record SET at = '2027-11-20T12:00:00.000000+00:00' WHERE id = 1", ["line 1: it was changed"]),
    ("UPDATE record SET body = x'00ff' WHERE id = 3", None),
    ("UPDATE record SET once = 'x' WHERE id = 2", None),
    ("UPDATE record SET seq = 'one' WHERE id = 1", None),
    ("DELETE FROM record WHERE id = 4", None),
    ("UPDATE record SET id = -1 WHERE id = 2", None),
    (
        "INSERT INTO record SELECT 0, 't1', 8, kind, at, body, NULL, previous, hash FROM record WHERE id = 1",
        None,
    ),
    ("UPDATE record SET hash = 'x' WHERE id = 10", None),
]


@pytest.mark.parametrize(("statement", "told"), MEDDLING, ids=[statement for statement, _ in MEDDLING])
async def test_whatever_is_changed_in_a_store_is_found(file: Path, statement: str, told: Sequence[str] | None) -> None:
    meddle(file, statement)
    seen = await found(file)
    assert seen
    assert told is None or seen == told


async def test_an_erased_ticket_holds_and_a_grant_that_is_taken_away_from_it_is_found(file: Path) -> None:
    async with opened(file) as stores:
        assert await stores.erase("t1", by="ben", reason="asked for it", at=NOON)
    assert await found(file) == []
    meddle(file, "DELETE FROM effects WHERE key = 'issue:d1'")
    assert await found(file) == ["ticket t1: 0 effects stand in the ledger, and the log saw 1 claimed"]


class Busy(SqlStores):
    """A store to which a desk writes while it is audited."""

    async def links(self, *, after: int = 0) -> AsyncIterator[Link]:
        async for link in super().links(after=after):
            yield link
        if after == 0:
            await self.append("t1", Kind.PLAYER_MESSAGE, {"text": "are you there?"}, at=NOON)
            await self.append("t3", Kind.PLAYER_MESSAGE, {"text": "hello"}, at=NOON)


async def test_a_desk_that_writes_meanwhile_raises_no_alarm(file: Path) -> None:
    async with opened(file) as stores:
        audited = await audit(Busy(stores.database))
    assert (audited.holds, audited.log.entries) == (True, {"t1": 8, "t2": 3, "t3": 1})


async def test_heads_are_signed_one_behind_the_other_and_never_twice(file: Path) -> None:
    async with opened(file) as stores:
        first = await next_head(stores, (), KEY, at=NOON)
        assert isinstance(first, Head)
        assert (first.id, first.is_signed()) == (10, True)
        assert await next_head(stores, [first], KEY, at=NOON) is None
        await stores.append("t1", Kind.PLAYER_MESSAGE, {"text": "thanks"}, at=NOON)
        second = await next_head(stores, [first], KEY, at=NOON)
        assert isinstance(second, Head)
        assert (second.id, (await audit(stores, heads=[first, second])).holds) == (11, True)


async def test_nothing_is_signed_on_an_empty_log(tmp_path: Path) -> None:
    async with opened(tmp_path / "empty.sqlite") as stores:
        assert await next_head(stores, (), KEY, at=NOON) is None


async def test_a_log_that_does_not_hold_is_not_signed(file: Path) -> None:
    async with opened(file) as stores:
        first = await next_head(stores, (), KEY, at=NOON)
        assert isinstance(first, Head)

    async def refused(kept: Kept, *heads: Head) -> list[Finding]:
        new = await next_head(kept, heads, KEY, at=NOON)
        assert isinstance(new, Verified)
        return [*new.findings]

    meddle(file, "DELETE FROM record WHERE id = 10")
    async with opened(file) as stores:
        assert [one.check.value for one in await refused(stores, first)] == ["cut"]
    meddle(file, "DELETE FROM record WHERE id > 0")
    async with opened(file) as stores:
        assert [one.check.value for one in await refused(stores, first)] == ["cut"]
