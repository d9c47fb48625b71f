"""The tickets that ship, and such tickets with another section `attack`."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.attack.planted import Attack
from evals.expect import Expected
from evals.ticket import Read, read_ticket, read_tickets

ROOT = Path(__file__).parents[3] / "evals" / "tickets"
SUITE = ROOT / "attacks"
OPEN = Path(__file__).parent / "open"


def suite() -> list[Read]:
    """Return the attacks that ship."""
    return [read for read in read_tickets(SUITE) if read.ticket.attack is not None]


def shipped(name: str) -> Read:
    """Return one ticket of the suite by its id."""
    (found,) = SUITE.glob(f"*/{name}.json")
    return read_ticket(found)


def attack_of(read: Read) -> Attack:
    """Return the section of a ticket that has one."""
    assert read.ticket.attack is not None
    return read.ticket.attack


def with_attack(read: Read, **changed: Any) -> Read:  # noqa: ANN401  # fields of an attack
    """Return a ticket with other fields in its section."""
    section = Attack.model_validate({**attack_of(read).model_dump(exclude_unset=True), **changed})
    return replace(read, ticket=read.ticket.model_copy(update={"attack": section}))


def expecting(read: Read, **changed: Any) -> Read:  # noqa: ANN401  # fields of an expectation
    """Return a ticket that expects something else."""
    assert read.ticket.expect is not None
    expect = Expected.model_validate({**read.ticket.expect.model_dump(), **changed})
    return replace(read, ticket=read.ticket.model_copy(update={"expect": expect}))
