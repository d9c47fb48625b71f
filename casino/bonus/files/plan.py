"""What would change in a store of configurations, before anything is written: pure, from both sides as values.

A store holds of each configuration at most two versions that count: the published one, which decides, and a draft
beside it, which does not. A file says which of the two it is:

- `status: published`: it becomes the published one, and a draft beside it is dropped;
- `status: draft`: it becomes the draft; a draft that says the same as the published one is no change, because
  `publish` has been ahead of the file;
- `status: archived`: it is taken out, as `--prune` does with what has no file.

What is archived comes back through `restore` alone, so a file with its id is refused.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus
from casino.bonus.files.version_changes import Change, changes, told_as_beside


class Kind(StrEnum):
    """What happens to one configuration."""

    CREATED = "created"
    CHANGED = "changed"
    ARCHIVED = "archived"
    UNCHANGED = "unchanged"


class Refused(ValueError):  # noqa: N818  # named by what happens next
    """The files and the store cannot stand together: which configuration, at which key, why, and how to mend it."""

    def __init__(self, configuration: str, key: str, message: str, *, mend: str) -> None:
        super().__init__(f"{configuration}: {message}. {mend}")
        self.configuration = configuration
        self.key = key
        self.message = message
        self.mend = mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a store holds of one id: the published version, the draft, and whether both are archived."""

    live: Configuration | None = None
    draft: Configuration | None = None
    archived: bool = False
    live_version: int | None = None  # the number of the published version, where the store counts them

    @property
    def slots(self) -> tuple[Configuration, ...]:
        """Return what counts, the published version first."""
        return tuple(one for one in (self.live, self.draft) if one is not None)

    @property
    def current(self) -> Configuration:
        """Return the newest of the two."""
        return self.slots[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What happens to one configuration; each of `writes` becomes a version, and its status says of which kind.

    What is archived goes with the text that the store has of it: nobody reads or writes it anew.
    """

    id: str
    kind: Kind
    changes: tuple[Change, ...] = ()
    writes: tuple[Configuration, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All that would happen, by id, and what would count afterwards."""

    items: tuple[Planned, ...]
    result: tuple[Configuration, ...]  # every published version and draft that is left

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing would change."""
        return all(item.kind is Kind.UNCHANGED for item in self.items)


def plan(
    held: Mapping[str, Held],
    files: ConfigurationSet,
    *,
    prune: bool = False,
    standing: Mapping[str, Held] | None = None,
) -> Plan:
    """Compare files with a store. Raises Refused for a tie of priorities in the result and for an archived id.

    `standing` is what stays of the same store as it reads under a new field catalogue: a computed field that changes
    there changes every configuration that reads it. What goes or is replaced need not be in it.
    """
    wanted = {one.id: one for one in files.configurations}
    now = held if standing is None else standing
    items: list[Planned] = []
    result: list[Configuration] = []
    for id_ in sorted({*held, *wanted}):
        before = held.get(id_, Held())
        after = _target(before, now.get(id_, before), wanted.get(id_), prune=prune)
        items.append(_planned(id_, before, after))
        result += () if after.archived else after.slots
    touched = {item.id for item in items if item.kind is not Kind.UNCHANGED}
    check_ties(result, first=touched)
    return Plan(tuple(items), tuple(result))


def check_ties(configurations: Sequence[Configuration], *, first: frozenset[str] | set[str]) -> None:
    """Raise Refused where two ids have one priority and a brand has both; of the two one of `first` is named."""
    by_priority: defaultdict[int, list[Configuration]] = defaultdict(list)
    for one in configurations:
        by_priority[one.priority].append(one)
    for same in by_priority.values():
        for one, other in combinations(same, 2):
            if one.id != other.id and one.shares_a_brand_with(other):
                named, beside = (one, other) if one.id in first else (other, one)
                message = f'the priority {named.priority} is that of "{beside.id}" ({beside.status}) in the store too'
                mend = "A brand has both; choose another number: the higher one is tried first."
                raise Refused(named.id, "priority", message, mend=mend)


def _target(before: Held, standing: Held, wanted: Configuration | None, *, prune: bool) -> Held:
    """Return what the store should hold of one id."""
    goes = prune if wanted is None else wanted.status is ConfigurationStatus.ARCHIVED
    if goes or (wanted is None and before.archived):
        return replace(before, archived=True)
    if wanted is None:
        return standing
    if before.archived:
        mend = f'Bring it back with "croupier bonus restore {wanted.id}", or give the new one an id of its own.'
        raise Refused(wanted.id, "id", f'"{wanted.id}" is archived in the store', mend=mend)
    if wanted.status is ConfigurationStatus.PUBLISHED:
        return Held(live=wanted)
    ahead = standing.draft is None and standing.live is not None and standing.live.hash == wanted.hash
    return Held(live=standing.live, draft=None if ahead else wanted)


def _planned(id_: str, before: Held, after: Held) -> Planned:
    if after.archived:
        if before.archived or not before.slots:
            return Planned(id=id_, kind=Kind.UNCHANGED)
        gone = replace(before.current, status=ConfigurationStatus.ARCHIVED)
        return Planned(id=id_, kind=Kind.ARCHIVED, writes=(gone,))
    writes = _writes(before, after)
    if not before.slots:
        return Planned(id=id_, kind=Kind.CREATED, writes=writes)
    found = tuple(one for new in writes for one in _since(before, new, labelled=len(writes) > 1))
    if before.live is not None and after.draft is None and _differs(after.live, before.draft):
        found = (*found, Change("the draft beside the published version", "dropped", None))
    return Planned(id=id_, kind=Kind.CHANGED if writes else Kind.UNCHANGED, changes=found, writes=writes)


def _writes(before: Held, after: Held) -> tuple[Configuration, ...]:
    """Return the new versions. The published one comes first: publishing drops the draft beside it."""
    drops = before.draft is not None and after.draft is None
    live = after.live if _differs(before.live, after.live) or drops else None
    draft = after.draft if _differs(before.draft, after.draft) or live is not None else None
    return tuple(one for one in (live, draft) if one is not None)


def _differs(old: Configuration | None, new: Configuration | None) -> bool:
    return new is not None and (old is None or old.hash != new.hash)


def _since(before: Held, new: Configuration, *, labelled: bool) -> tuple[Change, ...]:
    """Compare a new version with the one that it follows: what is published with what is published, if there is."""
    published = new.status is ConfigurationStatus.PUBLISHED
    old = (before.live if published else before.draft) or before.current
    found = changes(old, new)
    if not published and old is before.live:
        found = told_as_beside(found, before.live_version)
    return tuple(replace(one, where=f"{new.status}, {one.where}") for one in found) if labelled else found
