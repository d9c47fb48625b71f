"""Wiring of the configuration store: its address, what it holds as configurations, and what a desk decides by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from agent.bonus.files import (
    Bonuses,
    catalogues_of,
    named,
    read_bonus_files,
    read_catalogue,
    read_packs,
    store_address,
)
from agent.settings import Settings
from casino.bonus.configuration import Configuration, ConfigurationSet, parse_configuration
from casino.bonus.files.plan import Held
from casino.document import load_yaml
from casino.fields.catalogue import Catalogue, parse_catalogue
from casino.loaded import DocumentError, Loaded
from tools.bonus_store import FIELDS, ConfigurationStore, Head, Snapshot, Version
from tools.ports import UnusableStore

SCHEMES = ("sqlite:", "sqlite+", "postgres:", "postgresql:", "postgresql+")


def own_store(data: Path) -> str:
    """Return the address of the store that lies with a desk's data."""
    return f"sqlite:///{data / 'bonuses.sqlite'}"


def is_address(text: str) -> bool:
    """Tell the address of a store from a folder."""
    return text.startswith(SCHEMES)


def open_store(address: str) -> AbstractContextManager[ConfigurationStore]:
    """Open the store at an address. Raises UnusableStore for what is none; its methods say what they raise."""
    from tools.adapters.configuration_store import open_configurations  # noqa: PLC0415  # half a second of SQLAlchemy

    return open_configurations(address)


@dataclass(frozen=True, slots=True)
class Stock:
    """What a store holds, read under one field catalogue. Of what is archived only that it is."""

    snapshot: Snapshot
    catalogue: Catalogue
    held: Mapping[str, Held]

    @property
    def newest(self) -> ConfigurationSet:
        """Return the newest version of everything that is not archived."""
        return in_order(held.current for held in self.held.values() if not held.archived)

    @property
    def published(self) -> ConfigurationSet:
        """Return what decides; what of it counts for a brand at a moment is its `in_force`."""
        return in_order(held.live for held in self.held.values() if held.live is not None)


def in_order(configurations: Iterable[Configuration]) -> ConfigurationSet:
    """Return a set, by descending priority."""
    return ConfigurationSet(tuple(sorted(configurations, key=lambda one: (-one.priority, one.id))))


def read_stock(snapshot: Snapshot, *, catalogue: Catalogue | None = None) -> Stock:
    """Read what a store holds, under its own field catalogue or under another.

    Raises DocumentError, under its own catalogue also where a version is not what was written once.
    """
    under = _own_catalogue(snapshot.fields) if catalogue is None else catalogue
    read = read_unchanged if catalogue is None else read_version
    held = {id_: _held(head, under, read) for id_, head in snapshot.configurations.items()}
    return Stock(snapshot, under, held)


def stored_catalogue(fields: Version | None) -> Catalogue:
    """Return the field catalogue of a version of it; without one, the fields that every desk has."""
    base = read_catalogue([])
    return base if fields is None else parse_catalogue(loaded(fields), base)


def read_version(version: Version, catalogue: Catalogue) -> Configuration:
    """Read one version as a configuration; raises DocumentError where it means nothing under this catalogue."""
    return parse_configuration(loaded(version), catalogue)


def read_unchanged(version: Version, catalogue: Catalogue) -> Configuration:
    """Read a version under the catalogue it was written under; raises DocumentError where it says another thing now."""
    read = read_version(version, catalogue)
    if (read.id, read.status, read.hash) != (version.document, version.status, version.hash):
        raise _changed_by_hand(version)
    return read


def check_unchanged(store: ConfigurationStore, head: Head) -> None:
    """Make sure that what would come back is what was written, each under the catalogue of its time (DocumentError)."""
    catalogues = {fields.number: fields for fields in store.history(FIELDS)}
    for slot in (head.live, head.draft):
        if slot is not None:
            own = None if slot.fields is None else catalogues.get(slot.fields)
            read_unchanged(slot, _own_catalogue(own))


def _own_catalogue(fields: Version | None) -> Catalogue:
    if fields is not None and sha256(fields.text.encode()).hexdigest() != fields.hash:
        raise _changed_by_hand(fields)
    return stored_catalogue(fields)


def _changed_by_hand(version: Version) -> DocumentError:
    message = "this version does not say what its hash was taken of: the store was changed by hand"
    mend = "Bring the store back from a backup; what is in it is changed by the commands alone."
    return DocumentError(message, name=_name(version), line=None, column=None, mend=mend)


def _name(version: Version) -> str:
    return f"store:{version.document}@{version.number}"


def loaded(version: Version) -> Loaded:
    """Read the document of a version; what is wrong in it is said of the store."""
    return load_yaml(version.text, name=_name(version))


@dataclass(frozen=True, slots=True)
class Files:
    """What authors hold against a store; `has_fields`: one of their files is a field catalogue."""

    bonuses: Bonuses
    has_fields: bool


def read_files(paths: Sequence[Path], snapshot: Snapshot, *, prune: bool, jurisdictions: Path | None = None) -> Files:
    """Read files as they would stand in a store; raises DocumentError.

    Where none of them is a field catalogue they are read under that of the store, unless that is to go with the rest.
    """
    if catalogues_of(paths):
        return Files(read_bonus_files(paths, jurisdictions=jurisdictions), has_fields=True)
    if snapshot.fields is None or prune:
        return Files(read_bonus_files(paths, jurisdictions=jurisdictions), has_fields=False)
    with TemporaryDirectory() as folder:
        catalogue = Path(folder) / FIELDS
        catalogue.write_text(snapshot.fields.text, "utf-8")
        return Files(read_bonus_files(paths, fields=catalogue, jurisdictions=jurisdictions), has_fields=False)


def read_stored(address: str, *, fields: Path | None = None, jurisdictions: Path | None = None) -> Bonuses:
    """Read what a desk decides by: the published configurations of the store at an address.

    `fields` is read over the field catalogue of the store. Raises UnusableStore, Unavailable, and DocumentError where
    the store holds nothing: a desk without bonuses would deny them to everybody.
    """
    with open_store(address) as store:
        snapshot = store.read()
    if not snapshot.configurations:
        mend = 'Fill it with "croupier bonus apply", or name a folder.'
        raise DocumentError("this store holds no configuration", name="store", line=None, column=None, mend=mend)
    stock = read_stock(snapshot)
    if fields is not None:
        stock = read_stock(snapshot, catalogue=read_catalogue([fields], base=stock.catalogue))
    lives = [head.live for head in snapshot.configurations.values() if head.live is not None and head.archived is None]
    documents = {live.document: loaded(live) for live in lives}
    return Bonuses(stock.published, stock.catalogue, read_packs(jurisdictions), documents)


def read_bonuses(paths: Sequence[Path], *, fields: Path | None = None, jurisdictions: Path | None = None) -> Bonuses:
    """Read what is named where a path may stand: files and folders, or the address of one store, alone.

    Of a store it is what is published there. Raises DocumentError with the first thing that is wrong, and Unavailable
    where its database does not answer.
    """
    stores = [address for path in paths if (address := store_address(path)) is not None]
    if not stores:
        return read_bonus_files(paths, fields=fields, jurisdictions=jurisdictions)
    if len(paths) > 1:
        message = "a store cannot be read together with other paths"
        mend = 'Name the store alone, or files alone; "croupier bonus export" writes files.'
        raise DocumentError(message, name=named(Path(stores[0])), line=None, column=None, mend=mend)
    try:
        return read_stored(stores[0], fields=fields, jurisdictions=jurisdictions)
    except UnusableStore as error:
        raise DocumentError(str(error), name="store", line=None, column=None, mend="") from error


def read_desk_bonuses(settings: Settings) -> Bonuses:
    """Read what a desk decides by, from the folder or the store that its settings name; raises what they raise."""
    if isinstance(settings.bonuses, str):
        return read_stored(settings.bonuses, jurisdictions=settings.jurisdictions)
    return read_bonuses([settings.bonuses], jurisdictions=settings.jurisdictions)


def _held(head: Head, catalogue: Catalogue, read: Callable[[Version, Catalogue], Configuration]) -> Held:
    if head.archived is not None:
        return Held(archived=True)
    live = None if head.live is None else read(head.live, catalogue)
    draft = None if head.draft is None else read(head.draft, catalogue)
    return Held(live=live, draft=draft, live_version=None if head.live is None else head.live.number)
