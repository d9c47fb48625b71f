"""Where the dying happens: a store, a back office with a player for each ticket, and what is to be seen there."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app.backoffice.serve import Served
from tests.proof.death.lives import Life, Said
from tools.adapters.sql.stores import SqlStores, open_stores
from tools.approvals import About, Approval, ApprovalState
from tools.audit.books import verify_books
from tools.audit.findings import Finding
from tools.audit.store import audit
from tools.audit.verify import Verification, read_on
from tools.issue_bonus import ISSUE_BONUS
from tools.ledger import EffectState
from tools.record import Kind

TOKEN = "death"
SECRET = "whsec_ZGVhdGg="
ISSUED = "is on your account now"
MODEL_PLAYER = "P1001"  # whom every player of a ticket is like
ASKING = "platinum"  # the level of those for whom a human has to approve
GATE = f"""\
modes: {{bonus-request: automatic}}
approvals:
  - {{name: some, when: ["effect.tool == 'issue_bonus'", "player.vipLevel == '{ASKING}'"], approvers: 1}}
  - {{name: the others, when: ["effect.tool == 'issue_bonus'"], approvers: 0}}
people: {{anna: [approver]}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How a ticket stands, in the store and at the back office."""

    granted: int  # bonuses at the back office
    rows: tuple[EffectState, ...]  # of issues in the ledger
    told: int  # messages that say that it is on the account
    asked: int  # open requests for approval
    doubts: tuple[str, ...]  # open doubts
    handed_over: int

    def wrong(self, *, keys: bool) -> list[str]:
        """Say what may not be, after everything was taken up again.

        keys: the back office knows idempotency keys, so whatever became of an order can be known.
        """
        served = (self.granted, self.rows, self.told) == (1, (EffectState.DONE,), 1)
        in_doubt = (self.rows, len(self.doubts), self.handed_over) == ((EffectState.UNKNOWN,), 1, 1)
        found = {
            "doubled": self.granted > 1 or self.rows.count(EffectState.DONE) > 1,
            "told twice": self.told > 1,
            "told of what is not there": self.told > self.granted,
            "lost": not served and (keys or not in_doubt),
            "asked for nothing": bool(self.asked or (served and (self.doubts or self.handed_over))),
        }
        return [name for name, is_so in found.items() if is_so]


@dataclass(slots=True, kw_only=True)
class Scene:
    """One store and one back office, over many rounds."""

    address: str
    folder: Path
    office: Served
    keys: bool
    verification: Verification = field(default_factory=Verification)

    @property
    def environment(self) -> dict[str, str]:
        """What a desk here reads its settings from."""
        gate = self.folder / "gate.yaml"
        if not gate.exists():
            gate.write_text(GATE)
        return {
            "CROUPIER_STORE": self.address,
            "CROUPIER_DATA": str(self.folder),
            "CROUPIER_GATE": str(gate),
            "CROUPIER_BACKOFFICE_URL": self.office.url,
            "CROUPIER_BACKOFFICE_TOKEN": TOKEN,
            "CROUPIER_WEBHOOK_SECRET": SECRET,
            "CROUPIER_BACKOFFICE_TIMEOUT_S": "30",
        }

    def life(self, **of: object) -> Life:
        """Return a life at this place."""
        return Life(environment=self.environment, office=str(self.office.database), **of)  # pyright: ignore[reportArgumentType]  # as its fields say

    def new_player(self, ticket_id: str, *, asks: bool) -> Said:
        """Make a player for a ticket at the back office, and return the message in which they want a bonus."""
        email = f"{ticket_id}@example.com"
        changed = (ticket_id, email, ASKING if asks else "gold", MODEL_PLAYER)
        with closing(sqlite3.connect(self.office.database, timeout=30, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO players SELECT ?1, brand, ?2,"
                " json_set(profile, '$.id', ?1, '$.email', ?2, '$.vip_level', ?3) FROM players WHERE id = ?4",
                changed,
            )
            for table, columns in (("responsible_gaming", "state"), ("kyc", "status, level")):
                sql = f"INSERT INTO {table} SELECT ?, {columns} FROM {table} WHERE player_id = ?"  # noqa: S608  # constants
                connection.execute(sql, (ticket_id, MODEL_PLAYER))
            connection.execute(
                "INSERT INTO deposits SELECT ?1 || id, ?1, amount, currency, at FROM deposits WHERE player_id = ?2",
                (ticket_id, MODEL_PLAYER),
            )
            connection.execute("COMMIT")
        return ticket_id, f"{ticket_id}-a", f"Can I get a bonus? {email}, born 12 April 1990"

    async def seen(self, tickets: Sequence[str]) -> dict[str, Seen]:
        """Look at tickets in the store and at the back office."""
        kept, granted = open_stores(self.address), self._granted()
        found = {ticket: await _seen(kept, ticket, granted.get(ticket, 0)) for ticket in tickets}
        await kept.close()
        return found

    def _granted(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.office.database, timeout=30)) as connection:
            rows = connection.execute("SELECT player_id, count(*) FROM bonuses GROUP BY player_id").fetchall()
        return {str(player): int(count) for player, count in rows}

    async def verified(self, tickets: Sequence[str]) -> list[Finding]:
        """Verify what was added to the log since it was verified last, and hold the tickets' books against it."""
        kept, last = open_stores(self.address), self.verification.last
        await read_on(self.verification, kept.links(after=0 if last is None else last.id))
        books = await verify_books(kept, {one: self.verification.by_ticket.get(one, 0) for one in tickets})
        await kept.close()
        return [*self.verification.findings, *(finding for found in books.values() for finding in found)]

    async def audited(self) -> bool:
        """Audit the whole store, as `croupier audit verify` does."""
        kept = open_stores(self.address)
        whole = await audit(kept)
        await kept.close()
        return whole.holds

    async def answered(self, ticket: str) -> list[str]:
        """Return the messages of a ticket that were answered, in the order of the answers."""
        kept = open_stores(self.address)
        said = await kept.entries(ticket, kinds=(Kind.AGENT_MESSAGE,))
        await kept.close()
        return [str(one.body["message"]) for one in said]

    async def outcomes(self, tickets: Sequence[str]) -> Mapping[str, str]:
        """Return what the ledger says of the issue of each ticket, without the bonus itself."""
        kept = open_stores(self.address)
        rows = {one: [row for row in await kept.effects(one) if row.tool == ISSUE_BONUS.name] for one in tickets}
        await kept.close()
        return {ticket: f"{row.state} {json.dumps(row.outcome)}" for ticket, of in rows.items() for row in of}


async def _seen(kept: SqlStores, ticket: str, granted: int) -> Seen:
    effects = [row for row in await kept.effects(ticket) if row.tool == ISSUE_BONUS.name]
    messages = await kept.entries(ticket, kinds=(Kind.AGENT_MESSAGE,))
    opened = await _open(kept, ticket)
    return Seen(
        granted=granted,
        rows=tuple(row.state for row in effects),
        told=sum(ISSUED in str(one.body["text"]) for one in messages),
        asked=sum(one.about is About.EFFECT for one in opened),
        doubts=tuple(one.approval_id for one in opened if one.about is About.DOUBT),
        handed_over=len(await kept.handoffs(ticket)),
    )


async def _open(kept: SqlStores, ticket: str) -> list[Approval]:
    requests = await kept.approvals(ticket_id=ticket)
    return [one for one in requests if one.state is ApprovalState.OPEN]
