"""`croupier audit role`: a desk that works on PostgreSQL without owning its tables."""

from collections.abc import Callable, Generator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, RaiseException
from sqlalchemy import make_url

from app.backoffice.serve import running
from tests.app.cli.conftest import Croupier
from tests.app.cli.gate_files import SAYS, effects, gate_file
from tests.contracts.postgres import fresh_database, shared_folder, started

TOKEN = "croupier-demo"
SECRET = "whsec_Y3JvdXBpZXItZGVtby1zaWduaW5nLXNlY3JldA=="
TAKE_BACK = (
    ("DELETE FROM effects", InsufficientPrivilege),
    ("DELETE FROM record", InsufficientPrivilege),
    ("UPDATE effects SET state = 'failed'", RaiseException),
    ("DROP TRIGGER effects_move_on ON effects", InsufficientPrivilege),
    ("ALTER TABLE effects DISABLE TRIGGER ALL", InsufficientPrivilege),
    ("SET session_replication_role = replica", InsufficientPrivilege),
)


@pytest.fixture
def owner() -> Generator[str]:
    """The address of an empty database, as its owner."""
    with fresh_database(started(shared_folder())) as address:
        yield address


@pytest.fixture
def login(owner: str) -> Generator[str]:
    """A role of one test."""
    name = f"desk_{uuid4().hex[:12]}"
    yield name
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"DROP OWNED BY {name}".encode())
        connection.execute(f"DROP ROLE {name}_l, {name}".encode())


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    monkeypatch.setenv("CROUPIER_GATE", str(gate_file(tmp_path)))
    with running(token=TOKEN, webhook_secret=SECRET) as office:
        monkeypatch.setenv("CROUPIER_BACKOFFICE_URL", office.url)
        yield


def test_a_desk_with_the_role_serves_a_player_and_takes_nothing_back(
    croupier: Croupier, ticket_file: Callable[..., Path], owner: str, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert croupier("run", ticket_file(), CROUPIER_STORE=owner).exit_code == 0  # whoever owns the tables makes them
    written = croupier("audit", "role", login)
    assert written.exit_code == 0
    with psycopg.connect(owner) as connection:
        for statement in written.stdout.splitlines():
            connection.execute(statement.encode())
        connection.execute(f"CREATE ROLE {login}_l LOGIN; GRANT {login} TO {login}_l".encode())
    restricted = make_url(owner).set(username=f"{login}_l").render_as_string(hide_password=False)
    monkeypatch.setenv("CROUPIER_STORE", restricted)
    assert croupier("run", ticket_file(id="bonus", says=SAYS)).exit_code == 0
    (effect,) = effects(croupier, "--state", "done")
    assert effect["tool"] == "issue_bonus"
    assert croupier("audit", "verify").exit_code == 0
    for statement, refusal in TAKE_BACK:
        with psycopg.connect(restricted) as connection, pytest.raises(refusal):
            connection.execute(statement.encode())
