"""What a configuration used to be: its versions as configurations, and the parts that were taken out on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.bonus.store import read_version, stored_catalogue
from casino.bonus.configuration import Configuration, ConfigurationStatus
from casino.bonus.files.version_changes import Change, changes, parts_dropped, told_as_beside
from casino.fields.catalogue import Catalogue
from casino.loaded import DocumentError
from tools.bonus_store import FIELDS, ConfigurationStore, Head, Version


@dataclass(frozen=True, slots=True)
class Dropped:
    """A condition or tier that was taken out: the last version that had it, and the one that had it no more."""

    where: str
    text: str
    last: Version
    gone: Version


@dataclass(frozen=True, slots=True)
class Past:
    """A version with what it meant when it was written; None where that can no longer be read."""

    version: Version
    configuration: Configuration | None


def read_past(store: ConfigurationStore, id_: str) -> tuple[Past, ...]:
    """Return every version of a configuration, oldest first, each read under the field catalogue of its time."""
    catalogues: dict[int | None, Catalogue] = {None: stored_catalogue(None)}
    catalogues |= {one.number: stored_catalogue(one) for one in store.history(FIELDS)}
    return tuple(Past(version, _read(version, catalogues)) for version in store.history(id_))


def changes_of(past: Sequence[Past]) -> Mapping[int, tuple[Change, ...]]:
    """Return what each version changed, by number; the first one, and what cannot be read, changed nothing."""
    found: dict[int, tuple[Change, ...]] = {}
    before: Past | None = None
    for one in past:
        found[one.version.number] = _changes(before, one)
        before = before if one.configuration is None else one
    return found


def _changes(before: Past | None, after: Past) -> tuple[Change, ...]:
    if before is None or before.configuration is None or after.configuration is None:
        return ()
    found = changes(before.configuration, after.configuration)
    statuses = (before.configuration.status, after.configuration.status)
    if statuses == (ConfigurationStatus.PUBLISHED, ConfigurationStatus.DRAFT):
        return told_as_beside(found, before.version.number)
    return found


def dropped_parts(past: Sequence[Past], head: Head) -> tuple[Dropped, ...]:
    """Return what was taken out one by one. It is not in what counts, and `restore` does not bring it back."""
    read = [(one.version, one.configuration) for one in past if one.configuration is not None]
    counting = {slot.number for slot in (head.live, head.draft) if slot is not None}
    kept = [configuration for version, configuration in read if version.number in counting]
    found = parts_dropped([configuration for _, configuration in read], kept=kept)
    return tuple(Dropped(one.where, one.text, read[one.index][0], read[one.index + 1][0]) for one in found)


def _read(version: Version, catalogues: Mapping[int | None, Catalogue]) -> Configuration | None:
    try:
        return read_version(version, catalogues[version.fields])
    except DocumentError:
        return None
