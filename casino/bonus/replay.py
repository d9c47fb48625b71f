"""A decision made again from its record: the same one, trace and all, byte for byte, or a refusal that says why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from casino.bonus.compiled.in_force import InForce
from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus
from casino.bonus.decide import Case, Decision, decide_case
from casino.bonus.law.jurisdictions import NO_PACKS, Packs
from casino.bonus.snapshot import Snapshot
from casino.document import canonical_json
from casino.rules.evaluate import SEMANTICS
from casino.safety import LOWEST_LEGAL_AGE
from casino.values import Document


class NotReplayable(ValueError):  # noqa: N818  # named by what is wrong with the record
    """The decision cannot be made again from this record with what is at hand; the message says why."""


def replay(record: Document, configurations: ConfigurationSet, packs: Packs = NO_PACKS) -> Decision:
    """Make a recorded decision again. `record` is a lean or a full one, as written or as read back from JSON.

    `configurations` must hold every configuration that was in force then, by id and hash, whatever its status is now;
    `packs` must be those that were used. Raises NotReplayable where something is not there or was changed since.

    A record holds no seal of its own: with another brand or another moment that gives the same decision it replays as
    well. That nobody wrote into it is for the audit log to show, which chains the hashes of its entries.
    """
    if record.get("semantics") != SEMANTICS:
        made = f"the record was made under version {record.get('semantics')} of the semantics"
        raise NotReplayable(f"{made}, and this is version {SEMANTICS}. Replay it with the release that made it.")
    try:
        return _replayed(record, configurations, packs)
    except OverflowError as error:  # a moment at an end of the calendar has no casino day
        raise _broken("now") from error


def _replayed(record: Document, configurations: ConfigurationSet, packs: Packs) -> Decision:
    brand, now = _text(record, "brand"), _moment(record)
    in_force = _in_force(record, configurations)
    _check_counted(in_force.configurations, brand=brand, now=now)
    if record.get("packs") != in_force.packs_hash(packs):
        raise NotReplayable("the jurisdiction packs are not those of the record. Give those that were in use then.")
    case = Case(
        in_force=in_force,
        brand=brand,
        now=now,
        legal_age=_legal_age(record),
        packs=packs,
    )
    decision = decide_case(case, _snapshot(record).facts())
    _check(record, decision)
    return decision


def _check_counted(tried: Sequence[Configuration], *, brand: str, now: datetime) -> None:
    """Refuse configurations that cannot have been tried together; their status then is not asked of them now."""
    for one in tried:
        if not replace(one, status=ConfigurationStatus.PUBLISHED).is_in_force(brand=brand, now=now):
            raise NotReplayable(f'"{one.id}" did not count for the brand "{brand}" at that moment. {_CHANGED}')
    order = [(-one.priority, one.id) for one in tried]
    if order != sorted(order):
        raise NotReplayable(f"the configurations do not stand in the order of their priorities. {_CHANGED}")


_CHANGED: Final = "The record was changed, or it was not made by this engine."


def _check(record: Document, decision: Decision) -> None:
    """Refuse a record of which any part differs from what it was decided on."""
    again = decision.record() if "trace" in record else decision.lean_record()
    for key in sorted({*again, *record}):
        if key not in record:
            raise _broken(key)
        if key not in again:
            raise NotReplayable(f'no record has a "{key}". {_CHANGED}')
    for key, value in again.items():
        if canonical_json(record[key]) != canonical_json(value):
            raise NotReplayable(f'what the record was decided on gives another "{key}" than it says. {_CHANGED}')


@dataclass(frozen=True, slots=True)
class _Known:
    """The configurations of a set by id and hash."""

    by_hash: Mapping[tuple[str, str], Configuration]


def _in_force(record: Document, configurations: ConfigurationSet) -> InForce:
    known = configurations.kept.once(_Known, "by hash", lambda: _by_hash(configurations)).by_hash
    wanted = tuple(_wanted(record))
    for name, digest in wanted:
        if (name, digest) not in known:
            what = f'the configuration "{name}" with the hash {digest}'
            raise NotReplayable(f"{what} was in force, and is not at hand. Give the version that was decided on.")
    whole = _text(record, "set")
    tried = tuple(known[one] for one in wanted)
    return configurations.kept.once(InForce, (whole, wanted), lambda: InForce(tried, configurations, whole))


def _by_hash(configurations: ConfigurationSet) -> _Known:
    return _Known(MappingProxyType({(one.id, one.hash): one for one in configurations.configurations}))


def _wanted(record: Document) -> list[tuple[str, str]]:
    listed = record.get("in_force")
    if not isinstance(listed, list):
        raise _broken("in_force")
    wanted: list[tuple[str, str]] = []
    for entry in listed:
        if not isinstance(entry, dict):
            raise _broken("in_force")
        wanted.append((_text(entry, "id"), _text(entry, "hash")))
    return wanted


def _snapshot(record: Document) -> Snapshot:
    read = record.get("read")
    if not isinstance(read, dict):
        raise _broken("read")
    values, unavailable = read.get("values"), read.get("unavailable")
    if not isinstance(values, dict) or not isinstance(unavailable, list):
        raise _broken("read")
    return Snapshot(MappingProxyType(values), tuple(path for path in unavailable if isinstance(path, str)))


def _text(record: Document, key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise _broken(key)
    return value


def _legal_age(record: Document) -> int:
    value = record.get("legal_age")
    if isinstance(value, bool) or not isinstance(value, int) or value < LOWEST_LEGAL_AGE:
        raise _broken("legal_age")
    return value


def _moment(record: Document) -> datetime:
    try:
        now = datetime.fromisoformat(_text(record, "now"))
    except ValueError as error:
        raise _broken("now") from error
    if now.tzinfo is None:
        raise _broken("now")
    return now


def _broken(key: str) -> NotReplayable:
    return NotReplayable(f'the record has no readable "{key}". Only what `lean_record` or `record` wrote is replayed.')
