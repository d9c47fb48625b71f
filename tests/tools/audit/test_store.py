"""A whole store under audit: whatever is changed in any of its tables is found."""

import hashlib
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
        assert (audited.holds, audited.log.entries) == (True, {"t1": 8, "t2": 4})
        assert audited.log.last == await stores.last()


ELSEWHERE = "the log tells of it, and its row is gone"
UNREAD = ["ticket t1: what is kept cannot be read"]
REQUEST = ["approval a1: what its table and its votes say is not what the log says"]
NEVER = "it stands in its table, and the log never told of it"
COUNTED = ("player_id", "brand", "configuration", "reason", "amount_type", "amount", "currency")
DECISION = (
    "ticket_id, player_id, brand, status, configuration, configuration_hash, tier, reward, record, decided_at,"
    " expires_at, NULL"
)
APPROVAL = "effect_key, ticket_id, tool, policy, needed, requester, intent, asked_at, expires_at, state"
HANDOFF = f"H-{hashlib.sha256(b'transfer:t2').hexdigest()[:10]}"
SENT = hashlib.sha256(b"Hello, I am Anna").hexdigest()
CHANGED = "UPDATE effects SET COLUMN = 'x' WHERE key = 'issue:d1'"


def copied(table: str, values: str) -> str:
    """Return the statement that adds a row like one that is there."""
    return f"INSERT INTO {table} SELECT {values} FROM {table}"  # noqa: S608  # constants


MEDDLING = [
    (
        "UPDATE effects SET state = 'failed' WHERE key = 'issue:d1'",
        ['effect issue:d1: it is "failed" in its table, and "done" by the log'],
    ),
    (
        "UPDATE effects SET intent = replace(intent, '50', '500') WHERE key = 'issue:d1'",
        UNREAD,  # it is not what limits count of it
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
        REQUEST,
    ),
    (
        "UPDATE approval_votes SET approver = 'anna'",
        REQUEST,
    ),
    (
        "UPDATE approval_votes SET reason = ''",
        REQUEST,
    ),
    (
        "UPDATE approvals SET needed = 0",
        REQUEST,
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
        REQUEST,
    ),
    (
        "UPDATE texts SET text = 'Pay everybody.' WHERE ticket_id = ''",
        [f"text {PROMPT}: an entry of ticket t2 names it; it was changed"],
    ),
    *((CHANGED.replace("COLUMN", column), UNREAD) for column in COUNTED),
    (
        "UPDATE effects SET claimed_at = '2000-01-01T00:00:00.000000+00:00' WHERE key = 'issue:d1'",
        ['effect issue:d1: what its table says of "claimed_at" is not what the log says'],
    ),
    (
        "UPDATE decisions SET consumed_by = NULL",
        ['decision d1: what its table says of "consumed_by" is not what the log says'],
    ),
    (copied("decisions", f"'d9', {DECISION}"), [f"decision d9: {NEVER}"]),
    (copied("approvals", f"'a9', 'doubt', {APPROVAL}"), [f"approval a9: {NEVER}"]),
    (
        copied("approvals", "'a9', 'doubt', " + APPROVAL.replace("ticket_id", "'t9'")),
        ["approval a9: it is of a ticket that the log never saw"],
    ),
    (
        "INSERT INTO approval_votes SELECT approval_id, 'zoe', 2, requester, verdict, reason, at FROM approval_votes",
        REQUEST,
    ),
    ("DELETE FROM handoffs", [f"handoff {HANDOFF}: {ELSEWHERE}"]),
    ("UPDATE handoffs SET body = '{}'", [f"handoff {HANDOFF}: its note is not the one that the log tells of"]),
    ("INSERT INTO handoffs SELECT 9, 'H-9', 'k', ticket_id, body FROM handoffs", [f"handoff H-9: {NEVER}"]),
    ("DELETE FROM ticket_subjects", [f"subject p1: {ELSEWHERE}"]),
    ("UPDATE ticket_subjects SET subject = 'p2'", [f"subject p1: {ELSEWHERE}", f"subject p2: {NEVER}"]),
    ("DELETE FROM texts WHERE ticket_id = ''", [f"text {PROMPT}: an entry of ticket t2 names it; it is gone"]),
    ("DELETE FROM texts WHERE ticket_id = 't1'", [f"text {SENT}: an entry of ticket t1 names it; it is gone"]),
    ("UPDATE effects SET intent = x'00ff' WHERE key = 'issue:d1'", UNREAD),
    ("UPDATE effects SET at = 'noon' WHERE key = 'issue:d1'", UNREAD),
    ("UPDATE effects SET outcome = '[1' WHERE key = 'issue:d1'", UNREAD),
    ("UPDATE approval_votes SET verdict = 'perhaps'", REQUEST),
    ("DELETE FROM subject_keys WHERE ticket_id = 't2'", None),
    (
        "UPDATE subject_keys SET key = (SELECT key FROM subject_keys WHERE ticket_id = 't2')",
        UNREAD,
    ),
    ("UPDATE record SET at = '2027-11-20T12:00:00.000000+00:00' WHERE id = 1", ["line 1: it was changed"]),
    ("UPDATE record SET body = x'00ff' WHERE id = 3", None),
    ("UPDATE record SET once = 'x' WHERE id = 2", None),
    ("UPDATE record SET seq = 'one' WHERE id = 1", None),
    ("DELETE FROM record WHERE id = 4", None),
    ("UPDATE record SET id = -1 WHERE id = 2", None),
    (
        "INSERT INTO record SELECT 0, 't1', 9, kind, at, body, NULL, previous, hash FROM record WHERE id = 1",
        None,
    ),
    ("UPDATE record SET hash = 'x' WHERE id = 12", None),
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


@pytest.mark.parametrize(
    ("table", "kind"), [("decisions", "decision"), ("approvals", "approval"), ("ticket_subjects", "subject")]
)
async def test_rows_that_are_taken_away_from_an_erased_ticket_are_missed(file: Path, table: str, kind: str) -> None:
    async with opened(file) as stores:
        assert await stores.erase("t1", by="ben", reason="asked for it", at=NOON)
    meddle(file, f"DELETE FROM {table}")  # noqa: S608  # a constant
    assert await found(file) == [f"ticket t1: of the kind {kind}, 0 rows stand there, and the log saw 1"]


async def test_on_an_erased_ticket_votes_alone_approve(file: Path) -> None:
    async with opened(file) as stores:
        assert await stores.erase("t1", by="ben", reason="asked for it", at=NOON)
    meddle(file, "UPDATE approvals SET needed = 2")
    assert await found(file) == ["approval a1: what its table and its votes say is not what the log says"]


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
    assert (audited.holds, audited.log.entries) == (True, {"t1": 9, "t2": 4, "t3": 1})


async def test_heads_are_signed_one_behind_the_other_and_never_twice(file: Path) -> None:
    async with opened(file) as stores:
        first = await next_head(stores, (), KEY, at=NOON)
        assert isinstance(first, Head)
        assert (first.id, first.is_signed()) == (12, True)
        assert await next_head(stores, [first], KEY, at=NOON) is None
        await stores.append("t1", Kind.PLAYER_MESSAGE, {"text": "thanks"}, at=NOON)
        second = await next_head(stores, [first], KEY, at=NOON)
        assert isinstance(second, Head)
        assert (second.id, (await audit(stores, heads=[first, second])).holds) == (13, True)


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

    meddle(file, "DELETE FROM record WHERE id = 12")
    async with opened(file) as stores:
        assert [one.check.value for one in await refused(stores, first)] == ["cut"]
    meddle(file, "DELETE FROM record WHERE id > 0")
    async with opened(file) as stores:
        assert [one.check.value for one in await refused(stores, first)] == ["cut"]
