import sqlite3
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from app.backoffice.database import Database, NotOurs
from app.backoffice.serve import running

TOKEN = "office-token"
SECRET = "whsec_b2ZmaWNlLXNlY3JldA=="
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "one"}
ORDER = {"decision_id": "D", "brand": "lucky-spin", "reward": {"spinsCount": 15}}
THREADS = 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "office.sqlite"


@pytest.fixture
def changed(path: Path) -> Generator[sqlite3.Connection, None, None]:
    """A connection to a database in which something has changed."""
    with closing(Database(path)) as database, database.transaction() as connection:
        connection.execute("INSERT INTO messages VALUES ('M', 'ticket', '{}', '2026-11-22T12:00:00Z')")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA recursive_triggers = ON")
        yield connection


def issue(url: str) -> httpx.Response:
    return httpx.post(f"{url}/v1/players/P1001/bonus", json=ORDER, headers=HEADERS, trust_env=False)


def test_one_key_in_sixteen_threads_at_once_is_one_bonus() -> None:
    barrier = Barrier(THREADS)

    def at_once(url: str) -> httpx.Response:
        barrier.wait()
        return issue(url)

    with running(token=TOKEN, webhook_secret=SECRET) as served, ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(at_once, [served.url] * THREADS))
        with closing(sqlite3.connect(served.database)) as connection:
            rows = connection.execute("SELECT id FROM bonuses").fetchall()
    assert rows == [("B1001",)]
    assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {(201, "B1001")}
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


def test_what_was_done_is_there_after_a_restart(path: Path) -> None:
    with running(path, token=TOKEN, webhook_secret=SECRET) as served:
        first = issue(served.url)
    with running(path, token=TOKEN, webhook_secret=SECRET) as served:
        again = issue(served.url)
        player = httpx.get(f"{served.url}/v1/players/P1001", headers=HEADERS, trust_env=False).json()
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert player["kpi"]["active_bonus"] is True


def test_a_database_of_its_own_is_gone_afterwards() -> None:
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        assert served.database.exists()
    assert not served.database.parent.exists()


def test_a_port_that_is_taken_is_an_error_at_once() -> None:
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        port = httpx.URL(served.url).port
        assert port is not None
        with pytest.raises(OSError, match="in use"), running(port=port, token=TOKEN, webhook_secret=SECRET):
            pass


@pytest.mark.parametrize(("token", "secret"), [("", SECRET), (TOKEN, ""), (TOKEN, "whsec_")])
def test_an_empty_token_or_secret_is_refused(token: str, secret: str) -> None:
    with pytest.raises(ValueError, match=r"token|secret"), running(token=token, webhook_secret=secret):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes SET after = NULL",
        "DELETE FROM changes",
        "INSERT OR REPLACE INTO changes VALUES (1, 'x', 'y', 1, 1)",
    ],
)
def test_the_change_log_cannot_be_edited(changed: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        changed.execute(statement)


def test_without_its_trigger_the_change_log_could_be_edited(changed: sqlite3.Connection) -> None:
    changed.execute("DROP TRIGGER changes_are_not_deleted")
    assert changed.execute("DELETE FROM changes").rowcount == 1


def test_a_change_that_fails_half_way_is_not_there(path: Path) -> None:
    def half() -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO messages VALUES ('M', 'ticket', '{}', '')")
            raise KeyError("half way")

    with closing(Database(path)) as database:
        with pytest.raises(KeyError):
            half()
        assert database.rows("SELECT * FROM messages") == []
        assert database.rows("SELECT * FROM changes") == []


def test_another_programs_database_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    before = path.read_bytes()
    with pytest.raises(NotOurs, match="another program's"):
        Database(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_by_name(path: Path) -> None:
    path.write_text("not a database, but long enough to be taken for one by its size" * 20)
    with pytest.raises(NotOurs, match=r"office\.sqlite"):
        Database(path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotOurs, match="nowhere"):
        Database(tmp_path / "nowhere" / "office.sqlite")
