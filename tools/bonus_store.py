"""The store of configurations as a port: versions that are only ever added, and what of them counts now.

Whatever is done (apply, publish, archive, restore) adds versions; nothing is changed and nothing is deleted. The
status of a version says what it does to its document:

- `published`: it decides from now on; a draft beside it is dropped;
- `draft`: it stands beside the published version, or alone;
- `archived`: the document is out; a later version of another status brings it back, the rest as it was.

The field catalogue is a document of its own, `fields.yaml`, a name that no configuration can have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from casino.bonus.configuration import ConfigurationStatus

FIELDS: Final = "fields.yaml"  # the document that is the field catalogue


class PlanAgain(Exception):  # noqa: N818  # named by what happens next
    """Somebody else wrote to the store since it was read, so nothing was written: read it and plan again."""


class Act(StrEnum):
    """What somebody did to a document."""

    APPLIED = "applied"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A version to be added; `text` is a YAML document in the house form, `hash` the sha256 of what it means."""

    document: str  # the id of a configuration, or FIELDS
    act: Act
    status: ConfigurationStatus
    hash: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version as it was added. Numbers count from 1 in each document."""

    document: str
    number: int
    act: Act
    status: ConfigurationStatus
    hash: str
    text: str
    fields: int | None  # the version of the field catalogue under which it was read; None: there was none
    author: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What counts of one document now. While it is archived, `live` and `draft` say what would come back."""

    live: Version | None = None
    draft: Version | None = None
    archived: Version | None = None
    last: int = 0  # the highest number so far

    @property
    def current(self) -> Version:
        """Return the newest of what counts, or would if it came back. Raises LookupError where nothing was added."""
        for version in (self.draft, self.live):
            if version is not None:
                return version
        raise LookupError("no version was ever added")

    def after(self, version: Version) -> "Head":
        """Return what counts once a version is added."""
        match version.status:
            case ConfigurationStatus.PUBLISHED:
                return Head(live=version, last=version.number)
            case ConfigurationStatus.DRAFT:
                return Head(live=self.live, draft=version, last=version.number)
            case ConfigurationStatus.ARCHIVED:
                return replace(self, archived=version, last=version.number)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole store at one moment; `revision` counts the writes so far."""

    revision: int = 0
    heads: Mapping[str, Head] = field(default_factory=dict[str, Head])

    @property
    def fields(self) -> Version | None:
        """Return the field catalogue; None where there is none, or it is archived."""
        head = self.heads.get(FIELDS, Head())
        return None if head.archived is not None else head.live

    @property
    def configurations(self) -> Mapping[str, Head]:
        """Return everything but the field catalogue."""
        return {document: head for document, head in self.heads.items() if document != FIELDS}


class ConfigurationStore(Protocol):
    """Where configurations are kept.

    Every method may raise UnusableStore, and where the store is another system tools.ports.Unavailable.
    """

    def read(self) -> Snapshot:
        """Return what counts now, read at one moment. A store that nobody has written to is empty."""
        ...

    def history(self, document: str) -> Sequence[Version]:
        """Return every version of a document, oldest first; none where there is no such document."""
        ...

    def write(self, news: Sequence[New], *, author: str, reason: str, at: datetime, expected: int) -> Snapshot:
        """Add versions in this order, all of them or none, and return the store as it is afterwards.

        Raises PlanAgain where the revision is no longer `expected`. `at` is aware.
        """
        ...


def added(
    heads: Mapping[str, Head], news: Sequence[New], *, author: str, reason: str, at: datetime
) -> tuple[Version, ...]:
    """Return the versions that a write adds, numbered; a new field catalogue counts for those that follow it."""
    last = {document: head.last for document, head in heads.items()}
    catalogue = Snapshot(0, heads).fields
    fields = None if catalogue is None else catalogue.number
    versions: list[Version] = []
    for new in news:
        last[new.document] = number = last.get(new.document, 0) + 1
        if new.document == FIELDS:
            fields = None if new.status is ConfigurationStatus.ARCHIVED else number
        version = Version(
            document=new.document,
            number=number,
            act=new.act,
            status=new.status,
            hash=new.hash,
            text=new.text,
            fields=None if new.document == FIELDS else fields,
            author=author,
            reason=reason,
            at=at,
        )
        versions.append(version)
    return tuple(versions)


def moved_on(heads: Mapping[str, Head], versions: Sequence[Version]) -> dict[str, Head]:
    """Return what counts once versions are added."""
    after = dict(heads)
    for version in versions:
        after[version.document] = after.get(version.document, Head()).after(version)
    return after


def plan_again(expected: int, found: int) -> PlanAgain:
    """Return the refusal of a write that was planned on an older revision."""
    return PlanAgain(f"somebody else wrote to the store since it was read (revision {expected}, now {found})")
