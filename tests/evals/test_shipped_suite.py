"""Every ticket that ships: as it expects (L1), blind to no mutant (L0), withstood where something is planted (L5)."""

from pathlib import Path
from typing import Final

from evals.pytest_plugin import ticket_suite

TICKETS: Final = Path(__file__).parents[2] / "evals" / "tickets"

test_shipped = ticket_suite(TICKETS)
test_mutants = ticket_suite(TICKETS, level="L0")
test_attacks = ticket_suite(TICKETS, level="L5", filters=("tag:attack",))
