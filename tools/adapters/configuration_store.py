"""The store of configurations over SQL: SQLite, or PostgreSQL where several machines share it."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    ScalarSelect,
    Select,
    and_,
    func,
    insert,
    inspect,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from casino.bonus.configuration import ConfigurationStatus
from tools.adapters.configuration_tables import (
    HEADS,
    REVISION,
    SCHEMA,
    SCHEMAS,
    VERSIONS,
    WRITES,
    open_engine,
    shown,
    sqlite_file,
    store_url,
    without_secrets,
)
from tools.bonus_store import Act, Head, New, Snapshot, Version, added, moved_on, plan_again
from tools.ports import Unavailable, UnusableStore

_SLOTS = {  # what a head counts, and the status that such a version has
    "live": ConfigurationStatus.PUBLISHED,
    "draft": ConfigurationStatus.DRAFT,
    "archived": ConfigurationStatus.ARCHIVED,
}
_TEXTS = ("document", "hash", "text", "author", "reason", "at")
_WRITER_LOCK = 0x626F6E7573  # "bonus": the advisory lock that writers to one PostgreSQL database take in turn


class _Damaged(Exception):  # noqa: N818  # named by what is wrong
    """The tables hold what no write of ours leaves; the message says what."""


@dataclass(frozen=True, slots=True)
class SqlConfigurations:
    """A store in one database. Each method is one transaction; the first write makes the tables."""

    engine: Engine

    def read(self) -> Snapshot:
        """Return what counts now."""
        if self._is_no_file():
            return Snapshot()
        with self._answering(), self.engine.connect() as connection:
            return _snapshot(connection) if self._is_made(connection) else Snapshot()

    def history(self, document: str) -> Sequence[Version]:
        """Return every version of a document, oldest first."""
        wanted = select(VERSIONS).where(VERSIONS.c.document == document).order_by(VERSIONS.c.number)
        if self._is_no_file():
            return []
        with self._answering(), self.engine.connect() as connection:
            if not self._is_made(connection):
                return []
            return [_version(row) for row in connection.execute(wanted).mappings()]

    def write(self, news: Sequence[New], *, author: str, reason: str, at: datetime, expected: int) -> Snapshot:
        """Add versions, all of them or none."""
        self._make_folder()
        with self._answering(), self.engine.execution_options(**WRITES).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
            if not self._is_made(connection):
                _migrate(connection)
            before = _snapshot(connection)
            if before.revision != expected:
                raise plan_again(expected, before.revision)
            versions = added(before.heads, news, author=author, reason=reason, at=at.astimezone(UTC))
            after = Snapshot(before.revision + 1, moved_on(before.heads, versions))
            _insert(connection, before, after, versions)
            return after

    def _is_no_file(self) -> bool:
        """Tell whether a SQLite file is still to be made: looking at a store makes none."""
        file = sqlite_file(self.engine.url)
        try:
            return file is not None and not file.exists()
        except OSError as error:
            raise UnusableStore(f"{shown(self.engine.url)}: the store cannot be used ({error.strerror})") from error

    def _make_folder(self) -> None:
        file = sqlite_file(self.engine.url)
        try:
            if file is not None:
                file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = f"no folder can be made for the store ({error.strerror})"
            raise UnusableStore(f"{shown(self.engine.url)}: {why}") from error

    def _is_made(self, connection: Connection) -> bool:
        """Tell whether the tables are there. Raises UnusableStore where they are of another schema."""
        if not inspect(connection).has_table(SCHEMAS.name):
            return False
        schema = connection.scalar(select(SCHEMAS.c.version_num))
        if schema != SCHEMA:
            mend = "use the version of croupier that wrote it, or a newer one"
            why = f'it has the schema "{schema}", and this croupier knows "{SCHEMA}"'
            raise UnusableStore(f"{shown(self.engine.url)}: the store cannot be used ({why}); {mend}")
        return True

    @contextmanager
    def _answering(self) -> Generator[None]:
        """Turn what a database says into what happens next: ask later, or mend the store."""
        try:
            yield
        except _Damaged as error:
            mend = "nothing has changed: bring it back from a copy, or name another store"
            raise UnusableStore(f"{shown(self.engine.url)}: the store is damaged: {error}; {mend}") from error
        except DBAPIError as error:
            why = without_secrets(str(error.orig), self.engine.url)
            message = f"{shown(self.engine.url)}: the store cannot be used ({why})"
            if _is_passing(self.engine, error, why):
                raise Unavailable(f"{message}; nothing has changed, try again") from None
            raise UnusableStore(f"{message}; nothing has changed: mend it, or name another store") from None


@contextmanager
def open_configurations(address: str) -> Generator[SqlConfigurations]:
    """Open the store at `sqlite:///FILE` or `postgresql://…`. Raises UnusableStore for another address."""
    engine = open_engine(store_url(address))
    try:
        yield SqlConfigurations(engine)
    finally:
        engine.dispose()


def _is_passing(engine: Engine, error: DBAPIError, why: str) -> bool:
    """Tell whether the same could go well later: another system was not there, or somebody held the lock too long."""
    if engine.dialect.name == "sqlite":
        return "locked" in why
    return isinstance(error, OperationalError | InterfaceError)


def _migrate(connection: Connection) -> None:
    """Make the tables, in the transaction that this connection is in."""
    # Imported here: reading a store, which every desk does, needs no Alembic.
    from alembic import command  # noqa: PLC0415  # the reason stands above
    from alembic.config import Config  # noqa: PLC0415  # the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, SCHEMA)


def _snapshot(connection: Connection) -> Snapshot:
    """Read revision and heads in one statement: no write comes in between."""
    rows = connection.execute(_everything()).mappings().all()
    if not rows or not isinstance(rows[0]["revision"], int):
        raise _Damaged("it has lost the number of its writes")
    if rows[0]["loose"]:
        raise _Damaged("it has versions that do not fit what it says of their documents")
    heads = {document: _head(document, slots) for document, slots in _by_document(rows).items()}
    return Snapshot(rows[0]["revision"], heads)


def _head(document: str, rows: Sequence[RowMapping]) -> Head:
    """Read what counts of one document. A version that is missing is never a version that does not count."""
    numbered = {row["number"]: _version(row) for row in rows if row["document"] is not None}
    slots: dict[str, Version] = {}
    for slot, status in _SLOTS.items():
        number = rows[0][f"head_{slot}"]
        if number is None:
            continue
        found = numbered.get(number)
        if found is None or found.status is not status:
            raise _Damaged(f'of "{document}", version {number} is not there as {status.value}')
        slots[slot] = found
    if not slots.keys() & {"live", "draft"}:
        raise _Damaged(f'of "{document}" no version counts')
    return Head(**slots, last=rows[0]["head_last"])


def _everything() -> Select[tuple[object, ...]]:
    counts = or_(*(VERSIONS.c.number == HEADS.c[slot] for slot in _SLOTS))
    slots = [HEADS.c[slot].label(f"head_{slot}") for slot in ("document", *_SLOTS, "last")]
    of_heads = and_(VERSIONS.c.document == HEADS.c.document, counts)
    joined = REVISION.outerjoin(HEADS, true()).outerjoin(VERSIONS, of_heads)
    columns = (REVISION.c.revision, _loose().label("loose"), *slots, VERSIONS)
    return select(*columns).select_from(joined).order_by(HEADS.c.document)


def _loose() -> ScalarSelect[int]:
    """Count the documents whose versions are not those from 1 to the last one of their head."""
    last, count = func.max(VERSIONS.c.number), func.count()
    histories = select(VERSIONS.c.document, last.label("last"), count.label("count")).group_by(VERSIONS.c.document)
    of = histories.subquery("histories")
    heads = HEADS.alias("their_heads")
    fits = and_(heads.c.document == of.c.document, heads.c.last == of.c.last, heads.c.last == of.c.count)
    rest = of.outerjoin(heads, fits)
    return select(func.count()).select_from(rest).where(heads.c.document.is_(None)).scalar_subquery()


def _by_document(rows: Iterable[RowMapping]) -> dict[str, list[RowMapping]]:
    found: dict[str, list[RowMapping]] = {}
    for row in rows:
        if row["head_document"] is not None:  # a store without documents is one row of its revision
            found.setdefault(row["head_document"], []).append(row)
    return found


def _insert(connection: Connection, before: Snapshot, after: Snapshot, versions: Sequence[Version]) -> None:
    if versions:
        rows = [{**asdict(one), "at": one.at.isoformat()} for one in versions]
        connection.execute(insert(VERSIONS), rows)
    for document in dict.fromkeys(version.document for version in versions):
        row = _row(after.heads[document])
        if document in before.heads:
            connection.execute(update(HEADS).where(HEADS.c.document == document).values(row))
        else:
            connection.execute(insert(HEADS).values(document=document, **row))
    connection.execute(update(REVISION).values(revision=after.revision))


def _row(head: Head) -> dict[str, int | None]:
    slots = {"live": head.live, "draft": head.draft, "archived": head.archived}
    return {name: None if slot is None else slot.number for name, slot in slots.items()} | {"last": head.last}


def _version(row: RowMapping) -> Version:
    """Read a version; SQLite keeps whatever somebody else wrote there, of any type."""
    which = f'version {row["number"]} of "{row["document"]}"'
    if not all(isinstance(row[name], str) for name in _TEXTS):
        raise _Damaged(f"{which} is not text")
    try:
        act, status, at = Act(row["act"]), ConfigurationStatus(row["status"]), datetime.fromisoformat(row["at"])
    except ValueError:
        raise _Damaged(f"{which} has an act, a status or a time that means nothing") from None
    if at.tzinfo is None:
        raise _Damaged(f"{which} has a time without its offset")
    return Version(
        document=row["document"],
        number=row["number"],
        act=act,
        status=status,
        hash=row["hash"],
        text=row["text"],
        fields=row["fields"],
        author=row["author"],
        reason=row["reason"],
        at=at,
    )
