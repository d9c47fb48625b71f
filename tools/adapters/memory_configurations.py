"""The store of configurations in memory: the same contract, for trying things out and for tests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from tools.bonus_store import New, Snapshot, Version, added, moved_on, plan_again


@dataclass(slots=True)
class MemoryConfigurations:
    """Everything that `SqlConfigurations` keeps, kept in a list."""

    versions: list[Version] = field(default_factory=list[Version])
    snapshot: Snapshot = field(default_factory=Snapshot)
    lock: Lock = field(default_factory=Lock, repr=False)

    def read(self) -> Snapshot:
        """Return what counts now."""
        return self.snapshot

    def history(self, document: str) -> Sequence[Version]:
        """Return every version of a document, oldest first."""
        return [version for version in self.versions if version.document == document]

    def write(self, news: Sequence[New], *, author: str, reason: str, at: datetime, expected: int) -> Snapshot:
        """Add versions, all of them or none."""
        with self.lock:
            before = self.snapshot
            if before.revision != expected:
                raise plan_again(expected, before.revision)
            versions = added(before.heads, news, author=author, reason=reason, at=at)
            self.snapshot = Snapshot(before.revision + 1, moved_on(before.heads, versions))
            self.versions += versions
            return self.snapshot
