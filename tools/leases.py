"""Leases as a port: one process at a time works on a ticket, and a dead one does not hold it for ever."""

from datetime import datetime
from typing import Protocol


class Leases(Protocol):
    """Tickets that are being worked on."""

    async def hold(self, ticket_id: str, *, holder: str, now: datetime, until: datetime) -> bool:
        """Take or prolong the lease; False while another holder's has not run out."""
        ...

    async def release(self, ticket_id: str, *, holder: str) -> None:
        """Give the lease back, where it is still the holder's."""
        ...
