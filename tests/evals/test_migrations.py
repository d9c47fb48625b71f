"""Tickets of other versions: older ones are brought up to date in memory, newer ones are refused.

No older version was ever written (`ticket/1` was the first form of all), so the way is shown with one that is made up.
"""

from collections.abc import Mapping

import pytest

from casino.values import Document, Value
from evals.migrations import CURRENT, MIGRATIONS, Migration, NewerTicket, migrated
from evals.ticket import Ticket


def _name_to_title(ticket: Document) -> dict[str, Value]:
    return {**{name: one for name, one in ticket.items() if name != "name"}, "title": ticket["name"]}


def _one_message_to_many(ticket: Document) -> dict[str, Value]:
    return {**ticket, "says": [ticket["says"]]}


MADE_UP: Mapping[int, Migration] = {1: _name_to_title, 2: _one_message_to_many}
OLD: Document = {"schema": "ticket/1", "id": "a", "name": "Hello", "says": "Hi"}


def test_an_old_ticket_goes_through_every_version_to_the_current_one() -> None:
    assert migrated(OLD, current=3, migrations=MADE_UP) == {
        "schema": "ticket/3",
        "id": "a",
        "title": "Hello",
        "says": ["Hi"],
    }
    assert OLD["schema"] == "ticket/1"
    newer: Document = {"schema": "ticket/2", "says": "Hi"}
    assert migrated(newer, current=3, migrations=MADE_UP) == {"schema": "ticket/3", "says": ["Hi"]}


def test_a_ticket_of_a_newer_croupier_is_refused() -> None:
    with pytest.raises(NewerTicket, match='"ticket/2" is of a newer Croupier; this one reads "ticket/1"'):
        migrated({"schema": "ticket/2"})


@pytest.mark.parametrize("schema", ["ticket/1", "ticket/0", "ticket/01", "run/1", 1, None])
def test_what_needs_no_migration_or_has_none_stays_as_it_is(schema: Value) -> None:
    ticket: Document = {"schema": schema}
    assert migrated(ticket) is ticket


def test_every_older_version_has_a_migration_and_the_model_is_of_the_current_one() -> None:
    assert [*MIGRATIONS] == [*range(1, CURRENT)]
    assert Ticket.model_json_schema()["properties"]["schema"]["const"] == f"ticket/{CURRENT}"
