"""All that one store keeps about tickets."""

from typing import Protocol

from tools.approvals import Approvals
from tools.leases import Leases
from tools.ledger import Ledger
from tools.ports import Attempts, Decisions, Desk
from tools.record import AuditLog, Record


class Kept(Record, AuditLog, Ledger, Approvals, Leases, Decisions, Attempts, Desk, Protocol):
    """Every store in one: what the contract tests run over."""
