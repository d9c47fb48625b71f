"""A store for tests of the audit: two tickets with a decision, effects, an approval, on a SQLite file."""

import hashlib
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.tools.audit.logs import NOON
from tools.adapters.sql.stores import SqlStores, open_stores
from tools.approvals import About, Approval, Vote
from tools.ledger import Effect, EffectState
from tools.ports import Handoff, StoredDecision
from tools.record import Kind

DECISION = StoredDecision(
    decision_id="d1",
    ticket_id="t1",
    player_id="p1",
    brand="lucky-spin",
    status="qualified",
    configuration="welcome",
    configuration_hash="c" * 64,
    tier="gold",
    reward={"type": "cash", "amount": 50},
    record={"status": "qualified", "comment": "Anna is a friend"},
    decided_at=NOON,
    expires_at=NOON + timedelta(hours=1),
)
GRANT = Effect(
    key="issue:d1",
    business_key="lucky-spin:p1:welcome:2026-11-20",
    ticket_id="t1",
    tool="issue_bonus",
    intent={"player_id": "p1", "brand": "lucky-spin", "reward": {"type": "cash", "amount": 50}},
    state=EffectState.PENDING,
    outcome={},
    at=NOON,
    decision_id="d1",
    approval_id="a1",
)
MESSAGE = replace(
    GRANT,
    key="send:t2",
    business_key="send:t2",
    ticket_id="t2",
    tool="send_external_message",
    intent={"topic": "kyc", "body": "Anna's passport"},
    decision_id=None,
    approval_id=None,
)
APPROVAL = Approval(
    approval_id="a1",
    about=About.EFFECT,
    effect_key="issue:d1",
    ticket_id="t1",
    tool="issue_bonus",
    policy="large cash",
    needed=1,
    requester="croupier",
    intent={"key": "issue:d1"},
    asked_at=NOON,
    expires_at=NOON + timedelta(days=1),
)
PROMPT = hashlib.sha256(b"Be kind.").hexdigest()  # a kept text that is of no ticket


@asynccontextmanager
async def opened(file: Path) -> AsyncGenerator[SqlStores]:
    stores = open_stores(f"sqlite:///{file}")
    try:
        await stores.create()
        yield stores
    finally:
        await stores.close()


async def fill(stores: SqlStores) -> None:
    """Two tickets: a bonus that was approved and granted, and a message whose fate is not known."""
    sent = await stores.keep("Hello, I am Anna", ticket_id="t1")
    await stores.append("t1", Kind.PLAYER_MESSAGE, {"text": "Hello, I am Anna", "as_sent": sent}, at=NOON)
    await stores.belongs("t1", "p1")
    await stores.mint(DECISION)
    await stores.ask(APPROVAL)
    await stores.vote("a1", Vote(approver="ben", verdict="approve", reason="known to us", at=NOON))
    assert await stores.claim(GRANT) is None
    await stores.append("t2", Kind.TRIAGE, {"procedure": "kyc", "source": await stores.keep("Be kind.")}, at=NOON)
    assert await stores.claim(MESSAGE) is None
    await stores.settle("issue:d1", state=EffectState.DONE, outcome={"grant_id": "g1"}, at=NOON)
    await stores.settle("send:t2", state=EffectState.UNKNOWN, outcome={"code": "timeout"}, at=NOON)
    handoff = Handoff(ticket_id="t2", brand="b", reason_code="asked", asked="", tried=(), why="", gathered={})
    await stores.transfer(handoff, key="transfer:t2")


def meddle(file: Path, *statements: str) -> None:
    """Change what a store's file holds, as who may write to it can: past triggers, checks and foreign keys."""
    with closing(sqlite3.connect(file)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        connection.commit()
