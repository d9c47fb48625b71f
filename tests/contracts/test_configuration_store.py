"""The store of configurations, three times: in memory, on SQLite and on PostgreSQL. Every contract runs on all."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casino.bonus.configuration import ConfigurationStatus
from tests.contracts.postgres import empty_database
from tools.adapters.configuration_store import open_configurations
from tools.adapters.memory_configurations import MemoryConfigurations
from tools.bonus_store import FIELDS, Act, ConfigurationStore, Head, New, PlanAgain, Snapshot, Version, moved_on
from tools.ports import UnusableStore

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DRAFT, PUBLISHED, ARCHIVED = ConfigurationStatus.DRAFT, ConfigurationStatus.PUBLISHED, ConfigurationStatus.ARCHIVED
SQL = pytest.mark.parametrize("address", ["sqlite", "postgresql"], indirect=True)
HOUSE = Path(__file__).parents[2]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[ConfigurationStore]:
    if request.param == "memory":
        yield MemoryConfigurations()
        return
    with empty_database(request.param, request, tmp_path) as address, open_configurations(address) as opened:
        yield opened


def new(
    document: str = "vip", status: ConfigurationStatus = DRAFT, *, says: str = "one", act: Act = Act.APPLIED
) -> New:
    return New(document=document, act=act, status=status, hash=f"hash of {says}", text=f"name: Grüße {says}\n")


def version(number: int, of: New, *, fields: int | None = None, at: datetime = NOON) -> Version:
    return Version(
        document=of.document,
        number=number,
        act=of.act,
        status=of.status,
        hash=of.hash,
        text=of.text,
        fields=fields,
        author="Ada",
        reason="spring",
        at=at,
    )


def write(store: ConfigurationStore, *news: New, at: datetime = NOON) -> Snapshot:
    return store.write(news, author="Ada", reason="spring", at=at, expected=store.read().revision)


def test_a_store_that_nobody_has_written_to_is_empty(store: ConfigurationStore) -> None:
    assert store.read() == Snapshot(0, {})
    assert list(store.history("vip")) == []


def test_what_is_written_is_read_back_whole(store: ConfigurationStore) -> None:
    draft, published = new(), new("spins", PUBLISHED, says="two")
    heads = {"vip": Head(draft=version(1, draft), last=1), "spins": Head(live=version(1, published), last=1)}
    assert write(store, draft, published) == Snapshot(1, heads)
    assert store.read() == Snapshot(1, heads)
    assert list(store.history("vip")) == [version(1, draft)]


def test_a_draft_stands_beside_what_is_published_until_it_is_published_itself(store: ConfigurationStore) -> None:
    first, draft = new(status=PUBLISHED), new(says="two")
    write(store, first)
    write(store, draft)
    assert store.read().heads == {"vip": Head(live=version(1, first), draft=version(2, draft), last=2)}
    publishing = new(status=PUBLISHED, says="two", act=Act.PUBLISHED)
    write(store, publishing)
    assert store.read().heads == {"vip": Head(live=version(3, publishing), last=3)}
    assert list(store.history("vip")) == [version(1, first), version(2, draft), version(3, publishing)]


def test_what_is_archived_keeps_what_it_was_and_comes_back_as_that(store: ConfigurationStore) -> None:
    first, draft = new(status=PUBLISHED), new(says="two")
    gone = new(status=ARCHIVED, says="two", act=Act.ARCHIVED)
    write(store, first, draft)
    write(store, gone)
    before = {"live": version(1, first), "draft": version(2, draft)}
    assert store.read().heads == {"vip": Head(**before, archived=version(3, gone), last=3)}
    back = [new(status=PUBLISHED, act=Act.RESTORED), new(says="two", act=Act.RESTORED)]
    write(store, *back)
    assert store.read().heads == {"vip": Head(live=version(4, back[0]), draft=version(5, back[1]), last=5)}


def test_a_version_says_under_which_field_catalogue_it_was_read(store: ConfigurationStore) -> None:
    before, catalogue, after = new(says="one"), new(FIELDS, PUBLISHED), new(says="two")
    write(store, before, catalogue, after)
    assert list(store.history("vip")) == [version(1, before), version(2, after, fields=1)]
    assert store.read().fields == version(1, catalogue)
    assert list(store.read().configurations) == ["vip"]
    write(store, new(FIELDS, ARCHIVED, act=Act.ARCHIVED), new(says="three"))
    assert store.read().fields is None
    assert store.history("vip")[-1] == version(3, new(says="three"))
    assert list(store.history(FIELDS)) == [version(1, catalogue), version(2, new(FIELDS, ARCHIVED, act=Act.ARCHIVED))]


def test_heads_are_what_the_history_adds_up_to(store: ConfigurationStore) -> None:
    write(store, new(status=PUBLISHED), new("spins"))
    write(store, new(says="two"), new("spins", PUBLISHED))
    write(store, new(status=ARCHIVED, says="two"), new("spins", says="three"))
    histories = [one for document in ("vip", "spins") for one in store.history(document)]
    assert moved_on({}, histories) == store.read().heads


def test_a_moment_is_kept_in_utc_to_the_microsecond(store: ConfigurationStore) -> None:
    at = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    write(store, new(), at=at)
    assert store.history("vip")[0].at == at


def test_a_write_that_was_planned_on_an_older_revision_is_refused(store: ConfigurationStore) -> None:
    write(store, new())
    before = store.read()
    write(store, new(says="two"))
    why = r"somebody else wrote to the store since it was read \(revision 1, now 2\)"
    with pytest.raises(PlanAgain, match=why):
        store.write([new(says="three")], author="Eve", reason="late", at=NOON, expected=before.revision)
    assert [one.hash for one in store.history("vip")] == ["hash of one", "hash of two"]


def test_of_two_writes_at_once_one_wins_and_the_other_plans_again(store: ConfigurationStore) -> None:
    """Ten rounds, so that the two really meet."""
    write(store, new())
    for _ in range(10):
        revision = store.read().revision
        start = Barrier(2)

        def compete(name: str, *, start: Barrier = start, revision: int = revision) -> str:
            start.wait()
            try:
                store.write([new(name)], author=name, reason="", at=NOON, expected=revision)
            except PlanAgain:
                return "plan again"
            return "won"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(compete, ["ada", "eve"])) == ["plan again", "won"]
        assert store.read().revision == revision + 1


@SQL
def test_two_stores_on_one_database_see_each_other(address: str) -> None:
    with open_configurations(address) as one, open_configurations(address) as other:
        write(one, new())
        assert other.read() == one.read()
        write(other, new("spins"))
        assert sorted(one.read().heads) == ["spins", "vip"]


@SQL
def test_a_write_that_fails_in_the_middle_leaves_the_store_as_it_was(address: str) -> None:
    with open_configurations(address) as store:
        before = write(store, new())
        broken = New(document="spins", act=Act.APPLIED, status=DRAFT, hash="h", text=None)  # pyright: ignore[reportArgumentType]  # what a database refuses
        with pytest.raises(UnusableStore):
            write(store, new(says="two"), broken)
        assert store.read() == before


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import event
from casino.bonus.configuration import ConfigurationStatus
from tools.adapters.configuration_store import open_configurations
from tools.bonus_store import Act, New

DRAFT = ConfigurationStatus.DRAFT
with open_configurations(sys.argv[1]) as store:
    event.listen(store.engine, "commit", lambda connection: os.kill(os.getpid(), signal.SIGKILL))
    news = [New(document=f"d{n}", act=Act.APPLIED, status=DRAFT, hash="h", text="t") for n in range(50)]
    store.write(news, author="Eve", reason="", at=datetime(2026, 1, 1, tzinfo=UTC), expected=store.read().revision)
"""


@SQL
@pytest.mark.parametrize("written", [True, False])
def test_a_process_that_is_killed_before_it_commits_leaves_the_store_as_it_was(address: str, written: bool) -> None:
    with open_configurations(address) as store:
        before = write(store, new()) if written else store.read()
        words = [sys.executable, "-c", _KILLED, address]
        done = subprocess.run(words, cwd=HOUSE, env={**os.environ, "PYTHONPATH": str(HOUSE)}, check=False)  # noqa: S603  # our own words
        assert done.returncode == -signal.SIGKILL
        assert store.read() == before
        write(store, new("after"))
        assert store.read().revision == before.revision + 1


@SQL
@pytest.mark.parametrize("statement", ["UPDATE bonus_versions SET author = 'Eve'", "DELETE FROM bonus_versions"])
def test_versions_are_only_ever_added_whoever_asks(address: str, statement: str) -> None:
    with open_configurations(address) as store:
        before = write(store, new())
        with pytest.raises(DBAPIError, match="versions are only ever added"), store.engine.begin() as connection:
            connection.execute(text(statement))
        assert store.read() == before


@SQL
def test_a_database_of_a_newer_schema_is_left_alone(address: str) -> None:
    with open_configurations(address) as store:
        write(store, new())
        with store.engine.begin() as connection:
            connection.execute(text("UPDATE bonus_store_schema SET version_num = '9001'"))
        why = r'it has the schema "9001", and this croupier knows "0001"\); use the version of croupier that wrote it'
        with pytest.raises(UnusableStore, match=why):
            store.read()
        with pytest.raises(UnusableStore, match=why):
            store.history("vip")
        with pytest.raises(UnusableStore, match=why):
            store.write([new(says="two")], author="Ada", reason="", at=NOON, expected=1)
