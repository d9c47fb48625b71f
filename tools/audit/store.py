"""A whole store under audit: its log, its books against the log, and the next head to sign."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tools.audit.books import strays, verify_books
from tools.audit.evidence import line_of
from tools.audit.findings import Finding
from tools.audit.heads import Head, sign
from tools.audit.verify import Verification, Verified, read_on, verify_log
from tools.kept import Kept
from tools.record import AuditLog, Link

TIMES: Final = 5  # that a ticket is looked at again, while a live desk goes on writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """What the audit of a store came to."""

    log: Verified
    books: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Nothing was found."""
        return self.log.holds and not self.books


async def audit(kept: Kept, *, heads: Sequence[Head] = (), keys: Collection[str] | None = None) -> Audited:
    """Verify a store's log, and hold its books against it.

    A desk may write meanwhile. What then looks wrong of a ticket is looked at again together with what was written.
    """
    verification = Verification(heads=heads, keys=keys)
    await read_on(verification, kept.links())
    found = await verify_books(kept, verification.by_ticket)
    for _ in range(TIMES):
        if not found or not await _grown(kept, verification):
            break
        await read_on(verification, kept.links(after=0 if verification.last is None else verification.last.id))
        found = await verify_books(kept, {one: verification.by_ticket[one] for one in found})
    lost = await strays(kept, verification.by_ticket)
    if lost and await _grown(kept, verification):
        await read_on(verification, kept.links(after=0 if verification.last is None else verification.last.id))
        lost = await strays(kept, verification.by_ticket)
    return Audited(log=verification.end(), books=(*(one for each in found.values() for one in each), *lost))


async def _grown(kept: AuditLog, verification: Verification) -> bool:
    newest, read = await kept.last(), verification.last
    return newest is not None and (read is None or newest.id > read.id)


async def next_head(
    kept: AuditLog, heads: Sequence[Head], key: Ed25519PrivateKey, *, at: datetime
) -> Head | Verified | None:
    """Return the head to sign behind the ones there are; None where nothing is new.

    What was written since the newest head is verified first, and a log that does not hold is not signed: what was found
    comes back instead.
    """
    newest = await kept.last()
    if newest is None and not heads:
        return None
    if newest is not None and heads and (newest.id, newest.hash) == (heads[-1].id, heads[-1].hash):
        return None
    after = heads[-1].id - 1 if heads else 0
    verified = await verify_log(kept.links(after=after), heads=heads, after=after)
    return sign(verified.last, key, at=at) if verified.holds and verified.last is not None else verified


async def gathered(kept: AuditLog, tickets: Collection[str]) -> tuple[Verified, dict[str, list[Link]]]:
    """Verify a whole log, and return the links of some tickets that were read on the way."""
    verification, found = Verification(), {ticket_id: list[Link]() for ticket_id in tickets}

    async def links() -> AsyncIterator[Link]:
        async for link in kept.links():
            if (line := line_of(link)) is not None and line.ticket in found:
                found[line.ticket].append(link)
            yield link

    await read_on(verification, links())
    return verification.end(), found
